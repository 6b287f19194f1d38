"""What the processes that are killed half way ask for."""

from __future__ import annotations

from typing import Any

from tool_specs.booking_links import SetBookingLinks
from tool_specs.method import Method
from tool_specs.waitlist import UpdateWaitlistEntry

REQUESTS: dict[str, Method[Any]] = {
    "link": SetBookingLinks.model_validate({"booking_id": 14, "links": [1]}),
    "note": UpdateWaitlistEntry(waitlist_id=4, note="called"),
}
