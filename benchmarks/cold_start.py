"""From nothing to the first answer: `linkdesk serve` beside a bare server of the SDK, in turn, in one run.

Both environments can be measured: the one this runs in, and with `--python` any other that Linkdesk is installed in,
such as one with the runtime packages alone. Wall time is what a person waits; processor time is disturbed least by
other work. Of both the least and the median are told, and the list of tools beside, which a client asks for next.
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
"""What the first answer may cost beside the bare server, times its own."""
FIRST: Final = "first answer"
OURS: Final = "linkdesk"
THEIRS: Final = "bare SDK"
FIGURES: Final = (FIRST, f"{FIRST}, CPU", "list of tools", "list of tools, CPU")


def started(command: list[str], portal: str, folder: str) -> dict[str, float]:
    """Start a server once, and give the seconds until it has answered and until it has told its tools."""
    server = Server(command, portal, folder)
    row = {FIRST: server.seconds(), f"{FIRST}, CPU": server.cpu()}
    server.say("notifications/initialized")
    server.ask("tools/list", {})
    row |= {"list of tools": server.seconds(), "list of tools, CPU": server.cpu()}
    server.end()
    return row


def measured(python: str, rounds: int) -> dict[str, list[dict[str, float]]]:
    """Start both in turn; the first start of each fills the caches and is not counted."""
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
    """Print the figures, and give the ratio of the least times to the first answer."""
    for figure in FIGURES:
        told = [f"{figure}:"]
        for name, of in (("least", min), ("median", statistics.median)):
            ours, theirs = (of(row[figure] for row in found[who]) for who in (OURS, THEIRS))
            told.append(f"{name} {ours:.3f} s beside {theirs:.3f} s, {ours / theirs:.2f} x;")
        print(" ".join(told).rstrip(";"))
    return min(row[FIRST] for row in found[OURS]) / min(row[FIRST] for row in found[THEIRS])


def main() -> None:
    """Print the figures; exit 1 where the first answer comes too late."""
    words = argparse.ArgumentParser(description="Cold start beside a bare server of the SDK.")
    words.add_argument("--python", default=sys.executable, help="an interpreter beside which Linkdesk is installed")
    words.add_argument("--rounds", type=int, default=ROUNDS)
    given = words.parse_args()
    ratio = report(measured(given.python, given.rounds))
    print(f"rounds: {given.rounds}; at most {MOST} x")
    sys.exit(ratio > MOST)


if __name__ == "__main__":
    main()
