"""When a booking is, in words."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from babel.dates import format_datetime

from tool_specs.declaration.localized import Localized
from tool_specs.methods.booking import Period


def format_booking_period(period: Period, zone: str | None = None) -> Localized:
    """Format a booking's period in its own time zone: "Fri 20 Nov, 15:00–16:00".

    Args:
        period: the booking's.
        zone: IANA name of the business's zone; the booking's own is named where the clocks differ.
    """
    return format_interval(period.start.local, period.end.local, zone)


def format_interval(start: datetime, end: datetime, zone: str | None = None) -> Localized:
    """Format an interval within one time zone, which is named if its clock differs from that of `zone`."""
    same_day = start.date() == end.date()
    named = f" ({start.tzinfo})" if zone is not None and _differ(start, zone) else ""

    def in_words(locale: str) -> str:
        until = format_datetime(end, "HH:mm" if same_day else "EEE d MMM, HH:mm", locale=locale)
        return f"{format_datetime(start, 'EEE d MMM, HH:mm', locale=locale)}\u2013{until}{named}"

    return Localized(en=in_words("en"), ru=in_words("ru"))


def format_local_interval(start: str | datetime, end: str | datetime, zone: str) -> Localized:
    """Format an interval of ISO 8601 texts in the business's time zone."""
    first, last = (one if isinstance(one, datetime) else datetime.fromisoformat(one) for one in (start, end))
    return format_interval(first.astimezone(ZoneInfo(zone)), last.astimezone(ZoneInfo(zone)))


def _differ(moment: datetime, zone: str) -> bool:
    return moment.utcoffset() != moment.astimezone(ZoneInfo(zone)).utcoffset()
