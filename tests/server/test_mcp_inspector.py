"""The official inspector, as a second opinion on the tools; it needs Node.

It coerces arguments to the schema before it sends them, so it says nothing about wrong ones.
"""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from server.tools.selection import select_tools
from tests.support.mcp_process import LINKDESK
from tests.support.requirements import require

INSPECTOR = os.environ.get("LINKDESK_INSPECTOR", "")


def inspected(*arguments: str) -> dict[str, Any]:
    """Run the inspector on `linkdesk serve --sandbox`, which must succeed, and give what it printed."""
    require("node", bool(INSPECTOR) and Path(INSPECTOR).exists(), "no inspector: see .ci/run for how to install it")
    command = [INSPECTOR, "--cli", LINKDESK, "serve", "--sandbox", *arguments]
    done = subprocess.run(command, check=False, capture_output=True, encoding="utf-8", timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


@pytest.mark.parametrize("era", ["legacy", "modern"])
def test_the_inspector_lists_the_tools_and_finds_nothing_wrong_with_their_schemas(era: str) -> None:
    answer = inspected("--protocol-era", era, "--method", "tools/list", "--strict")
    assert [tool["name"] for tool in answer["tools"]] == [method.name() for method in select_tools()]


def test_the_inspector_links_a_deal() -> None:
    links = json.dumps([{"type": "deal", "id": 1}])
    call = ("--method", "tools/call", "--tool-name", "set_booking_links")
    answer = inspected(*call, "--tool-arg", "booking_id=14", "--tool-arg", f"links={links}")
    assert answer["structuredContent"]["changed"] is True
    assert [item["id"] for item in answer["structuredContent"]["after"]] == [7, 1]
