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
from linkdesk.portal.batch import MOST_COMMANDS
from linkdesk.portal.send import Underway, copy_of
from linkdesk.portal.throttle import Pace, is_bulk
from tool_specs.declaration.method import Method

Answers = list[Any | PortalError]
Send = Callable[[Sequence[Method[Any]], Underway], Awaitable[Answers]]


@dataclass(slots=True, eq=False)
class _Waiting:
    """Reads of one caller, which go together."""

    methods: Sequence[Method[Any]]
    underway: Underway
    answers: asyncio.Future[Answers]
    request: _Request | None = None


@dataclass(slots=True, eq=False)
class _Request:
    """A request that is made for some callers, and ends when the last of them goes."""

    callers: Sequence[_Waiting]
    task: asyncio.Task[None] | None = None


@dataclass(slots=True, eq=False)
class _Line:
    """Who waits, and the task that takes turns for them; it is there only while somebody waits."""

    waiting: deque[_Waiting] = field(default_factory=deque[_Waiting])
    collector: asyncio.Task[None] | None = None


class Gathering:
    """The lines of waiting reads: one of people's, one of bulk work."""

    def __init__(self, pace: Pace, send: Send) -> None:
        """Take the pace, and what makes one request of several reads whose turn has come."""
        self._pace = pace
        self._send = send
        self._lines: Final = {False: _Line(), True: _Line()}
        self._tasks: Final = set[asyncio.Task[None]]()

    async def read(self, methods: Sequence[Method[Any]], underway: Underway) -> Answers:
        """Read, together with whoever else waits; at most 50 calls.

        Raises:
            PortalError: the request brought no result, for anybody in it.
        """
        line = self._lines[is_bulk()]
        waiting = _Waiting(methods, underway, asyncio.get_running_loop().create_future())
        line.waiting.append(waiting)
        if line.collector is None:
            line.collector = self._started(self._collect(line))
            line.collector.add_done_callback(partial(_stopped, line))
        try:
            return await waiting.answers
        finally:
            if waiting.answers.cancelled():
                await self._leave(line, waiting)
            else:
                waiting.answers.exception()  # seen, although the caller may have been cancelled just now

    async def aclose(self) -> None:
        """End everything that is under way; whoever waits is told that nothing came."""
        for line in self._lines.values():
            line.collector = None
            _give_up(line.waiting)
            line.waiting.clear()
        while self._tasks:
            await _ended(*self._tasks)

    def _started(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def _collect(self, line: _Line) -> None:
        """Take turns as long as somebody waits; who comes meanwhile joins."""
        while line.waiting:
            await self._pace.turn()
            callers = _first(line.waiting)
            request = _Request(callers)
            for caller in callers:
                caller.request = request
            request.task = self._started(self._make(request))
            request.task.add_done_callback(partial(_give_up, callers))
        line.collector = None

    async def _make(self, request: _Request) -> None:
        callers = request.callers
        underway = Underway(callers[0].underway.rest, reads=True, has_turn=True)
        methods = [method for caller in callers for method in caller.methods]
        for caller in callers:
            caller.underway.joined = underway
        try:
            answers = iter(await self._send(methods, underway))
        except PortalError as error:
            for caller in callers:
                if not caller.answers.done():
                    caller.answers.set_exception(copy_of(error))
        else:
            for caller in callers:
                its = [next(answers) for _ in caller.methods]
                if not caller.answers.done():
                    caller.answers.set_result(its)

    async def _leave(self, line: _Line, waiting: _Waiting) -> None:
        """Take a caller who went away out of the line; what nobody waits for any more ends."""
        if waiting in line.waiting:
            line.waiting.remove(waiting)
            if not line.waiting and line.collector is not None:
                collector, line.collector = line.collector, None
                await _ended(collector)
        request = waiting.request
        if (
            request is not None
            and request.task is not None
            and all(caller.answers.done() for caller in request.callers)
        ):
            await _ended(request.task)


def _first(waiting: deque[_Waiting]) -> Sequence[_Waiting]:
    """Take from the line as many as fit one request."""
    taken: list[_Waiting] = []
    count = 0
    while waiting and count + len(waiting[0].methods) <= MOST_COMMANDS:
        taken.append(waiting.popleft())
        count += len(taken[-1].methods)
    return taken


def _give_up(callers: Iterable[_Waiting], task: asyncio.Task[None] | None = None) -> None:
    """Tell those who still wait that nothing came, or what went wrong within us."""
    fault = None if task is None or task.cancelled() else task.exception()
    for caller in callers:
        if not caller.answers.done():
            caller.answers.set_exception(caller.underway.ran_out() if fault is None else fault)


def _stopped(line: _Line, task: asyncio.Task[None]) -> None:
    """Leave nobody waiting for a collector that broke."""
    if not task.cancelled() and task.exception() is not None:
        line.collector = None
        _give_up(line.waiting, task)
        line.waiting.clear()


async def _ended(*tasks: asyncio.Task[None]) -> None:
    """Cancel tasks and wait until they are gone."""
    for task in tasks:
        task.cancel()
    await asyncio.wait(tasks)
