"""Plans that wait: whose they are, how long, that they are done once, and what comes of a crash."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from linkdesk.auth.policy import Actor, Confirm, Face, Policy, Role
from linkdesk.errors.base import Trouble
from linkdesk.errors.codes import plans as plan_errors
from linkdesk.model.outcome import AnyPlan, ReadResult, RecordTarget, SkippedPart, Target, Waiting, WaitingMany
from linkdesk.model.views import PlanView
from linkdesk.plans.codec import plan_as_json, plan_from_json
from linkdesk.plans.model import LIFETIME, MemoryPlans, Plans, PlanState, PlanStep, StepState, StoredPlan
from linkdesk.plans.service import MIN_RUN_TIME
from linkdesk.storage.plans import open_stored_plans
from linkdesk.storage.url import DatabaseAddress
from tests.support.clock import Clock
from tests.support.databases import fresh_database
from tests.support.desk_requests import ALL_OF_14, waiting_plan
from tests.support.sandbox_env import ANNA, CALENDAR, NOW, SandboxEnv, open_sandbox_env
from tool_specs.declaration.method import Method
from tool_specs.methods.booking import AddBooking, DeleteBooking, UpdateBooking
from tool_specs.methods.booking_links import SetBookingLinks
from tool_specs.methods.resource_slots import UnsetResourceSlots
from tool_specs.methods.waitlist import DeleteWaitlistEntry
from tool_specs.recipes.bulk import LinkBookings, MoveDealLinks
from tool_specs.recipes.changes_and_plans import ApplyPlan, CancelPlan, GetPlan, ListChanges

BORIS = Actor("boris", Face.CHAT)
ASSISTANT = replace(ANNA, face=Face.MCP, client="Some Assistant")


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
async def plans(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncGenerator[Plans]:
    if request.param == "memory":
        yield MemoryPlans()
        return
    with fresh_database(request.param, tmp_path / "store") as address:
        async with open_stored_plans(DatabaseAddress.parse(address), "https://salon.bitrix24.ru") as opened:
            yield opened


@pytest.fixture
async def env(plans: Plans, clock: Clock) -> AsyncGenerator[SandboxEnv]:
    async with open_sandbox_env(rate=None, plans=plans, now=clock) as opened:
        yield opened


async def refused(doing: Any) -> str:  # noqa: ANN401 - any coroutine
    with pytest.raises(Trouble) as caught:
        await doing
    return caught.value.failure.code


async def report(env: SandboxEnv, request: Method[Any], actor: Actor = ANNA) -> PlanView:
    found = await env.desk.do(request, actor)
    assert isinstance(found, ReadResult)
    assert isinstance(found.shown, PlanView)
    return found.shown


@pytest.mark.parametrize(
    "request_",
    [
        ALL_OF_14,
        SetBookingLinks(booking_id=14, links=["deal:1", "deal:2"], mode="replace"),  # type: ignore[list-item, arg-type]
        DeleteBooking(booking_id=14),
        UpdateBooking.model_validate({"booking_id": 14, "description": "bring the card"}),
        AddBooking.model_validate(
            {"resource_ids": [1], "date_from": "2026-11-23 12:00", "date_to": "2026-11-23 13:00", "name": "Wash"}
        ),
        DeleteWaitlistEntry(waitlist_id=4),
        UnsetResourceSlots(resource_id=1, all=True),
    ],
    ids=lambda request: type(request).__name__,
)
async def test_a_plan_written_down_covers_what_the_person_agreed_to(request_: Method[Any]) -> None:
    async with open_sandbox_env(Policy(confirm=Confirm.WRITES), rate=None) as env:
        plan = await waiting_plan(env, request_)
        again = plan_from_json(plan_as_json(plan))
        assert plan.covered_by(again)
        assert (again.target, again.destroys, again.also) == (plan.target, plan.destroys, plan.also)
        assert not isinstance(await env.desk.do(request_, ANNA, agreed=again), Waiting)


async def test_a_plan_belongs_to_one_person_at_one_place_for_some_time(env: SandboxEnv, clock: Clock) -> None:
    approvals = env.desk.approvals
    kept = await approvals.save([await waiting_plan(env)], ANNA, place="chat:1")
    assert await refused(approvals.decide(kept.id, BORIS, agreed=True)) == plan_errors.NOT_YOUR_PLAN.code
    elsewhere = approvals.decide(kept.id, replace(ANNA, place="chat:2"), agreed=True)
    assert await refused(elsewhere) == plan_errors.ASKED_ELSEWHERE.code
    assert await refused(approvals.carry_out(kept, ANNA)) == plan_errors.NOT_APPROVED.code
    assert await refused(approvals.find("0000000000", ANNA)) == plan_errors.NO_SUCH_PLAN.code
    clock.now += LIFETIME
    assert await refused(approvals.decide(kept.id, ANNA, agreed=True)) == plan_errors.EXPIRED.code
    assert await env.deals(14) == [7]


async def test_an_agreement_is_too_late_to_be_carried_out_when_its_time_is_over(env: SandboxEnv, clock: Clock) -> None:
    approvals = env.desk.approvals
    kept = await approvals.save([await waiting_plan(env)], ANNA)
    agreed = await approvals.decide(kept.id, ANNA, agreed=True)
    clock.now += LIFETIME
    assert await refused(approvals.carry_out(agreed, ANNA)) == plan_errors.EXPIRED.code
    assert await env.deals(14) == [7]


async def test_a_question_takes_the_place_of_the_one_before_it(env: SandboxEnv) -> None:
    approvals = env.desk.approvals
    plan = await waiting_plan(env)
    first = await approvals.save([plan], ANNA, place="chat:1")
    second = await approvals.save([plan], ANNA, place="chat:1")
    waiting = await approvals.waiting_at(ANNA, "chat:1")
    assert waiting is not None
    assert waiting.id == second.id
    assert await refused(approvals.decide(first.id, ANNA, agreed=True)) == plan_errors.SETTLED.code


async def test_a_plan_pressed_ten_times_at_once_is_done_once(env: SandboxEnv) -> None:
    approvals = env.desk.approvals
    kept = await approvals.save([await waiting_plan(env)], ANNA)

    async def press() -> bool:
        try:
            await approvals.carry_out(await approvals.decide(kept.id, ANNA, agreed=True), ANNA)
        except Trouble:
            return False
        return True

    assert sum(await asyncio.gather(*(press() for _ in range(10)))) == 1
    assert len(await env.written()) == 1
    done = await approvals.find(kept.id, ANNA)
    assert (done.state, [step.state for step in done.steps]) == (PlanState.DONE, [StepState.DONE])
    assert await env.links(14) == [CALENDAR]


async def test_what_has_moved_on_is_left_alone(env: SandboxEnv) -> None:
    approvals = env.desk.approvals
    kept = await approvals.save([await waiting_plan(env)], ANNA)
    await env.desk.do(SetBookingLinks(booking_id=14, links=["deal:5"]), BORIS)  # type: ignore[list-item]
    done = await approvals.carry_out(await approvals.decide(kept.id, ANNA, agreed=True), ANNA)
    assert [step.state for step in done.steps] == [StepState.MOVED_ON]
    assert await env.deals(14) == [7, 5]


async def test_rights_are_those_of_now(env: SandboxEnv) -> None:
    approvals = env.desk.approvals
    kept = await approvals.save([await waiting_plan(env)], ANNA)
    viewer = replace(ANNA, role=Role.VIEWER)
    done = await approvals.carry_out(await approvals.decide(kept.id, viewer, agreed=True), viewer)
    assert [(step.state, step.code) for step in done.steps] == [(StepState.REFUSED, "role_not_enough")]
    assert await env.deals(14) == [7]


async def test_an_assistant_applies_a_plan_only_once_a_person_agreed(env: SandboxEnv) -> None:
    approvals = env.desk.approvals
    kept = await approvals.save([await waiting_plan(env, actor=ASSISTANT)], ASSISTANT)
    shown = await report(env, GetPlan(plan_id=kept.id), ASSISTANT)
    assert (shown.state, shown.asked_by, shown.waits_for) == ("waiting", "Some Assistant", "anna")
    assert await refused(env.desk.do(ApplyPlan(plan_id=kept.id), ASSISTANT)) == plan_errors.NOT_APPROVED.code
    assert await env.deals(14) == [7]
    # The terminal is within the assistant's reach.
    assert await refused(env.desk.do(ApplyPlan(plan_id=kept.id), ANNA)) == plan_errors.ASKED_ELSEWHERE.code
    assert await env.deals(14) == [7]
    anna = replace(ANNA, face=Face.TELEGRAM, place="telegram:1001")
    # Nor is it decided before others.
    group = replace(anna, place="telegram:-100")
    for decision in (ApplyPlan(plan_id=kept.id), CancelPlan(plan_id=kept.id)):
        assert await refused(env.desk.do(decision, group)) == plan_errors.ASKED_ELSEWHERE.code
    assert await env.deals(14) == [7]
    assert (await report(env, ApplyPlan(plan_id=kept.id), anna)).parts[0].state == "done"
    again = await report(env, ApplyPlan(plan_id=kept.id), ASSISTANT)
    assert (again.state, again.parts[0].state) == ("done", "done")
    assert len(await env.written()) == 1
    change = (await env.desk.do(GetPlan(plan_id=kept.id), ASSISTANT)).shown.parts[0].change_id  # type: ignore[union-attr]
    assert change


async def test_a_plan_that_was_taken_back_is_never_done(env: SandboxEnv) -> None:
    kept = await env.desk.approvals.save([await waiting_plan(env)], ANNA)
    assert (await report(env, CancelPlan(plan_id=kept.id))).state == "cancelled"
    assert await refused(env.desk.do(ApplyPlan(plan_id=kept.id), ANNA)) == plan_errors.SETTLED.code
    assert await refused(env.desk.do(GetPlan(), ANNA)) == plan_errors.NO_PLAN_WAITS.code


async def test_many_bookings_are_one_plan_with_a_report(env: SandboxEnv) -> None:
    news: list[tuple[int, int | None]] = []

    async def progress(done: int, whole: int | None, _words: str) -> None:
        news.append((done, whole))

    request = LinkBookings(booking_ids=[*range(14, 22), 33, 40], links=["deal:7"])  # type: ignore[list-item]
    outcome = await env.desk.do(request, ANNA, progress=progress)
    assert isinstance(outcome, ReadResult)
    assert isinstance(outcome.shown, PlanView)
    states = {part.target.id: part.state for part in outcome.shown.parts}
    assert states == {14: "already_so", 33: "refused", **dict.fromkeys([*range(15, 22), 40], "done")}
    assert [part.problem for part in outcome.shown.parts if part.target.id == 33] == ["Booking 33 was not found."]
    assert news == [(done, 8) for done in range(1, 9)]
    assert all([await env.deals(number) for number in (15, 16, 40)])
    assert await env.deals(15) == [2, 7]


async def test_every_link_of_a_deal_moves_once_a_person_agrees(env: SandboxEnv) -> None:
    await env.desk.do(SetBookingLinks(booking_id=16, links=["deal:7"]), ANNA)  # type: ignore[list-item]
    request = MoveDealLinks(source="deal:7", target="deal:9")  # type: ignore[arg-type]
    outcome = await env.desk.do(request, ANNA)
    assert isinstance(outcome, WaitingMany)
    assert await env.deals(14) == [7]
    approvals = env.desk.approvals
    kept = await approvals.save(outcome.plans, ANNA)
    done = await approvals.carry_out(await approvals.decide(kept.id, ANNA, agreed=True), ANNA)
    assert {step.state for step in done.steps} == {StepState.DONE}
    assert (await env.deals(14), await env.deals(16)) == ([9], [9])
    assert CALENDAR in await env.links(14)


async def test_a_deal_that_is_linked_nowhere_leaves_nothing_to_do(env: SandboxEnv) -> None:
    shown = await report(env, MoveDealLinks(source="deal:12", target="deal:9"))  # type: ignore[arg-type]
    assert shown.parts == []
    assert await refused(env.desk.do(MoveDealLinks(source="deal:99", target="deal:9"), ANNA)) == "crm_item_not_found"  # type: ignore[arg-type]


async def test_work_that_is_stopped_finishes_what_is_begun(env: SandboxEnv) -> None:
    parts = [await planned_link(15)] * 3
    approvals = env.desk.approvals
    kept = await approvals.save(parts, ANNA, state=PlanState.APPROVED)

    async def on_step(_place: int, _came: object) -> None:
        await approvals.cancel(kept.id, ANNA)

    # What is begun is a booking as a whole: it is not left half way.
    done = await approvals.carry_out(kept, ANNA, on_step=on_step)
    assert [step.state for step in done.steps] == [StepState.DONE, StepState.ALREADY_SO, StepState.ALREADY_SO]
    assert done.state is PlanState.STOPPED
    assert len(await env.written()) == 1


async def test_work_that_is_stopped_begins_no_other_booking(env: SandboxEnv, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("linkdesk.plans.runner.MAX_CONCURRENT", 1)
    approvals = env.desk.approvals
    parts = [await planned_link(number) for number in (15, 16, 17)]
    kept = await approvals.save(parts, ANNA, state=PlanState.APPROVED)

    async def on_step(_place: int, _came: object) -> None:
        await approvals.cancel(kept.id, ANNA)

    done = await approvals.carry_out(kept, ANNA, on_step=on_step)
    assert [step.state for step in done.steps] == [StepState.DONE, StepState.NOT_TRIED, StepState.NOT_TRIED]
    assert done.state is PlanState.STOPPED
    assert len(await env.written()) == 1


async def planned_link(number: int) -> AnyPlan:
    async with open_sandbox_env(Policy(confirm=Confirm.WRITES), rate=None) as other:
        return await waiting_plan(other, SetBookingLinks(booking_id=number, links=["deal:9"]))  # type: ignore[list-item]


async def test_work_of_a_process_that_is_gone_goes_on_where_it_ended(
    plans: Plans, env: SandboxEnv, clock: Clock
) -> None:
    approvals = env.desk.approvals
    parts = [await planned_link(number) for number in (15, 16, 17)]
    kept = await approvals.save(parts, ANNA, state=PlanState.APPROVED)
    gone = await plans.change_state(kept, PlanState.RUNNING, worker="elsewhere:1:x", until=NOW + MIN_RUN_TIME)
    assert gone is not None
    await env.desk.do(parts[0].asked, ANNA)
    await plans.save_progress(gone, [PlanStep(StepState.DONE), PlanStep(StepState.BEGUN), PlanStep()])
    assert await refused(approvals.decide(kept.id, ANNA, agreed=True)) == plan_errors.RUNNING.code
    clock.now += MIN_RUN_TIME + timedelta(seconds=1)
    shown = await report(env, ApplyPlan(plan_id=kept.id))
    assert [part.state for part in shown.parts] == ["done", "done", "done"]
    assert len(await env.written()) == 3


async def test_a_record_that_may_have_been_made_is_not_made_again(plans: Plans, env: SandboxEnv, clock: Clock) -> None:
    arguments = {"resource_ids": [1], "date_from": "2026-11-23 12:00", "date_to": "2026-11-23 13:00"}
    async with open_sandbox_env(Policy(confirm=Confirm.WRITES), rate=None) as other:
        plan = await waiting_plan(other, AddBooking.model_validate(arguments))
    approvals = env.desk.approvals
    kept = await approvals.save([plan], ANNA, state=PlanState.APPROVED)
    gone = await plans.change_state(kept, PlanState.RUNNING, worker="elsewhere:1:x", until=NOW)
    assert gone is not None
    await plans.save_progress(gone, [PlanStep(StepState.BEGUN)])
    clock.now += timedelta(seconds=1)
    assert [part.state for part in (await report(env, ApplyPlan(plan_id=kept.id))).parts] == ["unknown"]
    assert await env.written() == []


async def left_behind(plans: Plans, env: SandboxEnv, *, tried: bool, applied: bool) -> StoredPlan:
    """A plan that makes a booking, whose process went away in the middle of it."""
    arguments = {"resource_ids": [1], "date_from": "2026-11-23 12:00", "date_to": "2026-11-23 13:00"}
    async with open_sandbox_env(Policy(confirm=Confirm.WRITES), rate=None) as other:
        plan = await waiting_plan(other, AddBooking.model_validate(arguments))
    kept = await env.desk.approvals.save([plan], ANNA, state=PlanState.APPROVED)
    gone = await plans.change_state(kept, PlanState.RUNNING, worker="elsewhere:1:x", until=NOW)
    assert gone is not None
    if tried:
        if not applied:
            await env.fault("booking.v1.booking.add", "no_rights")
        with suppress(Trouble):
            await env.desk.do(plan.asked, replace(ANNA, request_key=f"plan:{kept.id}:0"), agreed=plan)
    await plans.save_progress(gone, [PlanStep(StepState.BEGUN)])
    return gone


@pytest.mark.parametrize(
    ("tried", "applied", "state"), [(True, True, "done"), (True, False, "done"), (False, False, "unknown")]
)
async def test_what_was_begun_is_told_by_the_record(  # noqa: PLR0913 - a row of the table
    plans: Plans, env: SandboxEnv, clock: Clock, *, tried: bool, applied: bool, state: str
) -> None:
    kept = await left_behind(plans, env, tried=tried, applied=applied)
    clock.now += timedelta(seconds=1)
    (part,) = (await report(env, ApplyPlan(plan_id=kept.id))).parts
    assert part.state == state
    # What the portal refused is made now; what was made is not made again; where nothing is on record, neither.
    assert (await env.written()).count("booking.v1.booking.add") == tried
    if state == "done":
        changes = await env.desk.do(ListChanges(), ANNA)
        assert isinstance(changes, ReadResult)
        assert part.change_id == changes.shown.model_dump()["changes"][0]["change_id"]


async def test_a_plan_that_was_settled_tells_what_is_known_since(plans: Plans, env: SandboxEnv, clock: Clock) -> None:
    kept = await left_behind(plans, env, tried=True, applied=True)
    await plans.save_progress(kept, [PlanStep(StepState.UNKNOWN)])
    assert await plans.change_state(kept, PlanState.STOPPED) is not None
    clock.now += timedelta(seconds=1)
    (part,) = (await report(env, GetPlan(plan_id=kept.id))).parts
    assert part.state == "done"
    assert part.change_id


async def test_what_is_no_part_of_a_plan_is_kept_with_it(plans: Plans, env: SandboxEnv) -> None:
    unfit = (
        SkippedPart(target=Target("booking", 998), why=plan_errors.NO_SUCH_PLAN.what, code="booking_not_found"),
        SkippedPart(target=RecordTarget("waitlist", None)),
    )
    also = (plan_errors.EXPIRED.what,)
    kept = await env.desk.approvals.save([await waiting_plan(env)], ANNA, unfit=unfit, also=also)
    found = await plans.find(kept.id)
    assert found is not None
    assert (found.unfit, found.also, len(found.plans)) == (unfit, also, 1)
    shown = await report(env, GetPlan(plan_id=kept.id))
    assert [(part.target.id, part.state) for part in shown.parts] == [
        (14, "to_do"),
        (998, "refused"),
        (None, "already_so"),
    ]
    assert shown.also == [also[0].en]


async def test_a_trouble_of_the_connection_stops_the_rest(env: SandboxEnv) -> None:
    parts = [await planned_link(15)] * 3
    await env.fault("*", "no_rights", times=20)
    approvals = env.desk.approvals
    kept = await approvals.save(parts, ANNA, state=PlanState.APPROVED)
    done = await approvals.carry_out(kept, ANNA)
    assert [step.state for step in done.steps] == [StepState.REFUSED, StepState.NOT_TRIED, StepState.NOT_TRIED]
    assert done.state is PlanState.STOPPED
