"""The comparison: whatever happened to the bookings, the news tell exactly the difference."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from linkdesk.events.diff import PollResult, compare, visible_fields
from linkdesk.events.model import BookingState, EventKind
from tool_specs.declaration.crm_ref import CrmRef

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
CREATED, CHANGED, DELETED = EventKind.CREATED, EventKind.CHANGED, EventKind.DELETED
World = dict[int, BookingState]

deals = st.lists(st.sampled_from([CrmRef(type="deal", id=1), CrmRef(type="deal", id=2)]), unique=True).map(tuple)
clients = st.lists(st.sampled_from([CrmRef(type="contact", id=1), CrmRef(type="company", id=1)]), unique=True)
shapes = st.builds(
    BookingState,
    booking_id=st.just(0),
    name=st.sampled_from([None, "", "Cut", "Стрижка"]),
    date_from=st.integers(-3, 6).map(lambda hour: NOW + timedelta(hours=hour)),
    date_to=st.integers(7, 30).map(lambda hour: NOW + timedelta(hours=hour)),
    resource_ids=st.sampled_from([(1,), (2,), (1, 2), (2, 1)]),
    clients=clients.map(tuple),
    deals=deals,
)
rounds = st.lists(
    st.tuples(
        st.dictionaries(st.integers(1, 6), st.none() | shapes, max_size=4),
        st.integers(0, 3),
        st.sets(st.integers(1, 9), max_size=2),
        st.integers(0, 600),
    ),
    max_size=8,
)
"""Each time: what becomes of old bookings (None: it is deleted), how many new ones, what cannot be read, minutes."""


def over(world: World, now: datetime) -> set[int]:
    return {number for number, booking in world.items() if booking.date_to <= now}


def same(one: World, other: World) -> bool:
    return {number: visible_fields(booking) for number, booking in one.items()} == {
        number: visible_fields(booking) for number, booking in other.items()
    }


@given(start=st.lists(shapes, max_size=5), rounds=rounds, new=shapes)
def test_whatever_happens_the_news_tell_exactly_the_difference(
    start: list[BookingState],
    rounds: list[tuple[dict[int, BookingState | None], int, set[int], int]],
    new: BookingState,
) -> None:
    world: World = {number: replace(one, booking_id=number) for number, one in enumerate(start, 1)}
    now, highest, last = NOW, len(start), len(start)
    seen = dict(world)
    told = dict(world)
    for changes, more, unread, minutes in rounds:
        now += timedelta(minutes=minutes)
        for number, shape in changes.items():
            if shape is None:
                world.pop(number, None)
            elif number in world:
                world[number] = replace(shape, booking_id=number)
        for _ in range(more):
            last += 1
            world[last] = replace(new, booking_id=last)
        there = {number: booking for number, booking in world.items() if number not in unread}
        gone = set(seen) - set(world) - unread
        noticed = compare(seen, PollResult(there, gone, unread), highest, now)
        happened = {one.booking_id: one for one in noticed.changes}
        assert len(happened) == len(noticed.changes)
        assert not (set(happened) | noticed.removed | set(noticed.updated)) & unread
        for number, one in happened.items():
            assert one.after == world.get(number)
            if one.before is not None:
                assert one.before == seen[number]
            if one.after is None:
                assert one.kind is DELETED
                del told[number]
            else:
                expected = CREATED if number > highest else CHANGED
                assert one.kind is (expected if one.before is None else CHANGED)
                assert one.before is None or visible_fields(one.before) != visible_fields(one.after)
                told[number] = one.after
        seen.update(noticed.updated)
        for number in noticed.removed:
            del seen[number]
        # What was told, what is remembered and what there is are the same, but for what is over or could not be read.
        ended = over(told, now) | over(world, now)
        read = {number: booking for number, booking in world.items() if number not in unread}
        assert same(
            {number: booking for number, booking in told.items() if number not in ended | unread},
            {number: booking for number, booking in read.items() if number not in ended},
        )
        assert {number for number in seen if number not in unread} == set(read) - over(world, now)
        told = dict(seen)
        highest = min([max([highest, *read]), *(number - 1 for number in unread if number > highest)])
        # A new booking that could not be read keeps its number open; what was read beyond it is seen.


def booking(**more: object) -> BookingState:
    plain = BookingState(14, "Cut", NOW + timedelta(hours=1), NOW + timedelta(hours=2), (1,), (), ())
    return replace(plain, **more)  # type: ignore[arg-type]


def test_another_order_and_another_zone_are_no_change() -> None:
    before = booking(resource_ids=(1, 2), deals=(CrmRef(type="deal", id=1), CrmRef(type="deal", id=2)))
    after = replace(
        before,
        resource_ids=(2, 1),
        deals=tuple(reversed(before.deals)),
        date_from=before.date_from.astimezone(ZoneInfo("Europe/Moscow")),
    )
    noticed = compare({14: before}, PollResult({14: after}), 14, NOW)
    assert noticed.changes == ()
    assert noticed.updated == {14: after} or before == after


def test_an_hour_that_is_there_twice_is_two_times() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    early = datetime(2026, 10, 25, 2, 30, tzinfo=berlin)
    before = booking(date_from=early, date_to=datetime(2026, 10, 25, 5, 0, tzinfo=berlin))
    after = replace(before, date_from=early.replace(fold=1))
    (one,) = compare({14: before}, PollResult({14: after}), 14, early - timedelta(days=1)).changes
    assert one.kind is CHANGED
