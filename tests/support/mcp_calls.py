"""A call of every tool, and what it answers on a fresh sandbox."""

from __future__ import annotations

from typing import Any

DEAL_1, DEAL_2, DEAL_7 = ({"type": "deal", "id": number} for number in (1, 2, 7))
CONTACT_1, CONTACT_2 = ({"type": "contact", "id": number} for number in (1, 2))
BOOKING_14 = {"type": "booking", "id": 14}
WAITLIST_4 = {"type": "waitlist", "id": 4}
ACTIVITY_999 = {"type": "activity", "id": 999}

LINK_WRITES: list[tuple[str, dict[str, Any], dict[str, Any], list[dict[str, Any]]]] = [
    ("set_booking_links", {"booking_id": 14, "links": [DEAL_1]}, BOOKING_14, [DEAL_7, DEAL_1]),
    ("unset_booking_links", {"booking_id": 14, "links": [DEAL_7]}, BOOKING_14, []),
    ("set_waitlist_links", {"waitlist_id": 4, "links": [DEAL_2]}, WAITLIST_4, [DEAL_2]),
    ("set_booking_clients", {"booking_id": 14, "clients": [CONTACT_2]}, BOOKING_14, [CONTACT_1, CONTACT_2]),
    ("unset_booking_clients", {"booking_id": 14, "clients": [CONTACT_1]}, BOOKING_14, []),
    ("set_waitlist_clients", {"waitlist_id": 4, "clients": [CONTACT_1]}, WAITLIST_4, [CONTACT_2, CONTACT_1]),
    ("unset_waitlist_clients", {"waitlist_id": 4, "clients": [CONTACT_2]}, WAITLIST_4, []),
    ("add_activity_binding", {"activity_id": 999, "target": DEAL_1}, ACTIVITY_999, [DEAL_7, DEAL_1]),
    ("move_activity_binding", {"activity_id": 999, "source": DEAL_7, "target": DEAL_1}, ACTIVITY_999, [DEAL_1]),
]

LINK_READS: list[tuple[str, dict[str, Any], dict[str, Any], str, list[dict[str, Any]]]] = [
    ("list_booking_links", {"booking_id": 14}, BOOKING_14, "links", [DEAL_7]),
    ("list_waitlist_links", {"waitlist_id": 4}, WAITLIST_4, "links", []),
    ("list_booking_clients", {"booking_id": 14}, BOOKING_14, "clients", [CONTACT_1]),
    ("list_waitlist_clients", {"waitlist_id": 4}, WAITLIST_4, "clients", [CONTACT_2]),
    ("list_activity_bindings", {"activity_id": 999}, ACTIVITY_999, "bindings", [DEAL_7]),
]

PERIOD = {"date_from": "2026-11-23 12:00", "date_to": "2026-11-23T13:00:00+03:00"}

HOURS = {"from": "10:00", "to": "18:00", "weekdays": ["Mon"], "slot_minutes": 30}

RECORD_READS: dict[str, dict[str, Any]] = {
    "list_bookings": {"date_from": "2026-11-16", "date_to": "2026-11-22", "with_links": True, "with_clients": True},
    "get_booking": {"booking_id": 14},
    "list_waitlist_entries": {"with_links": True, "with_clients": True},
    "get_waitlist_entry": {"waitlist_id": 4},
    "list_resources": {"text": "Анна"},
    "get_resource": {"resource_id": 1},
    "list_resource_slots": {"resource_id": 1},
    "list_resource_types": {},
    "get_resource_type": {"type_id": 1},
    "list_client_types": {},
    "find_crm_items": {"text": "стрижка"},
    "get_crm_item": {"item": {"type": "deal", "id": 1}},
    "find_activities": {"owner": {"type": "deal", "id": 7}},
    "get_activity": {"activity_id": 999},
    "list_crm_types": {},
    "whoami": {},
    "list_changes": {},
    "get_day_schedule": {"day": "2026-11-20"},
}

RECORD_WRITES: dict[str, dict[str, Any]] = {
    "add_booking": {"resource_ids": [1], "name": "Wash", **PERIOD},
    "update_booking": {"booking_id": 14, "description": "bring the card"},
    "add_waitlist_entry": {"note": "call back"},
    "update_waitlist_entry": {"waitlist_id": 4, "note": "called"},
    "add_resource": {"name": "Room 2", "type_id": 2, "reminder_notification": False},
    "update_resource": {"resource_id": 1, "name": "Anna"},
    "add_resource_type": {"name": "Chairs", "code": "chair"},
    "update_resource_type": {"type_id": 1, "name": "Masters"},
}

CONFIRMED_WRITES: dict[str, dict[str, Any]] = {
    "delete_booking": {"booking_id": 14},
    "create_booking_from_waitlist": {"waitlist_id": 4, "resource_ids": [2], **PERIOD},
    "delete_waitlist_entry": {"waitlist_id": 4},
    "create_waitlist_entry_from_booking": {"booking_id": 14},
    "delete_resource": {"resource_id": 3},
    "set_resource_slots": {"resource_id": 1, "slots": [HOURS]},
    "unset_resource_slots": {"resource_id": 1, "all": True},
    "delete_resource_type": {"type_id": 2},
}
