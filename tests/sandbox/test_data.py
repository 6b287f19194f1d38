from datetime import date, datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

from linkdesk.sandbox.store import COMPANY, CONTACT, DEAL, INVOICE, LEAD, QUOTE, Booking
from tests.support.sandbox_client import FRIDAY, error, new_sandbox, result

MOSCOW = ZoneInfo("Europe/Moscow")


def times(booking: Booking) -> tuple[datetime, datetime]:
    period = booking.date_period
    return datetime.fromtimestamp(period.start.timestamp, MOSCOW), datetime.fromtimestamp(period.end.timestamp, MOSCOW)


def test_the_salon_holds_what_the_design_says() -> None:
    store = new_sandbox().store
    assert {kind: list(items) for kind, items in store.items.items()} == {
        LEAD: [1, 2, 3, 4],
        DEAL: list(range(1, 13)),
        CONTACT: list(range(1, 10)),
        COMPANY: [1, 2, 3, 4],
        QUOTE: [],
        INVOICE: [],
        130: [1, 2],
    }
    assert {number: deal.contact_ids for number, deal in store.items[DEAL].items() if deal.contact_ids} == {
        1: [1],
        7: [1],
    }
    assert store.last_ids[f"item:{DEAL}"] == 99
    assert list(store.bookings) == [14, 15, 16, 17, 18, 19, 20, 21, 40, 123]
    assert list(store.waitlist) == [4, 6, 14]
    assert (list(store.resource_types), list(store.resources)) == ([1, 2], [1, 2, 3])
    assert all(resource.slots for resource in store.resources.values())
    assert {number: bool(booking.links) for number, booking in store.bookings.items() if booking.links} == {
        14: True,
        15: True,
    }
    assert [number for number, booking in store.bookings.items() if booking.clients] == [14]
    assert {70, 71, 999} <= set(store.activities)
    assert set(store.users) == {1, 2}


def test_two_contacts_share_a_surname() -> None:
    surnames = [contact.last_name.removesuffix("а") for contact in new_sandbox().store.items[CONTACT].values()]
    assert len(surnames) - len(set(surnames)) == 1


def test_booking_14_is_today_and_the_others_are_this_week() -> None:
    bookings = new_sandbox().store.bookings
    start, end = times(bookings[14])
    assert (start.date(), start.hour, end.hour) == (date(2026, 11, 20), 15, 16)
    monday, sunday = date(2026, 11, 16), date(2026, 11, 22)
    assert all(monday <= times(booking)[0].date() <= sunday for booking in bookings.values())


def test_booking_16_overlaps_booking_15_on_another_resource_and_no_resource_is_taken_twice() -> None:
    bookings = new_sandbox().store.bookings
    (start_15, end_15), (start_16, end_16) = times(bookings[15]), times(bookings[16])
    assert start_15 < end_16
    assert start_16 < end_15
    taken = sorted((booking.resource_ids[0], *times(booking)) for booking in bookings.values())
    for earlier, later in pairwise(taken):
        assert earlier[0] != later[0] or earlier[2] <= later[1]


def test_times_are_of_the_zone_that_was_set() -> None:
    sandbox = new_sandbox(timezone="Asia/Vladivostok")
    moment = sandbox.store.bookings[14].date_period.start
    assert moment.timezone == "Asia/Vladivostok"
    assert datetime.fromtimestamp(moment.timestamp, ZoneInfo("Asia/Vladivostok")).hour == 15


async def test_an_empty_portal_knows_its_users_and_nothing_else() -> None:
    sandbox = new_sandbox(empty=True)
    assert (await result(sandbox, "profile"))["ID"] == "1"
    assert await error(sandbox, "booking.v1.booking.get", {"id": 14}) == (400, 1021)
    assert sandbox.store.client_types == []


def test_the_store_can_be_written_down_and_read_back() -> None:
    store = new_sandbox().store
    assert type(store).model_validate_json(store.model_dump_json(by_alias=True)) == store
    assert FRIDAY.weekday() == 4
