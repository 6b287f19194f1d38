"""Safe writes: what the desk does to the portal, and what it says of it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from linkdesk.auth.policy import Actor, Confirm, Face, Policy, Role
from linkdesk.desk import Desk
from linkdesk.errors.base import Changed, Trouble
from linkdesk.errors.render import render_for_chat
from linkdesk.model.outcome import Done, Listing, Outcome, Plan, Waiting
from linkdesk.portal.address import WebhookAddress
from linkdesk.portal.client import Portal
from tests.support.sandbox_env import ANNA, CALENDAR, SandboxEnv, open_sandbox_env, without_waiting
from tests.tool_specs.documented_requests import REQUESTS
from tool_specs import METHODS
from tool_specs.declaration.crm_ref import CrmRef
from tool_specs.declaration.method import Effect, Method
from tool_specs.methods.activity_binding import (
    AddActivityBinding,
    DeleteActivityBinding,
    ListActivityBindings,
    MoveActivityBinding,
)
from tool_specs.methods.booking_clients import SetBookingClients, UnsetBookingClients
from tool_specs.methods.booking_links import ListBookingLinks, SetBookingLinks, UnsetBookingLinks
from tool_specs.methods.waitlist_clients import SetWaitlistClients, UnsetWaitlistClients
from tool_specs.methods.waitlist_links import SetWaitlistLinks


@pytest.fixture
async def env() -> AsyncGenerator[SandboxEnv]:
    async with open_sandbox_env(rate=None) as opened:
        yield opened


def deals(*numbers: int) -> tuple[CrmRef, ...]:
    return tuple(CrmRef(type="deal", id=number) for number in numbers)


def contacts(*numbers: int) -> tuple[CrmRef, ...]:
    return tuple(CrmRef(type="contact", id=number) for number in numbers)


def linking(booking_id: int, *numbers: int, mode: str = "add") -> SetBookingLinks:
    return SetBookingLinks.model_validate({"booking_id": booking_id, "links": list(numbers), "mode": mode})


def unlinking(booking_id: int, *numbers: int) -> UnsetBookingLinks:
    return UnsetBookingLinks.model_validate({"booking_id": booking_id, "links": list(numbers)})


async def done(env: SandboxEnv, method: Method[Any], **options: Any) -> Done:  # noqa: ANN401 - the desk's own
    outcome = await env.desk.do(method, ANNA, **options)
    assert isinstance(outcome, Done), outcome
    return outcome


async def waiting(env: SandboxEnv, method: Method[Any], **options: Any) -> Plan:  # noqa: ANN401 - the desk's own
    outcome = await env.desk.do(method, ANNA, **options)
    assert isinstance(outcome, Waiting), outcome
    assert isinstance(outcome.plan, Plan)
    return outcome.plan


async def refused(env: SandboxEnv, method: Method[Any]) -> Trouble:
    with pytest.raises(Trouble) as trouble:
        await env.desk.do(method, ANNA)
    return trouble.value


async def test_linking_keeps_the_other_deals_and_the_calendar_link_and_unlinking_restores_the_list(
    env: SandboxEnv,
) -> None:
    before = await env.links(14)
    linked = await done(env, linking(14, 1))
    assert (linked.changed, linked.plan.before, linked.after) == (True, deals(7), deals(7, 1))
    assert await env.links(14) == [*before, {"moduleId": "crm", "entityTypeId": "DEAL", "value": "1"}]
    unlinked = await done(env, unlinking(14, 1))
    assert (unlinked.changed, unlinked.after) == (True, deals(7))
    assert await env.links(14) == before
    assert CALENDAR in before


async def test_what_is_linked_already_is_said_and_nothing_is_sent(env: SandboxEnv) -> None:
    outcome = await done(env, linking(14, 7))
    assert (outcome.changed, outcome.after) == (False, deals(7))
    assert await env.written() == []


async def test_taking_away_what_is_not_there_is_said_and_nothing_is_sent(env: SandboxEnv) -> None:
    outcome = await done(env, unlinking(14, 5))
    assert (outcome.changed, outcome.after) == (False, deals(7))
    assert await env.written() == []


async def test_of_several_deals_only_those_that_are_there_are_taken_away_and_the_others_named(env: SandboxEnv) -> None:
    outcome = await done(env, unlinking(14, 7, 5))
    assert outcome.after == ()
    assert [said.en for said in outcome.also] == ["Was not there: deal 5."]
    assert await env.links(14) == [CALENDAR]


async def test_missing_deals_are_named_and_nothing_is_linked(env: SandboxEnv) -> None:
    trouble = await refused(env, linking(14, 1, 99, 500))
    assert (trouble.failure.code, trouble.changed) == ("crm_item_not_found", Changed.NO)
    assert trouble.what.en == "Not found in the CRM: deal 99, deal 500."
    assert await env.written() == []


@pytest.mark.parametrize(
    ("method", "code"),
    [
        (linking(999, 1), "booking_not_found"),
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
    plan = await waiting(env, linking(14, 2, mode="replace"))
    assert (plan.removed, plan.added) == (deals(7), deals(2))
    assert set(plan.about.names) == {*deals(7), *deals(2), *plan.about.clients}
    assert plan.about.clients == (CrmRef(type="contact", id=1),)
    assert await env.written() == []
    agreed = await done(env, linking(14, 2, mode="replace"), agreed=plan)
    assert agreed.after == deals(2)
    assert await env.links(14) == [CALENDAR, {"moduleId": "crm", "entityTypeId": "DEAL", "value": "2"}]


async def test_a_yes_to_one_plan_is_no_yes_to_one_that_removes_more(env: SandboxEnv) -> None:
    request = UnsetBookingLinks.model_validate({"booking_id": 14, "all": True})
    plan = await waiting(env, request)
    await done(env, linking(14, 3))
    again = await waiting(env, request, agreed=plan)
    assert again.removed == deals(7, 3)
    assert await env.deals(14) == [7, 3]
    await waiting(env, linking(14, 5, mode="replace"), agreed=again)


async def test_unlinking_all_keeps_what_is_no_deal(env: SandboxEnv) -> None:
    request = UnsetBookingLinks.model_validate({"booking_id": 14, "all": True})
    await done(env, request, agreed=await waiting(env, request))
    assert await env.links(14) == [CALENDAR]


async def test_a_list_without_internal_links_is_cleared_by_the_portals_own_method(env: SandboxEnv) -> None:
    await done(env, unlinking(15, 2))
    assert await env.links(15) == []
    assert await env.written() == ["booking.v1.booking.externalData.unset"]


async def test_replacing_without_losing_anything_does_not_ask(env: SandboxEnv) -> None:
    outcome = await done(env, linking(14, 7, 1, mode="replace"))
    assert outcome.after == deals(7, 1)


async def test_a_deal_named_twice_is_linked_once(env: SandboxEnv) -> None:
    await done(env, linking(16, 3, 3))
    assert await env.deals(16) == [3]


async def test_side_effects_of_the_portal_are_told(env: SandboxEnv) -> None:
    outcome = await done(env, linking(16, 1))
    assert [said.en for said in outcome.also] == ["Bitrix24 also added as client: contact 1."]
    assert [said.ru for said in outcome.also] == ["Битрикс24 также добавил в клиенты: контакт 1."]
    assert await env.clients(16) == [("CONTACT", 1)]


async def test_clients_are_added_and_taken_off_one_by_one(env: SandboxEnv) -> None:
    added = await done(
        env,
        SetBookingClients.model_validate({"booking_id": 14, "clients": ["contact:2", "company:1"]}),
    )
    assert added.after == (*contacts(1), *contacts(2), CrmRef(type="company", id=1))
    taken = await done(env, UnsetBookingClients.model_validate({"booking_id": 14, "clients": ["contact:2"]}))
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
    linked = await done(env, SetWaitlistLinks.model_validate({"waitlist_id": 6, "links": [2]}))
    assert linked.after == deals(2)
    added = await done(env, SetWaitlistClients.model_validate({"waitlist_id": 4, "clients": ["contact:1"]}))
    assert added.after == contacts(2, 1)
    taken = await done(env, UnsetWaitlistClients.model_validate({"waitlist_id": 4, "clients": ["contact:2"]}))
    assert taken.after == contacts(1)


async def test_an_activity_is_bound_once_and_a_second_time_is_already_so(env: SandboxEnv) -> None:
    request = AddActivityBinding.model_validate({"activity_id": 999, "target": "deal:1"})
    assert (await done(env, request)).after == deals(7, 1)
    again = await done(env, request)
    assert (again.changed, again.after) == (False, deals(7, 1))
    assert await env.written() == ["crm.activity.binding.add"]


async def test_the_last_binding_stays_and_the_answer_says_what_to_do_first(env: SandboxEnv) -> None:
    trouble = await refused(env, DeleteActivityBinding.model_validate({"activity_id": 71, "target": "lead:3"}))
    assert (trouble.failure.code, trouble.changed) == ("last_binding", Changed.NO)
    assert "/bind activity 71" in trouble.next.en


async def test_a_binding_moves_within_a_type_by_one_call(env: SandboxEnv) -> None:
    request = MoveActivityBinding.model_validate({"activity_id": 70, "source": "deal:8", "target": "deal:3"})
    assert set((await done(env, request)).after) == set(deals(9, 3))
    assert await env.written() == ["crm.activity.binding.move"]


async def test_a_binding_moves_across_types_by_adding_first(env: SandboxEnv) -> None:
    request = MoveActivityBinding.model_validate({"activity_id": 71, "source": "lead:3", "target": "contact:2"})
    assert (await done(env, request)).after == contacts(2)
    assert await env.written() == ["crm.activity.binding.add", "crm.activity.binding.delete"]


async def test_moving_to_where_it_is_bound_already_only_unbinds(env: SandboxEnv) -> None:
    request = MoveActivityBinding.model_validate({"activity_id": 70, "source": "deal:8", "target": "deal:9"})
    assert (await done(env, request)).after == deals(9)
    again = await done(env, request)
    assert again.changed is False


async def test_moving_what_is_not_bound_says_so(env: SandboxEnv) -> None:
    request = MoveActivityBinding.model_validate({"activity_id": 70, "source": "deal:1", "target": "deal:2"})
    trouble = await refused(env, request)
    assert (trouble.failure.code, trouble.what.en) == ("binding_not_found", "Activity 70 is not bound to deal 1.")


async def test_a_move_that_breaks_half_way_says_that_it_is_partly_done(env: SandboxEnv) -> None:
    await env.fault("crm.activity.binding.delete", "reset_before")
    request = MoveActivityBinding.model_validate({"activity_id": 71, "source": "lead:3", "target": "contact:2"})
    trouble = await refused(env, request)
    assert trouble.changed is Changed.PARTLY


async def test_beyond_a_hundred_bindings_nothing_is_added_since_the_portal_would_drop_one(env: SandboxEnv) -> None:
    for number in range(1, 101):
        await env.call("crm.activity.binding.add", activityId=71, entityTypeId=3, entityId=1000 + number)
    trouble = await refused(env, AddActivityBinding.model_validate({"activity_id": 71, "target": "deal:1"}))
    assert trouble.failure.code == "binding_limit"


async def test_a_lost_answer_is_cleared_up_by_reading_when_the_change_is_there(env: SandboxEnv) -> None:
    await env.fault("booking.v1.booking.externalData.set", "reset_after_commit")
    outcome = await done(env, linking(14, 1))
    assert (outcome.changed, outcome.after) == (True, deals(7, 1))
    assert [said.en for said in outcome.also] == ["The answer of Bitrix24 was lost, but the change is there."]
    assert await env.written() == ["booking.v1.booking.externalData.set"]


@pytest.mark.parametrize("kind", ["reset_before", "http_500_html", "empty_body", "no_rights"])
async def test_a_write_that_did_not_happen_is_said_to_have_changed_nothing_and_is_not_sent_again(
    env: SandboxEnv,
    kind: str,
) -> None:
    await env.fault("booking.v1.booking.externalData.set", kind)
    trouble = await refused(env, linking(14, 1))
    assert trouble.changed is Changed.NO
    assert await env.deals(14) == [7]
    assert [call.method for call in env.sandbox.calls].count("booking.v1.booking.externalData.set") == 1


async def test_a_write_that_the_full_bucket_refused_never_ran_and_is_sent_again_in_time(env: SandboxEnv) -> None:
    await env.fault("booking.v1.booking.externalData.set", "query_limit")
    outcome = await done(env, linking(14, 1))
    assert (outcome.after, outcome.also) == (deals(7, 1), ())
    assert await env.written() == ["booking.v1.booking.externalData.set"]


async def test_when_reading_fails_too_the_outcome_is_unknown(env: SandboxEnv) -> None:
    await env.fault("booking.v1.booking.externalData.set", "reset_after_commit")

    class ReadsOnce(Portal):
        async def batch(self, methods: Sequence[Method[Any]]) -> list[Any]:
            answers = await super().batch(methods)
            await env.fault("booking.v1.booking.externalData.list", "http_500_html", times=50)
            return answers

    address = WebhookAddress.parse(f"http://127.0.0.1{env.sandbox.webhook_path}")
    async with ReadsOnce(address, transport=env.sandbox.transport(), **without_waiting()) as portal:
        with pytest.raises(Trouble) as trouble:
            await Desk(portal).do(linking(14, 1), ANNA)
    assert (trouble.value.failure.code, trouble.value.changed) == ("outcome_unknown", Changed.UNKNOWN)


async def test_an_unreachable_portal_is_said_and_changes_nothing() -> None:
    def nowhere(_request: httpx.Request) -> httpx.Response:
        message = "no route to host"
        raise httpx.ConnectError(message)

    address = WebhookAddress.parse("https://example.bitrix24.com/rest/1/abcd1234/")
    async with Portal(address, transport=httpx.MockTransport(nowhere), **without_waiting()) as portal:
        with pytest.raises(Trouble) as trouble:
            await Desk(portal).do(linking(14, 1), ANNA)
    assert (trouble.value.failure.code, trouble.value.changed) == ("portal_not_reached", Changed.NO)


async def test_without_the_crm_permission_it_links_and_says_that_it_could_not_look(env: SandboxEnv) -> None:
    path = env.sandbox.add_webhook(1, "booking0only", scopes={"booking"})
    address = WebhookAddress.parse(f"http://127.0.0.1{path}")
    async with Portal(address, transport=env.sandbox.transport()) as portal:
        outcome = await Desk(portal).do(linking(16, 500), ANNA)
    assert isinstance(outcome, Done)
    assert "Could not check that it exists: deal 500" in outcome.also[0].en
    assert await env.deals(16) == [500]


async def test_ten_writers_at_once_lose_nothing(env: SandboxEnv) -> None:
    await asyncio.gather(*(done(env, linking(16, number)) for number in range(1, 11)))
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
        (Confirm.WRITES, linking(14, 1), True),
        (Confirm.DESTRUCTIVE, linking(14, 1), False),
        (Confirm.NEVER, linking(14, 1, mode="replace"), False),
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
                    await done(env, linking(16, *numbers))
                    expected += [number for number in dict.fromkeys(numbers) if number not in expected]
                else:
                    await done(env, unlinking(16, *numbers))
                    expected = [number for number in expected if number not in numbers]
            assert await env.deals(16) == expected
            assert CALENDAR in await env.links(16)

    asyncio.run(run())


@pytest.mark.parametrize("kind", ["reset_before", "http_500_html", "empty_body"])
@pytest.mark.parametrize("method", ["*", "booking.v1.booking.externalData.list"])
async def test_when_the_look_before_a_write_fails_nothing_was_changed(env: SandboxEnv, kind: str, method: str) -> None:
    await env.fault(method, kind, times=20)
    trouble = await refused(env, linking(14, 1))
    assert trouble.changed is Changed.NO
    assert trouble.failure.code in {"no_answer", "unreadable_answer"}
    assert await env.written() == []


async def test_what_the_portal_fills_into_a_deal_is_told(env: SandboxEnv) -> None:
    linked = await done(env, linking(15, 6))
    before = [said.en for said in linked.also]
    assert before == []
    outcome = await done(env, SetBookingClients.model_validate({"booking_id": 15, "clients": ["contact:3"]}))
    assert "Bitrix24 also put contact 3 into deal 2." in [said.en for said in outcome.also]
    other = await done(env, linking(15, 5))
    assert [said.ru for said in other.also] == ["Битрикс24 также вписал в сделку 5: контакт 3."]


async def test_a_move_that_breaks_half_way_says_what_is_there_now(env: SandboxEnv) -> None:
    await env.fault("crm.activity.binding.delete", "no_rights")
    request = MoveActivityBinding.model_validate({"activity_id": 71, "source": "lead:3", "target": "contact:2"})
    trouble = await refused(env, request)
    assert trouble.changed is Changed.PARTLY
    assert trouble.now is not None
    assert trouble.now.en == "lead 3, contact 2"
    assert "Now there: lead 3, contact 2." in render_for_chat(trouble, "en")
