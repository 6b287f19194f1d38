"""Which news a chat is told, and in how many messages. Pure.

A few are told one by one. Many at once, what waited for the end of quiet hours, and what is older than a day become one
digest, with one line for each booking.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from linkdesk.events.model import BookingNews, NewsKind, SeenBooking
from linkdesk.events.subscriptions import NewsChat

MOST_ONE_BY_ONE: Final = 5
"""More news than these become a digest."""
OLD: Final = timedelta(hours=24)
"""What was noticed before that is told in a digest only."""


@dataclass(frozen=True, slots=True)
class Tidings:
    """What happened to one booking, by one event or by several: what it was before the first, and after the last."""

    number: int
    """That of the last event."""
    kind: NewsKind
    before: SeenBooking | None
    after: SeenBooking | None
    came_and_went: bool = False
    """Whether it was made and deleted since."""

    @property
    def seen(self) -> SeenBooking:
        """The booking as it is, or as it was before it was deleted."""
        seen = self.after or self.before
        if seen is None:
            raise ValueError
        return seen


@dataclass(frozen=True, slots=True)
class Message:
    """What is said at once, and up to which number the chat is told then; nothing to say only moves that number."""

    up_to: int
    tidings: tuple[Tidings, ...] = ()
    digest: bool = False


def tidings_of(news: BookingNews) -> Tidings:
    """Take one event for all there is to tell of a booking."""
    return Tidings(news.number, news.kind, news.before, news.after)


def messages(
    chat: NewsChat, news: Sequence[BookingNews], *, now: datetime, zone: str, own: frozenset[int] = frozenset()
) -> list[Message]:
    """Sort what a chat was not told yet into messages, oldest first; none within its quiet hours.

    Args:
        chat: who is told.
        news: all that is newer than the number told last, oldest first.
        now: the time, with its zone.
        zone: IANA name of the business's zone, by which quiet hours go.
        own: the numbers of what was done in this chat itself, which knows it already.
    """
    if not news or _is_quiet(chat, now, zone):
        return []
    last = news[-1].number
    told = [one for one in news if one.number not in own]
    old = any(one.noticed < now - OLD for one in told)
    waited = any(_is_quiet(chat, one.noticed, zone) for one in told)
    single = [one for one in map(tidings_of, told) if fits(chat, one)]
    if not (old or waited or len(single) > MOST_ONE_BY_ONE):
        return _one_by_one(single, last)
    return [_all_at_once(chat, told, now, last, digest=old)]


def _is_quiet(chat: NewsChat, moment: datetime, zone: str) -> bool:
    return chat.quiet is not None and chat.quiet.holds(moment, zone)


def _all_at_once(chat: NewsChat, told: Sequence[BookingNews], now: datetime, last: int, *, digest: bool) -> Message:
    """Make one message with a line for each booking that is not over; a digest where it has several."""
    whole = tuple(one for one in merged(told) if fits(chat, one) and one.seen.date_to > now)
    return Message(last, whole, digest=digest or len(whole) > 1)


def _one_by_one(single: Sequence[Tidings], last: int) -> list[Message]:
    """Make a message of each; the last one moves the chat on to the newest number."""
    found = [Message(one.number, (one,)) for one in single]
    return [*found[:-1], replace(found[-1], up_to=last)] if found else [Message(last)]


def fits(chat: NewsChat, one: Tidings) -> bool:
    """Tell whether a chat wants to hear of it."""
    kinds = {NewsKind.CREATED, NewsKind.DELETED} if one.came_and_went else {one.kind}
    if not kinds & chat.kinds:
        return False
    states = [state for state in (one.before, one.after) if state is not None]
    resources = chat.resources
    if resources is not None and all(resources.isdisjoint(state.resource_ids) for state in states):
        return False
    return not (chat.without_deal and one.seen.deals)


def merged(news: Sequence[BookingNews]) -> list[Tidings]:
    """Make one of all the events of each booking, in the order of the first; what came to nothing is left out."""
    found: dict[int, Tidings] = {}
    for event in news:
        one = tidings_of(event)
        known = found.get(event.booking_id)
        found[event.booking_id] = one if known is None else _after(known, one)
    return [one for one in found.values() if one.kind is not NewsKind.CHANGED or one.before != one.after]


def _after(first: Tidings, then: Tidings) -> Tidings:
    if then.kind is NewsKind.DELETED:
        went = first.kind is NewsKind.CREATED
        before = then.before or first.after or first.before
        return Tidings(then.number, NewsKind.DELETED, before, None, came_and_went=went)
    kind = NewsKind.CREATED if first.kind is NewsKind.CREATED else NewsKind.CHANGED
    return Tidings(then.number, kind, first.before, then.after)
