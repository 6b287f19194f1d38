"""The Telegram bot's life: it starts, listens by polling, and stops when told, with everything begun carried out."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

import structlog
from telegram.error import Conflict, InvalidToken, NetworkError, TelegramError
from telegram.ext import Application, ApplicationBuilder, CallbackQueryHandler, MessageHandler, filters
from telegram.request import BaseRequest, HTTPXRequest

from bot.conversation import Conversation
from bot.front import Staffing, reception_of
from bot.intake import ChatByChat, TolerantRequest
from bot.menus import Menus
from linkdesk.access import Role
from linkdesk.accounts import BOT_NAME
from linkdesk.errors import NotConfigured, Trouble
from linkdesk.late_people import opening_people
from linkdesk.opening import opened_desk
from linkdesk.people import INSTALLATION
from linkdesk.settings import Settings
from linkdesk.signin.handing_over import accounts_of
from tool_specs.said import Said

log = structlog.stdlib.get_logger()

App: TypeAlias = Application[Any, Any, Any, Any, Any, Any]
Sleep: TypeAlias = Callable[[float], Awaitable[None]]

UPDATES: Final = ["message", "callback_query"]
"""What the bot asks Telegram for; edited messages and channel posts never run a command."""
LONGEST_PAUSE_S: Final = 30.0

TOKEN_REFUSED: Final = Said(
    en="Telegram does not accept the bot's token: check LINKDESK_TELEGRAM_TOKEN against what @BotFather shows.",
    ru="Telegram не принимает токен бота: сверьте LINKDESK_TELEGRAM_TOKEN с тем, что показывает @BotFather.",
)


@dataclass(frozen=True, slots=True)
class Wires:
    """What carries requests to Telegram: one for talking, one for asking what is new."""

    talking: BaseRequest
    asking: TolerantRequest


def http_wires() -> Wires:
    """Give the wires that lead out."""
    return Wires(HTTPXRequest(connection_pool_size=32), TolerantRequest(connection_pool_size=2))


async def run(settings: Settings, *, sandbox: bool) -> None:
    """Run the bot until it is told to stop.

    Raises:
        NotConfigured: no portal or no bot is set, or Telegram does not accept the token.
    """
    settings.token()
    stopped = asyncio.Event()
    async with AsyncExitStack() as stack, opened_desk(settings, sandbox=sandbox) as desk:
        for number in (signal.SIGTERM, signal.SIGINT):
            with suppress(NotImplementedError):
                asyncio.get_running_loop().add_signal_handler(number, stopped.set)
        conversation = Conversation(desk, language=settings.lang, portal_host=desk.host)
        people = await stack.enter_async_context(opening_people(settings, sandbox=sandbox))
        accounts = None if sandbox else accounts_of(settings)
        staffing = Staffing(people, accounts, desk.host or "Bitrix24")
        await serve(settings, conversation, http_wires(), stopped, staffing=staffing)


async def serve(  # noqa: PLR0913 - the collaborators, each named
    settings: Settings,
    conversation: Conversation,
    wires: Wires,
    stopped: asyncio.Event,
    sleep: Sleep = asyncio.sleep,
    *,
    staffing: Staffing | None = None,
) -> None:
    """Serve one conversation over these wires until stopped.

    Raises:
        NotConfigured: Telegram does not accept the token.
    """
    if not settings.staff:
        log.warning("Nobody may talk to the bot: put Telegram ids into LINKDESK_STAFF, such as 1001:admin.")
    staffing = staffing or Staffing()
    app = application(settings, conversation, wires, sleep, staffing)
    try:
        if not await _reached(app, stopped):
            return
        await Menus(app.bot).everywhere(number for number, role in settings.staff.items() if role is Role.ADMIN)
        await keep_name(staffing, app.bot.username)
        await app.start()
        await _polling(app, wires.asking, stopped)
    finally:
        if app.running:
            await app.stop()
        await app.shutdown()
        await app.bot.shutdown()
    if wires.asking.token_refused.is_set() and not stopped.is_set():
        raise NotConfigured(TOKEN_REFUSED)


def application(
    settings: Settings,
    conversation: Conversation,
    wires: Wires,
    sleep: Sleep = asyncio.sleep,
    staffing: Staffing | None = None,
) -> App:
    """Put the bot together."""
    # python-telegram-bot warns about numbers of seconds unless told that we know of time spans.
    os.environ.setdefault("PTB_TIMEDELTA", "true")
    app: App = (
        ApplicationBuilder()
        .token(settings.token().get_secret_value())
        .base_url(f"{settings.telegram_api}/bot")
        .base_file_url(f"{settings.telegram_api}/file/bot")
        .request(wires.talking)
        .get_updates_request(wires.asking)
        .concurrent_updates(ChatByChat())
        .job_queue(None)
        .build()
    )
    reception = reception_of(app.bot, conversation, settings.staff, staffing or Staffing(), sleep)
    said = filters.UpdateType.MESSAGE & ~filters.StatusUpdate.ALL
    app.add_handler(MessageHandler(said, reception.message))
    app.add_handler(CallbackQueryHandler(reception.pressed))
    app.add_error_handler(reception.failed)
    return app


async def _reached(app: App, stopped: asyncio.Event) -> bool:
    """Ask Telegram who the bot is, until it answers or the bot is told to stop.

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


async def _polling(app: App, asking: TolerantRequest, stopped: asyncio.Event) -> None:
    """Listen until stopped, or until Telegram stops accepting the token."""

    def complain(error: TelegramError) -> None:
        if not asking.in_trouble:
            log.warning(_complaint(error), error=type(error).__name__)
        asking.in_trouble = True

    if app.updater is None:
        message = "the application was built without an updater"
        raise TypeError(message)
    await app.updater.start_polling(allowed_updates=UPDATES, bootstrap_retries=-1, error_callback=complain)
    ends = [asyncio.create_task(event.wait()) for event in (stopped, asking.token_refused)]
    await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
    for end in ends:
        end.cancel()
    with suppress(InvalidToken):
        await app.updater.stop()


def _complaint(error: TelegramError) -> str:
    if isinstance(error, Conflict):
        return "Another program receives this bot's messages with the same token: stop it. This one keeps trying."
    return "Telegram does not answer; trying again."


async def keep_name(staffing: Staffing, username: str) -> None:
    """Let the sign-in page know what the bot is called; only where employees sign in is there such a page."""
    if staffing.accounts is None:
        return
    try:
        await staffing.people.choose(INSTALLATION, BOT_NAME, username)
    except Trouble as trouble:
        log.warning("telegram.name_not_kept", code=trouble.failure.code)
