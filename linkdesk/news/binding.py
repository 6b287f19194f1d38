"""Binding the portal's events of bookings to our handler, and taking that back.

Source: https://apidocs.bitrix24.com/api-reference/events/event-bind.html
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from linkdesk.news.keeping import NewsStore
from linkdesk.portals import Portals


class Events:
    """Sees to it that the portal brings events to an address of ours."""

    def __init__(self, public_url: str) -> None:
        """Take our own address from outside."""
        self._public_url = public_url

    async def bind(self, store: NewsStore, portals: Portals, keys: Sequence[str], now: datetime) -> None:
        """Bind what is not bound."""

    async def unbind(self, store: NewsStore, portals: Portals) -> None:
        """Take back what was bound."""
