"""The write requests of processes that are killed halfway."""

from __future__ import annotations

from typing import Any

from tool_specs.declaration.method import Method
from tool_specs.methods.booking_links import SetBookingLinks
from tool_specs.methods.waitlist import UpdateWaitlistEntry

REQUESTS: dict[str, Method[Any]] = {
    "link": SetBookingLinks.model_validate({"booking_id": 14, "links": [1]}),
    "note": UpdateWaitlistEntry(waitlist_id=4, note="called"),
}
