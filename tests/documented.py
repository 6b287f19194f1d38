"""The vendor's documented request of each method: our arguments, and the body the page prints for them.

Taken from the pages of https://apidocs.bitrix24.com/api-reference/ (the example of the "cURL" tabs; where a page passes
another shape by mistake, the shape of its table).
"""

from __future__ import annotations

from typing import Any, Final

from tool_specs.crm_ref import CrmRef

DEAL_1: Final = {"moduleId": "crm", "entityTypeId": "DEAL", "value": "1"}
CONTACTS: Final = [
    {"id": 1, "type": {"module": "crm", "code": "CONTACT"}},
    {"id": 2, "type": {"module": "crm", "code": "CONTACT"}},
]


def deal(number: int) -> CrmRef:
    return CrmRef(type="deal", id=number)


def contact(number: int) -> CrmRef:
    return CrmRef(type="contact", id=number)


REQUESTS: Final[dict[str, tuple[dict[str, Any], dict[str, Any]]]] = {
    "booking.v1.booking.externalData.list": ({"booking_id": 14}, {"bookingId": 14}),
    "booking.v1.booking.externalData.set": (
        {"booking_id": 14, "links": [deal(1)]},
        {"bookingId": 14, "externalData": [DEAL_1]},
    ),
    "booking.v1.booking.externalData.unset": ({"booking_id": 14, "all": True}, {"bookingId": 14}),
    "booking.v1.waitlist.externalData.list": ({"waitlist_id": 4}, {"waitListId": 4}),
    "booking.v1.waitlist.externalData.set": (
        {"waitlist_id": 4, "links": [deal(1)]},
        {"waitListId": 4, "externalData": [DEAL_1]},
    ),
    "booking.v1.waitlist.externalData.unset": ({"waitlist_id": 4, "all": True}, {"waitListId": 4}),
    "booking.v1.booking.client.list": ({"booking_id": 14}, {"bookingId": 14}),
    "booking.v1.booking.client.set": (
        {"booking_id": 14, "clients": [contact(1), contact(2)]},
        {"bookingId": 14, "clients": CONTACTS},
    ),
    "booking.v1.booking.client.unset": ({"booking_id": 14, "all": True}, {"bookingId": 14}),
    "booking.v1.waitlist.client.list": ({"waitlist_id": 4}, {"waitListId": 4}),
    "booking.v1.waitlist.client.set": (
        {"waitlist_id": 4, "clients": [contact(1), contact(2)]},
        {"waitListId": 4, "clients": CONTACTS},
    ),
    "booking.v1.waitlist.client.unset": ({"waitlist_id": 4, "all": True}, {"waitListId": 4}),
    "crm.activity.binding.list": ({"activity_id": 999}, {"activityId": 999}),
    "crm.activity.binding.add": (
        {"activity_id": 999, "target": deal(1)},
        {"activityId": 999, "entityTypeId": 2, "entityId": 1},
    ),
    "crm.activity.binding.delete": (
        {"activity_id": 999, "target": deal(1)},
        {"activityId": 999, "entityTypeId": 2, "entityId": 1},
    ),
    "crm.activity.binding.move": (
        {"activity_id": 999, "source": deal(1), "target": deal(100)},
        {
            "activityId": 999,
            "sourceEntityTypeId": 2,
            "sourceEntityId": 1,
            "targetEntityTypeId": 2,
            "targetEntityId": 100,
        },
    ),
    "booking.v1.booking.get": ({"booking_id": 15}, {"id": 15}),
    "booking.v1.waitlist.get": ({"waitlist_id": 7}, {"id": 7}),
    "crm.item.get": ({"item": CrmRef(type="lead", id=250)}, {"entityTypeId": 1, "id": 250}),
    "crm.activity.get": ({"activity_id": 999}, {"id": 999}),
}
