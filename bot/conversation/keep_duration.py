"""Moves of a booking without an end time: the duration is kept."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from linkdesk.auth.policy import Actor
from linkdesk.desk import Desk
from linkdesk.model.outcome import ReadResult
from linkdesk.model.views import BookingView
from tool_specs.methods.booking import GetBooking


async def with_end(desk: Desk, actor: Actor, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Return the arguments of a move with the end that keeps the booking's length.

    Raises:
        Trouble: the booking could not be read.
    """
    found = await desk.do(GetBooking(booking_id=arguments["booking_id"]), actor)
    shown = found.shown if isinstance(found, ReadResult) else None
    if not isinstance(shown, BookingView):
        return dict(arguments)
    lasts = datetime.fromisoformat(shown.date_to) - datetime.fromisoformat(shown.date_from)
    end = datetime.fromisoformat(str(arguments["date_from"])) + lasts
    return {**arguments, "date_to": end.isoformat()}
