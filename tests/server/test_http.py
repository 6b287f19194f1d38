"""The server over HTTP: who is let in, as whom they act, and what is refused before anything is read."""

from __future__ import annotations

import asyncio
import itertools
import json
from contextlib import AsyncExitStack

import httpx2
import pytest
import structlog
from mcp import Client
from mcp.client import ClientRequestContext
from mcp.client.streamable_http import streamable_http_client
from mcp.types import ElicitRequestParams, ElicitResult

from linkdesk.auth.policy import Role
from linkdesk.config.settings import Settings
from linkdesk.storage.api_tokens import ApiTokens
from linkdesk.storage.cipher import new_key
from linkdesk.storage.database import Database
from linkdesk.storage.url import DatabaseAddress
from tests.support.http_env import ANNA, BEARER, LINK_CALL, MCP_HEADERS, TOKENS, VERA, open_http_env
from tests.support.mcp_client import Era, error, success
from tests.support.sandbox_env import open_sandbox_env
from tests.support.servers import address_of, app_of, client_with, free_socket, serving

ERAS: list[Era] = ["auto", "legacy"]


BEGIN = {"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": {"name": "by hand", "version": "1"}}


@pytest.mark.parametrize("stateless", [False, True])
@pytest.mark.parametrize("era", ERAS)
async def test_a_change_is_on_record_under_the_name_of_the_token_and_names_the_program(
    era: Era, stateless: bool
) -> None:
    async with open_http_env(stateless=stateless) as env, client_with(ANNA, env.url, era) as client:
        done = success(await client.call_tool(*LINK_CALL))
        changes = success(await client.call_tool("list_changes", {}))["changes"]
        assert [item["id"] for item in done["after"]] == [7, 1]
        assert [change["who"] for change in changes] == ["anna"]
        assert await env.sandbox_env.deals(14) == [7, 1]


@pytest.mark.parametrize("era", ERAS)
async def test_two_people_on_one_server_are_told_apart_while_they_call_at_once(era: Era) -> None:
    tokens = f"{TOKENS},boris:editor:boris-token-0123456789"
    async with (
        open_http_env(http_tokens=tokens) as env,
        client_with(ANNA, env.url, era) as anna,
        client_with("boris-token-0123456789", env.url, era) as boris,
    ):
        await asyncio.gather(
            *(
                client.call_tool("set_booking_links", {"booking_id": number, "links": ["deal:1"]})
                for number, client in zip(range(15, 21), [anna, boris] * 3, strict=True)
            ),
        )
        changes = success(await anna.call_tool("list_changes", {}))["changes"]
        assert {change["target"]["id"]: change["who"] for change in changes} == {
            15: "anna",
            16: "boris",
            17: "anna",
            18: "boris",
            19: "anna",
            20: "boris",
        }


@pytest.mark.parametrize("era", ERAS)
async def test_a_viewer_is_shown_only_what_reads_and_refused_the_rest(era: Era) -> None:
    async with (
        open_http_env() as env,
        client_with(VERA, env.url, era) as vera,
        client_with(ANNA, env.url, era) as anna,
    ):
        hers = {tool.name for tool in (await vera.list_tools()).tools}
        all_of_them = {tool.name for tool in (await anna.list_tools()).tools}
        assert "list_booking_links" in hers
        assert hers < all_of_them
        assert not {name for name in hers if name.startswith(("set_", "unset_", "add_", "delete_", "move_", "undo_"))}
        assert error(await vera.call_tool(*LINK_CALL))["code"] == "role_not_enough"
        assert await env.sandbox_env.written() == []


async def test_no_token_no_tools_and_the_answer_says_where_to_read_on() -> None:
    async with open_http_env() as env:
        for headers in ({}, {"Authorization": "Bearer wrong-token-0123456789"}, {"Authorization": "Basic YTpi"}):
            answer = await env.http.post("/mcp", json={}, headers={**MCP_HEADERS, **headers})
            assert answer.status_code == 401
            metadata = f"{env.url}/.well-known/oauth-protected-resource/mcp"
            assert f'resource_metadata="{metadata}"' in answer.headers["www-authenticate"]
        assert (await env.http.get(metadata)).json()["resource"] == f"{env.url}/mcp"


