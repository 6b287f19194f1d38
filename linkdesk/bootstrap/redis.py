"""Open what several processes share through Redis: locks by name, and the portal's request budget."""

from __future__ import annotations

import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from linkdesk.config.settings import Settings
from linkdesk.errors.base import NotConfigured, missing_library
from linkdesk.portal.throttle import Bucket, LocalBucket
from linkdesk.runtime.locks import NO_LOCKS, Locks, RedisLocks
from tool_specs.declaration.localized import Localized


@asynccontextmanager
async def open_locks(address: str | None) -> AsyncGenerator[Locks]:
    """Open the locks: in Redis where an address is set.

    Raises:
        NotConfigured: Redis cannot be reached, or its library is not installed.
    """
    if address is None:
        yield NO_LOCKS
        return
    try:
        from redis.asyncio import Redis
        from redis.exceptions import RedisError
    except ModuleNotFoundError:
        raise missing_library("LINKDESK_REDIS", "redis") from None
    # redis-py leaves its keyword arguments untyped.
    client = Redis.from_url(address, socket_connect_timeout=5, socket_timeout=10)  # pyright: ignore[reportUnknownMemberType]
    try:
        try:
            await client.ping()  # pyright: ignore[reportUnknownMemberType]
        except (RedisError, OSError):
            reached = False
        else:
            reached = True
        if not reached:
            raise NotConfigured(
                Localized(
                    en="Redis does not answer: check LINKDESK_REDIS and that the server runs.",
                    ru="Redis не отвечает: проверьте LINKDESK_REDIS и работает ли сервер.",
                ),
            )
        yield RedisLocks(client)
    finally:
        await client.aclose()


@asynccontextmanager
async def open_budget(settings: Settings) -> AsyncGenerator[Bucket]:
    """Open the portal's request budget: in Redis where it is set, else in this process alone."""
    own = LocalBucket(settings.rate, time.monotonic)
    if settings.redis is None:
        yield own
        return
    from redis.asyncio import Redis

    from linkdesk.portal.redis_throttle import RedisBucket

    # redis-py leaves its keyword arguments untyped.
    client = Redis.from_url(settings.redis.get_secret_value(), socket_connect_timeout=5, socket_timeout=10)  # pyright: ignore[reportUnknownMemberType]
    try:
        yield RedisBucket(client, f"linkdesk:budget:{settings.origin()}", settings.rate, own)
    finally:
        await client.aclose()
