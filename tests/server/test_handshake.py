"""The first answer of a server on standard input and output: what it says, and what it does not wait for."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from mcp import Client
from mcp.server import Server
from mcp.shared.exceptions import MCPError

from linkdesk.config.settings import Settings
from linkdesk.errors.base import NotConfigured
from server.mcp_app import build_server
from server.stdio.handshake import DeferredServer, handshake_server
from tests.support.mcp_client import ASSISTANT
from tests.support.mcp_messages import ENVELOPE, INITIALIZE
from tests.support.mcp_process import start_stdio_server
from tests.support.sandbox_env import open_sandbox_env
from tool_specs.declaration.localized import Localized

LATER = (
    *("sqlalchemy", "alembic", "aiosqlite", "psycopg", "redis", "platformdirs", "httpx", "telegram"),
    *("babel", "pymorphy3", "rapidfuzz", "tomlkit", "PIL", "prometheus_client"),
    *("bot", "linkdesk.desk", "linkdesk.handlers", "linkdesk.portal.client", "linkdesk.sandbox", "linkdesk.signin"),
    *(
        "linkdesk.storage.database",
        "linkdesk.storage.cipher",
        "server.mcp_app",
        "server.http.app",
        "server.oauth",
        "server.elicitation.telegram",
    ),
    *(
        "server.tools.method_tool",
        "server.resources.resources",
        "server.resources.prompts",
        "tool_specs.registry",
        "tool_specs.methods.booking",
    ),
)
"""What the introduction needs nothing of."""
MAX_OWN_MODULES = 43
"""Our own modules that are loaded until then, packages not included."""

# The pause after the first answer never ends, so that what is loaded is what that answer needed.
PROGRAM = """
import sys
import server.stdio.handshake
server.stdio.handshake.LOAD_DELAY_S = 3600
from linkdesk.cli.main import main
sys.argv = ["linkdesk", "serve"]
try:
    main()
finally:
    print("loaded", *sys.modules, file=sys.stderr)
"""


@pytest.mark.parametrize(("method", "params"), [("initialize", INITIALIZE), ("server/discover", ENVELOPE)])
def test_until_the_first_answer_nothing_is_loaded_that_only_later_ones_need(
    method: str, params: dict[str, Any]
) -> None:
    line = json.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": params})
    # Nothing listens there: the first answer must not look.
    environment = {**os.environ, "LINKDESK_PORTAL": "http://127.0.0.1:9/rest/1/abcdefghijklmnop/"}
    ran = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        input=f"{line}\n",
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert json.loads(ran.stdout)["result"]["instructions"].startswith("Linkdesk links records")
    (told,) = [line for line in ran.stderr.splitlines() if line.startswith("loaded ")]
    loaded = told.split()[1:]
    assert [name for name in loaded if name.startswith(tuple(f"{late}." for late in LATER)) or name in LATER] == []
    ours = [name for name in loaded if name.partition(".")[0] in {"tool_specs", "linkdesk", "server", "bot"}]
    modules = [name for name in ours if not any(other.startswith(f"{name}.") for other in ours)]
    assert 10 < len(modules) <= MAX_OWN_MODULES


@pytest.mark.parametrize("moment", ["before", "after"])
async def test_the_front_introduces_what_stands_behind_it(moment: str) -> None:
    async with open_sandbox_env() as env:
        behind = build_server(env.desk, Settings(), lambda: ASSISTANT).protocol

        @asynccontextmanager
        async def opening() -> AsyncGenerator[Server[Any]]:
            yield behind

        async with DeferredServer(opening) as rest:
            front = handshake_server(rest)
            if moment == "after":
                await rest.opened()
            assert front.server_info == behind.server_info
            assert front.instructions == behind.instructions
            for version in ("2025-11-25", "2026-07-28"):
                told = [server.get_capabilities(protocol_version=version) for server in (front, behind)]
                assert told[0] == told[1]


def test_whoever_asks_at_once_gets_everything() -> None:
    for opened, params in (("initialize", INITIALIZE), ("server/discover", ENVELOPE)):
        more = {} if opened == "initialize" else ENVELOPE
        with start_stdio_server("--sandbox") as spoken:
            numbers = {"tools/list": 1, "prompts/list": 2, "resources/list": 3, "resources/templates/list": 4}
            lines = [{"id": 0, "method": opened, "params": params}]
            if not more:
                lines.append({"method": "notifications/initialized"})
            lines += [{"id": number, "method": method, "params": more} for method, number in numbers.items()]
            for line in lines:
                spoken.send(json.dumps({"jsonrpc": "2.0", **line}))
            answers = {answer["id"]: answer["result"] for answer in (spoken.receive() for _ in range(5))}
        assert [len(answers[number][key]) for number, key in ((1, "tools"), (2, "prompts"))] == [26, 3]
        assert answers[3]["resources"]
        assert answers[4]["resourceTemplates"]


class Opened:
    """What is opened behind a front, and how often."""

    def __init__(self, error: Exception | None = None) -> None:
        """Take what goes wrong."""
        self.error = error
        self.times = 0
        self.closed = False
        self.begun, self.may = asyncio.Event(), asyncio.Event()

    @asynccontextmanager
    async def __call__(self) -> AsyncGenerator[Server[Any]]:
        self.times += 1
        self.begun.set()
        try:
            await self.may.wait()
            if self.error is not None:
                raise self.error
            yield Server("behind")
        finally:
            self.closed = True


async def test_what_many_wait_for_is_opened_once_and_whoever_gives_up_takes_nothing_from_the_others() -> None:
    opened = Opened()
    async with DeferredServer(opened) as rest:
        first, second = (asyncio.create_task(rest.opened()) for _ in range(2))
        rest.begin()
        await asyncio.sleep(0)
        first.cancel()
        opened.may.set()
        assert (await second).name == "behind"
        assert (opened.times, opened.closed) == (1, False)
    assert opened.closed


async def test_who_leaves_while_it_opens_waits_for_nothing() -> None:
    opened = Opened()
    async with DeferredServer(opened) as rest:
        rest.begin()
        await opened.begun.wait()
    assert opened.closed


async def test_what_cannot_be_opened_is_told_to_whoever_waits_and_ends_the_program() -> None:
    sentence = Localized(en="The setting is wrong.", ru="Настройка неверна.")
    opened, ended = Opened(NotConfigured(sentence)), list[bool]()
    opened.may.set()

    async def used() -> None:
        async with DeferredServer(opened) as rest:
            rest.failed = lambda: ended.append(True)
            with pytest.raises(NotConfigured):
                await rest.opened()

    with pytest.raises(NotConfigured) as raised:
        await used()
    assert raised.value.sentence == sentence
    assert ended == [True]


async def test_nothing_is_opened_for_whoever_asks_nothing() -> None:
    opened = Opened()
    async with DeferredServer(opened) as rest:
        rest.begin(3600)
    assert opened.times == 0


async def test_a_fault_while_it_opens_is_told_under_a_number_alone() -> None:
    opened, told = Opened(RuntimeError("planted words")), list[MCPError]()
    opened.may.set()

    async def used() -> None:
        async with DeferredServer(opened) as rest, Client(handshake_server(rest)) as client:
            with pytest.raises(MCPError) as raised:
                await client.list_tools()
            told.append(raised.value)

    with pytest.raises(RuntimeError, match="planted"):
        await used()
    ((message, shown),) = [(error.error.message, error.error.data["error"]) for error in told]
    assert (shown["code"], shown["changed"]) == ("internal_error", "no")
    assert shown["incident"] in message
    assert "planted" not in str((message, shown))
