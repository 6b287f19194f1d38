import pytest

from linkdesk.sandbox.app import Sandbox
from linkdesk.sandbox.store import COMPANY, DEAL, CrmItem
from tests.support.sandbox_client import (
    CONTACT_1,
    CONTACT_2,
    DEAL_1,
    DEAL_7,
    EVENT_555,
    bindings_of,
    clients_of,
    deal,
    error,
    links_of,
    new_sandbox,
    result,
    set_clients,
    set_links,
)

COMPANY_3 = {"id": 3, "type": {"module": "crm", "code": "COMPANY"}}


async def deal_s_people(sandbox: Sandbox, number: int) -> tuple[list[int], int]:
    item = (await result(sandbox, "crm.item.get", {"entityTypeId": DEAL, "id": number}))["item"]
    assert item["contactId"] == (item["contactIds"] or [0])[0]
    return item["contactIds"], item["companyId"]


def activity_of_booking(sandbox: Sandbox, booking: int) -> int | None:
    found = [
        activity.id
        for activity in sandbox.store.activities.values()
        if activity.provider == "CRM_BOOKING" and activity.provider_type == "BOOKING" and activity.belongs_to == booking
    ]
    assert len(found) <= 1
    return found[0] if found else None


async def test_set_replaces_the_whole_list_the_calendar_link_included() -> None:
    sandbox = new_sandbox()
    await set_links(sandbox, 14, DEAL_1)
    assert await links_of(sandbox, 14) == [DEAL_1]


async def test_adding_a_deal_and_taking_it_away_leaves_everything_as_it_was() -> None:
    sandbox = new_sandbox()
    before = await links_of(sandbox, 14)
    assert before == [DEAL_7, EVENT_555]
    await set_links(sandbox, 14, *before, DEAL_1)
    assert await links_of(sandbox, 14) == [DEAL_7, EVENT_555, DEAL_1]
    assert await clients_of(sandbox, 14) == [("CONTACT", 1)]
    await set_links(sandbox, 14, *before)
    assert await links_of(sandbox, 14) == [DEAL_7, EVENT_555]
    assert await clients_of(sandbox, 14) == [("CONTACT", 1)]
    assert await deal_s_people(sandbox, 1) == ([1], 0)


async def test_unset_clears_everything() -> None:
    sandbox = new_sandbox()
    assert await result(sandbox, "booking.v1.booking.externalData.unset", {"bookingId": 14}) is True
    assert await links_of(sandbox, 14) == []


async def test_a_deal_that_does_not_exist_is_linked_all_the_same_and_doubles_are_kept() -> None:
    sandbox = new_sandbox()
    await set_links(sandbox, 17, deal(99), deal(4000), deal(4000), {**DEAL_1, "moduleId": "whatever"})
    assert [link["value"] for link in await links_of(sandbox, 17)] == ["99", "4000", "4000", "1"]


@pytest.mark.parametrize("value", ["", "x" * 256])
async def test_a_value_the_database_does_not_take_is_the_code_for_failed_updates(value: str) -> None:
    sandbox = new_sandbox()
    booking = {"bookingId": 17, "externalData": [{**DEAL_1, "value": value}]}
    assert await error(sandbox, "booking.v1.booking.externalData.set", booking) == (400, 1019)
    entry = {"waitListId": 4, "externalData": booking["externalData"]}
    assert await error(sandbox, "booking.v1.waitlist.externalData.set", entry) == (400, 1035)


@pytest.mark.parametrize("verb", ["externalData.list", "externalData.unset", "client.list", "client.unset"])
async def test_a_record_that_does_not_exist_is_1021_of_bookings_and_1040_of_the_waitlist(verb: str) -> None:
    assert await error(new_sandbox(), f"booking.v1.booking.{verb}", {"bookingId": 5555}) == (400, 1021)
    assert await error(new_sandbox(), f"booking.v1.waitlist.{verb}", {"waitListId": 5555}) == (400, 1040)


async def test_a_booking_without_clients_takes_those_of_the_linked_deal() -> None:
    sandbox = new_sandbox()
    sandbox.store.items[DEAL][5] = CrmItem(id=5, contact_ids=[3, 4], company_id=2)
    await set_links(sandbox, 17, deal(5))
    assert await clients_of(sandbox, 17) == [("CONTACT", 3), ("CONTACT", 4), ("COMPANY", 2)]


