"""Completion of the arguments of resource templates and prompts: ids by number or name, codes, tools, days.

Ids come from this week's bookings, the waitlist and their deals. Hosts ask at every keystroke, so what was read is
cached for some seconds, for each person separately.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

import structlog
from mcp.types import Completion, PromptReference, ResourceTemplateReference

from linkdesk.errors.base import Trouble
from linkdesk.model.outcome import Outcome, ReadResult
from linkdesk.model.views import BookingsView, CrmItemsView, NamedRef, WaitlistEntriesView
from server.resources.resources import ERROR_TEMPLATE, METHOD_TEMPLATE, Resources
from server.tools.arguments import RequestRunner
from tool_specs import TOOLS
from tool_specs.declaration.localized import LANGUAGES
from tool_specs.declaration.method import Method
from tool_specs.methods.booking import ListBookings
from tool_specs.methods.crm_item import FindCrmItems
from tool_specs.methods.waitlist import ListWaitlistEntries

MAX_VALUES: Final = 100
"""The protocol's limit of values in one answer."""
MAX_TYPED_LENGTH: Final = 100
CACHE_S: Final = 15
MAX_CACHED: Final = 100
DAYS_BACK: Final = 1
DAYS_AHEAD: Final = 7
MAX_FOUND: Final = 20
MIN_SEARCH_LENGTH: Final = 2
"""The shortest text that the CRM is searched for."""

log = structlog.stdlib.get_logger()


@dataclass(frozen=True, slots=True)
class Candidate:
    """A value to propose, and the words that it is also found by."""

    value: str
    words: str = ""


