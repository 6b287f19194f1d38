"""Compare the last snapshot of the bookings with the current ones. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from linkdesk.events.model import BookingState, EventKind

NO_BOOKINGS: Final[Mapping[int, BookingState]] = {}


@dataclass(frozen=True, slots=True)
class PollResult:
    """The bookings that one poll returned."""

    present: Mapping[int, BookingState]
    """Bookings that are there, each whole."""
    gone: Collection[int] = frozenset()
    """Bookings that the portal was asked for by number, and says it does not have."""
    unknown: Collection[int] = frozenset()
    """Bookings of which could not be learned what they are now: of these nothing is told, and nothing is forgotten."""


@dataclass(frozen=True, slots=True)
class BookingChange:
    """One change of a booking."""

    kind: EventKind
    before: BookingState | None
    after: BookingState | None

    @property
    def booking_id(self) -> int:
        """Number of the booking."""
        seen = self.after or self.before
        if seen is None:
            raise ValueError
        return seen.booking_id


@dataclass(frozen=True, slots=True)
class SnapshotDiff:
    """The difference to the last snapshot: the changes to report, and the snapshot's updates."""

    changes: tuple[BookingChange, ...] = ()
    updated: Mapping[int, BookingState] = field(default_factory=dict[int, BookingState])
    """Bookings to be remembered as they are now: the new ones, and those that changed."""
    removed: frozenset[int] = frozenset()
    """Bookings to be remembered no longer."""


def compare(seen: Mapping[int, BookingState], found: PollResult, highest: int, now: datetime) -> SnapshotDiff:
    """Return the changes since the snapshot, and how to update it.

    Args:
        seen: the bookings as they were seen last, by number.
        found: what is there now.
        highest: the highest number that was known: bookings with a higher one are new. What has a lower one and was
            not seen was over, and is not any more: it changed, and what it was before is not known.
        now: the time; a booking that is over is nothing to be told of, and is forgotten.
    """
    happened = tuple(_changes(seen, found, highest, now))
    there = {number: booking for number, booking in found.present.items() if booking.date_to > now}
    known = set(seen) | set(found.present)
    over = {number for number in known - set(there) if number in found.present or number in found.gone}
    ended = {
        number
        for number, booking in seen.items()
        if booking.date_to <= now and number not in found.present and number not in found.unknown
    }
    return SnapshotDiff(
        happened,
        {number: booking for number, booking in there.items() if seen.get(number) != booking},
        frozenset((over | ended) & set(seen)),
    )


def _changes(
    seen: Mapping[int, BookingState], found: PollResult, highest: int, now: datetime
) -> Iterator[BookingChange]:
    for number in sorted({*found.present, *found.gone}):
        before, after = seen.get(number), found.present.get(number)
        if before is None and after is not None:
            if after.date_to > now:
                yield BookingChange(EventKind.CREATED if number > highest else EventKind.CHANGED, None, after)
        elif before is not None and after is not None:
            if visible_fields(before) != visible_fields(after):
                yield BookingChange(EventKind.CHANGED, before, after)
        elif before is not None and before.date_to > now:
            yield BookingChange(EventKind.DELETED, before, None)


def visible_fields(booking: BookingState) -> tuple[object, ...]:
    """Return the fields whose change staff would notice; the order of resources, clients and deals does not count."""
    return (
        booking.name or None,
        # As moments: two clock times of one zone compare without the hour that is there twice in autumn.
        booking.date_from.timestamp(),
        booking.date_to.timestamp(),
        frozenset(booking.resource_ids),
        frozenset(booking.clients),
        frozenset(booking.deals),
    )
