"""`await portal(method)`: one call of one REST method, typed by the method.

What a caller never sees: the portal's limits, reads that fail for a moment, a token that expired, and that reads which
wait at the same time go as one request. What it always sees: a write that may have been applied; none is sent twice.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable, Iterator, Sequence
from contextlib import asynccontextmanager
from itertools import islice
from types import TracebackType
from typing import Any, Final, Self, TypeVar, cast

import httpx

from linkdesk.errors.base import PortalError
from linkdesk.portal.address import WebhookAddress
from linkdesk.portal.auth import WayIn, WebhookWayIn
from linkdesk.portal.batch import MOST_COMMANDS, REST, commands_body, fits_batch, only_reads, runs_of
from linkdesk.portal.batch_refs import Followed, Steps
from linkdesk.portal.calls import answers_of
from linkdesk.portal.coalescing import Gathering
from linkdesk.portal.rate import Rate
from linkdesk.portal.send import Sending, Underway, copy_of
from linkdesk.portal.throttle import OwnBudget, Pace, bulk
from linkdesk.portal.time_limits import OperatingTime
from linkdesk.portal.transport import Exchange
from tool_specs.declaration.method import Method

Answer = TypeVar("Answer")
Answers = list[Any | PortalError]

DEADLINE_S: Final = 60
"""How long a call may take, waiting for its turn and all tries included."""
AHEAD: Final = 4
"""How many requests of a stream are under way at once."""


class Portal:
    """A portal behind one way in; those of one portal share a pace."""

    def __init__(  # noqa: PLR0913 - the collaborators, each named
        self,
        way: WayIn | WebhookAddress,
        *,
        rate: Rate | None = None,
        pace: Pace | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
        gather: bool = True,
        deadline: float = DEADLINE_S,
        clock: Callable[[], float] = time.monotonic,
        now: Callable[[], float] = time.time,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        """Prepare the connections; none is opened before the first call.

        Args:
            way: how to get in: a webhook's address, or an employee's token.
            rate: how fast the portal may be called; without one, nothing is held back until it refuses.
            pace: the line in front of the portal, where several clients of it share one; `rate` is not needed then.
            transport: takes httpx's requests; None is the network.
            gather: whether reads that wait at the same time go as one request.
            deadline: the seconds that a call may take.
            clock: a steady clock.
            now: tells Unix time.
            sleep: waits.
        """
        self._way = WebhookWayIn(way) if isinstance(way, WebhookAddress) else way
        self._pace = pace or Pace(OwnBudget(rate or Rate(), clock), sleep=sleep, trusting=rate is None)
        self._exchange = Exchange(transport, now)
        self._sending = Sending(self._way, self._exchange, self._pace, OperatingTime(now), sleep=sleep)
        self._gathering = Gathering(self._pace, self._answers) if gather else None
        self._deadline = deadline

    async def __call__(self, method: Method[Answer]) -> Answer:
        """Call the method.

        Raises:
            PortalError: there is no result; which of its kinds, says what that means for a write.
        """
        try:
            (answer,) = await self._request([method])
        except PortalError as error:
            raise error.by(method)  # noqa: B904 - the same error, which now knows the call
        if isinstance(answer, PortalError):
            raise answer
        return cast("Answer", answer)

    async def batch(self, methods: Sequence[Method[Any]]) -> Answers:
        """Call several methods in as few requests as may be; an answer may be the error that this one call met.

        A batch is not atomic: of writes whose answer was lost, each is in doubt.

        Raises:
            PortalError: a request as a whole brought no result.
        """
        if len(methods) == 1:
            return [await self._answer_or_error(methods[0])]
        answers: Answers = []
        for run in runs_of(methods):
            answers += [await self._answer_or_error(run[0])] if len(run) == 1 else await self._request(run)
        return answers

    async def stream(
        self,
        methods: Iterable[Method[Answer]],
    ) -> AsyncGenerator[tuple[Method[Answer], Answer | PortalError]]:
        """Call any number of methods as bulk work, and give each with its answer or its error, in their order.

        Only a few requests are under way at once, and writes wait until everything before them is done.
        """
        ahead = deque[asyncio.Task[Answers]]()
        waiting = deque[Sequence[Method[Answer]]]()
        try:
            for part in _parts(methods):
                while ahead and (len(ahead) == AHEAD or not only_reads([*part, *waiting[-1]])):
                    for pair in zip(waiting.popleft(), await ahead.popleft(), strict=True):
                        yield pair
                waiting.append(part)
                ahead.append(asyncio.create_task(self._in_bulk(part)))
            while ahead:
                for pair in zip(waiting.popleft(), await ahead.popleft(), strict=True):
                    yield pair
        finally:
            for task in ahead:
                task.cancel()
            if ahead:
                await asyncio.wait(ahead)

    async def follow(self, steps: Steps) -> Followed:
        """Do calls that refer to one another's answers, in one request that is never repeated once it may have run.

        Raises:
            PortalError: the request as a whole brought no result.
        """
        methods = [step.method for step in steps.steps]
        body = commands_body(steps.commands(), halt=steps.halt)
        underway = Underway(REST, reads=only_reads(methods))
        async with self._in_time(underway):
            for rest in dict.fromkeys(method.rest for method in methods):
                await self._sending.allow(rest)
            reply = await self._sending.send(underway, REST, body)
        return Followed(reply.result, steps.halt)

    async def aclose(self) -> None:
        """End what is under way and close the connections."""
        if self._gathering is not None:
            await self._gathering.aclose()
        await self._exchange.aclose()

    async def __aenter__(self) -> Self:
        """Give the portal itself."""
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End what is under way and close the connections."""
        await self.aclose()

    def __repr__(self) -> str:
        """Show where the portal is, without the secret."""
        return f"Portal({self._way.masked})"

    async def _answer_or_error(self, method: Method[Any]) -> Any | PortalError:  # noqa: ANN401 - typed by the method
        try:
            return await self(method)
        except PortalError as error:
            return error

    async def _in_bulk(self, methods: Sequence[Method[Any]]) -> Answers:
        with bulk():
            try:
                return await self.batch(methods)
            except PortalError as error:
                return [copy_of(error).by(method) for method in methods]

    async def _request(self, methods: Sequence[Method[Any]]) -> Answers:
        """Call methods that fit one request; a method that is blocked for long is left out and answers so."""
        reads = only_reads(methods)
        underway = Underway(methods[0].rest if len(methods) == 1 else REST, reads)
        async with self._in_time(underway):
            blocked = await self._blocked(methods)
            called = [method for method in methods if method.rest not in blocked]
            answers: Iterator[Any | PortalError] = iter(())
            if called:
                together = reads and self._gathering is not None and all(fits_batch(method) for method in called)
                answers = iter(
                    await (
                        self._gathering.read(called, underway)
                        if together and self._gathering is not None
                        else self._answers(called, underway)
                    )
                )
        return [
            copy_of(blocked[method.rest]).by(method) if method.rest in blocked else next(answers) for method in methods
        ]

    async def _answers(self, methods: Sequence[Method[Any]], underway: Underway) -> Answers:
        return await answers_of(self._sending, methods, underway)

    async def _blocked(self, methods: Sequence[Method[Any]]) -> dict[str, PortalError]:
        """Wait for methods that are blocked for a moment; give those that are for long."""
        blocked: dict[str, PortalError] = {}
        for rest in dict.fromkeys(method.rest for method in methods):
            try:
                await self._sending.allow(rest)
            except PortalError as error:
                blocked[rest] = error
        return blocked

    @asynccontextmanager
    async def _in_time(self, underway: Underway) -> AsyncGenerator[None]:
        """End a call that takes too long.

        Raises:
            PortalError: it did; a request that was out then may have been carried out.
        """
        timeout = asyncio.timeout(self._deadline)
        try:
            async with timeout:
                yield
        except TimeoutError:
            if not timeout.expired():
                raise
            raise underway.ran_out() from None


def _parts(methods: Iterable[Method[Answer]]) -> Iterator[Sequence[Method[Answer]]]:
    """Cut any number of calls into those of one request."""
    rest = iter(methods)
    while part := list(islice(rest, MOST_COMMANDS)):
        yield part
