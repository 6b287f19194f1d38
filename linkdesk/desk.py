"""The one front door: both faces call `Desk.do` and nothing else.

A request is checked, what is there is read, a plan is made, a person is asked where it destroys, and under a lock it is
carried out, read again and compared. The record, undo and stored plans will come between comparing and answering.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final, Protocol, TypeVar
from weakref import WeakValueDictionary

import structlog

from linkdesk import bindings, linked_lists
from linkdesk.access import Actor, Policy
from linkdesk.applying import Reading, carry_out
from linkdesk.bindings import BindingChange
from linkdesk.catalogue import translate
from linkdesk.errors import PortalError
from linkdesk.linked_lists import BESIDE, LinkedList, list_of, refs_of
from linkdesk.looking import describe, look_for
from linkdesk.outcome import Done, Listing, Outcome, Plan, Target, Waiting
from tool_specs.activity_binding import (
    AddActivityBinding,
    DeleteActivityBinding,
    ListActivityBindings,
    MoveActivityBinding,
)
from tool_specs.arguments import SetsList, UnsetsList
from tool_specs.crm_ref import CrmRef
from tool_specs.method import Method
from tool_specs.wire import ListItem

Answer = TypeVar("Answer")
log = structlog.stdlib.get_logger()


class Calls(Protocol):
    """What calls the portal's methods: `linkdesk.portal.client.Portal`, or what stands before it."""

    async def __call__(self, method: Method[Answer], /) -> Answer:
        """Call one method and give its answer, typed by the method."""
        ...


class Desk:
    """Safe work on one portal."""

    def __init__(self, portal: Calls, policy: Policy | None = None) -> None:
        """Take the portal to work on and what is allowed."""
        self._portal = portal
        self._policy = policy or Policy()
        self._turns: Final = WeakValueDictionary[Target, asyncio.Lock]()

    async def do(self, method: Method[Any], actor: Actor, *, agreed: Plan | None = None) -> Outcome:
        """Do what was asked, or say why not.

        Args:
            method: the request.
            actor: who asks, and through which face.
            agreed: the plan a person said yes to; never what a model claims.

        Raises:
            Trouble: it could not be done; it says whether anything changed.
        """
        self._policy.check(method, actor)
        try:
            outcome = await self._done(method, agreed)
        except PortalError as error:
            raise translate(error, method) from None
        log.info("desk.did", method=method.rest, actor=actor.name, face=actor.face, outcome=type(outcome).__name__)
        return outcome

    async def _done(self, method: Method[Any], agreed: Plan | None) -> Outcome:
        match method:
            case ListActivityBindings():
                return await self._list_bindings(method)
            case AddActivityBinding() | DeleteActivityBinding() | MoveActivityBinding():
                return await self._change_bindings(method, agreed)
            case SetsList() | UnsetsList():
                return await self._change_list(_known_list(method), method, agreed)
            case _:
                return await self._list(_known_list(method), method)

    async def _list(self, one: LinkedList, method: Method[Any]) -> Listing:
        target = one.target(method)
        items = refs_of(await self._portal(one.reading(target)))
        return Listing(target=target, kind=one.kind, items=items, about=await describe(self._portal, target, items))

    async def _change_list(self, one: LinkedList, method: SetsList | UnsetsList, agreed: Plan | None) -> Outcome:
        target = one.target(method)

        async def reads() -> Sequence[ListItem]:
            return await self._portal(one.reading(target))

        async def reads_beside() -> tuple[CrmRef, ...]:
            return refs_of(await self._portal(BESIDE[one].reading(target)))

        async with self._turn(target):
            items = await reads()
            reading = Reading(reads, before=items, beside=reads_beside, beside_kind=BESIDE[one].kind)
            return await self._decide(linked_lists.plan_of(one, method, items), agreed, reading)

    async def _list_bindings(self, method: ListActivityBindings) -> Listing:
        items = refs_of(await self._portal(method))
        target = bindings.target_of(method)
        return Listing(target=target, kind="bindings", items=items, about=await describe(self._portal, target, items))

    async def _change_bindings(self, method: BindingChange, agreed: Plan | None) -> Outcome:
        async def reads() -> Sequence[ListItem]:
            found = await self._portal(ListActivityBindings(activity_id=method.activity_id))
            return found  # noqa: RET504 - a list of bindings is a sequence of items, which mypy sees only so

        async with self._turn(bindings.target_of(method)):
            items = await reads()
            return await self._decide(bindings.plan_of(method, refs_of(items)), agreed, Reading(reads, before=items))

    async def _decide(self, plan: Plan, agreed: Plan | None, reading: Reading) -> Outcome:
        """Carry a plan out, let it wait, or find that there is nothing to do."""
        if not plan.steps:
            about = await describe(self._portal, plan.target, plan.named)
            return Done(plan=replace(plan, about=about), changed=False, after=plan.before, also=plan.also)
        plan = await look_for(self._portal, plan)
        if self._policy.asks(destroys=plan.destroys) and not plan.covered_by(agreed):
            return Waiting(plan=plan)
        return await carry_out(self._portal, plan, reading)

    def _turn(self, target: Target) -> asyncio.Lock:
        """Give the lock of a target: one writer at a time. It lives as long as somebody holds or awaits it."""
        return self._turns.setdefault(target, asyncio.Lock())


def _known_list(method: Method[Any]) -> LinkedList:
    one = list_of(method)
    if one is None:
        message = f"no way to do {type(method).__name__}"
        raise NotImplementedError(message)
    return one
