"""Bookings by their day, time, client and resource, in any combination."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from linkdesk.lookup import crm_items as items
from linkdesk.lookup.descriptions import BookingDescription, ItemDescription
from linkdesk.lookup.queries import Candidate, LookupReader, candidate_label, run_together
from linkdesk.lookup.scoring import (
    CLOSE_SCORE,
    CONTAINED,
    MAX_NEAR_MATCHES,
    NO_MATCH,
    WHOLE,
    Match,
    RankedCandidates,
    best_match,
    combine,
    rank_candidates,
    score_person,
    scorer_for,
)
from linkdesk.model.record_label import RecordLabel
from linkdesk.model.views import BookingsView, BookingView
from linkdesk.text.intervals import format_interval
from tool_specs.declaration.crm_ref import CrmRef
from tool_specs.declaration.listing import PAGE_SIZE
from tool_specs.methods.booking import ListBookings

SEARCH_WINDOW: Final = timedelta(days=14)
"""How far before and after today the bookings of a client are looked for, where no day is said."""
MAX_PAGES: Final = 4
MAX_CLIENTS: Final = 5
"""Clients of one name whose bookings are looked for."""

EXACTLY: Final = Match(WHOLE, exact=True)
_WITHIN: Final = Match(CLOSE_SCORE + 10)
"""A booking that goes on at the time that was said, and began before it."""
_SOON: Final = Match(CLOSE_SCORE + 5)
"""A booking of another day than today, where no day was said."""


async def find_bookings(reader: LookupReader, said: BookingDescription) -> RankedCandidates[Candidate]:
    """Find the described booking; if there is none, the nearest ones of that day.

    Raises:
        Trouble: it cannot be looked up.
    """
    today = reader.desk.today
    if said.client is not None and said.day is None:
        return await _of_client(reader, said, said.client)
    day = said.day or today
    # Names are compared with those that the list shows; a phone or an email address is not shown, and is looked up.
    named = said.client is None or (isinstance(said.client, ItemDescription) and said.client.key == "name")
    known = None if named or said.client is None else await _clients(reader, said.client)
    rows = await _listed(reader, day, day)
    found = _sifted(reader, said, rows, known)
    if said.day is None and not found.best_group:
        later = await _listed(reader, today, today + SEARCH_WINDOW)
        found = _sifted(reader, said, later, known, beside=_SOON)
    return found if found.best_group else RankedCandidates(near=_nearest(reader, said, rows))


async def _of_client(
    reader: LookupReader, said: BookingDescription, client: CrmRef | ItemDescription
) -> RankedCandidates[Candidate]:
    """Find bookings of a client around today, the next ones first."""
    known = dict(list((await _clients(reader, client)).items())[:MAX_CLIENTS])
    first, last = reader.desk.today - SEARCH_WINDOW, reader.desk.today + SEARCH_WINDOW
    lists = await run_together([_listed(reader, first, last, client=ref) for ref in known])
    now = datetime.combine(reader.desk.today, time(), ZoneInfo(reader.desk.zone))

    def distance(row: BookingView) -> tuple[bool, timedelta]:
        start = datetime.fromisoformat(row.date_from)
        return start < now, abs(start - now)

    rows = {row.id: row for rows in lists for row in rows}.values()
    # By name, each booking fits as well as its client's name does; by anything else, it is the client's or is not.
    by_name = isinstance(client, ItemDescription) and client.key == "name"
    return _sifted(reader, said, sorted(rows, key=distance), None if by_name else known)


async def _clients(reader: LookupReader, client: CrmRef | ItemDescription) -> dict[CrmRef, Match]:
    """Return the possible clients with their match scores."""
    if isinstance(client, CrmRef):
        return dict.fromkeys([client], EXACTLY)
    found = await items.find_items(reader, client, ("contact", "company"))
    match = EXACTLY if found.exact else _WITHIN
    return {choice.value: match for choice in found.best_group if isinstance(choice.value, CrmRef)}


async def _listed(reader: LookupReader, first: date, last: date, *, client: CrmRef | None = None) -> list[BookingView]:
    """List bookings of these days with their clients."""
    rows: list[BookingView] = []
    cursor = None
    for _ in range(MAX_PAGES):
        method = ListBookings(
            date_from=first, date_to=last, client=client, with_clients=True, limit=PAGE_SIZE, cursor=cursor
        )
        shown = await reader.read(method.in_zone(reader.desk.zone), BookingsView)
        rows += shown.bookings
        cursor = shown.cursor
        if cursor is None:
            break
    return rows


def _sifted(
    reader: LookupReader,
    said: BookingDescription,
    rows: Sequence[BookingView],
    known: dict[CrmRef, Match] | None,
    *,
    beside: Match = EXACTLY,
) -> RankedCandidates[Candidate]:
    zone = ZoneInfo(reader.desk.zone)
    rated = [(combine(beside, _fits(said, row, known, zone)), row) for row in rows if row.id is not None]
    found = rank_candidates([(match, _choice(row, reader.desk.zone)) for match, row in rated])
    return RankedCandidates(found.exact, found.close)


def _fits(said: BookingDescription, row: BookingView, known: dict[CrmRef, Match] | None, zone: ZoneInfo) -> Match:
    """Score how well a booking matches its description."""
    match = EXACTLY
    if said.day is not None and datetime.fromisoformat(row.date_from).astimezone(zone).date() != said.day:
        match = NO_MATCH  # it goes on over midnight from the day before
    if said.starts is not None:
        match = combine(match, _at_time(said.starts, row, zone))
    if said.client is not None:
        match = combine(match, _of_whom(said.client, row, known))
    if said.resource:
        match = combine(match, _at_resource(said.resource, row))
    return match


def _at_time(starts: tuple[time, time], row: BookingView, zone: ZoneInfo) -> Match:
    start = datetime.fromisoformat(row.date_from).astimezone(zone)
    end = datetime.fromisoformat(row.date_to).astimezone(zone)
    first, last = (datetime.combine(start.date(), clock, zone) for clock in starts)
    if first <= start <= last:
        return EXACTLY
    return _WITHIN if start < first < end else NO_MATCH


def _of_whom(client: CrmRef | ItemDescription, row: BookingView, known: dict[CrmRef, Match] | None) -> Match:
    clients = row.clients or []
    if known is not None:
        return best_match(known.get(CrmRef(type=one.type, id=one.id), NO_MATCH) for one in clients)
    text = client.text if isinstance(client, ItemDescription) else ""
    called = best_match(scorer_for(one.type)(text, one.name or "") for one in clients)
    if clients or not row.name:
        return called
    # A booking without a client may have the name in its title.
    return Match(min(CONTAINED, score_person(text, row.name).score))


def _at_resource(text: str, row: BookingView) -> Match:
    numbers = {int(part) for part in text.replace(",", " ").split() if part.isdecimal()}
    if numbers and all(part.isdecimal() for part in text.replace(",", " ").split()):
        return EXACTLY if numbers <= {resource.id for resource in row.resources} else NO_MATCH
    return best_match(score_person(text, resource.name or "") for resource in row.resources)


def _nearest(reader: LookupReader, said: BookingDescription, rows: Sequence[BookingView]) -> tuple[Candidate, ...]:
    """Return the day's bookings, nearest in time first."""
    zone = ZoneInfo(reader.desk.zone)

    def distance(row: BookingView) -> tuple[float, float]:
        start = datetime.fromisoformat(row.date_from).astimezone(zone)
        wanted = start if said.starts is None else datetime.combine(start.date(), said.starts[0], zone)
        return abs((start - wanted).total_seconds()), start.timestamp()

    near = sorted((row for row in rows if row.id is not None), key=distance)
    return tuple(_choice(row, reader.desk.zone) for row in near[:MAX_NEAR_MATCHES])


def _choice(row: BookingView, zone: str) -> Candidate:
    name = ", ".join(one.name for one in row.clients or () if one.name) or row.name or ""
    start, end = (_local(text, row.timezone) for text in (row.date_from, row.date_to))
    known = RecordLabel(type="booking", id=row.id or 0, name=name, when=format_interval(start, end, zone))
    return Candidate(candidate_label(known), row.id)


def _local(text: str, zone: str) -> datetime:
    moment = datetime.fromisoformat(text)
    try:
        return moment.astimezone(ZoneInfo(zone))
    except (ZoneInfoNotFoundError, ValueError):
        return moment
