"""Every error code can be had where it is documented, and the checks come in their order."""

from typing import Any, Final

import pytest

from linkdesk.sandbox.store import COMPANY, CONTACT, DEAL, LEAD
from tests.support.documented_requests import DATE_PERIOD, DEAL_1, HANDLER, REQUESTS
from tests.support.sandbox_client import by_application, error, new_sandbox
from tool_specs import METHODS
from tool_specs.declaration.method import Method
from tool_specs.declaration.wire import Json

NAMED: Final = "x" * 256
BOOKED: Final = {"resourceIds": [1], "datePeriod": DATE_PERIOD}
BACKWARDS: Final = {"from": DATE_PERIOD["to"], "to": DATE_PERIOD["from"]}
BAD_DAYS: Final = {"filter": {"createdWithin": {"from": "yesterday", "to": "today"}}}
MOVED: Final = {"activityId": 70, "sourceEntityTypeId": 2, "sourceEntityId": 8, "targetEntityTypeId": 2}
BOUND: Final = {"activityId": 999, "entityTypeId": 2, "entityId": 7}
ELSEWHERE: Final = {**BOUND, "activityId": 5555}

PROVOKED: Final[dict[str, dict[str, Json]]] = {
    "booking.v1.booking.list": {"422": BAD_DAYS},
    "booking.v1.booking.add": {
        "422": {"fields": {**BOOKED, "datePeriod": BACKWARDS}},
        "1018": {"fields": {**BOOKED, "resourceIds": []}},
    },
    "booking.v1.booking.get": {"1021": {"id": 5555}},
    "booking.v1.booking.update": {
        "422": {"id": 15, "fields": {"datePeriod": BACKWARDS}},
        "1018": {"id": 15, "fields": {"resourceIds": []}},
        "1019": {"id": 5555, "fields": {}},
    },
    "booking.v1.booking.delete": {"1020": {"id": 5555}},
    "booking.v1.booking.createfromwaitlist": {
        "422": {"waitListId": 4, "fields": {**BOOKED, "datePeriod": BACKWARDS}},
        "1038": {"waitListId": 5555, "fields": BOOKED},
    },
    "booking.v1.waitlist.list": {"422": BAD_DAYS},
    "booking.v1.waitlist.get": {"1040": {"id": 5555}},
    "booking.v1.waitlist.add": {"1034": {"fields": {"note": "x" * 70_000}}},
    "booking.v1.waitlist.update": {
        "1035": {"id": 4, "fields": {"note": "x" * 70_000}},
        "1040": {"id": 5555, "fields": {"note": ""}},
    },
    "booking.v1.waitlist.delete": {"1036": {"id": 5555}},
    "booking.v1.waitlist.createfrombooking": {"1037": {"bookingId": 5555}},
    "booking.v1.booking.externalData.set": {
        "1019": {"bookingId": 14, "externalData": [{**DEAL_1, "value": NAMED}]},
        "1021": {"bookingId": 5555, "externalData": []},
    },
    "booking.v1.booking.client.set": {
        "1021": {"bookingId": 5555, "clients": []},
        "1025": {"bookingId": 14, "clients": [{"id": 1, "type": {"module": "crm", "code": "LEAD"}}]},
    },
    "booking.v1.waitlist.externalData.set": {
        "1035": {"waitListId": 4, "externalData": [{**DEAL_1, "value": NAMED}]},
        "1040": {"waitListId": 5555, "externalData": []},
    },
    "booking.v1.waitlist.client.set": {
        "1025": {"waitListId": 4, "clients": [{"id": 1, "type": {"module": "crm", "code": "LEAD"}}]},
        "1040": {"waitListId": 5555, "clients": []},
    },
    **{
        f"booking.v1.booking.{items}.{verb}": {"1021": {"bookingId": 5555}}
        for items in ("externalData", "client")
        for verb in ("list", "unset")
    },
    **{
        f"booking.v1.waitlist.{items}.{verb}": {"1040": {"waitListId": 5555}}
        for items in ("externalData", "client")
        for verb in ("list", "unset")
    },
    "booking.v1.resource.get": {"1009": {"id": 5555}},
    "booking.v1.resource.add": {
        "422": {"fields": {"name": "A", "typeId": 1, "templateTypeInfo": "base"}},
        "1006": {"fields": {"name": NAMED, "typeId": 1}},
        "1013": {"fields": {"name": "A", "typeId": 5555}},
    },
    "booking.v1.resource.update": {
        "422": {"id": 1, "fields": {"templateTypeInfo": "base"}},
        "1007": {"id": 5555, "fields": {}},
        "1013": {"id": 1, "fields": {"typeId": 5555}},
    },
    "booking.v1.resource.delete": {"1008": {"id": 5555}},
    "booking.v1.resource.slots.list": {"1009": {"resourceId": 5555}},
    "booking.v1.resource.slots.set": {
        "1007": {
            "resourceId": 1,
            "slots": [{"from": 1, "to": 0, "timezone": "UTC", "weekDays": ["Mon"], "slotSize": 60}],
        },
        "1009": {"resourceId": 5555, "slots": []},
    },
    "booking.v1.resource.slots.unset": {"1009": {"resourceId": 5555}},
    "booking.v1.resourceType.get": {"1013": {"id": 5555}},
    "booking.v1.resourceType.add": {
        "422": {"fields": {"name": "A", "code": "a", "templateTypeDelayed": "x"}},
        "1010": {"fields": {"name": NAMED, "code": "a"}},
    },
    "booking.v1.resourceType.update": {
        "422": {"id": 1, "fields": {"templateTypeDelayed": "x"}},
        "1007": {"id": 5555, "fields": {}},
        "1011": {"id": 1, "fields": {"name": NAMED}},
    },
    "booking.v1.resourceType.delete": {"1012": {"id": 5555}},
    "crm.activity.binding.list": {"NOT_FOUND": ELSEWHERE, "ACCESS_DENIED": BOUND},
    "crm.activity.binding.add": {
        "NOT_FOUND": ELSEWHERE,
        "ACCESS_DENIED": BOUND,
        "ACTIVITY_IS_ALREADY_BOUND": BOUND,
    },
    "crm.activity.binding.delete": {
        "NOT_FOUND": ELSEWHERE,
        "ACCESS_DENIED": BOUND,
        "BINDING_NOT_FOUND": {**BOUND, "entityId": 8},
        "LAST_BINDING_CANNOT_BE_DELETED": BOUND,
    },
    "crm.activity.binding.move": {
        "NOT_FOUND": {**MOVED, "activityId": 5555, "targetEntityId": 8},
        "ACCESS_DENIED": {**MOVED, "targetEntityId": 8},
        "SOURCE_AND_TARGET_ENTITY_ID_ARE_EQUAL_ERROR": {**MOVED, "targetEntityId": 8},
        "SOURCE_AND_TARGET_ENTITY_TYPES_ARE_NOT_EQUAL_ERROR": {**MOVED, "targetEntityId": 9, "targetEntityTypeId": 3},
        "ACTIVITY_IS_ALREADY_BOUND": {**MOVED, "sourceEntityId": 1, "targetEntityId": 9},
        "BINDING_NOT_FOUND": {**MOVED, "sourceEntityId": 1, "targetEntityId": 2},
    },
    "crm.activity.get": {"": {"id": 5555}},
    "crm.item.list": {
        "NOT_FOUND": {"entityTypeId": 555},
        "INVALID_ARG_VALUE": {"entityTypeId": 2, "filter": {"x": 1}},
        "allowed_only_intranet_user": {"entityTypeId": 2},
    },
    "crm.item.get": {
        "NOT_FOUND": {"entityTypeId": 2, "id": 99},
        "ACCESS_DENIED": {"entityTypeId": 2, "id": 1},
        "allowed_only_intranet_user": {"entityTypeId": 2, "id": 1},
    },
    "crm.type.list": {
        "ACCESS_DENIED": {},
        "INVALID_ARG_VALUE": {"filter": {"x": 1}},
        "allowed_only_intranet_user": {},
    },
    "crm.duplicate.findbycomm": {
        "Communication type is not defined": {},
        "Communication type 'WEB' is not supported in current context": {"type": "WEB", "values": ["x"]},
        "Communication values is not defined": {"type": "EMAIL"},
        "Access denied": {"type": "EMAIL", "values": ["name@example.com"]},
    },
    "event.bind": {
        "ERROR_EVENT_NOT_FOUND": {**HANDLER, "event": "ONNOTHING"},
        "ACCESS_DENIED": {**HANDLER, "event_type": "offline"},
    },
    "event.unbind": {"ACCESS_DENIED": {**HANDLER, "auth_type": 1}},
}
"""How to get each code of each method."""

