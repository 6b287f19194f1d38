"""What the portal says of itself and of the caller: `profile`, `scope`, `server.time`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from linkdesk.sandbox.call import Call, Handler
from tool_specs.declaration.wire import Json

ALL_SCOPES: Final = frozenset({"booking", "calendar", "crm", "task", "user", "user_basic", "user_brief"})


def profile(call: Call) -> Json:
    """Answer who the webhook speaks for."""
    return {
        "ID": str(call.user.id),
        "ADMIN": call.user.admin,
        "NAME": call.user.name,
        "LAST_NAME": call.user.last_name,
        "PERSONAL_GENDER": "",
        "TIME_ZONE": "",
    }


def scope(call: Call) -> Json:
    """Answer what the webhook was given, or all there is."""
    return sorted(ALL_SCOPES if call.params.get("full") else call.access.scopes)


def server_time(call: Call) -> Json:
    """Answer the time, with the server's offset."""
    return call.now.isoformat(timespec="seconds")


def handlers() -> Iterator[tuple[str, Handler]]:
    """Return the methods that need no scope."""
    yield "profile", profile
    yield "scope", scope
    yield "server.time", server_time