async def test_a_slash_at_the_end_is_served_directly() -> None:
    async with open_http_env() as env:
        answer = await env.http.post(
            "/mcp/",
            json={"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": BEGIN},
            headers={**MCP_HEADERS, **BEARER},
        )
        assert answer.status_code == 200
        assert answer.headers["mcp-session-id"]


async def test_requests_for_other_hosts_are_refused_on_every_route() -> None:
    async with open_http_env(public_url="https://linkdesk.example") as env:
        for host in ("evil.example", "127.0.0.1.evil.example", "localhost@evil.example", "10.0.0.1:80", ""):
            for path in ("/mcp", "/mcp/", "/.well-known/oauth-protected-resource/mcp", "/nothing"):
                answer = await env.http.get(path, headers={"Host": host, **BEARER})
                assert answer.status_code == 421, (host, path)
        for host in ("localhost", "127.0.0.1:9", "[::1]:1", "linkdesk.example", "LINKDESK.example:443"):
            assert (await env.say("initialize", BEGIN, Host=host)).status_code == 200, host


async def test_only_pages_of_our_own_hosts_may_call() -> None:
    strangers = ("https://evil.example", "null", "https://linkdesk.example.evil.example", "file://", "")
    async with open_http_env(public_url="https://linkdesk.example") as env:
        for origin in strangers:
            assert (await env.say("initialize", BEGIN, Origin=origin)).status_code == 403, origin
        for origin in ("https://linkdesk.example", "http://localhost:6274"):
            assert (await env.say("initialize", BEGIN, Origin=origin)).status_code == 200, origin


async def test_a_body_beyond_four_mebibytes_is_refused() -> None:
    async with open_http_env() as env:
        for path in ("/mcp", "/nothing"):
            body = b" " * (4 * 1024 * 1024 + 1)
            assert (await env.http.post(path, content=body, headers={**MCP_HEADERS, **BEARER})).status_code == 413


async def test_a_session_is_known_only_to_the_token_that_began_it() -> None:
    async with open_http_env() as env:
        session = (await env.say("initialize", BEGIN)).headers["mcp-session-id"]
        listed = {"Mcp-Session-Id": session, "MCP-Protocol-Version": "2025-11-25"}
        assert (await env.say("tools/list", {}, **listed)).status_code == 200
        other = await env.say("tools/list", {}, **listed, Authorization=f"Bearer {VERA}")
        unknown = await env.say("tools/list", {}, **{**listed, "Mcp-Session-Id": "0" * 32})
        assert (other.status_code, unknown.status_code) == (404, 404)


@pytest.mark.parametrize("era", ERAS)
async def test_a_stored_token_works_from_the_moment_it_is_made_to_the_moment_it_is_revoked(
    era: Era, tmp_path_factory: pytest.TempPathFactory
) -> None:
    database = f"sqlite:///{tmp_path_factory.mktemp('store')}/a.sqlite3"
    async with (
        open_http_env(database=database) as env,
        await Database.open(DatabaseAddress.parse(database)) as store,
    ):
        bearers = ApiTokens(store)
        token = await bearers.add("olga", Role.EDITOR)
        async with client_with(token, env.url, era) as olga:
            success(await olga.call_tool(*LINK_CALL))
            assert await bearers.revoke("olga") == ["olga"]
            answer = await env.say("tools/list", {}, Authorization=f"Bearer {token}")
            assert answer.status_code == 401
            expired = await bearers.add("olga", Role.EDITOR, days=-1)
            answer = await env.say("tools/list", {}, Authorization=f"Bearer {expired}")
            assert answer.status_code == 401
            # The client may go: it has nothing left to say.
            await bearers.add("olga", Role.EDITOR)


