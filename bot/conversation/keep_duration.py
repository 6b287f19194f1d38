"""Moves of a booking without an end time: the duration is kept."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from linkdesk.auth.policy import Actor
from linkdesk.desk import Desk
from linkdesk.model.outcome import ReadResult
from linkdesk.model.views import BookingView
from tool_specs.declaration.method import Method
from tool_specs.methods.booking import GetBooking, UpdateBooking


async def with_end(
    desk: Desk, actor: Actor, tool: type[Method[Any]], arguments: Mapping[str, Any]
) -> Mapping[str, Any]:
    """Return the arguments; to those of a move without an end, add the end that keeps the booking's length.

    Raises:
        Trouble: the booking could not be read.
    """
    if tool is not UpdateBooking or "date_from" not in arguments or "date_to" in arguments:
        return arguments
    found = await desk.do(GetBooking(booking_id=arguments["booking_id"]), actor)
    shown = found.shown if isinstance(found, ReadResult) else None
    if not isinstance(shown, BookingView):
        return arguments
    lasts = datetime.fromisoformat(shown.date_to) - datetime.fromisoformat(shown.date_from)
    end = datetime.fromisoformat(str(arguments["date_from"])) + lasts
    return {**arguments, "date_to": end.isoformat()}
