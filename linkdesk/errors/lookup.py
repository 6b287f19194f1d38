"""Look up catalogue entries by code, with the methods they come from. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import chain
from typing import Final

from rapidfuzz import fuzz, process

from linkdesk.errors.codes import linkdesk as own_errors
from linkdesk.errors.codes.booking import BOOKING, ENTRIES_BY_SENTENCE, WITH_ANY_METHOD
from linkdesk.errors.codes.oauth import CODE_REFUSED, GRANT_OVER, SIGN_IN, SIGN_IN_ENDED, TOKEN_ENDPOINT
from linkdesk.errors.codes.rest import SYSTEM
from tool_specs import METHODS
from tool_specs.declaration.failure import Failure
from tool_specs.declaration.localized import Localized

CAN_HAVE_CHANGED: Final = frozenset(
    {
        *("portal_failed", "no_answer", "outcome_unknown", "unreadable_answer"),
        *("not_saved", "client_came_back", "internal_error"),
    }
)
"""Our codes with which a write may have taken effect, wholly or in part; with any other nothing was changed."""
MIN_SIMILARITY: Final = 60
"""Percent of likeness from which a code is taken for a misspelt one."""
MAX_CODE_LENGTH: Final = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogueEntry:
    """One meaning: the vendor's codes that have it (none for what is ours), and where they can come from."""

    failure: Failure
    vendor_codes: tuple[str, ...] = ()
    origin: Localized
    """Where it comes from, in words, if not from named methods."""
    methods: tuple[str, ...] = ()
    """The tools, or the vendor's names of methods that are no tools."""

    @property
    def can_have_changed(self) -> bool:
        """Whether a write may have taken effect all the same."""
        return self.failure.code in CAN_HAVE_CHANGED

    def with_placeholders(self, text: Localized) -> Localized:
        """Fill a text's placeholders with stand-ins."""
        facts = {name: _STAND_INS.get(name, ANYTHING) for name in text.placeholders()}
        return text.format_map({**facts, "vendor_code": self.vendor_codes[0] if self.vendor_codes else ANYTHING})


ANYTHING: Final = "…"
_ITEM: Final = Localized(en="deal N", ru="сделка N")
_STAND_INS: Final[Mapping[str, Localized | str]] = {
    **dict.fromkeys(("booking_id", "waitlist_id", "activity_id", "resource_id", "type_id"), "N"),
    **dict.fromkeys(("item", "items", "target", "source"), _ITEM),
}

ANY_METHOD: Final = Localized(en="any method", ru="любой метод")
ANY_OF_BOOKING: Final = Localized(en="any booking method", ru="любой метод онлайн-записи")
OURSELVES: Final = Localized(en="Linkdesk itself", ru="сам Linkdesk")
SIGNING_IN: Final = Localized(en="signing in", ru="вход в систему")
SOME_METHODS: Final = Localized(en="these methods", ru="эти методы")


def system_entries() -> Iterator[CatalogueEntry]:
    """Yield the errors that any method can return, one entry per meaning."""
    yield from _grouped(SYSTEM.items(), ANY_METHOD)
    yield from _grouped(_flattened(WITH_ANY_METHOD), ANY_METHOD)


def booking_entries() -> Iterator[CatalogueEntry]:
    """Yield the errors that any booking method can return."""
    yield from _grouped(chain(BOOKING.items(), _flattened(ENTRIES_BY_SENTENCE)), ANY_OF_BOOKING)


def method_entries() -> Iterator[CatalogueEntry]:
    """Yield the errors of single methods, one entry for all methods in which a code means the same."""
    found: dict[tuple[str, Failure], list[str]] = {}
    for method in METHODS:
        for code, failure in method.fails.items():
            name = method.name() if method.toolset is not None else method.rest
            found.setdefault((code, failure), []).append(name)
    for (code, failure), methods in found.items():
        yield CatalogueEntry(failure=failure, vendor_codes=(code,), origin=SOME_METHODS, methods=tuple(methods))


def sign_in_entries() -> Iterator[CatalogueEntry]:
    """Yield the errors of signing in and renewing tokens."""
    over = {CODE_REFUSED: GRANT_OVER, SIGN_IN_ENDED: GRANT_OVER}
    yield from (CatalogueEntry(failure=one, vendor_codes=over.get(one, ()), origin=SIGNING_IN) for one in SIGN_IN)
    yield from _grouped(TOKEN_ENDPOINT.items(), SIGNING_IN)


def own_entries() -> Iterator[CatalogueEntry]:
    """Yield Linkdesk's own errors, which have no vendor code."""
    yield from (
        CatalogueEntry(failure=failure, origin=OURSELVES) for failure in own_errors.OWN if failure not in SIGN_IN
    )


@cache
def all_entries() -> tuple[CatalogueEntry, ...]:
    """Return every entry of the catalogue."""
    return (*method_entries(), *booking_entries(), *system_entries(), *own_entries(), *sign_in_entries())


def find_entries(code: str) -> tuple[CatalogueEntry, ...]:
    """Return every entry for a code, ours or the vendor's, ignoring case."""
    wanted = _folded(code)
    return tuple(entry for entry in all_entries() if wanted in _codes_of(entry))


def nearest_code(code: str) -> str | None:
    """Return the known code most similar to an unknown one, or None."""
    known = {
        _folded(name): name for entry in all_entries() for name in (entry.failure.code, *entry.vendor_codes) if name
    }
    found = process.extractOne(
        _folded(code)[:MAX_CODE_LENGTH], known.keys(), scorer=fuzz.ratio, score_cutoff=MIN_SIMILARITY
    )
    return None if found is None else known[found[0]]


def _codes_of(entry: CatalogueEntry) -> set[str]:
    return {_folded(name) for name in (entry.failure.code, *entry.vendor_codes)}


EMPTY_CODE: Final = '""'
"""How the empty code, which the vendor has, is asked for."""


def _folded(code: str) -> str:
    return "" if code == EMPTY_CODE else code.strip().upper()


def _flattened(sentences: Mapping[str, Mapping[str, Failure]]) -> Iterator[tuple[str, Failure]]:
    return ((code, failure) for code, told in sentences.items() for failure in told.values())


def _grouped(codes: Iterable[tuple[str, Failure]], origin: Localized) -> Iterator[CatalogueEntry]:
    found: dict[Failure, list[str]] = {}
    for code, failure in codes:
        found.setdefault(failure, []).append(code)
    for failure, names in found.items():
        yield CatalogueEntry(failure=failure, vendor_codes=tuple(dict.fromkeys(names)), origin=origin)
