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
from linkdesk.portal.auth import Credentials, WebhookCredentials
from linkdesk.portal.batch import MAX_COMMANDS, REST, all_reads, commands_body, fits_batch, split_into_requests
from linkdesk.portal.batch_refs import StepResults, Steps
from linkdesk.portal.calls import call_in_one_request
from linkdesk.portal.coalescing import ReadCoalescer
from linkdesk.portal.rate import Rate
from linkdesk.portal.send import CallState, RequestSender, copy_error
from linkdesk.portal.throttle import LocalBucket, Throttle, bulk
from linkdesk.portal.time_limits import MethodTimeLimits
from linkdesk.portal.transport import PortalTransport
from tool_specs.declaration.method import Method

Answer = TypeVar("Answer")
Answers = list[Any | PortalError]

DEADLINE_S: Final = 60
"""How long a call may take, waiting for its turn and all tries included."""
PARALLEL_REQUESTS: Final = 4
"""How many requests of a stream are under way at once."""


class Portal:
    """A client for one portal with one set of credentials; clients of the same portal share a throttle."""

    def __init__(  # noqa: PLR0913 - the collaborators, each named
        self,
        credentials: Credentials | WebhookAddress,
        *,
        rate: Rate | None = None,
        throttle: Throttle | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
        coalesce: bool = True,
        deadline: float = DEADLINE_S,
        clock: Callable[[], float] = time.monotonic,
        now: Callable[[], float] = time.time,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        """Prepare the connections; none is opened before the first call.

        Args:
            credentials: a webhook's address, or an employee's token.
            rate: how fast the portal may be called; without one, nothing is held back until it refuses.
            throttle: the one that several clients of the same portal share; `rate` is not needed then.
            transport: takes httpx's requests; None is the network.
            coalesce: whether reads that wait at the same time go as one request.
            deadline: the seconds that a call may take.
            clock: a steady clock.
            now: tells Unix time.
            sleep: waits.
        """
        self._credentials = WebhookCredentials(credentials) if isinstance(credentials, WebhookAddress) else credentials
        self._throttle = throttle or Throttle(
            LocalBucket(rate or Rate(), clock), sleep=sleep, unlimited_until_refused=rate is None
        )
        self._transport = PortalTransport(transport, now)
        self._sender = RequestSender(
            self._credentials, self._transport, self._throttle, MethodTimeLimits(now), sleep=sleep
        )
        self._coalescer = ReadCoalescer(self._throttle, self._answers) if coalesce else None
        self._deadline = deadline

    async def __call__(self, method: Method[Answer]) -> Answer:
        """Call one method and return its typed result.

        Raises:
            PortalError: there is no result; which of its kinds, says what that means for a write.
        """
        try:
            (answer,) = await self._request([method])
        except PortalError as error:
            raise error.for_method(method)  # noqa: B904 - the same error, which now knows the call
        if isinstance(answer, PortalError):
            raise answer
        return cast("Answer", answer)

    async def batch(self, methods: Sequence[Method[Any]]) -> Answers:
        """Call several methods in as few requests as possible; each result may be the error of that call.

        A batch is not atomic: of writes whose answer was lost, each is in doubt.

        Raises:
            PortalError: a request as a whole brought no result.
        """
        if len(methods) == 1:
            return [await self._answer_or_error(methods[0])]
        answers: Answers = []
        for run in split_into_requests(methods):
            answers += [await self._answer_or_error(run[0])] if len(run) == 1 else await self._request(run)
        return answers

    async def stream(
        self,
        methods: Iterable[Method[Answer]],
    ) -> AsyncGenerator[tuple[Method[Answer], Answer | PortalError]]:
        """Call any number of methods as bulk work and yield each with its result or error, in order.

        Only a few requests are under way at once, and writes wait until everything before them is done.
        """
        ahead = deque[asyncio.Task[Answers]]()
        waiting = deque[Sequence[Method[Answer]]]()
        try:
            for part in _chunks(methods):
                while ahead and (len(ahead) == PARALLEL_REQUESTS or not all_reads([*part, *waiting[-1]])):
                    for pair in zip(waiting.popleft(), await ahead.popleft(), strict=True):
                        yield pair
                waiting.append(part)
                ahead.append(asyncio.create_task(self._batch_as_bulk(part)))
            while ahead:
                for pair in zip(waiting.popleft(), await ahead.popleft(), strict=True):
                    yield pair
        finally:
            for task in ahead:
                task.cancel()
            if ahead:
                await asyncio.wait(ahead)

    async def run_steps(self, steps: Steps) -> StepResults:
        """Run dependent calls in one request, which is not retried once it may have been carried out.

        Raises:
            PortalError: the request as a whole brought no result.
        """
        methods = [step.method for step in steps.steps]
        body = commands_body(steps.commands(), halt=steps.halt)
        state = CallState(REST, reads=all_reads(methods))
        async with self._deadline_for(state):
            for rest in dict.fromkeys(method.rest for method in methods):
                await self._sender.wait_until_unblocked(rest)
            reply = await self._sender.send(state, REST, body)
        return StepResults(reply.result, steps.halt)

    async def aclose(self) -> None:
        """Cancel pending work and close the connections."""
        if self._coalescer is not None:
            await self._coalescer.aclose()
        await self._transport.aclose()

    async def __aenter__(self) -> Self:
        """Return the client itself."""
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Cancel pending work and close the connections."""
        await self.aclose()

    def __repr__(self) -> str:
        """Show where the portal is, without the secret."""
        return f"Portal({self._credentials.masked})"

    async def _answer_or_error(self, method: Method[Any]) -> Any | PortalError:  # noqa: ANN401 - typed by the method
        try:
            return await self(method)
        except PortalError as error:
            return error

    async def _batch_as_bulk(self, methods: Sequence[Method[Any]]) -> Answers:
        with bulk():
            try:
                return await self.batch(methods)
            except PortalError as error:
                return [copy_error(error).for_method(method) for method in methods]

    async def _request(self, methods: Sequence[Method[Any]]) -> Answers:
        """Call methods that fit one request; a method that stays blocked is skipped and gets that error."""
        reads = all_reads(methods)
        state = CallState(methods[0].rest if len(methods) == 1 else REST, reads)
        async with self._deadline_for(state):
            blocked = await self._wait_or_block(methods)
            called = [method for method in methods if method.rest not in blocked]
            answers: Iterator[Any | PortalError] = iter(())
            if called:
                together = reads and self._coalescer is not None and all(fits_batch(method) for method in called)
                answers = iter(
                    await (
                        self._coalescer.read(called, state)
                        if together and self._coalescer is not None
                        else self._answers(called, state)
                    )
                )
        return [
            copy_error(blocked[method.rest]).for_method(method) if method.rest in blocked else next(answers)
            for method in methods
        ]

    async def _answers(self, methods: Sequence[Method[Any]], state: CallState) -> Answers:
        return await call_in_one_request(self._sender, methods, state)

    async def _wait_or_block(self, methods: Sequence[Method[Any]]) -> dict[str, PortalError]:
        """Wait for briefly blocked methods; return the errors of those that stay blocked."""
        blocked: dict[str, PortalError] = {}
        for rest in dict.fromkeys(method.rest for method in methods):
            try:
                await self._sender.wait_until_unblocked(rest)
            except PortalError as error:
                blocked[rest] = error
        return blocked

    @asynccontextmanager
    async def _deadline_for(self, state: CallState) -> AsyncGenerator[None]:
        """Cancel the call at its deadline.

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
            raise state.timeout_error() from None


def _chunks(methods: Iterable[Method[Answer]]) -> Iterator[Sequence[Method[Answer]]]:
    """Split calls into chunks of one batch."""
    rest = iter(methods)
    while part := list(islice(rest, MAX_COMMANDS)):
        yield part
