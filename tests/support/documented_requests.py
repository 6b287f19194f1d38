"""The documented request of each method: our arguments, and the body that the vendor's page shows for them.

Taken from the "cURL" examples on https://apidocs.bitrix24.com/api-reference/; where an example contradicts the page's
table of parameters, the table is used. Paging and order are ours, and settings have the names that the server reads.
"""

from __future__ import annotations

from typing import Any, Final

from tool_specs.declaration.crm_ref import CrmRef

DEAL_1: Final = {"moduleId": "crm", "entityTypeId": "DEAL", "value": "1"}
CONTACTS: Final = [
    {"id": 1, "type": {"module": "crm", "code": "CONTACT"}},
    {"id": 2, "type": {"module": "crm", "code": "CONTACT"}},
]
HANDLER: Final = {"event": "ONCRMLEADADD", "handler": "https://www.my-domain.com/handler/"}
PERIOD: Final = {
    "date_from": "2024-08-12 09:15",
    "date_to": "2024-08-12 09:30",
    "timezone": "Europe/Kaliningrad",
}
DATE_PERIOD: Final = {
    "from": {"timestamp": 1723446900, "timezone": "Europe/Kaliningrad"},
    "to": {"timestamp": 1723447800, "timezone": "Europe/Kaliningrad"},
}
MESSAGES: Final = {
    "confirmation_notification": True,
    "confirmation_template": "animate",
    "confirmation_delay_seconds": 86400,
    "confirmation_repetitions": 0,
    "confirmation_repetitions_interval_seconds": 10800,
    "confirmation_counter_delay_seconds": 7200,
    "reminder_notification": True,
    "reminder_delay_seconds": -1,
    "feedback_notification": False,
    "feedback_template": "inanimate",
    "delayed_notification": False,
    "delayed_template": "inanimate",
    "delayed_delay_seconds": 300,
    "delayed_counter_delay_seconds": 7200,
}
SENT_MESSAGES: Final = {
    "isConfirmationNotificationOn": "Y",
    "templateTypeConfirmation": "animate",
    "confirmationNotificationDelay": 86400,
    "confirmationNotificationRepetitions": 0,
    "confirmationNotificationRepetitionsInterval": 10800,
    "confirmationCounterDelay": 7200,
    "isReminderNotificationOn": "Y",
    "reminderNotificationDelay": -1,
    "isFeedbackNotificationOn": "N",
    "templateTypeFeedback": "inanimate",
    "isDelayedNotificationOn": "N",
    "templateTypeDelayed": "inanimate",
    "delayedNotificationDelay": 300,
    "delayedCounterDelay": 7200,
}


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
    "booking.v1.booking.list": (
        {"date_from": "2024-08-12T10:00+03:00", "date_to": "2025-02-11T11:30:00+03:00", "client": contact(1)},
        {
            "filter": {
                "within": {"dateFrom": 1723446000, "dateTo": 1739262600},
                "client": {"entities": [{"code": "CONTACT", "module": "crm", "id": 1}]},
            },
            "order": {"dateFrom": "ASC", "id": "ASC"},
            "start": 0,
        },
    ),
    "booking.v1.booking.get": ({"booking_id": 15}, {"id": 15}),
    "booking.v1.booking.add": (
        {
            "resource_ids": [1, 2],
            **PERIOD,
            "name": "Booking",
            "description": "For two",
        },
        {
            "fields": {
                "resourceIds": [1, 2],
                "datePeriod": DATE_PERIOD,
                "name": "Booking",
                "description": "For two",
            },
        },
    ),
    "booking.v1.booking.update": (
        {"booking_id": 15, "resource_ids": [1, 2], **PERIOD, "name": "Booking"},
        {"id": 15, "fields": {"resourceIds": [1, 2], "datePeriod": DATE_PERIOD, "name": "Booking"}},
    ),
    "booking.v1.booking.delete": ({"booking_id": 15}, {"id": 15}),
    "booking.v1.booking.createfromwaitlist": (
        {"waitlist_id": 4, "resource_ids": [1, 2], **PERIOD},
        {"waitListId": 4, "fields": {"resourceIds": [1, 2], "datePeriod": DATE_PERIOD}},
    ),
    "booking.v1.waitlist.list": (
        {"created_from": "2025-04-01", "created_to": "2025-04-15"},
        {"filter": {"createdWithin": {"from": "01.04.2025", "to": "16.04.2025"}}, "start": 0},
    ),
    "booking.v1.waitlist.get": ({"waitlist_id": 7}, {"id": 7}),
    "booking.v1.waitlist.add": ({"note": "note"}, {"fields": {"note": "note"}}),
    "booking.v1.waitlist.update": ({"waitlist_id": 7, "note": "note"}, {"id": 7, "fields": {"note": "note"}}),
    "booking.v1.waitlist.delete": ({"waitlist_id": 7}, {"id": 7}),
    "booking.v1.waitlist.createfrombooking": ({"booking_id": 15}, {"bookingId": 15}),
    "booking.v1.resource.list": (
        {"text": "car", "type_id": 1},
        {"filter": {"searchQuery": "car", "typeId": 1}, "order": {"id": "ASC"}, "start": 0},
    ),
    "booking.v1.resource.get": ({"resource_id": 15}, {"id": 15}),
    "booking.v1.resource.add": (
        {
            "name": "Car",
            "description": "Red",
            "type_id": 1,
            "is_main": True,
            "info_notification": True,
            "info_template": "inanimate",
            "info_delay_seconds": 300,
            **MESSAGES,
        },
        {
            "fields": {
                "name": "Car",
                "description": "Red",
                "typeId": 1,
                "isMain": "Y",
                "isInfoNotificationOn": "Y",
                "templateTypeInfo": "inanimate",
                "infoNotificationDelay": 300,
                **SENT_MESSAGES,
            },
        },
    ),
    "booking.v1.resource.update": (
        {"resource_id": 15, "name": "Car", "type_id": 1, "is_main": False, **MESSAGES},
        {"id": 15, "fields": {"name": "Car", "typeId": 1, "isMain": "N", **SENT_MESSAGES}},
    ),
    "booking.v1.resource.delete": ({"resource_id": 15}, {"id": 15}),
    "booking.v1.resource.slots.list": ({"resource_id": 15}, {"resourceId": 15}),
    "booking.v1.resource.slots.set": (
        {
            "resource_id": 15,
            "slots": [
                {
                    "from": "09:00",
                    "to": 1080,
                    "weekdays": ["Mon", "Tue"],
                    "slot_minutes": 60,
                    "timezone": "Europe/Kaliningrad",
                },
            ],
        },
        {
            "resourceId": 15,
            "slots": [
                {
                    "from": 540,
                    "to": 1080,
                    "timezone": "Europe/Kaliningrad",
                    "weekDays": ["Mon", "Tue"],
                    "slotSize": 60,
                },
            ],
        },
    ),
    "booking.v1.resource.slots.unset": ({"resource_id": 15, "all": True}, {"resourceId": 15}),
    "booking.v1.resourceType.list": (
        {"text": "equip"},
        {"filter": {"searchQuery": "equip"}, "order": {"id": "ASC"}, "start": 0},
    ),
    "booking.v1.resourceType.get": ({"type_id": 15}, {"id": 15}),
    "booking.v1.resourceType.add": (
        {"name": "Equipment", "code": "equipment", **MESSAGES},
        {"fields": {"name": "Equipment", "code": "equipment", **SENT_MESSAGES}},
    ),
    "booking.v1.resourceType.update": (
        {"type_id": 15, "name": "Equipment", "code": "equipment", **MESSAGES},
        {"id": 15, "fields": {"name": "Equipment", "code": "equipment", **SENT_MESSAGES}},
    ),
    "booking.v1.resourceType.delete": ({"type_id": 15}, {"id": 15}),
    "booking.v1.clienttype.list": ({}, {}),
    "crm.item.list": (
        {"type": "lead", "text": "Admin"},
        {
            "entityTypeId": 1,
            "filter": {"%title": "Admin"},
            "select": ["id", "title", "name", "lastName", "contactId", "companyId"],
            "order": {"id": "DESC"},
            "start": -1,
        },
    ),
    "crm.item.get": ({"item": CrmRef(type="lead", id=250)}, {"entityTypeId": 1, "id": 250}),
    "crm.activity.list": (
        {"owner": contact(102), "text": "call"},
        {
            "filter": {"BINDINGS": [{"OWNER_TYPE_ID": 3, "OWNER_ID": 102}], "%SUBJECT": "call"},
            "select": ["ID", "SUBJECT", "OWNER_TYPE_ID", "OWNER_ID", "COMPLETED", "DEADLINE"],
            "order": {"ID": "DESC"},
            "start": 0,
        },
    ),
    "crm.activity.get": ({"activity_id": 999}, {"id": 999}),
    "crm.type.list": ({}, {"start": 0}),
    "crm.duplicate.findbycomm": (
        {"kind": "EMAIL", "values": ["name@example.com"], "entity_type": "CONTACT"},
        {"type": "EMAIL", "values": ["name@example.com"], "entity_type": "CONTACT"},
    ),
    "crm.enum.ownertype": ({}, {}),
    "user.current": ({}, {}),
    "user.get": ({"ids": [1, 3]}, {"FILTER": {"ID": [1, 3]}, "start": 0}),
    "profile": ({}, {}),
    "scope": ({}, {}),
    "server.time": ({}, {}),
    "event.bind": (HANDLER, HANDLER),
    "event.unbind": (HANDLER, HANDLER),
    "event.get": ({}, {}),
    "method.get": ({"method": "user.get"}, {"name": "user.get"}),
}
