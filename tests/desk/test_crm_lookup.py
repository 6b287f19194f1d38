"""CRM items, activities and the caller's own account, as the desk finds them."""

from __future__ import annotations

from typing import Any

import pytest

from linkdesk.handlers.registry import HANDLERS
from linkdesk.model.views import (
    ActivitiesView,
    ActivityView,
    ClientTypesView,
    CrmItemsView,
    CrmItemView,
    CrmTypesView,
    PlanView,
    ResourceView,
    WhoamiView,
)
from linkdesk.portal.address import WebhookAddress
from linkdesk.portal.client import Portal
from tests.support.desk_requests import build_request, read, refused
from tests.support.sandbox_env import SandboxEnv
from tool_specs import TOOLS
from tool_specs.declaration.method import Effect, Method
from tool_specs.methods.activity import FindActivities, GetActivity
from tool_specs.methods.booking import (
    GetBooking,
    ListBookings,
)
from tool_specs.methods.client_type import ListClientTypes
from tool_specs.methods.crm_item import FindCrmItems, GetCrmItem
from tool_specs.methods.crm_type import ListCrmTypes
from tool_specs.methods.resource import GetResource
from tool_specs.recipes.changes_and_plans import Whoami


def test_every_tool_has_a_way_and_every_read_says_what_it_shows() -> None:
    assert set(HANDLERS) <= set(TOOLS)
    assert {method for method in TOOLS if method.effect is not Effect.READ} <= set(HANDLERS)
    for method, way in HANDLERS.items():
        records = method.toolset is not None and method.toolset.value != "links"
        plan = way.shows is PlanView
        assert (way.shows is not None) is (plan or (records and method.effect is Effect.READ)), method.name()


async def test_items_are_found_by_name_phone_and_email(env: SandboxEnv) -> None:
    by_name = await read(env, build_request(FindCrmItems, text="стрижка"))
    assert isinstance(by_name, CrmItemsView)
    assert {item.id for item in by_name.items} >= {1, 7}
    assert all(item.contact is None or item.contact.name for item in by_name.items)
    phone, email = "8 (916) 123-45-01", "anna.ivanova@example.com"
    assert [item.id for item in (await read(env, build_request(FindCrmItems, type="contact", phone=phone))).items] == [
        1
    ]
    assert [item.id for item in (await read(env, build_request(FindCrmItems, type="contact", email=email))).items] == [
        1
    ]
    deals = await read(env, build_request(FindCrmItems, phone=phone))
    assert {item.id for item in deals.items} == {1, 7}
    few = await read(env, build_request(FindCrmItems, text="а", limit=2))
    assert (len(few.items), few.more) == (2, True)
    nobody = await read(env, build_request(FindCrmItems, phone="+7 000 000-00-00"))
    assert nobody.items == []


async def test_items_activities_types_and_oneself_are_shown(env: SandboxEnv) -> None:
    item = await read(env, build_request(GetCrmItem, item="deal:1"))
    assert isinstance(item, CrmItemView)
    assert item.contact is not None
    activities = await read(env, build_request(FindActivities, owner="deal:7"))
    assert isinstance(activities, ActivitiesView)
    assert 999 in [activity.id for activity in activities.activities]
    activity = await read(env, build_request(GetActivity, activity_id=999))
    assert isinstance(activity, ActivityView)
    assert [ref.id for ref in activity.bindings or []] == [7]
    assert isinstance(await read(env, ListCrmTypes()), CrmTypesView)
    kinds = await read(env, ListClientTypes())
    assert isinstance(kinds, ClientTypesView)
    assert kinds.client_types == ["company", "contact"]
    me = await read(env, Whoami())
    assert isinstance(me, WhoamiView)
    assert (me.user.id, me.admin, me.missing_scopes) == (1, True, [])
    assert isinstance(await read(env, build_request(GetResource, resource_id=1)), ResourceView)


async def test_missing_permissions_are_told_by_whoami_and_by_the_tools_that_need_them(env: SandboxEnv) -> None:
    path = env.sandbox.add_webhook(1, "crm0only0secret", scopes={"crm"})
    address = WebhookAddress.parse(f"http://127.0.0.1{path}")
    async with Portal(address, transport=env.sandbox.transport()) as portal:
        other = SandboxEnv(env.sandbox, type(env.desk)(portal), env.bare)
        assert (await read(other, Whoami())).missing_scopes == ["booking", "user"]
        trouble = await refused(other, GetBooking(booking_id=14))
    assert trouble.failure.code == "missing_scope"
    assert "booking" in trouble.what.en


@pytest.mark.parametrize(
    "method",
    [
        build_request(ListBookings, client="contact:9999"),
        build_request(ListBookings, deal=99),
        build_request(FindActivities, owner="deal:9999"),
    ],
)
async def test_nothing_found_for_an_item_that_does_not_exist_is_said(env: SandboxEnv, method: Method[Any]) -> None:
    assert (await refused(env, method)).failure.code == "crm_item_not_found"
