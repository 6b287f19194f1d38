"""What came of a request: a listing, a change, or a plan that waits for a person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

from tool_specs.crm_ref import CrmRef
from tool_specs.method import Method
from tool_specs.said import Said

TargetType: TypeAlias = Literal["booking", "waitlist", "activity"]

_WORDS: Mapping[TargetType, Said] = {
    "booking": Said(en="booking", ru="бронирование"),
    "waitlist": Said(en="waitlist entry", ru="запись листа ожидания"),
    "activity": Said(en="activity", ru="дело"),
}


@dataclass(frozen=True, slots=True)
class Target:
    """What a request is about."""

    type: TargetType
    id: int

    @property
    def said(self) -> Said:
        """The target in words: "booking 14", "бронирование 14"."""
        words = _WORDS[self.type]
        return Said(en=f"{words.en} {self.id}", ru=f"{words.ru} {self.id}")

    def as_json(self) -> dict[str, Any]:
        """Give it as models read it."""
        return {"type": self.type, "id": self.id}


Kind: TypeAlias = Literal["links", "clients", "bindings"]


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What a face may show besides: when the booking is, what the items are called."""

    when: Said | None = None
    names: Mapping[CrmRef, str] = field(default_factory=dict[CrmRef, str])


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """The CRM items a target has."""

    target: Target
    kind: Kind
    items: tuple[CrmRef, ...]
    about: About = About()


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A write that was thought through: what is there, what will be, and the calls that make it so."""

    asked: Method[bool]
    target: Target
    kind: Kind
    before: tuple[CrmRef, ...]
    after: tuple[CrmRef, ...]
    steps: tuple[Method[bool], ...]
    named: tuple[CrmRef, ...]
    """The items that the request names."""
    destroys: bool = False
    """Whether it removes what the request did not name one by one."""
    also: tuple[Said, ...] = ()
    """What else there is to say of it."""
    about: About = About()

    @property
    def added(self) -> tuple[CrmRef, ...]:
        """The items that join."""
        return tuple(ref for ref in self.after if ref not in self.before)

    @property
    def removed(self) -> tuple[CrmRef, ...]:
        """The items that go."""
        return tuple(ref for ref in self.before if ref not in self.after)

    def covered_by(self, agreed: Plan | None) -> bool:
        """Tell whether a person who said yes to `agreed` said yes to this: the same request, removing no more."""
        return agreed is not None and agreed.asked == self.asked and set(self.removed) <= set(agreed.removed)


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """A write that was carried out, or that was already so: then `changed` is false and nothing was sent."""

    plan: Plan
    changed: bool
    after: tuple[CrmRef, ...]
    """What was read back."""
    also: tuple[Said, ...] = ()
    """Side effects and remarks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A plan that a person has to agree to; nothing was changed."""

    plan: Plan


Outcome: TypeAlias = Listing | Done | Waiting
