"""Moves of a booking without an end time: the duration is kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.nlu.result import Certainty, Understood
from linkdesk.auth.policy import Actor
from linkdesk.desk import Desk
from linkdesk.model.outcome import ReadResult
from linkdesk.model.views import BookingView
from tool_specs.methods.booking import GetBooking, UpdateBooking


def as_move(understood: Understood) -> Understood:
    """Accept a move without an end time; the end that is filled in is shown for confirmation."""
    moves = understood.tool is UpdateBooking and understood.missing == ("date_to",) and not understood.each
    if not moves or "date_from" not in understood.arguments:
        return understood
    return replace(understood, missing=(), question=None, certainty=Certainty.COMPLETED)


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
