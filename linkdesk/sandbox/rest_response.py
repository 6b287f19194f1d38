"""What goes back over the wire: JSON as the portal writes it, or what a failure leaves of it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta

from starlette.responses import Response

from tool_specs.declaration.wire import Json


@dataclass(frozen=True, slots=True)
class RestResponse:
    """A status and a body; text is sent as it is, all else as JSON."""

    status: int
    body: Json
    media_type: str = "application/json; charset=utf-8"
    location: str | None = None

    def to_http(self) -> Response:
        """Make the HTTP response; letters beyond ASCII are escaped, as PHP does."""
        text = self.body if isinstance(self.body, str) else json.dumps(self.body)
        headers = None if self.location is None else {"Location": self.location}
        return Response(text, self.status, headers, self.media_type)


SERVER_ERROR = RestResponse(
    500,
    "<html>\n<head><title>500 Internal Server Error</title></head>\n<body>\n"
    "<center><h1>500 Internal Server Error</h1></center>\n<hr><center>nginx</center>\n</body>\n</html>\n",
    "text/html",
)


def redirect(target: str) -> RestResponse:
    """Send a client to another address, in HTML as the web server in front does."""
    return RestResponse(
        302,
        "<html>\n<head><title>302 Found</title></head>\n<body>\n"
        "<center><h1>302 Found</h1></center>\n<hr><center>nginx</center>\n</body>\n</html>\n",
        "text/html",
        target,
    )


NO_BODY = RestResponse(200, "", "text/html; charset=UTF-8")


def timing(start: datetime, seconds: float, operating: float, reset_at: int) -> dict[str, Json]:
    """Return the `time` object of an answer."""
    finish = start + timedelta(seconds=seconds)
    return {
        "start": start.timestamp(),
        "finish": finish.timestamp(),
        "duration": seconds,
        "processing": seconds,
        "date_start": start.isoformat(timespec="seconds"),
        "date_finish": finish.isoformat(timespec="seconds"),
        "operating_reset_at": reset_at,
        "operating": operating,
    }
