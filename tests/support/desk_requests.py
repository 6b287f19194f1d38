"""Requests to a desk, and the outcome that a test expects of each."""

from __future__ import annotations

from typing import Any

import pytest

from linkdesk.auth.policy import Actor
from linkdesk.errors.base import Trouble
from linkdesk.model.outcome import (
    AnyPlan,
    Done,
    Plan,
    ReadResult,
    RecordDone,
    RecordPlan,
    Waiting,
)
from tests.support.sandbox_env import ANNA, SandboxEnv
from tool_specs.declaration.crm_ref import CrmRef
from tool_specs.declaration.method import Method
from tool_specs.methods.booking_links import SetBookingLinks, UnsetBookingLinks


def deals(*numbers: int) -> tuple[CrmRef, ...]:
    return tuple(CrmRef(type="deal", id=number) for number in numbers)


def contacts(*numbers: int) -> tuple[CrmRef, ...]:
    return tuple(CrmRef(type="contact", id=number) for number in numbers)


def link(booking_id: int, *numbers: int, mode: str = "add") -> SetBookingLinks:
    return SetBookingLinks.model_validate({"booking_id": booking_id, "links": list(numbers), "mode": mode})


def unlink(booking_id: int, *numbers: int) -> UnsetBookingLinks:
    return UnsetBookingLinks.model_validate({"booking_id": booking_id, "links": list(numbers)})


async def link_done(env: SandboxEnv, method: Method[Any], **options: Any) -> Done:  # noqa: ANN401 - the desk's own
    outcome = await env.desk.do(method, ANNA, **options)
    assert isinstance(outcome, Done), outcome
    return outcome


async def waiting_link_plan(env: SandboxEnv, method: Method[Any], **options: Any) -> Plan:  # noqa: ANN401 - the desk's own
    outcome = await env.desk.do(method, ANNA, **options)
    assert isinstance(outcome, Waiting), outcome
    assert isinstance(outcome.plan, Plan)
    return outcome.plan


async def refused(env: SandboxEnv, method: Method[Any]) -> Trouble:
    with pytest.raises(Trouble) as trouble:
        await env.desk.do(method, ANNA)
    return trouble.value


EVENING = {"date_from": "2026-11-23 18:00", "date_to": "2026-11-23 19:00"}

MONDAY = {"date_from": "2026-11-23 12:00", "date_to": "2026-11-23 13:00"}


def build_request(method: type[Method[Any]], **arguments: Any) -> Method[Any]:  # noqa: ANN401 - as a caller gives them
    return method.model_validate(arguments)


async def read(env: SandboxEnv, method: Method[Any]) -> Any:  # noqa: ANN401 - a model of what is shown
    outcome = await env.desk.do(method, ANNA)
    assert isinstance(outcome, ReadResult), outcome
    return outcome.shown


async def record_done(env: SandboxEnv, method: Method[Any], agreed: RecordPlan | None = None) -> RecordDone:
    outcome = await env.desk.do(method, ANNA, agreed=agreed)
    assert isinstance(outcome, RecordDone), outcome
    return outcome


async def waiting_record_plan(env: SandboxEnv, method: Method[Any]) -> RecordPlan:
    outcome = await env.desk.do(method, ANNA)
    assert isinstance(outcome, Waiting), outcome
    assert isinstance(outcome.plan, RecordPlan)
    return outcome.plan


ALL_OF_14 = UnsetBookingLinks(booking_id=14, all=True)


async def waiting_plan(env: SandboxEnv, request: Method[Any] = ALL_OF_14, actor: Actor = ANNA) -> AnyPlan:
    outcome = await env.desk.do(request, actor)
    assert isinstance(outcome, Waiting)
    return outcome.plan
