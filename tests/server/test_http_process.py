"""The server over HTTP as an administrator runs it: a process with settings, which is told to stop."""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
import subprocess
from pathlib import Path

import httpx
import httpx2
import pytest
from mcp.types import ElicitRequestParams, ElicitResult

from linkdesk.sandbox.app import Sandbox
from tests.support.http_process import start_http_server
from tests.support.mcp_client import error, success
from tests.support.mcp_process import LINKDESK
from tests.support.paths import ROOT
from tests.support.requirements import require
from tests.support.servers import client_with, free_socket, serving_sandbox

INSPECTOR = os.environ.get("LINKDESK_INSPECTOR", "")
HAS_INSPECTOR = bool(INSPECTOR) and Path(INSPECTOR).exists()
ANNA = "anna-token-0123456789"
TOKENS = f"anna:editor:{ANNA}"


def ran(*words: str, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [LINKDESK, *words], capture_output=True, text=True, env={**os.environ, **env}, timeout=30, check=False
    )


async def test_a_call_that_runs_is_finished_before_the_process_ends(tmp_path: Path) -> None:
    sandbox = Sandbox(rate=None)
    async with (
        serving_sandbox(sandbox, free_socket()) as portal,
        httpx.AsyncClient(base_url=portal, trust_env=False) as http,
        start_http_server(
            LINKDESK_PORTAL=f"{portal}{sandbox.webhook_path}",
            LINKDESK_HTTP_TOKENS=TOKENS,
            LINKDESK_DATABASE=f"sqlite:///{tmp_path}/a.sqlite3",
        ) as running,
    ):
        ready = await http.get(f"{running.url}/ready")
        assert (ready.status_code, ready.json()) == (200, {"status": "ready"})
        fault = {"method": "booking.v1.booking.externalData.set", "kind": "slow", "seconds": 0.5}
        await http.post("/_sandbox/faults", json=fault)
        try:
            # An older client keeps a stream open that never ends by itself.
            async with client_with(ANNA, running.url, "legacy") as client:
                link = client.call_tool("set_booking_links", {"booking_id": 14, "links": ["deal:1"]})
                call = asyncio.create_task(link)
                while not any(seen.method.endswith(".set") for seen in sandbox.calls):  # noqa: ASYNC110 - it has no event
                    await asyncio.sleep(0.01)
                running.process.send_signal(signal.SIGTERM)
                assert success(await call)["changed"] is True
        except* httpx2.ConnectError:
            pass  # it would end its session, with a server that is gone
        status, said = await running.ended()
        assert status == 0, said
        assert "graceful shutdown exceeded" not in said
        assert "Traceback" not in said
        assert ANNA not in said
        with pytest.raises(httpx.ConnectError):
            await http.get(f"{running.url}/health")


async def test_a_question_that_nobody_has_answered_does_not_hold_up_the_end() -> None:
    asked = asyncio.Event()

    async def never(context: object, params: ElicitRequestParams) -> ElicitResult:
        del context, params
        asked.set()
        await asyncio.Event().wait()
        raise AssertionError

    async with start_http_server("--sandbox", LINKDESK_HTTP_TOKENS=TOKENS) as running:
        try:
            async with client_with(ANNA, running.url, "legacy", never) as client:
                call = asyncio.create_task(client.call_tool("unset_booking_links", {"booking_id": 14, "all": True}))
                await asked.wait()
                running.process.send_signal(signal.SIGTERM)
                refused = error(await call)
                assert (refused["code"], refused["changed"]) == ("not_answered", "no")
        except* httpx2.ConnectError:
            pass  # it would end its session, with a server that is gone
        status, said = await running.ended()
    assert status == 0, said
    assert "graceful shutdown exceeded" not in said
    assert "Traceback" not in said


async def test_a_webhook_that_the_portal_no_longer_takes_is_told_by_ready_and_not_by_health(tmp_path: Path) -> None:
    sandbox = Sandbox(rate=None)
    async with (
        serving_sandbox(sandbox, free_socket()) as portal,
        start_http_server(
            LINKDESK_PORTAL=f"{portal}/rest/1/no-longer-there/",
            LINKDESK_DATABASE=f"sqlite:///{tmp_path}/a.sqlite3",
        ) as running,
        httpx.AsyncClient(base_url=running.url, trust_env=False) as http,
    ):
        ready = await http.get("/ready")
        assert ready.status_code == 503
        assert "does not accept Linkdesk's credentials" in ready.json()["why"]
        assert "no-longer-there" not in ready.text
        assert (await http.get("/health")).status_code == 200


def token_of_anna(process: int) -> str:
    """Read the token that a script made up, from the environment of what it started."""
    environment = Path(f"/proc/{process}/environ").read_text(encoding="utf-8").split("\0")
    (token,) = [line.rpartition(":")[2] for line in environment if line.startswith("LINKDESK_HTTP_TOKENS=anna:")]
    return token