DENIED: Final = frozenset({"ACCESS_DENIED", "Access denied"})
NEVER: Final[dict[tuple[str, str], str]] = {
    **{
        (f"crm.activity.binding.{verb}", "OWNER_NOT_FOUND"): "documented, but not raised by the server's code"
        for verb in ("add", "delete", "move")
    },
    **{
        (f"booking.v1.{owner}.{items}.{verb}", code): "stands for failures of the database, which ours has not"
        for owner, code in (("booking", "1019"), ("waitlist", "1035"))
        for items, verb in (("externalData", "unset"), ("client", "unset"), ("client", "set"))
    },
    ("booking.v1.resource.slots.unset", "1007"): "stands for failures of the database, which ours has not",
    **{
        (f"booking.v1.resource.{verb}", "1021"): "only in the example of one page, whose table says 1009"
        for verb in ("get", "delete", "slots.list", "slots.set", "slots.unset")
    },
    ("booking.v1.booking.delete", "1021"): "a missing booking is 1020 here",
    ("booking.v1.resource.delete", "1009"): "a missing resource is 1008 here",
    ("booking.v1.resourceType.update", "1013"): "a missing type is 1007 here",
    ("booking.v1.resourceType.delete", "1013"): "a missing type is 1012 here",
}
"""Codes that no call of ours gets, with the reason."""


