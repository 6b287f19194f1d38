"""Waitlist entries: `booking.v1.waitlist.*`."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from tool_specs.crm_ref import Id
from tool_specs.method import Effect, Method
from tool_specs.said import Said
from tool_specs.vendor_errors import WAITLIST_CODES
from tool_specs.wire import As


class WaitlistEntry(BaseModel):
    """A waitlist entry, without its links and clients."""

    model_config = ConfigDict(frozen=True)

    id: int
    note: str | None = None


class GetWaitlistEntry(Method[WaitlistEntry]):
    """Get one waitlist entry by id."""

    rest = "booking.v1.waitlist.get"
    page = "booking/waitlist/booking-v1-waitlist-get.html"
    scope = "booking"
    effect = Effect.READ
    title = Said(en="Show a waitlist entry", ru="Показать запись листа ожидания")
    fails = WAITLIST_CODES
    answer_key = "waitList"

    waitlist_id: Annotated[Id, As("id"), Field(description="Waitlist entry id.")]
