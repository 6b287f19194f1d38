"""The HTTP route that receives the portal's events: authenticated by a secret, acknowledged once stored.

An event is only a hint: it names a booking, which is then read with an employee's own rights. The tokens in the body
are never used.
Source: https://apidocs.bitrix24.com/api-reference/events/safe-event-handlers.md
"""

from __future__ import annotations

import hmac
import json
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from http import HTTPStatus
from typing import Any, Final, cast
from urllib.parse import parse_qsl

import structlog
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from linkdesk.auth.hashing import hash_secret
from linkdesk.bootstrap.routes import RouteSettings
from linkdesk.bootstrap.stores import open_events
from linkdesk.config.settings import Settings
from linkdesk.desk import utc_now
from linkdesk.errors.base import Trouble
from linkdesk.events.store import EventBinding, EventStore
from linkdesk.events.webhooks import PATH, EventWebhooks
from linkdesk.portal.application import Application
from tool_specs.declaration.crm_ref import MAX_ID
from tool_specs.methods.event import BOOKING_EVENTS

log = structlog.stdlib.get_logger()

MAX_EVENT_BYTES: Final = 64 * 1024
MAX_NAME_LENGTH: Final = 100
"""Length of the portal's id and of the application's token, in characters."""
MAX_FIELDS: Final = 200


@asynccontextmanager
async def routes(context: RouteSettings) -> AsyncGenerator[Sequence[BaseRoute]]:
    """Yield the route; none where the portal sends no events.

    Raises:
        NotConfigured: the portal or the address of the database is wrong.
    """
    if context.sandbox or event_webhooks(context.settings) is None:
        yield ()
        return
    async with open_events(context.settings) as store:
        yield [events_route(store)]


def event_webhooks(settings: Settings) -> EventWebhooks | None:
    """Return the event webhooks; None where the portal sends no events: with a webhook, or without a public address.

    Raises:
        NotConfigured: no portal is set.
    """
    if settings.public_url is None or not isinstance(settings.connection(), Application):
        return None
    return EventWebhooks(settings.public_url)


def events_route(store: EventStore, now: Callable[[], datetime] = utc_now) -> Route:
    """Build the route."""

    async def taken(request: Request) -> Response:
        try:
            status = await _accept(request, store, now)
        except Trouble as trouble:
            # The portal does not deliver an event twice; the regular poll of all bookings will notice the change.
            log.warning("news.event_not_kept", error=trouble.failure.code)
            status = HTTPStatus.SERVICE_UNAVAILABLE
        return Response(status_code=status)

    return Route(f"{PATH}/{{secret}}", taken, methods=["POST"])


@dataclass(frozen=True, slots=True)
class ReceivedEvent:
    """The fields of an event that are used."""

    booking_id: int
    member_id: str
    token: str = field(repr=False)


async def _accept(request: Request, store: EventStore, now: Callable[[], datetime]) -> HTTPStatus:
    secret_hash = hash_secret(str(request.path_params["secret"]))
    bound = (await store.status()).binding
    if bound is None or not hmac.compare_digest(secret_hash, bound.secret_hash):
        return HTTPStatus.NOT_FOUND
    body = await _read_body(request)
    if body is None:
        return HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    event = read_event(body, as_json="json" in request.headers.get("content-type", ""))
    if event is None:
        return HTTPStatus.BAD_REQUEST
    token_hash = hash_secret(event.token)
    if bound.member_id is None or bound.token_hash is None:
        pinned = await store.pin_sender(bound.secret_hash, event.member_id, token_hash)
        if pinned is None:
            return HTTPStatus.NOT_FOUND
        bound = pinned
    if not _is_from(bound, event.member_id, token_hash):
        log.warning("news.event_forged")
        return HTTPStatus.FORBIDDEN
    await store.add_hint(event.booking_id, now())
    return HTTPStatus.OK


def _is_from(bound: EventBinding, member_id: str, token_hash: str) -> bool:
    same_portal = hmac.compare_digest(member_id.encode(), (bound.member_id or "").encode())
    return hmac.compare_digest(token_hash, bound.token_hash or "") and same_portal


def read_event(body: bytes, *, as_json: bool) -> ReceivedEvent | None:
    """Parse an event of a booking; return None for anything else."""
    try:
        given = _parse_json(body) if as_json else _parse_form(body)
    except (ValueError, RecursionError):
        return None
    number, member_id, token = given.get("data[ID]", ""), given.get("auth[member_id]"), given.get(TOKEN)
    if given.get("event", "").upper() not in BOOKING_EVENTS or not member_id or not token:
        return None
    is_number = number.isascii() and number.isdecimal() and len(number) <= len(str(MAX_ID))
    if not is_number or not 0 < int(number) <= MAX_ID or max(len(member_id), len(token)) > MAX_NAME_LENGTH:
        return None
    return ReceivedEvent(int(number), member_id, token)


TOKEN: Final = "auth[application_token]"  # noqa: S105 - the name of a field
_INNER: Final = ("data", "auth")


def _parse_form(body: bytes) -> Mapping[str, str]:
    pairs = parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=MAX_FIELDS, errors="strict")
    given = dict(pairs)
    if len(given) < len(pairs):
        raise ValueError
    return given


def _parse_json(body: bytes) -> Mapping[str, str]:
    found: Any = json.loads(body)
    if not isinstance(found, dict):
        raise ValueError  # noqa: TRY004 - whatever it is, it is no event
    given = cast("dict[str, Any]", found)
    inner = {
        f"{outer}[{name}]": value
        for outer in _INNER
        if isinstance(given.get(outer), dict)
        for name, value in cast("dict[str, Any]", given[outer]).items()
    }
    texts = {**given, **inner}
    return {name: str(value) for name, value in texts.items() if isinstance(value, str | int)}


async def _read_body(request: Request) -> bytes | None:
    """Read the body, as far as it arrived; return None where it is larger than any event."""
    body = b""
    try:
        async for chunk in request.stream():
            body += chunk
            if len(body) > MAX_EVENT_BYTES:
                return None
    except ClientDisconnect:
        pass  # an incomplete body cannot be parsed and is refused below
    return body
