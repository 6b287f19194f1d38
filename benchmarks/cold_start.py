"""Time from start to the first response: `linkdesk serve` and a minimal server of the SDK, alternately in one run.

`--python` measures another environment that has Linkdesk, such as one with the runtime packages only. Wall time is what
a person waits; CPU time is affected least by other load. The minimum and the median of both are printed, also for the
list of tools, which a client requests next.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
from pathlib import Path
from typing import Final

from benchmarks.stub_portal import stub_portal
from benchmarks.wire import BARE, Server

ROUNDS: Final = 11
MOST: Final = 1.4
"""The allowed ratio of the times to the first response."""
FIRST: Final = "first answer"
OURS: Final = "linkdesk"
THEIRS: Final = "bare SDK"
FIGURES: Final = (FIRST, f"{FIRST}, CPU", "list of tools", "list of tools, CPU")


def started(command: list[str], portal: str, folder: str) -> dict[str, float]:
    """Start a server once and return the seconds to its first response and to its list of tools."""
    server = Server(command, portal, folder)
    row = {FIRST: server.seconds(), f"{FIRST}, CPU": server.cpu()}
    server.say("notifications/initialized")
    server.ask("tools/list", {})
    row |= {"list of tools": server.seconds(), "list of tools, CPU": server.cpu()}
    server.end()
    return row


def measured(python: str, rounds: int) -> dict[str, list[dict[str, float]]]:
    """Start both alternately; the first start of each fills the caches and is not counted."""
    with stub_portal() as portal, tempfile.TemporaryDirectory() as folder:
        commands = {
            THEIRS: [python, str(BARE), portal],
            OURS: [str(Path(python).with_name("linkdesk")), "serve"],
        }
        found: dict[str, list[dict[str, float]]] = {name: [] for name in commands}
        for number in range(1 + rounds):
            for name, command in commands.items():
                row = started(command, portal, folder)
                if number:
                    found[name].append(row)
    return found


def report(found: dict[str, list[dict[str, float]]]) -> float:
    """Print the figures and return the ratio of the minimum times to the first response."""
    for figure in FIGURES:
        told = [f"{figure}:"]
        for name, of in (("least", min), ("median", statistics.median)):
            ours, theirs = (of(row[figure] for row in found[who]) for who in (OURS, THEIRS))
            told.append(f"{name} {ours:.3f} s beside {theirs:.3f} s, {ours / theirs:.2f} x;")
        print(" ".join(told).rstrip(";"))
    return min(row[FIRST] for row in found[OURS]) / min(row[FIRST] for row in found[THEIRS])


def main() -> None:
    """Print the figures; exit with status 1 if the ratio is above the limit."""
    words = argparse.ArgumentParser(description="Cold start beside a bare server of the SDK.")
    words.add_argument("--python", default=sys.executable, help="an interpreter beside which Linkdesk is installed")
    words.add_argument("--rounds", type=int, default=ROUNDS)
    given = words.parse_args()
    ratio = report(measured(given.python, given.rounds))
    print(f"rounds: {given.rounds}; at most {MOST} x")
    sys.exit(ratio > MOST)


if __name__ == "__main__":
    main()
