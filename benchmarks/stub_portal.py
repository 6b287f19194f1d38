"""A portal that always answers the same, at once: what is measured against it is the way there."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final

MOMENT: Final = {"timestamp": 1795000000, "timezone": "Europe/Moscow"}
BOOKING: Final = {"booking": {"id": 1, "resourceIds": [], "datePeriod": {"from": MOMENT, "to": MOMENT}}}
ANSWERS: Final[dict[str, Any]] = {
    "profile": {"ID": "1", "NAME": "Anna", "LAST_NAME": "Ivanova", "ADMIN": True},
    "scope": ["booking", "crm", "user"],
    "booking.v1.booking.externalData.list": {"externalData": []},
    "booking.v1.booking.client.list": {"bookingClient": []},
    "crm.item.get": {"item": {"id": 1, "title": "Deal"}},
    "booking.v1.booking.externalData.set": True,
}


def answer(rest: str, body: dict[str, Any]) -> Any:  # noqa: ANN401 - JSON
    """Answer a call."""
    if rest != "batch":
        return ANSWERS.get(rest, BOOKING)
    commands: dict[str, str] = body.get("cmd", {})
    results = {name: ANSWERS.get(command.partition("?")[0], BOOKING) for name, command in commands.items()}
    return {"result": results, "result_error": []}


class Handler(BaseHTTPRequestHandler):
    """One connection, kept open."""

    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        """Answer."""
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])) or b"{}")
        rest = self.path.rstrip("/").rpartition("/")[2].removesuffix(".json")
        data = json.dumps({"result": answer(rest, body)}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def stub_portal() -> Iterator[str]:
    """Serve, and give the webhook's address."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/rest/1/benchmark/"
        server.shutdown()
