"""Checks that resources exist and that a time lies within their working hours.

The portal answers one code for everything that is wrong with a booking; checking first allows naming the field.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from linkdesk.errors.base import PortalError, Problem, Refused, Trouble
from linkdesk.errors.codes import linkdesk as own_errors
from linkdesk.execution.context import PortalApi
from linkdesk.model.views import Named
from linkdesk.text.sanitize import one_line
from tool_specs.declaration.localized import Localized
from tool_specs.declaration.method import Method
from tool_specs.methods.resource import GetResource, Resource
from tool_specs.methods.resource_slots import WEEK, ListResourceSlots, ResourceSlot

NO_SUCH_RESOURCE: Final = "1009"
MAX_NAME_LENGTH: Final = 80

_MISSING: Final = Localized(
    en="resource {id} does not exist or was deleted; list_resources shows those there are",
    ru="ресурса {id} нет, или он удалён; список ресурсов есть в календаре бронирований",
)
_OUTSIDE: Final = Localized(
    en="is outside the working hours of {resource}: {hours}; choose a time within them",
    ru="вне рабочих часов ресурса {resource}: {hours}; выберите время в их пределах",
)


async def check_resources(
    portal: PortalApi,
    ids: Sequence[int],
    period: tuple[datetime, datetime] | None,
) -> list[Named]:
    """Check that resources exist and work throughout a period, if one is given; return their names.

    Raises:
        Trouble: one does not exist or does not work then; the error names the field.
        PortalError: the portal cannot be read.
    """
    asked = list(dict.fromkeys(ids))
    calls: list[Method[Any]] = [GetResource.model_construct(resource_id=number) for number in asked]
    if period is not None:
        calls += [ListResourceSlots.model_construct(resource_id=number) for number in asked]
    answers = await portal.batch(calls) if calls else []
    resources, schedules = answers[: len(asked)], answers[len(asked) :]
    problems = [
        Problem(f"resource_ids.{place}", _MISSING.format_map({"id": number}))
        for place, (number, found) in enumerate(zip(asked, resources, strict=True))
        if isinstance(found, Refused) and found.code == NO_SUCH_RESOURCE
    ]
    if problems:
        raise Trouble(own_errors.BAD_ARGUMENTS, problems=tuple(problems))
    for found in answers:
        if isinstance(found, PortalError):
            raise found
    names = [Named(id=found.id, name=found.name) for found in resources if isinstance(found, Resource)]
    if period is not None:
        _check_hours(names, schedules, *period)
    return names


def _check_hours(names: Sequence[Named], schedules: Sequence[Any], start: datetime, end: datetime) -> None:
    problems = [
        Problem("date_from", _OUTSIDE.format_map({"resource": _name(resource), "hours": format_hours(slots)}))
        for resource, slots in zip(names, schedules, strict=True)
        if slots and not is_within_hours(slots, start, end)
    ]
    if problems:
        raise Trouble(own_errors.BAD_ARGUMENTS, problems=tuple(problems))


def _name(resource: Named) -> str:
    return one_line(f"{resource.name} ({resource.id})" if resource.name else str(resource.id), MAX_NAME_LENGTH)


def is_within_hours(slots: Sequence[ResourceSlot], start: datetime, end: datetime) -> bool:
    """Return whether a period lies within working hours, each of which has its own time zone."""
    moment = start
    while moment < end:
        reached = max((until for slot in slots if (until := _working_until(slot, moment)) is not None), default=moment)
        if reached <= moment:
            return False
        moment = reached
    return True


def _working_until(slot: ResourceSlot, moment: datetime) -> datetime | None:
    """Return until when the working hours that include a moment last; None where none do."""
    try:
        local = moment.astimezone(ZoneInfo(slot.timezone))
    except (ZoneInfoNotFoundError, ValueError):
        return None
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0, fold=0)
    minutes = local.hour * 60 + local.minute
    if WEEK[local.weekday()] not in slot.weekdays or not slot.start <= minutes < slot.end:
        return None
    # Wall-clock arithmetic: working hours follow the clock on days when it is changed, too.
    return midnight + timedelta(minutes=slot.end)


def format_hours(slots: Sequence[ResourceSlot]) -> Localized:
    """Format working hours: "Mon-Fri 09:00-18:00"."""
    some = slots[: len(WEEK)]

    def spoken(days: Mapping[str, str]) -> str:
        return "; ".join(
            f"{format_weekdays(slot.weekdays, days)} {format_minutes(slot.start)}\u2013{format_minutes(slot.end)}"
            for slot in some
        )

    return Localized(en=spoken({day: day for day in WEEK}), ru=spoken(_RUSSIAN))


_RUSSIAN: Final[Mapping[str, str]] = dict(zip(WEEK, ("Пн", "Вт", "Ср", "Чт", "Пт", "Сб", "Вс"), strict=True))


def format_weekdays(weekdays: Sequence[str], words: Mapping[str, str]) -> str:
    """Format weekdays, three or more in a row as a range."""
    places = sorted({WEEK.index(day) for day in weekdays if day in WEEK})
    if len(places) > 2 and places == list(range(places[0], places[-1] + 1)):  # noqa: PLR2004 - two days are named
        return f"{words[WEEK[places[0]]]}\u2013{words[WEEK[places[-1]]]}"
    return ", ".join(words[WEEK[place]] for place in places)


def format_minutes(minutes: int) -> str:
    """Format minutes since midnight as a time of day."""
    return f"{minutes // 60:02}:{minutes % 60:02}"
