"""A store that is opened at its first use: whoever never needs it needs no database."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from types import TracebackType
from typing import ClassVar, Generic, Self, TypeVar

from linkdesk.errors.base import NotConfigured, Trouble
from tool_specs.declaration.failure import Failure

Store = TypeVar("Store")


class Late(Generic[Store]):
    """Opens a store when it is needed; one that cannot be opened is tried again next time."""

    unopened: ClassVar[Failure]
    """What is wrong when the store cannot be opened."""

    def __init__(self, opened: Callable[[], AbstractAsyncContextManager[Store]]) -> None:
        """Take what opens the store."""
        self._opened = opened
        self._store: Store | None = None
        self._opening = asyncio.Lock()
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> Self:
        """Open nothing yet."""
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the store, if it was opened."""
        await self._stack.aclose()

    async def ready(self) -> Store:
        """Give the store.

        Raises:
            Trouble: it cannot be opened.
        """
        async with self._opening:
            if self._store is None:
                try:
                    self._store = await self._stack.enter_async_context(self._opened())
                except NotConfigured as error:
                    raise Trouble(self.unopened, {"reason": error.sentence}) from None
            return self._store
