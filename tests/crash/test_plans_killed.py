"""A plan of several parts whose process dies while it is carried out: the next press does the rest, nothing twice."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import timedelta
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st

from linkdesk.audit.log import ChangeState, MemoryAuditLog
from linkdesk.auth.policy import Confirm, Policy
from linkdesk.desk import Desk
from linkdesk.model.outcome import AnyPlan, Waiting
from linkdesk.plans.model import MemoryPlans, PlanState, StepState, StoredPlan
from linkdesk.plans.service import MIN_RUN_TIME
from linkdesk.portal.address import WebhookAddress
from linkdesk.portal.client import Portal
from linkdesk.sandbox.app import Sandbox
from tests.support.killable_portal import KillablePortal, ProcessKilled
from tests.support.sandbox_env import ANNA, NOW, virtual_clock
from tool_specs.declaration.method import Method
from tool_specs.methods.booking_links import SetBookingLinks, UnsetBookingLinks
from tool_specs.methods.waitlist import AddWaitlistEntry, UpdateWaitlistEntry
from tool_specs.recipes.changes_and_plans import ListChanges

PARTS: list[Method[Any]] = [
    SetBookingLinks.model_validate({"booking_id": 14, "links": [1]}),
    SetBookingLinks.model_validate({"booking_id": 14, "links": [2]}),
    UnsetBookingLinks.model_validate({"booking_id": 14, "links": [7]}),
    SetBookingLinks.model_validate({"booking_id": 15, "links": [9]}),
    UpdateWaitlistEntry(waitlist_id=4, note="called"),
    AddWaitlistEntry(note="one"),
    AddWaitlistEntry(note="two"),
]


class World:
    """A portal, what is kept, and one process after the other."""

    def __init__(self, sandbox: Sandbox, portal: Portal) -> None:
        self.sandbox, self.portal = sandbox, portal
        self.record, self.plans, self.now = MemoryAuditLog(), MemoryPlans(), NOW
        self.start_again(None)

    def start_again(self, calls: int | None) -> None:
        """Be the next process, which dies after so many calls."""
        self.way = KillablePortal(self.portal, calls)
        self.now += MIN_RUN_TIME + timedelta(minutes=1)
        self.desk = Desk(self.way, zone="Europe/Moscow", now=lambda: self.now, record=self.record, plans=self.plans)

    async def thought_of(self, parts: list[Method[Any]]) -> list[AnyPlan]:
        asking = Desk(self.portal, Policy(confirm=Confirm.WRITES), zone="Europe/Moscow", now=lambda: self.now)
        outcomes = [await asking.do(part, ANNA) for part in parts]
        return [outcome.plan for outcome in outcomes if isinstance(outcome, Waiting)]

    async def pressed(self, plan_id: str) -> StoredPlan | None:
        """Say yes; None where the process died over it."""
        try:
            approvals = self.desk.approvals
            return await approvals.carry_out(await approvals.decide(plan_id, ANNA, agreed=True), ANNA)
        except ProcessKilled:
            return None
        except BaseExceptionGroup as group:
            if group.split(ProcessKilled)[1] is not None:
                raise
            return None
        finally:
            # What was in progress dies with the process.
            await asyncio.gather(*self.desk._unfinished, return_exceptions=True)  # noqa: SLF001 - as it ends


@given(
    st.lists(st.sampled_from(PARTS), min_size=1, max_size=5, unique_by=id),
    st.lists(st.integers(0, 24), max_size=3),
)
@example([PARTS[0], PARTS[3], PARTS[5]], [9])
@example([PARTS[5], PARTS[6]], [5, 0])
def test_portal_record_and_plan_agree_however_often_the_process_dies(
    parts: list[Method[Any]], kills: list[int]
) -> None:
    async def run() -> None:
        sandbox = Sandbox(clock=lambda: NOW, rate=None, operating_budget=None)
        address = WebhookAddress.parse(f"http://127.0.0.1{sandbox.webhook_path}")
        async with Portal(address, transport=sandbox.transport(), **virtual_clock()) as portal:
            world = World(sandbox, portal)
            kept = await world.desk.approvals.save(
                await world.thought_of(parts), ANNA, lifetime=timedelta(days=1), state=PlanState.APPROVED
            )
            done: StoredPlan | None = None
            for calls in [*kills, None]:
                world.start_again(calls)
                done = await world.pressed(kept.id)
                if done is not None:
                    break
            assert done is not None
            world.start_again(None)
            await _agrees(world, done)

    asyncio.run(run())


async def _agrees(world: World, done: StoredPlan) -> None:
    """Hold the plan, the record and the portal against each other."""
    await world.desk.do(ListChanges(), ANNA)
    rows = await world.record.latest(100)
    assert {row.state for row in rows} <= {ChangeState.DONE, ChangeState.NOT_DONE}
    # One call took effect for each change that is done, and none for any other.
    applied = Counter(call.method for call in world.sandbox.calls if call.applied)
    assert sum(applied.values()) == sum(row.state is ChangeState.DONE for row in rows)
    stored = await world.plans.find(done.id)
    assert stored is not None
    assert (stored.state, stored.steps) == (PlanState.DONE, done.steps)
    store = world.sandbox.store
    known = await world.desk.approvals.with_known_outcomes(done)
    for plan, step in zip(done.plans, known.steps, strict=True):
        match plan.asked:
            case (
                SetBookingLinks(booking_id=number, links=(ref, *_))
                | SetBookingLinks(booking_id=number, links=[ref, *_])
            ):
                there = str(ref.id) in {link.value for link in store.bookings[number].links}
            case UnsetBookingLinks():
                there = "7" not in {link.value for link in store.bookings[14].links}
            case UpdateWaitlistEntry():
                there = store.waitlist[4].note == "called"
            case AddWaitlistEntry(note=note):
                made = sum(entry.note == note for entry in store.waitlist.values())
                assert made <= 1, "made twice"
                there = made == 1
            case other:
                raise AssertionError(other)
        if step.state is StepState.UNKNOWN:
            # It ended before anything was on record: nothing was sent.
            assert plan.asked.creates
            assert not there
        else:
            assert step.state in {StepState.DONE, StepState.ALREADY_SO}, step
            assert there
