"""A portal with OAuth, our server that receives its events, and the event poller of a bot."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx

from linkdesk.bootstrap.desk import open_desk
from linkdesk.bootstrap.events import EventService, open_event_service
from linkdesk.bootstrap.signin import open_signin_store
from linkdesk.bootstrap.stores import open_events
from linkdesk.config.settings import Settings
from linkdesk.events.model import BookingEvent
from linkdesk.events.store import EventStore, PollerStatus
from linkdesk.portal.application import Application
from linkdesk.portal.oauth import TokenEndpoint
from linkdesk.sandbox.store import EventHandler
from linkdesk.signin.flow import SignInFlow
from tests.support.oauth_env import OAuthEnv, open_oauth_env
from tests.support.polling_env import Clock, period

ANNA, BORIS = "telegram:1001", "telegram:1002"
"""Employees who sign in as users 1 (an administrator) and 2 of the portal."""
MINUTE = timedelta(minutes=1)


@dataclass
class EventsEnv:
    """The portal, server and poller, and the position up to which the test has read events."""

    oauth_env: OAuthEnv
    store: EventStore
    office: EventService
    clock: Clock
    bare: httpx.AsyncClient
    wanted: list[str] = field(default_factory=lambda: [ANNA])
    read: int = 0

    async def who(self) -> Sequence[str]:
        return self.wanted

    async def turn(self, later: timedelta = MINUTE) -> list[BookingEvent]:
        """Advance the clock, poll once, and return the events since the last read."""
        self.clock.now += later
        await self.office.watch.poll_if_due(self.who)
        return await self.told()

    async def hinted(self) -> list[BookingEvent]:
        """Wait until all webhooks are delivered, fetch the bookings they name, and return the events."""
        await self.oauth_env.sandbox.event_sender.wait_until_sent()
        await self.office.watch.poll_hinted()
        return await self.told()

    async def told(self) -> list[BookingEvent]:
        found = list(await self.office.log.after(self.read, 1000))
        self.read = found[-1].number if found else self.read
        return found

    async def state(self) -> PollerStatus:
        return await self.store.status()

    @property
    def handlers(self) -> list[EventHandler]:
        """The event handlers bound on the portal."""
        return list(self.oauth_env.sandbox.store.handlers.values())

    @property
    def handler(self) -> str:
        """The URL of the bound handler."""
        (address,) = {one.handler for one in self.handlers}
        return address

    @property
    def statuses(self) -> list[int | None]:
        """The statuses that our server answered the events with."""
        return [one.status for one in self.oauth_env.sandbox.event_sender.deliveries]

    async def call(self, rest: str, **parameters: Any) -> Any:  # noqa: ANN401 - JSON
        """Call the portal directly, bypassing our client."""
        response = await self.bare.post(f"{self.oauth_env.sandbox.webhook_path}{rest}", json=parameters)
        body = response.json()
        assert "result" in body, body
        return body["result"]

    async def add(self, later: timedelta = timedelta(days=1), name: str = "") -> int:
        fields = {"name": name, "resourceIds": [3], "datePeriod": period(self.clock.now + later)}
        return int(await self.call("booking.v1.booking.add", fields=fields))

    async def post(self, form: dict[str, str] | None = None, **more: Any) -> httpx.Response:  # noqa: ANN401 - httpx's own
        """Post an event to the handler, as anybody who knows its URL can."""
        address = more.pop("address", None) or self.handler
        async with httpx.AsyncClient(trust_env=False) as http:
            return await http.post(address, data=form, **more)

    def form(self, number: int | str = 14, event: str = "ONBOOKINGUPDATE") -> dict[str, str]:
        """Build the form of an event as the portal sends it."""
        (application,) = self.oauth_env.sandbox.authorization.applications.values()
        return {
            "event": event,
            "event_handler_id": "1",
            "data[ID]": str(number),
            "ts": "1751285594",
            "auth[access_token]": "planted-access",
            "auth[refresh_token]": "planted-refresh",
            "auth[domain]": "salon.bitrix24.ru",
            "auth[member_id]": self.oauth_env.sandbox.authorization.member_id,
            "auth[application_token]": application.token,
        }


async def sign_in(env: OAuthEnv, who: str, user_id: int) -> None:
    """Sign an employee in with a browser."""
    application = env.settings.connection()
    assert isinstance(application, Application)
    async with open_signin_store(env.settings, application) as kept:
        endpoint = TokenEndpoint(application)
        try:
            address = await SignInFlow(application, endpoint, kept.tokens, kept.attempts).begin(who)
        finally:
            await endpoint.aclose()
    browser = env.browser(user_id)
    answer = await browser.page(await browser.sign_in(address))
    assert answer.status_code == 200, answer.text


@asynccontextmanager
async def open_bot_events(settings: Settings, clock: Clock) -> AsyncGenerator[EventService]:
    """Open the event processing of a bot's process."""
    async with open_desk(settings) as desk, open_event_service(settings, desk.portals, now=clock) as office:
        yield office


@asynccontextmanager
async def open_events_env(folder: Path, **more: Any) -> AsyncGenerator[EventsEnv]:  # noqa: ANN401 - settings
    """Open the environment with Anna and Boris signed in."""
    clock = Clock(datetime.now(UTC))
    async with open_oauth_env(folder, **{"rate": "1000/5000", **more}) as env:
        await sign_in(env, ANNA, 1)
        await sign_in(env, BORIS, 2)
        bare = await env.stack.enter_async_context(
            httpx.AsyncClient(transport=env.sandbox.transport(), base_url="http://127.0.0.1")
        )
        async with open_bot_events(env.settings, clock) as office, open_events(env.settings) as store:
            yield EventsEnv(env, store, office, clock, bare)
