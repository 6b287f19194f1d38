"""The outcomes of a request: a list, a change, or a plan that waits for approval."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal, TypeAlias

from pydantic import BaseModel

from tool_specs.declaration.crm_ref import CrmRef
from tool_specs.declaration.localized import Localized
from tool_specs.declaration.method import Method
from tool_specs.declaration.wire import ListItem

TargetType: TypeAlias = Literal["booking", "waitlist", "activity"]
RecordType: TypeAlias = Literal["booking", "waitlist", "resource", "resource_type", "resource_slots"]

_WORDS: Mapping[TargetType | RecordType, Localized] = {
    "booking": Localized(en="booking", ru="бронирование"),
    "waitlist": Localized(en="waitlist entry", ru="запись листа ожидания"),
    "activity": Localized(en="activity", ru="дело"),
    "resource": Localized(en="resource", ru="ресурс"),
    "resource_type": Localized(en="resource type", ru="тип ресурсов"),
    "resource_slots": Localized(en="the schedule of resource", ru="расписание ресурса"),
}


@dataclass(frozen=True, slots=True)
class Target:
    """The owner of a list that a request is about."""

    type: TargetType
    id: int

    @property
    def said(self) -> Localized:
        """The target as text: "booking 14", "бронирование 14"."""
        words = _WORDS[self.type]
        return Localized(en=f"{words.en} {self.id}", ru=f"{words.ru} {self.id}")

    def as_json(self) -> dict[str, Any]:
        """Return it as JSON for models."""
        return {"type": self.type, "id": self.id}


@dataclass(frozen=True, slots=True)
class RecordTarget:
    """A record of the portal; one that is still to be created has no id."""

    type: RecordType
    id: int | None

    @property
    def said(self) -> Localized:
        """The record as text: "resource 2", "ресурс 2"."""
        words = _WORDS[self.type]
        return words if self.id is None else Localized(en=f"{words.en} {self.id}", ru=f"{words.ru} {self.id}")

    def as_json(self) -> dict[str, Any]:
        """Return it as JSON for models."""
        return {"type": self.type, "id": self.id}


ListKind: TypeAlias = Literal["links", "clients", "bindings"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanDetails:
    """Details to show with a plan: when the booking is, its clients, and the names of the items."""

    when: Localized | None = None
    clients: tuple[CrmRef, ...] = ()
    """The clients; read where a person is asked."""
    names: Mapping[CrmRef, str] = field(default_factory=dict[CrmRef, str])


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """The CRM items in a list."""

    target: Target
    kind: ListKind
    items: tuple[CrmRef, ...]
    about: PlanDetails = PlanDetails()


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A planned write of a list: the list now, the list as it will be, and the calls that change it."""

    asked: Method[Any]
    target: Target
    kind: ListKind
    before: tuple[CrmRef, ...]
    after: tuple[CrmRef, ...]
    steps: tuple[Method[bool], ...]
    named: tuple[CrmRef, ...]
    """The items that the request names."""
    destroys: bool = False
    """Whether it removes items that the request does not name one by one."""
    also: tuple[Localized, ...] = ()
    """Remarks."""
    about: PlanDetails = PlanDetails()
    whole: tuple[ListItem, ...] = ()
    """The exact list as it will be, including what is no CRM item."""

    @property
    def added(self) -> tuple[CrmRef, ...]:
        """The items that are added."""
        return tuple(ref for ref in self.after if ref not in self.before)

    @property
    def removed(self) -> tuple[CrmRef, ...]:
        """The items that are removed."""
        return tuple(ref for ref in self.before if ref not in self.after)

    def covered_by(self, agreed: AnyPlan | None) -> bool:
        """Return whether the approval of `agreed` covers this plan: the same request, removing no more."""
        return isinstance(agreed, Plan) and agreed.asked == self.asked and set(self.removed) <= set(agreed.removed)


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """A write of a list; `changed` is false where nothing had to be changed or sent."""

    plan: Plan
    changed: bool
    after: tuple[CrmRef, ...]
    """What was read back."""
    also: tuple[Localized, ...] = ()
    """Remarks and side effects."""
    change_id: str | None = None
    """Its id in the audit log, if something was sent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A plan that needs approval; nothing was changed."""

    plan: AnyPlan


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadResult:
    """The result of a read: the request, and the view of what was found."""

    asked: Method[Any]
    shown: BaseModel


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordPlan:
    """A planned write of a whole record: the record now and as it will be."""

    asked: Method[Any]
    target: RecordTarget
    before: BaseModel | None
    """The current record; None where one is created."""
    after: BaseModel | None
    """The record as it will be; None where it is deleted."""
    destroys: bool = False
    also: tuple[Localized, ...] = ()

    def covered_by(self, agreed: AnyPlan | None) -> bool:
        """Return whether a person who agreed to `agreed` agreed to this: the same request with the same changes.

        Fields that neither changes may differ; a record that is made or deleted has to be the same as a whole.
        """
        if not isinstance(agreed, RecordPlan) or agreed.asked != self.asked:
            return False
        return agreed.before == self.before or (bool(self.changes) and agreed.changes == self.changes)

    @property
    def changes(self) -> dict[str, tuple[object, object]]:
        """The fields that differ, with the values before and after; none where a record is made or deleted."""
        if self.before is None or self.after is None:
            return {}
        was, will = dict(self.before), dict(self.after)
        return {name: (was.get(name), value) for name, value in will.items() if was.get(name) != value}


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordDone:
    """A record that was created, changed or deleted; `changed` is false where nothing had to be changed."""

    plan: RecordPlan
    changed: bool
    target: RecordTarget
    """The record; a created one with its id."""
    after: BaseModel | None
    """What was read back."""
    also: tuple[Localized, ...] = ()
    change_id: str | None = None
    """Its id in the audit log, if something was sent."""


