"""`linkdesk serve` beside a bare server of the SDK, whose tool makes one call: CPU, cold start, memory, in one run.

Processor time of the server's process is compared, which other work on the machine disturbs least; both are measured
in turn.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from benchmarks.stub_portal import LINKS, stub_portal

LINKDESK: Final = Path(sys.executable).with_name("linkdesk")
BARE: Final = Path(__file__).with_name("bare_server.py")
BOOKING: Final = "get_booking"
CALLS: Final = 100
FEW_CALLS: Final = 30
BYTES_A_TOKEN: Final = 4
"""A rule of thumb for English and JSON; no tokenizer is asked."""
ROUNDS: Final = 3
INITIALIZE: Final = {
    "protocolVersion": "2025-11-25",
    "capabilities": {},
    "clientInfo": {"name": "benchmark", "version": "1"},
}
TICKS: Final = os.sysconf("SC_CLK_TCK")


class Server:
    """A server on standard input and output."""

    def __init__(self, command: list[str], portal: str, folder: str) -> None:
        """Start it, and wait for its first answer."""
        env = {**os.environ, "LINKDESK_PORTAL": portal, "LINKDESK_RATE": "5/250", "LINKDESK_CONFIRM": "never"}
        env["LINKDESK_DATABASE"] = f"sqlite:///{folder}/linkdesk.sqlite3"
        pipe = subprocess.PIPE
        begun = time.perf_counter()
        self.process = subprocess.Popen(
            command, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL, env=env, cwd=BARE.parent
        )
        self._number = 0
        self.ask("initialize", INITIALIZE)
        self.cold_start = time.perf_counter() - begun
        self.cold_cpu = self.cpu()

    def ask(self, method: str, params: dict[str, Any]) -> dict[str, Any]:
        """Send a request and give its result."""
        self._number += 1
        if self.process.stdin is None or self.process.stdout is None:
            raise RuntimeError
        line = json.dumps({"jsonrpc": "2.0", "id": self._number, "method": method, "params": params})
        self.process.stdin.write(line.encode() + b"\n")
        self.process.stdin.flush()
        while (answer := json.loads(self.process.stdout.readline())).get("id") != self._number:
            pass
        result: dict[str, Any] = answer["result"]
        return result

    def call(self, tool: str, **arguments: object) -> dict[str, Any]:
        """Call a tool, which must work."""
        result = self.ask("tools/call", {"name": tool, "arguments": arguments})
        if result.get("isError"):
            raise RuntimeError(result)
        return result

    def cpu(self) -> float:
        """Give the processor time used so far, in seconds."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text(encoding="ascii").rpartition(") ")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    def memory_mb(self) -> float:
        """Give the most memory used so far."""
        status = Path(f"/proc/{self.process.pid}/status").read_text(encoding="ascii")
        return int(status.partition("VmHWM:")[2].split()[0]) / 1024

    def end(self) -> None:
        """Close its input and wait."""
        if self.process.stdin is not None:
            self.process.stdin.close()
        self.process.wait()


def cpu_ms(server: Server, call: Callable[[int], object], calls: int = CALLS) -> float:
    """Give the processor time of a call."""
    call(0)
    before = server.cpu()
    for number in range(calls):
        call(1 + number)
    return 1000 * (server.cpu() - before) / calls


def main() -> None:
    """Print the figures."""
    with stub_portal() as portal, tempfile.TemporaryDirectory() as folder:
        commands = {"bare SDK": [sys.executable, str(BARE), portal], "linkdesk": [str(LINKDESK), "serve"]}
        rows: dict[str, list[dict[str, float]]] = {name: [] for name in commands}
        for _ in range(ROUNDS):
            for name, command in commands.items():
                LINKS.clear()
                server = Server(command, portal, folder)
                row = {"cold start, s": server.cold_start, "cold start, CPU s": server.cold_cpu}
                # Ours asks for the booking, its deals and its clients in one request: with and without these two.
                whole = BOOKING if name == "linkdesk" else "get_whole_booking"
                row["get_booking, CPU ms"] = cpu_ms(server, lambda n, at=server: at.call(BOOKING, booking_id=1 + n))
                row["the same whole, CPU ms"] = cpu_ms(
                    server, lambda n, at=server, tool=whole: at.call(tool, booking_id=1 + n)
                )
                if name == "linkdesk":
                    row["list_booking_links, CPU ms"] = cpu_ms(
                        server, lambda n, at=server: at.call("list_booking_links", booking_id=1 + n), FEW_CALLS
                    )
                    # Looked at, checked, put on record in a file, sent, read back.
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
    print(
        f"rounds: {ROUNDS}, best of each; median cold start "
        f"{statistics.median(row['cold start, s'] for row in rows['linkdesk']):.2f} s"
    )


if __name__ == "__main__":
    main()
