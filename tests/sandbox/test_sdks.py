"""Clients that nobody here wrote work against the sandbox, over https; each runs in an interpreter of its own."""

import json
import os
import shutil
import subprocess
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from tests.support.paths import SDK
from tests.support.requirements import require
from tests.support.sandbox_process import run_sandbox

PYTHON = os.environ.get("LINKDESK_SDK_PYTHON", "")
NODE_MODULES = Path(os.environ.get("LINKDESK_SDK_NODE_MODULES", ""))


def seen_by(*command: str) -> dict[str, Any]:
    """Run a script with the webhook's address as its last argument; it trusts the authority in its own way."""
    # b24pysdk reads error codes as text only.
    with run_sandbox("--tls", "--string-codes") as (process, webhook):
        assert process.stdout is not None
        authority = process.stdout.readline().strip()
        trusting = dict.fromkeys(("REQUESTS_CA_BUNDLE", "SSL_CERT_FILE", "NODE_EXTRA_CA_CERTS"), authority)
        done = subprocess.run(
            [*command, webhook],
            env=os.environ | trusting,
            capture_output=True,
            encoding="utf-8",
            timeout=60,
            check=False,
        )
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout))


def python_with(library: str) -> str:
    reason = f"set LINKDESK_SDK_PYTHON to an interpreter that has {library}"
    there = bool(PYTHON) and subprocess.run([PYTHON, "-c", f"import {library}"], check=False).returncode == 0
    require("sdk", there, reason)
    require("sdk", find_spec("trustme") is not None, "install trustme")
    return PYTHON


LINKED = {"links set": True, "links": ["1", "7"], "clients set": True, "clients": [1, 2]}
DEALS = list(range(1, 13))


def test_the_official_python_sdk_reads_and_writes() -> None:
    seen = seen_by(python_with("b24pysdk"), str(SDK / "with_b24pysdk.py"))
    assert seen == LINKED | {
        "scopes": ["booking", "crm", "user"],
        "links unset": True,
        "waitlist links set": True,
        "waitlist links": ["1"],
        "waitlist clients set": True,
        "binding add": True,
        "bindings": [7, 1],
        "binding delete": True,
        "bookings": 10,
        "missing booking": ["BitrixAPIBadRequest", "1021", 400],
        "bound twice": ["BitrixAPIBadRequest", "ACTIVITY_IS_ALREADY_BOUND", 400],
        "all deals": DEALS,
        "all deals, fast": len(DEALS),
        "batch": 15,
    }


def test_fast_bitrix24_reads_and_writes() -> None:
    seen = seen_by(python_with("fast_bitrix24"), str(SDK / "with_fast_bitrix24.py"))
    assert seen == LINKED | {
        "bindings added in a batch": [True, True, True],
        "bindings": [7, 1, 2, 3],
        "deals": DEALS,
        "activities": 6,
        "bookings": [14, 15, 16, 17, 18, 19, 20, 21, 40, 123],
        "by id": ["70", "71", "999"],
    }


def test_the_official_javascript_sdk_reads_and_writes() -> None:
    folder = NODE_MODULES / "@bitrix24" / "b24jssdk"
    node = shutil.which("node")
    there = folder.is_absolute() and folder.is_dir() and node is not None
    require("sdk", there, "set LINKDESK_SDK_NODE_MODULES to a node_modules folder that has @bitrix24/b24jssdk")
    seen = seen_by(str(node), str(SDK / "with_b24jssdk.mjs"), str(folder))
    assert seen == LINKED | {
        "links unset": True,
        "waitlist links set": True,
        "binding add": True,
        "bindings": [7, 1],
        "binding delete": True,
        "deals": DEALS,
        "batch": [15, 14],
        "missing": [400, "Booking not found"],
    }
