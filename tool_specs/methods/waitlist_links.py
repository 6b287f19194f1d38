"""Links of a waitlist entry to CRM deals: `booking.v1.waitlist.externalData.*`.

On the portal `set` replaces the whole list, internal links included, and accepts deals that do not exist; `unset`
clears everything. The desk adds and removes single deals and keeps items that are not deals.
"""

from __future__ import annotations

from tool_specs.declaration.arguments import (
    Deals,
    LinksToSet,
    Mode,
    SetListMethod,
    SetMode,
    UnsetListMethod,
    WaitlistId,
)
from tool_specs.declaration.intents import Act, Intent
from tool_specs.declaration.list_items import ExternalItem
from tool_specs.declaration.localized import Localized
from tool_specs.declaration.method import Effect, Method, Toolset
from tool_specs.failures.booking import WAITLIST_CODES, WAITLIST_ENTRY_NOT_UPDATED


class ListWaitlistLinks(Method[list[ExternalItem]]):
    """List the CRM deals linked to a waitlist entry."""

    rest = "booking.v1.waitlist.externalData.list"
    page = "booking/waitlist/external-data/booking-v1-waitlist-externaldata-list.html"
    scope = "booking"
    effect = Effect.READ
    toolset = Toolset.LINKS
    title = Localized(en="List a waitlist entry's deals", ru="Показать сделки записи листа ожидания")
    slash = Localized(en="links waitlist {waitlist_id}", ru="связи ожидание {waitlist_id}")
    intents = (Intent(Act.SHOW, "waitlist", "deal"),)
    fails = WAITLIST_CODES
    answer_key = "externalData"

    waitlist_id: WaitlistId


class SetWaitlistLinks(SetListMethod):
    """Link CRM deals to a waitlist entry. Keeps the deals already linked, unless mode is replace. Deals must exist."""

    rest = "booking.v1.waitlist.externalData.set"
    page = "booking/waitlist/external-data/booking-v1-waitlist-externaldata-set.html"
    scope = "booking"
    effect = Effect.WRITE
    toolset = Toolset.LINKS
    title = Localized(en="Link deals to a waitlist entry", ru="Привязать сделки к записи листа ожидания")
    slash = Localized(en="link waitlist {waitlist_id} deal {links}", ru="связать ожидание {waitlist_id} сделка {links}")
    intents = (Intent(Act.JOIN, "waitlist", "deal"), Intent(Act.REPLACE, "waitlist", "deal"))
    fails = {**WAITLIST_CODES, "1035": WAITLIST_ENTRY_NOT_UPDATED}
    list_field = "links"

    waitlist_id: WaitlistId
    links: LinksToSet
    mode: SetMode = Mode.ADD


class UnsetWaitlistLinks(UnsetListMethod):
    """Unlink CRM deals from a waitlist entry: those named in links, or every deal with all: true."""

    rest = "booking.v1.waitlist.externalData.unset"
    page = "booking/waitlist/external-data/booking-v1-waitlist-externaldata-unset.html"
    scope = "booking"
    effect = Effect.DESTRUCTIVE
    toolset = Toolset.LINKS
    title = Localized(en="Unlink deals from a waitlist entry", ru="Отвязать сделки от записи листа ожидания")
    slash = Localized(
        en="unlink waitlist {waitlist_id} deal {links}", ru="отвязать ожидание {waitlist_id} сделка {links}"
    )
    intents = (Intent(Act.PART, "waitlist", "deal"),)
    fails = {**WAITLIST_CODES, "1035": WAITLIST_ENTRY_NOT_UPDATED}
    list_field = "links"

    waitlist_id: WaitlistId
    links: Deals | None = None
