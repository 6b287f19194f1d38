"""Bindings of activities to CRM items."""

from __future__ import annotations

from linkdesk.errors.base import Changed
from linkdesk.errors.render import render_for_chat
from tests.support.desk_requests import contacts, deals, link_done, refused
from tests.support.sandbox_env import SandboxEnv
from tool_specs.methods.activity_binding import (
    AddActivityBinding,
    DeleteActivityBinding,
    MoveActivityBinding,
)


async def test_an_activity_is_bound_once_and_a_second_time_is_already_so(env: SandboxEnv) -> None:
    request = AddActivityBinding.model_validate({"activity_id": 999, "target": "deal:1"})
    assert (await link_done(env, request)).after == deals(7, 1)
    again = await link_done(env, request)
    assert (again.changed, again.after) == (False, deals(7, 1))
    assert await env.written() == ["crm.activity.binding.add"]


async def test_the_last_binding_stays_and_the_answer_says_what_to_do_first(env: SandboxEnv) -> None:
    trouble = await refused(env, DeleteActivityBinding.model_validate({"activity_id": 71, "target": "lead:3"}))
    assert (trouble.failure.code, trouble.changed) == ("last_binding", Changed.NO)
    assert "/bind activity 71" in trouble.next.en


async def test_a_binding_moves_within_a_type_by_one_call(env: SandboxEnv) -> None:
    request = MoveActivityBinding.model_validate({"activity_id": 70, "source": "deal:8", "target": "deal:3"})
    assert set((await link_done(env, request)).after) == set(deals(9, 3))
    assert await env.written() == ["crm.activity.binding.move"]


async def test_a_binding_moves_across_types_by_adding_first(env: SandboxEnv) -> None:
    request = MoveActivityBinding.model_validate({"activity_id": 71, "source": "lead:3", "target": "contact:2"})
    assert (await link_done(env, request)).after == contacts(2)
    assert await env.written() == ["crm.activity.binding.add", "crm.activity.binding.delete"]


async def test_moving_to_where_it_is_bound_already_only_unbinds(env: SandboxEnv) -> None:
    request = MoveActivityBinding.model_validate({"activity_id": 70, "source": "deal:8", "target": "deal:9"})
    assert (await link_done(env, request)).after == deals(9)
    again = await link_done(env, request)
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


async def test_a_move_that_breaks_half_way_says_what_is_there_now(env: SandboxEnv) -> None:
    await env.fault("crm.activity.binding.delete", "no_rights")
    request = MoveActivityBinding.model_validate({"activity_id": 71, "source": "lead:3", "target": "contact:2"})
    trouble = await refused(env, request)
    assert trouble.changed is Changed.PARTLY
    assert trouble.now is not None
    assert trouble.now.en == "lead 3, contact 2"
    assert "Now there: lead 3, contact 2." in render_for_chat(trouble, "en")
