"""What came of a request: a listing, a change, or a plan that waits for a person."""

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
    """What a request is about."""

    type: TargetType
    id: int

    @property
    def said(self) -> Localized:
        """The target in words: "booking 14", "бронирование 14"."""
        words = _WORDS[self.type]
        return Localized(en=f"{words.en} {self.id}", ru=f"{words.ru} {self.id}")

    def as_json(self) -> dict[str, Any]:
        """Give it as models read it."""
        return {"type": self.type, "id": self.id}


@dataclass(frozen=True, slots=True)
class RecordTarget:
    """A record of the portal; one that is still to be made has no id."""

    type: RecordType
    id: int | None

    @property
    def said(self) -> Localized:
        """The record in words: "resource 2", "ресурс 2"."""
        words = _WORDS[self.type]
        return words if self.id is None else Localized(en=f"{words.en} {self.id}", ru=f"{words.ru} {self.id}")

    def as_json(self) -> dict[str, Any]:
        """Give it as models read it."""
        return {"type": self.type, "id": self.id}


ListKind: TypeAlias = Literal["links", "clients", "bindings"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanDetails:
    """What a face may show besides: when the booking is and whose, what the items are called."""

    when: Localized | None = None
    clients: tuple[CrmRef, ...] = ()
    """Whose it is; known where a person is asked."""
    names: Mapping[CrmRef, str] = field(default_factory=dict[CrmRef, str])


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """The CRM items a target has."""

    target: Target
    kind: ListKind
    items: tuple[CrmRef, ...]
    about: PlanDetails = PlanDetails()


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A write that was thought through: what is there, what will be, and the calls that make it so."""

    asked: Method[Any]
    target: Target
    kind: ListKind
    before: tuple[CrmRef, ...]
    after: tuple[CrmRef, ...]
    steps: tuple[Method[bool], ...]
    named: tuple[CrmRef, ...]
    """The items that the request names."""
    destroys: bool = False
    """Whether it removes what the request did not name one by one."""
    also: tuple[Localized, ...] = ()
    """What else there is to say of it."""
    about: PlanDetails = PlanDetails()
    whole: tuple[ListItem, ...] = ()
    """The list as it will be, to the letter: what is no CRM item included."""

    @property
    def added(self) -> tuple[CrmRef, ...]:
        """The items that join."""
        return tuple(ref for ref in self.after if ref not in self.before)

    @property
    def removed(self) -> tuple[CrmRef, ...]:
        """The items that go."""
        return tuple(ref for ref in self.before if ref not in self.after)

    def covered_by(self, agreed: AnyPlan | None) -> bool:
        """Tell whether a person who said yes to `agreed` said yes to this: the same request, removing no more."""
        return isinstance(agreed, Plan) and agreed.asked == self.asked and set(self.removed) <= set(agreed.removed)


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """A write that was carried out, or that was already so: then `changed` is false and nothing was sent."""

    plan: Plan
    changed: bool
    after: tuple[CrmRef, ...]
    """What was read back."""
    also: tuple[Localized, ...] = ()
    """Side effects and remarks."""
    change_id: str | None = None
    """Its row in the record, where something was sent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A plan that a person has to agree to; nothing was changed."""

    plan: AnyPlan


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadResult:
    """What was looked up: the request, and what to show of it."""

    asked: Method[Any]
    shown: BaseModel


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordPlan:
    """A write of a whole record, thought through: what it is now and what it will be."""

    asked: Method[Any]
    target: RecordTarget
    before: BaseModel | None
    """The record as it is; None where one is made."""
    after: BaseModel | None
    """The record as it will be; None where it goes."""
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
    """A record that was made, changed or deleted; `changed` is false where it was so already."""

    plan: RecordPlan
    changed: bool
    target: RecordTarget
    """What the record is; a new one has got its id."""
    after: BaseModel | None
    """What was read back."""
    also: tuple[Localized, ...] = ()
    change_id: str | None = None
    """Its row in the record, where something was sent."""


AnyPlan: TypeAlias = Plan | RecordPlan


@dataclass(frozen=True, slots=True, kw_only=True)
class SkippedPart:
    """A part of a request about many records that will not be done: it is so already, or it cannot be done."""

    target: Target | RecordTarget
    why: Localized | None = None
    """Why it cannot be done; None where it is so already."""
    code: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingMany:
    """A request about many records, thought through; nothing was changed, and a person has to agree to it."""

    asked: Method[Any]
    plans: tuple[AnyPlan, ...]
    unfit: tuple[SkippedPart, ...] = ()
    also: tuple[Localized, ...] = ()


def pending_plans(outcome: object) -> tuple[AnyPlan, ...]:
    """Give the plans that a person has to agree to; none where nothing waits."""
    match outcome:
        case Waiting(plan=plan):
            return (plan,)
        case WaitingMany(plans=plans):
            return plans
        case _:
            return ()


def merge_by_target(plans: Sequence[AnyPlan]) -> tuple[AnyPlan, ...]:
    """Give plans as people think of them: what several steps do to one list is one change of it."""
    found: dict[object, AnyPlan] = {}
    for place, plan in enumerate(plans):
        key = (plan.target, plan.kind) if isinstance(plan, Plan) else place
        first = found.get(key)
        found[key] = _both(first, plan) if isinstance(first, Plan) and isinstance(plan, Plan) else plan
    return tuple(found.values())


def _both(first: Plan, then: Plan) -> Plan:
    """Make one change of two that were thought through for the same list as it is now."""
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
    """Say a target of either kind, as the record names it."""
    words = next((said for name, said in _WORDS.items() if name == kind), Localized(en=kind, ru=kind))
    return words if number is None else Localized(en=f"{words.en} {number}", ru=f"{words.ru} {number}")
