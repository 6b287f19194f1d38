"""Several who change one booking at once: in one process, and in two that take turns through Redis."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

from linkdesk.audit.log import ChangeState
from linkdesk.model.outcome import Done
from linkdesk.sandbox.app import Sandbox
from linkdesk.storage.audit_log import open_stored_audit_log
from linkdesk.storage.url import DatabaseAddress
from tests.support.databases import needed_redis
from tests.support.desk_requests import link
from tests.support.paths import PROCESSES, ROOT
from tests.support.sandbox_env import ANNA, CALENDAR, NOW, open_sandbox_env
from tests.support.sandbox_server import sandbox_on_socket

PROCESS = PROCESSES / "concurrent_link.py"
TEN = [1, 2, 3, 4, 5, 6, 8, 9, 10, 11]


async def test_ten_tasks_that_link_ten_deals_at_once_are_all_there_and_on_record(tmp_path: Path) -> None:
    async with open_stored_audit_log(DatabaseAddress.of_file(tmp_path / "a.sqlite3"), "sandbox") as record:
        async with open_sandbox_env(rate=None, record=record) as env:
            outcomes = await asyncio.gather(*(env.desk.do(link(14, number), ANNA) for number in TEN))
            assert all(isinstance(outcome, Done) and outcome.changed for outcome in outcomes)
            assert sorted(await env.deals(14)) == sorted([7, *TEN])
            assert CALENDAR in await env.links(14)
            assert await env.written() == ["booking.v1.booking.externalData.set"] * 10
        changes = await record.latest(20)
    assert [change.state for change in changes] == [ChangeState.DONE] * 10
    # One after the other: what a change found is what the one before it left.
    assert [change.before for change in changes[:-1]] == [change.after for change in changes[1:]]


async def test_two_processes_that_link_ten_deals_at_once_lose_none(tmp_path: Path) -> None:
    redis = needed_redis()
    sandbox = Sandbox(clock=lambda: NOW, rate=None)
    with sandbox_on_socket(sandbox) as portal:
        environment = {
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "LINKDESK_PORTAL": portal,
            "LINKDESK_DATABASE": f"sqlite:///{tmp_path}/a.sqlite3",
            "LINKDESK_REDIS": redis,
            "LINKDESK_RATE": "100/1000",
        }
        halves = await asyncio.gather(*(started(environment, numbers, tmp_path) for numbers in (TEN[::2], TEN[1::2])))
        for process in halves:
            assert process.stdin is not None
            process.stdin.write(b"go\n")
        answers = [await process.communicate() for process in halves]
    assert [out.strip() for out, _ in answers] == [b"5", b"5"], answers
    links = [link.as_json() for link in sandbox.store.bookings[14].links]
    assert CALENDAR in links
    assert sorted(int(str(link["value"])) for link in links if link["moduleId"] == "crm") == sorted([7, *TEN])
    assert sum(call.applied for call in sandbox.calls) == 10


async def started(environment: dict[str, str], numbers: list[int], folder: Path) -> asyncio.subprocess.Process:
    """Start a process that links these deals once it is told to, and wait until it is ready."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        str(PROCESS),
        *map(str, numbers),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env=environment,
        cwd=folder,
    )
    assert process.stdout is not None
    assert await process.stdout.readline() == b"ready\n"
    return process
