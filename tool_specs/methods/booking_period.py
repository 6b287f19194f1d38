"""When a booking is: two times and their zone, which the methods that write bookings share."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Final, Generic, Self, TypeAlias
from zoneinfo import ZoneInfo

from pydantic import Field, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from tool_specs.declaration.method import Answer, Method
from tool_specs.declaration.times import Time, TimeZone, is_later, to_wire_time, with_zone
from tool_specs.declaration.wire import As, Parameter

_PARTS: Final = (Parameter("timestamp", "integer"), Parameter("timezone", "string"))


def _part(name: str, *, required: bool) -> As:
    """Say that a time is one end of the vendor's period; the page stars both ends, and the period where it must be."""
    return As(name, "object", fields=_PARTS, inside="fields.datePeriod", inside_required=required, to=to_wire_time)


_START: Final = Field(description="Start, such as 2026-11-21 15:00.")
_END: Final = Field(description="End.")

Start: TypeAlias = Annotated[Time, _part("from", required=True), _START]
End: TypeAlias = Annotated[Time, _part("to", required=True), _END]
NewStart: TypeAlias = Annotated[Time | None, _part("from", required=False), _START]
NewEnd: TypeAlias = Annotated[Time | None, _part("to", required=False), _END]


class PeriodMethod(Method[Answer], Generic[Answer]):
    """A method with the arguments `date_from` and `date_to`, each a time in `timezone` unless it says otherwise."""

    timezone: Annotated[
        TimeZone | None,
        Field(description="IANA zone of the times; the business's by default."),
    ] = None

    def in_zone(self, zone: str) -> Self:
        """Give the same call with a zone for times that have none.

        Raises:
            pydantic.ValidationError: in that zone the period makes no sense.
        """
        if self.timezone is not None:
            return self
        start = getattr(self, "date_from", None)
        if isinstance(start, datetime) and isinstance(start.tzinfo, ZoneInfo):
            zone = start.tzinfo.key
        given: dict[str, Any] = {name: getattr(self, name) for name in self.model_fields_set}
        return type(self).model_validate({**given, "timezone": zone})

    @field_validator("date_from", "date_to", mode="after", check_fields=False)
    @classmethod
    def _in_its_zone(cls, value: datetime | None, others: ValidationInfo) -> datetime | None:
        zone = others.data.get("timezone")
        return value if value is None or zone is None else with_zone(value, zone)

    @field_validator("date_to", mode="after", check_fields=False)
    @classmethod
    def _after_the_start(cls, value: datetime | None, others: ValidationInfo) -> datetime | None:
        start = others.data.get("date_from")
        if value is not None and start is not None and is_later(value, start) is False:
            raise PydanticCustomError("end_not_after_start", "must be later than {field}", {"field": "date_from"})
        return value
