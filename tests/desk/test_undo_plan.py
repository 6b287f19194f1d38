"""Undo of a plan: all of its parts as one, the last first, and a part that cannot be undone is named."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from typing import Any

import pytest

from linkdesk.auth.policy import Actor, Confirm, Face, Policy, Role
from linkdesk.errors.base import Trouble
from linkdesk.model.outcome import ReadResult, Waiting, WaitingMany
from linkdesk.model.views import PlanView
from linkdesk.plans.model import PlanState
from tests.support.sandbox_env import ANNA, SandboxEnv, open_sandbox_env
from tool_specs.declaration.method import Method
from tool_specs.methods.booking import GetBooking, UpdateBooking
from tool_specs.methods.booking_clients import SetBookingClients
from tool_specs.methods.booking_links import SetBookingLinks
from tool_specs.recipes.changes_and_plans import UndoChange

BORIS = Actor("1002 Boris", Face.TELEGRAM, employee="telegram:1002")


@pytest.fixture
async def env() -> AsyncGenerator[SandboxEnv]:
    async with open_sandbox_env(rate=None) as opened:
        yield opened


def request(method: type[Method[Any]], **arguments: Any) -> Method[Any]:  # noqa: ANN401 - arguments of any method
    return method.model_validate(arguments)


async def carried_out(env: SandboxEnv, *requests: Method[Any]) -> str:
    """Plan several requests, agree to them as one, carry them out; return the plan's id."""
    plans = []
    for one in requests:
        outcome = await env.desk.do(one, ANNA, guessed=True)
        assert isinstance(outcome, Waiting)
        plans.append(outcome.plan)
    stored = await env.desk.approvals.save(plans, ANNA, state=PlanState.APPROVED)
    await env.desk.approvals.carry_out(stored, ANNA)
    return stored.id


async def undone(env: SandboxEnv, change_id: str | None, actor: Actor = ANNA) -> PlanView:
    outcome = await env.desk.do(UndoChange(change_id=change_id), actor)
    assert isinstance(outcome, ReadResult)
    assert isinstance(outcome.shown, PlanView)
    return outcome.shown


PAIRS = (
    request(SetBookingLinks, booking_id=15, links=["deal:5"]),
    request(SetBookingLinks, booking_id=16, links=["deal:6"]),
    request(SetBookingClients, booking_id=16, clients=["contact:3"]),
)


@pytest.mark.parametrize("named", [True, False])
async def test_all_parts_of_a_plan_are_undone_as_one(env: SandboxEnv, named: bool) -> None:
    before = [await env.links(15), await env.links(16), await env.clients(16)]
    plan_id = await carried_out(env, *PAIRS)
    assert [await env.deals(15), await env.deals(16), await env.clients(16)] == [[2, 5], [6], [("CONTACT", 3)]]
    shown = await undone(env, plan_id if named else None)
    assert [part.state for part in shown.parts] == ["done"] * 3
    assert [await env.links(15), await env.links(16), await env.clients(16)] == before


async def test_parts_about_one_record_are_undone_in_turn(env: SandboxEnv) -> None:
    plan_id = await carried_out(
        env,
        request(UpdateBooking, booking_id=16, name="Massage"),
        request(UpdateBooking, booking_id=16, description="bring the card"),
        request(SetBookingLinks, booking_id=16, links=["deal:5"]),
        request(SetBookingLinks, booking_id=16, links=["deal:6"]),
    )
    before = await env.call("booking.v1.booking.get", id=16)
    assert before["booking"]["name"] == "Massage"
    shown = await undone(env, plan_id)
    assert {part.state for part in shown.parts} == {"done"}
    now = (await env.call("booking.v1.booking.get", id=16))["booking"]
    assert (now["name"], now["description"]) != ("Massage", "bring the card")
    assert await env.deals(16) == []


async def test_a_part_that_cannot_be_undone_is_named_and_the_others_are_undone(env: SandboxEnv) -> None:
    plan_id = await carried_out(env, request(UpdateBooking, booking_id=17, name="Massage"), PAIRS[1])
    await env.call("booking.v1.booking.update", id=17, fields={"name": "Changed by a colleague"})
    shown = await undone(env, plan_id)
    assert sorted(part.state for part in shown.parts) == ["done", "refused"]
    (refused,) = [part for part in shown.parts if part.state == "refused"]
    assert (refused.target.type, refused.target.id, refused.code) == ("booking", 17, "changed_since")
    assert await env.deals(16) == []
    found = await env.desk.do(GetBooking(booking_id=17), ANNA)
    assert "Changed by a colleague" in str(found)


async def test_a_plan_undone_already_has_nothing_to_undo(env: SandboxEnv) -> None:
    plan_id = await carried_out(env, *PAIRS)
    await undone(env, plan_id)
    with pytest.raises(Trouble) as caught:
        await env.desk.do(UndoChange(change_id=plan_id), ANNA)
    assert caught.value.failure.code == "nothing_to_undo"


async def test_what_a_colleague_changed_meanwhile_asks_before_any_part_is_undone(env: SandboxEnv) -> None:
    plan_id = await carried_out(env, *PAIRS)
    await env.call(
        "booking.v1.booking.externalData.set",
        bookingId=15,
        externalData=[*await env.links(15), {"moduleId": "crm", "entityTypeId": "DEAL", "value": "9"}],
    )
    outcome = await env.desk.do(UndoChange(change_id=plan_id), ANNA)
    assert isinstance(outcome, WaitingMany)
    assert len(outcome.plans) == 3
    assert await env.deals(15) == [2, 5, 9]


async def test_somebody_elses_plan_is_not_undone(env: SandboxEnv) -> None:
    plan_id = await carried_out(env, *PAIRS)
    with pytest.raises(Trouble) as caught:
        await env.desk.do(UndoChange(change_id=plan_id), BORIS)
    assert caught.value.failure.code == "change_not_found"
    assert await env.deals(16) == [6]


async def test_one_part_of_a_plan_can_be_undone_alone(env: SandboxEnv) -> None:
    plan_id = await carried_out(env, *PAIRS)
    stored = await env.desk.approvals.find(plan_id, ANNA)
    first = stored.steps[0].change_id
    await env.desk.do(UndoChange(change_id=first), ANNA)
    assert [await env.deals(15), await env.deals(16)] == [[2], [6]]


async def test_where_every_write_asks_the_undo_of_a_plan_asks_once_for_all() -> None:
    async with open_sandbox_env(Policy(confirm=Confirm.WRITES), rate=None) as env:
        plan_id = await carried_out(env, *PAIRS)
        outcome = await env.desk.do(UndoChange(change_id=plan_id), Actor("anna", Face.CHAT, Role.EDITOR))
        assert isinstance(outcome, WaitingMany)
        assert [plan.target.id for plan in outcome.plans] == [16, 16, 15]
        assert await env.deals(16) == [6]
