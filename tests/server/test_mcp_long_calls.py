"""Calls that take long: how far they are is told, a read that is given up ends, a write goes to its end."""

from __future__ import annotations

import asyncio
import json
import os
from pathlib import Path
from typing import Any

import httpx
import pytest

from linkdesk.desk import Desk
from linkdesk.portal.address import WebhookAddress
from linkdesk.portal.client import Portal
from tests.support.blocking_proxy import BlockingProxy, serve_on_port
from tests.support.mcp_client import Era, connected, success
from tests.support.mcp_messages import ENVELOPE, INITIALIZE
from tests.support.mcp_process import LINKDESK
from tests.support.sandbox_env import NOW, SandboxEnv, open_sandbox_env

DEAL_1 = {"type": "deal", "id": 1}
LINK = {"booking_id": 14, "links": [DEAL_1]}
ERAS = pytest.mark.parametrize("era", ["auto", "legacy"])
PATIENCE = 30


async def many_bookings(env: SandboxEnv, number: int) -> None:
    """Book so many times beside each other, so that a scan takes several pages."""
    start = int(NOW.timestamp()) + 86400
    for place in range(number):
        period = {
            name: {"timestamp": start + 60 * (place + later), "timezone": "Europe/Moscow"}
            for name, later in (("from", 0), ("to", 1))
        }
        await env.call("booking.v1.booking.add", fields={"resourceIds": [3], "datePeriod": period})


@ERAS
async def test_a_scan_tells_how_far_it_is(era: Era) -> None:
    heard: list[tuple[float, float | None, str | None]] = []

    async def hear(progress: float, total: float | None, message: str | None) -> None:
        heard.append((progress, total, message))

    async with open_sandbox_env(rate=None) as env, connected(env.desk, era) as client:
        await many_bookings(env, 60)
        answer = success(await client.call_tool("list_bookings", {"deal": 7}, progress_callback=hear))
        assert [booking["id"] for booking in answer["bookings"]] == [14]
    done = [progress for progress, _, _ in heard]
    assert len(done) >= 3
    assert done == sorted(set(done))
    assert heard[-1][0] == heard[-1][1]
    assert all(message for _, _, message in heard)


async def test_nobody_who_did_not_ask_is_told() -> None:
    async with open_sandbox_env(rate=None) as env, connected(env.desk) as client:
        assert success(await client.call_tool("list_bookings", {"deal": 7}))


@ERAS
async def test_a_read_that_is_given_up_ends(era: Era) -> None:
    async with open_sandbox_env(rate=None) as env:
        gate = BlockingProxy(env.sandbox, "batch")
        address = WebhookAddress.parse(f"http://127.0.0.1{env.sandbox.webhook_path}")
        async with (
            Portal(address, transport=httpx.ASGITransport(gate)) as portal,
            connected(Desk(portal), era) as client,
        ):
            call = asyncio.create_task(client.call_tool("list_booking_links", {"booking_id": 14}))
            await gate.reached.wait()
            call.cancel()
            async with asyncio.timeout(PATIENCE):
                await gate.given_up.wait()
            gate.open.set()
            assert success(await client.call_tool("list_booking_links", {"booking_id": 14}))


@ERAS
async def test_a_write_that_is_given_up_goes_to_its_end_and_is_on_record(era: Era) -> None:
    async with open_sandbox_env(rate=None) as env:
        gate = BlockingProxy(env.sandbox, "booking.v1.booking.externalData.set")
        address = WebhookAddress.parse(f"http://127.0.0.1{env.sandbox.webhook_path}")
        async with Portal(address, transport=httpx.ASGITransport(gate)) as portal:
            desk = Desk(portal)
            async with connected(desk, era) as client:
                call = asyncio.create_task(client.call_tool("set_booking_links", LINK))
                await gate.reached.wait()
                call.cancel()
                await asyncio.wait({call})
                gate.open.set()
                await desk.finish()
                assert not gate.given_up.is_set()
                assert await env.deals(14) == [7, 1]
                (change,) = success(await client.call_tool("list_changes", {}))["changes"]
                assert (change["tool"], change["state"]) == ("set_booking_links", "done")


