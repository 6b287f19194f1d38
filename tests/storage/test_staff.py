"""The staff, in memory and in every database they may be kept in."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from linkdesk.accounts.staff import INVITATION_LIFETIME, Chat, Invitation, Member, MemoryStaffStore, StaffStore
from linkdesk.auth.policy import Role
from linkdesk.bootstrap.stores import open_staff
from linkdesk.config.settings import Settings
from linkdesk.errors.base import Trouble
from linkdesk.storage.database import Database
from linkdesk.storage.lazy import Lazy
from linkdesk.storage.staff import StoredStaff
from linkdesk.storage.url import DatabaseAddress
from tests.support.databases import KINDS, content_of, fresh_database
from tool_specs.declaration.method import Toolset

KATE, FAR = 1002, 4_503_599_627_370_495
GROUP = -1_001_000_000_007


@dataclass
class StaffEnv:
    """The staff, a clock, and where they are kept."""

    people: StaffStore
    database: str | None
    now: datetime

    def invitation(self, role: Role = Role.EDITOR, name: str = "", made_by: str = "telegram:1001") -> Invitation:
        return Invitation(role=role, name=name, created_by=made_by, expires=self.now + INVITATION_LIFETIME)


@pytest.fixture(params=["memory", *KINDS])
async def env(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[StaffEnv]:
    opened = StaffEnv(MemoryStaffStore(), None, datetime(2026, 11, 20, 9, 0, tzinfo=UTC))
    if request.param == "memory":
        opened.people = MemoryStaffStore(now=lambda: opened.now)
        yield opened
        return
    with fresh_database(request.param, tmp_path / "store") as address:
        async with await Database.open(DatabaseAddress.parse(address)) as store:
            opened.people, opened.database = StoredStaff(store, now=lambda: opened.now), address
            yield opened


async def test_nobody_is_known_until_they_are_let_in(env: StaffEnv) -> None:
    assert await env.people.member(KATE) is None
    assert await env.people.members() == []


async def test_an_invitation_lets_in_one_person_once_with_its_role_and_name(env: StaffEnv) -> None:
    code = await env.people.invite(env.invitation(Role.VIEWER, "Kate"))
    member = await env.people.redeem(code, KATE, "K.")
    assert member is not None
    assert (member.who, member.name, member.role) == ("telegram:1002", "Kate", Role.VIEWER)
    assert (member.let_in_by, member.since) == ("telegram:1001", env.now)
    assert await env.people.member(KATE) == member
    assert await env.people.redeem(code, FAR, "other") is None
    assert await env.people.members() == [member]


async def test_of_many_that_bring_one_code_at_once_one_is_let_in(env: StaffEnv) -> None:
    code = await env.people.invite(env.invitation())
    came = await asyncio.gather(*(env.people.redeem(code, number, "x") for number in range(2001, 2006)))
    assert len([member for member in came if member is not None]) == 1
    assert len(await env.people.members()) == 1


async def test_an_invitation_is_good_for_a_day(env: StaffEnv) -> None:
    late, on_time = [await env.people.invite(env.invitation()) for _ in range(2)]
    env.now += INVITATION_LIFETIME - timedelta(seconds=1)
    assert await env.people.redeem(on_time, KATE, "Kate") is not None
    env.now += timedelta(seconds=1)
    assert await env.people.redeem(late, FAR, "other") is None


async def test_a_code_stands_nowhere_in_the_database(env: StaffEnv) -> None:
    code = await env.people.invite(env.invitation(name="for Kate"))
    if env.database is not None:
        content = content_of(env.database)
        assert b"for Kate" in content
        assert code.encode() not in content


@pytest.mark.parametrize("code", ["", "i-", "i-x", "'; drop table employees; --", "ж" * 500])
async def test_what_is_no_code_lets_nobody_in(env: StaffEnv, code: str) -> None:
    await env.people.invite(env.invitation())
    assert await env.people.redeem(code, KATE, "Kate") is None


async def test_a_role_may_change_and_the_largest_number_of_telegram_fits(env: StaffEnv) -> None:
    member = Member(telegram=FAR, who="telegram:far", name="Жанна", role=Role.EDITOR, since=env.now)
    await env.people.save_member(member)
    await env.people.save_member(replace(member, role=Role.ADMIN))
    assert await env.people.member(FAR) == replace(member, role=Role.ADMIN)


async def test_who_is_removed_takes_their_settings_and_open_invitations_along(env: StaffEnv) -> None:
    first = await env.people.invite(env.invitation(Role.ADMIN))
    admin = await env.people.redeem(first, KATE, "Kate")
    assert admin is not None
    await env.people.save_setting(admin.who, "language", "ru")
    open_one = await env.people.invite(env.invitation(made_by=admin.who))
    assert await env.people.remove_member(KATE) == admin
    assert await env.people.member(KATE) is None
    assert await env.people.remove_member(KATE) is None
    assert await env.people.setting(admin.who, "language") is None
    assert await env.people.redeem(open_one, FAR, "friend") is None


async def test_a_chat_is_allowed_changed_and_allowed_no_longer(env: StaffEnv) -> None:
    assert await env.people.chat(GROUP) is None
    chat = Chat(id=GROUP, title="Salon", allowed_by="telegram:1001")
    await env.people.allow_chat(chat)
    assert await env.people.chat(GROUP) == chat
    limited = replace(chat, toolsets=frozenset({Toolset.LINKS, Toolset.BOOKINGS}))
    await env.people.allow_chat(limited)
    assert await env.people.chat(GROUP) == limited
    assert await env.people.disallow_chat(GROUP)
    assert not await env.people.disallow_chat(GROUP)
    assert await env.people.chat(GROUP) is None


async def test_what_a_person_chose_is_kept_until_they_choose_otherwise(env: StaffEnv) -> None:
    await env.people.save_setting("anna", "language", "ru")
    await env.people.save_setting("anna", "language", "en")
    await env.people.save_setting("kate", "language", "ru")
    assert await env.people.setting("anna", "language") == "en"
    await env.people.save_setting("anna", "language", None)
    assert await env.people.setting("anna", "language") is None
    assert await env.people.setting("kate", "language") == "ru"


async def test_the_store_is_opened_at_the_first_question_and_a_store_that_is_unusable_is_told_of(
    tmp_path: Path,
) -> None:
    file = tmp_path / "folder" / "linkdesk.sqlite3"
    settings = Settings.model_validate({"database": f"sqlite:///{file}"})
    async with open_staff(settings) as people:
        assert isinstance(people, Lazy)
        assert not file.exists()
        await people.save_setting("anna", "language", "ru")
        assert file.exists()
    async with open_staff(settings) as people:
        assert await people.setting("anna", "language") == "ru"
    (tmp_path / "blocked").write_text("no database at all, but a text that is long enough to look at", "utf-8")
    async with open_staff(Settings.model_validate({"database": f"sqlite:///{tmp_path}/blocked"})) as people:
        with pytest.raises(Trouble) as trouble:
            await people.member(KATE)
    assert trouble.value.failure.code == "people_not_kept"
    assert str(tmp_path) in trouble.value.what.ru


async def test_beside_a_sandbox_the_staff_are_kept_in_memory() -> None:
    async with AsyncExitStack() as stack:
        people = await stack.enter_async_context(open_staff(Settings(), sandbox=True))
        assert isinstance(people, MemoryStaffStore)
