"""Read the names of resources and CRM items by id, each once and all in one request."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from linkdesk.errors.base import PortalError
from linkdesk.execution.context import PortalApi
from linkdesk.execution.list_plan import refs_of
from linkdesk.execution.snapshot import read_names
from linkdesk.model.views import Named, NamedRef
from tool_specs.declaration.crm_ref import CrmRef
from tool_specs.methods.resource import GetResource, Resource


def format_datetime(moment: datetime) -> str:
    """Format a time as ISO 8601 with its offset, to the minute."""
    return moment.isoformat(timespec="minutes")


async def resource_names(portal: PortalApi, ids: Sequence[int]) -> dict[int, Named]:
    """Read the names of resources; one that cannot be read has none."""
    asked = list(dict.fromkeys(ids))
    try:
        found = (
            await portal.batch([GetResource.model_construct(resource_id=number) for number in asked]) if asked else []
        )
    except PortalError:
        found = []
    known = {resource.id: resource.name for resource in found if isinstance(resource, Resource)}
    return {number: Named(id=number, name=known.get(number) or None) for number in asked}


def refs_from_batch(answer: Any) -> tuple[CrmRef, ...] | None:  # noqa: ANN401 - an answer of a batch
    """Return the CRM items of a list that was read in a batch, with names; None where it could not be read."""
    return None if isinstance(answer, PortalError) else refs_of(answer)


async def named_refs(portal: PortalApi, refs: Sequence[CrmRef]) -> dict[CrmRef, NamedRef]:
    """Read the names of CRM items; one that cannot be read has none."""
    names = await read_names(portal, refs)
    return {ref: NamedRef(type=ref.type, id=ref.id, name=names.get(ref)) for ref in refs}
