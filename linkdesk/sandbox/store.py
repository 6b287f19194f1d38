"""What the portal remembers: plain records, and the one store that holds them."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from tool_specs.declaration.wire import Json

LEAD, DEAL, CONTACT, COMPANY, QUOTE, INVOICE = 1, 2, 3, 4, 7, 31
CLIENT_CODES = {CONTACT: "CONTACT", COMPANY: "COMPANY"}
FIRST_SMART_PROCESS = 128


class Record(BaseModel):
    """A record; on the wire its keys are in camelCase and sorted."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, extra="forbid")

    hidden_fields: ClassVar[frozenset[str]] = frozenset()
    """Fields that no answer shows."""

    def as_json(self) -> dict[str, Json]:
        """Return the record as `get` answers it."""
        return dict(sorted(self.model_dump(by_alias=True, exclude=set(self.hidden_fields)).items()))


class Link(Record):
    """One item of external data: any three strings."""

    model_config = ConfigDict(frozen=True)

    module_id: str
    entity_type_id: str
    value: str


class Client(BaseModel):
    """One client of a booking or waitlist entry."""

    model_config = ConfigDict(frozen=True)

    module: str
    code: str
    id: int

    def as_json(self) -> dict[str, Json]:
        """Return the client as `client.list` answers it."""
        return {"id": self.id, "type": {"code": self.code, "module": self.module}}


class Owner(Record):
    """What links and clients hang on: a booking or a waitlist entry."""

    hidden_fields = frozenset({"links", "clients", "created"})
    activity_type: ClassVar[str]

    id: int
    links: list[Link] = Field(default_factory=list[Link])
    clients: list[Client] = Field(default_factory=list[Client])
    created: int = 0
    """Unix seconds; only filters look at it."""


class Moment(Record):
    """Unix seconds, and the zone they are shown in."""

    timestamp: int
    timezone: str


class Period(Record):
    """From when to when."""

    start: Annotated[Moment, Field(alias="from")]
    end: Annotated[Moment, Field(alias="to")]


class Booking(Owner):
    """A booking of resources; the note is of the waitlist entry it was made from."""

    hidden_fields = Owner.hidden_fields | {"note"}
    activity_type = "BOOKING"

    name: str | None = None
    description: str | None = None
    resource_ids: list[int]
    date_period: Period
    note: str | None = None


class WaitlistEntry(Owner):
    """Someone who waits for a free time."""

    activity_type = "WAIT_LIST"

    note: str | None = None


class Messages(Record):
    """When and how clients are written to: of a resource, or of a type for its resources to come."""

    confirmation_counter_delay: int = 7200
    confirmation_notification_delay: int = 86400
    confirmation_notification_repetitions: int = 0
    confirmation_notification_repetitions_interval: int = 0
    delayed_counter_delay: int = 7200
    delayed_notification_delay: int = 300
    info_notification_delay: int = 300
    is_confirmation_notification_on: str = "Y"
    is_delayed_notification_on: str = "Y"
    is_feedback_notification_on: str = "Y"
    is_reminder_notification_on: str = "Y"
    reminder_notification_delay: int = -1
    template_type_confirmation: str = "inanimate"
    template_type_delayed: str = "inanimate"
    template_type_feedback: str = "inanimate"
    template_type_reminder: str = "base"


class ResourceType(Messages):
    """A kind of resource."""

    id: int
    name: str
    code: str | None = None


class Slots(Record):
    """Working hours of a resource, in minutes from midnight."""

    id: int
    start: Annotated[int, Field(alias="from")]
    end: Annotated[int, Field(alias="to")]
    slot_size: int
    timezone: str
    week_days: list[str]


class Resource(Messages):
    """What can be booked: a specialist, a room, a device."""

    hidden_fields = frozenset({"slots"})

    id: int
    type_id: int
    name: str
    description: str | None = None
    is_main: str = "Y"
    is_info_notification_on: str = "Y"
    template_type_info: str = "inanimate"
    slots: list[Slots] = Field(default_factory=list[Slots])


class CrmItem(BaseModel):
    """A lead, deal, contact, company or an item of a smart process."""

    id: int
    title: str = ""
    name: str = ""
    last_name: str = ""
    phone: str = ""
    email: str = ""
    contact_ids: list[int] = Field(default_factory=list[int])
    company_id: int = 0
    closed: bool = False
    """Whether a deal is won or lost."""
    created: str = ""


class Binding(Record):
    """One CRM item that an activity is bound to."""

    model_config = ConfigDict(frozen=True)

    entity_type_id: int
    entity_id: int


class Activity(BaseModel):
    """A CRM activity; that of a booking knows which record it belongs to."""

    id: int
    subject: str
    provider: str = "CRM_TODO"
    provider_type: str = "TODO"
    belongs_to: int = 0
    completed: bool = False
    created: str = ""
    deadline: str = ""
    bindings: list[Binding] = Field(default_factory=list[Binding])


class SmartProcess(Record):
    """A type of CRM items that the business made up; items go by `entity_type_id`, not by `id`."""

    id: int
    entity_type_id: int
    title: str
    code: str | None = None
    created_by: int = 1


class User(BaseModel):
    """An employee, and the CRM types closed to them."""

    id: int
    name: str
    last_name: str
    email: str = ""
    admin: bool = False
    intranet: bool = True
    """Whether they work here, or look in from outside."""
    may_not_read: set[int] = Field(default_factory=set[int])
    may_not_edit: set[int] = Field(default_factory=set[int])


class EventHandler(BaseModel):
    """An address that an event is brought to."""

    id: int
    application: str
    """The id of the application that bound it."""
    event: str
    handler: str
    auth_type: int = 0
    """The user whose tokens come with the event; 0 for whoever made it happen."""
    offline: bool = False


class Store(BaseModel):
    """All state of the portal."""

    booking_tool: bool = True
    """Whether an administrator left the booking tool switched on."""
    bookings: dict[int, Booking] = Field(default_factory=dict[int, Booking])
    waitlist: dict[int, WaitlistEntry] = Field(default_factory=dict[int, WaitlistEntry])
    resources: dict[int, Resource] = Field(default_factory=dict[int, Resource])
    resource_types: dict[int, ResourceType] = Field(default_factory=dict[int, ResourceType])
    items: dict[int, dict[int, CrmItem]] = Field(default_factory=dict[int, dict[int, CrmItem]])
    """CRM items by the number of their type and their id."""
    smart_processes: dict[int, SmartProcess] = Field(default_factory=dict[int, SmartProcess])
    activities: dict[int, Activity] = Field(default_factory=dict[int, Activity])
    handlers: dict[int, EventHandler] = Field(default_factory=dict[int, EventHandler])
    users: dict[int, User] = Field(default_factory=dict[int, User])
    client_types: list[tuple[str, str]] = Field(default_factory=list[tuple[str, str]])
    """Modules and codes that clients of some booking had so far; others answer 1025."""
    last_ids: dict[str, int] = Field(default_factory=dict[str, int])
    """The highest id given so far, so that a deleted one never comes back."""

    def item(self, kind: int, item_id: int) -> CrmItem | None:
        """Find a CRM item."""
        return self.items.get(kind, {}).get(item_id)

    def new_id(self, table: str) -> int:
        """Return the next id of a table."""
        self.last_ids[table] = self.last_ids.get(table, 0) + 1
        return self.last_ids[table]
