"""CRM items of every type: `crm.item.*`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from linkdesk.sandbox.call import Call, Handler
from linkdesk.sandbox.crm_filter import filter_rows, sort_rows
from linkdesk.sandbox.paging import counted_page
from linkdesk.sandbox.php_array import values_of
from linkdesk.sandbox.rest_error import crm_error, intranet_only
from linkdesk.sandbox.store import COMPANY, CONTACT, DEAL, LEAD, CrmItem
from tool_specs.declaration.wire import Json

NOT_FILTERED: Final = frozenset({"fm"})


def list_items(call: Call) -> Json:
    """Answer `crm.item.list`; what the caller may not read is left out without a word."""
    intranet_only(call.user)
    kind = call.params["entityTypeId"]
    if kind not in call.store.items:
        raise crm_error("NOT_FOUND")
    fields = {name: value for name, value in item_as_json(kind, CrmItem(id=0)).items() if name not in NOT_FILTERED}
    closed = kind in call.user.may_not_read
    rows = [] if closed else [item_as_json(kind, item) for item in call.store.items[kind].values()]
    found = filter_rows(rows, call.params.get("filter"), fields)
    found = sort_rows(found, call.params.get("order") or {"id": "ASC"}, fields)
    columns = _columns(call.params.get("select"), fields)
    return counted_page(
        [{name: value for name, value in row.items() if columns is None or name in columns} for row in found],
        "items",
        call.params.get("start", 0),
    )


def _columns(select: Json, fields: dict[str, Json]) -> frozenset[str] | None:
    """Return the fields to show, None for all; the id is always there, `fm` comes with all only."""
    wanted = values_of(select) or ["*"]
    return None if "*" in wanted else frozenset({"id", *(name for name in map(str, wanted) if name in fields)})


def get(call: Call) -> Json:
    """Answer `crm.item.get`; an unknown type and a missing item are one and the same error."""
    intranet_only(call.user)
    kind = call.params["entityTypeId"]
    item = call.store.item(kind, call.params["id"])
    if item is None:
        raise crm_error("NOT_FOUND")
    if kind in call.user.may_not_read:
        raise crm_error("ACCESS_DENIED")
    return {"item": item_as_json(kind, item)}


def item_as_json(kind: int, item: CrmItem) -> dict[str, Json]:
    """Return the fields of an item that its type has; ids are integers."""
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
        fields |= {"categoryId": 0, "stageId": "NEW", "opportunity": 0, "currencyId": "RUB"}
        fields["closed"] = "Y" if item.closed else "N"
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
    """Return the methods of CRM items."""
    yield "crm.item.list", list_items
    yield "crm.item.get", get
