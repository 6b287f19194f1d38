"""Providers of the portal client that a person's requests go through."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from linkdesk.auth.policy import Actor
from linkdesk.execution.context import PortalApi


@runtime_checkable
class PortalClients(Protocol):
    """Provides the portal client for each person."""

    async def client_for(self, actor: Actor, /) -> PortalApi:
        """Return the client with this person's rights.

        Raises:
            Trouble: they have to sign in first; nothing was sent.
        """
        ...


class SharedPortalClient:
    """Provides one client for everybody."""

    def __init__(self, portal: PortalApi) -> None:
        """Take the client."""
        self._portal = portal

    async def client_for(self, _actor: Actor, /) -> PortalApi:
        """Return the one client."""
        return self._portal
