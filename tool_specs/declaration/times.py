"""Days, times and time zones: read as people and clients write them, and written as the portal wants them.

A time without an offset means the time on the wall of the business, so it says nothing until a zone is named. The
methods that have such times are `ZonedRequest`: the desk, which knows the business's zone, gives it to them.
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
"""The start of the year 2000, in Unix seconds: earlier than any booking. What is less is no time, as 20261129."""
LATEST: Final = 4_102_444_800
"""The start of the year 2100, in Unix seconds: later than any booking."""

_DAY: Final = re.compile(r"20[0-9]{2}-[0-9]{2}-[0-9]{2}")
_TIME: Final = re.compile(
    r"(?P<local>20[0-9]{2}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?)"
    r"\s*(?P<offset>[Zz]|[+-][0-9]{2}:?[0-9]{2})?",
)
PeriodWord: TypeAlias = Literal["today", "tomorrow", "week"]
"""Days by the word that people say; which days these are is known where the clock and the zone are."""
DayWord: TypeAlias = Literal["today", "tomorrow"]
"""Those that mean one day."""
_ZONE_NAME: Final = re.compile(r"UTC|[A-Za-z_]+(/[A-Za-z0-9_+-]+){1,2}")


@runtime_checkable
class ZonedRequest(Protocol):
    """A call whose days and times may still lack a time zone."""

    def in_zone(self, zone: str) -> Self:
        """Give the same call with a zone for whatever has none; nothing else is changed.

        Raises:
            pydantic.ValidationError: in that zone the times make no sense.
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
    """Tell whether a time is bound to a named zone, and not only to an offset."""
    return isinstance(value.tzinfo, ZoneInfo)


def with_zone(value: datetime, zone: str) -> datetime:
    """Bind a time to a zone, unless it is bound to one.

    Raises:
        PydanticCustomError: the clocks are put forward over it.
    """
    if has_zone(value):
        return value
    if value.tzinfo is not None:
        return value.astimezone(ZoneInfo(zone))
    local = value.replace(tzinfo=ZoneInfo(zone))
    if local.astimezone(UTC).astimezone(local.tzinfo).replace(tzinfo=None) != value:
        raise PydanticCustomError(
            "time_skipped",
            "does not exist in {zone}: the clocks are put forward over it",
            {"zone": zone},
        )
    return local


def to_wire_time(value: datetime) -> Json:
    """Write a time as bookings hold it: Unix seconds, and the zone they are shown in.

    Raises:
        ValueError: its zone is not known yet.
    """
    if not isinstance(value.tzinfo, ZoneInfo):
        message = "a time without a zone cannot be sent: call in_zone first"
        raise ValueError(message)  # noqa: TRY004 - it is a time, only not a settled one
    return {"timestamp": int(value.timestamp()), "timezone": value.tzinfo.key}


def _read_time(value: object) -> object:
    """Read `2026-11-21 15:00`, ISO times, and the vendor's `{"timestamp": …, "timezone": …}`."""
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
    """Read Unix seconds, a number or its digits."""
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
    """Read a day, or a word that means one."""
    return value if value in get_args(DayWord) else _read_day(value)


def _read_day_or_time(value: object) -> object:
    """Read a day, a time, or the vendor's Unix seconds."""
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
"""A time, with a zone or waiting for one."""
Day: TypeAlias = Annotated[date, BeforeValidator(_read_day), _TEXT]
DayOrWord: TypeAlias = Annotated[date | DayWord, BeforeValidator(_read_day_or_word), _TEXT]
DayOrTime: TypeAlias = Annotated[date | datetime, BeforeValidator(_read_day_or_time), _TEXT]


def starts_at(value: date | datetime, zone: str) -> datetime:
    """Give the first second of a day in a zone; a time stays what it is."""
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=ZoneInfo(zone))
    return datetime(value.year, value.month, value.day, tzinfo=ZoneInfo(zone))


def ends_at(value: date | datetime, zone: str) -> datetime:
    """Give the last second of a day in a zone; a time stays what it is."""
    if isinstance(value, datetime):
        return starts_at(value, zone)
    following = starts_at(value + timedelta(days=1), zone)
    return (following.astimezone(UTC) - timedelta(seconds=1)).astimezone(following.tzinfo)


def days_of(word: PeriodWord, today: date) -> tuple[date, date]:
    """Give the first and the last of the days that a word means; a week runs from Monday to Sunday."""
    if word == "week":
        monday = today - timedelta(days=today.weekday())
        return monday, monday + timedelta(days=6)
    day = today + timedelta(days=word == "tomorrow")
    return day, day


def _instant(value: date | datetime) -> float | None:
    return value.timestamp() if isinstance(value, datetime) and value.tzinfo is not None else None


def ends_before(end: date | datetime, start: date | datetime) -> bool:
    """Tell whether a period surely ends before it starts, whole days counted; while a zone is lacking, none does."""
    ending, starting = _instant(end), _instant(start)
    if ending is not None and starting is not None:
        return ending < starting
    if ending is not None or starting is not None:
        return False
    first = start if isinstance(start, datetime) else datetime.combine(start, time.min)
    last = end if isinstance(end, datetime) else datetime.combine(end, time.max)
    return last < first


def is_later(end: datetime, start: datetime) -> bool | None:
    """Tell whether the end comes after the start; None while one of them lacks a zone."""
    if end.tzinfo is not None and start.tzinfo is not None:
        return end.timestamp() > start.timestamp()
    return end > start if end.tzinfo is start.tzinfo else None