class Completions:
    """The completions of one server."""

    def __init__(
        self,
        do: RequestRunner,
        who: Callable[[], str],
        resources: Resources,
        *,
        today: Callable[[], date],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Store the collaborators; ids are completed only if a tool that lists them is offered.

        `who` returns the current caller, `today` the business's date; `clock` counts seconds.
        """
        self._do = do
        self._who = who
        self._resources = resources
        self._today = today
        self._clock = clock
        self._cache: dict[tuple[str, type[Method[Any]]], tuple[float, Outcome]] = {}
        ways: dict[str, tuple[str | None, Callable[[str], Awaitable[Iterable[Candidate]]]]] = {
            "booking_id": (ListBookings.name(), self._bookings),
            "waitlist_id": (ListWaitlistEntries.name(), self._entries),
            "deal_id": (FindCrmItems.name(), self._deals),
            "deal": (FindCrmItems.name(), self._deals),
            "date": (None, self._days),
            "language": (None, _languages),
        }
        self._ways: Final = {name: way for name, (tool, way) in ways.items() if tool is None or tool in resources.tools}

    async def complete(self, ref: PromptReference | ResourceTemplateReference, argument: str, typed: str) -> Completion:
        """Return the values that start with the typed text, then those whose words contain it; none on errors."""
        typed = typed.strip()[:MAX_TYPED_LENGTH]
        try:
            choices = await self._choices(ref, argument, typed)
        except Trouble as trouble:
            # Errors are not reported while a person types; the call itself will report them.
            log.debug("completion.failed", argument=argument, code=trouble.failure.code)
            choices = ()
        found = list(dict.fromkeys(choice.value for choice in _matching(choices, typed)))
        return Completion(values=found[:MAX_VALUES], total=len(found), has_more=len(found) > MAX_VALUES)

    async def _choices(
        self, ref: PromptReference | ResourceTemplateReference, argument: str, typed: str
    ) -> Iterable[Candidate]:
        if isinstance(ref, ResourceTemplateReference):
            if (ref.uri, argument) == (ERROR_TEMPLATE, "code"):
                return _codes()
            if (ref.uri, argument) == (METHOD_TEMPLATE, "tool"):
                return _tools()
            if ref.uri not in {address.template for address in self._resources.addresses}:
                return ()
        way = self._ways.get(argument)
        return () if way is None else await way(typed)

    async def _bookings(self, _typed: str) -> Iterable[Candidate]:
        return _bookings_in(await self._read(self._week()))

    async def _entries(self, _typed: str) -> Iterable[Candidate]:
        return _entries_in(await self._read(ListWaitlistEntries(with_clients=True, limit=50)))

    async def _deals(self, typed: str) -> Iterable[Candidate]:
        if typed.isdecimal() or len(typed) < MIN_SEARCH_LENGTH:
            return _deals_in(await self._read(self._week()))
        # The CRM has already matched the text, so every item found is a candidate.
        return [
            Candidate(choice.value, typed)
            for choice in _items_in(await self._do(FindCrmItems(text=typed, limit=MAX_FOUND)))
        ]

    async def _days(self, _typed: str) -> Iterable[Candidate]:
        return [Candidate((self._today() + timedelta(days=days)).isoformat()) for days in range(DAYS_AHEAD + 1)]

    def _week(self) -> ListBookings:
        today = self._today()
        first, last = today - timedelta(days=DAYS_BACK), today + timedelta(days=DAYS_AHEAD)
        return ListBookings(date_from=first, date_to=last, with_clients=True, with_links=True, limit=50)

    async def _read(self, request: Method[Any]) -> Outcome:
        key, now = (self._who(), type(request)), self._clock()
        kept = self._cache.get(key)
        if kept is None or now - kept[0] > CACHE_S:
            kept = (now, await self._do(request))
            self._cache.pop(key, None)
            self._cache[key] = kept
            while len(self._cache) > MAX_CACHED:
                del self._cache[next(iter(self._cache))]
        return kept[1]


def _matching(choices: Iterable[Candidate], typed: str) -> Iterator[Candidate]:
    """Yield the candidates that start with the typed text, then those whose words contain it."""
    wanted, others = typed.casefold(), list[Candidate]()
    for choice in choices:
        if choice.value.casefold().startswith(wanted):
            yield choice
        elif wanted in choice.words.casefold():
            others.append(choice)
    yield from others


def _bookings_in(outcome: Outcome) -> Iterator[Candidate]:
    if isinstance(outcome, ReadResult) and isinstance(outcome.shown, BookingsView):
        for booking in outcome.shown.bookings:
            yield Candidate(str(booking.id), " ".join([booking.name or "", *_names(booking.clients)]))


def _deals_in(outcome: Outcome) -> Iterator[Candidate]:
    if isinstance(outcome, ReadResult) and isinstance(outcome.shown, BookingsView):
        for booking in outcome.shown.bookings:
            yield from (Candidate(str(deal.id), deal.name or "") for deal in booking.links or ())


def _entries_in(outcome: Outcome) -> Iterator[Candidate]:
    if isinstance(outcome, ReadResult) and isinstance(outcome.shown, WaitlistEntriesView):
        for entry in outcome.shown.waitlist_entries:
            yield Candidate(str(entry.id), " ".join([entry.note or "", *_names(entry.clients)]))


def _items_in(outcome: Outcome) -> Iterator[Candidate]:
    if isinstance(outcome, ReadResult) and isinstance(outcome.shown, CrmItemsView):
        yield from (Candidate(str(item.id), item.name or "") for item in outcome.shown.items)


def _names(refs: Iterable[NamedRef] | None) -> Iterator[str]:
    return (ref.name for ref in refs or () if ref.name)


def _codes() -> Iterator[Candidate]:
    from linkdesk.errors.lookup import all_entries

    for entry in all_entries():
        for code in (entry.failure.code, *entry.vendor_codes):
            if code:
                yield Candidate(code, code)


def _tools() -> Iterator[Candidate]:
    return (Candidate(method.name(), f"{method.name()} {method.rest}") for method in TOOLS)


async def _languages(_typed: str) -> Iterable[Candidate]:
    return [Candidate(language) for language in LANGUAGES]
