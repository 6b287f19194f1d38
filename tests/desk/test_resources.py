"""Resources, their types and working hours."""

from __future__ import annotations

from datetime import datetime

import pytest

from linkdesk.execution.availability import is_within_hours
from linkdesk.model.views import (
    ResourceScheduleView,
    ResourcesView,
    ResourceTypesView,
    ResourceTypeView,
    ResourceView,
)
from tests.support.desk_requests import build_request, read, record_done, waiting_record_plan
from tests.support.sandbox_env import SandboxEnv
from tool_specs.methods.resource import AddResource, DeleteResource, ListResources, UpdateResource
from tool_specs.methods.resource_slots import ResourceSlot, SetResourceSlots, UnsetResourceSlots
from tool_specs.methods.resource_type import (
    AddResourceType,
    DeleteResourceType,
    ListResourceTypes,
    UpdateResourceType,
)


async def test_resources_and_their_types_are_made_changed_and_deleted(env: SandboxEnv) -> None:
    kind = await record_done(
        env, build_request(AddResourceType, name="Chairs", code="chair", reminder_notification=False)
    )
    assert isinstance(kind.after, ResourceTypeView)
    assert (kind.after.settings or {})["reminder_notification"] is False
    renamed = await record_done(env, build_request(UpdateResourceType, type_id=kind.target.id, name="Armchairs"))
    assert isinstance(renamed.after, ResourceTypeView)
    assert renamed.after.name == "Armchairs"
    made = await record_done(
        env, build_request(AddResource, name="Chair 1", type_id=kind.target.id, info_delay_seconds=600)
    )
    assert isinstance(made.after, ResourceView)
    assert made.after.type is not None
    assert made.after.type.name == "Armchairs"
    assert (made.after.settings or {})["info_delay_seconds"] == 600
    changed = await record_done(
        env, build_request(UpdateResource, resource_id=made.target.id, name="Chair 2", is_main=False)
    )
    assert isinstance(changed.after, ResourceView)
    assert (changed.after.name, changed.after.is_main) == ("Chair 2", False)
    listed = await read(env, build_request(ListResources, text="Chair"))
    assert isinstance(listed, ResourcesView)
    assert [resource.name for resource in listed.resources] == ["Chair 2"]
    types = await read(env, ListResourceTypes())
    assert isinstance(types, ResourceTypesView)
    assert "Armchairs" in [one.name for one in types.resource_types]
    for request in (
        build_request(DeleteResource, resource_id=made.target.id),
        build_request(DeleteResourceType, type_id=kind.target.id),
    ):
        assert (await record_done(env, request, await waiting_record_plan(env, request))).after is None


async def test_working_hours_are_replaced_only_once_a_person_saw_what_goes(env: SandboxEnv) -> None:
    hours = {"from": "10:00", "to": "18:00", "weekdays": ["Mon", "Tue"], "slot_minutes": 30}
    request = build_request(SetResourceSlots, resource_id=1, slots=[hours])
    plan = await waiting_record_plan(env, request)
    assert isinstance(plan.before, ResourceScheduleView)
    assert plan.before.slots
    outcome = await record_done(env, request, plan)
    assert isinstance(outcome.after, ResourceScheduleView)
    assert [(slot.start, slot.end, slot.timezone) for slot in outcome.after.slots] == [
        ("10:00", "18:00", "Europe/Moscow"),
    ]
    assert not (await record_done(env, request)).changed
    clearing = build_request(UnsetResourceSlots, resource_id=1, all=True)
    await record_done(env, clearing, await waiting_record_plan(env, clearing))
    filled = await record_done(env, request)
    assert filled.changed


WORK_DAY = [
    ResourceSlot.model_validate(
        {"from": 540, "to": 1080, "weekDays": ["Mon", "Tue"], "slotSize": 60, "timezone": "Europe/Moscow"},
    )
]

ROUND_THE_CLOCK = [
    ResourceSlot.model_validate(
        {
            "from": 0,
            "to": 1440,
            "weekDays": ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"],
            "slotSize": 60,
            "timezone": "Europe/Berlin",
        },
    )
]


@pytest.mark.parametrize(
    ("slots", "start", "end", "is_within"),
    [
        (WORK_DAY, "2026-11-23T09:00+03:00", "2026-11-23T18:00+03:00", True),
        (WORK_DAY, "2026-11-23T08:59+03:00", "2026-11-23T10:00+03:00", False),
        (WORK_DAY, "2026-11-23T17:30+03:00", "2026-11-23T18:01+03:00", False),
        (WORK_DAY, "2026-11-23T07:00+01:00", "2026-11-23T08:00+01:00", True),
        (WORK_DAY, "2026-11-25T10:00+03:00", "2026-11-25T11:00+03:00", False),
        (WORK_DAY, "2026-11-23T17:00+03:00", "2026-11-24T10:00+03:00", False),
        (ROUND_THE_CLOCK, "2026-10-24T20:00+02:00", "2026-10-26T20:00+01:00", True),
        (ROUND_THE_CLOCK, "2026-03-28T20:00+01:00", "2026-03-30T20:00+02:00", True),
    ],
)
def test_a_period_is_within_working_hours_across_days_zones_and_clock_changes(
    slots: list[ResourceSlot],
    start: str,
    end: str,
    is_within: bool,
) -> None:

    assert is_within_hours(slots, datetime.fromisoformat(start), datetime.fromisoformat(end)) is is_within
