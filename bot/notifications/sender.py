"""Delivery of booking notifications: in order, retried, each chat by one process at a time."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final, TypeVar

import structlog
from telegram import Update
from telegram.error import BadRequest, ChatMigrated, Forbidden, TelegramError
from telegram.ext import ContextTypes

from bot.conversation.service import Conversation
from bot.conversation.session import Reply
from bot.notifications.messages import MessageWriter, bookings_of
from bot.notifications.sources import NotificationSources
from bot.rendering.markup import Text
from bot.telegram.access import LANGUAGE
from bot.telegram.group_redaction import for_group
from bot.telegram.outbox import Destination, request_key_prefix
from bot.telegram.sender import Sender, UndeliveredError
from linkdesk.accounts.staff import StaffStore
from linkdesk.accounts.telegram_accounts import TelegramAccount, TelegramAccounts
from linkdesk.auth.policy import Actor, Face, Role
from linkdesk.errors.base import Changed, Trouble
from linkdesk.errors.incident import report_incident
from linkdesk.events.digest import MAX_SEPARATE_MESSAGES, NotificationMessage, split_into_messages
from linkdesk.events.labels import ACCESS_LOST_CODES
from linkdesk.events.model import BookingEvent
from linkdesk.events.self_caused import CHANGES_SEARCHED, self_caused_events
from linkdesk.events.subscriptions import LeasedSubscription, Subscription
from tool_specs.declaration.crm_ref import CrmRef
from tool_specs.declaration.localized import Language, Localized
from tool_specs.methods.booking_links import SetBookingLinks

log = structlog.stdlib.get_logger()

LOOKING_S: Final = 2.0
"""How often the store is asked: it is a few looks at an index, and one where nobody wants to be told."""
AT_ONCE: Final = 200
"""News that are read from the log at once."""
IN_A_ROW: Final = timedelta(minutes=1)
"""A chat that was told a few news one by one within this time is told the next together."""
AFTER_TROUBLE: Final = timedelta(minutes=1)
AFTER_FAULT: Final = timedelta(minutes=15)
"""After which a chat is tried again where telling it stumbled over a fault of ours."""
LOOKED_OVER: Final = timedelta(minutes=5)
"""How often is seen, news or not, whether a chat may still be told: where nobody else asks, no news come to show it."""
A_MOMENT_S: Final = 1.0
"""How long a request that is under way may still take once the bot is to stop."""

Result = TypeVar("Result")

NO_MORE: Final = Localized(
    en="Booking notifications stop here: the person who turned them on can no longer see "
    "bookings, or has to sign in to Bitrix24 again. To turn them on again: /notify on",
    ru="Уведомления о бронированиях здесь приостановлены: тому, кто их включил, бронирования "
    "больше не доступны или нужно снова войти в Битрикс24. Включить ещё раз: /уведомления "
    "включить",
)


class NotificationSender:
    """Finds chats that are behind, and sends them their notifications."""

    def __init__(  # noqa: PLR0913 - the collaborators, each named
        self,
        conversation: Conversation,
        sender: Sender,
        sources: NotificationSources,
        *,
        people: StaffStore,
        accounts: TelegramAccounts,
        bot_id: Callable[[], int],
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        """Take the conversation, the sender, events and subscriptions, the staff, and the sleep between two polls."""
        self._conversation = conversation
        self._desk = conversation.desk
        self._sender = sender
        self._log = sources.log
        self._chats = sources.chats
        self._people = people
        self._accounts = accounts
        self._bot_id = bot_id
        self._sleep = sleep
        self._stopped = asyncio.Event()
        self._unread = False
        self._report: dict[int, asyncio.Task[None]] = {}
        self._lately: dict[int, deque[datetime]] = {}
        self._not_before: dict[int, datetime] = {}
        self._looks_over: datetime | None = None

    async def run(self) -> None:
        """Poll until cancelled; what was not sent by then is left to the next process."""
        self._stopped.clear()
        try:
            while True:
                # What the store is at is not broken off, which would leave its connection behind.
                looking = asyncio.create_task(self._looked())
                try:
                    await asyncio.shield(looking)
                except asyncio.CancelledError:
                    await looking
                    raise
                await self._sleep(LOOKING_S)
        finally:
            self._stopped.set()
            await asyncio.gather(*self._report.values(), return_exceptions=True)

    async def _looked(self) -> None:
        """Poll once; a failing store is logged once."""
        try:
            await self.poll()
            self._unread = False
        except Trouble as trouble:
            if not self._unread:
                log.warning("telegram.news_not_read", code=trouble.failure.code)
            self._unread = True

    async def poll(self) -> None:
        """Start a task per chat that is behind, so that an unreachable one does not delay the others.

        Raises:
            Trouble: the store does not answer.
        """
        if not await self._chats.subscribers():
            return
        if self._report:
            await self._chats.renew()
        latest, now = await self._log.latest(), self._desk.now()
        if self._looks_over is None or self._looks_over <= now:
            self._looks_over = now + LOOKED_OVER
            latest += 1  # behind that is every chat
        for chat in await self._chats.pending(latest):
            if self._is_deferred(chat):
                continue
            held = await self._chats.acquire(chat.chat)
            if held is not None:
                self._report[chat.chat] = asyncio.create_task(self._notify(held))

    async def wait_until_sent(self) -> None:
        """Wait for the deliveries that were started."""
        while self._report:
            await asyncio.wait(self._report.values())

    def _is_deferred(self, chat: Subscription) -> bool:
        """Return whether a chat is told later: its hours are quiet, it just had several messages, or it failed."""
        now = self._desk.now()
        if chat.chat in self._report or now < self._not_before.get(chat.chat, now):
            return True
        if chat.quiet is not None and chat.quiet.contains(now, self._desk.zone):
            return True
        lately = self._lately.get(chat.chat, deque())
        return len(lately) >= MAX_SEPARATE_MESSAGES and now - lately[0] < IN_A_ROW

    async def _notify(self, held: LeasedSubscription) -> None:
        number = held.chat.chat
        try:
            await self._send_notifications(held)
            self._not_before.pop(number, None)
        except UndeliveredError:
            log.info("telegram.news_put_down", chat=number)
        except (Trouble, TelegramError) as error:
            reason = error.failure.code if isinstance(error, Trouble) else type(error).__name__
            log.warning("telegram.news_not_told", chat=number, reason=reason)
            self._not_before[number] = self._desk.now() + AFTER_TROUBLE
        except Exception as fault:  # noqa: BLE001 - one chat's error is logged and delays no other
            report_incident("telegram.news_not_told", fault, Changed.NO)
            self._not_before[number] = self._desk.now() + AFTER_FAULT
        finally:
            await self._release(held)
            del self._report[number]

    async def _release(self, held: LeasedSubscription) -> None:
        try:
            await self._chats.release(held)
        except Trouble as trouble:
            # The lease is over soon.
            log.warning("telegram.news_not_noted", chat=held.chat.chat, code=trouble.failure.code)

    async def _send_notifications(self, held: LeasedSubscription) -> None:
        """Send one chat the notifications it has not received.

        Raises:
            Trouble: something cannot be read or kept now.
            UndeliveredError: the bot is to stop.
        """
        chat = held.chat
        account = await self._accounts.find(chat.subscribed_by)
        group = None if _is_private(chat) else await self._people.chat(chat.chat)
        if group is None and not _is_private(chat):
            log.info("telegram.news_ended", chat=chat.chat, reason="the group is not allowed")
            await self._chats.delete(chat.chat)
            return
        if account is None:
            await self._rest(held)
            return
        news = await self._since(chat.last_sent)
        found = split_into_messages(
            chat, news, now=self._desk.now(), zone=self._desk.zone, own=await self._caused_by_chat(chat, news)
        )
        actor = Actor(
            account.name or account.who,
            Face.TELEGRAM,
            account.role,
            account.who,
            toolsets=None if group is None else group.toolsets,
        )
        try:
            names = await self._unless_stopped(self._desk.names(bookings_of(found), actor, _there(found)))
        except Trouble as trouble:
            if trouble.failure.code not in ACCESS_LOST_CODES:
                raise
            log.info("telegram.news_rest", chat=chat.chat, code=trouble.failure.code)
            await self._rest(held)
            return
        language = await self._language(chat, account)
        wording, links = MessageWriter(names, language, self._desk.zone), self._may_link(chat, actor)
        for message in found:
            if message.events:
                text = wording.text(message)
                reply = Reply(text.plain, text.html, language, buttons=wording.buttons(message) if links else ())
                if not await self._send(chat, reply):
                    return
                self._count(chat.chat, message)
            if not await self._chats.mark_sent(held, message.up_to):
                return

    async def _unless_stopped(self, doing: Coroutine[Any, Any, Result]) -> Result:
        """Wait for a request; once the bot is to stop, only for a moment more.

        Raises:
            UndeliveredError: the bot is to stop, and nothing came.
        """
        if self._stopped.is_set():
            doing.close()
            raise UndeliveredError
        task, stopped = asyncio.create_task(doing), asyncio.create_task(self._stopped.wait())
        try:
            await asyncio.wait((task, stopped), return_when=asyncio.FIRST_COMPLETED)
            if not task.done():
                await asyncio.wait((task,), timeout=A_MOMENT_S)
            if task.done():
                return task.result()
            raise UndeliveredError
        finally:
            task.cancel()
            stopped.cancel()
            await asyncio.gather(task, stopped, return_exceptions=True)

    async def _since(self, number: int) -> list[BookingEvent]:
        found: list[BookingEvent] = []
        while page := await self._log.after(found[-1].number if found else number, AT_ONCE):
            found += page
            if len(page) < AT_ONCE:
                break
        return found

    async def _caused_by_chat(self, chat: Subscription, news: Sequence[BookingEvent]) -> frozenset[int]:
        if not news:
            return frozenset()
        # By messages and presses, and by plans that were agreed to there.
        keys = request_key_prefix(self._bot_id(), chat.chat), f"{Face.TELEGRAM.value}:{chat.chat}:"
        return self_caused_events(news, await self._desk.latest_changes(CHANGES_SEARCHED), keys)

    def _may_link(self, chat: Subscription, actor: Actor) -> bool:
        """Return whether anybody who reads it may link deals: in a group others than who switched it on do, too."""
        anybody = actor if _is_private(chat) else replace(actor, role=Role.ADMIN, employee="", name="")
        try:
            self._desk.check(SetBookingLinks(booking_id=1, links=[CrmRef(type="deal", id=1)]), anybody)
        except Trouble:
            return False
        return True

    async def _send(self, chat: Subscription, reply: Reply) -> bool:
        """Send a message; return False where the chat is no longer subscribed, or only in another topic."""
        place = Destination(chat.chat, chat.topic)
        try:
            await self._unless_stopped(
                self._sender.send_notification(place, reply if _is_private(chat) else for_group(reply))
            )
        except ChatMigrated as error:
            log.info("telegram.news_moved", chat=chat.chat, to=error.new_chat_id)
            await self.moved(chat.chat, error.new_chat_id)
            return False
        except TelegramError as error:
            if not isinstance(error, Forbidden | BadRequest):
                raise
            if isinstance(error, BadRequest) and chat.topic is not None:
                await self._without_topic(chat, error)
                return False
            log.warning("telegram.news_ended", chat=chat.chat, error=type(error).__name__, reason=error.message)
            await self._chats.delete(chat.chat)
            return False
        return True

    async def _without_topic(self, chat: Subscription, error: BadRequest) -> None:
        """Continue outside the topic where it was closed or deleted; whoever reads one may read the other."""
        log.warning("telegram.news_without_topic", chat=chat.chat, reason=error.message)
        known = await self._chats.find(chat.chat)
        if known is not None and known.topic == chat.topic:
            await self._chats.update(replace(known, topic=None))

    async def migrated(self, update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        """Handle a group's migration to a supergroup, which both chats report."""
        message = update.message
        if message is None:
            return
        if message.migrate_to_chat_id is not None:
            await self.moved(message.chat.id, message.migrate_to_chat_id)
        elif message.migrate_from_chat_id is not None:
            await self.moved(message.migrate_from_chat_id, message.chat.id)

    async def moved(self, chat: int, to: int) -> None:
        """Move the subscription and the permission of a group to its supergroup.

        Raises:
            Trouble: the store does not answer.
        """
        allowed = await self._people.chat(chat)
        if allowed is not None and await self._people.chat(to) is None:
            await self._people.allow_chat(replace(allowed, id=to))
        await self._chats.migrate_chat(chat, to)
        await self._people.disallow_chat(chat)

    async def _rest(self, held: LeasedSubscription) -> None:
        """Pause a chat's subscription, and say so once."""
        chat = held.chat
        language = await self._language(chat, None)
        text = Text.of(NO_MORE.to(language))
        if await self._send(chat, Reply(text.plain, text.html, language)):
            await self._chats.pause(held)

    async def _language(self, chat: Subscription, account: TelegramAccount | None) -> Language:
        """Return the language of a chat: in private the one that the person chose, if they did."""
        chosen = None
        if account is not None and _is_private(chat):
            chosen = await self._people.setting(account.who, LANGUAGE)
        return "ru" if chosen == "ru" else "en" if chosen == "en" else chat.language

    def _count(self, chat: int, message: NotificationMessage) -> None:
        if not message.digest:
            self._lately.setdefault(chat, deque(maxlen=MAX_SEPARATE_MESSAGES)).append(self._desk.now())


def _there(found: Sequence[NotificationMessage]) -> frozenset[int]:
    return frozenset(one.after.booking_id for message in found for one in message.events if one.after is not None)


def _is_private(chat: Subscription) -> bool:
    return chat.chat > 0
