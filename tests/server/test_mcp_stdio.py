"""The program as a host starts it: lines on standard input and output, by hand and by the official client."""

from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest
from mcp import Client, StdioServerParameters

from server.stdio.lines import MAX_LINE_BYTES, split_lines
from server.stdio.server import GRACE_S
from server.tools.selection import select_tools
from tests.support.mcp_calls import BOOKING_14, DEAL_1
from tests.support.mcp_client import Era, error, success
from tests.support.mcp_messages import ENVELOPE, INITIALIZE
from tests.support.mcp_process import LINKDESK, StdioServer, start_stdio_server

WRONG_CALLS = [
    ("set_booking_links", {"booking_id": 14, "links": [DEAL_1], "modus": "add"}, "bad_arguments", "modus"),
    ("set_booking_links", {"booking_id": "soon", "links": [DEAL_1]}, "bad_arguments", "booking_id"),
    ("set_booking_links", {"booking_id": 14, "links": [{"type": "deal", "id": 999}]}, "crm_item_not_found", None),
    ("set_booking_links", {"booking_id": 998, "links": [DEAL_1]}, "booking_not_found", None),
    ("link_booking", {"booking_id": 14}, "unknown_tool", None),
]


@pytest.fixture(scope="module")
def older() -> Iterator[StdioServer]:
    """A connection that was opened as clients did until 2025."""
    with start_stdio_server("--sandbox") as spoken:
        answer = spoken.ask("initialize", INITIALIZE)["result"]
        assert (answer["protocolVersion"], answer["serverInfo"]["name"]) == ("2025-06-18", "linkdesk")
        spoken.send(json.dumps({"jsonrpc": "2.0", "method": "notifications/initialized"}))
        yield spoken


@pytest.fixture(scope="module")
def newer() -> Iterator[StdioServer]:
    """A connection that was opened as clients do since 2026."""
    with start_stdio_server("--sandbox") as spoken:
        answer = spoken.ask("server/discover", ENVELOPE)["result"]
        assert "2026-07-28" in answer["supportedVersions"]
        assert answer["instructions"].startswith("Linkdesk")
        yield spoken


@pytest.mark.parametrize(("tool", "arguments", "code", "field"), WRONG_CALLS)
def test_a_wrong_call_is_answered_with_what_to_do_next(  # noqa: PLR0913, PLR0917 - two connections and a row of the table
    older: StdioServer, newer: StdioServer, tool: str, arguments: dict[str, Any], code: str, field: str | None
) -> None:
    for refused in (older.error(tool, arguments), newer.error(tool, arguments, **ENVELOPE)):
        assert (refused["code"], refused["changed"]) == (code, "no")
        assert len(refused["what"]) > 10
        assert len(refused["next"]) > 10
        assert [problem["field"] for problem in refused["problems"]] == ([field] if field else [])


@pytest.mark.parametrize(
    "line",
    [
        "{",
        "plain words",
        '{"jsonrpc":"2.0","id":1}',
        f'{{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"[" * 5000}{"]" * 5000}}}',
        "x" * (MAX_LINE_BYTES + 1),
    ],
    ids=["broken", "words", "no-method", "deep", "long"],
)
def test_a_line_that_is_no_message_is_answered_and_the_next_one_is_served(
    older: StdioServer, newer: StdioServer, line: str
) -> None:
    for spoken in (older, newer):
        spoken.send(line)
        answer = spoken.receive()
        assert (answer["id"], answer["error"]["code"]) == (None, -32700)
        spoken.send("")
    assert len(older.ask("tools/list", {})["result"]["tools"]) == len(select_tools())
    assert len(newer.ask("tools/list", ENVELOPE)["result"]["tools"]) == len(select_tools())


def test_an_argument_of_a_megabyte_is_an_error_and_no_crash(older: StdioServer) -> None:
    for links in ("x" * 1_000_000, "[" * 1_000_000):
        assert older.error("set_booking_links", {"booking_id": 14, "links": links})["code"] == "bad_arguments"
    deep: list[Any] = []
    for _ in range(150):
        deep = [deep]
    assert older.error("set_booking_links", {"booking_id": 14, "links": deep})["code"] == "bad_arguments"


def test_closed_input_ends_the_program_and_only_the_protocol_was_on_standard_output() -> None:
    with start_stdio_server("--sandbox") as spoken:
        spoken.ask("initialize", INITIALIZE)
        status, errors = spoken.end()
    assert status == 0
    assert "Traceback" not in errors


def test_calls_that_run_when_the_input_ends_are_still_answered() -> None:
    with start_stdio_server("--sandbox") as spoken:
        spoken.ask("initialize", INITIALIZE)
        for number in range(100, 105):
            call = {"name": "set_booking_links", "arguments": {"booking_id": 14, "links": [DEAL_1]}}
            spoken.send(json.dumps({"jsonrpc": "2.0", "id": number, "method": "tools/call", "params": call}))
        assert spoken.process.stdin is not None
        spoken.process.stdin.close()
        answers = [spoken.receive() for _ in range(5)]
        assert spoken.ended()[0] == 0
    assert {answer["id"] for answer in answers} == set(range(100, 105))
    assert sorted(answer["result"]["structuredContent"]["changed"] for answer in answers) == [False] * 4 + [True]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such signals")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_to_stop_ends_the_program_cleanly_while_its_input_is_open(number: signal.Signals) -> None:
    with start_stdio_server("--sandbox") as spoken:
        spoken.ask("initialize", INITIALIZE)
        spoken.call("list_booking_links", {"booking_id": 14})
        spoken.process.send_signal(number)
        status, errors = spoken.ended()
    assert status == 0
    assert "Traceback" not in errors
    assert "desk.did" in errors


