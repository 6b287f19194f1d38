"""A stub portal that answers immediately and stores only the links of bookings."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final
from urllib.parse import parse_qs

MOMENT: Final = {"timestamp": 1795000000, "timezone": "Europe/Moscow"}
BOOKING: Final = {"booking": {"id": 1, "resourceIds": [], "datePeriod": {"from": MOMENT, "to": MOMENT}}}
ANSWERS: Final[dict[str, Any]] = {
    "profile": {"ID": "1", "NAME": "Anna", "LAST_NAME": "Ivanova", "ADMIN": True},
    "scope": ["booking", "crm", "user"],
    "booking.v1.booking.client.list": {"bookingClient": []},
    "crm.item.get": {"item": {"id": 1, "title": "Deal"}},
}
LINKS: Final = dict[str, list[dict[str, Any]]]()
"""The links set so far, by booking."""


def answer(rest: str, body: dict[str, Any]) -> Any:  # noqa: ANN401 - JSON
    """Return the answer to a call."""
    if rest == "batch":
        commands: dict[str, str] = body.get("cmd", {})
        parts = {name: command.partition("?") for name, command in commands.items()}
        results = {
            name: answer(method, {key: values[0] for key, values in parse_qs(query).items()})
            for name, (method, _, query) in parts.items()
        }
        return {"result": results, "result_error": []}
    match rest:
        case "booking.v1.booking.externalData.list":
            return {"externalData": LINKS.get(str(body["bookingId"]), [])}
        case "booking.v1.booking.externalData.set":
            LINKS[str(body["bookingId"])] = body["externalData"]
            return True
        case _:
            return ANSWERS.get(rest, BOOKING)


class Handler(BaseHTTPRequestHandler):
    """Handles requests on a persistent connection."""

    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        """Answer a request."""
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])) or b"{}")
        rest = self.path.rstrip("/").rpartition("/")[2].removesuffix(".json")
        data = json.dumps({"result": answer(rest, body)}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: object) -> None:
        """Suppress the access log."""


@contextmanager
def stub_portal() -> Iterator[str]:
    """Serve the portal; yield the webhook URL."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/rest/1/benchmark/"
        server.shutdown()
