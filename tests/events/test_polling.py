"""News by looking: what staff would notice of the bookings is told once, and nothing that did not happen."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from linkdesk.errors.base import PortalError
from linkdesk.events.model import EventKind
from tests.support.polling_env import MINUTE, kinds_and_ids, open_polling_env, period
from tests.support.sandbox_env import NOW

TOMORROW = NOW + timedelta(days=1)
CREATED, CHANGED, DELETED = EventKind.CREATED, EventKind.CHANGED, EventKind.DELETED


async def test_the_first_look_tells_nothing_and_the_next_one_nothing_either() -> None:
    async with open_polling_env() as watched:
        assert await watched.look() == []
        snapshot = await watched.news.snapshot()
        assert snapshot is not None
        assert 14 in snapshot.bookings
        assert [(ref.type, ref.id) for ref in snapshot.bookings[14].deals] == [("deal", 7)]
        assert [(ref.type, ref.id) for ref in snapshot.bookings[14].clients] == [("contact", 1)]
        assert await watched.look() == []


async def test_a_booking_is_told_when_it_is_made_changed_and_deleted() -> None:
    async with open_polling_env() as watched:
        await watched.look()
        number = await watched.add(TOMORROW, "Haircut")
        (made,) = await watched.look()
        assert (made.kind, made.before, made.noticed) == (CREATED, None, watched.clock.now)
        assert made.after is not None
        assert (made.after.booking_id, made.after.name, made.after.date_from) == (number, "Haircut", TOMORROW)
        await watched.update(number, datePeriod=period(TOMORROW + timedelta(hours=2)))
        (moved,) = await watched.look()
        assert (moved.kind, moved.before) == (CHANGED, made.after)
        assert moved.after is not None
        assert moved.after.date_from == TOMORROW + timedelta(hours=2)
        await watched.sandbox_env.call("booking.v1.booking.delete", id=number)
        (gone,) = await watched.look()
        assert (gone.kind, gone.before, gone.after) == (DELETED, moved.after, None)
        assert await watched.look() == []


async def test_every_thing_that_staff_notice_is_a_change_and_what_they_do_not_is_none() -> None:
    async with open_polling_env() as watched:
        number = await watched.add(TOMORROW)
        await watched.look()
        await watched.update(number, name="Colouring")
        assert kinds_and_ids(await watched.look()) == [(CHANGED, number)]
        await watched.update(number, resourceIds=[2])
        assert kinds_and_ids(await watched.look()) == [(CHANGED, number)]
        deal = {"moduleId": "crm", "entityTypeId": "DEAL", "value": "5"}
        await watched.sandbox_env.call("booking.v1.booking.externalData.set", bookingId=number, externalData=[deal])
        (linked,) = await watched.look()
        assert linked.after is not None
        assert [ref.id for ref in linked.after.deals] == [5]
        client = {"id": 3, "type": {"module": "crm", "code": "CONTACT"}}
        await watched.sandbox_env.call("booking.v1.booking.client.set", bookingId=number, clients=[client])
        (met,) = await watched.look()
        assert met.after is not None
        assert [ref.id for ref in met.after.clients] == [3]
        await watched.update(number, description="bring the card")
        event = {"moduleId": "calendar", "entityTypeId": "EVENT", "value": "77"}
        await watched.sandbox_env.call(
            "booking.v1.booking.externalData.set", bookingId=number, externalData=[event, deal]
        )
        assert await watched.look() == []


async def test_a_hundred_and_twenty_bookings_on_three_pages_are_seen_in_few_requests() -> None:
    async with open_polling_env() as watched:
        numbers = [await watched.add(TOMORROW + timedelta(hours=hour)) for hour in range(120)]
        watched.sandbox_env.sandbox.calls.clear()
        assert await watched.look() == []
        snapshot = await watched.news.snapshot()
        assert snapshot is not None
        assert set(numbers) <= set(snapshot.bookings)
        await watched.sandbox_env.call("booking.v1.booking.delete", id=numbers[0])
        await watched.update(numbers[60], name="Moved to the front")
        last = await watched.add(TOMORROW + timedelta(days=30))
        watched.sandbox_env.sandbox.calls.clear()
        assert kinds_and_ids(await watched.look()) == [(DELETED, numbers[0]), (CHANGED, numbers[60]), (CREATED, last)]
        starts = [
            call.params["start"] for call in watched.sandbox_env.sandbox.calls if call.method.endswith("booking.list")
        ]
        assert starts == ["0", "50", "100"]


async def test_a_page_that_fails_half_way_tells_nothing_and_forgets_nothing() -> None:
    between = list[Callable[[], None]]()

    async def pause(_seconds: float) -> None:
        between[0]()

    async with open_polling_env(sleep=pause) as watched:
        numbers = [await watched.add(TOMORROW + timedelta(hours=hour)) for hour in range(120)]
        await watched.look()
        await watched.sandbox_env.call("booking.v1.booking.delete", id=numbers[3])
        before = await watched.news.snapshot()
        # The first page is answered, the second one is refused, the third one would be answered again.
        between.append(lambda: watched.sandbox_env.sandbox.add_fault("booking.v1.booking.list", "no_rights"))
        watched.sandbox_env.sandbox.add_fault("booking.v1.booking.list", "slow")
        watched.sandbox_env.sandbox.calls.clear()
        with pytest.raises(PortalError):
            await watched.look()
        read = [call.status for call in watched.sandbox_env.sandbox.calls if call.method == "booking.v1.booking.list"]
        assert read == [200, 403, 200]
        assert await watched.told() == []
        assert await watched.news.snapshot() == before
        assert kinds_and_ids(await watched.look()) == [(DELETED, numbers[3])]


async def test_a_list_that_is_suddenly_empty_makes_nobody_believe_that_everything_was_deleted() -> None:
    async with open_polling_env() as watched:
        await watched.look()
        kept = dict(watched.sandbox_env.sandbox.store.bookings)
        await watched.sandbox_env.fault("booking.v1.booking.get", "no_rights", times=await watched.count())
        watched.sandbox_env.sandbox.store.bookings.clear()
        assert await watched.look() == []
        watched.sandbox_env.sandbox.store.bookings.update(kept)
        assert await watched.look() == []


async def test_a_booking_that_was_moved_into_the_past_has_changed_and_is_watched_no_longer() -> None:
    async with open_polling_env() as watched:
        number = await watched.add(TOMORROW)
        await watched.look()
        await watched.update(number, datePeriod=period(NOW - timedelta(days=9)))
        (moved,) = await watched.look()
        assert (moved.kind, moved.booking_id) == (CHANGED, number)
        await watched.sandbox_env.call("booking.v1.booking.delete", id=number)
        assert await watched.look() == []


async def test_a_booking_out_of_the_past_has_changed_and_is_none_that_was_made() -> None:
    async with open_polling_env() as watched:
        old = await watched.add(NOW - timedelta(days=9), "Long ago")
        new = await watched.add(NOW + timedelta(days=9), "Later")
        assert await watched.look() == []
        await watched.update(old, datePeriod=period(TOMORROW))
        (back,) = await watched.look()
        assert (back.kind, back.booking_id, back.before) == (CHANGED, old, None)
        assert new > old


async def test_a_booking_that_is_over_is_forgotten_without_a_word() -> None:
    async with open_polling_env() as watched:
        soon = await watched.add(NOW + timedelta(minutes=10))
        await watched.look()
        assert await watched.look(timedelta(hours=2)) == []
        snapshot = await watched.news.snapshot()
        assert snapshot is not None
        assert soon not in snapshot.bookings
        await watched.sandbox_env.call("booking.v1.booking.delete", id=soon)
        assert await watched.look() == []


@pytest.mark.parametrize("list_of", ["externalData", "client"])
async def test_a_list_that_cannot_be_read_is_taken_as_it_was_and_a_new_booking_waits_for_it(list_of: str) -> None:
    async with open_polling_env() as watched:
        await watched.look()
        number = await watched.add(TOMORROW)
        await watched.sandbox_env.fault(
            f"booking.v1.booking.{list_of}.list", "no_rights", times=await watched.count() + 1
        )
        assert await watched.look() == []
        assert kinds_and_ids(await watched.look()) == [(CREATED, number)]


async def test_a_first_look_that_could_not_read_all_is_none() -> None:
    async with open_polling_env() as watched:
        await watched.sandbox_env.fault("booking.v1.booking.client.list", "no_rights", times=1)
        assert await watched.look() == []
        assert await watched.news.snapshot() is None
        assert await watched.look() == []
        assert await watched.news.snapshot() is not None


async def test_nothing_is_read_while_nobody_wants_to_be_told() -> None:
    async with open_polling_env() as watched:
        watched.wanted = []
        assert await watched.look() == []
        assert watched.sandbox_env.sandbox.calls == []


async def test_who_wants_to_be_told_later_is_told_of_later_things_only() -> None:
    async with open_polling_env() as watched:
        await watched.look()
        wanted, watched.wanted = watched.wanted, []
        await watched.look()
        between = await watched.add(TOMORROW)
        watched.wanted = wanted
        assert await watched.look() == []
        await watched.sandbox_env.call("booking.v1.booking.delete", id=between)
        assert kinds_and_ids(await watched.look()) == [(DELETED, between)]


async def test_a_look_after_more_than_a_week_is_a_first_look_again() -> None:
    async with open_polling_env() as watched:
        number = await watched.add(NOW + timedelta(days=19))
        await watched.look()
        await watched.add(NOW + timedelta(days=20))
        await watched.sandbox_env.call("booking.v1.booking.delete", id=number)
        assert await watched.look(timedelta(days=8)) == []
        snapshot = await watched.news.snapshot()
        assert snapshot is not None
        assert number not in snapshot.bookings


async def test_it_is_looked_no_more_often_than_was_set() -> None:
    async with open_polling_env(every=300) as watched:
        await watched.look()
        await watched.add(TOMORROW)
        assert await watched.look(MINUTE * 4) == []
        assert len(await watched.look(MINUTE)) == 1


async def test_the_deals_of_many_bookings_are_read_in_turn() -> None:
    async with open_polling_env() as watched:
        numbers = [await watched.add(TOMORROW + timedelta(hours=hour)) for hour in range(400)]
        await watched.look()
        deal = {"moduleId": "crm", "entityTypeId": "DEAL", "value": "5"}
        for number in (numbers[0], numbers[-1]):
            await watched.sandbox_env.call("booking.v1.booking.externalData.set", bookingId=number, externalData=[deal])
        found: list[tuple[EventKind, int]] = []
        for _ in range(3):
            watched.sandbox_env.sandbox.calls.clear()
            found += kinds_and_ids(await watched.look())
            read = [call for call in watched.sandbox_env.sandbox.calls if call.method.endswith("externalData.list")]
            assert len(read) == 150
        assert sorted(found) == [(CHANGED, numbers[0]), (CHANGED, numbers[-1])]