class Program:
    """The program over standard input and output, without waiting for an answer to each line."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        """Take the process."""
        assert process.stdin is not None
        assert process.stdout is not None
        self._in, self._out = process.stdin, process.stdout

    def send(self, method: str, number: int | None = None, **params: Any) -> None:  # noqa: ANN401 - JSON
        """Send a request, or a notification without a number."""
        message = {"jsonrpc": "2.0", "method": method, "params": params}
        self._in.write(json.dumps(message if number is None else {**message, "id": number}).encode() + b"\n")

    async def answer(self, number: int) -> dict[str, Any]:
        """Read until the answer to a request comes."""
        async with asyncio.timeout(PATIENCE):
            while (message := json.loads(await self._out.readline())).get("id") != number:
                pass
        result: dict[str, Any] = message["result"]
        return result


@pytest.mark.parametrize("era", ["newer", "older"])
async def test_over_standard_input_a_read_ends_and_a_write_goes_to_its_end(era: str, tmp_path: Path) -> None:
    more = ENVELOPE if era == "newer" else {}
    async with open_sandbox_env(rate=None) as env:
        reads, writes = (
            BlockingProxy(env.sandbox, "batch"),
            BlockingProxy(env.sandbox, "booking.v1.booking.externalData.set"),
        )
        reading = True

        async def app(scope: Any, receive: Any, send: Any) -> None:  # noqa: ANN401 - ASGI
            await (reads if reading else writes)(scope, receive, send)

        async with serve_on_port(app) as address:
            environment = {
                "PATH": os.environ["PATH"],
                "HOME": str(tmp_path),
                "LINKDESK_PORTAL": address + env.sandbox.webhook_path,
            }
            pipe = asyncio.subprocess.PIPE
            # Tools are all offered: whoami, by which permissions are asked for, waits at the gate too.
            process = await asyncio.create_subprocess_exec(
                LINKDESK, "serve", stdin=pipe, stdout=pipe, stderr=asyncio.subprocess.DEVNULL, env=environment
            )
            program = Program(process)
            try:
                # The introduction waits for no portal, the list of tools does.
                if era == "older":
                    program.send("initialize", 1, **INITIALIZE)
                    await program.answer(1)
                    program.send("notifications/initialized")
                else:
                    program.send("server/discover", 1, **ENVELOPE)
                    await program.answer(1)
                async with asyncio.timeout(PATIENCE):
                    await reads.reached.wait()
                reads.open.set()
                program.send("tools/list", 7, **more)
                await program.answer(7)
                for event in (reads.reached, reads.open, reads.given_up):
                    event.clear()
                call = {"name": "list_booking_links", "arguments": {"booking_id": 14}}
                program.send("tools/call", 2, **call, **more)
                async with asyncio.timeout(PATIENCE):
                    await reads.reached.wait()
                    program.send("notifications/cancelled", requestId=2)
                    await reads.given_up.wait()
                reading = False
                program.send("tools/call", 3, name="set_booking_links", arguments=LINK, **more)
                async with asyncio.timeout(PATIENCE):
                    await writes.reached.wait()
                program.send("notifications/cancelled", requestId=3)
                program.send("tools/call", 4, name="list_booking_clients", arguments={"booking_id": 15}, **more)
                await program.answer(4)
                assert not writes.given_up.is_set()
                writes.open.set()
                program.send("tools/call", 5, name="set_booking_links", arguments=LINK, **more)
                # Its turn comes after the write that was given up, which has done the work.
                assert (await program.answer(5))["structuredContent"]["changed"] is False
                program.send("tools/call", 6, name="list_changes", arguments={}, **more)
                (change,) = (await program.answer(6))["structuredContent"]["changes"]
                assert (change["tool"], change["state"]) == ("set_booking_links", "done")
            finally:
                process.kill()
                await process.wait()
        assert await env.deals(14) == [7, 1]
