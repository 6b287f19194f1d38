"""Show, apply and cancel the plans that wait for approval."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from linkdesk.auth.policy import Face
from linkdesk.errors.base import Trouble
from linkdesk.errors.codes import plans as plan_errors
from linkdesk.execution.apply_record import view_as_json
from linkdesk.execution.context import Progress, RequestContext
from linkdesk.handlers.changes import differing_fields
from linkdesk.model.outcome import AnyPlan, Plan, ReadResult, SkippedPart, merge_by_target
from linkdesk.model.views import NamedRef, PlanPartView, PlanView, TargetView
from linkdesk.plans.model import PlanState, PlanStep, StepState, StoredPlan
from linkdesk.plans.runner import OnStepDone, StepOutcome
from tool_specs.declaration.crm_ref import CrmRef
from tool_specs.recipes.changes_and_plans import ApplyPlan, CancelPlan, GetPlan

UNDECIDED = frozenset({PlanState.WAITING, PlanState.APPROVED})


async def get_plan(context: RequestContext, method: GetPlan) -> ReadResult:
    """Show a plan; without an id the person's latest open one.

    Raises:
        Trouble: there is none, or it belongs to somebody else.
    """
    actor = context.recorder.actor
    if method.plan_id is None:
        plan = next(iter(await context.approvals.open_of(actor, 1)), None)
        if plan is None:
            raise Trouble(plan_errors.NO_PLAN_WAITS)
    else:
        plan = await context.approvals.find(method.plan_id, actor)
    return ReadResult(asked=method, shown=plan_view(await context.approvals.with_known_outcomes(plan), context.zone))


async def apply_plan(context: RequestContext, method: ApplyPlan) -> ReadResult:
    """Apply a plan. A person approves it by this request; an assistant needs the person's approval first.

    Raises:
        Trouble: it is not approved, or is settled, expired or somebody else's.
    """
    actor = context.recorder.actor
    plan = await context.approvals.find(method.plan_id, actor)
    if actor.face is not Face.MCP:
        plan = await context.approvals.decide(plan.id, actor, agreed=True)
    elif plan.state in {PlanState.DONE, PlanState.STOPPED}:
        # The person's press of the button applied it already, which is what was requested.
        return ReadResult(
            asked=method, shown=plan_view(await context.approvals.with_known_outcomes(plan), context.zone)
        )
    done = await context.approvals.carry_out(plan, actor, on_step=counting_progress(context.progress, len(plan.plans)))
    return ReadResult(asked=method, shown=plan_view(done, context.zone))


async def cancel_plan(context: RequestContext, method: CancelPlan) -> ReadResult:
    """Cancel a plan, or stop it.

    Raises:
        Trouble: it is settled, expired or somebody else's.
    """
    plan = await context.approvals.cancel(method.plan_id, context.recorder.actor)
    return ReadResult(asked=method, shown=plan_view(plan, context.zone))


def counting_progress(progress: Progress, whole: int) -> OnStepDone:
    """Report progress as the number of finished parts."""
    done = 0

    async def on_step(_place: int, _came: StepOutcome) -> None:
        nonlocal done
        done += 1
        await progress(done, whole, f"{done} of {whole} done")

    return on_step


def plan_view(plan: StoredPlan, zone: str) -> PlanView:
    """Build the view of a plan with its parts, the skipped ones included.

    Until it is applied, several steps on one list are shown as one part; then each step has its own outcome.
    """
    waits = plan.state is PlanState.WAITING
    steps = list(zip(plan.plans, plan.steps, strict=True))
    if all(step == PlanStep() for step in plan.steps):
        steps = [(one, PlanStep()) for one in merge_by_target(plan.plans)]
    parts = [part_view(one, step) for one, step in steps]
    return PlanView(
        plan_id=plan.id,
        state=plan.state.value,
        asked_by=plan.client,
        waits_for=plan.name if waits else None,
        expires=_iso(plan, zone) if plan.state in UNDECIDED else None,
        parts=[*parts, *(skipped_part_view(one) for one in plan.unfit)],
        also=[said.en for said in plan.also] or None,
        remarks=plan.also,
    )


def part_view(plan: AnyPlan, step: PlanStep) -> PlanPartView:
    """Build the view of what a part changes, and its state."""
    part = PlanPartView(
        target=TargetView(**plan.target.as_json()),
        state=step.state.value,
        change_id=step.change_id,
        problem=None if step.said is None else step.said.en,
        said=step.said,
        code=step.code,
        also=[said.en for said in step.also] or None,
        beside=step.also,
    )
    if isinstance(plan, Plan):
        lists = {"before": _refs(plan, plan.before), "after": _refs(plan, plan.after)}
        return part.model_copy(update=lists)
    return part.model_copy(update={"fields": differing_fields(view_as_json(plan.before), view_as_json(plan.after))})


def skipped_part_view(one: SkippedPart) -> PlanPartView:
    """Build the view of a part that is skipped, and why."""
    state = StepState.ALREADY_SO if one.why is None else StepState.REFUSED
    problem = None if one.why is None else one.why.en
    target = TargetView(**one.target.as_json())
    return PlanPartView(target=target, state=state.value, problem=problem, said=one.why, code=one.code)


def _refs(plan: Plan, refs: tuple[CrmRef, ...]) -> list[NamedRef]:
    return [NamedRef(type=ref.type, id=ref.id, name=plan.about.names.get(ref)) for ref in refs]


def _iso(plan: StoredPlan, zone: str) -> str:
    return plan.until.astimezone(ZoneInfo(zone)).isoformat(timespec="seconds")