def test_a_portal_that_cannot_be_reached_is_an_error_without_the_secret(tmp_path: Path) -> None:
    environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "LINKDESK_LOG": "debug"}
    portal = "http://127.0.0.1:9/rest/1/s3cr3tplanted/"
    with start_stdio_server(env={**environment, "LINKDESK_PORTAL": portal}) as spoken:
        spoken.ask("initialize", INITIALIZE)
        refused = spoken.error("set_booking_links", {"booking_id": 14, "links": [DEAL_1]})
        _, errors = spoken.end()
    assert (refused["code"], refused["changed"]) == ("portal_not_reached", "no")
    assert "s3cr3tplanted" not in json.dumps(refused) + errors


@pytest.mark.parametrize("era", ["auto", "legacy"])
async def test_the_official_client_links_a_deal(era: str) -> None:
    program = StdioServerParameters(command=LINKDESK, args=["serve", "--sandbox"])
    async with Client(program, mode=cast("Era", era), read_timeout_seconds=30) as client:
        assert len((await client.list_tools()).tools) == len(select_tools())
        answer = success(await client.call_tool("set_booking_links", {"booking_id": 14, "links": [DEAL_1]}))
        assert (answer["target"], answer["changed"]) == (BOOKING_14, True)
        assert [item["id"] for item in answer["after"]] == [7, 1]
        assert error(await client.call_tool("unset_booking_links", {"booking_id": 14, "all": True}))
        assert error(await client.call_tool("no_such_tool", {}))["code"] == "unknown_tool"


def test_lines_are_put_together_from_any_pieces() -> None:
    assert list(split_lines(iter([b"a", b"b\n\n", b"  \nc\nd", b"e\r\n", "ё".encode()[:1], "ё".encode()[1:]]))) == [
        "ab",
        "c",
        "de\r",
        "ё",
    ]


def test_a_line_that_is_too_long_is_let_go_and_the_next_one_is_kept() -> None:
    first, second = split_lines(iter([b"x" * 8, b"x" * 8, b"x\nshort\n"]), longest=10)
    assert not first.startswith("x")
    assert second == "short"


@pytest.mark.parametrize(("employee", "asked"), [("telegram:1001", True), ("", False)])
def test_the_local_user_is_asked_in_telegram_once_it_is_said_who_they_are_there(
    tmp_path: Path, employee: str, *, asked: bool
) -> None:
    env = {
        **os.environ,
        "LINKDESK_DATABASE": f"sqlite:///{tmp_path}/linkdesk.sqlite3",
        "LINKDESK_TELEGRAM_TOKEN": "123456:made-up",
        "LINKDESK_STAFF": "1001:editor",
        "LINKDESK_EMPLOYEE": employee,
    }
    with start_stdio_server("--sandbox", env=env) as spoken:
        spoken.ask("initialize", INITIALIZE)
        spoken.send(json.dumps({"jsonrpc": "2.0", "method": "notifications/initialized"}))
        result = spoken.call("unset_booking_links", {"booking_id": 14, "all": True})
    assert ("waits_for" in result.get("structuredContent", {})) is asked
    assert ("needs_a_person" in result["content"][0]["text"]) is not asked


def asked(spoken: StdioServer) -> int:
    """Let the server ask whether to remove all of booking 14's deals; give the question's number."""
    spoken.ask("initialize", {**INITIALIZE, "capabilities": {"elicitation": {}}})
    call = {"name": "unset_booking_links", "arguments": {"booking_id": 14, "all": True}}
    spoken.send(json.dumps({"jsonrpc": "2.0", "id": "destroy", "method": "tools/call", "params": call}))
    question = spoken.receive()
    assert question["method"] == "elicitation/create"
    return cast("int", question["id"])


def refused_in(answer: dict[str, Any]) -> dict[str, Any]:
    assert (answer["id"], answer["result"]["isError"]) == ("destroy", True)
    return cast("dict[str, Any]", json.loads(answer["result"]["content"][0]["text"])["error"])


def test_a_client_that_cannot_ask_after_all_gave_no_answer() -> None:
    with start_stdio_server("--sandbox") as spoken:
        number = asked(spoken)
        failed = {"code": -32601, "message": "Nobody can be asked here"}
        spoken.send(json.dumps({"jsonrpc": "2.0", "id": number, "error": failed}))
        refused = refused_in(spoken.receive())
        assert (refused["code"], refused["changed"]) == ("not_answered", "no")
        assert spoken.error("get_plan", {})["code"] == "no_plan_waits"
        assert "Traceback" not in spoken.end()[1]


def test_a_client_that_leaves_while_it_is_asked_is_not_waited_for() -> None:
    with start_stdio_server("--sandbox") as spoken:
        asked(spoken)
        assert spoken.process.stdin is not None
        begun = time.monotonic()
        spoken.process.stdin.close()
        refused = refused_in(spoken.receive())
        status, errors = spoken.ended()
    assert (refused["code"], refused["changed"], status) == ("not_answered", "no", 0)
    assert "Traceback" not in errors
    assert time.monotonic() - begun < GRACE_S


def test_what_a_call_asked_waits_no_more_once_the_call_is_given_up() -> None:
    with start_stdio_server("--sandbox") as spoken:
        number = asked(spoken)
        gone = {"method": "notifications/cancelled", "params": {"requestId": "destroy"}}
        spoken.send(json.dumps({"jsonrpc": "2.0", **gone}))
        withdrawn = spoken.receive()
        assert (withdrawn["method"], withdrawn["params"]["requestId"]) == ("notifications/cancelled", number)
        assert spoken.error("get_plan", {})["code"] == "no_plan_waits"
        assert spoken.end()[0] == 0
