"""Views of records: a few fields, with names beside ids. The output schemas of tools are derived from them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Final, cast

from pydantic import BaseModel, ConfigDict, Field, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue, SkipJsonSchema
from pydantic_core import CoreSchema

from tool_specs.declaration.localized import Localized


@dataclass(frozen=True, slots=True)
class Detail:
    """Marks a field that a concise answer omits, or the length beyond which it cuts a text."""

    beyond: int = 0


DETAIL: Final = Detail()


class View(BaseModel):
    """The base of all views; unknown fields are omitted."""

    # Each schema is built at its first use, as most are never needed in one process.
    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    @classmethod
    def details(cls) -> Mapping[str, Detail]:
        """Return the fields that a concise answer omits or cuts."""
        marks = {
            name: [one for one in field.metadata if isinstance(one, Detail)] for name, field in cls.model_fields.items()
        }
        return {name: found[0] for name, found in marks.items() if found}

    @classmethod
    def __get_pydantic_json_schema__(cls, core: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """Build the schema, in which fields that a concise answer omits are optional."""
        schema = handler.resolve_ref_schema(handler(core))
        required = cast("list[str]", schema.get("required", []))
        schema["required"] = [name for name in required if name not in cls.details()]
        return schema


class Named(View):
    """A record by its id and name."""

    id: int
    name: str | None = None


class NamedRef(View):
    """A CRM item and its name."""

    type: str
    id: int
    name: str | None = None


class BookingView(View):
    """A booking: times are ISO 8601 in the booking's own zone."""

    id: int | None = None
    name: str | None = None
    description: Annotated[str | None, DETAIL] = None
    date_from: str
    date_to: str
    timezone: Annotated[str, DETAIL]
    resources: list[Named]
    links: list[NamedRef] | None = None
    clients: list[NamedRef] | None = None


class BookingsView(View):
    """Bookings; with `cursor` there are more. `scanned` says what was searched, if not everything."""

    bookings: list[BookingView]
    date_from: str | None = None
    date_to: str | None = None
    scanned: str | None = None
    cursor: str | None = None


class WaitlistEntryView(View):
    """A waitlist entry."""

    id: int | None = None
    note: Annotated[str | None, Detail(beyond=120)] = None
    links: list[NamedRef] | None = None
    clients: list[NamedRef] | None = None


class WaitlistEntriesView(View):
    """Waitlist entries; with `cursor` there are more."""

    waitlist_entries: list[WaitlistEntryView]
    cursor: str | None = None


class PeriodView(View):
    """Start and end, in ISO 8601."""

    date_from: str
    date_to: str


class ResourceDayView(View):
    """A resource on a day, with its working hours."""

    resource: Named
    hours: list[PeriodView]


class DayScheduleView(View):
    """A day's schedule in the business's time zone; `more` says that bookings or resources were left out."""

    day: str
    timezone: str
    resources: list[ResourceDayView]
    bookings: list[BookingView]
    more: bool = False


class ResourceView(View):
    """A resource; `settings` are those of its messages to clients."""

    id: int | None = None
    name: str | None = None
    description: str | None = None
    type: Named | None = None
    is_main: bool | None = None
    settings: dict[str, Any] | None = None


class ResourcesView(View):
    """Resources; with `cursor` there are more."""

    resources: list[ResourceView]
    cursor: str | None = None


class ResourceTypeView(View):
    """A resource type."""

    id: int | None = None
    name: str | None = None
    code: str | None = None
    settings: dict[str, Any] | None = None


class ResourceTypesView(View):
    """Resource types; with `cursor` there are more."""

    resource_types: list[ResourceTypeView]
    cursor: str | None = None


class WorkingHoursView(View):
    """Working hours on some weekdays."""

    start: str
    end: str
    weekdays: list[str]
    slot_minutes: int
    timezone: str


class ResourceScheduleView(View):
    """The working hours of a resource."""

    resource: Named
    slots: list[WorkingHoursView]


class ClientTypesView(View):
    """The types of clients that bookings may have."""

    client_types: list[str]


class CrmItemView(View):
    """A CRM item, as it can be linked."""

    type: str
    id: int
    name: str | None = None
    contact: NamedRef | None = None
    company: NamedRef | None = None
    bookings: list[BookingView] | None = None
    waitlist_entries: list[WaitlistEntryView] | None = None
    card: Annotated[str | None, DETAIL] = None
    """The path of its card on the portal."""


class CrmItemsView(View):
    """CRM items; `more` says that the search should be narrowed."""

    items: list[CrmItemView]
    more: bool = False


class ActivityView(View):
    """A CRM activity."""

    id: int
    subject: str | None = None
    owner: NamedRef | None = None
    completed: bool | None = None
    deadline: str | None = None
    bindings: list[NamedRef] | None = None


class ActivitiesView(View):
    """Activities; `more` says that the search should be narrowed."""

    activities: list[ActivityView]
    more: bool = False


class CrmTypesView(View):
    """The smart processes of the portal; `type` is how CRM items of it are named."""

    types: list[NamedType]


class NamedType(View):
    """A type of CRM items and its name."""

    type: str
    name: str | None = None


class TargetView(View):
    """The target of a change; a record that was not created has no id."""

    type: str
    id: int | None = None


class ChangeView(View):
    """A change: `before` and `after` are the items of a list, `fields` the differences in a record."""

    change_id: str
    started: str
    who: str
    face: Annotated[str, DETAIL]
    tool: str
    target: TargetView
    state: str
    before: list[NamedRef] | None = None
    after: list[NamedRef] | None = None
    fields: dict[str, Any] | None = None
    also: Annotated[list[str] | None, DETAIL] = None
    undoes: str | None = None
    undone: bool | None = None
    can_undo: Annotated[SkipJsonSchema[bool], Field(exclude=True)] = False
    """Whether to offer the reader an undo."""


class ChangesView(View):
    """Changes, newest first."""

    changes: list[ChangeView]


class PlanPartView(View):
    """A part of a plan: what it changes, and its outcome. `fields` are the differences in a record."""

    target: TargetView
    state: str
    before: list[NamedRef] | None = None
    after: list[NamedRef] | None = None
    fields: dict[str, Any] | None = None
    change_id: str | None = None
    problem: str | None = None
    said: Annotated[SkipJsonSchema[Localized | None], Field(exclude=True)] = None
    """The problem in both languages, for people."""
    code: Annotated[SkipJsonSchema[str | None], Field(exclude=True)] = None
    """The code of the problem, by which parts with the same problem are grouped."""
    also: list[str] | None = None
    beside: Annotated[SkipJsonSchema[tuple[Localized, ...]], Field(exclude=True)] = ()
    """What else the portal changed, in both languages."""


class PlanView(View):
    """A plan with its state and parts; `waits_for` says who has to approve it, until `expires`."""

    plan_id: str
    state: str
    asked_by: str | None = None
    waits_for: str | None = None
    expires: str | None = None
    parts: list[PlanPartView]
    also: list[str] | None = None
    remarks: Annotated[SkipJsonSchema[tuple[Localized, ...]], Field(exclude=True)] = ()
    """The same in both languages, for people."""


class AnswerView(View):
    """The portal's result, as it is."""

    answer: Any


class WhoamiView(View):
    """Whose rights are used, and the granted permissions."""

    user: Named
    admin: bool | None = None
    timezone: str | None = None
    scopes: list[str]
    missing_scopes: list[str]
