"""Locks between processes: held in Redis where it is configured, else none."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext, suppress
from typing import TYPE_CHECKING, Final, Protocol

import structlog

if TYPE_CHECKING:
    from redis.asyncio import Redis

log = structlog.stdlib.get_logger()

LOCK_TIMEOUT_S: Final = 30
"""After this time the lock of a process that died is free again."""
MAX_WAIT_S: Final = 45


class Locks(Protocol):
    """Provides locks by name."""

    def hold(self, name: str, /) -> AbstractAsyncContextManager[None]:
        """Hold the lock of this name within the block."""
        ...


class NoLocks:
    """Locks nothing."""

    def hold(self, _name: str, /) -> AbstractAsyncContextManager[None]:
        """Return at once."""
        return nullcontext()


NO_LOCKS: Final = NoLocks()


class RedisLocks:
    """Locks in Redis. They save duplicate work only: what must not happen twice is guarded by the database as well."""

    def __init__(self, client: Redis) -> None:
        """Take the connection."""
        self._client = client

    @asynccontextmanager
    async def hold(self, name: str, /) -> AsyncGenerator[None]:
        """Hold the lock of this name; if Redis does not answer, log that and go on without."""
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
