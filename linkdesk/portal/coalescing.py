"""Reads that wait at the same time go as the commands of one request, which costs the bucket one instead of many.

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
    """Reads of one caller, which go together."""

    methods: Sequence[Method[Any]]
    state: CallState
    answers: asyncio.Future[Answers]
    request: _Request | None = None


@dataclass(slots=True, eq=False)
class _Request:
    """A request that is made for some callers, and ends when the last of them goes."""

    callers: Sequence[_PendingRead]
    task: asyncio.Task[None] | None = None


@dataclass(slots=True, eq=False)
class _Queue:
    """Who waits, and the task that takes turns for them; it is there only while somebody waits."""

    waiting: deque[_PendingRead] = field(default_factory=deque[_PendingRead])
    collector: asyncio.Task[None] | None = None


class ReadCoalescer:
    """The lines of waiting reads: one of people's, one of bulk work."""

    def __init__(self, throttle: Throttle, send: Send) -> None:
        """Take the pace, and what makes one request of several reads whose turn has come."""
        self._throttle = throttle
        self._send = send
        self._queues: Final = {False: _Queue(), True: _Queue()}
        self._tasks: Final = set[asyncio.Task[None]]()

    async def read(self, methods: Sequence[Method[Any]], state: CallState) -> Answers:
        """Read, together with whoever else waits; at most 50 calls.

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
        """End everything that is under way; whoever waits is told that nothing came."""
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
        """Take turns as long as somebody waits; who comes meanwhile joins."""
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
        """Take a caller who went away out of the line; what nobody waits for any more ends."""
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
    """Take from the line as many as fit one request."""
    taken: list[_PendingRead] = []
    count = 0
    while waiting and count + len(waiting[0].methods) <= MAX_COMMANDS:
        taken.append(waiting.popleft())
        count += len(taken[-1].methods)
    return taken


def _give_up(callers: Iterable[_PendingRead], task: asyncio.Task[None] | None = None) -> None:
    """Tell those who still wait that nothing came, or what went wrong within us."""
    fault = None if task is None or task.cancelled() else task.exception()
    for caller in callers:
        if not caller.answers.done():
            caller.answers.set_exception(caller.state.timeout_error() if fault is None else fault)


def _collector_done(line: _Queue, task: asyncio.Task[None]) -> None:
    """Leave nobody waiting for a collector that broke."""
    if not task.cancelled() and task.exception() is not None:
        line.collector = None
        _give_up(line.waiting, task)
        line.waiting.clear()


async def _cancel_and_wait(*tasks: asyncio.Task[None]) -> None:
    """Cancel tasks and wait until they are gone."""
    for task in tasks:
        task.cancel()
    await asyncio.wait(tasks)
