"""The commands `linkdesk signin` and `linkdesk signout`, as processes of their own."""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
from asyncio.subprocess import PIPE
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from linkdesk.storage.cipher import new_key
from tests.support.authorization import CLIENT_ID, CLIENT_SECRET, MEMBER, PLANTED, Authorization, serve_authorization
from tests.support.databases import content_of

LINKDESK = Path(sys.executable).with_name("linkdesk")


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port: int = taken.getsockname()[1]
        return port


@pytest.fixture
def server() -> Iterator[Authorization]:
    authorization = Authorization()
    with serve_authorization(authorization):
        yield authorization


@pytest.fixture
def environment(server: Authorization, tmp_path: Path) -> Mapping[str, str]:
    return {
        **os.environ,
        "LINKDESK_PORTAL": server.origin,
        "LINKDESK_CLIENT_ID": CLIENT_ID,
        "LINKDESK_CLIENT_SECRET": CLIENT_SECRET,
        "LINKDESK_OAUTH_URL": f"{server.origin}/oauth/token/",
        "LINKDESK_PUBLIC_URL": f"http://127.0.0.1:{free_port()}",
        "LINKDESK_SECRET_KEY": new_key(),
        "LINKDESK_DATABASE": f"sqlite:///{tmp_path}/a.sqlite3",
    }


def ran(environment: Mapping[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([LINKDESK, *words], capture_output=True, text=True, env=environment, timeout=30, check=False)


async def signed_in(
    environment: Mapping[str, str], query: Mapping[str, str], server: Authorization
) -> tuple[int | None, str, str, list[int]]:
    """Run the command, visit it as a stranger and then as the browser that comes back."""
    process = await asyncio.create_subprocess_exec(
        LINKDESK, "signin", "--as", "anna", stdout=PIPE, stderr=PIPE, env=environment
    )
    assert process.stdout is not None
    await process.stdout.readline()
    address = (await process.stdout.readline()).decode().strip()
    assert address.startswith(f"{server.origin}/oauth/authorize/?client_id={CLIENT_ID}&state=")
    (state,) = parse_qs(urlsplit(address).query)["state"]
    callback = f"{environment['LINKDESK_PUBLIC_URL']}/oauth/callback"
    transport = httpx.AsyncHTTPTransport(retries=5)  # the port is taken before the address is printed, served after
    async with httpx.AsyncClient(transport=transport) as http:
        stranger = await http.get(callback, params={"state": "not ours", "code": "x"})
        back = await http.get(callback, params={"state": state, **query})
    out, err = await process.communicate()
    return process.returncode, out.decode(), err.decode(), [stranger.status_code, back.status_code]


async def test_a_sign_in_from_the_terminal_is_finished_by_the_browser(
    server: Authorization, environment: Mapping[str, str]
) -> None:
    domain = urlsplit(server.origin).netloc
    query = {"code": server.code_for(7), "domain": domain, "member_id": MEMBER}
    code, out, err, statuses = await signed_in(environment, query, server)
    assert (code, out) == (0, f"Signed in: anna (7), {server.origin}\n")
    assert statuses == [400, 200]
    assert not PLANTED.search(out + err)
    assert not PLANTED.search(content_of(environment["LINKDESK_DATABASE"]).decode(errors="replace"))
    assert ran(environment, "signout", "--as", "anna").stdout == "anna is signed out.\n"
    assert ran({**environment, "LINKDESK_LANG": "ru"}, "signout", "--as", "anna").stdout == "Входа не было: anna.\n"


async def test_a_sign_in_that_was_refused_ends_the_command_with_a_sentence(
    server: Authorization, environment: Mapping[str, str]
) -> None:
    code, out, err, _ = await signed_in(environment, {"error": "access_denied"}, server)
    assert (code, out) == (1, "")
    assert "Bitrix24 did not let you in." in err


def test_with_a_public_address_the_command_prints_the_address_and_leaves_the_rest_to_the_server(
    environment: Mapping[str, str],
) -> None:
    done = ran({**environment, "LINKDESK_PUBLIC_URL": "https://linkdesk.example.com"}, "signin")
    assert done.returncode == 0
    assert "/oauth/authorize/?client_id=" in done.stdout


def test_a_port_that_is_taken_is_said(environment: Mapping[str, str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        url = f"http://127.0.0.1:{taken.getsockname()[1]}"
        done = ran({**environment, "LINKDESK_PUBLIC_URL": url}, "signin")
    assert done.returncode == 2
    assert f"cannot listen at {url}" in done.stderr.splitlines()[-1]


@pytest.mark.parametrize("command", ["signin", "signout"])
def test_with_a_webhook_nobody_has_to_sign_in(command: str) -> None:
    done = ran({**os.environ, "LINKDESK_PORTAL": "https://example.bitrix24.com/rest/1/planted-secret/"}, command)
    assert (done.returncode, done.stdout) == (2, "")
    assert "Nobody has to sign in" in done.stderr
