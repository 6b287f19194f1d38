"""News whose store is opened at its first use: where nobody wants to be told, none is."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from types import TracebackType
from typing import Self

from linkdesk import news_errors
from linkdesk.errors import NotConfigured, Trouble
from linkdesk.news.keeping import NewsStore
from linkdesk.news.model import BookingNews


class LateNews:
    """Opens the store when it is needed; one that cannot be opened is tried again next time."""

    def __init__(self, opened: Callable[[], AbstractAsyncContextManager[NewsStore]]) -> None:
        """Take what opens the store."""
        self._opened = opened
        self._store: NewsStore | None = None
        self._opening = asyncio.Lock()
        self._stack = AsyncExitStack()

    async def latest(self) -> int:
        """Give the number of the newest news; 0 where there are none yet."""
        return await (await self.ready()).latest()

    async def after(self, number: int, limit: int, /) -> Sequence[BookingNews]:
        """Give what is newer than a number, oldest first."""
        return await (await self.ready()).after(number, limit)

    async def ready(self) -> NewsStore:
        """Give the store.

        Raises:
            Trouble: it cannot be opened.
        """
        async with self._opening:
            if self._store is None:
                try:
                    self._store = await self._stack.enter_async_context(self._opened())
                except NotConfigured as error:
                    raise Trouble(news_errors.NEWS_NOT_KEPT, {"reason": error.sentence}) from None
            return self._store

    async def __aenter__(self) -> Self:
        """Open nothing yet."""
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the store, if it was opened."""
        await self._stack.aclose()
