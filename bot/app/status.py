"""The status report for administrators: no secrets, no addresses, no client data."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from importlib.metadata import version
from typing import Final

from bot.conversation.command_handlers import handles
from bot.conversation.command_request import CommandRequest
from bot.conversation.session import Reply
from bot.rendering.markup import Text, joined
from linkdesk.auth.policy import Actor
from linkdesk.desk import Desk
from linkdesk.errors.base import Trouble
from linkdesk.runtime.inbox import Inbox, InboxCounts
from tool_specs.declaration.localized import Language, Localized
from tool_specs.recipes.changes_and_plans import Whoami

ASKING_S: Final = 5

TITLE: Final = Localized(en="Linkdesk {version}, running for {uptime}", ru="Linkdesk {version}, работает {uptime}")
TELEGRAM: Final = {
    True: Localized(en="Telegram: polling, last answer {ago} ago", ru="Telegram: опрос, последний ответ {ago} назад"),
    False: Localized(
        en="Telegram: webhook, last update {ago} ago", ru="Telegram: вебхук, последнее сообщение {ago} назад"
    ),
}
NEVER: Final = {
    True: Localized(en="Telegram: polling, no answer yet", ru="Telegram: опрос, ответа пока не было"),
    False: Localized(en="Telegram: webhook, no update yet", ru="Telegram: вебхук, сообщений пока не было"),
}
QUEUE: Final = Localized(
    en="Queue: {waiting} (this message included); set aside: {set_aside}",
    ru="Очередь: {waiting} (вместе с этим сообщением); отложено: {set_aside}",
)
NO_QUEUE: Final = Localized(en="Queue: the database is not responding", ru="Очередь: база данных не отвечает")
PORTAL: Final = Localized(en="Portal: responds in {ms} ms", ru="Портал: отвечает за {ms} мс")
NO_PORTAL: Final = Localized(en="Portal: {code}", ru="Портал: {code}")
STORE: Final = Localized(en="Storage: {kind}", ru="Хранилище: {kind}")
CHAT: Final = Localized(en="This chat: {chat}", ru="Этот чат: {chat}")


@dataclass(slots=True)
class Status:
    """Health of the running bot."""

    inbox: Inbox
    desk: Desk
    polls: bool
    clock: Callable[[], float] = time.monotonic
    heard: float | None = None
    """When Telegram was last heard of."""
    started: float = field(init=False)

    def __post_init__(self) -> None:
        """Start the uptime clock."""
        self.started = self.clock()

    def note_contact(self) -> None:
        """Note the time Telegram was last heard from."""
        self.heard = self.clock()

    @handles("status")
    async def status(self, request: CommandRequest) -> Reply:
        """Answer `/status`."""
        text = await self.render(request.person.actor, request.person.chat, request.language)
        return replace(request.reply(text), of_ourselves=True)

    async def render(self, actor: Actor, chat: int, language: Language) -> Text:
        """Render the status report."""
        now = self.clock()
        ago = None if self.heard is None else {"ago": _span(now - self.heard)}
        lines = [
            TITLE.format_map({"version": version("linkdesk"), "uptime": _span(now - self.started)}),
            NEVER[self.polls] if ago is None else TELEGRAM[self.polls].format_map(ago),
            await self._queue(),
            await self._portal(actor),
            STORE.format_map({"kind": self.inbox.kind}),
            CHAT.format_map({"chat": str(chat)}),
        ]
        return joined([Text.of(line.to(language)) for line in lines], "\n")

    async def _queue(self) -> Localized:
        try:
            counts: InboxCounts = await self.inbox.counts()
        except Trouble:
            return NO_QUEUE
        return QUEUE.format_map({"waiting": str(counts.waiting), "set_aside": str(counts.set_aside)})

    async def _portal(self, actor: Actor) -> Localized:
        began = self.clock()
        try:
            async with asyncio.timeout(ASKING_S):
                await self.desk.do(Whoami(), actor)
        except Trouble as trouble:
            return NO_PORTAL.format_map({"code": trouble.failure.code})
        except TimeoutError:
            return NO_PORTAL.format_map({"code": f"> {ASKING_S} s"})
        return PORTAL.format_map({"ms": str(round((self.clock() - began) * 1000))})


def _span(seconds: float) -> str:
    """Write a span of time: 1 day, 2:03:04."""
    span = timedelta(seconds=int(seconds))
    clock = str(span - timedelta(days=span.days))
    return f"{span.days} d {clock}" if span.days else clock
