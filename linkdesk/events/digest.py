"""Choose the events that a chat is notified of, and group them into messages. Pure.

A few are told one by one. Many at once, what waited for the end of quiet hours, and what is older than a day become one
digest, with one line for each booking.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from linkdesk.events.model import BookingEvent, BookingState, EventKind
from linkdesk.events.subscriptions import Subscription

MAX_SEPARATE_MESSAGES: Final = 5
"""More events than these become a digest."""
DIGEST_AGE: Final = timedelta(hours=24)
"""What was noticed before that is told in a digest only."""


@dataclass(frozen=True, slots=True)
class MergedEvent:
    """One or several events of a booking, merged: its state before the first and after the last."""

    number: int
    """That of the last event."""
    kind: EventKind
    before: BookingState | None
    after: BookingState | None
    created_and_deleted: bool = False
    """Whether it was made and deleted since."""

    @property
    def state(self) -> BookingState:
        """The booking as it is, or as it was before it was deleted."""
        seen = self.after or self.before
        if seen is None:
            raise ValueError
        return seen


@dataclass(frozen=True, slots=True)
class NotificationMessage:
    """The events of one message, and the event number up to which it covers; an empty one only advances that number."""

    up_to: int
    events: tuple[MergedEvent, ...] = ()
    digest: bool = False


def as_merged(event: BookingEvent) -> MergedEvent:
    """Wrap a single event."""
    return MergedEvent(event.number, event.kind, event.before, event.after)


def split_into_messages(
    chat: Subscription, events: Sequence[BookingEvent], *, now: datetime, zone: str, own: frozenset[int] = frozenset()
) -> list[NotificationMessage]:
    """Group a chat's pending events into messages, oldest first; return none within its quiet hours.

    Args:
        chat: the subscription.
        events: the events after the last one sent, oldest first.
        now: the time, with its zone.
        zone: IANA name of the business's zone, by which quiet hours go.
        own: the numbers of events caused by this chat itself.
    """
    if not events or _is_quiet(chat, now, zone):
        return []
    last = events[-1].number
    told = [one for one in events if one.number not in own]
    old = any(one.noticed < now - DIGEST_AGE for one in told)
    waited = any(_is_quiet(chat, one.noticed, zone) for one in told)
    single = [one for one in map(as_merged, told) if is_wanted(chat, one)]
    if not (old or waited or len(single) > MAX_SEPARATE_MESSAGES):
        return _one_by_one(single, last)
    return [_all_at_once(chat, told, now, last, digest=old)]


def _is_quiet(chat: Subscription, moment: datetime, zone: str) -> bool:
    return chat.quiet is not None and chat.quiet.contains(moment, zone)


def _all_at_once(
    chat: Subscription, told: Sequence[BookingEvent], now: datetime, last: int, *, digest: bool
) -> NotificationMessage:
    """Build one message with a line per booking that is not over; a digest if there are several."""
    whole = tuple(one for one in merge_events(told) if is_wanted(chat, one) and one.state.date_to > now)
    return NotificationMessage(last, whole, digest=digest or len(whole) > 1)


def _one_by_one(single: Sequence[MergedEvent], last: int) -> list[NotificationMessage]:
    """Build one message per event; the last one advances the chat to the newest number."""
    found = [NotificationMessage(one.number, (one,)) for one in single]
    return [*found[:-1], replace(found[-1], up_to=last)] if found else [NotificationMessage(last)]


def is_wanted(chat: Subscription, one: MergedEvent) -> bool:
    """Return whether a chat is subscribed to this event."""
    kinds = {EventKind.CREATED, EventKind.DELETED} if one.created_and_deleted else {one.kind}
    if not kinds & chat.kinds:
        return False
    states = [state for state in (one.before, one.after) if state is not None]
    resources = chat.resources
    if resources is not None and all(resources.isdisjoint(state.resource_ids) for state in states):
        return False
    return not (chat.without_deal and one.state.deals)


def merge_events(events: Sequence[BookingEvent]) -> list[MergedEvent]:
    """Merge the events of each booking, in the order of the first; drop those that cancel out."""
    found: dict[int, MergedEvent] = {}
    for event in events:
        one = as_merged(event)
        known = found.get(event.booking_id)
        found[event.booking_id] = one if known is None else _after(known, one)
    return [one for one in found.values() if one.kind is not EventKind.CHANGED or one.before != one.after]


def _after(first: MergedEvent, then: MergedEvent) -> MergedEvent:
    if then.kind is EventKind.DELETED:
        went = first.kind is EventKind.CREATED
        before = then.before or first.after or first.before
        return MergedEvent(then.number, EventKind.DELETED, before, None, created_and_deleted=went)
    kind = EventKind.CREATED if first.kind is EventKind.CREATED else EventKind.CHANGED
    return MergedEvent(then.number, kind, first.before, then.after)
