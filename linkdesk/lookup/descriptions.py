"""What was said of a record in place of its number, found among the arguments of a request. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time
from typing import Any, Final, Literal, TypeAlias, cast

from linkdesk.text.sanitize import one_line
from tool_specs.declaration.crm_ref import CrmRef

BOOKING: Final = "booking"
BOOKING_ID: Final = "booking_id"
MAX_DESCRIPTION: Final = 100
"""Characters of what was said that are looked for and shown."""

Key: TypeAlias = Literal["name", "phone", "email"]
_KEYS: Final[tuple[Key, ...]] = ("phone", "email", "name")


@dataclass(frozen=True, slots=True)
class ItemDescription:
    """A CRM item by its name, phone or email."""

    type: str
    key: Key
    text: str


@dataclass(frozen=True, slots=True)
class BookingDescription:
    """A booking by any of: its day, when it starts (a time, or from when to when), its client, its resource."""

    day: date | None = None
    starts: tuple[time, time] | None = None
    client: CrmRef | ItemDescription | None = None
    resource: str = ""


@dataclass(frozen=True, slots=True)
class DescribedArgument:
    """An argument given by a description; `place` is its index in a list, `description` is None if it is unreadable."""

    argument: str
    place: int | None
    text: str
    description: ItemDescription | BookingDescription | None


def find_descriptions(arguments: Mapping[str, Any]) -> list[DescribedArgument]:
    """Return the descriptions among the arguments, in order."""
    found: list[DescribedArgument] = []
    for name, value in arguments.items():
        if name == BOOKING and isinstance(value, Mapping):
            given = cast("Mapping[str, object]", value)
            found.append(DescribedArgument(BOOKING_ID, None, _parse_description(given), _parse_booking(given)))
            continue
        several = isinstance(value, list | tuple)
        for place, one in enumerate(cast("list[object]", value) if several else [cast("object", value)]):
            if isinstance(one, Mapping) and "id" not in one and any(key in one for key in _KEYS):
                item = _item(cast("Mapping[str, object]", one))
                found.append(
                    DescribedArgument(name, place if several else None, item.text, item if item.text else None)
                )
    return found


def replace_description(
    arguments: Mapping[str, Any], argument: str, place: int | None, value: object
) -> dict[str, Any]:
    """Return the arguments with a description replaced by its value."""
    if argument == BOOKING_ID:
        return {
            (BOOKING_ID if name == BOOKING else name): value if name == BOOKING else one
            for name, one in arguments.items()
        }
    if place is None:
        return {**arguments, argument: value}
    return {**arguments, argument: [value if at == place else one for at, one in enumerate(arguments[argument])]}


def _item(given: Mapping[str, object]) -> ItemDescription:
    kind = str(given.get("type", "contact"))
    said: list[tuple[Key, object]] = [(key, given.get(key)) for key in _KEYS]
    key, text = next((one for one in said if one[1] is not None), said[-1])
    return ItemDescription(kind, key, "" if text is None else one_line(str(text), MAX_DESCRIPTION))


def _parse_description(given: Mapping[str, object]) -> str:
    parts = [given.get(name) for name in ("date", "time", "client", "resource")]
    return one_line(", ".join(str(part) for part in parts if part), MAX_DESCRIPTION)


def _parse_booking(given: Mapping[str, object]) -> BookingDescription | None:
    """Parse the description of a booking; return None if it is empty or has an invalid day or time."""
    said = {name: one_line(str(value), MAX_DESCRIPTION) for name, value in given.items() if value}
    try:
        day = date.fromisoformat(said["date"]) if "date" in said else None
        times = [time.fromisoformat(part) for part in said["time"].split("-")] if "time" in said else []
    except ValueError:
        return None
    starts = (times[0], times[-1]) if times else None
    client = _parse_client(said["client"]) if "client" in said else None
    read = BookingDescription(day, starts, client, said.get("resource", ""))
    return None if read == BookingDescription() else read


def _parse_client(text: str) -> CrmRef | ItemDescription:
    """Parse the description of a client: an id ("contact 3"), a phone, an email address, or a name."""
    try:
        return CrmRef.model_validate(text)
    except ValueError:
        pass
    digits = sum(letter.isdigit() for letter in text)
    key: Key = "email" if "@" in text else "phone" if digits > len(text) / 2 else "name"
    return ItemDescription("contact", key, text)
