"""Reads and writes by the official Python SDK; prints what it saw as JSON. Arguments: the webhook's address.

Runs in an interpreter of its own, which has the SDK; the authority is in `REQUESTS_CA_BUNDLE`.
"""

from __future__ import annotations

import importlib
import json
import sys
from typing import Any
from urllib.parse import urlsplit

sdk: Any = importlib.import_module("b24pysdk")
errors: Any = importlib.import_module("b24pysdk.errors")

address = urlsplit(sys.argv[1])
client = sdk.Client(
    sdk.BitrixWebhook(domain=address.netloc, webhook_token=address.path.removeprefix("/rest/").strip("/"))
)
booking = client.booking.v1.booking
waitlist = client.booking.v1.waitlist
deals = [{"moduleId": "crm", "entityTypeId": "DEAL", "value": number} for number in ("1", "7")]
contacts = [{"id": number, "type": {"module": "crm", "code": "CONTACT"}} for number in (1, 2)]


def code_of(request: Any) -> list[Any]:  # noqa: ANN401 - the SDK is not typed here
    try:
        return ["no error", request.result]
    except errors.BitrixAPIError as problem:
        return [type(problem).__name__, str(problem.error), problem.status_code]


seen: dict[str, Any] = {"scopes": client.scope().result}
seen["links set"] = booking.external_data.set(booking_id=14, external_data=deals).result
seen["links"] = [link["value"] for link in booking.external_data.list(booking_id=14).result["externalData"]]
seen["links unset"] = booking.external_data.unset(booking_id=14).result
seen["clients set"] = booking.client.set(booking_id=14, clients=contacts).result
seen["clients"] = [one["id"] for one in booking.client.list(booking_id=14).result["bookingClient"]]
seen["waitlist links set"] = waitlist.external_data.set(wait_list_id=4, external_data=deals[:1]).result
seen["waitlist links"] = [link["value"] for link in waitlist.external_data.list(wait_list_id=4).result["externalData"]]
seen["waitlist clients set"] = waitlist.client.set(wait_list_id=4, clients=contacts[:1]).result
binding = client.crm.activity.binding
seen["binding add"] = binding.add(activity_id=999, entity_type_id=2, entity_id=1).result
seen["bindings"] = [one["entityId"] for one in binding.list(activity_id=999).result]
seen["binding delete"] = binding.delete(activity_id=999, entity_type_id=2, entity_id=1).result
seen["bookings"] = len(booking.list().result["booking"])
seen["missing booking"] = code_of(booking.get(bitrix_id=5555))
seen["bound twice"] = code_of(binding.add(activity_id=999, entity_type_id=2, entity_id=7))
seen["all deals"] = sorted(item["id"] for item in client.crm.item.list(entity_type_id=2).as_list().result)
seen["all deals, fast"] = sum(1 for _ in client.crm.item.list(entity_type_id=2).as_list_fast().result)
seen["batch"] = client.call_batch(
    {"one": booking.get(bitrix_id=15), "two": client.crm.item.get(entity_type_id=2, bitrix_id=1)}
).result.result["one"]["booking"]["id"]
json.dump(seen, sys.stdout)
