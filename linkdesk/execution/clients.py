"""Which client of the portal a person's requests go through."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from linkdesk.auth.policy import Actor
from linkdesk.execution.context import PortalApi


@runtime_checkable
class PortalClients(Protocol):
    """Knows the client that a person's requests go through."""

    async def client_for(self, actor: Actor, /) -> PortalApi:
        """Give the client with this person's rights.

        Raises:
            Trouble: they have to sign in first; nothing was sent.
        """
        ...


class SharedPortalClient:
    """Everybody's requests go through one client."""

    def __init__(self, portal: PortalApi) -> None:
        """Take the client."""
        self._portal = portal

    async def client_for(self, _actor: Actor, /) -> PortalApi:
        """Give the one client."""
        return self._portal
