"""Translate a `PortalError` into a `Trouble`: by method and code, then by code, then by exception class.

A code that stands for several failures is told apart by the method and by the few fixed sentences of
`linkdesk.errors.codes.booking`; where these do not decide, the entry names every cause and who looks into it.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any, Final, cast

from linkdesk.errors.base import (
    Changed,
    NoCredentials,
    NotReached,
    PortalError,
    PortalMoved,
    Refused,
    ResponseLost,
    Trouble,
    UnreadableResponse,
)
from linkdesk.errors.codes import linkdesk as own_errors
from linkdesk.errors.codes.booking import BOOKING, entry_by_sentence
from linkdesk.errors.codes.rest import SYSTEM
from tool_specs.declaration.crm_ref import CrmRef
from tool_specs.declaration.failure import Failure
from tool_specs.declaration.localized import Localized, join_with_commas, same_in_both
from tool_specs.declaration.method import Effect, Method

READ_FAILURES: Final = "batch"
"""The call that stands for several; only reads are made so."""


def translate(error: PortalError, asked: Method[Any], *, changed: Changed | None = None) -> Trouble:
    """Build the user-facing error for a portal error, with the request's arguments and what has changed.

    Args:
        error: what the portal answered; it knows the call that failed, whose codes are meant.
        asked: the request that the call was made for.
        changed: what is known of the world; without, it follows from the error: what may have been applied is unknown.
    """
    called = error.called or asked
    if changed is None:
        lost = error.may_have_applied and called.effect is not Effect.READ and error.rest != READ_FAILURES
        changed = Changed.UNKNOWN if lost else Changed.NO
    return Trouble(
        find_failure(error, type(called)),
        {**argument_facts(called), **argument_facts(asked), "scope": called.scope, **_facts_of_error(error)},
        changed=changed,
        vendor_code=_vendor_code(error),
        retry_after_s=_seconds_to_wait(error),
    )


def _vendor_code(error: PortalError) -> str | None:
    """Return the vendor's code; missing credentials may have none."""
    if not isinstance(error, Refused) or (isinstance(error, NoCredentials) and error.code == error.failure.code):
        return None
    return error.code


def find_failure(error: PortalError, method: type[Method[Any]]) -> Failure:
    """Return the catalogue entry for an error."""
    match error:
        case NoCredentials():
            found = error.failure
        case Refused():
            found = _look_up_code(error, method)
        case PortalMoved():
            found = own_errors.MOVED if error.host else own_errors.MOVED_SOMEWHERE
        case UnreadableResponse():
            blocked = error.status == HTTPStatus.FORBIDDEN
            found = own_errors.BLOCKED_ON_THE_WAY if blocked else own_errors.UNREADABLE_ANSWER
        case ResponseLost():
            reads = method.effect is Effect.READ or error.rest == READ_FAILURES
            found = own_errors.LOST_READ if reads else own_errors.OUTCOME_UNKNOWN
        case NotReached():
            found = own_errors.NOT_REACHED if error.trusted else own_errors.TLS_NOT_TRUSTED
        case _:
            found = own_errors.UNKNOWN_CODE
    return found


BOOKING_SCOPE: Final = "booking"


def _look_up_code(error: Refused, method: type[Method[Any]]) -> Failure:
    """Look a code up: by fixed sentence, then among the method's, the system's and the booking module's codes."""
    code, booking = error.code.upper(), method.scope == BOOKING_SCOPE
    own = {name.upper(): failure for name, failure in method.fails.items()}
    return (
        entry_by_sentence(code, error.description, booking=booking)
        or own.get(code)
        or SYSTEM.get(code)
        or (BOOKING.get(code) if booking else None)
        or own_errors.UNKNOWN_CODE
    )


def argument_facts(method: Method[Any]) -> dict[str, Localized | str | int]:
    """Return a call's arguments as facts; `item` is its CRM item, `scope` its permission."""
    facts: dict[str, Localized | str | int] = {"scope": method.scope}
    for name, field in zip(type(method).arguments(), type(method).model_fields, strict=True):
        value = getattr(method, field)
        if isinstance(value, CrmRef):
            facts[name] = value.said
        elif isinstance(value, list):
            facts[name] = join_refs(cast("list[object]", value))
        elif value is not None:
            facts[name] = str(value)
    for name in ("source", "target", "item", "links", "clients"):
        if name in facts:
            facts.setdefault("item", facts[name])
    return facts


MAX_LISTED: Final = 12
"""How many items a sentence names."""


def join_refs(values: Sequence[object]) -> Localized:
    """Join CRM items or numbers with commas."""
    said = join_with_commas(
        [value.said if isinstance(value, CrmRef) else same_in_both(str(value)) for value in values[:MAX_LISTED]]
    )
    if (more := len(values) - MAX_LISTED) <= 0:
        return said
    return Localized(en=f"{said.en} and {more} more", ru=f"{said.ru} и ещё {more}")


def _facts_of_error(error: PortalError) -> Mapping[str, Localized | str | int]:
    match error:
        case NoCredentials():
            return {"vendor_code": error.code or "-", **error.facts}
        case Refused():
            return {"vendor_code": error.code or "-"}
        case PortalMoved(host=str(host)):
            return {"host": host}
        case _:
            return {}


MAX_WAIT_S = 600


def _seconds_to_wait(error: PortalError) -> int | None:
    if not isinstance(error, Refused):
        return None
    if error.retry_at is not None:
        return max(1, min(MAX_WAIT_S, round(error.retry_at - time.time())))
    return {"QUERY_LIMIT_EXCEEDED": 2, "OPERATION_TIME_LIMIT": MAX_WAIT_S}.get(error.code.upper())
