"""CRM activities and their bindings: `crm.activity.*`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final, cast

from linkdesk.sandbox.call import Call, Handler
from linkdesk.sandbox.crm_filter import filter_rows, sort_rows
from linkdesk.sandbox.paging import counted_page
from linkdesk.sandbox.parameters import INTEGER
from linkdesk.sandbox.php_array import values_of
from linkdesk.sandbox.rest_error import RestError, crm_error
from linkdesk.sandbox.store import (
    COMPANY,
    CONTACT,
    DEAL,
    FIRST_SMART_PROCESS,
    INVOICE,
    LEAD,
    QUOTE,
    Activity,
    Binding,
)
from tool_specs.declaration.wire import Json

MAX_BINDINGS: Final = 100
BINDABLE: Final = frozenset({LEAD, DEAL, CONTACT, COMPANY, QUOTE, INVOICE})


def get(call: Call) -> Json:
    """Answer `crm.activity.get`; its errors have an empty code."""
    given = str(call.params.get("id"))
    activity = call.store.activities.get(int(given)) if INTEGER.fullmatch(given) else None
    if activity is None:
        raise RestError("", "Activity is not found")
    if not _readable(call, activity):
        raise RestError("", "Access denied.")
    return activity_as_json(activity)


def list_activities(call: Call) -> Json:
    """Answer `crm.activity.list`; by a binding an activity may come more than once, and unknown filters are dropped."""
    given: Json = call.params.get("filter")
    conditions = dict(cast("Mapping[str, Json]", given)) if isinstance(given, dict) else {}
    bound = conditions.pop("BINDINGS", None)
    rows = [
        activity_as_json(activity)
        for activity in sorted(call.store.activities.values(), key=lambda activity: activity.id)
        if _readable(call, activity)
        for _ in range(1 if bound is None else _times_bound(activity, bound))
    ]
    order: Json = call.params.get("order")
    found = sort_rows(filter_rows(rows, conditions, None), order, None)
    columns = values_of(call.params.get("select")) or ["*"]
    start = str(call.params.get("start", 0))
    return counted_page(
        [{name: value for name, value in row.items() if "*" in columns or name in columns} for row in found],
        None,
        int(start) if INTEGER.fullmatch(start) else 0,
    )


def _times_bound(activity: Activity, bound: Json) -> int:
    """Count the conditions that an activity meets by a binding; one without an id is met by each of the type."""
    pairs = [cast("Mapping[str, Json]", one) for one in values_of(bound) if isinstance(one, dict)]
    return sum(
        str(pair.get("OWNER_TYPE_ID")) == str(binding.entity_type_id)
        and str(pair.get("OWNER_ID", binding.entity_id)) == str(binding.entity_id)
        for binding in activity.bindings
        for pair in pairs
    )


def activity_as_json(activity: Activity) -> dict[str, Json]:
    """Return an activity in capitals, every id a string; it belongs to the first item it is bound to."""
    owner = activity.bindings[0] if activity.bindings else Binding(entity_type_id=0, entity_id=0)
    return {
        "ID": str(activity.id),
        "OWNER_ID": str(owner.entity_id),
        "OWNER_TYPE_ID": str(owner.entity_type_id),
        "TYPE_ID": "6",
        "PROVIDER_ID": activity.provider,
        "PROVIDER_TYPE_ID": activity.provider_type,
        "PROVIDER_GROUP_ID": None,
        "ASSOCIATED_ENTITY_ID": str(activity.belongs_to),
        "SUBJECT": activity.subject,
        "CREATED": activity.created,
        "LAST_UPDATED": activity.created,
        "START_TIME": activity.deadline,
        "END_TIME": activity.deadline,
        "DEADLINE": activity.deadline,
        "COMPLETED": "Y" if activity.completed else "N",
        "STATUS": "2" if activity.completed else "1",
        "RESPONSIBLE_ID": "1",
        "AUTHOR_ID": "1",
        "EDITOR_ID": "1",
        "PRIORITY": "2",
        "DESCRIPTION": "",
        "DESCRIPTION_TYPE": "1",
        "DIRECTION": "0",
        "LOCATION": "",
        "SETTINGS": [],
        "PROVIDER_PARAMS": [],
    }


def list_bindings(call: Call) -> Json:
    """Answer `binding.list`: a bare array of the items that the caller may read."""
    activity = _found(call)
    if not _readable(call, activity):
        raise crm_error("ACCESS_DENIED")
    return [
        {"entityTypeId": binding.entity_type_id, "entityId": binding.entity_id}
        for binding in activity.bindings
        if binding.entity_type_id not in call.user.may_not_read
    ]


def add_binding(call: Call) -> Json:
    """Answer `binding.add`, which does not look whether the item exists."""
    activity = _found(call)
    target = _binding(call)
    _may_edit(call, target)
    if target in activity.bindings:
        raise crm_error("ACTIVITY_IS_ALREADY_BOUND")
    activity.bindings = _drop_excess([*activity.bindings, target])
    return True


def delete_binding(call: Call) -> Json:
    """Answer `binding.delete`."""
    activity = _found(call)
    target = _binding(call)
    _may_edit(call, target)
    if target not in activity.bindings:
        raise crm_error("BINDING_NOT_FOUND")
    if len(activity.bindings) == 1:
        raise crm_error("LAST_BINDING_CANNOT_BE_DELETED")
    activity.bindings = [binding for binding in activity.bindings if binding != target]
    return True


def move_binding(call: Call) -> Json:
    """Answer `binding.move`; the ids are compared before the types, and without them."""
    activity = _found(call)
    source, target = _binding(call, "source"), _binding(call, "target")
    _may_edit(call, source)
    _may_edit(call, target)
    if source.entity_id == target.entity_id:
        raise crm_error("SOURCE_AND_TARGET_ENTITY_ID_ARE_EQUAL_ERROR")
    if source.entity_type_id != target.entity_type_id:
        raise crm_error("SOURCE_AND_TARGET_ENTITY_TYPES_ARE_NOT_EQUAL_ERROR")
    if target in activity.bindings:
        raise crm_error("ACTIVITY_IS_ALREADY_BOUND")
    if source not in activity.bindings:
        raise crm_error("BINDING_NOT_FOUND")
    activity.bindings = [target if binding == source else binding for binding in activity.bindings]
    return True


def _found(call: Call) -> Activity:
    activity = call.store.activities.get(call.params["activityId"])
    if activity is None:
        raise crm_error("NOT_FOUND")
    return activity


def _readable(call: Call, activity: Activity) -> bool:
    return not activity.bindings or any(
        binding.entity_type_id not in call.user.may_not_read for binding in activity.bindings
    )


def _binding(call: Call, side: str = "") -> Binding:
    """Read the item a call names: `entityId`, or `sourceEntityId` and `targetEntityId`."""
    kind, item = (f"{side}{name}" if side else name[0].lower() + name[1:] for name in ("EntityTypeId", "EntityId"))
    return Binding(entity_type_id=call.params[kind], entity_id=call.params[item])


def _may_edit(call: Call, binding: Binding) -> None:
    kind = binding.entity_type_id
    if kind in call.user.may_not_edit or not (kind in BINDABLE or kind >= FIRST_SMART_PROCESS):
        raise crm_error("ACCESS_DENIED")


def _drop_excess(bindings: list[Binding]) -> list[Binding]:
    """Drop the lowest ids above the limit, as the portal does without a word."""
    surplus = sorted(bindings, key=lambda binding: binding.entity_id)[: max(0, len(bindings) - MAX_BINDINGS)]
    return [binding for binding in bindings if binding not in surplus]


def handlers() -> Iterator[tuple[str, Handler]]:
    """Return the methods of activities."""
    yield "crm.activity.get", get
    yield "crm.activity.list", list_activities
    yield "crm.activity.binding.list", list_bindings
    yield "crm.activity.binding.add", add_binding
    yield "crm.activity.binding.delete", delete_binding
    yield "crm.activity.binding.move", move_binding
