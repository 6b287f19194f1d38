"""Events of the sandbox: who may bind them, when they are sent, what they hold, and that nobody waits for them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl

import httpx
import pytest

from linkdesk.sandbox.app import Sandbox
from linkdesk.sandbox.authorization import SandboxApplication
from tests.support.documented_requests import DATE_PERIOD
from tests.support.sandbox_client import CONTACT_1, DEAL_1, FRIDAY, error, new_sandbox, result
from tool_specs.declaration.wire import Json

HANDLER = "http://127.0.0.1:8080/bitrix24/events/x"
ADD, UPDATE, DELETE = "ONBOOKINGADD", "ONBOOKINGUPDATE", "ONBOOKINGDELETE"


class Listener:
    """Takes events in."""

    def __init__(self, status: int = 200) -> None:
        self.status = status
        self.got: list[dict[str, str]] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        assert request.method == "POST"
        assert request.headers["content-type"] == "application/x-www-form-urlencoded"
        assert str(request.url) == HANDLER
        self.got.append(dict(parse_qsl(request.content.decode(), keep_blank_values=True)))
        return httpx.Response(self.status)

    @property
    def events(self) -> list[tuple[str, str]]:
        return [(form["event"], form["data[ID]"]) for form in self.got]


def portal(listener: Callable[..., Any]) -> tuple[Sandbox, SandboxApplication]:
    sandbox = new_sandbox(events=httpx.MockTransport(listener))
    return sandbox, sandbox.add_application(redirect="http://127.0.0.1:1/")


class Employee:
    """An employee who calls through an application."""

    def __init__(self, sandbox: Sandbox, application: SandboxApplication, user_id: int = 1) -> None:
        self.sandbox = sandbox
        self.token = sandbox.add_token(user_id, application=application)

    async def asks(self, method: str, **params: Json) -> Json:
        return await result(self.sandbox, method, {**params, "auth": self.token}, path="/rest/")

    async def bind(self, *events: str, handler: str = HANDLER) -> None:
        for event in events:
            assert await self.asks("event.bind", event=event, handler=handler) is True

    async def handlers(self) -> list[tuple[str, str, str]]:
        found = await self.asks("event.get")
        assert isinstance(found, list)
        return [(one["event"], one["handler"], one["auth_type"]) for one in found]


async def test_a_webhook_has_no_events() -> None:
    sandbox = new_sandbox()
    for method in ("event.bind", "event.unbind", "event.get"):
        params = {"event": ADD, "handler": HANDLER}
        assert await error(sandbox, method, params) == (403, "WRONG_AUTH_TYPE")


async def test_what_happens_to_bookings_is_brought_to_whoever_bound_it() -> None:
    listener = Listener()
    sandbox, application = portal(listener)
    await Employee(sandbox, application).bind(ADD, UPDATE, DELETE)
    fields = {"resourceIds": [3], "datePeriod": DATE_PERIOD}
    number = await result(sandbox, "booking.v1.booking.add", {"fields": fields})
    await result(sandbox, "booking.v1.booking.update", {"id": number, "fields": {"name": "Cut"}})
    for name, items in (("externalData", [DEAL_1]), ("client", [CONTACT_1])):
        given: dict[str, Json] = {"externalData" if name == "externalData" else "clients": items}
        await result(sandbox, f"booking.v1.booking.{name}.set", {"bookingId": number, **given})
        await result(sandbox, f"booking.v1.booking.{name}.unset", {"bookingId": number})
    entry = await result(sandbox, "booking.v1.waitlist.createfrombooking", {"bookingId": number})
    moved = await result(sandbox, "booking.v1.booking.createfromwaitlist", {"waitListId": entry, "fields": fields})
    await result(sandbox, "booking.v1.booking.delete", {"id": moved})
    await result(sandbox, "booking.v1.booking.list")
    await sandbox.event_sender.wait_until_sent()
    assert listener.events == [
        (ADD, str(number)),
        *[(UPDATE, str(number))] * 5,
        (DELETE, str(number)),
        (ADD, str(moved)),
        (DELETE, str(moved)),
    ]
    assert [delivery.status for delivery in sandbox.event_sender.deliveries] == [200] * 9


async def test_an_event_says_where_it_comes_from_and_lets_its_handler_in() -> None:
    listener = Listener()
    sandbox, application = portal(listener)
    sandbox.address = "http://portal.example"
    await Employee(sandbox, application).bind(UPDATE)
    await result(sandbox, "booking.v1.booking.update", {"id": 15, "fields": {"name": "Cut"}})
    await sandbox.event_sender.wait_until_sent()
    (form,) = listener.got
    assert form["event_handler_id"] == "1"
    assert form["ts"] == str(int(FRIDAY.timestamp()))
    assert form["auth[domain]"] == "portal.example"
    assert form["auth[member_id]"] == sandbox.authorization.member_id
    assert form["auth[application_token]"] == application.token
    me = await result(sandbox, "profile", {"auth": form["auth[access_token]"]}, path="/rest/")
    assert me["ID"] == "1"


async def test_a_refused_call_and_one_that_only_reads_make_no_event() -> None:
    listener = Listener()
    sandbox, application = portal(listener)
    await Employee(sandbox, application).bind(ADD, UPDATE, DELETE)
    await error(sandbox, "booking.v1.booking.delete", {"id": 5555})
    await result(sandbox, "booking.v1.booking.get", {"id": 15})
    await result(sandbox, "booking.v1.waitlist.client.set", {"waitListId": 4, "clients": [CONTACT_1]})
    await sandbox.event_sender.wait_until_sent()
    assert listener.got == []


async def test_a_handler_that_fails_is_asked_once_and_nobody_waits_for_a_slow_one() -> None:
    released = asyncio.Event()

    async def slow(_request: httpx.Request) -> httpx.Response:
        await released.wait()
        return httpx.Response(500)

    sandbox, application = portal(slow)
    await Employee(sandbox, application).bind(UPDATE)
    assert await result(sandbox, "booking.v1.booking.update", {"id": 15, "fields": {"name": "Cut"}}) is True
    assert [delivery.status for delivery in sandbox.event_sender.deliveries] == [None]
    released.set()
    await sandbox.event_sender.wait_until_sent()
    assert [delivery.status for delivery in sandbox.event_sender.deliveries] == [500]


@pytest.mark.parametrize("handler", ["https://www.my-domain.com/handler/", "http://10.0.0.1/x", "nonsense"])
async def test_only_handlers_on_this_machine_are_called(handler: str) -> None:
    sandbox, application = portal(Listener())
    await Employee(sandbox, application).bind(UPDATE, handler=handler)
    await result(sandbox, "booking.v1.booking.update", {"id": 15, "fields": {"name": "Cut"}})
    assert sandbox.event_sender.deliveries == []


async def test_nobody_is_told_after_unbinding_or_when_the_application_is_gone() -> None:
    listener = Listener()
    sandbox, application = portal(listener)
    employee = Employee(sandbox, application)
    await employee.bind(UPDATE, UPDATE, DELETE)
    assert await employee.handlers() == [(UPDATE, HANDLER, "0"), (DELETE, HANDLER, "0")]
    assert await employee.asks("event.unbind", event="OnBookingUpdate", handler=HANDLER) == {"count": 1}
    assert await employee.asks("event.unbind", event=UPDATE, handler=HANDLER) == {"count": 0}
    await result(sandbox, "booking.v1.booking.update", {"id": 15, "fields": {"name": "Cut"}})
    application.installed = False
    await result(sandbox, "booking.v1.booking.delete", {"id": 15})
    await sandbox.event_sender.wait_until_sent()
    assert listener.got == []


async def test_who_is_no_administrator_sees_and_unbinds_their_own_handlers_only() -> None:
    sandbox, application = portal(Listener())
    admin, other = Employee(sandbox, application), Employee(sandbox, application, user_id=2)
    await admin.bind(ADD)
    await other.bind(ADD, handler=f"{HANDLER}2")
    assert await other.handlers() == [(ADD, f"{HANDLER}2", "2")]
    assert len(await admin.handlers()) == 2
    assert await other.asks("event.unbind", event=ADD, handler=HANDLER) == {"count": 0}
    assert await admin.asks("event.unbind", event=ADD, handler=f"{HANDLER}2") == {"count": 1}


async def test_handlers_of_another_application_are_nobody_elses_business() -> None:
    sandbox, application = portal(Listener())
    await Employee(sandbox, application).bind(ADD)
    another = Employee(sandbox, sandbox.add_application(redirect="http://127.0.0.1:2/"))
    assert await another.handlers() == []
    assert await another.asks("event.unbind", event=ADD, handler=HANDLER) == {"count": 0}


async def test_offline_handlers_are_kept_and_never_called() -> None:
    sandbox, application = portal(Listener())
    employee = Employee(sandbox, application)
    assert await employee.asks("event.bind", event=UPDATE, handler=HANDLER, event_type="offline") is True
    await result(sandbox, "booking.v1.booking.update", {"id": 15, "fields": {"name": "Cut"}})
    assert sandbox.event_sender.deliveries == []
