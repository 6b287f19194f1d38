"""Links of a booking to CRM deals: `booking.v1.booking.externalData.*`.

On the portal `set` replaces the whole list, internal links included, and accepts deals that do not exist; `unset`
clears everything. The desk adds and removes single deals and keeps items that are not deals.
"""

from __future__ import annotations

from tool_specs.declaration.arguments import BookingId, Deals, LinksToSet, Mode, SetListMethod, SetMode, UnsetListMethod
from tool_specs.declaration.intents import Act, Intent
from tool_specs.declaration.list_items import ExternalItem
from tool_specs.declaration.localized import Localized
from tool_specs.declaration.method import Effect, Method, Toolset
from tool_specs.failures.booking import BOOKING_CODES, BOOKING_NOT_UPDATED


class ListBookingLinks(Method[list[ExternalItem]]):
    """List the CRM deals linked to a booking."""

    rest = "booking.v1.booking.externalData.list"
    page = "booking/booking/external-data/booking-v1-booking-externaldata-list.html"
    scope = "booking"
    effect = Effect.READ
    toolset = Toolset.LINKS
    title = Localized(en="List a booking's deals", ru="Показать сделки бронирования")
    slash = Localized(en="links booking {booking_id}", ru="связи бронь {booking_id}")
    intents = (Intent(Act.SHOW, "booking", "deal"),)
    fails = BOOKING_CODES
    answer_key = "externalData"

    booking_id: BookingId


class SetBookingLinks(SetListMethod):
    """Link CRM deals to a booking. Keeps the deals already linked, unless mode is replace. Deals must exist."""

    rest = "booking.v1.booking.externalData.set"
    page = "booking/booking/external-data/booking-v1-booking-externaldata-set.html"
    scope = "booking"
    effect = Effect.WRITE
    toolset = Toolset.LINKS
    title = Localized(en="Link deals to a booking", ru="Привязать сделки к бронированию")
    slash = Localized(en="link booking {booking_id} deal {links}", ru="связать бронь {booking_id} сделка {links}")
    intents = (Intent(Act.JOIN, "booking", "deal"), Intent(Act.REPLACE, "booking", "deal"))
    fails = {**BOOKING_CODES, "1019": BOOKING_NOT_UPDATED}
    list_field = "links"

    booking_id: BookingId
    links: LinksToSet
    mode: SetMode = Mode.ADD


class UnsetBookingLinks(UnsetListMethod):
    """Unlink CRM deals from a booking: those named in links, or every deal with all: true."""

    rest = "booking.v1.booking.externalData.unset"
    page = "booking/booking/external-data/booking-v1-booking-externaldata-unset.html"
    scope = "booking"
    effect = Effect.DESTRUCTIVE
    toolset = Toolset.LINKS
    title = Localized(en="Unlink deals from a booking", ru="Отвязать сделки от бронирования")
    slash = Localized(en="unlink booking {booking_id} deal {links}", ru="отвязать бронь {booking_id} сделка {links}")
    intents = (Intent(Act.PART, "booking", "deal"),)
    fails = {**BOOKING_CODES, "1019": BOOKING_NOT_UPDATED}
    list_field = "links"

    booking_id: BookingId
    links: Deals | None = None
