"""Lifecycle of the Telegram bot: start, receive updates, and finish what was begun before stopping."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

import structlog
from telegram import Update
from telegram.error import InvalidToken, NetworkError, TelegramError
from telegram.ext import Application, ApplicationBuilder, CallbackQueryHandler, MessageHandler, filters
from telegram.request import BaseRequest

from bot.app.admin_alerts import alerting
from bot.app.assistant_approvals import AssistantApprovals
from bot.app.menus import Menus
from bot.app.status import Status
from bot.app.supervisor import keep_running
from bot.app.wiring import StaffAccess, dispatcher_of
from bot.app.worker import Worker, WorkerContext, error_handler
from bot.conversation.service import Conversation
from bot.llm.loader import load_proposer
from bot.notifications.sender import NotificationSender
from bot.notifications.sources import NotificationSources
from bot.telegram.polling import Polling
from bot.telegram.request import ForgivingRequest, TolerantRequest
from bot.telegram.sender import Sender
from bot.telegram.webhook import LISTEN, Webhook, serve_health, serve_webhook
from linkdesk.accounts.portal_accounts import BOT_NAME
from linkdesk.accounts.staff import INSTALLATION, StaffStore
from linkdesk.accounts.telegram_accounts import TelegramAccounts
from linkdesk.auth.policy import Role
from linkdesk.bootstrap.desk import open_desk
from linkdesk.bootstrap.events import open_event_service
from linkdesk.bootstrap.signin import portal_accounts
from linkdesk.bootstrap.stores import open_inbox, open_staff, open_subscriptions
from linkdesk.config.settings import Settings
from linkdesk.desk import Desk
from linkdesk.errors.base import NotConfigured, Trouble
from linkdesk.runtime.inbox import Inbox, MemoryInbox
from tool_specs.declaration.localized import Localized

log = structlog.stdlib.get_logger()

App: TypeAlias = Application[Any, Any, Any, Any, Any, Any]
Sleep: TypeAlias = Callable[[float], Awaitable[object]]

LONGEST_PAUSE_S: Final = 30.0

TOKEN_REFUSED: Final = Localized(
    en="Telegram does not accept the bot's token: check LINKDESK_TELEGRAM_TOKEN against what @BotFather shows.",
    ru="Telegram не принимает токен бота: сверьте LINKDESK_TELEGRAM_TOKEN с тем, что показывает @BotFather.",
)


@dataclass(frozen=True, slots=True)
class Transports:
    """HTTP transports to Telegram: one for calls, one for long polling."""

    talking: BaseRequest
    asking: TolerantRequest


def http_transports() -> Transports:
    """Return transports that use the network."""
    return Transports(ForgivingRequest(connection_pool_size=32), TolerantRequest(connection_pool_size=2))


async def run(settings: Settings, *, sandbox: bool, listen: tuple[str, int] | None = None) -> None:
    """Run the bot until a stop signal: by a webhook where a public URL is set, otherwise by polling.

    Raises:
        NotConfigured: no portal or no bot is set, or Telegram does not accept the token or the address.
    """
    settings.token()
    stopped = asyncio.Event()
    async with (
        open_desk(settings, sandbox=sandbox) as desk,
        open_inbox(settings, sandbox=sandbox) as inbox,
        open_staff(settings, sandbox=sandbox) as people,
        open_event_service(settings, desk.portals, sandbox=sandbox, now=desk.now) as news,
        open_subscriptions(settings, sandbox=sandbox) as chats,
    ):
        for number in (signal.SIGTERM, signal.SIGINT):
            with suppress(NotImplementedError):
                asyncio.get_running_loop().add_signal_handler(number, stopped.set)
        model = load_proposer(settings, desk.host)
        conversation = Conversation(desk, language=settings.lang, portal_host=desk.host, model=model)
        staff_access = staff_access_of(settings, desk, people, sandbox=sandbox)
        sources = NotificationSources.of(news, chats)
        await serve(
            settings,
            conversation,
            http_transports(),
            stopped,
            staff_access=staff_access,
            inbox=inbox,
            sources=sources,
            listen=listen,
        )


def staff_access_of(settings: Settings, desk: Desk, people: StaffStore, *, sandbox: bool) -> StaffAccess:
    """Return who may use the bot, and the accounts they sign in to the portal with."""
    return StaffAccess(people, None if sandbox else portal_accounts(settings), desk.host or "Bitrix24")


async def serve(  # noqa: PLR0913 - the collaborators, each named
    settings: Settings,
    conversation: Conversation,
    transports: Transports,
    stopped: asyncio.Event,
    sleep: Sleep = asyncio.sleep,
    *,
    staff_access: StaffAccess | None = None,
    inbox: Inbox | None = None,
    sources: NotificationSources | None = None,
    listen: tuple[str, int] | None = None,
) -> None:
    """Serve one conversation over these transports until stopped.

    Raises:
        NotConfigured: Telegram does not accept the token or the address, or another program polls with the token.
    """
    inbox = inbox or MemoryInbox()
    webhook = Webhook.of(settings)
    opening = opened_bot(settings, conversation, transports, inbox, sleep, staff_access=staff_access, sources=sources)
    async with opening as bot:
        if not await connect(bot.app, stopped):
            return
        async with bot.working():
            await bot.greet(settings)
            if webhook is None:
                async with serve_health(inbox, listen):
                    await Polling(bot.app.bot, transports.asking, bot.keep, stopped, sleep=sleep).run()
            else:
                routes = bot.sources.routes
                at = listen or LISTEN
                await serve_webhook(webhook, bot.app.bot, bot.keep, inbox, at=at, stopped=stopped, also=routes)
    if transports.asking.token_refused.is_set() and not stopped.is_set():
        raise NotConfigured(TOKEN_REFUSED)


@dataclass(frozen=True, slots=True)
class OpenedBot:
    """A wired bot with its worker and background services."""

    app: App
    worker: Worker
    status: Status
    staff_access: StaffAccess
    menus: Menus
    assistant_approvals: AssistantApprovals
    notifier: NotificationSender
    sources: NotificationSources
    sleep: Sleep = asyncio.sleep

    async def keep(self, updates: Sequence[Update]) -> None:
        """Store received updates in the inbox, and note the time; there may be none.

        Raises:
            Trouble: the inbox cannot keep it.
        """
        self.status.note_contact()
        await self.worker.keep(updates)

    async def greet(self, settings: Settings) -> None:
        """Set Telegram's command menus, and store the bot's name."""
        await self.menus.set_all(number for number, role in settings.staff.items() if role is Role.ADMIN)
        await keep_name(self.staff_access, self.app.bot.username)

    @asynccontextmanager
    async def working(self) -> AsyncGenerator[None]:
        """Run the worker and the background services within the block; afterwards drain the inbox."""
        over = asyncio.Event()
        working = asyncio.create_task(self.worker.run(over))
        beside = [
            asyncio.create_task(keep_running(event, work, self.sleep))
            for event, work in (
                ("telegram.petitions_failed", self.assistant_approvals.run),
                ("telegram.news_failed", self.notifier.run),
                ("news.watch_failed", self._watch),
            )
        ]
        try:
            yield
        finally:
            for task in beside:
                task.cancel()
            await asyncio.gather(*beside, return_exceptions=True)
            over.set()
            await working

    async def _watch(self) -> None:
        """Poll for booking changes as long as a chat is subscribed."""
        await self.sources.look(self.sources.chats.subscribers)


@asynccontextmanager
async def opened_bot(  # noqa: PLR0913 - the collaborators, each named
    settings: Settings,
    conversation: Conversation,
    transports: Transports,
    inbox: Inbox,
    sleep: Sleep = asyncio.sleep,
    *,
    staff_access: StaffAccess | None = None,
    sources: NotificationSources | None = None,
) -> AsyncGenerator[OpenedBot]:
    """Wire the bot; its connections are closed after the block."""
    if not settings.staff:
        log.warning("Nobody may talk to the bot: put Telegram ids into LINKDESK_STAFF, such as 1001:admin.")
    app = application(settings, transports)
    sender = Sender(app.bot, sleep, conversation.images.draw)
    status = Status(inbox, conversation.desk, polls=Webhook.of(settings) is None)
    staff_access, sources = staff_access or StaffAccess(), sources or NotificationSources()
    menus = Menus(app.bot, conversation.commands.table)
    dispatcher = dispatcher_of(
        conversation,
        sender,
        menus,
        lambda: app.bot.username,
        staff=settings.staff,
        staff_access=staff_access,
        sources=sources,
        status=status,
    )
    worker = Worker(inbox, WorkerContext(app, sender, dispatcher.overtakes, conversation.report_interrupted), sleep)
    accounts = TelegramAccounts(staff_access.people, settings.staff, staff_access.accounts)
    assistant_approvals = AssistantApprovals(conversation, sender, staff_access.people, accounts)
    notifier = NotificationSender(
        conversation, sender, sources, people=staff_access.people, accounts=accounts, bot_id=lambda: app.bot.id
    )
    said = filters.UpdateType.MESSAGE & ~filters.StatusUpdate.ALL
    app.add_handler(MessageHandler(said, dispatcher.message))
    app.add_handler(MessageHandler(filters.UpdateType.MESSAGE & filters.StatusUpdate.MIGRATE, notifier.migrated))
    app.add_handler(CallbackQueryHandler(dispatcher.pressed))
    app.add_error_handler(error_handler(worker))
    try:
        async with alerting(settings.admin_chat, sender, settings.lang or "en", sleep):
            yield OpenedBot(app, worker, status, staff_access, menus, assistant_approvals, notifier, sources, sleep)
    finally:
        await app.shutdown()
        await app.bot.shutdown()


def application(settings: Settings, transports: Transports) -> App:
    """Build the python-telegram-bot application; updates reach it through the inbox."""
    # python-telegram-bot warns about numbers of seconds unless told that we know of time spans.
    os.environ.setdefault("PTB_TIMEDELTA", "true")
    app: App = (
        ApplicationBuilder()
        .token(settings.token().get_secret_value())
        .base_url(f"{settings.telegram_api}/bot")
        .base_file_url(f"{settings.telegram_api}/file/bot")
        .request(transports.talking)
        .get_updates_request(transports.asking)
        .updater(None)
        .job_queue(None)
        .build()
    )
    return app


async def connect(app: App, stopped: asyncio.Event) -> bool:
    """Call `getMe` until Telegram answers; return False when the bot was stopped first.

    Raises:
        NotConfigured: Telegram does not accept the token.
    """
    pause = 1.0
    while not stopped.is_set():
        try:
            await app.initialize()
        except InvalidToken:
            # Its text holds the token.
            raise NotConfigured(TOKEN_REFUSED) from None
        except TelegramError as error:
            if not isinstance(error, NetworkError):
                log.warning("telegram.not_started", error=type(error).__name__)
            log.warning("Telegram cannot be reached; trying again.", seconds=pause, error=type(error).__name__)
            with suppress(TimeoutError):
                await asyncio.wait_for(stopped.wait(), pause)
            pause = min(pause * 2, LONGEST_PAUSE_S)
        else:
            log.info("telegram.started", bot=app.bot.username)
            return True
    return False


async def keep_name(staff_access: StaffAccess, username: str) -> None:
    """Store the bot's name for the sign-in page and for servers that ask people to confirm."""
    try:
        await staff_access.people.save_setting(INSTALLATION, BOT_NAME, username)
    except Trouble as trouble:
        log.warning("telegram.name_not_kept", code=trouble.failure.code)