@pytest.mark.parametrize("era", ERAS)
async def test_replicas_without_sessions_serve_one_client_in_turns_and_take_up_each_others_questions(era: Era) -> None:
    settings = Settings.model_validate({"http_tokens": TOKENS, "stateless": True, "secret_key": new_key()})
    turns = itertools.count()
    asked: list[str] = []

    async def agree(context: ClientRequestContext, params: ElicitRequestParams) -> ElicitResult:  # noqa: ARG001 - the SDK's names
        asked.append(params.message)
        return ElicitResult(action="accept", content={"agree": True})

    async with AsyncExitStack() as stack:
        sandbox_env = await stack.enter_async_context(open_sandbox_env())
        ports: list[int] = []
        for taken in (free_socket(), free_socket()):
            app = await stack.enter_async_context(app_of(sandbox_env.desk, settings, address_of(taken)))
            await stack.enter_async_context(serving(app, taken))
            ports.append(taken.getsockname()[1])

        async def next_replica(request: httpx2.Request) -> None:
            request.url = request.url.copy_with(port=ports[next(turns) % 2])

        http = httpx2.AsyncClient(headers=BEARER, event_hooks={"request": [next_replica]}, base_url="http://127.0.0.1")
        await stack.enter_async_context(http)
        transport = streamable_http_client("http://127.0.0.1/mcp", http_client=http)
        client = await stack.enter_async_context(Client(transport, mode=era, elicitation_callback=agree))
        assert "set_booking_links" in {tool.name for tool in (await client.list_tools()).tools}
        assert success(await client.call_tool(*LINK_CALL))["changed"] is True
        replaced = await client.call_tool("set_booking_links", {**LINK_CALL[1], "links": ["deal:2"], "mode": "replace"})
        if era == "legacy":
            # Without a session nobody can be asked through an older client: nothing is done.
            assert error(replaced)["code"] == "needs_a_person"
            assert (asked, await sandbox_env.deals(14)) == ([], [7, 1])
        else:
            assert success(replaced)["changed"] is True
            assert (len(asked), await sandbox_env.deals(14)) == (1, [2])


@pytest.mark.parametrize("era", ERAS)
async def test_with_sessions_a_person_is_asked_through_every_client(era: Era) -> None:
    async def decline(context: ClientRequestContext, params: ElicitRequestParams) -> ElicitResult:  # noqa: ARG001 - the SDK's names
        return ElicitResult(action="decline")

    async with (
        open_http_env() as env,
        httpx2.AsyncClient(headers=BEARER) as http,
        Client(
            streamable_http_client(f"{env.url}/mcp", http_client=http), mode=era, elicitation_callback=decline
        ) as client,
    ):
        replaced = await client.call_tool("set_booking_links", {**LINK_CALL[1], "mode": "replace"})
        assert error(replaced)["code"] == "declined"
        assert await env.sandbox_env.deals(14) == [7]


async def test_the_process_says_that_it_lives_to_whoever_asks() -> None:
    async with open_http_env() as env:
        answer = await env.http.get("/health", headers={"Host": "10.1.2.3:8000"})
        assert (answer.status_code, answer.json()) == (200, {"status": "ok"})
        assert (await env.http.get("/ready")).json() == {"status": "ready"}


async def test_the_log_has_one_line_a_call_and_none_of_its_secrets() -> None:
    merge = structlog.contextvars.merge_contextvars
    with structlog.testing.capture_logs(processors=[merge]) as lines:
        async with open_http_env() as env, client_with(ANNA, env.url) as client:
            await client.call_tool(*LINK_CALL)
            await client.call_tool("get_booking", {"booking_id": "secret words"})
    calls = [line for line in lines if line["event"] == "mcp.call"]
    assert [(line["tool"], line["outcome"]) for line in calls] == [
        ("set_booking_links", "ok"),
        ("get_booking", "bad_arguments"),
    ]
    assert {(line["employee"], line["client"]) for line in calls} == {("anna", "mcp")}
    assert all(line["ms"] >= 0 for line in calls)
    assert calls[0]["request_id"] != calls[1]["request_id"]
    # What else is logged meanwhile can be put beside the call.
    assert calls[0]["request_id"] in {line["request_id"] for line in lines if line["event"] == "desk.did"}
    assert ANNA not in str(lines)
    assert "secret words" not in str(lines)


async def test_what_is_no_message_is_answered_as_the_protocol_says() -> None:
    async with open_http_env() as env:
        answer = await env.http.post("/mcp", content=b"{", headers={**MCP_HEADERS, **BEARER})
        assert answer.status_code == 400
        assert json.loads(answer.text)["error"]["code"] == -32700
