"""Types of resources, and the kinds of clients that bookings know."""

from __future__ import annotations

from typing import Any

from linkdesk.execution.apply_record import gone_is_none, make_record, write_record
from linkdesk.execution.context import Calls, Work
from linkdesk.execution.pagination import page_of
from linkdesk.handlers.resources import changed_settings
from linkdesk.model.outcome import Found, Outcome, RecordPlan, RecordTarget
from linkdesk.model.views import ShownClientTypes, ShownType, ShownTypes
from tool_specs.declaration.crm_ref import type_of_code
from tool_specs.methods.client_type import ListClientTypes
from tool_specs.methods.resource_type import (
    AddResourceType,
    DeleteResourceType,
    GetResourceType,
    ListResourceTypes,
    ResourceType,
    UpdateResourceType,
)

GONE = "1013"


async def get_type(work: Work, method: GetResourceType) -> Found:
    """Show one type."""
    return Found(asked=method, shown=await read_type(work.portal, method.type_id))


async def read_type(portal: Calls, type_id: int) -> ShownType:
    """Read one type.

    Raises:
        PortalError: it cannot be read.
    """
    return _shown(await portal(GetResourceType(type_id=type_id)))


async def list_types(work: Work, method: ListResourceTypes) -> Found:
    """Show types; their settings are left to the single view."""
    page = await page_of(work.portal, method, limit=method.limit, cursor=method.cursor)
    shown = [_shown(row).model_copy(update={"settings": None}) for row in page.rows]
    return Found(asked=method, shown=ShownTypes(resource_types=shown, cursor=page.cursor))


async def add_type(work: Work, method: AddResourceType) -> Outcome:
    """Create a type."""
    after = ShownType(name=method.name_ or None, code=method.code or None, settings=changed_settings(method))
    plan = RecordPlan(asked=method, target=RecordTarget("resource_type", None), before=None, after=after)
    return await make_record(work, plan, method, lambda number: read_type(work.portal, number))


async def update_type(work: Work, method: UpdateResourceType) -> Outcome:
    """Change a type."""
    target = RecordTarget("resource_type", method.type_id)
    async with work.turn(target):
        before = await read_type(work.portal, method.type_id)
        changes: dict[str, Any] = {"settings": {**(before.settings or {}), **changed_settings(method)}}
        changes |= {"name": method.name_} if method.name_ is not None else {}
        changes |= {"code": method.code} if method.code is not None else {}
        plan = RecordPlan(asked=method, target=target, before=before, after=before.model_copy(update=changes))
        return await write_record(work, plan, method, lambda: read_type(work.portal, method.type_id))


async def delete_type(work: Work, method: DeleteResourceType) -> Outcome:
    """Delete a type, once a person agrees."""
    target = RecordTarget("resource_type", method.type_id)
    async with work.turn(target):
        before = await read_type(work.portal, method.type_id)
        plan = RecordPlan(asked=method, target=target, before=before, after=None, destroys=True)
        return await write_record(
            work,
            plan,
            method,
            lambda: gone_is_none(read_type(work.portal, method.type_id), GONE),
        )


async def list_client_types(work: Work, method: ListClientTypes) -> Found:
    """Show the kinds of clients."""
    types = await work.portal(method)
    names = [type_of_code(kind.code) or kind.code for kind in types if kind.module == "crm"]
    return Found(asked=method, shown=ShownClientTypes(client_types=sorted(names)))


def _shown(row: ResourceType) -> ShownType:
    return ShownType(id=row.id, name=row.name or None, code=row.code or None, settings=dict(row.settings))
