"""Asking a person for approval: by elicitation if the client supports it, otherwise in Telegram.

A destructive plan is stored first; the question carries its id, and the answer decides it once. An argument passed by
a model never counts as approval.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final, TypeAlias, TypedDict

import anyio
import structlog
from mcp.server.elicitation import AcceptedElicitation, DeclinedElicitation
from mcp.server.mcpserver import Context
from mcp.shared.exceptions import MCPError
from mcp.types import CallToolResult, ElicitRequest, ElicitRequestFormParams, ElicitResult, InputRequiredResult
from pydantic import BaseModel, Field, StrictBool

from linkdesk.auth.policy import Actor
from linkdesk.desk import Desk
from linkdesk.errors.base import Trouble
from linkdesk.errors.codes import plans as plan_errors
from linkdesk.handlers.plan_text import confirmation_question
from linkdesk.model.outcome import AnyPlan, SkippedPart, Waiting, WaitingMany, pending_plans
from linkdesk.plans.model import REMOTE_LIFETIME, PlanState, StoredPlan, new_plan_id
from linkdesk.plans.runner import StepOutcome
from server.tools.results import plan_result, returns_plan, tool_result, waiting_plan_result
from tool_specs.declaration.localized import Language, Localized
from tool_specs.declaration.method import Method

log = structlog.stdlib.get_logger()

AGREE_KEY: Final = "agree"
"""The key of the answer in the elicitation form."""
INPUT_REQUIRED_SINCE: Final = "2026-07-28"
"""From this protocol version on, a question is returned as a result and answered with the next call."""
CONFIRM_TEXT: Final = Localized(en="Carry this out?", ru="Выполнить?")

FindApprover: TypeAlias = Callable[[Actor], Awaitable[str | None]]
"""Returns where a person can be asked outside their client, such as "Anna, in Telegram"; None if nowhere."""

ShutdownWait: TypeAlias = Callable[[], Awaitable[object]]
"""Returns when the process is about to end and pending questions have to be given up."""


class Agreement(BaseModel):
    """The elicitation form."""

    agree: StrictBool = Field(title="Carry this out?", description="Yes: do it. No: change nothing.")


class _PlanExtras(TypedDict):
    """What is stored with a plan: the parts left out, and additional remarks."""

    unfit: tuple[SkippedPart, ...]
    also: tuple[Localized, ...]


async def find_nobody(_actor: Actor) -> str | None:
    """Return None: nobody can be asked outside the client."""
    return None


@dataclass(frozen=True, slots=True)
class Elicitor:
    """Carries out requests and asks the person behind the client to approve plans."""

    desk: Desk
    caller: Callable[[], Actor]
    find_approver: FindApprover = find_nobody
    language: Language = "en"
    wait_for_shutdown: ShutdownWait = anyio.sleep_forever

    async def do(self, request: Method[Any], context: Context[Any, Any]) -> CallToolResult | InputRequiredResult:
        """Carry out a request, or process the person's answer that comes with it.

        Raises:
            Trouble: the request failed.
        """
        if (answered := await self.process_response(request, context)) is not None:
            return answered
        outcome = await self.desk.do(request, self.caller(), progress=context.report_progress)
        if isinstance(outcome, Waiting | WaitingMany):
            return await self.ask(outcome, context)
        return tool_result(outcome)

    async def ask(
        self, waiting: Waiting | WaitingMany, context: Context[Any, Any]
    ) -> CallToolResult | InputRequiredResult:
        """Ask the person about a plan, and carry it out on approval.

        Raises:
            Trouble: the plan could not be stored, was declined, or failed.
        """
        plans, actor = pending_plans(waiting), self.caller()
        beside: _PlanExtras = {"unfit": (), "also": ()}
        many = isinstance(waiting, WaitingMany)
        if isinstance(waiting, WaitingMany):
            beside = {"unfit": waiting.unfit, "also": waiting.also}
        if can_ask(context):
            # A place of its own keeps the bot from asking the same question in Telegram.
            place = f"{actor.face.value}:{new_plan_id()}"
            plan = await self.desk.approvals.save(plans, actor, place=place, language=self.language, **beside)
            if _asks_by_input_required(context):
                return InputRequiredResult(input_requests={AGREE_KEY: self._question(plan)}, request_state=plan.id)
            return await self._apply_decision(plan, context, agreed=await self._ask_in_call(plan, context), many=many)
        where = await self.find_approver(actor)
        if where is None:
            return tool_result(waiting)
        plan = await self.desk.approvals.save(plans, actor, language=self.language, lifetime=REMOTE_LIFETIME, **beside)
        return waiting_plan_result(plan, where, many=many)

    async def process_response(
        self, request: Method[Any], context: Context[Any, Any]
    ) -> CallToolResult | InputRequiredResult | None:
        """Process the answer that comes with a call; return None if there is none.

        Raises:
            Trouble: the answer belongs to another call, is too late or repeated, or the plan failed.
        """
        plan_id, responses = context.request_state, context.input_responses
        if plan_id is None or responses is None or AGREE_KEY not in responses:
            return None
        plan = await self.desk.approvals.find(plan_id, self.caller())
        if not any(_belongs_to(one, request) for one in plan.plans):
            raise Trouble(plan_errors.NO_SUCH_PLAN)
        response = responses[AGREE_KEY]
        # Any other kind of response counts as no answer.
        said = response if isinstance(response, ElicitResult) else ElicitResult(action="cancel")
        agreed = (said.content or {}).get(AGREE_KEY) is True if said.action == "accept" else None
        agreed = False if said.action == "decline" else agreed
        many = len(plan.plans) > 1 or returns_plan(type(request))
        return await self._apply_decision(plan, context, agreed=agreed, many=many)

    async def _ask_in_call(self, plan: StoredPlan, context: Context[Any, Any]) -> bool | None:
        """Elicit an answer while the call runs; None means that there was none."""
        agreed: bool | None = None
        try:
            async with anyio.create_task_group() as group:
                group.start_soon(self._cancel_on_shutdown, group.cancel_scope)
                agreed = await self._elicit(plan, context)
                group.cancel_scope.cancel()
        except asyncio.CancelledError:
            # The call was cancelled, so its question can no longer be answered.
            with anyio.CancelScope(shield=True), suppress(Trouble):
                await self.desk.approvals.withdraw(plan)
            raise
        return agreed

    async def _elicit(self, plan: StoredPlan, context: Context[Any, Any]) -> bool | None:
        try:
            said = await context.elicit(self._text(plan), Agreement)
        except ValueError:
            # The form was accepted without its only field, which is not an approval.
            return False
        except MCPError as error:
            # The client cannot elicit after all, or has disconnected.
            log.warning("mcp.not_asked", plan=plan.id, code=error.error.code)
            return None
        if isinstance(said, DeclinedElicitation):
            return False
        return said.data.agree if isinstance(said, AcceptedElicitation) else None

    async def _cancel_on_shutdown(self, asked: anyio.CancelScope) -> None:
        await self.wait_for_shutdown()
        asked.cancel()

    async def _apply_decision(
        self, plan: StoredPlan, context: Context[Any, Any], *, agreed: bool | None, many: bool
    ) -> CallToolResult | InputRequiredResult:
        """Carry out an approved plan or raise; `agreed` is None if there was no answer."""
        approvals, actor = self.desk.approvals, self.caller()
        if not agreed:
            if plan.state is PlanState.WAITING:
                await approvals.decide(plan.id, actor, agreed=False)
            raise Trouble(plan_errors.DECLINED if agreed is False else plan_errors.NOT_ANSWERED)
        came: list[StepOutcome] = []

        async def on_step(_place: int, one: StepOutcome) -> None:
            came.append(one)
            await context.report_progress(len(came), len(plan.plans))

        done = await approvals.carry_out(await approvals.decide(plan.id, actor, agreed=True), actor, on_step=on_step)
        if many or not came:
            return plan_result(done)
        (one,) = came
        if isinstance(one, Trouble):
            raise one
        # If the records have changed meanwhile, the person is asked again about their current state.
        return await self.ask(one, context) if isinstance(one, Waiting) else tool_result(one)

    def _text(self, plan: StoredPlan) -> str:
        what = confirmation_question(plan.plans, plan.unfit, plan.also)
        return f"{what.to(self.language)}\n{CONFIRM_TEXT.to(self.language)}"

    def _question(self, plan: StoredPlan) -> ElicitRequest:
        schema = Agreement.model_json_schema()
        return ElicitRequest(params=ElicitRequestFormParams(message=self._text(plan), requested_schema=schema))


def can_ask(context: Context[Any, Any]) -> bool:
    """Return whether the client supports form elicitation on this connection."""
    capabilities = context.client_capabilities
    elicitation = capabilities.elicitation if capabilities else None
    if elicitation is None or (elicitation.form is None and elicitation.url is not None):
        return False
    return _asks_by_input_required(context) or context.session.can_send_request


def _asks_by_input_required(context: Context[Any, Any]) -> bool:
    return (context.protocol_version or "") >= INPUT_REQUIRED_SINCE


def _belongs_to(plan: AnyPlan, request: Method[Any]) -> bool:
    """Return whether a plan belongs to this call; a bulk request belongs to plans for each of its records."""
    return plan.asked == request or request.name() in {"link_bookings", "move_deal_links", "undo_change"}
