"""Plans as JSON: enough to show them, and to check later what a person approved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from pydantic import BaseModel

from linkdesk.model.outcome import AnyPlan, Plan, PlanDetails, RecordPlan, RecordTarget, SkippedPart, Target
from linkdesk.model.views import (
    BookingView,
    ResourceScheduleView,
    ResourceTypeView,
    ResourceView,
    View,
    WaitlistEntryView,
)
from tool_specs import TOOLS
from tool_specs.declaration.crm_ref import CrmRef
from tool_specs.declaration.localized import Localized
from tool_specs.declaration.method import Method

_TOOLS: Final[Mapping[str, type[Method[Any]]]] = {method.name(): method for method in TOOLS}
_VIEWS: Final[Mapping[str, type[View]]] = {
    "ShownBooking": BookingView,
    "ShownEntry": WaitlistEntryView,
    "ShownResource": ResourceView,
    "ShownType": ResourceTypeView,
    "ShownSchedule": ResourceScheduleView,
}
"""The views of records by the names under which plans are stored: renaming a class must not change them."""
_STORED_NAMES: Final[Mapping[type[BaseModel], str]] = {view: name for name, view in _VIEWS.items()}


def plan_as_json(plan: AnyPlan) -> dict[str, Any]:
    """Return a plan as JSON, without its calls, which are planned again when it is applied."""
    common = {
        "asked": {
            "tool": plan.asked.name(),
            "arguments": plan.asked.model_dump(mode="json", by_alias=True, exclude_none=True),
        },
        "target": plan.target.as_json(),
        "destroys": plan.destroys,
        "also": [said.as_json() for said in plan.also],
    }
    if isinstance(plan, RecordPlan):
        return {**common, "before": _view_as_json(plan.before), "after": _view_as_json(plan.after)}
    return {
        **common,
        "kind": plan.kind,
        "before": _refs_as_json(plan.before),
        "after": _refs_as_json(plan.after),
        "named": _refs_as_json(plan.named),
        "when": None if plan.about.when is None else plan.about.when.as_json(),
        "clients": _refs_as_json(plan.about.clients),
        "names": [[*_refs_as_json([ref]), name] for ref, name in plan.about.names.items()],
    }


def plan_from_json(form: Mapping[str, Any]) -> AnyPlan:
    """Build a plan from JSON.

    Raises:
        KeyError: another version of Linkdesk wrote it.
        pydantic.ValidationError: the same.
    """
    method = _TOOLS[form["asked"]["tool"]]
    asked = method.model_validate(form["asked"]["arguments"])
    also = tuple(Localized.from_json(said) for said in form["also"])
    if "kind" not in form:
        return RecordPlan(
            asked=asked,
            target=RecordTarget(**form["target"]),
            before=_view_from_json(form["before"]),
            after=_view_from_json(form["after"]),
            destroys=form["destroys"],
            also=also,
        )
    return Plan(
        asked=asked,
        target=Target(**form["target"]),
        kind=form["kind"],
        before=_refs_from_json(form["before"]),
        after=_refs_from_json(form["after"]),
        steps=(),
        named=_refs_from_json(form["named"]),
        destroys=form["destroys"],
        also=also,
        about=PlanDetails(
            when=None if form["when"] is None else Localized.from_json(form["when"]),
            clients=_refs_from_json(form.get("clients", [])),
            names={CrmRef.model_validate(ref): name for ref, name in form["names"]},
        ),
    )


EXTRAS: Final = "beside"
"""The key of what is stored along with the plans: skipped parts, and remarks on the whole."""


def extras_as_json(unfit: Sequence[SkippedPart], also: Sequence[Localized]) -> list[dict[str, Any]]:
    """Return skipped parts and remarks as JSON; empty where there are none."""
    if not unfit and not also:
        return []
    parts = [
        {
            "target": one.target.as_json(),
            "record": isinstance(one.target, RecordTarget),
            "why": None if one.why is None else one.why.as_json(),
            "code": one.code,
        }
        for one in unfit
    ]
    return [{EXTRAS: {"unfit": parts, "also": [said.as_json() for said in also]}}]


def extras_from_json(forms: Sequence[Mapping[str, Any]]) -> tuple[tuple[SkippedPart, ...], tuple[Localized, ...]]:
    """Build skipped parts and remarks from JSON.

    Raises:
        KeyError: another version of Linkdesk wrote it.
    """
    found = [form[EXTRAS] for form in forms if EXTRAS in form]
    unfit = [
        SkippedPart(
            target=(RecordTarget if part["record"] else Target)(**part["target"]),
            why=None if part["why"] is None else Localized.from_json(part["why"]),
            code=part["code"],
        )
        for form in found
        for part in form["unfit"]
    ]
    return tuple(unfit), tuple(Localized.from_json(said) for form in found for said in form["also"])


def _refs_as_json(refs: Any) -> list[dict[str, Any]]:  # noqa: ANN401 - any iterable of references
    return [{"type": ref.type, "id": ref.id} for ref in refs]


def _refs_from_json(refs: list[dict[str, Any]]) -> tuple[CrmRef, ...]:
    return tuple(CrmRef.model_validate(ref) for ref in refs)


def _view_as_json(record: BaseModel | None) -> dict[str, Any] | None:
    if record is None:
        return None
    return {"shown": _STORED_NAMES[type(record)], "values": record.model_dump(mode="json")}


def _view_from_json(form: dict[str, Any] | None) -> View | None:
    return None if form is None else _VIEWS[form["shown"]].model_validate(form["values"])
