"""Resource types, and the types of clients that bookings may have."""

from __future__ import annotations

from typing import Any

from linkdesk.execution.apply_record import create_record, none_if_missing, write_record
from linkdesk.execution.context import PortalApi, RequestContext
from linkdesk.execution.pagination import read_page
from linkdesk.handlers.resources import changed_settings
from linkdesk.model.outcome import Outcome, ReadResult, RecordPlan, RecordTarget
from linkdesk.model.views import ClientTypesView, ResourceTypesView, ResourceTypeView
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

NOT_FOUND_CODE = "1013"


async def get_type(context: RequestContext, method: GetResourceType) -> ReadResult:
    """Show a resource type."""
    return ReadResult(asked=method, shown=await read_type(context.portal, method.type_id))


async def read_type(portal: PortalApi, type_id: int) -> ResourceTypeView:
    """Read a resource type.

    Raises:
        PortalError: it cannot be read.
    """
    return _type_view(await portal(GetResourceType(type_id=type_id)))


async def list_types(context: RequestContext, method: ListResourceTypes) -> ReadResult:
    """List resource types, without their settings."""
    page = await read_page(context.portal, method, limit=method.limit, cursor=method.cursor)
    shown = [_type_view(row).model_copy(update={"settings": None}) for row in page.rows]
    return ReadResult(asked=method, shown=ResourceTypesView(resource_types=shown, cursor=page.cursor))


async def add_type(context: RequestContext, method: AddResourceType) -> Outcome:
    """Create a resource type."""
    after = ResourceTypeView(name=method.name_ or None, code=method.code or None, settings=changed_settings(method))
    plan = RecordPlan(asked=method, target=RecordTarget("resource_type", None), before=None, after=after)
    return await create_record(context, plan, method, lambda number: read_type(context.portal, number))


async def update_type(context: RequestContext, method: UpdateResourceType) -> Outcome:
    """Change a resource type."""
    target = RecordTarget("resource_type", method.type_id)
    async with context.lock(target):
        before = await read_type(context.portal, method.type_id)
        changes: dict[str, Any] = {"settings": {**(before.settings or {}), **changed_settings(method)}}
        changes |= {"name": method.name_} if method.name_ is not None else {}
        changes |= {"code": method.code} if method.code is not None else {}
        plan = RecordPlan(asked=method, target=target, before=before, after=before.model_copy(update=changes))
        return await write_record(context, plan, method, lambda: read_type(context.portal, method.type_id))


async def delete_type(context: RequestContext, method: DeleteResourceType) -> Outcome:
    """Delete a resource type after approval."""
    target = RecordTarget("resource_type", method.type_id)
    async with context.lock(target):
        before = await read_type(context.portal, method.type_id)
        plan = RecordPlan(asked=method, target=target, before=before, after=None, destroys=True)
        return await write_record(
            context,
            plan,
            method,
            lambda: none_if_missing(read_type(context.portal, method.type_id), NOT_FOUND_CODE),
        )


async def list_client_types(context: RequestContext, method: ListClientTypes) -> ReadResult:
    """List the types of clients."""
    types = await context.portal(method)
    names = [type_of_code(kind.code) or kind.code for kind in types if kind.module == "crm"]
    return ReadResult(asked=method, shown=ClientTypesView(client_types=sorted(names)))


def _type_view(row: ResourceType) -> ResourceTypeView:
    return ResourceTypeView(id=row.id, name=row.name or None, code=row.code or None, settings=dict(row.settings))
