"""The retry policy: whether and when a failed call is retried. Pure.

What surely was not carried out may always be sent again; what may have been, only when it reads.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Final

from linkdesk.errors.base import (
    NOTHING_RAN,
    SERVER_ERROR,
    NotReached,
    PortalError,
    Refused,
    ResponseLost,
    UnreadableResponse,
)

TRIES: Final = 4
FIRST_PAUSE_S: Final = 0.3
GROWTH: Final = 3

TRANSIENT_CODES: Final = frozenset(
    {HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY, HTTPStatus.TOO_MANY_REQUESTS},
)
"""Statuses below 500 with which something on the way to the portal asks for another try."""


def retry_delay(error: PortalError, failures: int, *, reads: bool, chance: float, tries: int = TRIES) -> float | None:
    """Return the seconds to wait before the next try, or None if there is none.

    Args:
        error: how the last try failed.
        failures: how many tries have failed.
        reads: whether the call only reads.
        chance: a random number from 0 to 1, so that those who failed together do not come back together.
        tries: how many there may be.
    """
    if failures >= tries or not (isinstance(error, NotReached) or (reads and is_transient(error))):
        return None
    return FIRST_PAUSE_S * float(GROWTH ** (failures - 1)) * (0.5 + chance / 2)


def is_transient(error: PortalError) -> bool:
    """Return whether a failed read may succeed when retried."""
    match error:
        case ResponseLost():
            return True
        case Refused():
            return error.status >= SERVER_ERROR and error.code.upper() not in NOTHING_RAN
        case UnreadableResponse():
            return error.may_have_applied or error.status in TRANSIENT_CODES
        case _:
            return False
