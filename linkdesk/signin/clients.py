"""Portal clients per employee: a shared one with a webhook, one each with an application; all share a throttle."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING, Final

from linkdesk.auth.policy import Actor
from linkdesk.execution.context import PortalApi
from linkdesk.portal.client import Portal
from linkdesk.portal.throttle import Throttle
from linkdesk.signin.credentials import CredentialsProvider

if TYPE_CHECKING:
    import httpx

MAX_OPEN_CLIENTS: Final = 500
"""How many employees' clients are kept open; beyond that the one that was used longest ago is closed."""


class EmployeePortalClients:
    """One portal client per set of credentials, all behind one throttle."""

    def __init__(
        self, credentials: CredentialsProvider, throttle: Throttle, transport: httpx.AsyncBaseTransport | None = None
    ) -> None:
        """Keep the credentials provider and the shared throttle."""
        self._credentials = credentials
        self._throttle = throttle
        self._transport = transport
        self._open: OrderedDict[str, Portal] = OrderedDict()

    async def client_for(self, actor: Actor, /) -> PortalApi:
        """Return the client that calls with this person's rights.

        Raises:
            Trouble: they have to sign in first; nothing was sent.
        """
        way = await self._credentials.credentials_for(actor)
        portal = self._open.pop(way.masked, None) or Portal(way, throttle=self._throttle, transport=self._transport)
        self._open[way.masked] = portal
        if len(self._open) > MAX_OPEN_CLIENTS:
            _, oldest = self._open.popitem(last=False)
            await oldest.aclose()
        return portal

    async def aclose(self) -> None:
        """Close every client."""
        while self._open:
            _, portal = self._open.popitem()
            await portal.aclose()
