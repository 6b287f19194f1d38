"""List, show and write resources."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from linkdesk.errors.base import PortalError
from linkdesk.execution.apply_record import create_record, none_if_missing, write_record
from linkdesk.execution.context import PortalApi, RequestContext
from linkdesk.execution.pagination import read_page
from linkdesk.model.outcome import Outcome, ReadResult, RecordPlan, RecordTarget
from linkdesk.model.views import Named, ResourcesView, ResourceView
from tool_specs.declaration.method import Method
from tool_specs.methods.resource import (
    AddResource,
    DeleteResource,
    GetResource,
    ListResources,
    Resource,
    UpdateResource,
)
from tool_specs.methods.resource_settings import ResourceSettings
from tool_specs.methods.resource_type import GetResourceType, ResourceType

NOT_FOUND_CODE = "1009"


async def get_resource(context: RequestContext, method: GetResource) -> ReadResult:
    """Show a resource with the name of its type."""
    return ReadResult(asked=method, shown=await read_resource(context.portal, method.resource_id))


async def read_resource(portal: PortalApi, resource_id: int) -> ResourceView:
    """Read a resource.

    Raises:
        PortalError: it cannot be read.
    """
    (shown,) = await _resource_view(portal, [await portal(GetResource(resource_id=resource_id))])
    return shown


async def list_resources(context: RequestContext, method: ListResources) -> ReadResult:
    """List resources with the names of their types, without their settings."""
    page = await read_page(context.portal, method, limit=method.limit, cursor=method.cursor)
    shown = [
        resource.model_copy(update={"settings": None}) for resource in await _resource_view(context.portal, page.rows)
    ]
    return ReadResult(asked=method, shown=ResourcesView(resources=shown, cursor=page.cursor))


async def add_resource(context: RequestContext, method: AddResource) -> Outcome:
    """Create a resource, after checking its type."""
    kind = await context.portal(GetResourceType(type_id=method.type_id))
    after = ResourceView(
        name=method.name_ or None,
        description=method.description_ or None,
        type=Named(id=kind.id, name=kind.name),
        is_main=method.is_main,
        settings=changed_settings(method),
    )
    plan = RecordPlan(asked=method, target=RecordTarget("resource", None), before=None, after=after)
    return await create_record(context, plan, method, lambda number: read_resource(context.portal, number))


async def update_resource(context: RequestContext, method: UpdateResource) -> Outcome:
    """Change a resource."""
    target = RecordTarget("resource", method.resource_id)
    async with context.lock(target):
        before = await read_resource(context.portal, method.resource_id)
        changes: dict[str, Any] = {
            name: getattr(method, f"{name}_") or None
            for name in ("name", "description")
            if f"{name}_" in method.model_fields_set
        }
        if method.type_id is not None:
            kind = await context.portal(GetResourceType(type_id=method.type_id))
            changes["type"] = Named(id=kind.id, name=kind.name)
        if method.is_main is not None:
            changes["is_main"] = method.is_main
        changes["settings"] = {**(before.settings or {}), **changed_settings(method)}
        plan = RecordPlan(asked=method, target=target, before=before, after=before.model_copy(update=changes))
        return await write_record(context, plan, method, lambda: read_resource(context.portal, method.resource_id))


async def delete_resource(context: RequestContext, method: DeleteResource) -> Outcome:
    """Delete a resource after approval."""
    target = RecordTarget("resource", method.resource_id)
    async with context.lock(target):
        before = await read_resource(context.portal, method.resource_id)
        plan = RecordPlan(asked=method, target=target, before=before, after=None, destroys=True)
        return await write_record(
            context,
            plan,
            method,
            lambda: none_if_missing(read_resource(context.portal, method.resource_id), NOT_FOUND_CODE),
        )


def changed_settings(method: Method[Any]) -> dict[str, Any]:
    """Return the settings that a request names."""
    named = {name: getattr(method, name) for name in ResourceSettings.model_fields if name in method.model_fields_set}
    return {name: value for name, value in named.items() if value is not None}


async def _resource_view(portal: PortalApi, rows: Sequence[Resource]) -> list[ResourceView]:
    ids = list(dict.fromkeys(row.type_id for row in rows if row.type_id))
    try:
        types = await portal.batch([GetResourceType.model_construct(type_id=number) for number in ids]) if ids else []
    except PortalError:
        types = []
    names = {kind.id: kind.name for kind in types if isinstance(kind, ResourceType)}
    return [
        ResourceView(
            id=row.id,
            name=row.name or None,
            description=row.description or None,
            type=Named(id=row.type_id, name=names.get(row.type_id)) if row.type_id else None,
            is_main=row.is_main,
            settings=dict(row.settings),
        )
        for row in rows
    ]
