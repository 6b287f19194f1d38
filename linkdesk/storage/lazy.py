"""A repository whose database is opened at its first use: a process that never needs it needs no database."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from types import TracebackType
from typing import Any, Generic, TypeVar, cast

from linkdesk.errors.base import NotConfigured, Trouble
from tool_specs.declaration.failure import Failure

T = TypeVar("T")


class Lazy(Generic[T]):
    """Stands in for a repository whose methods are all coroutines, and opens it when one of them is first called.

    Entering the context yields the stand-in, typed as the repository; leaving it closes what was opened:

        async with Lazy[Plans](opener, plan_errors.NOT_KEPT) as plans:
            await plans.find(plan_id)
    """

    def __init__(self, opener: Callable[[], AbstractAsyncContextManager[T]], unavailable: Failure) -> None:
        """Take the opener, and the failure to raise when it cannot open the repository; the next call tries again."""
        self._opener = opener
        self._unavailable = unavailable
        self._opened: T | None = None
        self._opening = asyncio.Lock()
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> T:
        """Return the stand-in without opening anything."""
        return cast("T", self)

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the repository if it was opened."""
        await self._stack.aclose()

    def __getattr__(self, name: str) -> Callable[..., Awaitable[Any]]:
        """Return a coroutine function that opens the repository and calls its method of this name.

        Raises:
            AttributeError: the name is private, so it is no method of a repository.
        """
        if name.startswith("_"):
            raise AttributeError(name)

        async def call(*args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - typed by T, whose method this is
            return await getattr(await self._open(), name)(*args, **kwargs)

        return call

    async def _open(self) -> T:
        """Open the repository, unless it is open.

        Raises:
            Trouble: the database cannot be used.
        """
        async with self._opening:
            if self._opened is None:
                try:
                    self._opened = await self._stack.enter_async_context(self._opener())
                except NotConfigured as error:
                    raise Trouble(self._unavailable, {"reason": error.sentence}) from None
            return self._opened
