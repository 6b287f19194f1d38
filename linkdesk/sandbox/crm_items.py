"""CRM items of every type: `crm.item.*`."""

from __future__ import annotations

from collections.abc import Iterator

from linkdesk.sandbox.call import Call, Handler
from linkdesk.sandbox.refusal import crm
from linkdesk.sandbox.store import COMPANY, CONTACT, DEAL, LEAD, CrmItem
from tool_specs.wire import Json


def get(call: Call) -> Json:
    """Answer `crm.item.get`; an unknown type and a missing item are one and the same error."""
    kind = call.params["entityTypeId"]
    item = call.store.item(kind, call.params["id"])
    if item is None:
        raise crm("NOT_FOUND")
    if kind in call.user.may_not_read:
        raise crm("ACCESS_DENIED")
    return {"item": shown(kind, item)}


def shown(kind: int, item: CrmItem) -> dict[str, Json]:
    """Give the fields of an item that its type has; ids are integers."""
    fields: dict[str, Json] = {
        "id": item.id,
        "createdTime": item.created,
        "updatedTime": item.created,
        "createdBy": 1,
        "updatedBy": 1,
        "assignedById": 1,
        "opened": "Y",
    }
    if kind != CONTACT:
        fields["title"] = item.title
    if kind in {CONTACT, LEAD}:
        fields |= {"name": item.name, "lastName": item.last_name, "secondName": None}
    if kind in {CONTACT, COMPANY, LEAD}:
        fields |= _reachable_at(item)
    if kind not in {CONTACT, COMPANY}:
        contacts = item.contact_ids
        fields |= {"contactId": contacts[0] if contacts else 0, "contactIds": contacts, "companyId": item.company_id}
    if kind == CONTACT:
        fields |= {"companyId": item.company_id, "companyIds": [item.company_id] if item.company_id else []}
    if kind == DEAL:
        fields |= {"categoryId": 0, "stageId": "NEW", "opportunity": 0, "currencyId": "RUB", "closed": "N"}
    return fields


def _reachable_at(item: CrmItem) -> dict[str, Json]:
    return {
        "hasPhone": "Y" if item.phone else "N",
        "hasEmail": "Y" if item.email else "N",
        "fm": [
            {"id": item.id * 10 + number, "valueType": "WORK", "value": value, "typeId": kind}
            for number, (kind, value) in enumerate((("PHONE", item.phone), ("EMAIL", item.email)))
            if value
        ],
    }


def handlers() -> Iterator[tuple[str, Handler]]:
    """Name the methods of CRM items."""
    yield "crm.item.get", get
