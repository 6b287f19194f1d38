"""The entry point for every request: the MCP server and the bot call `Desk.do` and nothing else.

A request is authorized, the current state is read, a plan is made and approved by a person where it removes something.
The plan is then applied under a lock, read back and compared; every write is in the audit log.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any, Final
from weakref import WeakValueDictionary
from zoneinfo import ZoneInfo

import structlog
from pydantic import ValidationError

from linkdesk.audit.log import OPEN_STATES, AuditLog, Change, MemoryAuditLog
from linkdesk.audit.recorder import Recorder
from linkdesk.auth.policy import Actor, Confirm, Policy
from linkdesk.errors.base import PortalError, Trouble
from linkdesk.errors.codes import linkdesk as own_errors
from linkdesk.errors.translate import translate
from linkdesk.errors.validation import collect_problems
from linkdesk.events.labels import RecordNames, fetch_names
from linkdesk.events.model import BookingState
from linkdesk.execution.clients import PortalClients, SharedPortalClient
from linkdesk.execution.context import PortalApi, Progress, RequestContext, no_progress
from linkdesk.execution.lookup_cache import LookupCache
from linkdesk.handlers.changes import change_views
from linkdesk.handlers.recovery import recover_open_changes
from linkdesk.handlers.registry import handler_of
from linkdesk.model.outcome import AnyPlan, Outcome, RecordTarget, Target
from linkdesk.model.views import ChangeView
from linkdesk.plans.model import MemoryPlans, Plans
from linkdesk.plans.service import Approvals, SameEmployee, never_same_employee
from linkdesk.runtime.locks import NO_LOCKS, Locks
from linkdesk.suggestions.enrich_error import enrich
from tool_specs.declaration.method import Effect, Method, Toolset
from tool_specs.declaration.times import ZonedRequest
from tool_specs.methods.booking import ListBookings
from tool_specs.recipes.bulk import LinkBookings, MoveDealLinks
from tool_specs.recipes.changes_and_plans import ApplyPlan

log = structlog.stdlib.get_logger()

IN_PARTS: Final = (ApplyPlan, LinkBookings, MoveDealLinks)
"""Requests whose parts go through the desk one by one: each part runs to its end, and no further part starts once the
caller is gone."""


def utc_now() -> datetime:
    """Return the current time."""
    return datetime.now(UTC)


class Desk:
    """Carry out requests on one portal safely."""

    def __init__(  # noqa: PLR0913 - the collaborators, each named
        self,
        portal: PortalApi | PortalClients,
        policy: Policy | None = None,
        *,
        zone: str = "UTC",
        now: Callable[[], datetime] = utc_now,
        locks: Locks = NO_LOCKS,
        host: str | None = None,
        record: AuditLog | None = None,
        plans: Plans | None = None,
        same: SameEmployee = never_same_employee,
    ) -> None:
        """Take the collaborators.

        Args:
            portal: one client for everybody, or the provider of each person's client.
            policy: the permissions.
            zone: IANA name of the business's time zone.
            now: returns the current time.
            locks: let one process at a time write to a target.
            host: the portal's host, by which pasted addresses are told from those of others.
            record: the audit log; by default in memory.
            plans: stores the plans that wait for a person; by default in memory.
            same: returns whether two keys belong to the same employee.
        """
        self._portals = portal if isinstance(portal, PortalClients) else SharedPortalClient(portal)
        self._policy = policy or Policy()
        self._zone = zone
        self._now = now
        self._shared = locks
        self._record: AuditLog = record or MemoryAuditLog()
        self.host = host
        self.approvals: Final = Approvals(plans or MemoryPlans(), self.do, now, same, self._changes_of)
        self.lookup_cache: Final = LookupCache(now)
        self._recovered = False
        self._recovering: Final = asyncio.Lock()
        self._unfinished: Final = set[asyncio.Task[Outcome]]()
        self._locks: Final = WeakValueDictionary[Target | RecordTarget, asyncio.Lock]()

    @property
    def portals(self) -> PortalClients:
        """The provider of each person's portal client."""
        return self._portals

    @property
    def zone(self) -> str:
        """The IANA name of the business's time zone."""
        return self._zone

    def now(self) -> datetime:
        """Return the current time."""
        return self._now()

    @property
    def today(self) -> date:
        """The current date in the business's time zone."""
        return self._now().astimezone(ZoneInfo(self._zone)).date()

    async def do(  # noqa: PLR0913 - what a request comes with, each named
        self,
        method: Method[Any],
        actor: Actor,
        *,
        agreed: AnyPlan | None = None,
        progress: Progress = no_progress,
        guessed: bool = False,
        proposed: bool = False,
    ) -> Outcome:
        """Carry out a request.

        Args:
            method: the request.
            actor: the person, and the interface they use.
            agreed: the plan that a person approved; never one that a model claims was approved.
            progress: is called with the progress of a long request.
            guessed: whether the request was guessed from text: then a write needs approval, unless nothing ever does.
            proposed: whether a model chose the request: then a write always needs approval.

        Raises:
            Trouble: it failed; the error says whether anything changed.
        """
        self._policy.check(method, actor)
        await self._recover(method)
        portal = await self._portals.client_for(actor)
        if method.effect is not Effect.READ:
            self.lookup_cache.clear()
        recorder = Recorder(self._record, actor, method, self._now)
        policy, now = self._policy, self._now
        if agreed is None and (proposed or (guessed and policy.confirm is not Confirm.NEVER)):
            policy = replace(policy, confirm=Confirm.WRITES)

        async def dry_run(request: Method[Any]) -> Outcome:
            self._policy.check(request, actor)
            dry_context = replace(context, policy=replace(policy, confirm=Confirm.WRITES), agreed=None, is_part=True)
            try:
                return await handler_of(type(request)).do(dry_context, _in_zone(request, self._zone))
            except PortalError as error:
                raise translate(error, request) from None

        context = RequestContext(
            portal, policy, self._zone, now, agreed, self._lock, recorder, self.approvals, dry_run, progress
        )
        doing = handler_of(type(method)).do(context, _in_zone(method, self._zone))
        try:
            whole = method.effect is Effect.READ or isinstance(method, IN_PARTS)
            outcome = await (doing if whole else self._shielded(doing))
        except (PortalError, Trouble) as error:
            trouble = error if isinstance(error, Trouble) else translate(error, method)
            raise await enrich(trouble, method, context) from None
        finally:
            if method.effect is not Effect.READ:
                self.lookup_cache.clear()
        log.info("desk.did", request=method.name(), actor=actor.name, face=actor.face, outcome=type(outcome).__name__)
        return outcome

    async def _recover(self, method: Method[Any]) -> None:
        """Recover changes that another process left open: before our first write, and for requests about changes."""
        first = method.effect is not Effect.READ and not self._recovered
        if not first and method.toolset is not Toolset.CHANGES:
            return
        # Writes wait for the recovery, which would otherwise mistake their effects for those of the open changes.
        async with self._recovering:
            if method.toolset is Toolset.CHANGES or not self._recovered:
                await recover_open_changes(self._record, self._portals.client_for, self._now())
                self._recovered = True

    def check(self, method: Method[Any], actor: Actor) -> None:
        """Check that an actor may make a request, without carrying it out.

        Raises:
            Trouble: the actor may not.
        """
        self._policy.check(method, actor)

    async def names(self, bookings: Sequence[BookingState], actor: Actor, there: frozenset[int]) -> RecordNames:
        """Return names for the records in booking events, as the actor may see them; `there` are the ids not deleted.

        Raises:
            Trouble: the actor may not see bookings, or the portal cannot be read.
        """
        self._policy.check(ListBookings(), actor)
        portal = await self._portals.client_for(actor)
        try:
            return await fetch_names(portal, bookings, there)
        except PortalError as error:
            raise translate(error, ListBookings()) from None

    async def latest_changes(self, limit: int) -> list[Change]:
        """Return the latest changes made through Linkdesk, newest first.

        Raises:
            Trouble: the audit log cannot be read.
        """
        return await self._record.latest(limit)

    @property
    def pending_writes(self) -> int:
        """The number of writes that are still running."""
        return len(self._unfinished)

    async def changes_requested_by(self, request_key: str) -> list[ChangeView]:
        """Return the changes that a message requested already, so that a redelivered message does not repeat them.

        Raises:
            Trouble: the audit log cannot be read.
        """
        changes = await self._changes_of(request_key)
        if not changes:
            return []
        asker = Actor(changes[0].name, changes[0].face, employee=changes[0].who)
        return await change_views(self._record, changes, self._zone, asker)

    async def _changes_of(self, request_key: str) -> list[Change]:
        """Return the changes requested under a key, after recovering those that a process left open."""
        changes = await self._record.requested_by(request_key)
        if all(change.state not in OPEN_STATES for change in changes):
            return changes
        await recover_open_changes(self._record, self._portals.client_for, self._now())
        return await self._record.requested_by(request_key)

    async def finish(self) -> None:
        """Wait for the writes whose callers are gone."""
        while self._unfinished:
            await asyncio.wait(self._unfinished)
        await self.approvals.finish()

    async def _shielded(self, doing: Coroutine[Any, Any, Outcome]) -> Outcome:
        """Run a write to its end even if the caller is cancelled, because what was sent has to be read back."""
        task = asyncio.create_task(doing)
        self._unfinished.add(task)
        task.add_done_callback(self._unfinished.discard)
        return await asyncio.shield(task)

    @asynccontextmanager
    async def _lock(self, target: Target | RecordTarget) -> AsyncGenerator[None]:
        """Hold the lock of a target, in this process and across processes."""
        # The dictionary is weak: a lock lives as long as somebody holds or awaits it.
        lock = self._locks.setdefault(target, asyncio.Lock())
        async with lock, self._shared.hold(f"{target.type}:{target.id}"):
            yield


def _in_zone(method: Method[Any], zone: str) -> Method[Any]:
    """Interpret times without a zone in the business's time zone.

    Raises:
        Trouble: the times are invalid in that zone.
    """
    if not isinstance(method, ZonedRequest):
        return method
    try:
        return method.in_zone(zone)
    except ValidationError as error:
        raise Trouble(own_errors.BAD_ARGUMENTS, problems=collect_problems(error, type(method))) from None
