"""A sandbox with an event poller and bots that notify chats, on a fake Bot API."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from pydantic import SecretStr
from telegram.request import HTTPXRequest

from bot.app.app import OpenedBot, Transports, connect, opened_bot
from bot.app.wiring import StaffAccess
from bot.conversation.service import Conversation
from bot.notifications.sources import NotificationSources
from bot.telegram.polling import Polling
from bot.telegram.request import TolerantRequest
from linkdesk.accounts.portal_accounts import PortalAccounts
from linkdesk.accounts.staff import Chat, Member, MemoryStaffStore
from linkdesk.auth.policy import Role
from linkdesk.config.settings import Settings
from linkdesk.desk import Desk
from linkdesk.events.poller import Poller
from linkdesk.events.store import EventStore, MemoryEventStore
from linkdesk.events.subscriptions import MemorySubscriptions, Subscriptions
from linkdesk.execution.clients import PortalClients
from linkdesk.runtime.inbox import MemoryInbox
from tests.support.fake_bot_api.account import BotMessage
from tests.support.fake_bot_api.server import TOKEN, USER, FakeBotApi
from tests.support.polling_env import period
from tests.support.sandbox_env import NOW, SandboxEnv, open_sandbox_env
from tool_specs.declaration.method import Toolset

EDITOR, VIEWER, STRANGER = 1002, 1003, 666
GROUP, SUPERGROUP, FORUM = -7, -1_001_000_000_007, -1_001_000_000_009
BOT = int(TOKEN.partition(":")[0])
LATER = datetime(2026, 11, 21, 9, 0, tzinfo=NOW.tzinfo)
"""Noon of the next day, in Moscow."""


@dataclass
class Clock:
    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now


@dataclass
class NotificationsEnv:
    """One installation: the sandbox, the event poller, the staff and the running bots."""

    sandbox_env: SandboxEnv
    news: EventStore
    chats: Subscriptions
    watch: Poller
    people: MemoryStaffStore
    clock: Clock
    settings: Settings
    stack: AsyncExitStack
    api: FakeBotApi = field(default_factory=FakeBotApi)
    bots: list[OpenedBot] = field(default_factory=list[OpenedBot])

    async def begin(
        self,
        *,
        chats: Subscriptions | None = None,
        news: EventStore | None = None,
        desk: Desk | None = None,
        accounts: PortalAccounts | None = None,
        polls: bool = True,
    ) -> OpenedBot:
        """Start a bot as a separate process would; the last one that polls receives the updates."""
        through: dict[str, Any] = {"httpx_kwargs": {"transport": self.api.transport}}
        wires, stopped = Transports(HTTPXRequest(**through), TolerantRequest(**through)), asyncio.Event()
        newsroom = NotificationSources(news or self.news, chats or self.chats)
        conversation = Conversation(desk or self.sandbox_env.desk)
        staffing = StaffAccess(self.people, accounts)
        opening = opened_bot(self.settings, conversation, wires, MemoryInbox(), staff_access=staffing, sources=newsroom)
        stack = await self.stack.enter_async_context(AsyncExitStack())
        bot = await stack.enter_async_context(opening)
        await connect(bot.app, stopped)
        await stack.enter_async_context(bot.working())
        if polls:
            polling = asyncio.create_task(Polling(bot.app.bot, wires.asking, bot.keep, stopped).run())

            async def stop() -> None:
                stopped.set()
                await polling

            stack.push_async_callback(stop)
        self._stacks[id(bot)] = stack
        self.bots.append(bot)
        return bot

    _stacks: dict[int, AsyncExitStack] = field(default_factory=dict[int, AsyncExitStack])

    async def end(self, bot: OpenedBot) -> None:
        """Stop a bot."""
        self.bots.remove(bot)
        await self._stacks.pop(id(bot)).aclose()

    async def said(self, text: str, user: int = USER, **more: Any) -> BotMessage:  # noqa: ANN401 - as user_says
        self.api.user_says(text, user_id=user, **more)
        (message,) = await self.api.answer()
        return message

    async def pressed(self, message: BotMessage, button: str, user: int = USER) -> BotMessage:
        self.api.press(user, message.message_id, button, message.chat_id)
        (shown,) = await self.api.answer()
        return shown

    async def agreed(self, text: str, shows: str, user: int = USER) -> None:
        """Send a request that shows a card, check the card, and confirm it."""
        card = await self.said(text, user)
        assert shows in card.text
        await self.pressed(card, "Do it", user)

    async def refused(self, message: BotMessage, data: str, user: int = USER) -> str:
        """Press a button and return the notice shown instead of an answer."""
        number = self.api.press_data(user, message.message_id, data, message.chat_id)
        await self.api.until(lambda: number in self.api.callback_answers)
        return str(self.api.callback_answers[number].get("text"))

    async def without_buttons(self, message: BotMessage) -> None:
        """Wait until a message has no buttons, without any new message."""
        await self.api.until(lambda: self.shown(message).buttons == [])
        for one in await self.api.answer(len(self.api.unheard)):
            assert (one.chat_id, one.message_id) == (message.chat_id, message.message_id)

    def shown(self, message: BotMessage) -> BotMessage:
        """Return a message as it is now."""
        found = self.api.bot_message(message.chat_id, message.message_id)
        assert found is not None
        return found

    async def notice(self, later: timedelta = timedelta(minutes=1)) -> None:
        """Advance the clock and poll the portal."""
        self.clock.now += later
        await self.watch.poll_if_due(self.chats.subscribers)

    async def tell(self) -> list[BotMessage]:
        """Let every bot send its pending notifications, and return the messages."""
        before = len(self.api.unheard)
        assert not before, self.api.unheard
        for bot in self.bots:
            await bot.notifier.poll()
        for bot in self.bots:
            await bot.notifier.wait_until_sent()
        return await self.api.answer(len(self.api.unheard))

    async def told(self, later: timedelta = timedelta(minutes=1)) -> list[BotMessage]:
        """Poll the portal, and return the notifications sent."""
        await self.notice(later)
        return await self.tell()

    async def book(
        self,
        start: datetime = LATER,
        *,
        name: str = "",
        resource: int = 3,
        client: int | None = None,
        minutes: int = 30,
    ) -> int:
        """Add a booking directly on the portal, as clients and staff do."""
        fields = {"name": name, "resourceIds": [resource], "datePeriod": period(start, minutes)}
        number = int(await self.sandbox_env.call("booking.v1.booking.add", fields=fields))
        if client is not None:
            await self.set_client(number, client)
        return number

    async def set_client(self, number: int, client: int) -> None:
        one = {"id": client, "type": {"module": "crm", "code": "CONTACT"}}
        await self.sandbox_env.call("booking.v1.booking.client.set", bookingId=number, clients=[one])

    async def update(self, number: int, **fields: Any) -> None:  # noqa: ANN401 - the vendor's fields
        await self.sandbox_env.call("booking.v1.booking.update", id=number, fields=fields)

    async def delete(self, number: int) -> None:
        await self.sandbox_env.call("booking.v1.booking.delete", id=number)

    async def follow(self, text: str = "/notify on", user: int = USER, **more: Any) -> BotMessage:  # noqa: ANN401 - as user_says
        """Switch notifications on and poll for the first time."""
        message = await self.said(text, user, **more)
        await self.notice(timedelta(0))
        return message


@asynccontextmanager
async def open_notifications_env(
    *,
    news: EventStore | None = None,
    chats: Subscriptions | None = None,
    toolsets: frozenset[Toolset] | None = None,
    portals: PortalClients | None = None,
    **more: Any,  # noqa: ANN401 - settings
) -> AsyncGenerator[NotificationsEnv]:
    """Open an environment without a bot, in which the groups are allowed."""
    settings = Settings.model_validate(
        {
            "telegram_token": SecretStr(TOKEN),
            "telegram_api": "http://127.0.0.1:1",
            "staff": {USER: Role.ADMIN, EDITOR: Role.EDITOR},
            **more,
        },
    )
    clock, people = Clock(), MemoryStaffStore()
    await people.save_member(
        Member(telegram=VIEWER, who=f"telegram:{VIEWER}", name="Vera", role=Role.VIEWER, since=NOW)
    )
    for group in (GROUP, FORUM):
        await people.allow_chat(Chat(id=group, toolsets=toolsets, allowed_by="telegram:1001"))
    async with AsyncExitStack() as stack:
        sandbox_env = await stack.enter_async_context(open_sandbox_env(settings.policy(), rate=None, now=clock))
        kept = news or MemoryEventStore()
        watch = Poller(kept, portals or sandbox_env.desk.portals, timedelta(seconds=60), now=clock)
        told = chats or MemorySubscriptions(now=clock)
        env = NotificationsEnv(sandbox_env, kept, told, watch, people, clock, settings, stack)
        yield env


def texts(messages: Sequence[BotMessage]) -> list[str]:
    return [message.text for message in messages]
