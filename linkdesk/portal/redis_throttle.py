"""The bucket level shared by several processes through Redis, since they fill the same bucket of the portal."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Any, Final, Protocol, cast

import structlog

from linkdesk.portal.rate import Rate
from linkdesk.portal.throttle import ROUNDING, Bucket, bulk_capacity, capacity

log = structlog.stdlib.get_logger()

KEY_TTL_S: Final = 3600
"""How long Redis keeps a level that nobody touches; after that the bucket is taken to be full, at worst."""

SCRIPT: Final = """
local bucket, leak = tonumber(ARGV[2]), tonumber(ARGV[3])
local time = redis.call('TIME')
local now = tonumber(time[1]) + tonumber(time[2]) / 1000000
local kept = redis.call('HMGET', KEYS[1], 'ours', 'worst', 'at')
local gone = math.max(0, now - (tonumber(kept[3]) or now)) * leak
local ours = math.max(0, (tonumber(kept[1]) or 0) - gone)
local worst = math.max(0, (tonumber(kept[2]) or bucket) - gone)
local over = 0
if ARGV[1] == 'overfull' then
    local full = bucket + tonumber(ARGV[4])
    ours, worst = math.max(ours, full), math.max(worst, full)
else
    over = ours + 1 - tonumber(ARGV[4])
    if ARGV[1] == 'bulk' then
        over = math.max(over, worst + 1 - tonumber(ARGV[5]))
    end
    if over <= tonumber(ARGV[6]) then
        over, ours, worst = 0, ours + 1, math.min(bucket, worst + 1)
    end
end
local function exact(number) return string.format('%.9f', number) end
redis.call('HSET', KEYS[1], 'ours', exact(ours), 'worst', exact(worst), 'at', exact(now))
redis.call('EXPIRE', KEYS[1], ARGV[7])
return exact(over / leak)
"""
"""`linkdesk.portal.throttle.BucketLevel` in Lua, by the clock of the Redis server."""


class RedisScripts(Protocol):
    """The part of `redis.asyncio.Redis` that is used."""

    def eval(self, script: str, numkeys: int, *keys_and_args: Any) -> Awaitable[Any] | Any:  # noqa: ANN401 - as redis-py types it
        """Run a script on the server."""
        ...


class RedisBucket:
    """The bucket level shared by all processes; falls back to a local bucket while Redis does not answer."""

    def __init__(self, redis: RedisScripts, key: str, rate: Rate, own: Bucket) -> None:
        """Keep the Redis client, the portal's key, its rate limit and the bucket to fall back on."""
        self._redis = redis
        self._key = key
        self._rate = rate
        self._local = own

    async def take(self, *, bulk: bool) -> float:
        """Reserve room for one request and return 0, or return the seconds to wait before asking again."""
        room = bulk_capacity(self._rate) if bulk else capacity(self._rate)
        wait = await self._run("bulk" if bulk else "people", room)
        return await self._local.take(bulk=bulk) if wait is None else wait

    async def report_overflow(self, extra: float) -> None:
        """Record that the portal refused a request."""
        if await self._run("overfull", extra) is None:
            await self._local.report_overflow(extra)

    async def _run(self, what: str, number: float) -> float | None:
        from redis.exceptions import RedisError  # noqa: PLC0415 - Redis is optional: who has none never loads it

        rate = self._rate
        arguments = (what, rate.bucket, rate.leak, number, capacity(rate), ROUNDING, KEY_TTL_S)
        try:
            wait = await cast("Awaitable[Any]", self._redis.eval(SCRIPT, 1, self._key, *arguments))
        except (RedisError, OSError) as error:
            log.warning("portal.budget_not_shared", error=type(error).__name__)
            return None
        return float(wait)
