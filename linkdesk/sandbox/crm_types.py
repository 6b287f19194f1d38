"""Types of CRM items: `crm.type.list` and `crm.enum.ownertype`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from linkdesk.sandbox.call import Call, Handler
from linkdesk.sandbox.crm_filter import filter_rows, sort_rows
from linkdesk.sandbox.paging import counted_page
from linkdesk.sandbox.rest_error import crm_error, intranet_only
from linkdesk.sandbox.store import SmartProcess
from tool_specs.declaration.wire import Json

OWNER_TYPES: Final = (
    (1, "Лид", "LEAD", "L"),
    (2, "Сделка", "DEAL", "D"),
    (3, "Контакт", "CONTACT", "C"),
    (4, "Компания", "COMPANY", "CO"),
    (5, "Счёт (старая версия)", "INVOICE", "I"),
    (7, "Предложение", "QUOTE", "Q"),
    (8, "Реквизиты", "REQUISITE", "RQ"),
    (31, "Счёт", "SMART_INVOICE", "SI"),
    (36, "Документ", "SMART_DOCUMENT", "DO"),
    (39, "Документ B2E", "SMART_B2E_DOC", "SBD"),
)


def list_types(call: Call) -> Json:
    """Answer `crm.type.list`: the smart processes, for administrators."""
    intranet_only(call.user)
    if not call.user.admin:
        raise crm_error("ACCESS_DENIED")
    fields = SmartProcess(id=0, entity_type_id=0, title="").as_json()
    rows = [process.as_json() for process in call.store.smart_processes.values()]
    found = filter_rows(rows, call.params.get("filter"), fields)
    found = sort_rows(found, call.params.get("order") or {"id": "ASC"}, fields)
    return counted_page(found, "types", call.params.get("start", 0))


def list_owner_types(call: Call) -> Json:
    """Answer `crm.enum.ownertype`, names in the portal's language."""
    dynamic = [
        (kind, process.title, f"DYNAMIC_{kind}", f"T{kind:x}") for kind, process in call.store.smart_processes.items()
    ]
    return [
        {"ID": number, "NAME": name, "SYMBOL_CODE": code, "SYMBOL_CODE_SHORT": short}
        for number, name, code, short in (*OWNER_TYPES, *dynamic)
    ]


def handlers() -> Iterator[tuple[str, Handler]]:
    """Return the methods of types."""
    yield "crm.type.list", list_types
    yield "crm.enum.ownertype", list_owner_types
