"""Working hours of a resource: `booking.v1.resource.slots.*`.

On the portal `set` replaces the whole schedule and `unset` clears it; single slots cannot be changed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Annotated, Any, Final, Literal, Self, TypeAlias, cast

from pydantic import (
    AfterValidator,
    AliasChoices,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationInfo,
    WithJsonSchema,
    field_validator,
)
from pydantic_core import PydanticCustomError

from tool_specs.declaration.arguments import ResourceId
from tool_specs.declaration.intents import Act, Intent
from tool_specs.declaration.localized import Localized
from tool_specs.declaration.method import Effect, Method, Toolset
from tool_specs.declaration.times import TimeZone
from tool_specs.declaration.wire import As, Json, Parameter
from tool_specs.failures.resource import RESOURCE_CODES, SLOTS_NOT_SET

WEEK: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MINUTES_PER_DAY: Final = 24 * 60
MAX_SLOTS: Final = 100


class ResourceSlot(BaseModel):
    """A slot of working hours as the portal stores it, in minutes from midnight."""

    model_config = ConfigDict(frozen=True, defer_build=True)

    start: Annotated[int, Field(validation_alias="from")]
    end: Annotated[int, Field(validation_alias="to")]
    weekdays: Annotated[list[str], Field(validation_alias="weekDays")]
    slot_minutes: Annotated[int, Field(validation_alias="slotSize")]
    timezone: str


def _minutes(value: object) -> object:
    """Parse `09:00` or minutes from midnight; a bare 9 is refused because it probably means an hour."""
    if isinstance(value, str) and (match := re.fullmatch(r"\s*([0-9]{1,2}):([0-5][0-9])\s*", value)):
        value = int(match[1]) * 60 + int(match[2])
    elif isinstance(value, int) and 0 < value <= MINUTES_PER_DAY // 60:
        value = None
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= MINUTES_PER_DAY:
        raise PydanticCustomError("clock", "must be a time of day such as 09:00")
    return value


def _weekdays(value: object) -> object:
    """Parse weekdays by their first three letters, one or several, case-insensitively."""
    days = value.split(",") if isinstance(value, str) else value
    if not isinstance(days, list | tuple):
        return value
    return [day.strip()[:3].title() if isinstance(day, str) else day for day in cast("Sequence[object]", days)]


def _in_order(days: list[str]) -> list[str]:
    return sorted(set(days), key=WEEK.index)


_Clock: TypeAlias = Annotated[int, BeforeValidator(_minutes), WithJsonSchema({"type": "string"})]
_Weekdays: TypeAlias = Annotated[
    list[Literal["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]],
    BeforeValidator(_weekdays),
    AfterValidator(_in_order),
    Field(min_length=1),
]


class Slot(BaseModel):
    """A slot of working hours to set."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    start: Annotated[_Clock, Field(alias="from", description="Such as 09:00.")]
    end: Annotated[_Clock, Field(alias="to", description="Up to 24:00.")]
    weekdays: Annotated[_Weekdays, Field(validation_alias=AliasChoices("weekdays", "weekDays"), description="Days.")]
    slot_minutes: Annotated[
        int,
        Field(
            validation_alias=AliasChoices("slot_minutes", "slotSize"), ge=1, le=MINUTES_PER_DAY, description="One slot."
        ),
    ]
    timezone: Annotated[TimeZone | None, Field(description="IANA; the business's by default.")] = None

    @field_validator("end", mode="after")
    @classmethod
    def _after_the_start(cls, value: int, others: ValidationInfo) -> int:
        start = others.data.get("start")
        if start is not None and value <= start:
            raise PydanticCustomError("end_not_after_start", "must be later than {field}", {"field": "from"})
        return value

    def wire(self) -> dict[str, Json]:
        """Return the vendor's form.

        Raises:
            ValueError: the slot has no zone.
        """
        if self.timezone is None:
            message = "hours without a zone cannot be sent: call in_zone first"
            raise ValueError(message)
        return {
            "from": self.start,
            "to": self.end,
            "timezone": self.timezone,
            "weekDays": self.weekdays,
            "slotSize": self.slot_minutes,
        }


def as_list(value: object) -> object:
    """Accept a single slot where a list is expected."""
    return list(cast("Sequence[object]", value)) if isinstance(value, list | tuple) else [value]


def _sent(slots: Sequence[Slot]) -> Json:
    return [slot.wire() for slot in slots]


_SLOT_FIELDS: Final = (
    Parameter("from", "integer"),
    Parameter("to", "integer"),
    Parameter("timezone", "string"),
    Parameter("weekDays", "array"),
    Parameter("slotSize", "integer"),
)


class ListResourceSlots(Method[list[ResourceSlot]]):
    """List the working hours of a resource."""

    rest = "booking.v1.resource.slots.list"
    page = "booking/resource/slots/booking-v1-resource-slots-list.html"
    scope = "booking"
    effect = Effect.READ
    toolset = Toolset.RESOURCES
    title = Localized(en="List a resource's working hours", ru="Показать рабочие часы ресурса")
    slash = Localized(en="hours {resource_id}", ru="часы {resource_id}")
    intents = (Intent(Act.SHOW, "hours"),)
    fails = RESOURCE_CODES
    answer_key = "slots"

    resource_id: ResourceId


class SetResourceSlots(Method[bool]):
    """Set the working hours of a resource. Replaces its whole schedule: name every slot it is to have."""

    rest = "booking.v1.resource.slots.set"
    page = "booking/resource/slots/booking-v1-resource-slots-set.html"
    scope = "booking"
    effect = Effect.DESTRUCTIVE
    toolset = Toolset.RESOURCES
    title = Localized(en="Set a resource's working hours", ru="Задать рабочие часы ресурса")
    intents = (Intent(Act.CHANGE, "hours"), Intent(Act.CREATE, "hours"))
    fails = {**RESOURCE_CODES, "1007": SLOTS_NOT_SET}

    resource_id: ResourceId
    slots: Annotated[
        list[Slot],
        BeforeValidator(as_list),
        As("slots", "array", fields=_SLOT_FIELDS, to=_sent),
        Field(description="The whole schedule.", min_length=1, max_length=MAX_SLOTS),
    ]

    def in_zone(self, zone: str) -> Self:
        """Return a copy in which slots without a zone have this one.

        Raises:
            pydantic.ValidationError: the zone is unknown.
        """
        slots: list[Any] = [slot.model_copy(update={"timezone": slot.timezone or zone}) for slot in self.slots]
        return self.model_copy(update={"slots": slots})


def _is_given(value: object) -> bool:
    if value not in (True, "true", "1", 1):
        raise PydanticCustomError("all_needed", "must be true: this clears the whole schedule")
    return True


class UnsetResourceSlots(Method[bool]):
    """Clear the whole schedule of a resource; single slots cannot be removed."""

    rest = "booking.v1.resource.slots.unset"
    page = "booking/resource/slots/booking-v1-resource-slots-unset.html"
    scope = "booking"
    effect = Effect.DESTRUCTIVE
    toolset = Toolset.RESOURCES
    title = Localized(en="Clear a resource's working hours", ru="Очистить рабочие часы ресурса")
    slash = Localized(en="delete hours {resource_id}", ru="удалить часы {resource_id}")
    intents = (Intent(Act.DELETE, "hours"),)
    fails = {**RESOURCE_CODES, "1007": SLOTS_NOT_SET}

    resource_id: ResourceId
    all: Annotated[bool, BeforeValidator(_is_given), Field(description="Must be true.")]
