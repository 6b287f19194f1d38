"""Coalesce concurrent reads into one batch, which counts as a single request in the rate limit.

What waits is what is asked for in the same turn of the event loop, and what joins while the bucket is being waited for.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final

from linkdesk.errors.base import PortalError
from linkdesk.portal.batch import MAX_COMMANDS
from linkdesk.portal.send import CallState, copy_error
from linkdesk.portal.throttle import Throttle, is_bulk
from tool_specs.declaration.method import Method

Answers = list[Any | PortalError]
Send = Callable[[Sequence[Method[Any]], CallState], Awaitable[Answers]]


@dataclass(slots=True, eq=False)
class _PendingRead:
    """The reads of one caller, which stay in one request."""

    methods: Sequence[Method[Any]]
    state: CallState
    answers: asyncio.Future[Answers]
    request: _Request | None = None


@dataclass(slots=True, eq=False)
class _Request:
    """A request on behalf of several callers; it is cancelled when the last of them is."""

    callers: Sequence[_PendingRead]
    task: asyncio.Task[None] | None = None


@dataclass(slots=True, eq=False)
class _Queue:
    """The pending reads of one priority, and the task that sends them; it exists only while reads are pending."""

    waiting: deque[_PendingRead] = field(default_factory=deque[_PendingRead])
    collector: asyncio.Task[None] | None = None


class ReadCoalescer:
    """Coalesces reads in two queues: interactive and bulk."""

    def __init__(self, throttle: Throttle, send: Send) -> None:
        """Keep the throttle and the function that sends several reads as one request."""
        self._throttle = throttle
        self._send = send
        self._queues: Final = {False: _Queue(), True: _Queue()}
        self._tasks: Final = set[asyncio.Task[None]]()

    async def read(self, methods: Sequence[Method[Any]], state: CallState) -> Answers:
        """Read at most 50 methods, sharing a request with other pending reads.

        Raises:
            PortalError: the request brought no result, for anybody in it.
        """
        queue = self._queues[is_bulk()]
        waiting = _PendingRead(methods, state, asyncio.get_running_loop().create_future())
        queue.waiting.append(waiting)
        if queue.collector is None:
            queue.collector = self._start(self._collect(queue))
            queue.collector.add_done_callback(partial(_collector_done, queue))
        try:
            return await waiting.answers
        finally:
            if waiting.answers.cancelled():
                await self._withdraw(queue, waiting)
            else:
                waiting.answers.exception()  # seen, although the caller may have been cancelled just now

    async def aclose(self) -> None:
        """Cancel all requests; pending callers get an error."""
        for line in self._queues.values():
            line.collector = None
            _give_up(line.waiting)
            line.waiting.clear()
        while self._tasks:
            await _cancel_and_wait(*self._tasks)

    def _start(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def _collect(self, queue: _Queue) -> None:
        """Send requests while reads are pending; reads that arrive while waiting for the throttle join the next one."""
        while queue.waiting:
            await self._throttle.acquire()
            callers = _take_request(queue.waiting)
            request = _Request(callers)
            for caller in callers:
                caller.request = request
            request.task = self._start(self._perform(request))
            request.task.add_done_callback(partial(_give_up, callers))
        queue.collector = None

    async def _perform(self, request: _Request) -> None:
        callers = request.callers
        state = CallState(callers[0].state.rest, reads=True, acquired=True)
        methods = [method for caller in callers for method in caller.methods]
        for caller in callers:
            caller.state.merged_into = state
        try:
            answers = iter(await self._send(methods, state))
        except PortalError as error:
            for caller in callers:
                if not caller.answers.done():
                    caller.answers.set_exception(copy_error(error))
        else:
            for caller in callers:
                its = [next(answers) for _ in caller.methods]
                if not caller.answers.done():
                    caller.answers.set_result(its)

    async def _withdraw(self, queue: _Queue, waiting: _PendingRead) -> None:
        """Remove a cancelled caller; cancel its request if no other caller is left."""
        if waiting in queue.waiting:
            queue.waiting.remove(waiting)
            if not queue.waiting and queue.collector is not None:
                collector, queue.collector = queue.collector, None
                await _cancel_and_wait(collector)
        request = waiting.request
        if (
            request is not None
            and request.task is not None
            and all(caller.answers.done() for caller in request.callers)
        ):
            await _cancel_and_wait(request.task)


def _take_request(waiting: deque[_PendingRead]) -> Sequence[_PendingRead]:
    """Take as many pending reads as fit one request."""
    taken: list[_PendingRead] = []
    count = 0
    while waiting and count + len(waiting[0].methods) <= MAX_COMMANDS:
        taken.append(waiting.popleft())
        count += len(taken[-1].methods)
    return taken


def _give_up(callers: Iterable[_PendingRead], task: asyncio.Task[None] | None = None) -> None:
    """Fail the callers still waiting, with our own error if there was one."""
    fault = None if task is None or task.cancelled() else task.exception()
    for caller in callers:
        if not caller.answers.done():
            caller.answers.set_exception(caller.state.timeout_error() if fault is None else fault)


def _collector_done(line: _Queue, task: asyncio.Task[None]) -> None:
    """Fail all pending reads if the collector task crashed."""
    if not task.cancelled() and task.exception() is not None:
        line.collector = None
        _give_up(line.waiting, task)
        line.waiting.clear()


async def _cancel_and_wait(*tasks: asyncio.Task[None]) -> None:
    """Cancel tasks and wait until they are gone."""
    for task in tasks:
        task.cancel()
    await asyncio.wait(tasks)
