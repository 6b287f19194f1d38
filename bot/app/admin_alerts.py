"""Incident alerts in the administrators' chat: the incident's id and kind, and no client data."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncGenerator, Awaitable, Callable
from typing import Any, Final, cast

from bot.conversation.session import Reply
from bot.rendering.markup import Text, filled
from bot.telegram.outbox import Destination
from bot.telegram.sender import Sender
from tool_specs.declaration.localized import Language, Localized

PAUSE_S: Final = 60.0
"""Between two messages at the least: a fault that comes with every update must not flood the chat."""
MOST_KEPT: Final = 1000

ONE: Final = Localized(
    en="Incident {number} ({event}, {kind}). For details, search the log for this number.",
    ru="Инцидент {number} ({event}, {kind}). Подробности — в журнале по этому номеру.",
)
MORE: Final = Localized(
    en="{count} more since then; the latest: {number}.",
    ru="С тех пор ещё {count}; последнее: {number}.",
)


class AdminChat(logging.Handler):
    """Log handler that collects incidents and sends at most one message a minute."""

    def __init__(self, chat: int, sender: Sender, language: Language) -> None:
        """Take the chat, the sender and the language of the alerts."""
        super().__init__(logging.ERROR)
        self._place = Destination(chat)
        self._sender = sender
        self._language: Language = language
        self._incidents: list[tuple[str, str, str]] = []
        self._came = asyncio.Event()
        self._loop = asyncio.get_running_loop()

    def emit(self, record: logging.LogRecord) -> None:
        """Collect an incident; other log records are ignored."""
        if not isinstance(record.msg, dict):
            return
        told = cast("dict[str, Any]", record.msg)
        number, fault = told.get("incident"), told.get("exc_info")
        if isinstance(number, str) and len(self._incidents) < MOST_KEPT:
            # The kind of the fault alone: its words may repeat what a client said.
            self._incidents.append((number, str(told.get("event", "")), type(fault).__name__))
            self._loop.call_soon_threadsafe(self._came.set)

    async def tell(self, sleep: Callable[[float], Awaitable[object]]) -> None:
        """Send what was collected, until cancelled."""
        while True:
            await self._came.wait()
            self._came.clear()
            incidents, self._incidents = self._incidents, []
            if incidents:
                text = alert_text(incidents, self._language)
                await self._sender.send(self._place, Reply(text.plain, text.html, self._language))
                await sleep(PAUSE_S)


def alert_text(incidents: list[tuple[str, str, str]], language: Language) -> Text:
    """Render the first of several incidents, and how many followed."""
    number, event, kind = incidents[0]
    text = filled(ONE.to(language), number=Text.strong(number), event=event, kind=kind)
    if len(incidents) == 1:
        return text
    return text + " " + filled(MORE.to(language), count=str(len(incidents) - 1), number=Text.strong(incidents[-1][0]))


@contextlib.asynccontextmanager
async def alerting(
    chat: int | None, sender: Sender, language: Language, sleep: Callable[[float], Awaitable[object]]
) -> AsyncGenerator[None]:
    """Send incidents to a chat within the block; without a chat, send none."""
    if chat is None:
        yield
        return
    handler = AdminChat(chat, sender, language)
    root = logging.getLogger()
    root.addHandler(handler)
    task = asyncio.create_task(handler.tell(sleep))
    try:
        yield
    finally:
        root.removeHandler(handler)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
