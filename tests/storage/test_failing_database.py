"""A database that does not take the record: a sentence each, and nothing is sent to the portal."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import make_url
from sqlalchemy.exc import OperationalError

from bot.conversation.service import Conversation
from bot.conversation.session import Person
from linkdesk.audit.log import AuditLog, ChangeState
from linkdesk.auth.policy import Face, Role
from linkdesk.errors.base import Changed, Trouble
from linkdesk.errors.codes import linkdesk as own_errors
from linkdesk.errors.codes import plans as plan_errors
from linkdesk.handlers.recovery import MAX_WRITE_TIME
from linkdesk.model.outcome import Done
from linkdesk.plans.model import Plans
from linkdesk.storage.audit_log import StoredAuditLog
from linkdesk.storage.database import Database
from linkdesk.storage.lazy import Lazy
from linkdesk.storage.plans import StoredPlans
from linkdesk.storage.url import DatabaseAddress
from tests.support.databases import fresh_database
from tests.support.desk_requests import link
from tests.support.flaky_network import FlakyNetwork, flaky_connection
from tests.support.sandbox_env import ANNA, NOW, SandboxEnv, open_sandbox_env
from tool_specs.declaration.localized import Language
from tool_specs.recipes.changes_and_plans import ListChanges


@pytest.mark.parametrize(
    ("pragma", "code"),
    [("query_only = ON", "store_read_only"), ("max_page_count = 1", "store_full"), ("", "store_busy")],
)
async def test_a_change_that_cannot_go_on_record_is_not_made(pragma: str, code: str, tmp_path: Path) -> None:
    file = tmp_path / "a.sqlite3"
    other = sqlite3.connect(file, isolation_level=None)
    async with await Database.open(DatabaseAddress.of_file(file), busy_ms=1) as store:
        if pragma:
            assert store._thread is not None  # noqa: SLF001 - the one connection that writes the record
            with store._thread._engine.connect() as connection:  # noqa: SLF001 - the same
                connection.exec_driver_sql(f"PRAGMA {pragma}")
        else:
            other.execute("BEGIN IMMEDIATE")
        async with open_sandbox_env(rate=None, record=StoredAuditLog(store, "sandbox")) as env:
            with pytest.raises(Trouble) as trouble:
                await _link_until_it_fails(env)
            assert (trouble.value.failure.code, trouble.value.changed) == (code, Changed.NO)
            # A full database may have had room for some rows: as many changes were made.
            assert len(await env.written()) == len(await env.deals(14)) - 1
            assert code == "store_full" or await env.written() == []
    other.close()


async def _link_until_it_fails(env: SandboxEnv) -> None:
    for number in (1, 2, 3, 4, 5, 6, 8, 9, 10, 11, 12):
        await env.desk.do(link(14, number), ANNA)


class DriverError(Exception):
    """What a driver of PostgreSQL raises."""

    def __init__(self, sqlstate: str | None) -> None:
        super().__init__("planted")
        self.sqlstate = sqlstate


@pytest.mark.parametrize(
    ("sqlstate", "code"),
    [
        ("25006", "store_read_only"),
        ("42501", "store_read_only"),
        ("53100", "store_full"),
        ("55P03", "store_busy"),
        ("40P01", "store_busy"),
        ("57P01", "store_failed"),
        (None, "store_failed"),
    ],
)
async def test_what_postgresql_answers_is_said_in_words(sqlstate: str | None, code: str) -> None:
    async with await Database.open(DatabaseAddress.memory()) as store:
        with pytest.raises(Trouble) as trouble:
            async with store.transaction():
                raise OperationalError("INSERT planted", {}, DriverError(sqlstate))
    assert (trouble.value.failure.code, trouble.value.changed) == (code, Changed.NO)
    assert "planted" not in trouble.value.what.en


async def test_a_database_of_postgresql_that_became_read_only_takes_no_change(tmp_path: Path) -> None:
    with fresh_database("postgresql", tmp_path) as address:
        async with await Database.open(DatabaseAddress.parse(address)):
            pass
        read_only = DatabaseAddress.parse(f"{address}%20-cdefault_transaction_read_only%3Don")
        async with (
            await Database.open(read_only) as store,
            open_sandbox_env(rate=None, record=StoredAuditLog(store, "sandbox")) as env,
        ):
            with pytest.raises(Trouble) as trouble:
                await env.desk.do(link(14, 1), ANNA)
            assert (trouble.value.failure.code, trouble.value.changed) == ("store_read_only", Changed.NO)
            assert await env.written() == []


async def test_postgresql_that_goes_away_in_the_middle_costs_neither_a_change_nor_the_truth(tmp_path: Path) -> None:
    now = [NOW]
    with fresh_database("postgresql", tmp_path) as address:
        url = make_url(address)
        async with flaky_connection(url.host or "127.0.0.1", url.port or 5432) as cable:
            through = url.set(port=cable.port).render_as_string(hide_password=False)
            async with await Database.open(DatabaseAddress.parse(through)) as store:
                record = StoredAuditLog(store, "sandbox")
                async with open_sandbox_env(rate=None, record=record, now=lambda: now[0]) as env:
                    await _pulled_in_the_middle(cable, env, record, now)


async def _pulled_in_the_middle(
    cable: FlakyNetwork, env: SandboxEnv, record: StoredAuditLog, now: list[datetime]
) -> None:
    begin = record.begin

    async def begun_and_pulled(change: Any) -> None:  # noqa: ANN401 - the record's own
        await begin(change)
        cable.pull()

    record.begin = begun_and_pulled  # type: ignore[method-assign]
    done = await env.desk.do(link(14, 1), ANNA)
    assert isinstance(done, Done)
    assert done.changed
    with pytest.raises(Trouble) as trouble:
        await env.desk.do(link(14, 2), ANNA)
    assert (trouble.value.failure.code, trouble.value.changed) == ("store_failed", Changed.NO)
    assert len(await env.written()) == 1
    cable.pulled = False
    assert [change.state for change in await record.latest(10)] == [ChangeState.BEGUN]
    now[0] += MAX_WRITE_TIME
    await env.desk.do(ListChanges(), ANNA)
    assert [change.state for change in await record.latest(10)] == [ChangeState.DONE]
    assert len(await env.written()) == 1


def _newer(file: Path) -> Callable[[], None]:
    with sqlite3.connect(file) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    return lambda: None


def _locked(file: Path) -> Callable[[], None]:
    connection = sqlite3.connect(file, isolation_level=None)
    connection.execute("BEGIN IMMEDIATE")
    return connection.close


ASKED: dict[Language, tuple[list[str], str]] = {
    "en": (["/link booking 14 deal 2", "/unlink booking 14 all", "yes"], "Nothing was changed."),
    "ru": (["/привязать бронь 14 сделка 2", "/отвязать бронь 14 все", "да"], "Ничего не изменено."),
}


@pytest.mark.parametrize("trouble", [_newer, _locked])
@pytest.mark.parametrize("language", ["en", "ru"])
async def test_whoever_asks_for_a_change_is_told_that_there_was_none(
    trouble: Callable[[Path], Callable[[], None]], language: Language, tmp_path: Path
) -> None:
    asked, unchanged = ASKED[language]
    address = DatabaseAddress.of_file(tmp_path / "a.sqlite3")
    async with await Database.open(address):
        pass
    ended = trouble(tmp_path / "a.sqlite3")
    person = Person(1, 1, "anna", Role.EDITOR, Face.CHAT, chosen=language)

    @asynccontextmanager
    async def opened_store() -> AsyncGenerator[Database]:
        async with await Database.open(address, busy_ms=1) as store:
            yield store

    @asynccontextmanager
    async def opened_record() -> AsyncGenerator[AuditLog]:
        async with opened_store() as store:
            yield StoredAuditLog(store, "sandbox")

    @asynccontextmanager
    async def opened_plans() -> AsyncGenerator[Plans]:
        async with opened_store() as store:
            yield StoredPlans(store, "sandbox")

    async with (
        Lazy[AuditLog](opened_record, own_errors.RECORD_NOT_KEPT) as record,
        Lazy[Plans](opened_plans, plan_errors.NOT_KEPT) as plans,
        open_sandbox_env(rate=None, record=record, plans=plans) as env,
    ):
        talk = Conversation(env.desk)
        for text in asked:
            reply = await talk.say(text, person)
            assert unchanged in reply.text, reply.text
            assert reply.language == language
        assert await env.written() == []
    ended()
