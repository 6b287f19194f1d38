"""Each employee's portal client: with a webhook one for all, with an application one each, behind one pace."""

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
    """A client for each way in; all of them share the portal's budget."""

    def __init__(
        self, credentials: CredentialsProvider, throttle: Throttle, transport: httpx.AsyncBaseTransport | None = None
    ) -> None:
        """Take who knows the ways in, and the line in front of the portal."""
        self._credentials = credentials
        self._throttle = throttle
        self._transport = transport
        self._open: OrderedDict[str, Portal] = OrderedDict()

    async def client_for(self, actor: Actor, /) -> PortalApi:
        """Give the client with this person's rights.

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
