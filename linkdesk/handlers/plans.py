"""Plans that wait, shown; carried out once a person agreed; taken back."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from linkdesk.auth.policy import Face
from linkdesk.errors.base import Trouble
from linkdesk.errors.codes import plans as plan_errors
from linkdesk.execution.apply_record import shown_as
from linkdesk.execution.context import Progress, Work
from linkdesk.handlers.changes import differing
from linkdesk.model.outcome import AnyPlan, Found, Plan, Unfit, one_a_target
from linkdesk.model.views import NamedRef, ShownPart, ShownPlan, ShownTarget
from linkdesk.plans.model import PlanState, Step, StepState, StoredPlan
from linkdesk.plans.runner import Came, Heard
from tool_specs.declaration.crm_ref import CrmRef
from tool_specs.recipes.changes_and_plans import ApplyPlan, CancelPlan, GetPlan

UNDECIDED = frozenset({PlanState.WAITING, PlanState.APPROVED})


async def get_plan(work: Work, method: GetPlan) -> Found:
    """Show a plan; without an id the person's latest that is not settled.

    Raises:
        Trouble: there is none, or it is somebody else's.
    """
    actor = work.recorder.actor
    if method.plan_id is None:
        plan = next(iter(await work.approvals.open_of(actor, 1)), None)
        if plan is None:
            raise Trouble(plan_errors.NO_PLAN_WAITS)
    else:
        plan = await work.approvals.find(method.plan_id, actor)
    return Found(asked=method, shown=shown_plan(await work.approvals.as_known(plan), work.zone))


async def apply_plan(work: Work, method: ApplyPlan) -> Found:
    """Carry a plan out. A person who asks for this agrees by it; an assistant who does needs their agreement first.

    Raises:
        Trouble: nobody agreed to it, or it is settled, too late or somebody else's.
    """
    actor = work.recorder.actor
    plan = await work.approvals.find(method.plan_id, actor)
    if actor.face is not Face.MCP:
        plan = await work.approvals.decide(plan.id, actor, agreed=True)
    elif plan.state in {PlanState.DONE, PlanState.STOPPED}:
        # The person's press carried it out already: what came of it is what was asked for.
        return Found(asked=method, shown=shown_plan(await work.approvals.as_known(plan), work.zone))
    done = await work.approvals.carry_out(plan, actor, heard=counting(work.progress, len(plan.plans)))
    return Found(asked=method, shown=shown_plan(done, work.zone))


async def cancel_plan(work: Work, method: CancelPlan) -> Found:
    """Take a plan back, or stop it.

    Raises:
        Trouble: it is settled, too late or somebody else's.
    """
    plan = await work.approvals.cancel(method.plan_id, work.recorder.actor)
    return Found(asked=method, shown=shown_plan(plan, work.zone))


def counting(progress: Progress, whole: int) -> Heard:
    """Turn the news of each part into numbers."""
    done = 0

    async def heard(_place: int, _came: Came) -> None:
        nonlocal done
        done += 1
        await progress(done, whole, f"{done} of {whole} done")

    return heard


def shown_plan(plan: StoredPlan, zone: str) -> ShownPlan:
    """Show a plan with its parts, and those that no plan was made for.

    Until something is begun, what several steps will do to one list is one part; then each step has its own end.
    """
    waits = plan.state is PlanState.WAITING
    steps = list(zip(plan.plans, plan.steps, strict=True))
    if all(step == Step() for step in plan.steps):
        steps = [(one, Step()) for one in one_a_target(plan.plans)]
    parts = [shown_part(one, step) for one, step in steps]
    return ShownPlan(
        plan_id=plan.id,
        state=plan.state.value,
        asked_by=plan.client,
        waits_for=plan.name if waits else None,
        expires=_iso(plan, zone) if plan.state in UNDECIDED else None,
        parts=[*parts, *(unfit_part(one) for one in plan.unfit)],
        also=[said.en for said in plan.also] or None,
        remarks=plan.also,
    )


def shown_part(plan: AnyPlan, step: Step) -> ShownPart:
    """Show what a part changes, and how far it is."""
    part = ShownPart(
        target=ShownTarget(**plan.target.as_json()),
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
    return part.model_copy(update={"fields": differing(shown_as(plan.before), shown_as(plan.after))})


def unfit_part(one: Unfit) -> ShownPart:
    """Show a part that will not be done, and why."""
    state = StepState.ALREADY_SO if one.why is None else StepState.REFUSED
    problem = None if one.why is None else one.why.en
    target = ShownTarget(**one.target.as_json())
    return ShownPart(target=target, state=state.value, problem=problem, said=one.why, code=one.code)


def _refs(plan: Plan, refs: tuple[CrmRef, ...]) -> list[NamedRef]:
    return [NamedRef(type=ref.type, id=ref.id, name=plan.about.names.get(ref)) for ref in refs]


def _iso(plan: StoredPlan, zone: str) -> str:
    return plan.until.astimezone(ZoneInfo(zone)).isoformat(timespec="seconds")
