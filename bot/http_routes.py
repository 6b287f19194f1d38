"""The bot inside another HTTP process: its webhook is one of the server's routes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from typing import TYPE_CHECKING

import structlog
from starlette.routing import BaseRoute

from linkdesk.bootstrap.routes import RouteContext
from linkdesk.bootstrap.stores import open_inbox, open_staff, open_subscriptions
from linkdesk.config.settings import Settings
from linkdesk.errors.base import NotConfigured

if TYPE_CHECKING:
    from bot.app.app import OpenedBot, Transports
    from bot.telegram.webhook import Webhook

log = structlog.stdlib.get_logger()


@asynccontextmanager
async def routes(
    context: RouteContext,
    transports: Transports | None = None,
    sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
) -> AsyncGenerator[Sequence[BaseRoute]]:
    """Return the webhook's route; none where no bot or no public address is set.

    Telegram is told the address beside everything else: the other routes do not wait for it.

    Raises:
        NotConfigured: the inbox cannot be opened.
    """
    settings = context.settings
    if settings.telegram_token is None or settings.public_url is None:
        yield ()
        return
    # python-telegram-bot takes a second to load, which who has no bot need not wait.
    from bot.app.app import http_transports, opened_bot, staff_access_of
    from bot.conversation.service import Conversation
    from bot.llm.loader import load_proposer
    from bot.notifications.sources import NotificationSources
    from bot.telegram.webhook import Webhook
    from linkdesk.bootstrap.events import open_event_service

    webhook = Webhook.of(settings)
    if webhook is None:
        yield ()
        return
    model = load_proposer(settings, context.desk.host)
    conversation = Conversation(context.desk, language=settings.lang, portal_host=context.desk.host, model=model)
    async with AsyncExitStack() as stack:
        inbox = await stack.enter_async_context(open_inbox(settings, sandbox=context.sandbox))
        people = await stack.enter_async_context(open_staff(settings, sandbox=context.sandbox))
        staff_access = staff_access_of(settings, context.desk, people, sandbox=context.sandbox)
        opening_news = open_event_service(settings, context.desk.portals, sandbox=context.sandbox, now=context.desk.now)
        news = await stack.enter_async_context(opening_news)
        chats = await stack.enter_async_context(open_subscriptions(settings, sandbox=context.sandbox))
        sources = NotificationSources.of(news, chats)
        opening = opened_bot(
            settings, conversation, transports or http_transports(), inbox, staff_access=staff_access, sources=sources
        )
        bot = await stack.enter_async_context(opening)
        starting = asyncio.create_task(_started(settings, webhook, bot, sleep))
        try:
            yield [webhook.route(bot.app.bot, bot.keep)]
        finally:
            starting.cancel()
            await asyncio.gather(starting, return_exceptions=True)


async def _started(
    settings: Settings, webhook: Webhook, bot: OpenedBot, sleep: Callable[[float], Awaitable[object]]
) -> None:
    """Connect to Telegram, run the worker and register the webhook."""
    from bot.app.app import connect
    from bot.telegram.webhook import register_webhook

    async def pause(seconds: float) -> bool:
        await sleep(seconds)
        return True

    try:
        await connect(bot.app, asyncio.Event())
        async with bot.working():
            await bot.greet(settings)
            await register_webhook(webhook, bot.app.bot, pause)
            await asyncio.Event().wait()
    except NotConfigured as error:
        # What else is served goes on.
        log.error(error.sentence.en)  # noqa: TRY400 - no trace is wanted
