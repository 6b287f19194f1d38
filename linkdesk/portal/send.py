"""Send a request with throttling, retries and token renewal, and only as often as is safe."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar

import structlog

from linkdesk.errors.base import NoCredentials, PortalError, Refused, ResponseLost
from linkdesk.portal.auth import Credentials
from linkdesk.portal.decode import Reply, ResponseTooLarge
from linkdesk.portal.retry import TRIES, retry_delay
from linkdesk.portal.throttle import Throttle
from linkdesk.portal.time_limits import CODE as OPERATION_TIME_LIMIT
from linkdesk.portal.time_limits import SHORT_BLOCK_S, MethodTimeLimits, Timing
from linkdesk.portal.transport import PortalTransport
from linkdesk.runtime.instrumentation import OperationKind, observed

log = structlog.stdlib.get_logger()

E = TypeVar("E", bound=PortalError)

QUERY_LIMIT: Final = "QUERY_LIMIT_EXCEEDED"
EXPIRED: Final = "EXPIRED_TOKEN"


@dataclass(slots=True, eq=False)
class CallState:
    """The progress of a call, or of several in one request."""

    rest: str
    reads: bool
    tries: int = TRIES
    acquired: bool = False
    """Whether its turn was waited for already."""
    in_flight: bool = False
    """Whether a request is out whose answer did not come yet."""
    failures: int = 0
    refusals: int = 0
    renewed: bool = False
    sent_credentials: Mapping[str, str] = field(default_factory=dict[str, str], repr=False)
    """What proved who called, the last time."""
    last: PortalError | None = None
    merged_into: CallState | None = None
    """The request that this call has become a part of."""

    def timeout_error(self) -> PortalError:
        """Return the error for a call that has reached its deadline."""
        if self.merged_into is not None:
            return self.merged_into.timeout_error()
        if self.in_flight:
            return ResponseLost(self.rest)
        return self.last or Refused(self.rest, status=503, code=QUERY_LIMIT)


class RequestSender:
    """Sends requests with one set of credentials through the throttle."""

    def __init__(  # noqa: PLR0913 - the collaborators of a request
        self,
        credentials: Credentials,
        transport: PortalTransport,
        throttle: Throttle,
        time_limits: MethodTimeLimits,
        *,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
        random_fraction: Callable[[], float] = random.random,
    ) -> None:
        """Keep the collaborators; `random_fraction` returns a number from 0 to 1 at each call."""
        self._credentials = credentials
        self._transport = transport
        self._throttle = throttle
        self._time_limits = time_limits
        self._sleep = sleep
        self._random_fraction = random_fraction

    async def send(self, state: CallState, rest: str, parameters: Mapping[str, Any]) -> Reply:
        """Send a request and retry it while that is safe and useful.

        Raises:
            PortalError: there is no result.
        """
        while True:
            if not state.acquired:
                await self._throttle.acquire()
            state.acquired = False
            try:
                return await self._send_once(state, rest, parameters)
            except PortalError as error:
                if not await self.wait_for_retry(state, error):
                    raise

    async def wait_until_unblocked(self, rest: str) -> None:
        """Wait until a method is not blocked.

        Raises:
            Refused: that would take too long; nothing is sent.
        """
        while (until := self._time_limits.blocked_until(rest)) is not None:
            wait = self._time_limits.wait_s(rest)
            if wait > SHORT_BLOCK_S:
                raise Refused(rest, status=429, code=OPERATION_TIME_LIMIT, retry_at=until)
            await self._sleep(wait)

    async def wait_for_retry(self, state: CallState, error: PortalError) -> bool:
        """Wait as the error requires and return True if the call may be retried, else return False.

        Raises:
            NoCredentials: the token could not be renewed.
        """
        state.last = error
        if isinstance(error, NoCredentials):
            return False
        code = error.code.upper() if isinstance(error, Refused) else None
        if code == QUERY_LIMIT:
            state.refusals += 1
            log.warning("portal.too_fast", method=error.rest, times=state.refusals)
            await self._throttle.report_refusal(state.refusals)
            return True
        if code == OPERATION_TIME_LIMIT:
            return await self._wait_if_blocked_briefly(error)
        if code == EXPIRED:
            once, state.renewed = not state.renewed, True
            return once and await self._credentials.renew(state.sent_credentials)
        pause = retry_delay(
            error, state.failures + 1, reads=state.reads, chance=self._random_fraction(), tries=state.tries
        )
        if pause is None or isinstance(error, ResponseTooLarge):
            return False
        state.failures += 1
        log.info("portal.again", method=error.rest, error=str(error), after_s=round(pause, 2))
        await self._sleep(pause)
        return True

    def note_timing(self, rest: str, times: Timing | None) -> None:
        """Record a method's timing, and warn when its time limit is nearly used up."""
        if times is not None and self._time_limits.nearly_used(rest, times):
            log.warning("portal.operating_nearly_used", method=rest, seconds=times.operating, reset_at=times.reset_at)

    async def _send_once(self, state: CallState, rest: str, parameters: Mapping[str, Any]) -> Reply:
        url, proof = await self._credentials.authorize(rest)
        state.sent_credentials = proof
        state.in_flight = True
        try:
            with observed(OperationKind.PORTAL, rest) as seen:
                try:
                    reply = await self._transport.post(rest, url, {**parameters, **proof})
                    seen.outcome = "ok"
                except PortalError as error:
                    seen.outcome = error.outcome
                    raise
        except PortalError:
            state.in_flight = False
            raise
        state.in_flight = False
        self.note_timing(rest, reply.times)
        return reply

    async def _wait_if_blocked_briefly(self, error: PortalError) -> bool:
        told = error.retry_at if isinstance(error, Refused) else None
        wait = self._time_limits.block(error.rest, told)
        log.warning("portal.method_blocked", method=error.rest, seconds=round(wait, 1))
        if wait > SHORT_BLOCK_S:
            return False
        await self._sleep(wait)
        return True


def copy_error(error: E) -> E:
    """Copy an error, so that each of several callers can raise and annotate its own."""
    copy = type(error).__new__(type(error))
    copy.args = error.args
    copy.__dict__.update(error.__dict__)
    return copy
