"""Links, clients and permissions: what the desk writes to the portal, and what it answers."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from linkdesk.auth.policy import Actor, Confirm, Face, Policy, Role
from linkdesk.desk import Desk
from linkdesk.errors.base import Changed, Trouble
from linkdesk.model.outcome import Done, Listing, Outcome, Waiting
from linkdesk.portal.address import WebhookAddress
from linkdesk.portal.client import Portal
from tests.support.desk_requests import contacts, deals, link, link_done, refused, unlink, waiting_link_plan
from tests.support.documented_requests import REQUESTS
from tests.support.sandbox_env import ANNA, CALENDAR, SandboxEnv, open_sandbox_env
from tool_specs import METHODS
from tool_specs.declaration.crm_ref import CrmRef
from tool_specs.declaration.method import Effect, Method
from tool_specs.methods.activity_binding import (
    AddActivityBinding,
    ListActivityBindings,
)
from tool_specs.methods.booking_clients import SetBookingClients, UnsetBookingClients
from tool_specs.methods.booking_links import ListBookingLinks, SetBookingLinks, UnsetBookingLinks
from tool_specs.methods.waitlist_clients import SetWaitlistClients, UnsetWaitlistClients
from tool_specs.methods.waitlist_links import SetWaitlistLinks


async def test_linking_keeps_the_other_deals_and_the_calendar_link_and_unlinking_restores_the_list(
    env: SandboxEnv,
) -> None:
    before = await env.links(14)
    linked = await link_done(env, link(14, 1))
    assert (linked.changed, linked.plan.before, linked.after) == (True, deals(7), deals(7, 1))
    assert await env.links(14) == [*before, {"moduleId": "crm", "entityTypeId": "DEAL", "value": "1"}]
    unlinked = await link_done(env, unlink(14, 1))
    assert (unlinked.changed, unlinked.after) == (True, deals(7))
    assert await env.links(14) == before
    assert CALENDAR in before


async def test_what_is_linked_already_is_said_and_nothing_is_sent(env: SandboxEnv) -> None:
    outcome = await link_done(env, link(14, 7))
    assert (outcome.changed, outcome.after) == (False, deals(7))
    assert await env.written() == []


async def test_taking_away_what_is_not_there_is_said_and_nothing_is_sent(env: SandboxEnv) -> None:
    outcome = await link_done(env, unlink(14, 5))
    assert (outcome.changed, outcome.after) == (False, deals(7))
    assert await env.written() == []


async def test_of_several_deals_only_those_that_are_there_are_taken_away_and_the_others_named(env: SandboxEnv) -> None:
    outcome = await link_done(env, unlink(14, 7, 5))
    assert outcome.after == ()
    assert [said.en for said in outcome.also] == ["Was not there: deal 5."]
    assert await env.links(14) == [CALENDAR]


async def test_missing_deals_are_named_and_nothing_is_linked(env: SandboxEnv) -> None:
    trouble = await refused(env, link(14, 1, 99, 500))
    assert (trouble.failure.code, trouble.changed) == ("crm_item_not_found", Changed.NO)
    assert trouble.what.en == "Not found in the CRM: deal 99, deal 500."
    assert await env.written() == []


@pytest.mark.parametrize(
    ("method", "code"),
    [
        (link(999, 1), "booking_not_found"),
        (SetWaitlistLinks.model_validate({"waitlist_id": 999, "links": [1]}), "waitlist_entry_not_found"),
        (SetBookingClients.model_validate({"booking_id": 999, "clients": ["contact:1"]}), "booking_not_found"),
        (SetBookingClients.model_validate({"booking_id": 14, "clients": ["contact:500"]}), "crm_item_not_found"),
        (ListBookingLinks(booking_id=999), "booking_not_found"),
        (AddActivityBinding.model_validate({"activity_id": 5, "target": "deal:1"}), "activity_not_found"),
        (AddActivityBinding.model_validate({"activity_id": 999, "target": "deal:99"}), "crm_item_not_found"),
        (ListActivityBindings(activity_id=5), "activity_not_found"),
    ],
)
async def test_what_does_not_exist_is_said_by_name_and_nothing_is_changed(
    env: SandboxEnv,
    method: Method[Any],
    code: str,
) -> None:
    trouble = await refused(env, method)
    assert (trouble.failure.code, trouble.changed) == (code, Changed.NO)
    assert await env.written() == []


async def test_replacing_waits_for_a_person_and_shows_what_would_go(env: SandboxEnv) -> None:
    plan = await waiting_link_plan(env, link(14, 2, mode="replace"))
    assert (plan.removed, plan.added) == (deals(7), deals(2))
    assert set(plan.about.names) == {*deals(7), *deals(2), *plan.about.clients}
    assert plan.about.clients == (CrmRef(type="contact", id=1),)
    assert await env.written() == []
    agreed = await link_done(env, link(14, 2, mode="replace"), agreed=plan)
    assert agreed.after == deals(2)
    assert await env.links(14) == [CALENDAR, {"moduleId": "crm", "entityTypeId": "DEAL", "value": "2"}]


async def test_a_yes_to_one_plan_is_no_yes_to_one_that_removes_more(env: SandboxEnv) -> None:
    request = UnsetBookingLinks.model_validate({"booking_id": 14, "all": True})
    plan = await waiting_link_plan(env, request)
    await link_done(env, link(14, 3))
    again = await waiting_link_plan(env, request, agreed=plan)
    assert again.removed == deals(7, 3)
    assert await env.deals(14) == [7, 3]
    await waiting_link_plan(env, link(14, 5, mode="replace"), agreed=again)


async def test_unlinking_all_keeps_what_is_no_deal(env: SandboxEnv) -> None:
    request = UnsetBookingLinks.model_validate({"booking_id": 14, "all": True})
    await link_done(env, request, agreed=await waiting_link_plan(env, request))
    assert await env.links(14) == [CALENDAR]


async def test_a_list_without_internal_links_is_cleared_by_the_portals_own_method(env: SandboxEnv) -> None:
    await link_done(env, unlink(15, 2))
    assert await env.links(15) == []
    assert await env.written() == ["booking.v1.booking.externalData.unset"]


async def test_replacing_without_losing_anything_does_not_ask(env: SandboxEnv) -> None:
    outcome = await link_done(env, link(14, 7, 1, mode="replace"))
    assert outcome.after == deals(7, 1)


async def test_a_deal_named_twice_is_linked_once(env: SandboxEnv) -> None:
    await link_done(env, link(16, 3, 3))
    assert await env.deals(16) == [3]


async def test_side_effects_of_the_portal_are_told(env: SandboxEnv) -> None:
    outcome = await link_done(env, link(16, 1))
    assert [said.en for said in outcome.also] == ["Bitrix24 also added as client: contact 1."]
    assert [said.ru for said in outcome.also] == ["Битрикс24 также добавил в клиенты: контакт 1."]
    assert await env.clients(16) == [("CONTACT", 1)]


async def test_clients_are_added_and_taken_off_one_by_one(env: SandboxEnv) -> None:
    added = await link_done(
        env,
        SetBookingClients.model_validate({"booking_id": 14, "clients": ["contact:2", "company:1"]}),
    )
    assert added.after == (*contacts(1), *contacts(2), CrmRef(type="company", id=1))
    taken = await link_done(env, UnsetBookingClients.model_validate({"booking_id": 14, "clients": ["contact:2"]}))
    assert taken.after == (*contacts(1), CrmRef(type="company", id=1))
    assert await env.clients(14) == [("CONTACT", 1), ("COMPANY", 1)]


async def test_the_last_client_of_a_booking_whose_deal_has_it_comes_back_and_that_is_said(env: SandboxEnv) -> None:
    contact = {"id": 1, "type": {"module": "crm", "code": "CONTACT"}}

    class CopiesFromTheDeal(Portal):
        async def __call__(self, method: Method[Any]) -> Any:  # noqa: ANN401 - the portal's own
            result = await super().__call__(method)
            if method.rest == "booking.v1.booking.client.unset":
                await env.call("booking.v1.booking.client.set", bookingId=14, clients=[contact])
            return result

    address = WebhookAddress.parse(f"http://127.0.0.1{env.sandbox.webhook_path}")
    request = UnsetBookingClients.model_validate({"booking_id": 14, "clients": ["contact:1"]})
    async with CopiesFromTheDeal(address, transport=env.sandbox.transport()) as portal:
        with pytest.raises(Trouble) as trouble:
            await Desk(portal).do(request, ANNA)
    assert (trouble.value.failure.code, trouble.value.changed) == ("client_came_back", Changed.NO)


async def test_waitlist_entries_are_served_alike(env: SandboxEnv) -> None:
    linked = await link_done(env, SetWaitlistLinks.model_validate({"waitlist_id": 6, "links": [2]}))
    assert linked.after == deals(2)
    added = await link_done(env, SetWaitlistClients.model_validate({"waitlist_id": 4, "clients": ["contact:1"]}))
    assert added.after == contacts(2, 1)
    taken = await link_done(env, UnsetWaitlistClients.model_validate({"waitlist_id": 4, "clients": ["contact:2"]}))
    assert taken.after == contacts(1)


async def test_without_the_crm_permission_it_links_and_says_that_it_could_not_look(env: SandboxEnv) -> None:
    path = env.sandbox.add_webhook(1, "booking0only", scopes={"booking"})
    address = WebhookAddress.parse(f"http://127.0.0.1{path}")
    async with Portal(address, transport=env.sandbox.transport()) as portal:
        outcome = await Desk(portal).do(link(16, 500), ANNA)
    assert isinstance(outcome, Done)
    assert "Could not check that it exists: deal 500" in outcome.also[0].en
    assert await env.deals(16) == [500]


async def test_ten_writers_at_once_lose_nothing(env: SandboxEnv) -> None:
    await asyncio.gather(*(link_done(env, link(16, number)) for number in range(1, 11)))
    assert sorted(await env.deals(16)) == list(range(1, 11))


def writes() -> list[type[Method[Any]]]:
    return [method for method in METHODS if method.effect is not Effect.READ and method.toolset is not None]


@pytest.mark.parametrize("method", writes(), ids=lambda method: method.rest)
@pytest.mark.parametrize(
    ("policy", "role", "code"),
    [
        (Policy(read_only=True), Role.ADMIN, "read_only"),
        (Policy(), Role.VIEWER, "role_not_enough"),
    ],
)
async def test_no_write_passes_a_read_only_installation_or_a_viewer(
    method: type[Method[Any]],
    policy: Policy,
    role: Role,
    code: str,
) -> None:
    arguments, _ = REQUESTS[method.rest]
    async with open_sandbox_env(policy, rate=None) as env:
        with pytest.raises(Trouble) as trouble:
            await env.desk.do(method(**arguments), Actor("anna", Face.CHAT, role))
        assert trouble.value.failure.code == code
        assert env.sandbox.calls == []


@pytest.mark.parametrize(
    ("confirm", "request_", "waits"),
    [
        (Confirm.WRITES, link(14, 1), True),
        (Confirm.DESTRUCTIVE, link(14, 1), False),
        (Confirm.NEVER, link(14, 1, mode="replace"), False),
    ],
)
async def test_the_policy_decides_what_waits_for_a_person(
    confirm: Confirm,
    request_: SetBookingLinks,
    waits: bool,
) -> None:
    async with open_sandbox_env(Policy(confirm=confirm), rate=None) as env:
        outcome: Outcome = await env.desk.do(request_, ANNA)
        assert isinstance(outcome, Waiting) is waits


async def test_a_listing_names_its_items_and_leaves_internal_links_out(env: SandboxEnv) -> None:
    outcome = await env.desk.do(ListBookingLinks(booking_id=14), ANNA)
    assert isinstance(outcome, Listing)
    assert outcome.items == deals(7)
    assert set(outcome.about.names) == set(deals(7))
    assert outcome.about.when is not None


@given(
    start=st.lists(st.integers(1, 12), unique=True, max_size=5),
    steps=st.lists(st.tuples(st.sampled_from(["add", "take"]), st.lists(st.integers(1, 12), min_size=1)), max_size=6),
    calendar_at=st.integers(0, 5),
)
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_row_of_additions_and_removals_ends_as_counted_by_hand(
    start: list[int],
    steps: list[tuple[str, list[int]]],
    calendar_at: int,
) -> None:
    async def run() -> None:
        async with open_sandbox_env(rate=None) as env:
            items = [{"moduleId": "crm", "entityTypeId": "DEAL", "value": str(number)} for number in start]
            items.insert(min(calendar_at, len(items)), CALENDAR)
            await env.call("booking.v1.booking.externalData.set", bookingId=16, externalData=items)
            expected = list(start)
            for verb, numbers in steps:
                if verb == "add":
                    await link_done(env, link(16, *numbers))
                    expected += [number for number in dict.fromkeys(numbers) if number not in expected]
                else:
                    await link_done(env, unlink(16, *numbers))
                    expected = [number for number in expected if number not in numbers]
            assert await env.deals(16) == expected
            assert CALENDAR in await env.links(16)

    asyncio.run(run())


async def test_what_the_portal_fills_into_a_deal_is_told(env: SandboxEnv) -> None:
    linked = await link_done(env, link(15, 6))
    before = [said.en for said in linked.also]
    assert before == []
    outcome = await link_done(env, SetBookingClients.model_validate({"booking_id": 15, "clients": ["contact:3"]}))
    assert "Bitrix24 also put contact 3 into deal 2." in [said.en for said in outcome.also]
    other = await link_done(env, link(15, 5))
    assert [said.ru for said in other.also] == ["Битрикс24 также вписал в сделку 5: контакт 3."]
