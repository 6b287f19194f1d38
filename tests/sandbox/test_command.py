import asyncio
import re
import signal
import ssl
import subprocess
import sys
from pathlib import Path

import httpx
import pytest
from click.testing import CliRunner
from cryptography.fernet import Fernet

from linkdesk.cli.sandbox import sandbox
from linkdesk.config.settings import load_settings
from linkdesk.portal.application import Application
from linkdesk.portal.oauth import TokenEndpoint
from linkdesk.portal.token import TokenGrant
from tests.support.sandbox_process import COMMAND, run_sandbox


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGINT])
def test_the_command_serves_the_address_it_prints_and_ends_cleanly(ending: signal.Signals) -> None:
    with run_sandbox() as (process, webhook), httpx.Client(base_url=webhook, trust_env=False) as portal:
        assert re.fullmatch(r"http://127\.0\.0\.1:[0-9]+/rest/1/[\w-]{16,}/", webhook)
        assert portal.post("booking.v1.booking.get", json={"id": 14}).json()["result"]["booking"]["id"] == 14
        # A connection that breaks has no answer at all, and the next call works.
        for kind in ("reset_before", "reset_after_commit"):
            fault = {"method": "booking.v1.booking.externalData.unset", "kind": kind}
            assert portal.post(f"{httpx.URL(webhook).join('/_sandbox/faults')}", json=fault).status_code == 200
            with pytest.raises(httpx.RemoteProtocolError, match="without sending a response"):
                portal.post("booking.v1.booking.externalData.unset", json={"bookingId": 14})
        calls = portal.get(f"{httpx.URL(webhook).join('/_sandbox/calls')}").json()
        assert [(seen["fault"], seen["applied"]) for seen in calls] == [
            (None, False),
            ("reset_before", False),
            ("reset_after_commit", True),
        ]
        process.send_signal(ending)
        rest, logged = process.communicate(timeout=10)
        assert (process.returncode, rest) == (0, "")
        assert webhook.split("/")[-2] not in logged
        assert "Traceback" not in logged


async def exchanged(application: Application, code: str) -> TokenGrant:
    endpoint = TokenEndpoint(application)
    try:
        return await endpoint.exchange(code)
    finally:
        await endpoint.aclose()


def test_with_oauth_the_lines_after_the_webhook_are_settings_to_sign_in_with(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    arguments = ("--oauth", "--file", str(tmp_path / "portal.json"), "--redirect", "https://linkdesk.example/back")
    with run_sandbox(*arguments) as (process, webhook):
        assert process.stdout is not None
        lines = [process.stdout.readline().strip() for _ in range(4)]
        names = [line.partition("=")[0] for line in lines]
        assert names == ["LINKDESK_CLIENT_ID", "LINKDESK_CLIENT_SECRET", "LINKDESK_OAUTH_URL", "LINKDESK_PORTAL"]
        for name, _, value in (line.partition("=") for line in lines):
            monkeypatch.setenv(name, value)
        monkeypatch.setenv("LINKDESK_SECRET_KEY", Fernet.generate_key().decode())
        application = load_settings().connection()
        assert isinstance(application, Application)
        assert webhook.startswith(application.origin)
        page = httpx.post(application.authorize_address("s"), data={"user_id": "2"}, trust_env=False)
        back = httpx.URL(page.headers["location"])
        assert str(back).startswith("https://linkdesk.example/back?code=")
        assert back.params["domain"] == httpx.URL(webhook).netloc.decode()
        granted = asyncio.run(exchanged(application, back.params["code"]))
        assert (granted.user_id, granted.client_endpoint) == (2, f"{application.origin}/rest/")
        profile = httpx.post(f"{granted.client_endpoint}profile", json={"auth": granted.access}, trust_env=False)
        assert profile.json()["result"]["ID"] == "2"
        process.send_signal(signal.SIGTERM)
        rest, logged = process.communicate(timeout=10)
        assert (process.returncode, rest) == (0, "")
        assert granted.access not in logged
    with run_sandbox(*arguments) as (process, again):
        assert process.stdout is not None
        assert [process.stdout.readline().strip() for _ in range(2)] == lines[:2]
        assert again.rpartition("/rest/")[2] == webhook.rpartition("/rest/")[2]


@pytest.mark.parametrize("redirect", ["linkdesk.example", "ftp://linkdesk.example/", "https://", "https://[oops/"])
def test_a_redirect_that_is_no_web_address_is_said_in_one_sentence(redirect: str) -> None:
    done = CliRunner().invoke(sandbox, ["--oauth", "--redirect", redirect])
    assert done.exit_code == 2
    assert "Invalid value for '--redirect': name a web address" in done.output


def test_a_port_that_is_taken_is_said_in_one_sentence() -> None:
    with run_sandbox("--empty") as (_, webhook):
        port = str(httpx.URL(webhook).port)
        again = subprocess.run([*COMMAND, "--port", port], capture_output=True, encoding="utf-8", check=False)
    assert (again.returncode, again.stdout) == (1, "")
    assert again.stderr.startswith(f"Error: Port {port} of 127.0.0.1 cannot be used")


def test_over_https_the_second_line_is_the_authority_to_trust(tmp_path: Path) -> None:
    with run_sandbox("--tls", "--file", str(tmp_path / "portal.json")) as (process, webhook):
        assert process.stdout is not None
        authority = Path(process.stdout.readline().strip())
        assert webhook.startswith("https://127.0.0.1:")
        context = ssl.create_default_context(cafile=authority)
        with httpx.Client(base_url=webhook, trust_env=False, verify=context) as portal:
            assert portal.post("profile").json()["result"]["ID"] == "1"
        with httpx.Client(base_url=webhook, trust_env=False) as portal, pytest.raises(httpx.ConnectError):
            portal.post("profile")
        assert [file.name for file in authority.parent.iterdir()] == [authority.name]
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0
    assert not authority.parent.exists()
    with run_sandbox("--file", str(tmp_path / "portal.json"), "--string-codes") as (_, again):
        assert again.rpartition("/rest/")[2] == webhook.rpartition("/rest/")[2]
        answer = httpx.post(f"{again}booking.v1.booking.get", json={"id": 5555}, trust_env=False)
        assert answer.json()["error"] == "1021"


def test_a_file_that_cannot_be_used_is_said_in_one_sentence(tmp_path: Path) -> None:
    file = tmp_path / "notes.txt"
    file.write_text("mine")
    done = subprocess.run([*COMMAND, "--file", str(file)], capture_output=True, encoding="utf-8", check=False)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == f"Error: {file} is not a sandbox state file; name another file.\n"


def test_https_without_its_library_is_said_in_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "trustme", None)
    monkeypatch.delitem(sys.modules, "linkdesk.sandbox.tls", raising=False)
    handlers = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    done = CliRunner().invoke(sandbox, ["--tls"])
    for number, handler in handlers.items():
        signal.signal(number, handler)
    assert done.exit_code == 1
    assert done.output.startswith("Error: --tls needs the library trustme, which is not installed")