AnyPlan: TypeAlias = Plan | RecordPlan


@dataclass(frozen=True, slots=True, kw_only=True)
class SkippedPart:
    """A part of a request about many records that is skipped: nothing has to be changed, or it cannot be done."""

    target: Target | RecordTarget
    why: Localized | None = None
    """Why it cannot be done; None where nothing has to be changed."""
    code: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingMany:
    """The plans of a request about many records, which need approval; nothing was changed."""

    asked: Method[Any]
    plans: tuple[AnyPlan, ...]
    unfit: tuple[SkippedPart, ...] = ()
    also: tuple[Localized, ...] = ()


def pending_plans(outcome: object) -> tuple[AnyPlan, ...]:
    """Return the plans of an outcome that need approval."""
    match outcome:
        case Waiting(plan=plan):
            return (plan,)
        case WaitingMany(plans=plans):
            return plans
        case _:
            return ()


def merge_by_target(plans: Sequence[AnyPlan]) -> tuple[AnyPlan, ...]:
    """Merge the plans of each list, as several steps on one list are one change to a person."""
    found: dict[object, AnyPlan] = {}
    for place, plan in enumerate(plans):
        key = (plan.target, plan.kind) if isinstance(plan, Plan) else place
        first = found.get(key)
        found[key] = _both(first, plan) if isinstance(first, Plan) and isinstance(plan, Plan) else plan
    return tuple(found.values())


def _both(first: Plan, then: Plan) -> Plan:
    """Merge two plans for the same current list."""
    stays = [ref for ref in first.after if ref not in then.removed]
    return replace(
        first,
        after=(*stays, *(ref for ref in then.added if ref not in stays)),
        named=tuple(dict.fromkeys([*first.named, *then.named])),
        destroys=first.destroys or then.destroys,
        also=tuple(dict.fromkeys([*first.also, *then.also])),
        about=replace(first.about, names={**first.about.names, **then.about.names}),
    )


Outcome: TypeAlias = Listing | Done | ReadResult | RecordDone | Waiting | WaitingMany


def format_target(kind: str, number: int | None) -> Localized:
    """Format a target by its type and id in the audit log."""
    words = next((said for name, said in _WORDS.items() if name == kind), Localized(en=kind, ru=kind))
    return words if number is None else Localized(en=f"{words.en} {number}", ru=f"{words.ru} {number}")
