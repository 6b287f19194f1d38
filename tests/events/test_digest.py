"""Which news a chat is told, and in how many messages."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest

from linkdesk.events.digest import DIGEST_AGE, MAX_SEPARATE_MESSAGES, NotificationMessage, split_into_messages
from linkdesk.events.model import BookingEvent, BookingState, EventKind
from linkdesk.events.subscriptions import QuietHours, Subscription
from tool_specs.declaration.crm_ref import CrmRef

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
MOSCOW = "Europe/Moscow"
CHAT = Subscription(chat=1001, subscribed_by="telegram:1001", last_sent=0)
NIGHT = replace(CHAT, quiet=QuietHours(time(22), time(8)))
MORNING = datetime(2026, 11, 20, 5, 0, tzinfo=UTC)
AT_NIGHT = datetime(2026, 11, 19, 23, 0, tzinfo=UTC)


def booking(number: int = 20, *, starts: datetime = NOW + timedelta(days=1), resource: int = 1) -> BookingState:
    return BookingState(
        booking_id=number,
        name=None,
        date_from=starts,
        date_to=starts + timedelta(hours=1),
        resource_ids=(resource,),
        clients=(CrmRef(type="contact", id=1),),
        deals=(),
    )


def created(number: int, after: BookingState | None = None, noticed: datetime = NOW) -> BookingEvent:
    return BookingEvent(number, EventKind.CREATED, None, after or booking(number), noticed)


def changed(number: int, before: BookingState, after: BookingState, noticed: datetime = NOW) -> BookingEvent:
    return BookingEvent(number, EventKind.CHANGED, before, after, noticed)


def deleted(number: int, before: BookingState, noticed: datetime = NOW) -> BookingEvent:
    return BookingEvent(number, EventKind.DELETED, before, None, noticed)


def sorted_for(chat: Subscription, *news: BookingEvent, now: datetime = NOW) -> list[NotificationMessage]:
    return split_into_messages(chat, news, now=now, zone=MOSCOW)


def told(found: list[NotificationMessage]) -> list[tuple[int, ...]]:
    return [tuple(one.number for one in message.events) for message in found]


def test_a_few_are_told_one_by_one_in_order_and_the_last_moves_past_what_was_not_wanted() -> None:
    only_new = replace(CHAT, kinds=frozenset({EventKind.CREATED}))
    found = sorted_for(only_new, created(1), deleted(2, booking(9)), created(3), deleted(4, booking(8)))
    assert told(found) == [(1,), (3,)]
    assert [message.up_to for message in found] == [1, 4]
    assert not any(message.digest for message in found)
    assert sorted_for(only_new, deleted(5, booking(9))) == [NotificationMessage(5)]
    assert sorted_for(only_new) == []


def test_many_become_one_digest() -> None:
    found = sorted_for(CHAT, *(created(number) for number in range(1, MAX_SEPARATE_MESSAGES + 2)))
    assert [(len(message.events), message.up_to, message.digest) for message in found] == [
        (MAX_SEPARATE_MESSAGES + 1, MAX_SEPARATE_MESSAGES + 1, True)
    ]
    few = sorted_for(CHAT, *(created(number) for number in range(1, MAX_SEPARATE_MESSAGES + 1)))
    assert len(few) == MAX_SEPARATE_MESSAGES


def test_a_resource_is_watched_for_what_comes_to_it_and_what_leaves_it() -> None:
    chat = replace(CHAT, resources=frozenset({2}))
    here, elsewhere = booking(20, resource=2), booking(20, resource=1)
    found = sorted_for(
        chat,
        created(1, elsewhere),
        changed(2, elsewhere, here),
        changed(3, here, elsewhere),
        deleted(4, elsewhere),
        deleted(5, here),
    )
    assert told(found) == [(2,), (3,), (5,)]


def test_only_bookings_without_a_deal_are_told_where_that_is_wanted() -> None:
    chat = replace(CHAT, without_deal=True)
    bare = booking(20)
    with_deal = replace(bare, deals=(CrmRef(type="deal", id=5),))
    found = sorted_for(
        chat,
        created(1, bare),
        created(2, with_deal),
        changed(3, bare, with_deal),
        changed(4, with_deal, bare),
        deleted(5, with_deal),
        deleted(6, bare),
    )
    assert told(found) == [(1,), (4,), (6,)]


def test_within_quiet_hours_nothing_is_told_and_nothing_moves() -> None:
    assert sorted_for(NIGHT, created(1, noticed=AT_NIGHT), now=AT_NIGHT) == []


def test_in_the_morning_the_night_is_one_digest_with_one_line_a_booking() -> None:
    first, moved = booking(20), booking(20, resource=2)
    found = sorted_for(
        NIGHT,
        created(1, first, AT_NIGHT),
        changed(2, first, moved, AT_NIGHT),
        created(3, booking(21), AT_NIGHT),
        deleted(4, booking(21), AT_NIGHT),
        changed(5, booking(22), booking(22, resource=3), AT_NIGHT),
        changed(6, booking(22, resource=3), booking(22), AT_NIGHT),
        changed(7, booking(23), booking(23, resource=3), AT_NIGHT),
        deleted(8, booking(23, resource=3), AT_NIGHT),
        now=MORNING,
    )
    (digest,) = found
    assert (digest.digest, digest.up_to) == (True, 8)
    lines = [(one.state.booking_id, one.kind, one.created_and_deleted) for one in digest.events]
    assert lines == [
        (20, EventKind.CREATED, False),
        (21, EventKind.DELETED, True),
        (23, EventKind.DELETED, False),
    ]
    assert digest.events[0].after == moved
    assert digest.events[0].before is None


def test_one_event_of_the_night_is_told_as_by_day() -> None:
    assert sorted_for(NIGHT, created(1, noticed=AT_NIGHT), now=MORNING) == [
        NotificationMessage(1, sorted_for(CHAT, created(1))[0].events, digest=False)
    ]


def test_what_happened_by_day_is_told_one_by_one_although_nights_are_quiet() -> None:
    found = sorted_for(NIGHT, created(1, noticed=MORNING), created(2, noticed=MORNING), now=MORNING)
    assert told(found) == [(1,), (2,)]


def test_in_the_morning_a_booking_that_is_over_is_not_told() -> None:
    over = booking(20, starts=MORNING - timedelta(hours=2))
    goes_on = booking(21, starts=MORNING - timedelta(minutes=30))
    found = sorted_for(NIGHT, created(1, over, AT_NIGHT), created(2, goes_on, AT_NIGHT), now=MORNING)
    assert told(found) == [(2,)]
    assert sorted_for(NIGHT, created(1, over, AT_NIGHT), now=MORNING) == [NotificationMessage(1)]


@pytest.mark.parametrize("count", [1, 3])
def test_what_is_older_than_a_day_is_told_in_a_digest_only(count: int) -> None:
    late = NOW - DIGEST_AGE - timedelta(minutes=1)
    (digest,) = sorted_for(CHAT, *(created(number, noticed=late) for number in range(1, count + 1)))
    assert (digest.digest, len(digest.events), digest.up_to) == (True, count, count)


def test_what_was_done_in_the_chat_itself_is_left_out_and_passed_over() -> None:
    found = split_into_messages(CHAT, [created(1), created(2), created(3)], now=NOW, zone=MOSCOW, own=frozenset({1, 3}))
    assert told(found) == [(2,)]
    assert found[-1].up_to == 3
    assert split_into_messages(CHAT, [created(1)], now=NOW, zone=MOSCOW, own=frozenset({1})) == [NotificationMessage(1)]
