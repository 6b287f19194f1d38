"""The deals that a booking of some clients is likely to belong to: theirs that are not closed.

Source: https://apidocs.bitrix24.com/api-reference/crm/universal/object-fields.html
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from linkdesk.auth.policy import Actor
from linkdesk.desk import Desk
from linkdesk.lookup.queries import Candidate, candidate_label
from linkdesk.model.outcome import ReadResult
from linkdesk.model.record_label import RecordLabel
from linkdesk.model.views import CrmItemsView, CrmItemView
from tool_specs.declaration.crm_ref import CrmRef
from tool_specs.methods.crm_item import FindCrmItems

MAX_DEALS: Final = 20
"""Deals that are offered."""
_FIELDS: Final[Mapping[str, str]] = {"contact": "@contactId", "company": "@companyId"}


async def open_deals(desk: Desk, actor: Actor, clients: Sequence[CrmRef]) -> list[Candidate]:
    """Return the open deals of some clients, newest first.

    Raises:
        Trouble: they cannot be read, or not by this person.
    """
    theirs = {
        field: sorted(ref.id for ref in clients if ref.type == kind)
        for kind, field in _FIELDS.items()
        if any(ref.type == kind for ref in clients)
    }
    if not theirs:
        return []
    of_any = {str(place): {field: ids} for place, (field, ids) in enumerate(theirs.items())}
    conditions: dict[str, Any] = {"closed": "N", "0": {"logic": "OR", **of_any}}
    # What is looked for stands in the conditions: no text, and no phone of somebody.
    method = FindCrmItems.model_construct(type="deal", limit=MAX_DEALS).where(conditions)
    outcome = await desk.do(method, actor)
    if not isinstance(outcome, ReadResult) or not isinstance(outcome.shown, CrmItemsView):
        return []
    several = len(clients) > 1
    return [_choice(item, with_owner=several) for item in outcome.shown.items]


def _choice(item: CrmItemView, *, with_owner: bool) -> Candidate:
    owner = next((one.name for one in (item.contact, item.company) if one is not None and one.name), "")
    known = RecordLabel(type="deal", id=item.id, name=item.name or "")
    return Candidate(candidate_label(known, owner if with_owner else ""), CrmRef(type="deal", id=item.id))
