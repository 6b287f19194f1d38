"""List, show and write waitlist entries."""

from __future__ import annotations

from typing import Any

from linkdesk.errors.base import PortalError
from linkdesk.execution.apply_record import create_record, none_if_missing, write_record
from linkdesk.execution.context import PortalApi, RequestContext
from linkdesk.execution.pagination import read_page
from linkdesk.handlers.names import named_refs, refs_from_batch
from linkdesk.model.outcome import Outcome, ReadResult, RecordPlan, RecordTarget
from linkdesk.model.views import NamedRef, WaitlistEntriesView, WaitlistEntryView
from tool_specs.declaration.crm_ref import CrmRef
from tool_specs.declaration.method import Method
from tool_specs.methods.waitlist import (
    AddWaitlistEntry,
    DeleteWaitlistEntry,
    GetWaitlistEntry,
    ListWaitlistEntries,
    UpdateWaitlistEntry,
    WaitlistEntry,
)
from tool_specs.methods.waitlist_clients import ListWaitlistClients
from tool_specs.methods.waitlist_links import ListWaitlistLinks

NOT_FOUND_CODE = "1040"


async def get_entry(context: RequestContext, method: GetWaitlistEntry) -> ReadResult:
    """Show a waitlist entry with its deals and clients."""
    return ReadResult(asked=method, shown=await read_entry(context.portal, method.waitlist_id))


async def read_entry(portal: PortalApi, waitlist_id: int) -> WaitlistEntryView:
    """Read a waitlist entry with its lists.

    Raises:
        PortalError: it cannot be read.
    """
    entry, links, clients = await portal.batch(
        [
            GetWaitlistEntry(waitlist_id=waitlist_id),
            ListWaitlistLinks(waitlist_id=waitlist_id),
            ListWaitlistClients(waitlist_id=waitlist_id),
        ],
    )
    if isinstance(entry, PortalError):
        raise entry
    (shown,) = await entry_view(portal, [entry], [refs_from_batch(links)], [refs_from_batch(clients)])
    return shown


async def list_entries(context: RequestContext, method: ListWaitlistEntries) -> ReadResult:
    """List waitlist entries, with their deals and clients if asked for."""
    page = await read_page(context.portal, method, limit=method.limit, cursor=method.cursor)
    calls: list[Method[Any]] = [ListWaitlistLinks(waitlist_id=row.id) for row in page.rows if method.with_links]
    calls += [ListWaitlistClients(waitlist_id=row.id) for row in page.rows if method.with_clients]
    answers = [refs_from_batch(answer) for answer in (await context.portal.batch(calls) if calls else [])]
    nothing: list[tuple[CrmRef, ...] | None] = [None] * len(page.rows)
    links = answers[: len(page.rows)] if method.with_links else nothing
    clients = answers[-len(page.rows) :] if method.with_clients and page.rows else nothing
    shown = await entry_view(context.portal, page.rows, links, clients)
    return ReadResult(asked=method, shown=WaitlistEntriesView(waitlist_entries=shown, cursor=page.cursor))


async def add_entry(context: RequestContext, method: AddWaitlistEntry) -> Outcome:
    """Create a waitlist entry."""
    plan = RecordPlan(
        asked=method,
        target=RecordTarget("waitlist", None),
        before=None,
        after=WaitlistEntryView(note=method.note or None, links=[], clients=[]),
    )
    return await create_record(context, plan, method, lambda number: read_entry(context.portal, number))


async def update_entry(context: RequestContext, method: UpdateWaitlistEntry) -> Outcome:
    """Replace the note of a waitlist entry."""
    target = RecordTarget("waitlist", method.waitlist_id)
    async with context.lock(target):
        before = await read_entry(context.portal, method.waitlist_id)
        after = before.model_copy(update={"note": method.note or None})
        plan = RecordPlan(asked=method, target=target, before=before, after=after)
        return await write_record(context, plan, method, lambda: read_entry(context.portal, method.waitlist_id))


async def delete_entry(context: RequestContext, method: DeleteWaitlistEntry) -> Outcome:
    """Delete a waitlist entry after approval, for which its contents are shown."""
    target = RecordTarget("waitlist", method.waitlist_id)
    async with context.lock(target):
        before = await read_entry(context.portal, method.waitlist_id)
        plan = RecordPlan(asked=method, target=target, before=before, after=None, destroys=True)
        return await write_record(
            context,
            plan,
            method,
            lambda: none_if_missing(read_entry(context.portal, method.waitlist_id), NOT_FOUND_CODE),
        )


async def entry_view(
    portal: PortalApi,
    rows: list[WaitlistEntry],
    links: list[tuple[CrmRef, ...] | None],
    clients: list[tuple[CrmRef, ...] | None],
) -> list[WaitlistEntryView]:
    """Build the views of waitlist entries, with the names of the deals and clients that were read."""
    named = await named_refs(portal, [ref for found in (*links, *clients) for ref in found or ()])

    def shown_refs(found: tuple[CrmRef, ...] | None) -> list[NamedRef] | None:
        return None if found is None else [named[ref] for ref in found]

    return [
        WaitlistEntryView(
            id=row.id, note=row.note or None, links=shown_refs(its_links), clients=shown_refs(its_clients)
        )
        for row, its_links, its_clients in zip(rows, links, clients, strict=True)
    ]
