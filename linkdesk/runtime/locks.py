"""Taking turns with other processes: nothing to do without Redis, a lock there with it."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext, suppress
from typing import TYPE_CHECKING, Final, Protocol

import structlog

if TYPE_CHECKING:
    from redis.asyncio import Redis

log = structlog.stdlib.get_logger()

LOCK_TIMEOUT_S: Final = 30
"""A process that died with the turn lets others wait for no longer."""
MAX_WAIT_S: Final = 45


class Locks(Protocol):
    """Gives turns by name."""

    def at(self, name: str, /) -> AbstractAsyncContextManager[None]:
        """Hold the turn of this name within the block."""
        ...


class NoLocks:
    """Lets everybody go at once."""

    def at(self, _name: str, /) -> AbstractAsyncContextManager[None]:
        """Wait for nobody."""
        return nullcontext()


NO_LOCKS: Final = NoLocks()


class RedisLocks:
    """Turns shared through Redis. They spare work; what must not happen twice is guarded by the store as well."""

    def __init__(self, client: Redis) -> None:
        """Take the connection."""
        self._client = client

    @asynccontextmanager
    async def at(self, name: str, /) -> AsyncGenerator[None]:
        """Hold the turn of this name; without an answer from Redis, go on after a line in the log."""
        from redis.exceptions import RedisError

        lock = self._client.lock(f"linkdesk:{name}", timeout=LOCK_TIMEOUT_S, blocking_timeout=MAX_WAIT_S)
        try:
            held = await lock.acquire()
        except (RedisError, OSError) as error:
            log.warning("redis.no_turn", error=type(error).__name__)
            held = False
        try:
            yield
        finally:
            if held:
                with suppress(RedisError, OSError):
                    await lock.release()
