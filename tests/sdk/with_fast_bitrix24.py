"""Reads and writes by `fast-bitrix24`; prints what it saw as JSON. Arguments: the webhook's address.

Runs in an interpreter of its own, which has the library; the authority is in `SSL_CERT_FILE`.
"""

from __future__ import annotations

import importlib
import json
import sys
from typing import Any

sdk: Any = importlib.import_module("fast_bitrix24")

portal = sdk.Bitrix(sys.argv[1], verbose=False)
deals = [{"moduleId": "crm", "entityTypeId": "DEAL", "value": number} for number in ("1", "7")]
contacts = [{"id": number, "type": {"module": "crm", "code": "CONTACT"}} for number in (1, 2)]

seen: dict[str, Any] = {}
seen["links set"] = portal.call("booking.v1.booking.externalData.set", {"bookingId": 14, "externalData": deals})
seen["links"] = portal.call("booking.v1.booking.externalData.list", {"bookingId": 14}, raw=True)["result"]
seen["links"] = [link["value"] for link in seen["links"]["externalData"]]
seen["clients set"] = portal.call("booking.v1.booking.client.set", {"bookingId": 14, "clients": contacts})
seen["clients"] = portal.call("booking.v1.booking.client.list", {"bookingId": 14}, raw=True)["result"]
seen["clients"] = [one["id"] for one in seen["clients"]["bookingClient"]]
many = [{"activityId": 999, "entityTypeId": 2, "entityId": number} for number in (1, 2, 3)]
seen["bindings added in a batch"] = list(portal.call("crm.activity.binding.add", many))
seen["bindings"] = [
    one["entityId"] for one in portal.call("crm.activity.binding.list", {"activityId": 999}, raw=True)["result"]
]
seen["deals"] = sorted(item["id"] for item in portal.get_all("crm.item.list", {"entityTypeId": 2}))
seen["activities"] = len(portal.get_all("crm.activity.list", {"select": ["ID"]}))
seen["bookings"] = [one["id"] for one in portal.get_all("booking.v1.booking.list")]
seen["by id"] = sorted(portal.get_by_ID("crm.activity.get", [70, 71, 999]))
json.dump(seen, sys.stdout)
