"""Direct HTTP calls of the sandbox."""

from __future__ import annotations

from datetime import UTC, datetime

import httpx

from linkdesk.sandbox.app import Sandbox
from tool_specs.declaration.wire import Json

FRIDAY = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)

DEAL_1 = {"moduleId": "crm", "entityTypeId": "DEAL", "value": "1"}
DEAL_7 = {"moduleId": "crm", "entityTypeId": "DEAL", "value": "7"}
EVENT_555 = {"moduleId": "calendar", "entityTypeId": "EVENT", "value": "555"}
CONTACT_1 = {"id": 1, "type": {"module": "crm", "code": "CONTACT"}}
CONTACT_2 = {"id": 2, "type": {"module": "crm", "code": "CONTACT"}}


def deal(number: int | str) -> dict[str, str]:
    return {"moduleId": "crm", "entityTypeId": "DEAL", "value": str(number)}


def new_sandbox(**switches: Json) -> Sandbox:
    """Build a sandbox on a Friday, without a rate limit unless the test sets one."""
    return Sandbox(**{"clock": lambda: FRIDAY, "rate": None, "secret": "s3cret", **switches})


async def request(sandbox: Sandbox, verb: str, path: str, **more: Json) -> httpx.Response:
    async with httpx.AsyncClient(
        transport=sandbox.transport(),
        base_url="https://portal.example",
        trust_env=False,
        timeout=more.pop("timeout", 5),
    ) as client:
        return await client.request(verb, path, **more)


async def call(
    sandbox: Sandbox, method: str, params: Json = None, *, path: str | None = None, **more: Json
) -> httpx.Response:
    """Call a method with a JSON body, as user 1 unless another webhook path is given."""
    return await request(sandbox, "POST", f"{path or sandbox.webhook_path}{method}", json=params or {}, **more)


async def result(sandbox: Sandbox, method: str, params: Json = None, *, path: str | None = None) -> Json:
    answer = await call(sandbox, method, params, path=path)
    assert answer.status_code == 200, answer.text
    return answer.json()["result"]


async def error(sandbox: Sandbox, method: str, params: Json = None, *, path: str | None = None) -> tuple[int, Json]:
    """Return the status and error code of a refused call."""
    answer = await call(sandbox, method, params, path=path)
    assert "time" not in answer.json()
    assert isinstance(answer.json()["error_description"], str)
    return answer.status_code, answer.json()["error"]


def by_application(sandbox: Sandbox, method: str, params: Json = None, *, user_id: int = 1) -> dict[str, Json]:
    """Return the arguments of a call, with an application's token for methods that refuse webhooks."""
    if not method.startswith("event."):
        return {"params": params}
    token = sandbox.add_token(user_id, application=sandbox.add_application(redirect="http://127.0.0.1:1/"))
    return {"params": {**(params or {}), "auth": token}, "path": "/rest/"}


async def links_of(sandbox: Sandbox, booking: int) -> list[dict[str, str]]:
    listed: list[dict[str, str]] = (
        await result(sandbox, "booking.v1.booking.externalData.list", {"bookingId": booking})
    )["externalData"]
    return listed


async def clients_of(sandbox: Sandbox, booking: int) -> list[tuple[str, int]]:
    listed = (await result(sandbox, "booking.v1.booking.client.list", {"bookingId": booking}))["bookingClient"]
    return [(client["type"]["code"], client["id"]) for client in listed]


async def set_links(sandbox: Sandbox, booking: int, *links: dict[str, str]) -> None:
    params = {"bookingId": booking, "externalData": list(links)}
    assert await result(sandbox, "booking.v1.booking.externalData.set", params) is True


async def set_clients(sandbox: Sandbox, booking: int, *clients: dict[str, Json]) -> None:
    params = {"bookingId": booking, "clients": list(clients)}
    assert await result(sandbox, "booking.v1.booking.client.set", params) is True


async def bindings_of(sandbox: Sandbox, activity: int) -> list[tuple[int, int]]:
    listed = await result(sandbox, "crm.activity.binding.list", {"activityId": activity})
    assert isinstance(listed, list)
    return [(binding["entityTypeId"], binding["entityId"]) for binding in listed]