@pytest.mark.parametrize(("name", "code"), [(name, code) for name, codes in PROVOKED.items() for code in codes])
async def test_every_documented_code_is_answered_where_it_is_documented(name: str, code: str) -> None:
    sandbox = new_sandbox(string_codes=True)
    request = by_application(sandbox, name, PROVOKED[name][code], user_id=2)
    if code in DENIED or code == "allowed_only_intranet_user":
        request.setdefault("path", sandbox.editor_webhook_path)
        sandbox.store.users[2].may_not_read = {LEAD, DEAL, CONTACT, COMPANY}
        sandbox.store.users[2].intranet = code in DENIED
    forbidden = code in {"Access denied", "allowed_only_intranet_user"} or (name.startswith("event") and code in DENIED)
    assert await error(sandbox, name, **request) == (403 if forbidden else 400, code)
    assert not any(seen.applied for seen in sandbox.calls)


@pytest.mark.parametrize("method", METHODS, ids=lambda method: method.rest)
async def test_without_the_booking_tool_or_a_parameter_the_general_codes_come(method: type[Method[Any]]) -> None:
    sandbox = new_sandbox(string_codes=True)
    body = REQUESTS[method.rest][1]
    first = next((each for each in method.parameters() if each.required), None)
    if method.scope == "booking" and first is not None:
        assert await error(sandbox, method.rest, {}) == (400, "100")
        assert await error(sandbox, method.rest, body | {first.name: "text"}) == (400, "100")
    if method.scope == "booking":
        sandbox.store.booking_tool = False
        assert await error(sandbox, method.rest, {}) == (400, "0")
    elif method.scope:
        bare = sandbox.add_webhook(1, "bare", scopes={"task"})
        assert await error(sandbox, method.rest, {}, path=bare) == (401, "insufficient_scope")


def test_every_code_that_a_declaration_knows_can_be_had_or_is_said_to_be_out_of_reach() -> None:
    general = {"0", "100"}
    known = {(method.rest, code) for method in METHODS for code in method.fails if code not in general}
    had = {(name, code) for name, codes in PROVOKED.items() for code in codes}
    folded = {(name, code.replace(" ", "_").casefold()) for name, code in had | set(NEVER)}
    assert {one for one in known if (one[0], one[1].replace(" ", "_").casefold()) not in folded} == set()
    assert had & set(NEVER) == set()


@pytest.mark.parametrize(
    ("method", "params", "codes"),
    [
        (
            "booking.v1.booking.update",
            [
                {},
                {"id": 5555},
                {"id": 5555, "fields": {"datePeriod": {}}},
                {"id": 5555, "fields": {"datePeriod": BACKWARDS, "resourceIds": []}},
                {"id": 15, "fields": {"datePeriod": BACKWARDS, "resourceIds": []}},
                {"id": 15, "fields": {"resourceIds": []}},
            ],
            ["100", "100", "0", "1019", "422", "1018"],
        ),
        (
            "booking.v1.booking.createfromwaitlist",
            [{"fields": {}}, {"waitListId": 5555, "fields": {}}, {"waitListId": 5555, "fields": BOOKED}],
            ["100", "0", "1038"],
        ),
        (
            "booking.v1.resource.update",
            [
                {"id": 5555, "fields": {"typeId": 5555, "templateTypeInfo": "x"}},
                {"id": 1, "fields": {"typeId": 5555, "templateTypeInfo": "x"}},
                {"id": 1, "fields": {"typeId": 5555}},
            ],
            ["1007", "422", "1013"],
        ),
        (
            "booking.v1.resource.slots.set",
            [{}, {"resourceId": 5555, "slots": [{}]}, {"resourceId": 5555, "slots": []}],
            ["100", "0", "1009"],
        ),
    ],
)
async def test_checks_come_in_their_order(method: str, params: list[Json], codes: list[str]) -> None:
    sandbox = new_sandbox(string_codes=True)
    assert [(await error(sandbox, method, one))[1] for one in params] == codes
