"""Parsing days, times and time zones as people and clients write them, and converting them for the portal.

A time without an offset is local time of the business and has no meaning without its zone. Methods with such times
are `ZonedRequest`: the desk, which knows the zone, sets it with `in_zone`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Any, Final, Literal, Protocol, Self, TypeAlias, cast, get_args, runtime_checkable
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BeforeValidator, WithJsonSchema
from pydantic_core import PydanticCustomError, PydanticKnownError

from tool_specs.declaration.wire import Json

EARLIEST: Final = 946_684_800
"""The start of 2000 in Unix seconds, earlier than any booking: a smaller number, such as 20261129, is not a time."""
LATEST: Final = 4_102_444_800
"""The start of 2100 in Unix seconds, later than any booking."""

_DAY: Final = re.compile(r"20[0-9]{2}-[0-9]{2}-[0-9]{2}")
_TIME: Final = re.compile(
    r"(?P<local>20[0-9]{2}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?)"
    r"\s*(?P<offset>[Zz]|[+-][0-9]{2}:?[0-9]{2})?",
)
PeriodWord: TypeAlias = Literal["today", "tomorrow", "week"]
"""Words for periods of days, resolved where the date and the zone are known."""
DayWord: TypeAlias = Literal["today", "tomorrow"]
"""The words that mean a single day."""
_ZONE_NAME: Final = re.compile(r"UTC|[A-Za-z_]+(/[A-Za-z0-9_+-]+){1,2}")


@runtime_checkable
class ZonedRequest(Protocol):
    """A request whose days and times may lack a time zone."""

    def in_zone(self, zone: str) -> Self:
        """Return a copy in which times without a zone have this one.

        Raises:
            pydantic.ValidationError: the times are invalid in that zone.
        """
        ...


def _known_zone(name: str) -> str:
    try:
        if _ZONE_NAME.fullmatch(name):
            return ZoneInfo(name).key
    except (OSError, ValueError, KeyError):
        pass
    raise PydanticCustomError("time_zone_unknown", "must be a known time zone such as Europe/Moscow")


TimeZone: TypeAlias = Annotated[str, AfterValidator(_known_zone)]


def has_zone(value: datetime) -> bool:
    """Return whether a time has a named zone, and not just an offset."""
    return isinstance(value.tzinfo, ZoneInfo)


def with_zone(value: datetime, zone: str) -> datetime:
    """Add a zone to a time without one.

    Raises:
        PydanticCustomError: the time does not exist there, because clocks are put forward over it.
    """
    if has_zone(value):
        return value
    if value.tzinfo is not None:
        return value.astimezone(ZoneInfo(zone))
    local = value.replace(tzinfo=ZoneInfo(zone))
    if local.astimezone(UTC).astimezone(local.tzinfo).replace(tzinfo=None) != value:
        raise PydanticCustomError(
            "time_skipped",
            "does not exist in {zone}: the clocks go forward then",
            {"zone": zone},
        )
    return local


def to_wire_time(value: datetime) -> Json:
    """Convert a time to the form of bookings: Unix seconds and the zone for display.

    Raises:
        ValueError: the time has no zone.
    """
    if not isinstance(value.tzinfo, ZoneInfo):
        message = "a time without a zone cannot be sent: call in_zone first"
        raise ValueError(message)  # noqa: TRY004 - it is a time, only not a settled one
    return {"timestamp": int(value.timestamp()), "timezone": value.tzinfo.key}


def _read_time(value: object) -> object:
    """Parse `2026-11-21 15:00`, ISO times, and the vendor's `{"timestamp": …, "timezone": …}`."""
    if isinstance(value, Mapping):
        value = _from_vendor(cast("Mapping[str, Any]", value))
    if isinstance(value, str) and (match := _TIME.fullmatch(value.strip())):
        try:
            value = datetime.fromisoformat(match["local"] + (match["offset"] or "").upper())
        except ValueError:
            value = None
    if not isinstance(value, datetime):
        raise PydanticCustomError("time_of_day", "must be a day and time such as 2026-11-21 15:00")
    return value.replace(microsecond=0)


