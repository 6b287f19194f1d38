"""The one front door: both faces call `Desk.do` and nothing else.

A request is checked, what is there is read, a plan is made, a person is asked where it destroys, and under a lock it is
carried out, read again and compared. The record, undo and stored plans will come between comparing and answering.
"""

from __future__ import annotations

import asyncio
from typing import Any, Final
from weakref import WeakValueDictionary

import structlog

from linkdesk.access import Actor, Policy
from linkdesk.catalogue import translate
from linkdesk.errors import PortalError
from linkdesk.outcome import AnyPlan, Outcome, Target
from linkdesk.ways import WAYS
from linkdesk.work import Calls, Work
from tool_specs.method import Method

log = structlog.stdlib.get_logger()


class Desk:
    """Safe work on one portal."""

    def __init__(self, portal: Calls, policy: Policy | None = None, *, zone: str = "UTC") -> None:
        """Take the portal to work on, what is allowed, and the business's time zone (IANA name)."""
        self._portal = portal
        self._policy = policy or Policy()
        self._zone = zone
        self._turns: Final = WeakValueDictionary[Target, asyncio.Lock]()

    async def do(self, method: Method[Any], actor: Actor, *, agreed: AnyPlan | None = None) -> Outcome:
        """Do what was asked, or say why not.

        Args:
            method: the request.
            actor: who asks, and through which face.
            agreed: the plan a person said yes to; never what a model claims.

        Raises:
            Trouble: it could not be done; it says whether anything changed.
        """
        self._policy.check(method, actor)
        work = Work(self._portal, self._policy, self._zone, agreed, self._turn)
        try:
            outcome = await WAYS[type(method)](work, method)
        except PortalError as error:
            raise translate(error, method) from None
        log.info("desk.did", method=method.rest, actor=actor.name, face=actor.face, outcome=type(outcome).__name__)
        return outcome

    def _turn(self, target: Target) -> asyncio.Lock:
        """Give the lock of a target: one writer at a time. It lives as long as somebody holds or awaits it."""
        return self._turns.setdefault(target, asyncio.Lock())
