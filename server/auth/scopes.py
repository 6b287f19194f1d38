"""The scopes of the portal connection, read once before the first message."""

from __future__ import annotations

import asyncio
from typing import Final

from linkdesk.auth.policy import Actor
from linkdesk.desk import Desk
from linkdesk.errors.base import Trouble
from linkdesk.model.outcome import ReadResult
from linkdesk.model.views import WhoamiView
from tool_specs.recipes.changes_and_plans import Whoami

SCOPES_TIMEOUT_S: Final = 3
"""Seconds that the first message may wait for the portal's answer."""


async def granted_scopes(desk: Desk, actor: Actor) -> list[str] | None:
    """Return the scopes of the connection, or None if the portal does not answer in time."""
    me = await current_user(desk, actor)
    return None if me is None else me.scopes


async def current_user(desk: Desk, actor: Actor) -> WhoamiView | None:
    """Return the portal user behind an actor, or None if the portal does not answer in time."""
    try:
        async with asyncio.timeout(SCOPES_TIMEOUT_S):
            outcome = await desk.do(Whoami(), actor)
    except (Trouble, TimeoutError):
        return None
    return outcome.shown if isinstance(outcome, ReadResult) and isinstance(outcome.shown, WhoamiView) else None