async def test_the_block_of_the_docs_serves_as_it_stands(tmp_path: Path) -> None:
    sandbox = Sandbox(rate=None)
    page = (ROOT / "docs" / "http.md").read_text(encoding="utf-8")
    (block,) = re.findall(r"```sh\n((?:(?!```).)*serve --http.*?)```", page, flags=re.DOTALL)
    # As it stands, but for the port, and so that the signal reaches the program.
    script = block.replace("0.0.0.0:8000", "0.0.0.0:0").replace("linkdesk serve", f"exec {LINKDESK} serve")
    async with (
        serving_sandbox(sandbox, free_socket()) as portal,
        start_http_server(
            script=script,
            LINKDESK_PORTAL=f"{portal}{sandbox.webhook_path}",
            LINKDESK_DATABASE=f"sqlite:///{tmp_path}/a.sqlite3",
        ) as running,
        httpx.AsyncClient(base_url=(here := running.url.replace("0.0.0.0", "127.0.0.1")), trust_env=False) as http,  # noqa: S104 - read
    ):
        assert (await http.get("/ready")).json() == {"status": "ready"}
        assert (await http.post("/mcp")).status_code == 401
        token = token_of_anna(running.process.pid)
        async with client_with(token, here) as client:
            linked = await client.call_tool("set_booking_links", {"booking_id": 14, "links": ["deal:1"]})
            assert success(linked)["changed"] is True


async def test_a_portal_that_is_gone_is_told_by_ready_and_not_by_health(tmp_path: Path) -> None:
    sandbox = Sandbox(rate=None)
    taken = free_socket()
    nowhere = taken.getsockname()[1]
    taken.close()
    async with (
        start_http_server(
            LINKDESK_PORTAL=f"http://127.0.0.1:{nowhere}{sandbox.webhook_path}",
            LINKDESK_DATABASE=f"sqlite:///{tmp_path}/a.sqlite3",
        ) as running,
        httpx.AsyncClient(base_url=running.url, trust_env=False) as http,
    ):
        ready = await http.get("/ready")
        assert ready.status_code == 503
        assert "portal does not answer" in ready.json()["why"]
        assert (await http.get("/health")).status_code == 200
        running.process.send_signal(signal.SIGINT)
        assert (await running.ended())[0] == 0


@pytest.mark.parametrize(
    ("words", "env", "sentence"),
    [
        (("--http", "8000"), {}, "HOST:PORT"),
        (("--http", "127.0.0.1:99999"), {}, "HOST:PORT"),
        (("--http", "127.0.0.1:0"), {"LINKDESK_HTTP_TOKENS": "anna:editor:short"}, "LINKDESK_HTTP_TOKENS"),
        (("--http", "127.0.0.1:0"), {"LINKDESK_STATELESS": "1"}, "LINKDESK_SECRET_KEY"),
    ],
)
def test_what_is_set_wrong_is_said_in_one_sentence(words: tuple[str, ...], env: dict[str, str], sentence: str) -> None:
    done = ran("serve", *words, LINKDESK_PORTAL="https://salon.example/rest/1/secretsecret/", **env)
    assert done.returncode == 2
    assert sentence in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert "short" not in done.stderr
    assert "secretsecret" not in done.stderr


def test_tokens_are_made_listed_and_revoked(tmp_path: Path) -> None:
    env = {"LINKDESK_DATABASE": f"sqlite:///{tmp_path}/a.sqlite3"}
    made = ran("token", "add", "anna", "--role", "viewer", "--expires", "30", **env)
    token = made.stdout.strip()
    assert made.returncode == 0, made.stderr
    assert len(token) > 40
    (listed,) = json.loads(ran("token", "list", "--json", **env).stdout)
    assert (listed["name"], listed["role"], listed["expired"]) == ("anna", "viewer", False)
    assert token.encode() not in (tmp_path / "a.sqlite3").read_bytes()
    assert ran("token", "revoke", str(listed["id"]), **env).returncode == 0
    gone = ran("token", "revoke", "anna", **env)
    assert gone.returncode == 1
    assert "no such token" in gone.stderr
    assert ran("token", "add", "an,na", **env).returncode == 2


CALLING = ("--method", "tools/call", "--format", "json", "-q", "--tool-name")
LINK = json.dumps({"booking_id": 14, "links": [{"type": "deal", "id": 1}]})


@pytest.mark.parametrize(
    ("era", "tool", "arguments", "status", "words"),
    [
        ("legacy", "set_booking_links", LINK, 0, '"changed":true'),
        ("modern", "get_booking", '{"booking_id":998}', 5, "booking_not_found"),
    ],
)
async def test_the_inspector_lists_and_calls_over_http_with_a_token(
    era: str, tool: str, arguments: str, status: int, words: str
) -> None:
    require("node", HAS_INSPECTOR, "no inspector: see .ci/run for how to install it")
    async with start_http_server("--sandbox", LINKDESK_HTTP_TOKENS=TOKENS) as running:
        command = [INSPECTOR, "--cli", f"{running.url}/mcp", "--transport", "http", "--protocol-era", era]
        command += ["--header", f"Authorization: Bearer {ANNA}"]
        pipe = asyncio.subprocess.PIPE
        listing = await asyncio.create_subprocess_exec(*command, "--method", "tools/list", "--strict", stdout=pipe)
        listed, _ = await listing.communicate()
        assert listing.returncode == 0, listed
        assert "set_booking_links" in {tool["name"] for tool in json.loads(listed)["tools"]}
        calling = await asyncio.create_subprocess_exec(
            *command, *CALLING, tool, "--tool-args-json", arguments, stdout=pipe, stderr=pipe
        )
        out, said = ((part.decode().replace('\\"', '"')) for part in await calling.communicate())
        assert calling.returncode == status, said
        assert words in out + said
