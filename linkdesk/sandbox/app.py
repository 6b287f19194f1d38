"""The sandbox portal: an ASGI app over a store, and what steers it."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Awaitable, Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Final
from urllib.parse import quote
from zoneinfo import ZoneInfo

import httpx
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route, Router
from starlette.types import ASGIApp, Receive, Scope, Send

from linkdesk.sandbox.authorization import Authorization, SandboxApplication
from linkdesk.sandbox.authorize_page import authorize_routes
from linkdesk.sandbox.call import Access
from linkdesk.sandbox.control import control_routes
from linkdesk.sandbox.default_store import default_store, empty_store
from linkdesk.sandbox.dispatch import Dispatcher, RequestCredentials
from linkdesk.sandbox.event_sender import EventSender
from linkdesk.sandbox.faults import Fault, FaultKind, RecordedCall
from linkdesk.sandbox.limits import LeakyBucket, MethodTimeMeter
from linkdesk.sandbox.request import parse_request
from linkdesk.sandbox.rest_error import RestError
from linkdesk.sandbox.rest_response import RestResponse
from linkdesk.sandbox.state_file import State, read_state, write_state
from linkdesk.sandbox.store import Store
from linkdesk.sandbox.token_endpoint import token_routes
from linkdesk.sandbox.transport import InProcessTransport

ALL_SCOPES: Final = frozenset({"booking", "crm", "user"})
OWNER, EDITOR = 1, 2


def _now() -> datetime:
    return datetime.now(UTC)


class Sandbox:
    """The sandbox portal, an ASGI app.

    Args:
        clock: tells the time; nothing else does.
        timezone: IANA name of the zone that bookings and the server's own times are in.
        empty: start without the salon; no client type has been used then.
        client_types: what clients of the salon's bookings were so far; `client.set` answers 1025 to the others, until
            the portal itself takes such a client over from a deal.
        secret: the secret of user 1's webhook; made up when not given.
        editor_secret: the same of user 2, who may not edit deals.
        rate: requests that leak a second, and the size of the bucket; None lets everything in.
        operating_budget: seconds of work a method has in ten minutes; None is no limit.
        string_codes: answer numeric error codes as strings, as newer builds do.
        ids_in_objects: answer what was created as `{"id": 1}`, as the pages show it.
        sleep: waits, for slow calls.
        events: carries events to the handlers that were bound for them; None is the network, this machine's only.
        file: keeps state, secrets and tokens across restarts, taken up when it is there; None keeps all in memory.
    """

    def __init__(  # noqa: PLR0913 - each is a switch of its own
        self,
        clock: Callable[[], datetime] = _now,
        timezone: str = "Europe/Moscow",
        *,
        empty: bool = False,
        client_types: Iterable[str] = ("CONTACT", "COMPANY"),
        secret: str | None = None,
        editor_secret: str | None = None,
        rate: tuple[float, float] | None = (2, 50),
        operating_budget: float | None = 480,
        string_codes: bool = False,
        ids_in_objects: bool = False,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        events: httpx.AsyncBaseTransport | None = None,
        file: Path | None = None,
    ) -> None:
        self._zone = ZoneInfo(timezone)
        self._clock = clock
        self._empty = empty
        self._client_types = tuple(client_types)
        self._file = file
        kept = read_state(file) if file is not None else None
        self._dispatch = Dispatcher(
            store=Store(),
            clock=self.now,
            sleep=sleep,
            bucket=None if rate is None else LeakyBucket(*rate),
            operating=MethodTimeMeter(operating_budget),
            string_codes=string_codes,
            ids_in_objects=ids_in_objects,
            changed=self._save,
            posting=EventSender(events),
            authorization=kept.authorization if kept else Authorization(),
        )
        known = kept.secrets if kept else {}
        self._secrets = {
            user: secret or known.get(user) or secrets.token_urlsafe(12)
            for user, secret in ((OWNER, secret), (EDITOR, editor_secret))
        }
        self.webhook_path = self.add_webhook(OWNER, self._secrets[OWNER])
        self.editor_webhook_path = self.add_webhook(EDITOR, self._secrets[EDITOR])
        if kept:
            self._dispatch.store = kept.store
            self._save()
        else:
            self.reset()
        self.app: ASGIApp = Router(
            [
                *control_routes(self._dispatch, self.reset),
                *authorize_routes(self._dispatch),
                *token_routes(self._dispatch),
                Route("/rest/{rest:path}", self._rest, methods=["GET", "POST"]),
            ],
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle an ASGI request."""
        await self.app(scope, receive, send)

    @property
    def store(self) -> Store:
        """The portal's state, to inspect or prepare; `reset` replaces it."""
        return self._dispatch.store

    @property
    def calls(self) -> list[RecordedCall]:
        """The calls since the last reset, batched commands one by one."""
        return self._dispatch.calls

    @property
    def token_requests(self) -> list[RecordedCall]:
        """The requests to the token endpoint since the last reset; `applied` says that tokens were given."""
        return self._dispatch.token_requests

    @property
    def authorization(self) -> Authorization:
        """The applications and what they were granted, to look at or to change; `reset` leaves it alone."""
        return self._dispatch.authorization

    @property
    def event_sender(self) -> EventSender:
        """The sender of events: `deliveries` lists what was sent, `wait_until_sent` waits for pending ones."""
        return self._dispatch.posting

    @property
    def address(self) -> str | None:
        """Scheme and host of the portal, as tokens name it; None is that under which an employee signed in."""
        return self._dispatch.address

    @address.setter
    def address(self, address: str | None) -> None:
        self._dispatch.address = address

    @property
    def moved_to(self) -> str | None:
        """Scheme and host that the portal moved to: every REST call gets a 302 there; None is still here."""
        return self._dispatch.moved_to

    @moved_to.setter
    def moved_to(self, address: str | None) -> None:
        self._dispatch.moved_to = address

    def now(self) -> datetime:
        """Return the time in the portal's zone."""
        return self._clock().astimezone(self._zone)

    def add_webhook(
        self,
        user_id: int,
        secret: str | None = None,
        scopes: Iterable[str] = ALL_SCOPES,
    ) -> str:
        """Register a webhook and return its path."""
        secret = secret or secrets.token_urlsafe(12)
        self._dispatch.keys[RequestCredentials(secret, user_id)] = Access(user_id, frozenset(scopes))
        return f"/rest/{user_id}/{secret}/"

    def add_token(
        self,
        user_id: int,
        token: str | None = None,
        scopes: Iterable[str] = ALL_SCOPES,
        application: SandboxApplication | None = None,
    ) -> str:
        """Register an access token and return it; it is sent as `auth` to `/rest/<method>`."""
        token = token or secrets.token_urlsafe(24)
        client_id = None if application is None else application.client_id
        self._dispatch.keys[RequestCredentials(token)] = Access(user_id, frozenset(scopes), client_id)
        return token

    def add_application(
        self,
        *,
        redirect: str,
        client_id: str | None = None,
        client_secret: str | None = None,
        scopes: Iterable[str] = ALL_SCOPES,
    ) -> SandboxApplication:
        """Register a local application, in place of one with the same id.

        What it gives back may be changed later: `installed`, `paid`, `scopes`.
        """
        application = SandboxApplication(
            client_id=client_id or f"local.{secrets.token_hex(7)}.{secrets.randbelow(10**8):08}",
            client_secret=client_secret or secrets.token_hex(25),
            redirect=redirect,
            scopes=tuple(sorted(scopes)),
        )
        self.authorization.applications[application.client_id] = application
        self._save()
        return application

    def add_fault(self, method: str, kind: FaultKind | str, *, times: int = 1, seconds: float = 0) -> None:
        """Inject a failure, as `POST /_sandbox/faults` does."""
        self._dispatch.faults.add(Fault(method=method, kind=FaultKind(kind), times=times, seconds=seconds))

    def clear_faults(self) -> None:
        """Remove all injected failures."""
        self._dispatch.faults.clear()

    def reset(self) -> None:
        """Reset to the default data; webhooks and tokens stay."""
        self._dispatch.store = (
            empty_store() if self._empty else default_store(self.now(), self._zone.key, self._client_types)
        )
        self._dispatch.faults.clear()
        self._dispatch.calls.clear()
        self._dispatch.token_requests.clear()
        self._dispatch.operating.clear()
        if self._dispatch.bucket is not None:
            self._dispatch.bucket.clear()
        self._save()

    def transport(self) -> httpx.AsyncBaseTransport:
        """Return an httpx transport that calls the portal in process; the host in the URL does not matter."""
        return InProcessTransport(self)

    def _save(self) -> None:
        if self._file is not None:
            state = State(secrets=self._secrets, authorization=self.authorization, store=self.store)
            write_state(self._file, state)

    async def _rest(self, request: Request) -> Response:
        try:
            said = await parse_request(request)
        except RestError as refusal:
            return RestResponse(refusal.status, refusal.body(integer_codes=False)).to_http()
        if self.moved_to is not None:
            target = f"{self.moved_to.rstrip('/')}{quote(request.scope['path'])}"
            target += f"?{request.url.query}" if request.url.query else ""
            return self._dispatch.redirected(said.method, said.params, target).to_http()
        return (await self._dispatch.answer(said.method, said.params, said.key)).to_http()
