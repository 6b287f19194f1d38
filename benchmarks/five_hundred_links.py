"""Link 500 bookings to a deal safely: read, write, read back, and check the deal; 1,501 commands.

It runs in virtual time on a sandbox whose rate limit is exhausted at the start, and counts requests, refusals and
seconds, in batches and one call at a time.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any

import httpx
import structlog

from linkdesk.errors.base import PortalError
from linkdesk.portal.address import WebhookAddress
from linkdesk.portal.client import Portal
from linkdesk.portal.rate import Rate
from linkdesk.sandbox.app import Sandbox
from tests.support.virtual_time import clock, now, run, steady
from tool_specs.declaration.method import Method
from tool_specs.methods.booking_links import ListBookingLinks, SetBookingLinks
from tool_specs.methods.crm_item import GetCrmItem

BOOKINGS = 500
FULL = 50


async def bookings_in(sandbox: Sandbox) -> list[int]:
    """Add the bookings to a sandbox, bypassing its limits, and return their ids."""
    many = Sandbox(operating_budget=None, rate=None)
    many.store.__dict__.update(sandbox.store.__dict__)
    ids: list[int] = []
    async with httpx.AsyncClient(transport=many.transport(), base_url="http://127.0.0.1") as http:
        for number in range(BOOKINGS):
            start = 1795000000 + 3600 * number
            period = {
                "from": {"timestamp": start, "timezone": "Europe/Moscow"},
                "to": {"timestamp": start + 1800, "timezone": "Europe/Moscow"},
            }
            body = {"fields": {"resourceIds": [1], "datePeriod": period}}
            answer = await http.post(f"{many.webhook_path}booking.v1.booking.add", json=body)
            ids.append(answer.json()["result"])
    sandbox.store.__dict__.update(many.store.__dict__)
    return ids


def steps_of(ids: list[int]) -> Iterator[list[Method[Any]]]:
    """Yield the calls of each step."""
    yield [GetCrmItem.model_validate({"item": "deal:1"})]
    yield [ListBookingLinks(booking_id=number) for number in ids]
    yield [SetBookingLinks.model_validate({"booking_id": number, "links": ["deal:1"]}) for number in ids]
    yield [ListBookingLinks(booking_id=number) for number in ids]


async def linked(*, together: bool) -> tuple[int, float, int]:
    """Link all bookings and return the number of requests, the seconds and the number of refusals."""
    requests = 0
    limited = Sandbox(clock=clock, operating_budget=None)
    ids = await bookings_in(limited)
    inner = limited.transport()

    async def counted(request: httpx.Request) -> httpx.Response:
        nonlocal requests
        requests += 1
        return await inner.handle_async_request(request)

    async with httpx.AsyncClient(transport=inner, base_url="http://127.0.0.1") as other:
        for _ in range(FULL):
            await other.post(f"{limited.webhook_path}profile")
    limited.calls.clear()
    address = WebhookAddress.parse(f"http://127.0.0.1{limited.webhook_path}")
    transport = httpx.MockTransport(counted)
    started = now()
    async with Portal(address, transport=transport, rate=Rate(), clock=steady, now=now) as portal:
        for methods in steps_of(ids):
            if together:
                async for _, answer in portal.stream(methods):
                    if isinstance(answer, PortalError):
                        raise answer
            else:
                for method in methods:
                    await portal(method)
    return requests, now() - started, sum(call.status == httpx.codes.SERVICE_UNAVAILABLE for call in limited.calls)


def main() -> None:
    """Print the figures."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    for way, together in (("in batches", True), ("one by one", False)):
        requests, seconds, refusals = run(linked(together=together))
        took = f"{requests} requests, {seconds:.1f} s of the portal's time, {refusals} refusals"
        print(f"{BOOKINGS} bookings linked {way}: {took}")


if __name__ == "__main__":
    main()
