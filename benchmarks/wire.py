"""An MCP server on standard input and output whose time, CPU time and memory are measured."""

from __future__ import annotations

import json
import os
import subprocess
import time
from pathlib import Path
from typing import Any, Final

BARE: Final = Path(__file__).with_name("bare_server.py")
INITIALIZE: Final = {
    "protocolVersion": "2025-11-25",
    "capabilities": {},
    "clientInfo": {"name": "benchmark", "version": "1"},
}
NANO: Final = 1_000_000_000


class Server:
    """A server process on standard input and output."""

    def __init__(self, command: list[str], portal: str, folder: str) -> None:
        """Start the server and wait for its first response."""
        env = {**os.environ, "LINKDESK_PORTAL": portal, "LINKDESK_RATE": "5/250", "LINKDESK_CONFIRM": "never"}
        env["LINKDESK_DATABASE"] = f"sqlite:///{folder}/linkdesk.sqlite3"
        # Installed packages are compiled; a source tree is compiled at its first start.
        env.pop("PYTHONDONTWRITEBYTECODE", None)
        pipe = subprocess.PIPE
        self._begun = time.perf_counter()
        self.process = subprocess.Popen(
            command, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL, env=env, cwd=BARE.parent
        )
        self._number = 0
        self.ask("initialize", INITIALIZE)

    def ask(self, method: str, params: dict[str, Any]) -> dict[str, Any]:
        """Send a request and return its result."""
        self._number += 1
        self._send({"jsonrpc": "2.0", "id": self._number, "method": method, "params": params})
        if self.process.stdout is None:
            raise RuntimeError
        while (answer := json.loads(self.process.stdout.readline())).get("id") != self._number:
            pass
        result: dict[str, Any] = answer["result"]
        return result

    def say(self, method: str) -> None:
        """Send a notification."""
        self._send({"jsonrpc": "2.0", "method": method})

    def call(self, tool: str, **arguments: object) -> dict[str, Any]:
        """Call a tool and check that it succeeds."""
        result = self.ask("tools/call", {"name": tool, "arguments": arguments})
        if result.get("isError"):
            raise RuntimeError(result)
        return result

    def seconds(self) -> float:
        """Return the seconds since the start."""
        return time.perf_counter() - self._begun

    def cpu(self) -> float:
        """Return the CPU time of its current threads in seconds."""
        tasks = Path(f"/proc/{self.process.pid}/task").iterdir()
        return sum(int((task / "schedstat").read_text(encoding="ascii").split()[0]) for task in tasks) / NANO

    def memory_mb(self) -> float:
        """Return the peak memory usage in MB."""
        status = Path(f"/proc/{self.process.pid}/status").read_text(encoding="ascii")
        return int(status.partition("VmHWM:")[2].split()[0]) / 1024

    def end(self) -> None:
        """Close its input and wait for the process to end."""
        if self.process.stdin is not None:
            self.process.stdin.close()
        self.process.wait()

    def _send(self, message: dict[str, Any]) -> None:
        if self.process.stdin is None:
            raise RuntimeError
        self.process.stdin.write(json.dumps(message).encode() + b"\n")
        self.process.stdin.flush()
