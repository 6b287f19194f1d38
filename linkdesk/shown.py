"""What is shown of records: few fields, with names beside ids. From these follow the output schemas of tools."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field
from pydantic.json_schema import SkipJsonSchema

from tool_specs.said import Said


class Shown(BaseModel):
    """Anything that is shown; what is not known is left out."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Named(Shown):
    """A record by its id and name."""

    id: int
    name: str | None = None


class NamedRef(Shown):
    """A CRM item and what it is called."""

    type: str
    id: int
    name: str | None = None


class ShownBooking(Shown):
    """A booking: times are ISO 8601 in the booking's own zone."""

    id: int | None = None
    name: str | None = None
    description: str | None = None
    date_from: str
    date_to: str
    timezone: str
    resources: list[Named]
    links: list[NamedRef] | None = None
    clients: list[NamedRef] | None = None


class ShownBookings(Shown):
    """Some bookings; with `cursor`, there are more. `scanned` says what was looked through, where that is a part."""

    bookings: list[ShownBooking]
    date_from: str | None = None
    date_to: str | None = None
    scanned: str | None = None
    cursor: str | None = None


class ShownEntry(Shown):
    """A waitlist entry."""

    id: int | None = None
    note: str | None = None
    links: list[NamedRef] | None = None
    clients: list[NamedRef] | None = None


class ShownEntries(Shown):
    """Some waitlist entries; with `cursor`, there are more."""

    waitlist_entries: list[ShownEntry]
    cursor: str | None = None


class ShownPeriod(Shown):
    """From when to when, ISO 8601."""

    date_from: str
    date_to: str


class ShownLane(Shown):
    """A resource on a day, and when it works then."""

    resource: Named
    hours: list[ShownPeriod]


class ShownDay(Shown):
    """A day's schedule, in the business's time zone; `more` says that there are further bookings or resources."""

    day: str
    timezone: str
    resources: list[ShownLane]
    bookings: list[ShownBooking]
    more: bool = False


class ShownResource(Shown):
    """A resource; `settings` are its messages to the client."""

    id: int | None = None
    name: str | None = None
    description: str | None = None
    type: Named | None = None
    is_main: bool | None = None
    settings: dict[str, Any] | None = None


class ShownResources(Shown):
    """Some resources; with `cursor`, there are more."""

    resources: list[ShownResource]
    cursor: str | None = None


class ShownType(Shown):
    """A type of resources."""

    id: int | None = None
    name: str | None = None
    code: str | None = None
    settings: dict[str, Any] | None = None


class ShownTypes(Shown):
    """Some types of resources; with `cursor`, there are more."""

    resource_types: list[ShownType]
    cursor: str | None = None


class ShownHours(Shown):
    """A stretch of working hours."""

    start: str
    end: str
    weekdays: list[str]
    slot_minutes: int
    timezone: str


class ShownSchedule(Shown):
    """The working hours of a resource."""

    resource: Named
    slots: list[ShownHours]


class ShownClientTypes(Shown):
    """The kinds of clients that bookings know."""

    client_types: list[str]


class ShownItem(Shown):
    """A CRM item, ready to be linked."""

    type: str
    id: int
    name: str | None = None
    contact: NamedRef | None = None
    company: NamedRef | None = None
    bookings: list[ShownBooking] | None = None
    waitlist_entries: list[ShownEntry] | None = None


class ShownItems(Shown):
    """Some CRM items; `more` says that there are others: narrow the search."""

    items: list[ShownItem]
    more: bool = False


class ShownActivity(Shown):
    """A CRM activity."""

    id: int
    subject: str | None = None
    owner: NamedRef | None = None
    completed: bool | None = None
    deadline: str | None = None
    bindings: list[NamedRef] | None = None


class ShownActivities(Shown):
    """Some activities; `more` says that there are others: narrow the search."""

    activities: list[ShownActivity]
    more: bool = False


class ShownCrmTypes(Shown):
    """The smart processes of the portal; `type` is how CRM items of it are named."""

    types: list[NamedType]


class NamedType(Shown):
    """A type of CRM items and its name."""

    type: str
    name: str | None = None


class ShownTarget(Shown):
    """What a change was about; a record that was not made has no id."""

    type: str
    id: int | None = None


class ShownChange(Shown):
    """A change: `before` and `after` are the items of a list, `fields` what differs in a record."""

    change_id: str
    started: str
    who: str
    face: str
    tool: str
    target: ShownTarget
    state: str
    before: list[NamedRef] | None = None
    after: list[NamedRef] | None = None
    fields: dict[str, Any] | None = None
    also: list[str] | None = None
    undoes: str | None = None
    undone: bool | None = None


class ShownChanges(Shown):
    """Some changes, newest first."""

    changes: list[ShownChange]


class ShownPart(Shown):
    """One part of a plan: what it changes, and what came of it. `fields` are those in which a record will differ."""

    target: ShownTarget
    state: str
    before: list[NamedRef] | None = None
    after: list[NamedRef] | None = None
    fields: dict[str, Any] | None = None
    change_id: str | None = None
    problem: str | None = None
    said: Annotated[SkipJsonSchema[Said | None], Field(exclude=True)] = None
    """The problem in both languages, for people."""


class ShownPlan(Shown):
    """A plan: where it stands, and each of its parts; `waits_for` says who has to agree, until `expires`."""

    plan_id: str
    state: str
    asked_by: str | None = None
    waits_for: str | None = None
    expires: str | None = None
    parts: list[ShownPart]
    also: list[str] | None = None


class ShownAnswer(Shown):
    """What the portal answered, as it is."""

    answer: Any


class ShownMe(Shown):
    """Whose rights are used, and with which permissions."""

    user: Named
    admin: bool | None = None
    timezone: str | None = None
    scopes: list[str]
    missing_scopes: list[str]
