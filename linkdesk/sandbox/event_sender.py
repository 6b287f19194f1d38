"""Send events to bound handlers: once each, in the background, and only to this machine.

Source: https://apidocs.bitrix24.com/api-reference/booking/booking/events/on-booking-add.html
"""

from __future__ import annotations

import asyncio
import ipaddress
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import httpx

from linkdesk.sandbox.authorization import ACCESS_TOKEN_LIFETIME_S, Authorization, SandboxGrant
from linkdesk.sandbox.store import EventHandler

TIMEOUT_S = 10
"""How long a handler is waited for."""


@dataclass(slots=True)
class Delivery:
    """An event on its way; `status` is None until the handler answered, and for ever where it did not."""

    event: str
    handler: str
    record: int
    status: int | None = None


@dataclass(slots=True)
class EventSender:
    """Sends events to handlers and records the deliveries."""

    transport: httpx.AsyncBaseTransport | None = None
    deliveries: list[Delivery] = field(default_factory=list[Delivery])
    """Since the portal started."""
    _under_way: set[asyncio.Task[None]] = field(default_factory=set[asyncio.Task[None]])

    def send(  # noqa: PLR0913 - what happened, to whom it is told, and on whose behalf
        self,
        happened: Iterable[tuple[str, int]],
        handlers: Iterable[EventHandler],
        authorization: Authorization,
        *,
        user_id: int,
        now: float,
        origin: str,
    ) -> None:
        """Send events to every bound handler, without waiting."""
        known = [handler for handler in handlers if not handler.offline and is_loopback(handler.handler)]
        for event, record in happened:
            for handler in known:
                application = authorization.applications.get(handler.application)
                if handler.event != event or application is None or application.denial_code is not None:
                    continue
                grant = SandboxGrant(
                    client_id=application.client_id, user_id=handler.auth_type or user_id, origin=origin, until=now
                )
                tokens = authorization.issue_tokens(grant, now)
                form = {
                    "event": event,
                    "event_handler_id": str(handler.id),
                    "data[ID]": str(record),
                    "ts": str(int(now)),
                    "auth[access_token]": tokens.access,
                    "auth[expires_in]": str(ACCESS_TOKEN_LIFETIME_S),
                    "auth[scope]": ",".join(application.scopes),
                    "auth[domain]": urlsplit(origin).netloc,
                    "auth[server_endpoint]": f"{origin}/rest/",
                    "auth[status]": "L",
                    "auth[client_endpoint]": f"{origin}/rest/",
                    "auth[member_id]": authorization.member_id,
                    "auth[refresh_token]": tokens.refresh,
                    "auth[application_token]": application.token,
                }
                delivery = Delivery(event, handler.handler, record)
                self.deliveries.append(delivery)
                task = asyncio.create_task(self._posted(delivery, form))
                self._under_way.add(task)
                task.add_done_callback(self._under_way.discard)

    async def wait_until_sent(self) -> None:
        """Wait until every delivery has succeeded or failed."""
        while self._under_way:
            await asyncio.wait(self._under_way)

    async def _posted(self, delivery: Delivery, form: Mapping[str, str]) -> None:
        try:
            async with httpx.AsyncClient(
                transport=self.transport, timeout=TIMEOUT_S, follow_redirects=False, trust_env=False
            ) as http:
                delivery.status = (await http.post(delivery.handler, data=dict(form))).status_code
        except (httpx.HTTPError, httpx.InvalidURL):
            # The real portal does not try again either.
            return


def is_loopback(address: str) -> bool:
    """Return whether an address is on this machine: a sandbox calls nobody else's."""
    try:
        host = urlsplit(address).hostname or ""
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
