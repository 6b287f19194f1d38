"""Sending a request until there is an answer to keep: in turn, with patience, and only as often as is safe."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar

import structlog

from linkdesk.errors.base import LostAnswer, NoWayIn, PortalError, Refused
from linkdesk.portal.auth import WayIn
from linkdesk.portal.decode import Reply, TooLarge
from linkdesk.portal.retry import TRIES, pause_before_again
from linkdesk.portal.throttle import Pace
from linkdesk.portal.time_limits import CODE as OPERATION_TIME_LIMIT
from linkdesk.portal.time_limits import SHORT_S, OperatingTime, Times
from linkdesk.portal.transport import Exchange
from linkdesk.runtime.instrumentation import Kind, watched

log = structlog.stdlib.get_logger()

E = TypeVar("E", bound=PortalError)

QUERY_LIMIT: Final = "QUERY_LIMIT_EXCEEDED"
EXPIRED: Final = "EXPIRED_TOKEN"


@dataclass(slots=True, eq=False)
class Underway:
    """How far a call, or several in one request, have come."""

    rest: str
    reads: bool
    tries: int = TRIES
    has_turn: bool = False
    """Whether its turn was waited for already."""
    out: bool = False
    """Whether a request is out whose answer did not come yet."""
    failures: int = 0
    refusals: int = 0
    renewed: bool = False
    sent: Mapping[str, str] = field(default_factory=dict[str, str], repr=False)
    """What proved who called, the last time."""
    last: PortalError | None = None
    joined: Underway | None = None
    """The request that this call has become a part of."""

    def ran_out(self) -> PortalError:
        """Give the error of a call that is given up now."""
        if self.joined is not None:
            return self.joined.ran_out()
        if self.out:
            return LostAnswer(self.rest)
        return self.last or Refused(self.rest, status=503, code=QUERY_LIMIT)


class Sending:
    """The way in, the connections, the pace and the methods' budgets, together."""

    def __init__(  # noqa: PLR0913 - the collaborators of a request
        self,
        way: WayIn,
        exchange: Exchange,
        pace: Pace,
        operating: OperatingTime,
        *,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
        chance: Callable[[], float] = random.random,
    ) -> None:
        """Take what a request needs, a way to wait, and a random number from 0 to 1 at each call."""
        self._way = way
        self._exchange = exchange
        self._pace = pace
        self._operating = operating
        self._sleep = sleep
        self._chance = chance

    async def send(self, underway: Underway, rest: str, parameters: Mapping[str, Any]) -> Reply:
        """Send a request in its turn, and again as long as that is safe and of use.

        Raises:
            PortalError: there is no result.
        """
        while True:
            if not underway.has_turn:
                await self._pace.turn()
            underway.has_turn = False
            try:
                return await self._once(underway, rest, parameters)
            except PortalError as error:
                if not await self.again(underway, error):
                    raise

    async def allow(self, rest: str) -> None:
        """Wait until a method is not blocked.

        Raises:
            Refused: that would take too long; nothing is sent.
        """
        while (until := self._operating.until(rest)) is not None:
            wait = self._operating.wait(rest)
            if wait > SHORT_S:
                raise Refused(rest, status=429, code=OPERATION_TIME_LIMIT, retry_at=until)
            await self._sleep(wait)

    async def again(self, underway: Underway, error: PortalError) -> bool:
        """Wait as long as an error asks, where the call may be made again; otherwise say that it may not.

        Raises:
            NoWayIn: the token could not be renewed.
        """
        underway.last = error
        if isinstance(error, NoWayIn):
            return False
        code = error.code.upper() if isinstance(error, Refused) else None
        if code == QUERY_LIMIT:
            underway.refusals += 1
            log.warning("portal.too_fast", method=error.rest, times=underway.refusals)
            await self._pace.refused(underway.refusals)
            return True
        if code == OPERATION_TIME_LIMIT:
            return await self._unblocked(error)
        if code == EXPIRED:
            once, underway.renewed = not underway.renewed, True
            return once and await self._way.renewed(underway.sent)
        pause = pause_before_again(
            error, underway.failures + 1, reads=underway.reads, chance=self._chance(), tries=underway.tries
        )
        if pause is None or isinstance(error, TooLarge):
            return False
        underway.failures += 1
        log.info("portal.again", method=error.rest, error=str(error), after_s=round(pause, 2))
        await self._sleep(pause)
        return True

    def learn(self, rest: str, times: Times | None) -> None:
        """Take note of a method's budget."""
        if times is not None and self._operating.nearly_used(rest, times):
            log.warning("portal.operating_nearly_used", method=rest, seconds=times.operating, reset_at=times.reset_at)

    async def _once(self, underway: Underway, rest: str, parameters: Mapping[str, Any]) -> Reply:
        url, proof = await self._way.address_of(rest)
        underway.sent = proof
        underway.out = True
        try:
            with watched(Kind.PORTAL, rest) as seen:
                try:
                    reply = await self._exchange.post(rest, url, {**parameters, **proof})
                    seen.outcome = "ok"
                except PortalError as error:
                    seen.outcome = type(error).__name__.lower()
                    raise
        except PortalError:
            underway.out = False
            raise
        underway.out = False
        self.learn(rest, reply.times)
        return reply

    async def _unblocked(self, error: PortalError) -> bool:
        told = error.retry_at if isinstance(error, Refused) else None
        wait = self._operating.blocked(error.rest, told)
        log.warning("portal.method_blocked", method=error.rest, seconds=round(wait, 1))
        if wait > SHORT_S:
            return False
        await self._sleep(wait)
        return True


def copy_of(error: E) -> E:
    """Copy an error, so that each of several callers has one to raise and to add to."""
    copy = type(error).__new__(type(error))
    copy.args = error.args
    copy.__dict__.update(error.__dict__)
    return copy
