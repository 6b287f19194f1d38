"""Allow lists: which toolsets a person or a role may use, and which kinds of records they may name.

As soon as one list is set, whatever no list names is refused; administrators may do everything unless a list of their
own says otherwise. A list is written `WHO:TOOLSETS@TYPES`, as in `viewer:links+bookings,editor:all@booking+deal`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, cast

from pydantic import BaseModel

from tool_specs.declaration.crm_ref import CRM_TYPES, CrmRef
from tool_specs.declaration.localized import Localized, join_with_commas
from tool_specs.declaration.method import Method, Toolset

ALL: Final = "all"
CRM: Final = "crm"
"""Every type of CRM card."""

TOOLSET_NAMES: Final[Mapping[Toolset, Localized]] = {
    Toolset.LINKS: Localized(en="links", ru="связи"),
    Toolset.CHANGES: Localized(en="the change history and undo", ru="журнал изменений и отмена"),
    Toolset.BOOKINGS: Localized(en="bookings", ru="бронирования"),
    Toolset.WAITLIST: Localized(en="the waitlist", ru="лист ожидания"),
    Toolset.RESOURCES: Localized(en="resources", ru="ресурсы"),
    Toolset.CRM: Localized(en="CRM cards and activities", ru="карточки CRM и дела"),
}
TYPE_NAMES: Final[Mapping[str, Localized]] = {
    "booking": Localized(en="bookings", ru="бронирования"),
    "waitlist": Localized(en="waitlist entries", ru="записи листа ожидания"),
    "activity": Localized(en="activities", ru="дела"),
    "resource": Localized(en="resources", ru="ресурсы"),
    **{kind.name: kind.said for kind in CRM_TYPES},
    CRM: Localized(en="CRM cards of this type", ru="карточки CRM этого типа"),
}
"""The kinds of records that a list may name."""

_OWN: Final[Mapping[Toolset, frozenset[str]]] = {
    Toolset.BOOKINGS: frozenset({"booking"}),
    Toolset.WAITLIST: frozenset({"waitlist"}),
    Toolset.RESOURCES: frozenset({"resource"}),
}
"""What the tools of a toolset are about, whatever their arguments name."""
_FIELDS: Final[Mapping[str, str]] = {
    "booking_id": "booking",
    "waitlist_id": "waitlist",
    "activity_id": "activity",
    "resource_id": "resource",
    "resource_ids": "resource",
    "deal": "deal",
}
"""The kind of record that an argument names by its number."""
_BY_NAME: Final[Mapping[str, frozenset[str]]] = {
    "find_activities": frozenset({"activity"}),
    "link_bookings": frozenset({"booking", "deal"}),
    "move_deal_links": frozenset({"booking", "waitlist", "deal"}),
}


@dataclass(frozen=True, slots=True)
class AllowList:
    """What one list allows; None stands for everything."""

    toolsets: frozenset[Toolset] | None = None
    types: frozenset[str] | None = None

    def first_disallowed(self, method: Method[Any]) -> Localized | None:
        """Return what of a request is not allowed, or None."""
        if self.toolsets is not None and method.toolset not in self.toolsets:
            return TOOLSET_NAMES[method.toolset] if method.toolset else NO_TOOL
        return None if self.types is None else self.disallowed_types(record_types_of(method))

    def disallowed_types(self, types: Iterable[str]) -> Localized | None:
        """Return the first types among these that are not allowed, or None."""
        if self.types is None:
            return None
        wrong = [name for name in sorted(types) if not self._has(name)]
        return join_with_commas([describe_type(name) for name in wrong]) if wrong else None

    def _has(self, name: str) -> bool:
        types = self.types or frozenset()
        return name in types or (CRM in types and name not in NOT_CRM)


NO_TOOL: Final = Localized(en="internal requests", ru="внутренние запросы")
NOT_CRM: Final = frozenset({"booking", "waitlist", "activity", "resource"})
EVERYTHING: Final = AllowList()
NOTHING: Final = AllowList(frozenset(), frozenset())


def record_type(kind: str) -> str:
    """Return the allow lists' name of an audit log target type."""
    return {"resource_type": "resource", "resource_slots": "resource"}.get(kind, kind)


def describe_type(name: str) -> Localized:
    """Name a type of record; a smart process by its number."""
    return TYPE_NAMES.get(name, TYPE_NAMES[CRM])


def record_types_of(method: Method[Any]) -> frozenset[str]:
    """Return the kinds of records that a request is about: those of its tool, and those that its arguments name."""
    found = set(_OWN.get(method.toolset, frozenset()) if method.toolset else frozenset[str]())
    found |= _BY_NAME.get(method.name(), frozenset())
    for field in type(method).model_fields:
        value = getattr(method, field)
        if value is None:
            continue
        if field in _FIELDS:
            found.add(_FIELDS[field])
        elif field in {"type", "type_"} and isinstance(value, str):
            found.add(value)
        else:
            found |= {ref.type for ref in _refs(value)}
    return frozenset(found)


def _refs(value: object) -> Iterable[CrmRef]:
    if isinstance(value, CrmRef):
        yield value
    elif isinstance(value, list | tuple):
        for one in cast("Iterable[object]", value):
            yield from _refs(one)
    elif isinstance(value, BaseModel):
        for field in type(value).model_fields:
            yield from _refs(getattr(value, field))


def parse_allow_lists(text: str) -> Mapping[str, AllowList] | None:
    """Read `viewer:links+bookings,editor:all@booking+deal`; None where it cannot be read."""
    lists: dict[str, AllowList] = {}
    for entry in text.split(","):
        if not entry.strip():
            continue
        subject, _, granted = entry.strip().rpartition(":")
        toolsets, at, types = granted.partition("@")
        read_sets, read_types = _names(toolsets, frozenset(Toolset)), _names(types, frozenset(TYPE_NAMES), numbers=True)
        if not subject.strip() or subject.strip() in lists or read_sets is INVALID or (at and read_types is INVALID):
            return None
        lists[subject.strip()] = AllowList(
            None if read_sets is None else frozenset(Toolset(name) for name in read_sets),
            read_types if at else None,
        )
    return lists


INVALID: Final[frozenset[str]] = frozenset({""})


def _names(text: str, known: frozenset[str], *, numbers: bool = False) -> frozenset[str] | None:
    """Return the names between plus signs, None for all, or `INVALID` if one is unknown."""
    names = frozenset(part.strip() for part in text.split("+"))
    if names == frozenset({ALL}):
        return None
    fine = all(name in known or (numbers and re.fullmatch(r"[0-9]{2,6}", name)) for name in names)
    return names if fine else INVALID
