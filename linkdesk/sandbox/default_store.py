"""The store a sandbox starts with, made of the default data on the day of the clock."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from linkdesk.sandbox import default_data as data
from linkdesk.sandbox.side_effects import refresh_activity
from linkdesk.sandbox.store import (
    COMPANY,
    CONTACT,
    DEAL,
    INVOICE,
    LEAD,
    QUOTE,
    Activity,
    Binding,
    Booking,
    Client,
    CrmItem,
    Link,
    Moment,
    Period,
    Resource,
    ResourceType,
    Slots,
    SmartProcess,
    Store,
    User,
    WaitlistEntry,
)


def empty_store() -> Store:
    """Make a portal with employees and nothing else; no booking had clients yet."""
    return Store(
        items={LEAD: {}, DEAL: {}, CONTACT: {}, COMPANY: {}, QUOTE: {}, INVOICE: {}},
        users={
            number: User(id=number, name=name, last_name=last_name, email=email, admin=admin, may_not_edit=set(closed))
            for number, (name, last_name, email, admin, closed) in data.USERS.items()
        },
    )


def default_store(now: datetime, timezone: str, client_types: Iterable[str]) -> Store:
    """Make the salon."""
    store = empty_store()
    created = now.isoformat(timespec="seconds")
    store.client_types = [("crm", code) for code in client_types]
    store.items |= _crm_items(created)
    number, kind, title = data.SMART_PROCESS
    store.smart_processes = {kind: SmartProcess(id=number, entity_type_id=kind, title=title)}
    store.resource_types = {
        number: ResourceType(id=number, name=name, code=code) for number, (name, code) in data.RESOURCE_TYPES.items()
    }
    store.resources = _resources(timezone)
    store.bookings = {visit.id: _booking(visit, now, timezone) for visit in data.VISITS}
    store.waitlist = {
        number: WaitlistEntry(
            id=number,
            note=note,
            clients=_contact(data.CONTACT_OF_WAITLIST_ENTRY.get(number)),
            created=int(now.timestamp()),
        )
        for number, note in data.WAITING.items()
    }
    store.activities = {
        number: Activity(
            id=number,
            subject=subject,
            created=created,
            deadline=(now + timedelta(days=1)).isoformat(timespec="seconds"),
            bindings=[Binding(entity_type_id=kind, entity_id=item) for kind, item in bound],
        )
        for number, (subject, bound) in data.ACTIVITIES.items()
    }
    store.last_ids = _last_ids(store)
    for owner in (*store.bookings.values(), *store.waitlist.values()):
        refresh_activity(store, owner)
    return store


def _booking(visit: data.Visit, now: datetime, timezone: str) -> Booking:
    day = now.date() if visit.day is None else now.date() + timedelta(days=visit.day - now.weekday())
    start, end = (
        int(datetime.combine(day, time.fromisoformat(at), ZoneInfo(timezone)).timestamp())
        for at in (visit.start, visit.end)
    )
    return Booking(
        id=visit.id,
        name=visit.name,
        description=visit.description,
        resource_ids=[visit.resource],
        date_period=Period(
            start=Moment(timestamp=start, timezone=timezone),
            end=Moment(timestamp=end, timezone=timezone),
        ),
        links=[
            Link(module_id=module, entity_type_id=kind, value=value)
            for module, kind, value in data.LINKS_OF_BOOKING.get(visit.id, ())
        ],
        clients=_contact(data.CONTACT_OF_BOOKING.get(visit.id)),
        created=int(now.timestamp()),
    )


def _contact(number: int | None) -> list[Client]:
    return [] if number is None else [Client(module="crm", code="CONTACT", id=number)]


def _crm_items(created: str) -> dict[int, dict[int, CrmItem]]:
    contact_of = data.CONTACT_OF_DEAL
    deals = [
        CrmItem(id=number, title=title, contact_ids=[contact_of[number]] if number in contact_of else [])
        for number, title in data.DEALS.items()
    ]
    companies = [
        CrmItem(id=number, title=title, phone=phone, email=email)
        for number, (title, phone, email) in data.COMPANIES.items()
    ]
    contacts, leads = (
        [CrmItem.model_validate(person._asdict()) for person in people] for people in (data.CONTACTS, data.LEADS)
    )
    smart = [
        CrmItem(id=number, title=title, contact_ids=[contact]) for number, (title, contact) in data.SMART_ITEMS.items()
    ]
    tables = ((LEAD, leads), (DEAL, deals), (CONTACT, contacts), (COMPANY, companies), (data.SMART_PROCESS[1], smart))
    return {kind: {item.id: item.model_copy(update={"created": created}) for item in items} for kind, items in tables}


def _resources(timezone: str) -> dict[int, Resource]:
    return {
        number: Resource(
            id=number,
            type_id=kind,
            name=name,
            slots=[
                Slots(
                    id=number,
                    start=start,
                    end=end,
                    slot_size=data.SLOT_SIZE,
                    timezone=timezone,
                    week_days=list(days),
                ),
            ],
        )
        for number, (kind, name, start, end, days) in data.RESOURCES.items()
    }


def _last_ids(store: Store) -> dict[str, int]:
    tables: dict[str, Mapping[int, object]] = {
        "booking": store.bookings,
        "waitlist": store.waitlist,
        "resource": store.resources,
        "resource_type": store.resource_types,
        "slots": store.resources,
        "activity": store.activities,
        **{f"item:{kind}": items for kind, items in store.items.items()},
    }
    highest = {name: max(table, default=0) for name, table in tables.items()}
    return highest | {f"item:{DEAL}": data.LAST_DEAL, "event": data.LAST_EVENT}
