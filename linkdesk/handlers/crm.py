"""Look up CRM items by name, phone or email, activities, and smart processes."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from linkdesk.errors.base import PortalError
from linkdesk.execution.context import PortalApi, RequestContext
from linkdesk.execution.list_plan import refs_of
from linkdesk.execution.snapshot import check_exists
from linkdesk.handlers.linked_records import LINKED, bookings_of, entries_of
from linkdesk.handlers.names import named_refs
from linkdesk.model.outcome import ReadResult
from linkdesk.model.views import (
    ActivitiesView,
    ActivityView,
    CrmItemsView,
    CrmItemView,
    CrmTypesView,
    NamedRef,
    NamedType,
)
from tool_specs.declaration.crm_ref import CrmRef
from tool_specs.declaration.listing import PAGE_SIZE
from tool_specs.methods.activity import Activity, FindActivities, GetActivity
from tool_specs.methods.activity_binding import ListActivityBindings
from tool_specs.methods.crm_item import CrmItem, FindCrmItems, GetCrmItem
from tool_specs.methods.crm_type import ListCrmTypes, SmartProcess
from tool_specs.methods.duplicate import Duplicates, FindDuplicates

NO_CLIENT: Final = 0
"""An id that no item has, to search for where nobody has that phone or email."""


async def find_items(context: RequestContext, method: FindCrmItems) -> ReadResult:
    """Find items by a part of the name, or by the phone number or email of their client."""
    call = method
    if method.phone is not None or method.email is not None:
        people = await _find_duplicates(context.portal, method)
        call = method.where(_belongs_to(method.type, people))
    rows = await context.portal(call)
    shown = await _item_views(context.portal, method.type, rows[: method.limit])
    return ReadResult(asked=method, shown=CrmItemsView(items=shown, more=len(rows) > method.limit))


async def _find_duplicates(portal: PortalApi, method: FindCrmItems) -> set[CrmRef]:
    """Find the clients with a phone number and an email address; with both, where both are given."""
    calls: list[FindDuplicates] = []
    if method.phone is not None:
        calls.append(FindDuplicates(kind="PHONE", values=phone_spellings(method.phone)))
    if method.email is not None:
        calls.append(FindDuplicates(kind="EMAIL", values=[method.email]))
    people: set[CrmRef] | None = None
    for answer in await portal.batch(calls):
        if isinstance(answer, PortalError):
            raise answer
        found: set[CrmRef] = set(answer.refs) if isinstance(answer, Duplicates) else set()
        people = found if people is None else people & found
    return people or set()


LOCAL_LENGTH: Final = 10
"""Number of digits in a Russian phone number without the leading 7 or 8."""


def phone_spellings(phone: str) -> list[str]:
    """Return the spellings under which a phone number may be stored: as given, in digits, with +7 and with 8."""
    digits = re.sub(r"[^0-9]", "", phone)
    ways = [phone, digits, f"+{digits}"]
    if len(digits) == LOCAL_LENGTH + 1 and digits[0] in "78":
        ways += [f"+7{digits[1:]}", f"7{digits[1:]}", f"8{digits[1:]}"]
    elif len(digits) == LOCAL_LENGTH:
        ways += [f"+7{digits}", f"8{digits}"]
    return list(dict.fromkeys(ways))


def _belongs_to(kind: str, people: set[CrmRef]) -> Mapping[str, Any]:
    """Build the portal's filter for items that are one of these clients, or belong to one."""
    ids = {name: sorted(ref.id for ref in people if ref.type == name) for name in ("contact", "company", "lead")}
    if kind in ids:
        return {"@id": ids[kind] or [NO_CLIENT]}
    owners = [{f"@{name}Id": ids[name]} for name in ("contact", "company") if ids[name]]
    if not owners:
        return {"@id": [NO_CLIENT]}
    return owners[0] if len(owners) == 1 else {"0": {"logic": "OR", **{str(at): one for at, one in enumerate(owners)}}}


async def get_item(context: RequestContext, method: GetCrmItem) -> ReadResult:
    """Show an item with its contact and company, and where it is linked, if asked for."""
    if not method.with_links or method.item.type not in LINKED:
        row = await context.portal(method)
        (shown,) = await _item_views(context.portal, method.item.type, [row])
        return ReadResult(asked=method, shown=shown)
    # Calls that are awaited together are sent in one request; an item that does not exist is linked nowhere.
    row, bookings, entries = await asyncio.gather(
        context.portal(method), bookings_of(context, method.item), entries_of(context, method.item)
    )
    (shown,) = await _item_views(context.portal, method.item.type, [row])
    return ReadResult(asked=method, shown=shown.model_copy(update={"bookings": bookings, "waitlist_entries": entries}))


async def _item_views(portal: PortalApi, kind: str, rows: Sequence[CrmItem]) -> list[CrmItemView]:
    named = await named_refs(portal, [ref for row in rows for ref in row.owners if ref.type != kind])

    def other(row: CrmItem, name: str) -> NamedRef | None:
        return next((named[ref] for ref in row.owners if ref.type == name and ref in named), None)

    return [
        CrmItemView(
            type=kind,
            id=row.id,
            name=row.label or None,
            card=CrmRef(type=kind, id=row.id).card,
            contact=other(row, "contact"),
            company=other(row, "company"),
        )
        for row in rows
    ]


async def find_activities(context: RequestContext, method: FindActivities) -> ReadResult:
    """Find the activities of an item, or those with a part of the subject."""
    rows = await context.portal(method)
    if method.owner is not None and not rows:
        await check_exists(context.portal, method.owner)
    shown = await _activity_views(context.portal, rows[: method.limit])
    return ReadResult(asked=method, shown=ActivitiesView(activities=shown, more=len(rows) > method.limit))


async def get_activity(context: RequestContext, method: GetActivity) -> ReadResult:
    """Show an activity and its bindings."""
    row, bindings = await context.portal.batch([method, ListActivityBindings(activity_id=method.activity_id)])
    if isinstance(row, PortalError):
        raise row
    (shown,) = await _activity_views(context.portal, [row])
    if not isinstance(bindings, PortalError):
        refs = refs_of(bindings)
        named = await named_refs(context.portal, refs)
        shown = shown.model_copy(update={"bindings": [named[ref] for ref in refs]})
    return ReadResult(asked=method, shown=shown)


async def _activity_views(portal: PortalApi, rows: Sequence[Activity]) -> list[ActivityView]:
    named = await named_refs(portal, [row.owner for row in rows if row.owner is not None])

    def owner(row: Activity) -> NamedRef | None:
        return None if row.owner is None else named[row.owner]

    return [
        ActivityView(
            id=row.id,
            subject=row.subject or None,
            owner=owner(row),
            completed=row.completed,
            deadline=row.deadline or None,
        )
        for row in rows
    ]


async def list_types(context: RequestContext, method: ListCrmTypes) -> ReadResult:
    """List all smart processes, of which a portal has few."""
    found: dict[int, SmartProcess] = {}
    start = 0
    while True:
        rows = await context.portal(method.starting_at(start))
        found.update({row.number: row for row in rows})
        if len(rows) < PAGE_SIZE:
            break
        await context.progress(len(found), None, f"{len(found)} types read, there are more")
        start += PAGE_SIZE
    types = [NamedType(type=str(row.number), name=row.title or None) for row in found.values()]
    return ReadResult(asked=method, shown=CrmTypesView(types=types))
