"""What nobody expected: told under a number, with which the log has the trace.

The trace goes through `linkdesk.config.logging`, which masks secrets; the answer holds nothing of it but the number.
"""

from __future__ import annotations

import secrets
from typing import Final

import structlog

from linkdesk.errors.base import Changed, Trouble
from linkdesk.errors.codes import linkdesk as own_errors

log = structlog.stdlib.get_logger()

NUMBER_BYTES: Final = 4


def report_incident(event: str, fault: Exception, changed: Changed, **about: str) -> Trouble:
    """Log an unexpected error with its traceback; return the error with an incident id to show instead.

    Args:
        event: the log's name of it.
        fault: what was raised.
        changed: what is known of the world.
        **about: what else the log should tell, such as the tool; never anything a caller wrote.
    """
    number = secrets.token_hex(NUMBER_BYTES)
    log.error(event, incident=number, exc_info=fault, **about)
    return Trouble(own_errors.INTERNAL, {"incident": number}, changed=changed, incident=number)