def _from_vendor(value: Mapping[str, Any]) -> datetime | None:
    seconds, zone = _seconds(value.get("timestamp")), value.get("timezone")
    if seconds is None or not isinstance(zone, str):
        return None
    return datetime.fromtimestamp(seconds, ZoneInfo(_known_zone(zone)))


def _seconds(value: object) -> int | None:
    """Parse Unix seconds given as a number or as digits."""
    if isinstance(value, str) and re.fullmatch(r"[0-9]{1,10}", value):
        value = int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) and EARLIEST <= value <= LATEST else None


def _read_day(value: object) -> object:
    if isinstance(value, str) and _DAY.fullmatch(value.strip()):
        try:
            value = date.fromisoformat(value.strip())
        except ValueError:
            value = None
    if not isinstance(value, date) or isinstance(value, datetime):
        raise PydanticKnownError("date_parsing", {"error": "not a day"})
    return value


def _read_day_or_word(value: object) -> object:
    """Parse a day, or a word for one."""
    return value if value in get_args(DayWord) else _read_day(value)


def _read_day_or_time(value: object) -> object:
    """Parse a day, a time, or the vendor's Unix seconds."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    if (seconds := _seconds(value)) is not None:
        return datetime.fromtimestamp(seconds, UTC)
    try:
        return _read_day(value) if isinstance(value, str) and _DAY.fullmatch(value.strip()) else _read_time(value)
    except (PydanticCustomError, PydanticKnownError):
        raise PydanticKnownError("datetime_parsing", {"error": "not a day or time"}) from None


_TEXT: Final = WithJsonSchema({"type": "string"})

Time: TypeAlias = Annotated[datetime, BeforeValidator(_read_time), _TEXT]
"""A time with or without a zone."""
Day: TypeAlias = Annotated[date, BeforeValidator(_read_day), _TEXT]
DayOrWord: TypeAlias = Annotated[date | DayWord, BeforeValidator(_read_day_or_word), _TEXT]
DayOrTime: TypeAlias = Annotated[date | datetime, BeforeValidator(_read_day_or_time), _TEXT]


def starts_at(value: date | datetime, zone: str) -> datetime:
    """Return the first second of a day in a zone; a time is returned with its zone set."""
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=ZoneInfo(zone))
    return datetime(value.year, value.month, value.day, tzinfo=ZoneInfo(zone))


def ends_at(value: date | datetime, zone: str) -> datetime:
    """Return the last second of a day in a zone; a time is returned with its zone set."""
    if isinstance(value, datetime):
        return starts_at(value, zone)
    following = starts_at(value + timedelta(days=1), zone)
    return (following.astimezone(UTC) - timedelta(seconds=1)).astimezone(following.tzinfo)


def days_of(word: PeriodWord, today: date) -> tuple[date, date]:
    """Return the first and last day of a period word; a week runs from Monday to Sunday."""
    if word == "week":
        monday = today - timedelta(days=today.weekday())
        return monday, monday + timedelta(days=6)
    day = today + timedelta(days=word == "tomorrow")
    return day, day


def _instant(value: date | datetime) -> float | None:
    return value.timestamp() if isinstance(value, datetime) and value.tzinfo is not None else None


def ends_before(end: date | datetime, start: date | datetime) -> bool:
    """Return whether a period ends before it starts, whole days counted; False if a missing zone leaves it open."""
    ending, starting = _instant(end), _instant(start)
    if ending is not None and starting is not None:
        return ending < starting
    if ending is not None or starting is not None:
        return False
    first = start if isinstance(start, datetime) else datetime.combine(start, time.min)
    last = end if isinstance(end, datetime) else datetime.combine(end, time.max)
    return last < first


def is_later(end: datetime, start: datetime) -> bool | None:
    """Return whether the end is after the start; None if only one of them has a zone."""
    if end.tzinfo is not None and start.tzinfo is not None:
        return end.timestamp() > start.timestamp()
    return end > start if end.tzinfo is start.tzinfo else None
