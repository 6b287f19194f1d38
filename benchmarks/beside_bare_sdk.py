"""Compare `linkdesk serve` with a minimal server of the SDK in one run: CPU per call, cold start, memory.

CPU time of the server's process is compared, because it is affected least by other load; both are measured
alternately. Cold starts have rounds of their own: see `benchmarks.cold_start`.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Final

from benchmarks import cold_start
from benchmarks.stub_portal import LINKS, stub_portal
from benchmarks.wire import BARE, Server

LINKDESK: Final = Path(sys.executable).with_name("linkdesk")
BOOKING: Final = "get_booking"
CALLS: Final = 100
FEW_CALLS: Final = 30
BYTES_A_TOKEN: Final = 4
"""A rule of thumb for English and JSON."""
ROUNDS: Final = 3


def cpu_ms(server: Server, call: Callable[[int], object], calls: int = CALLS) -> float:
    """Return the CPU time of a call in milliseconds."""
    call(0)
    before = server.cpu()
    for number in range(calls):
        call(1 + number)
    return 1000 * (server.cpu() - before) / calls


def main() -> None:
    """Print the figures."""
    cold_start.report(cold_start.measured(sys.executable, cold_start.ROUNDS))
    print(f"rounds of cold starts: {cold_start.ROUNDS}; at most {cold_start.MOST} x to the first answer")
    with stub_portal() as portal, tempfile.TemporaryDirectory() as folder:
        commands = {"bare SDK": [sys.executable, str(BARE), portal], "linkdesk": [str(LINKDESK), "serve"]}
        rows: dict[str, list[dict[str, float]]] = {name: [] for name in commands}
        for _ in range(ROUNDS):
            for name, command in commands.items():
                LINKS.clear()
                server = Server(command, portal, folder)
                row = dict[str, float]()
                # Linkdesk reads the booking, its deals and its clients in one request; the baseline has both variants.
                whole = BOOKING if name == "linkdesk" else "get_whole_booking"
                row["get_booking, CPU ms"] = cpu_ms(server, lambda n, at=server: at.call(BOOKING, booking_id=1 + n))
                row["the same whole, CPU ms"] = cpu_ms(
                    server, lambda n, at=server, tool=whole: at.call(tool, booking_id=1 + n)
                )
                if name == "linkdesk":
                    row["list_booking_links, CPU ms"] = cpu_ms(
                        server, lambda n, at=server: at.call("list_booking_links", booking_id=1 + n), FEW_CALLS
                    )
                    # A write is read, checked, logged to a file, sent and read back.
                    row["a safe link write, CPU ms"] = cpu_ms(
                        server,
                        lambda n, at=server: at.call("set_booking_links", booking_id=1 + n, links=["deal:1"]),
                        FEW_CALLS,
                    )
                    tools = json.dumps(server.ask("tools/list", {}), ensure_ascii=False, separators=(",", ":"))
                    row["list of tools, bytes"] = len(tools.encode())
                    row["list of tools, tokens at 4 bytes each"] = len(tools.encode()) / BYTES_A_TOKEN
                row["memory, MB"] = server.memory_mb()
                server.end()
                rows[name].append(row)
    best = {name: {key: min(row[key] for row in found) for key in found[0]} for name, found in rows.items()}
    for key in best["linkdesk"]:
        ours, bare = best["linkdesk"][key], best["bare SDK"].get(key)
        beside = "" if bare is None else f", bare SDK {bare:.3g}: {ours / bare:.2f} x"
        print(f"{key}: {ours:.3g}{beside}")
    print(f"rounds: {ROUNDS}, best of each")


if __name__ == "__main__":
    main()
