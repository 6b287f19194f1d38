"""Descriptions to records: which contact, deal or booking is meant by a name, a phone number or a time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from linkdesk.access import Actor
from linkdesk.desk import Desk
from tool_specs.method import Method
from tool_specs.said import Said


@dataclass(frozen=True, slots=True)
class Choice:
    """One candidate."""

    label: Said
    value: object


@dataclass(frozen=True, slots=True)
class Open:
    """An argument that is not settled; without choices there may be near ones."""

    argument: str
    said: str
    choices: tuple[Choice, ...]
    near: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True)
class Resolved:
    """What is settled and what is open."""

    arguments: dict[str, Any]
    found: tuple[Choice, ...]
    open: tuple[Open, ...]


def described(arguments: Mapping[str, Any]) -> bool:
    """Tell whether anything is described and not numbered."""
    values = [item for value in arguments.values() for item in (value if isinstance(value, list) else [value])]
    return any(isinstance(value, Mapping) and "id" not in value for value in values)


async def resolve(desk: Desk, actor: Actor, method: type[Method[Any]], arguments: Mapping[str, Any]) -> Resolved:
    """Settle what is described."""
    del desk, actor, method
    return Resolved(dict(arguments), (), ())
