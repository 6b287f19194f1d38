"""An event loop with virtual time, in which waits take no time and are deterministic."""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Coroutine
from datetime import UTC, datetime
from typing import Any, TypeVar

T = TypeVar("T")

START = datetime(2026, 11, 20, 9, 0, tzinfo=UTC).timestamp()


class _VirtualSelector(selectors.DefaultSelector):
    """Advances the loop's time instead of waiting for a socket."""

    passed = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        ready: list[tuple[selectors.SelectorKey, int]] = super().select(0)
        if not ready:
            if timeout is None:
                message = "everything waits, and nothing will ever happen"
                raise RuntimeError(message)
            self.passed += timeout
        return ready


class VirtualLoop(asyncio.SelectorEventLoop):
    """An event loop without sockets, whose time begins at zero."""

    def __init__(self) -> None:
        self._nothing = _VirtualSelector()
        super().__init__(self._nothing)

    def time(self) -> float:
        return self._nothing.passed


def run(main: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine in virtual time, and check that it leaves no task behind."""

    async def and_nothing_else() -> T:
        result = await main
        left = asyncio.all_tasks() - {asyncio.current_task()}
        assert not left, left
        return result

    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        return runner.run(and_nothing_else())


def steady() -> float:
    """Return the virtual time in seconds from the start."""
    return asyncio.get_running_loop().time()


def now() -> float:
    """Return the virtual time in Unix seconds."""
    return START + steady()


def clock() -> datetime:
    """Return the virtual time as a datetime."""
    return datetime.fromtimestamp(now(), UTC)
