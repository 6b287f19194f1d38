"""Leads, contacts and companies by phone or email: `crm.duplicate.findbycomm`. Its error codes are whole sentences."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from linkdesk.sandbox.call import Call, Handler
from linkdesk.sandbox.php_array import values_of
from linkdesk.sandbox.rest_error import RestError
from linkdesk.sandbox.store import COMPANY, CONTACT, LEAD, CrmItem
from tool_specs.declaration.wire import Json

KINDS: Final[Mapping[str, int]] = {"LEAD": LEAD, "CONTACT": CONTACT, "COMPANY": COMPANY}
MAX_DUPLICATES: Final = 20
NATIONAL: Final = 10
"""Digits of a Russian number without the country's."""


def find_by_comm(call: Call) -> Json:
    """Answer `findbycomm`: nothing at all is an empty list, and later types are left out once there are twenty."""
    kind, wanted = _checked(call)
    only = str(call.params.get("entity_type") or "").upper()
    found: dict[str, Json] = {}
    for name, number in KINDS.items():
        if only not in {"", name} or number in call.user.may_not_read:
            continue
        ids = [item.id for item in call.store.items.get(number, {}).values() if _comm(kind, item) in wanted][
            :MAX_DUPLICATES
        ]
        if ids:
            found[name] = ids
        if len(ids) >= MAX_DUPLICATES:
            break
    return found or []


def _checked(call: Call) -> tuple[str, set[str]]:
    """Return the kind of communication, and the values that are looked for.

    Raises:
        Refusal: a parameter is missing or wrong, or the user may read none of the types.
    """
    kind = str(call.params.get("type") or "").upper()
    if not kind:
        raise _refused("Communication type is not defined")
    if kind not in {"EMAIL", "PHONE"}:
        raise _refused(f"Communication type '{kind}' is not supported in current context")
    values = values_of(call.params.get("values"))
    if not values:
        raise _refused("Communication values is not defined")
    if all(number in call.user.may_not_read for number in KINDS.values()):
        raise RestError("Access denied", "Access denied", 403)
    return kind, {_normal(kind, str(value)) for value in values[:MAX_DUPLICATES]} - {""}


def _comm(kind: str, item: CrmItem) -> str:
    """Return what an item is reached at in the form that is compared; nothing matches nothing."""
    return _normal(kind, item.phone if kind == "PHONE" else item.email) or "-"


def _normal(kind: str, value: str) -> str:
    """Return a value as it is compared: an address without case; digits, Russian numbers with their 7."""
    if kind == "EMAIL":
        return value.strip().casefold()
    digits = re.sub(r"[^0-9]", "", value)
    if len(digits) == NATIONAL and not value.strip().startswith("+"):
        return f"7{digits}"
    return f"7{digits[1:]}" if len(digits) == NATIONAL + 1 and digits.startswith("8") else digits


def _refused(sentence: str) -> RestError:
    return RestError(sentence, sentence)


def handlers() -> Iterator[tuple[str, Handler]]:
    """Return the method."""
    yield "crm.duplicate.findbycomm", find_by_comm
