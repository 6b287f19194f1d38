"""Subscribe our handler to the portal's booking events, and unsubscribe it.

The handler's address ends with a secret that is kept as a hash only: `event.get` tells the address itself, to whoever
may change it, so that a binding is known again by its hash and nothing has to be remembered in clear.
Source: https://apidocs.bitrix24.com/api-reference/events/event-bind.html
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final

import structlog

from linkdesk.auth.hashing import hash_secret, new_secret
from linkdesk.auth.policy import Actor, Face, Role
from linkdesk.errors.base import NoCredentials, PortalError, Refused, Trouble
from linkdesk.events.store import EventBinding, EventStore
from linkdesk.execution.clients import PortalClients
from linkdesk.execution.context import PortalApi
from tool_specs.methods.event import BOOKING_EVENTS, BindEvent, BoundHandler, ListEventHandlers, UnbindEvent

log = structlog.stdlib.get_logger()

PATH: Final = "/bitrix24/events"
"""Where the handler is, below our own address; the secret follows."""
CHECK_INTERVAL: Final = timedelta(minutes=15)
"""How often is looked whether everything is bound still: a new version of the application loses it all."""
RETRY_AFTER: Final = timedelta(minutes=1)
"""After which binding is tried again that did not come to its end."""


class EventWebhooks:
    """Keeps the portal's booking events bound to our handler."""

    def __init__(self, public_url: str) -> None:
        """Keep our public address."""
        self._address = f"{public_url}{PATH}/"
        self._next: datetime | None = None

    async def bind(self, store: EventStore, portals: PortalClients, keys: Sequence[str], now: datetime) -> None:
        """Bind missing events, with the rights of the employee who did so before or of the first that works.

        What the portal refuses is kept, and tried again later: looking at the bookings does without events.

        Raises:
            Trouble: the store does not answer.
        """
        if self._next is not None and now < self._next:
            return
        self._next = now + CHECK_INTERVAL
        known = (await store.status()).binding
        before = [known.who] if known else list[str]()
        for key in dict.fromkeys([*before, *keys]):
            try:
                portal = await portals.client_for(viewer_for(key))
                handlers = await portal(ListEventHandlers())
            except (Trouble, NoCredentials):
                continue  # signed in no longer: somebody else's turn
            except PortalError as error:
                await self._failed(store, error, now)
                return
            try:
                await self._bind_missing(store, portal, key, handlers, known)
            except PortalError as error:
                await self._failed(store, error, now)
                return
            await store.record_refusal(None)
            return

    async def unbind(self, store: EventStore, portals: PortalClients) -> None:
        """Unbind our handlers, if the employee who bound them still has access.

        Raises:
            Trouble: the store does not answer.
            PortalError: the portal does not; it is to be tried again.
        """
        known = (await store.status()).binding
        self._next = None
        if known is None:
            return
        try:
            portal = await portals.client_for(viewer_for(known.who))
            handlers = await portal(ListEventHandlers())
            await _unbind_all(portal, [one for one in handlers if self._is_ours(one, known)])
        except Trouble as trouble:
            log.warning("news.not_unbound", error=trouble.failure.code)
        except Refused as refused:
            log.warning("news.not_unbound", error=str(refused))
        await store.delete_binding()

    async def _bind_missing(
        self,
        store: EventStore,
        portal: PortalApi,
        key: str,
        handlers: Sequence[BoundHandler],
        known: EventBinding | None,
    ) -> None:
        """Bind missing events, and unbind handlers at addresses we no longer serve."""
        good = [
            one for one in handlers if known and one.handler == self._address + _secret_of(one) and _matches(one, known)
        ]
        there = {one.event.upper() for one in good}
        if good:
            handler = good[0].handler
        else:
            secret = new_secret()
            # Kept before the portal knows it: the first event may come at once.
            await store.save_binding(hash_secret(secret), key)
            handler = f"{self._address}{secret}"
        missing = [event for event in BOOKING_EVENTS if event not in there]
        for event in missing:
            await portal(BindEvent(event=event, handler=handler))
        if missing:
            log.info("news.bound", events=len(missing))
        await _unbind_all(portal, [one for one in handlers if one not in good and self._is_ours(one, known)])

    async def _failed(self, store: EventStore, error: PortalError, now: datetime) -> None:
        log.warning("news.not_bound", error=str(error))
        if isinstance(error, Refused):
            await store.record_refusal(error.code[:100])
        else:
            self._next = now + RETRY_AFTER

    def _is_ours(self, handler: BoundHandler, known: EventBinding | None) -> bool:
        """Return whether a handler is ours, at our current or previous address."""
        return handler.handler.startswith(self._address) or (known is not None and _matches(handler, known))


def viewer_for(key: str) -> Actor:
    """Return a read-only actor for an employee's key."""
    return Actor(key, Face.TELEGRAM, Role.VIEWER, employee=key)


def _secret_of(handler: BoundHandler) -> str:
    return handler.handler.rpartition(f"{PATH}/")[2]


def _matches(handler: BoundHandler, known: EventBinding) -> bool:
    return hash_secret(_secret_of(handler)) == known.secret_hash


async def _unbind_all(portal: PortalApi, handlers: Iterable[BoundHandler]) -> None:
    for one in handlers:
        await portal(UnbindEvent(event=one.event, handler=one.handler))
