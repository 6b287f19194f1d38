"""News whose store is opened at its first use: where nobody wants to be told, none is."""

from __future__ import annotations

from collections.abc import Sequence

from linkdesk.errors.codes import events as news_errors
from linkdesk.events.model import BookingNews
from linkdesk.events.store import NewsStore
from linkdesk.storage.lazy import Late


class LateNews(Late[NewsStore]):
    """Opens the store when it is needed; one that cannot be opened is tried again next time."""

    unopened = news_errors.NEWS_NOT_KEPT

    async def latest(self) -> int:
        """Give the number of the newest news; 0 where there are none yet."""
        return await (await self.ready()).latest()

    async def after(self, number: int, limit: int, /) -> Sequence[BookingNews]:
        """Give what is newer than a number, oldest first."""
        return await (await self.ready()).after(number, limit)
