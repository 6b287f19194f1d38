"""A process that is killed half way: the record comes back to the truth, and nothing is sent a second time."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from linkdesk.audit.log import AuditLog, Change, ChangeState, MemoryAuditLog
from linkdesk.desk import Desk, utc_now
from linkdesk.errors.base import Trouble
from linkdesk.handlers.recovery import MAX_CALL_TIME, MAX_WRITE_TIME, RETRY_INTERVAL
from linkdesk.model.outcome import Done, RecordDone, Waiting
from linkdesk.portal.address import WebhookAddress
from linkdesk.portal.client import Portal
from linkdesk.runtime.processes import WORKER
from linkdesk.sandbox.app import Sandbox
from linkdesk.storage.audit_log import open_stored_audit_log
from linkdesk.storage.url import DatabaseAddress
from tests.support.desk_requests import link
from tests.support.paths import PROCESSES, ROOT
from tests.support.sandbox_env import ANNA, NOW, SandboxEnv, open_sandbox_env
from tests.support.sandbox_server import sandbox_on_socket
from tests.support.write_requests import REQUESTS
from tool_specs.declaration.method import Method
from tool_specs.methods.activity_binding import MoveActivityBinding
from tool_specs.methods.booking import AddBooking, CreateBookingFromWaitlist, DeleteBooking
from tool_specs.methods.resource import AddResource
from tool_specs.methods.resource_type import AddResourceType
from tool_specs.methods.waitlist import AddWaitlistEntry, CreateWaitlistEntryFromBooking
from tool_specs.recipes.changes_and_plans import ListChanges, UndoChange

PROCESS = PROCESSES / "write.py"
SENDS = {"link": "set_booking_links", "note": "update_waitlist_entry"}
A_WHILE = 3 * MAX_CALL_TIME
"""After so long nothing that a dead process sent is in progress any more."""
DEAD = f"{WORKER.partition(':')[0]}:{2**22 + 1}:dead"
"""A process of this machine whose number is larger than any."""
WEDNESDAY = {"date_from": "2026-11-25 12:00", "date_to": "2026-11-25 13:00"}


@pytest.mark.skipif(os.name != "posix", reason="SIGKILL is POSIX's")
@pytest.mark.parametrize("request_", ["link", "note"])
async def test_killed_at_any_point_it_comes_back_to_the_truth_and_nothing_is_sent_twice(
    tmp_path: Path, request_: str
) -> None:
    sent = SENDS[request_]
    points = ["before begin", "after begin", f"before {sent}", f"after {sent}", "before close", "after close"]
    await asyncio.gather(*(killed_at(point, request_, tmp_path / str(n)) for n, point in enumerate(points)))


async def killed_at(point: str, request_: str, folder: Path) -> None:
    sandbox = Sandbox(clock=lambda: NOW, rate=None)
    database = f"sqlite:///{folder}/a.sqlite3"
    with sandbox_on_socket(sandbox) as portal:
        arguments = [str(PROCESS), portal, database, request_, point]
        process = await asyncio.create_subprocess_exec(sys.executable, *arguments, env={"PYTHONPATH": str(ROOT)})
        assert await process.wait() == -signal.SIGKILL
    applied = [call.method for call in sandbox.calls if call.applied]
    began = point != "before begin"
    was_sent = point in {f"after {SENDS[request_]}", "before close", "after close"}
    assert len(applied) == int(was_sent)
    async with (
        open_stored_audit_log(DatabaseAddress.parse(database), "sandbox") as record,
        _reopened(sandbox, record) as env,
    ):
        await env.desk.do(ListChanges(), ANNA)
        found = await record.latest(10)
        assert [change.state for change in found] == [ChangeState.DONE if was_sent else ChangeState.NOT_DONE] * began
        assert [call.method for call in sandbox.calls if call.applied] == applied
        assert await record.unfinished() == []
        # Asked again, it is done once, or it is so already.
        again = await env.desk.do(REQUESTS[request_], ANNA)
        assert isinstance(again, Done | RecordDone)
        assert again.changed is not was_sent
        undone = await env.desk.do(UndoChange(), ANNA)
        assert isinstance(undone, Done | RecordDone)
        assert undone.changed


@asynccontextmanager
async def _reopened(sandbox: Sandbox, record: AuditLog) -> AsyncGenerator[SandboxEnv]:
    """Give the desk of the process that comes after."""
    address = WebhookAddress.parse(f"http://127.0.0.1{sandbox.webhook_path}")
    bare = httpx.AsyncClient(transport=sandbox.transport(), base_url="http://127.0.0.1")
    async with Portal(address, transport=sandbox.transport()) as portal, bare:
        desk = Desk(portal, zone="Europe/Moscow", record=record, now=lambda: utc_now() + A_WHILE)
        yield SandboxEnv(sandbox, desk, bare)


async def done_and_left_open(
    env: SandboxEnv, record: MemoryAuditLog, method: Method[Any], worker: str = DEAD
) -> Change:
    """Do a write, and leave its row as a process does that ends before it closes it."""
    outcome = await env.desk.do(method, ANNA)
    if isinstance(outcome, Waiting):
        await env.desk.do(method, ANNA, agreed=outcome.plan)
    return await left_open(record, worker)


async def left_open(record: MemoryAuditLog, worker: str = DEAD) -> Change:
    """Leave the last row as a process does that ends before it closes it."""
    (change, *_) = await record.latest(1)
    number = None if change.known is not None else change.target_id
    left = replace(
        change,
        state=ChangeState.BEGUN,
        after=None,
        finished=None,
        worker=worker,
        target_id=number,
        started=change.started - A_WHILE,
    )
    record._changes[change.id] = left  # noqa: SLF001 - the worker too
    return left


async def state_of(env: SandboxEnv, record: AuditLog, change: Change) -> ChangeState | None:
    await env.desk.do(ListChanges(), ANNA)
    found = await record.get(change.id)
    return found.state if found else None


@pytest.mark.parametrize(
    ("method", "state"),
    [
        (
            MoveActivityBinding.model_validate({"activity_id": 71, "source": "lead:3", "target": "contact:2"}),
            ChangeState.DONE,
        ),
        (DeleteBooking(booking_id=15), ChangeState.DONE),
    ],
)
async def test_what_the_portal_shows_decides(method: Method[Any], state: ChangeState) -> None:
    record = MemoryAuditLog()
    async with open_sandbox_env(rate=None, record=record) as env:
        left = await done_and_left_open(env, record, method)
        written = await env.written()
        assert await state_of(env, record, left) is state
        assert await env.written() == written


async def test_a_move_that_was_killed_half_way_is_partly_done() -> None:
    record = MemoryAuditLog()
    async with open_sandbox_env(rate=None, record=record) as env:
        method = MoveActivityBinding.model_validate({"activity_id": 71, "source": "lead:3", "target": "contact:2"})
        left = await done_and_left_open(env, record, method)
        await env.call("crm.activity.binding.add", activityId=71, entityTypeId=1, entityId=3)
        assert await state_of(env, record, left) is ChangeState.PARTLY


async def test_a_row_of_a_process_that_lives_is_left_to_it_for_a_while() -> None:
    record = MemoryAuditLog()
    async with open_sandbox_env(rate=None, record=record) as env:
        left = await done_and_left_open(env, record, link(14, 1), worker=f"elsewhere:1:{os.getpid()}")
        assert await state_of(env, record, left) is ChangeState.BEGUN
        record._changes[left.id] = replace(left, started=NOW - MAX_WRITE_TIME)  # noqa: SLF001 - as time goes by
        assert await state_of(env, record, left) is ChangeState.DONE


async def test_what_cannot_be_read_is_unknown_and_looked_at_again_later() -> None:
    record = MemoryAuditLog()
    async with open_sandbox_env(rate=None, record=record) as env:
        left = await done_and_left_open(env, record, link(14, 1))
        await env.fault("booking.v1.booking.externalData.list", "http_500_html", times=50)
        assert await state_of(env, record, left) is ChangeState.UNKNOWN
        with pytest.raises(Trouble) as trouble:
            await env.desk.do(UndoChange(change_id=left.id), ANNA)
        assert trouble.value.failure.code == "change_unclear"
        unknown = await record.get(left.id)
        assert unknown is not None
        assert unknown.finished == NOW
    async with open_sandbox_env(rate=None, record=record) as later:
        await later.call("booking.v1.booking.externalData.set", bookingId=14, externalData=left.planned)
        assert await state_of(later, record, left) is ChangeState.UNKNOWN
        record._changes[left.id] = replace(unknown, finished=NOW - RETRY_INTERVAL)  # noqa: SLF001 - as time goes by
        assert await state_of(later, record, left) is ChangeState.DONE


MADE = [
    AddBooking.model_validate(WEDNESDAY | {"resource_ids": [1], "name": "Wash"}),
    CreateBookingFromWaitlist.model_validate(WEDNESDAY | {"resource_ids": [2], "waitlist_id": 4}),
    AddWaitlistEntry(note="call"),
    CreateWaitlistEntryFromBooking(booking_id=15),
    AddResource.model_validate({"name": "Chair 9", "type_id": 1}),
    AddResourceType.model_validate({"name": "Chairs", "code": "chairs"}),
]
MAKING = pytest.mark.parametrize("method", MADE, ids=lambda method: method.name())


@MAKING
async def test_a_record_whose_making_was_killed_is_found_by_what_is_new(method: Method[Any]) -> None:
    record = MemoryAuditLog()
    async with open_sandbox_env(rate=None, record=record) as env:
        left = await done_and_left_open(env, record, method)
        await env.desk.do(ListChanges(), ANNA)
        (made,) = await record.latest(1)
        assert (made.state, made.target_type) == (ChangeState.DONE, left.target_type)
        assert made.target_id not in {None, *(left.known or ())}
        assert made.after["id"] == made.target_id
        # What is found can be undone like anything else; what was moved is not brought back.
        if left.before is None:
            outcome = await env.desk.do(UndoChange(change_id=left.id), ANNA)
            assert isinstance(outcome, Waiting)
            assert outcome.plan.target.id == made.target_id


@MAKING
async def test_a_record_that_was_never_sent_is_not_done(method: Method[Any]) -> None:
    record = MemoryAuditLog()
    async with open_sandbox_env(rate=None, record=record) as env:
        await env.fault(method.rest, "no_rights")
        with pytest.raises(Trouble):
            await done_and_left_open(env, record, method)
        left = await left_open(record)
        assert await state_of(env, record, left) is ChangeState.NOT_DONE
        assert await env.written() == []


async def test_two_that_fit_leave_it_unknown_until_one_is_known_to_be_another_change() -> None:
    record = MemoryAuditLog()
    async with open_sandbox_env(rate=None, record=record) as env:
        left = await done_and_left_open(env, record, AddWaitlistEntry(note="call"))
        await env.call("booking.v1.waitlist.add", fields={"note": "call"})
        assert await state_of(env, record, left) is ChangeState.UNKNOWN
        # The other was ours too: by its own row it is told apart.
        (unknown,) = await record.latest(1)
        other = replace(left, id="another", state=ChangeState.DONE, target_id=max(env.sandbox.store.waitlist))
        await record.begin(other)
        record._changes[left.id] = replace(unknown, finished=NOW - RETRY_INTERVAL)  # noqa: SLF001 - as time goes by
        assert await state_of(env, record, left) is ChangeState.DONE


async def test_of_two_killed_alike_where_one_was_made_neither_is_said_to_be_it() -> None:
    record = MemoryAuditLog()
    async with open_sandbox_env(rate=None, record=record) as env:
        left = await done_and_left_open(env, record, AddWaitlistEntry(note="call"))
        await record.begin(replace(left, id="another"))
        assert await state_of(env, record, left) is ChangeState.UNKNOWN
        other = await record.get("another")
        assert other is not None
        assert other.state is ChangeState.UNKNOWN


async def test_what_a_moved_booking_became_is_unknown_where_neither_is_there() -> None:
    record = MemoryAuditLog()
    async with open_sandbox_env(rate=None, record=record) as env:
        left = await done_and_left_open(env, record, CreateWaitlistEntryFromBooking(booking_id=15))
        await env.call("booking.v1.waitlist.delete", id=max(env.sandbox.store.waitlist))
        assert await state_of(env, record, left) is ChangeState.UNKNOWN


@pytest.mark.parametrize("method", [link(14, 1), AddWaitlistEntry(note="call")], ids=["changes", "makes"])
async def test_nothing_is_called_not_done_while_the_portal_may_be_at_its_last_call(method: Method[Any]) -> None:
    record, now = MemoryAuditLog(), [NOW]
    async with open_sandbox_env(rate=None, record=record, now=lambda: now[0]) as env:
        await env.fault(method.rest, "no_rights")
        with pytest.raises(Trouble):
            await env.desk.do(method, ANNA)
        left = replace(await left_open(record), started=NOW)
        record._changes[left.id] = left  # noqa: SLF001 - begun this moment
        assert await state_of(env, record, left) is ChangeState.UNKNOWN
        # The call arrives after the first look, and is found by the next.
        await env.call(method.rest, **method.wire())
        now[0] += RETRY_INTERVAL
        assert await state_of(env, record, left) is ChangeState.DONE


async def test_what_is_not_there_once_nothing_can_be_under_way_is_not_done() -> None:
    record, now = MemoryAuditLog(), [NOW]
    async with open_sandbox_env(rate=None, record=record, now=lambda: now[0]) as env:
        left = replace(await done_and_left_open(env, record, link(14, 1)), started=NOW)
        record._changes[left.id] = left  # noqa: SLF001 - begun this moment
        await env.call("booking.v1.booking.externalData.set", bookingId=14, externalData=left.before)
        for late, state in ((1, ChangeState.UNKNOWN), (61, ChangeState.UNKNOWN), (121, ChangeState.NOT_DONE)):
            now[0] = NOW + timedelta(seconds=late)
            assert await state_of(env, record, left) is state


async def test_what_was_asked_again_since_is_the_later_changes_doing() -> None:
    record, now = MemoryAuditLog(), [NOW]
    async with open_sandbox_env(rate=None, record=record, now=lambda: now[0]) as env:
        left = replace(await done_and_left_open(env, record, link(14, 1)), started=NOW)
        record._changes[left.id] = left  # noqa: SLF001 - begun this moment
        await env.call("booking.v1.booking.externalData.set", bookingId=14, externalData=left.before)
        assert await state_of(env, record, left) is ChangeState.UNKNOWN
        again = await env.desk.do(link(14, 1), ANNA)
        assert isinstance(again, Done)
        assert again.changed
        now[0] += A_WHILE
        assert await state_of(env, record, left) is ChangeState.NOT_DONE
