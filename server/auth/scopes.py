"""Which permissions the connection has, asked once before the first message."""

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
"""How long the first message may wait for the portal to tell."""


async def granted_scopes(desk: Desk, actor: Actor) -> list[str] | None:
    """Ask which permissions we have; None where the portal does not say so soon."""
    me = await current_user(desk, actor)
    return None if me is None else me.scopes


async def current_user(desk: Desk, actor: Actor) -> WhoamiView | None:
    """Ask the portal who somebody is there; None where it does not say so soon."""
    try:
        async with asyncio.timeout(SCOPES_TIMEOUT_S):
            outcome = await desk.do(Whoami(), actor)
    except (Trouble, TimeoutError):
        return None
    return outcome.shown if isinstance(outcome, ReadResult) and isinstance(outcome.shown, WhoamiView) else None
