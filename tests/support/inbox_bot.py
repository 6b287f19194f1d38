"""A bot with an inbox, and a conversation that can fail or block on purpose."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from bot.app.app import serve
from bot.conversation.incoming import Incoming
from bot.conversation.service import Conversation
from bot.conversation.session import Reply, ReportProgress
from linkdesk.bootstrap.desk import open_desk
from linkdesk.runtime.inbox import Inbox
from tests.support.fake_bot_api.server import FakeBotApi
from tests.support.telegram_env import Sleeper, bot_settings, telegram_transports

Sleep = Callable[[float], Awaitable[object]]


class FailingConversation(Conversation):
    """A conversation that raises on the word "stumble" and blocks on the word "slowly"."""

    stumbles = 99
    said = 0

    def __init__(self, *given: Any, **more: Any) -> None:  # noqa: ANN401 - a conversation's own
        super().__init__(*given, **more)
        self.go_on = asyncio.Event()

    async def answer(self, incoming: Incoming, tell: ReportProgress | None = None) -> Reply:
        text = incoming.text
        if "stumble" in text and self.said < self.stumbles:
            self.said += 1
            raise RuntimeError(text)
        if "slowly" in text:
            await self.go_on.wait()
        rest = text.replace("slowly", "").replace("stumble", "")
        return await super().answer(self.read(rest, incoming.person), tell)


@asynccontextmanager
async def failing_conversation(**more: Any) -> AsyncIterator[FailingConversation]:  # noqa: ANN401 - any setting
    async with open_desk(bot_settings(**more), sandbox=True) as desk:
        yield FailingConversation(desk)


@asynccontextmanager
async def run_inbox_bot(
    api: FakeBotApi, conversation: Conversation, inbox: Inbox, sleep: Sleep | None = None
) -> AsyncIterator[None]:
    stopped = asyncio.Event()
    serving = asyncio.create_task(
        serve(bot_settings(), conversation, telegram_transports(api), stopped, sleep or Sleeper(), inbox=inbox)
    )
    await api.until(lambda: serving.done() or api.called("getUpdates"))
    try:
        yield
    finally:
        stopped.set()
        await serving
