"""The record: what stands in it before, during and after a write, on every database it may be kept in."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from linkdesk.audit.log import (
    ID_ALPHABET,
    ID_LENGTH,
    MAX_STATE_BYTES,
    AuditLog,
    Change,
    ChangeState,
    MemoryAuditLog,
    storable_state,
    undone_changes,
)
from linkdesk.auth.policy import Actor, Face
from linkdesk.bootstrap.stores import open_audit_log
from linkdesk.config.settings import Settings
from linkdesk.desk import Desk
from linkdesk.errors.base import Changed, Trouble
from linkdesk.errors.codes import linkdesk as own_errors
from linkdesk.errors.codes.oauth import STORE_FAILED
from linkdesk.model.outcome import Done, RecordDone
from linkdesk.portal.address import WebhookAddress
from linkdesk.portal.client import Portal
from linkdesk.storage.audit_log import open_stored_audit_log
from linkdesk.storage.lazy import Lazy
from linkdesk.storage.url import DatabaseAddress
from server.tools.results import tool_result
from tests.support.databases import fresh_database
from tests.support.desk_requests import link, unlink
from tests.support.sandbox_env import ANNA, CALENDAR, SandboxEnv, open_sandbox_env, virtual_clock
from tool_specs.declaration.localized import Localized
from tool_specs.declaration.method import Method
from tool_specs.methods.activity_binding import AddActivityBinding, MoveActivityBinding
from tool_specs.methods.booking import AddBooking, DeleteBooking
from tool_specs.methods.booking_links import ListBookingLinks
from tool_specs.methods.waitlist import UpdateWaitlistEntry

SET = "booking.v1.booking.externalData.set"
DEAL_1 = {"moduleId": "crm", "entityTypeId": "DEAL", "value": "1"}


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
async def record(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncGenerator[AuditLog]:
    if request.param == "memory":
        yield MemoryAuditLog()
        return
    with fresh_database(request.param, tmp_path / "store") as address:
        async with open_stored_audit_log(DatabaseAddress.parse(address), "https://salon.bitrix24.ru") as opened:
            yield opened


@pytest.fixture
async def env(record: AuditLog) -> AsyncGenerator[SandboxEnv]:
    async with open_sandbox_env(rate=None, record=record) as opened:
        yield opened


async def only(record: AuditLog) -> Change:
    (change,) = await record.latest(10)
    return change


async def test_a_write_is_on_record_with_who_what_before_and_after(env: SandboxEnv, record: AuditLog) -> None:
    before = await env.links(14)
    outcome = await env.desk.do(link(14, 1), ANNA)
    assert isinstance(outcome, Done)
    change = await only(record)
    assert change == await record.get(change.id)
    assert (change.id, change.state) == (outcome.change_id, ChangeState.DONE)
    assert (change.who, change.name, change.face) == ("anna", "anna", Face.CHAT)
    assert change.tool == "set_booking_links"
    assert change.arguments == {"booking_id": 14, "links": [{"type": "deal", "id": 1}], "mode": "add"}
    assert (change.target_type, change.target_id, change.kind) == ("booking", 14, "links")
    assert change.before == before
    assert CALENDAR in change.before
    assert change.planned == change.after == [*before, DEAL_1]
    assert change.started <= (change.finished or change.started)


async def test_the_row_is_there_before_anything_is_sent(env: SandboxEnv, record: AuditLog) -> None:
    seen: list[Change] = []

    class PollingEnv(Portal):
        async def __call__(self, method: Method[Any]) -> Any:  # noqa: ANN401 - the portal's own
            if method.rest == SET:
                seen.append(await only(record))
            return await super().__call__(method)

    address = WebhookAddress.parse(f"http://127.0.0.1{env.sandbox.webhook_path}")
    async with PollingEnv(address, transport=env.sandbox.transport(), **virtual_clock()) as portal:
        await Desk(portal, record=record).do(link(14, 1), ANNA)
    (begun,) = seen
    assert (begun.state, begun.after, begun.finished) == (ChangeState.BEGUN, None, None)
    assert begun.planned[-1] == DEAL_1
    assert await record.unfinished() == []


async def test_what_sends_nothing_is_not_on_record(env: SandboxEnv, record: AuditLog) -> None:
    await env.desk.do(ListBookingLinks(booking_id=14), ANNA)
    outcome = await env.desk.do(link(14, 7), ANNA)
    await env.desk.do(link(14, 2, mode="replace"), ANNA)
    assert isinstance(outcome, Done)
    assert outcome.change_id is None
    assert await record.latest(10) == []


@pytest.mark.parametrize(
    ("kind", "state"),
    [
        ("no_rights", ChangeState.REFUSED),
        ("reset_before", ChangeState.REFUSED),
        ("reset_after_commit", ChangeState.DONE),
    ],
)
async def test_a_write_that_failed_is_on_record_as_what_a_read_showed(
    env: SandboxEnv, record: AuditLog, kind: str, state: ChangeState
) -> None:
    await env.fault(SET, kind)
    with suppress(Trouble):
        await env.desk.do(link(14, 1), ANNA)
    change = await only(record)
    assert change.state is state
    assert (DEAL_1 in await env.links(14)) is (state is ChangeState.DONE)


async def test_a_write_that_broke_half_way_is_on_record_as_partly_done(env: SandboxEnv, record: AuditLog) -> None:
    await env.fault("crm.activity.binding.delete", "no_rights")
    request = MoveActivityBinding.model_validate({"activity_id": 71, "source": "lead:3", "target": "contact:2"})
    with pytest.raises(Trouble):
        await env.desk.do(request, ANNA)
    change = await only(record)
    assert (change.state, change.kind) == (ChangeState.PARTLY, "bindings")
    assert change.after == [{"entityTypeId": 1, "entityId": 3}, {"entityTypeId": 3, "entityId": 2}]


async def test_what_cannot_be_found_out_is_on_record_as_unknown(env: SandboxEnv, record: AuditLog) -> None:
    class ReadsOnce(Portal):
        async def batch(self, methods: Sequence[Method[Any]]) -> list[Any]:
            answers = await super().batch(methods)
            await env.fault("booking.v1.booking.externalData.list", "http_500_html", times=50)
            return answers

    await env.fault(SET, "reset_after_commit")
    address = WebhookAddress.parse(f"http://127.0.0.1{env.sandbox.webhook_path}")
    async with ReadsOnce(address, transport=env.sandbox.transport(), **virtual_clock()) as portal:
        with pytest.raises(Trouble):
            await Desk(portal, record=record).do(link(14, 1), ANNA)
    change = await only(record)
    assert change.state is ChangeState.UNKNOWN
    assert await record.unfinished() == [change]


async def test_records_made_changed_and_deleted_are_on_record(env: SandboxEnv, record: AuditLog) -> None:
    times = {"resource_ids": [1], "date_from": "2026-11-23 12:00", "date_to": "2026-11-23 13:00"}
    made = await env.desk.do(AddBooking.model_validate(times), ANNA)
    assert isinstance(made, RecordDone)
    booking_id = made.target.id or 0
    waiting: Any = await env.desk.do(DeleteBooking(booking_id=booking_id), ANNA)
    await env.desk.do(DeleteBooking(booking_id=booking_id), ANNA, agreed=waiting.plan)
    await env.desk.do(UpdateWaitlistEntry(waitlist_id=4, note="call"), ANNA)
    noted, deleted, added = await record.latest(10)
    assert (added.tool, added.target_id, added.before) == ("add_booking", booking_id, None)
    assert added.after["date_from"] == "2026-11-23T12:00+03:00"
    assert (deleted.after, deleted.planned, deleted.destroys) == (None, None, True)
    assert deleted.before == added.after
    assert (noted.target_type, noted.after["note"]) == ("waitlist", "call")


async def test_side_effects_stand_in_the_record_in_both_languages(env: SandboxEnv, record: AuditLog) -> None:
    await env.desk.do(link(16, 1), ANNA)
    change = await only(record)
    assert change.also == (
        Localized(en="Bitrix24 also added as client: contact 1.", ru="Битрикс24 также добавил в клиенты: контакт 1."),
    )


async def test_a_change_has_a_short_id_that_a_model_is_told(env: SandboxEnv) -> None:
    outcomes = [await env.desk.do(link(16, number), ANNA) for number in (1, 2)]
    ids = {json.loads(tool_result(outcome).content[0].text)["change_id"] for outcome in outcomes}  # type: ignore[union-attr]
    assert len(ids) == 2
    assert all(len(change_id) == ID_LENGTH and set(change_id) <= set(ID_ALPHABET) for change_id in ids)


async def test_changes_are_found_by_who_made_them_newest_first(env: SandboxEnv, record: AuditLog) -> None:
    boris = Actor("1002 Boris", Face.TELEGRAM, employee="telegram:1002")
    await env.desk.do(link(16, 1), ANNA)
    await env.desk.do(link(16, 2), boris)
    await env.desk.do(unlink(16, 1), ANNA)
    assert [change.tool for change in await record.latest(10, who="anna")] == [
        "unset_booking_links",
        "set_booking_links",
    ]
    assert [change.name for change in await record.latest(10, who="telegram:1002")] == ["1002 Boris"]
    assert len(await record.latest(2)) == 2
    assert await record.get("0000000000") is None


async def test_a_caller_who_goes_away_leaves_no_open_row(env: SandboxEnv, record: AuditLog) -> None:
    await env.desk.do(link(14, 2), ANNA)
    task = asyncio.create_task(env.desk.do(link(14, 1), ANNA))
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    await env.desk.finish()
    assert [change.state for change in await record.latest(10)] == [ChangeState.DONE, ChangeState.DONE]
    assert await env.deals(14) == [7, 2, 1]


class Failing(MemoryAuditLog):
    """A record that stops working."""

    def __init__(self, *, begins: bool) -> None:
        super().__init__()
        self.begins = begins

    async def begin(self, change: Change, /) -> None:
        if not self.begins:
            raise Trouble(STORE_FAILED)
        await super().begin(change)

    async def close(self, _change: Change, /) -> None:
        raise Trouble(STORE_FAILED)


async def test_what_cannot_be_put_on_record_is_not_sent() -> None:
    async with open_sandbox_env(rate=None, record=Failing(begins=False)) as env:
        with pytest.raises(Trouble) as trouble:
            await env.desk.do(link(14, 1), ANNA)
        assert (trouble.value.failure.code, trouble.value.changed) == ("store_failed", Changed.NO)
        assert await env.written() == []


async def test_a_write_that_was_done_is_told_although_its_row_cannot_be_closed() -> None:
    record = Failing(begins=True)
    async with open_sandbox_env(rate=None, record=record) as env:
        outcome = await env.desk.do(link(14, 1), ANNA)
    assert isinstance(outcome, Done)
    assert outcome.changed
    assert [change.id for change in await record.unfinished()] == [outcome.change_id]


async def test_the_store_is_opened_at_the_first_write_and_not_before() -> None:
    opened: list[MemoryAuditLog] = []

    @asynccontextmanager
    async def opening() -> AsyncGenerator[AuditLog]:
        opened.append(MemoryAuditLog())
        yield opened[-1]

    async with (
        Lazy[AuditLog](opening, own_errors.RECORD_NOT_KEPT) as late,
        open_sandbox_env(rate=None, record=late) as env,
    ):
        await env.desk.do(ListBookingLinks(booking_id=14), ANNA)
        assert opened == []
        await env.desk.do(AddActivityBinding.model_validate({"activity_id": 999, "target": "deal:1"}), ANNA)
        await env.desk.do(link(14, 1), ANNA)
        assert len(await opened[0].latest(10)) == 2
    assert len(opened) == 1


async def test_a_store_that_cannot_be_opened_is_said_in_a_sentence_and_nothing_is_changed(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    settings = Settings().model_copy(update={"database": SecretStr(f"sqlite:///{tmp_path}/file/a.sqlite3")})
    async with open_audit_log(settings, sandbox=True) as late, open_sandbox_env(rate=None, record=late) as env:
        with pytest.raises(Trouble) as trouble:
            await env.desk.do(link(14, 1), ANNA)
        assert (trouble.value.failure.code, trouble.value.changed) == ("record_not_kept", Changed.NO)
        assert "is unavailable" in trouble.value.what.en
        assert await env.written() == []


async def test_the_sandbox_keeps_its_record_in_memory_unless_a_database_is_set(tmp_path: Path) -> None:
    async with open_audit_log(Settings(), sandbox=True) as record:
        assert isinstance(record, MemoryAuditLog)
    database = f"sqlite:///{tmp_path}/a.sqlite3"
    settings = Settings().model_copy(update={"database": SecretStr(database)})
    async with open_audit_log(settings, sandbox=True) as kept_record:
        assert await kept_record.latest(1) == []
    assert (tmp_path / "a.sqlite3").exists()


async def test_portals_that_share_a_database_do_not_see_each_others_changes(tmp_path: Path) -> None:
    address = DatabaseAddress.parse(f"sqlite:///{tmp_path}/a.sqlite3")
    async with (
        open_stored_audit_log(address, "https://one") as one,
        open_stored_audit_log(address, "https://two") as two,
    ):
        async with open_sandbox_env(rate=None, record=one) as env:
            await env.desk.do(link(14, 1), ANNA)
        change = await only(one)
        assert await two.latest(10) == []
        assert await two.get(change.id) is None
        await two.close(replace(change, state=ChangeState.UNKNOWN))
        assert await one.get(change.id) == change


def test_a_state_that_is_too_large_is_not_kept() -> None:
    assert storable_state(["a"]) == ["a"]
    assert storable_state(["a" * MAX_STATE_BYTES]) is None


async def test_an_undoing_that_was_undone_leaves_the_change_as_it_was(env: SandboxEnv, record: AuditLog) -> None:
    await env.desk.do(link(14, 1), ANNA)
    first = await only(record)
    second = replace(first, id="b", undoes=first.id)
    third = replace(first, id="c", undoes="b")
    assert undone_changes([first], [second]) == {first.id}
    assert undone_changes([first, second], [second, third]) == {"b"}
    assert undone_changes([first], [replace(second, state=ChangeState.REFUSED)]) == set()
