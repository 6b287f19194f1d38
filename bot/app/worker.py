"""Inbox worker: chats in parallel, each chat's updates in order, every update answered once."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Any, Final, TypeAlias

import structlog
from telegram import Update
from telegram.ext import Application, ContextTypes

from bot.app.dispatcher import place_of, request_key
from bot.conversation.session import Reply
from bot.rendering.dispatch import render_error
from bot.telegram import outbox
from bot.telegram.access import language_of
from bot.telegram.outbox import Outbox, Outgoing
from bot.telegram.sender import Sender, UndeliveredError
from linkdesk.errors.base import Changed, Trouble
from linkdesk.errors.incident import report_incident
from linkdesk.runtime.inbox import Arrival, Inbox, LeasedMessage, MemoryInbox, ProcessingState
from tool_specs.declaration.localized import Language

log = structlog.stdlib.get_logger()

App: TypeAlias = Application[Any, Any, Any, Any, Any, Any]

MOST_AT_ONCE: Final = 256
MOST_ATTEMPTS: Final = 3
"""How often a message is begun; one that ends the process each time must not do so for ever."""
LOOKING_AFTER_S: Final = 10.0
LONGEST_DRAIN_S: Final = 8.0
"""How long what was taken in may still be worked on after the bot was told to stop: containers are killed after ten."""


class ProcessDiedError(Exception):
    """An update was begun several times and never finished: it may be what ends the process."""


@dataclass(frozen=True, slots=True)
class WorkerContext:
    """Dependencies of the worker."""

    app: App
    sender: Sender
    overtakes: Callable[[Update], Awaitable[bool]]
    """Returns whether an update may overtake the others of its chat."""
    report_interrupted: Callable[[str, Language], Awaitable[Reply | None]]
    """Returns what an update changed in an earlier attempt; None where it changed nothing."""


class Worker:
    """Stores updates in the inbox, and passes each to the bot's handlers in its chat's order."""

    def __init__(
        self, inbox: Inbox, means: WorkerContext, sleep: Callable[[float], Awaitable[object]] = asyncio.sleep
    ) -> None:
        """Take the inbox, the dependencies, and the sleep between retries."""
        self._inbox = inbox
        self._means = means
        self._sleep = sleep
        self._lanes: set[asyncio.Task[None]] = set()
        self._faults: dict[int, Exception] = {}
        self._came = asyncio.Event()
        self._closing = False

    async def keep(self, updates: Sequence[Update]) -> None:
        """Store updates in the inbox.

        Raises:
            Trouble: the inbox cannot keep them, so their sender must not be told that they arrived.
        """
        arrivals: list[Arrival] = []
        for update in updates:
            if update.message is None and update.callback_query is None:
                continue
            chat = update.effective_chat
            number = chat.id if chat is not None else 0
            urgent = await self._means.overtakes(update)
            arrivals.append(Arrival(number=update.update_id, chat=number, body=update.to_json(), urgent=urgent))
        if arrivals:
            await self._inbox.store(arrivals)
            self._came.set()

    async def run(self, stopped: asyncio.Event) -> None:
        """Work until stopped, then drain for a limited time. Stop only after the last update was stored."""
        looking_after = asyncio.create_task(self._look_after())
        try:
            while not stopped.is_set():
                await self._begin()
                await _first_of(self._came.wait(), stopped.wait())
            if self._inbox.kind != MemoryInbox.kind:
                # What cannot be sent now is kept, and sent after the next start.
                self._means.sender.stopping.set()
            with suppress(TimeoutError):
                async with asyncio.timeout(LONGEST_DRAIN_S):
                    await self._drained()
        finally:
            self._closing = True
            self._means.sender.stopping.set()
            looking_after.cancel()
            await asyncio.gather(looking_after, *self._lanes, return_exceptions=True)

    def failed(self, update: object, fault: Exception) -> None:
        """Note that a handler failed on an update."""
        if isinstance(update, Update):
            self._faults[update.update_id] = fault

    async def _drained(self) -> None:
        while self._came.is_set() or self._lanes:
            await self._begin()
            if self._lanes:
                await asyncio.wait(self._lanes, return_when=asyncio.FIRST_COMPLETED)

    async def _begin(self) -> None:
        """Start a task for every chat that has new updates."""
        self._came.clear()
        room = MOST_AT_ONCE - len(self._lanes)
        if room <= 0:
            return
        try:
            items = await self._inbox.lease(room)
        except Trouble as trouble:
            log.warning("telegram.inbox_not_read", error=trouble.failure.code)
            await self._sleep(1)
            self._came.set()
            return
        for item in items:
            lane = asyncio.create_task(self._work_chat(item))
            self._lanes.add(lane)
            lane.add_done_callback(self._left)

    def _left(self, lane: asyncio.Task[None]) -> None:
        self._lanes.discard(lane)
        if len(self._lanes) == MOST_AT_ONCE - 1:
            self._came.set()
        if not lane.cancelled() and (fault := lane.exception()) is not None:
            log.error("telegram.lane_failed", exc_info=fault)

    async def _work_chat(self, first: LeasedMessage) -> None:
        """Work through one chat's updates in order, until none is left."""
        item: LeasedMessage | None = first
        while item is not None:
            item = await self._attended(item)

    async def _attended(self, item: LeasedMessage) -> LeasedMessage | None:
        """Work on one update and return the next of its chat; retry while the store is down."""
        try:
            return await self._worked_on(item)
        except Trouble as trouble:
            # What was begun is taken again: soon, or when the lease is over, or by the next start.
            log.warning("telegram.inbox_not_written", error=trouble.failure.code)
            await self._sleep(1)
            await self._let_go(item)
            return None

    async def _let_go(self, item: LeasedMessage) -> None:
        try:
            await self._inbox.release(item)
        except Trouble as trouble:
            log.warning("telegram.inbox_not_written", error=trouble.failure.code)
        if not self._means.sender.stopping.is_set():
            self._came.set()

    async def _worked_on(self, item: LeasedMessage) -> LeasedMessage | None:
        """Work on one update and return the next of its chat.

        Raises:
            Trouble: the inbox does not answer.
        """
        station = ProcessingState.DONE
        update = _update_of(item, self._means.app)
        try:
            if item.answer is not None:
                await self._deliver(outbox.load_outgoing(item.answer))
            elif update is not None and item.attempts > MOST_ATTEMPTS:
                station = ProcessingState.SET_ASIDE
                await self._set_aside(item, update, ProcessDiedError())
            elif update is not None and (fault := await self._handled(item, update)) is not None:
                if item.attempts < MOST_ATTEMPTS:
                    log.warning("telegram.update_failed", update_id=item.number, attempt=item.attempts, exc_info=fault)
                    await self._sleep(item.attempts)
                    await self._let_go(item)
                    return None
                station = ProcessingState.SET_ASIDE
                await self._set_aside(item, update, fault)
        except UndeliveredError:
            await self._let_go(item)
            return None
        except ValueError:
            log.exception("telegram.answer_unreadable", update_id=item.number)
        return await self._inbox.finish(item, station, going_on=not self._closing)

    async def _handled(self, item: LeasedMessage, update: Update) -> Exception | None:
        """Run the handlers on an update and return the error they raised, if any.

        Raises:
            UndeliveredError: the answer is kept and could not be sent.
            Trouble: the inbox does not answer.
        """
        place = Outbox(partial(self._inbox.save_answer, item))
        with outbox.collect_answers(place):
            if item.attempts > 1:
                key = request_key(self._means.app.bot.id, update)
                told = await self._means.report_interrupted(key, _language_of(update))
                if told is not None:
                    await self._say(update, told)
                    return None
            self._faults.pop(item.number, None)
            await self._means.app.process_update(update)
        fault = self._faults.pop(item.number, None)
        if isinstance(fault, UndeliveredError | Trouble):
            raise fault
        return fault

    async def _set_aside(self, item: LeasedMessage, update: Update, fault: Exception) -> None:
        """Abandon an update, and notify its sender.

        Raises:
            UndeliveredError: it could not be said.
        """
        trouble = report_incident("telegram.update_set_aside", fault, Changed.UNKNOWN)
        language = _language_of(update)
        said = render_error(trouble, language, write=True)
        with outbox.collect_answers(Outbox(partial(self._inbox.save_answer, item))):
            await self._say(update, Reply(said.plain, said.html, language))

    async def _say(self, update: Update, reply: Reply) -> None:
        query = update.callback_query
        message = update.effective_message
        chat = update.effective_chat
        if chat is None or message is None:
            return
        if query is not None:
            await self._means.sender.answer_press(query.id)
            await self._means.sender.edit(place_of(message, private=True), message.message_id, reply)
            return
        await self._means.sender.send(place_of(message, private=chat.type == chat.PRIVATE), reply)

    async def _deliver(self, outgoings: Sequence[Outgoing]) -> None:
        for outgoing in outgoings:
            await self._means.sender.deliver(outgoing)

    async def _look_after(self) -> None:
        """Renew this process's leases, and take over updates that others left."""
        while True:
            try:
                await self._inbox.maintain()
                self._came.set()
            except Trouble as trouble:
                log.warning("telegram.inbox_not_looked_after", error=trouble.failure.code)
            await asyncio.sleep(LOOKING_AFTER_S)


def _update_of(item: LeasedMessage, app: App) -> Update | None:
    """Decode a stored update, or return None where it cannot be read."""
    try:
        return Update.de_json(json.loads(item.body), app.bot)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        log.warning("telegram.update_skipped", update_id=item.number, error=type(error).__name__)
        return None


def _language_of(update: Update) -> Language:
    user = update.effective_user
    return "en" if user is None else language_of(user)


def error_handler(worker: Worker) -> Callable[[object, Any], Coroutine[Any, Any, None]]:
    """Build the error handler that notes failed updates at the worker."""

    async def noted(update: object, context: ContextTypes.DEFAULT_TYPE) -> None:
        if context.error is not None:
            worker.failed(update, context.error)

    return noted


async def _first_of(*waits: Coroutine[Any, Any, object]) -> None:
    """Wait for the first of several awaitables."""
    tasks = [asyncio.create_task(wait) for wait in waits]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
