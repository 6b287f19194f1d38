"""The schedule of a day, combined from the lists of resources, working hours and bookings."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from tool_specs.declaration.localized import Localized
from tool_specs.declaration.method import Effect, Toolset
from tool_specs.declaration.times import DayOrWord
from tool_specs.recipes.changes_and_plans import Recipe


class GetDaySchedule(Recipe):
    """Get a day's schedule: every resource with its working hours and bookings, their clients and deals."""

    effect = Effect.READ
    toolset = Toolset.BOOKINGS
    title = Localized(en="The day's schedule as a picture", ru="Расписание дня картинкой")
    slash = Localized(en="picture [{day}]", ru="картинка [{day}]")

    day: Annotated[
        DayOrWord | None, Field(description="Day such as 2026-11-21, today or tomorrow; left out: today.")
    ] = None
