import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest

COMMAND = [sys.executable, "-c", "from linkdesk.command import main; main()", "sandbox"]


@contextmanager
def running(*arguments: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Run the command; give it and the first line it prints."""
    with subprocess.Popen(
        [*COMMAND, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    ) as process:
        assert process.stdout is not None
        try:
            yield process, process.stdout.readline().strip()
        finally:
            process.kill()


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGINT])
def test_the_command_serves_the_address_it_prints_and_ends_cleanly(ending: signal.Signals) -> None:
    with running() as (process, webhook), httpx.Client(base_url=webhook, trust_env=False) as portal:
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


def test_a_port_that_is_taken_is_said_in_one_sentence() -> None:
    with running("--empty") as (_, webhook):
        port = str(httpx.URL(webhook).port)
        again = subprocess.run([*COMMAND, "--port", port], capture_output=True, encoding="utf-8", check=False)
    assert (again.returncode, again.stdout) == (1, "")
    assert again.stderr.startswith(f"Error: Port {port} of 127.0.0.1 cannot be used")