async def test_a_waitlist_entry_without_clients_takes_those_of_the_linked_deal() -> None:
    sandbox = new_sandbox()
    await result(sandbox, "booking.v1.waitlist.externalData.set", {"waitListId": 6, "externalData": [DEAL_1]})
    clients = await result(sandbox, "booking.v1.waitlist.client.list", {"waitListId": 6})
    assert clients == {"waitListClient": [CONTACT_1]}


async def test_a_new_deal_without_contact_and_company_gets_the_clients() -> None:
    sandbox = new_sandbox()
    await set_clients(sandbox, 17, CONTACT_2, COMPANY_3)
    await set_links(sandbox, 17, deal(12), DEAL_1)
    assert await deal_s_people(sandbox, 12) == ([2], 3)
    assert await deal_s_people(sandbox, 1) == ([1], 3)


async def test_a_deal_linked_before_gets_the_first_clients_only() -> None:
    sandbox = new_sandbox()
    await set_links(sandbox, 17, deal(12))
    await set_clients(sandbox, 17, CONTACT_2)
    assert await deal_s_people(sandbox, 12) == ([2], 0)
    await set_clients(sandbox, 17, CONTACT_2, COMPANY_3)
    assert await deal_s_people(sandbox, 12) == ([2], 0)


async def test_clients_are_replaced_and_not_looked_for() -> None:
    sandbox = new_sandbox()
    await set_clients(sandbox, 14, CONTACT_2, {**CONTACT_1, "id": 77777})
    assert await clients_of(sandbox, 14) == [("CONTACT", 2), ("CONTACT", 77777)]


async def test_clients_set_empty_come_back_from_the_linked_deal() -> None:
    sandbox = new_sandbox()
    await set_clients(sandbox, 14)
    assert await clients_of(sandbox, 14) == [("CONTACT", 1)]
    await set_clients(sandbox, 17, CONTACT_2)
    await set_clients(sandbox, 17)
    assert await clients_of(sandbox, 17) == []


async def test_clients_unset_come_back_with_the_next_change_of_links() -> None:
    sandbox = new_sandbox()
    assert await result(sandbox, "booking.v1.booking.client.unset", {"bookingId": 14}) is True
    assert await clients_of(sandbox, 14) == []
    await set_links(sandbox, 14, DEAL_7)
    assert await clients_of(sandbox, 14) == [("CONTACT", 1)]


async def test_a_client_type_that_no_booking_used_is_1025_after_the_booking_is_found() -> None:
    sandbox = new_sandbox(client_types=["CONTACT"])
    method = "booking.v1.booking.client.set"
    assert await error(sandbox, method, {"bookingId": 5555, "clients": [COMPANY_3]}) == (400, 1021)
    assert await error(sandbox, method, {"bookingId": 17, "clients": [COMPANY_3]}) == (400, 1025)
    sandbox.store.items[DEAL][12].company_id = 1
    await set_links(sandbox, 18, deal(12))
    await set_clients(sandbox, 17, COMPANY_3)


async def test_the_booking_s_activity_is_bound_to_its_deals_and_clients_and_to_nothing_else() -> None:
    sandbox = new_sandbox()
    activity = activity_of_booking(sandbox, 14)
    assert activity is not None
    assert await bindings_of(sandbox, activity) == [(2, 7), (3, 1)]
    await result(
        sandbox,
        "crm.activity.binding.add",
        {"activityId": activity, "entityTypeId": COMPANY, "entityId": 1},
    )
    await set_links(sandbox, 14, DEAL_7, EVENT_555, DEAL_1, deal(99))
    assert await bindings_of(sandbox, activity) == [(2, 7), (2, 1), (3, 1)]


async def test_the_booking_s_activity_comes_with_its_first_item_and_goes_with_its_last() -> None:
    sandbox = new_sandbox()
    assert activity_of_booking(sandbox, 17) is None
    await set_links(sandbox, 17, deal(12))
    assert activity_of_booking(sandbox, 17) is not None
    await set_links(sandbox, 17)
    assert activity_of_booking(sandbox, 17) is None
