"""The start, end and zone arguments of the methods that write bookings."""

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
    """Build the codec of one end of the period; the documentation marks both ends as required."""
    return As(name, "object", fields=_PARTS, inside="fields.datePeriod", inside_required=required, to=to_wire_time)


_START: Final = Field(description="Start, such as 2026-11-21 15:00.")
_END: Final = Field(description="End.")

Start: TypeAlias = Annotated[Time, _part("from", required=True), _START]
End: TypeAlias = Annotated[Time, _part("to", required=True), _END]
NewStart: TypeAlias = Annotated[Time | None, _part("from", required=False), _START]
NewEnd: TypeAlias = Annotated[Time | None, _part("to", required=False), _END]


class PeriodMethod(Method[Answer], Generic[Answer]):
    """A method with the arguments `date_from` and `date_to`, in `timezone` unless they have a zone of their own."""

    timezone: Annotated[
        TimeZone | None,
        Field(description="IANA zone of the times; the business's by default."),
    ] = None

    def in_zone(self, zone: str) -> Self:
        """Return a copy in which times without a zone have this one.

        Raises:
            pydantic.ValidationError: the period is invalid in that zone.
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
