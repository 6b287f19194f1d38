"""`linkdesk serve` as a separate process on standard input and output."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

LINKDESK = str(Path(sys.executable).parent / "linkdesk")
TIMEOUT_S = 30
"""Seconds until a process that does not answer is killed."""


class StdioServer:
    """A process of `linkdesk serve` with its input and output."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        """Store the process."""
        self.process = process
        self._number = 0

    def send(self, line: str) -> None:
        """Write one line."""
        assert self.process.stdin is not None
        self.process.stdin.write(line.encode() + b"\n")
        self.process.stdin.flush()

    def receive(self) -> dict[str, Any]:
        """Read one line, which must be a message."""
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line, "the server ended"
        return cast("dict[str, Any]", json.loads(line))

    def ask(self, method: str, params: dict[str, Any]) -> dict[str, Any]:
        """Send a request and return the response."""
        self._number += 1
        self.send(json.dumps({"jsonrpc": "2.0", "id": self._number, "method": method, "params": params}))
        answer = self.receive()
        assert answer["id"] == self._number
        return answer

    def call(self, tool: str, arguments: dict[str, Any], **more: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
        """Call a tool and return its result."""
        result = self.ask("tools/call", {"name": tool, "arguments": arguments, **more})["result"]
        return cast("dict[str, Any]", result)

    def error(self, tool: str, arguments: dict[str, Any], **more: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
        """Call a tool that must fail, and return its error."""
        result = self.call(tool, arguments, **more)
        assert result["isError"] is True
        assert "structuredContent" not in result
        (content,) = result["content"]
        return cast("dict[str, Any]", json.loads(content["text"])["error"])

    def end(self) -> tuple[int, str]:
        """Close the input; return the exit status and standard error."""
        assert self.process.stdin is not None
        self.process.stdin.close()
        return self.ended()

    def ended(self) -> tuple[int, str]:
        """Wait for the process to end; return the exit status and standard error."""
        assert self.process.stdout is not None
        assert self.process.stderr is not None
        assert self.process.stdout.read() == b""
        errors = self.process.stderr.read().decode()
        return self.process.wait(), errors


@contextmanager
def start_stdio_server(*arguments: str, env: dict[str, str] | None = None) -> Iterator[StdioServer]:
    """Start `linkdesk serve`; kill it at the end of the test or after a timeout."""
    pipe = subprocess.PIPE
    with subprocess.Popen([LINKDESK, "serve", *arguments], stdin=pipe, stdout=pipe, stderr=pipe, env=env) as process:
        timer = threading.Timer(TIMEOUT_S, process.kill)
        timer.start()
        try:
            yield StdioServer(process)
        finally:
            timer.cancel()
            process.kill()
