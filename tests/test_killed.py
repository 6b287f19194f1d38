"""A process that is killed half way: the record comes back to the truth, and nothing is sent a second time."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
import threading
from collections.abc import AsyncGenerator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn

from linkdesk.clearing_up import BETWEEN_LOOKS, LONGEST_WRITE
from linkdesk.desk import Desk
from linkdesk.errors import Trouble
from linkdesk.outcome import Done, RecordDone, Waiting
from linkdesk.portal.address import WebhookAddress
from linkdesk.portal.client import Portal
from linkdesk.record import Change, MemoryRecord, Record, State
from linkdesk.sandbox.app import Sandbox
from linkdesk.store.address import DatabaseAddress
from linkdesk.store.changes import opened_record
from linkdesk.workers import WORKER
from tests.support.killing import REQUESTS
from tests.support.portal import ANNA, NOW, Salon, opened_salon
from tests.test_desk import linking
from tool_specs.activity_binding import MoveActivityBinding
from tool_specs.booking import DeleteBooking
from tool_specs.method import Method
from tool_specs.recipe import ListChanges, UndoChange
from tool_specs.waitlist import AddWaitlistEntry

PROCESS = Path(__file__).parent / "support" / "killed_process.py"
ROOT = Path(__file__).parents[1]
SENDS = {"link": "set_booking_links", "note": "update_waitlist_entry"}
DEAD = f"{WORKER.partition(':')[0]}:{2**22 + 1}:dead"
"""A process of this machine whose number is larger than any."""


@contextmanager
def on_a_socket(sandbox: Sandbox) -> Iterator[str]:
    taken = socket.create_server(("127.0.0.1", 0))
    running = uvicorn.Server(uvicorn.Config(sandbox, log_config=None, lifespan="off"))
    thread = threading.Thread(target=running.run, kwargs={"sockets": [taken]})
    thread.start()
    try:
        yield f"http://127.0.0.1:{taken.getsockname()[1]}{sandbox.webhook_path}"
    finally:
        running.should_exit = True
        thread.join()


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
    with on_a_socket(sandbox) as portal:
        arguments = [str(PROCESS), portal, database, request_, point]
        process = await asyncio.create_subprocess_exec(sys.executable, *arguments, env={"PYTHONPATH": str(ROOT)})
        assert await process.wait() == -signal.SIGKILL
    applied = [call.method for call in sandbox.calls if call.applied]
    began = point != "before begin"
    was_sent = point in {f"after {SENDS[request_]}", "before close", "after close"}
    assert len(applied) == int(was_sent)
    async with opened_record(DatabaseAddress.parse(database), "sandbox") as record, _reopened(sandbox, record) as salon:
        await salon.desk.do(ListChanges(), ANNA)
        found = await record.latest(10)
        assert [change.state for change in found] == [State.DONE if was_sent else State.NOT_DONE] * began
        assert [call.method for call in sandbox.calls if call.applied] == applied
        assert await record.unfinished() == []
        # Asked again, it is done once, or it is so already.
        again = await salon.desk.do(REQUESTS[request_], ANNA)
        assert isinstance(again, Done | RecordDone)
        assert again.changed is not was_sent
        undone = await salon.desk.do(UndoChange(), ANNA)
        assert isinstance(undone, Done | RecordDone)
        assert undone.changed


@asynccontextmanager
async def _reopened(sandbox: Sandbox, record: Record) -> AsyncGenerator[Salon]:
    """Give the desk of the process that comes after."""
    address = WebhookAddress.parse(f"http://127.0.0.1{sandbox.webhook_path}")
    bare = httpx.AsyncClient(transport=sandbox.transport(), base_url="http://127.0.0.1")
    async with Portal(address, transport=sandbox.transport()) as portal, bare:
        yield Salon(sandbox, Desk(portal, zone="Europe/Moscow", record=record), bare)


async def done_and_left_open(salon: Salon, record: MemoryRecord, method: Method[Any], worker: str = DEAD) -> Change:
    """Do a write, and leave its row as a process does that ends before it closes it."""
    outcome = await salon.desk.do(method, ANNA)
    if isinstance(outcome, Waiting):
        await salon.desk.do(method, ANNA, agreed=outcome.plan)
    (change, *_) = await record.latest(1)
    number = None if change.before is None else change.target_id
    left = replace(change, state=State.BEGUN, after=None, finished=None, worker=worker, target_id=number)
    record._changes[change.id] = left  # noqa: SLF001 - the worker too
    return left


async def state_of(salon: Salon, record: Record, change: Change) -> State | None:
    await salon.desk.do(ListChanges(), ANNA)
    found = await record.find(change.id)
    return found.state if found else None


@pytest.mark.parametrize(
    ("method", "state"),
    [
        (
            MoveActivityBinding.model_validate({"activity_id": 71, "source": "lead:3", "target": "contact:2"}),
            State.DONE,
        ),
        (DeleteBooking(booking_id=15), State.DONE),
        (AddWaitlistEntry(note="call"), State.UNKNOWN),
    ],
)
async def test_what_the_portal_shows_decides_and_what_it_cannot_show_is_unknown(
    method: Method[Any], state: State
) -> None:
    record = MemoryRecord()
    async with opened_salon(rate=None, record=record) as salon:
        left = await done_and_left_open(salon, record, method)
        written = await salon.written()
        assert await state_of(salon, record, left) is state
        assert await salon.written() == written


async def test_a_move_that_was_killed_half_way_is_partly_done() -> None:
    record = MemoryRecord()
    async with opened_salon(rate=None, record=record) as salon:
        method = MoveActivityBinding.model_validate({"activity_id": 71, "source": "lead:3", "target": "contact:2"})
        left = await done_and_left_open(salon, record, method)
        await salon.call("crm.activity.binding.add", activityId=71, entityTypeId=1, entityId=3)
        assert await state_of(salon, record, left) is State.PARTLY


async def test_a_row_of_a_process_that_lives_is_left_to_it_for_a_while() -> None:
    record = MemoryRecord()
    async with opened_salon(rate=None, record=record) as salon:
        left = await done_and_left_open(salon, record, linking(14, 1), worker=f"elsewhere:1:{os.getpid()}")
        assert await state_of(salon, record, left) is State.BEGUN
        record._changes[left.id] = replace(left, started=NOW - LONGEST_WRITE)  # noqa: SLF001 - as time goes by
        assert await state_of(salon, record, left) is State.DONE


async def test_what_cannot_be_read_is_unknown_and_looked_at_again_later() -> None:
    record = MemoryRecord()
    async with opened_salon(rate=None, record=record) as salon:
        left = await done_and_left_open(salon, record, linking(14, 1))
        await salon.fault("booking.v1.booking.externalData.list", "http_500_html", times=50)
        assert await state_of(salon, record, left) is State.UNKNOWN
        with pytest.raises(Trouble) as trouble:
            await salon.desk.do(UndoChange(change_id=left.id), ANNA)
        assert trouble.value.failure.code == "change_unclear"
        unknown = await record.find(left.id)
        assert unknown is not None
        assert unknown.finished == NOW
    async with opened_salon(rate=None, record=record) as later:
        await later.call("booking.v1.booking.externalData.set", bookingId=14, externalData=left.planned)
        assert await state_of(later, record, left) is State.UNKNOWN
        record._changes[left.id] = replace(unknown, finished=NOW - BETWEEN_LOOKS)  # noqa: SLF001 - as time goes by
        assert await state_of(later, record, left) is State.DONE
