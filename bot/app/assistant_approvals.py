"""Plans that an assistant's user has to approve: one card each in Telegram, whichever process serves the assistant."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

import structlog

from bot.conversation.service import Conversation
from bot.conversation.session import Person, Reply
from bot.rendering.markup import Text, bounded, filled
from bot.telegram.access import LANGUAGE
from bot.telegram.outbox import Destination
from bot.telegram.sender import Sender, UndeliveredError
from linkdesk.accounts.staff import StaffStore
from linkdesk.accounts.telegram_accounts import TelegramAccount, TelegramAccounts
from linkdesk.auth.policy import Face
from linkdesk.errors.base import Trouble
from linkdesk.handlers.plan_text import confirmation_question
from linkdesk.plans.model import StoredPlan
from tool_specs.declaration.localized import Language, Localized

log = structlog.stdlib.get_logger()

LOOKING_S: Final = 2.0
"""How often the store is asked: it is one look at an index."""

ASKS: Final = Localized(
    en="{client} wants to do this on your behalf:\n{what}\nNothing has been changed yet. You can "
    "approve or reject it until {until}.",
    ru="{client} просит сделать это от вашего имени:\n{what}\n"
    "Пока ничего не изменено. Одобрить или отклонить можно до {until}.",
)
SOME_ASSISTANT: Final = Localized(en="An assistant", ru="Ассистент")


class AssistantApprovals:
    """Finds assistants' plans that nobody was asked about, and sends their cards."""

    def __init__(
        self,
        conversation: Conversation,
        sender: Sender,
        people: StaffStore,
        accounts: TelegramAccounts,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        """Take the conversation, the sender, the staff, their accounts, and the sleep between two polls."""
        self._conversation = conversation
        self._approvals = conversation.desk.approvals
        self._sender = sender
        self._people = people
        self._accounts = accounts
        self._sleep = sleep
        self._cards: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Poll until cancelled; cards not sent by then are left to the next process."""
        quiet = False
        try:
            while True:
                try:
                    await self.poll()
                    quiet = False
                except Trouble as trouble:
                    if not quiet:
                        log.warning("telegram.petitions_not_read", code=trouble.failure.code)
                    quiet = True
                await self._sleep(LOOKING_S)
        finally:
            for card in self._cards:
                card.cancel()
            await asyncio.gather(*self._cards, return_exceptions=True)

    async def poll(self) -> None:
        """Start a task per plan to ask about, so that an unreachable chat does not delay the others.

        Raises:
            Trouble: the store does not answer.
        """
        for plan in await self._approvals.without_question():
            account = await self._accounts.find(plan.who)
            language = plan.language if account is None else await self._language(account)
            taken = await self._approvals.claim_question(plan, language)
            if taken is None:
                continue
            if account is None:
                # Their access was revoked since: there is nobody to ask.
                log.info("telegram.petition_dropped", plan=plan.id)
                await self._approvals.withdraw(taken)
                continue
            card = asyncio.create_task(self._ask(taken, account))
            self._cards.add(card)
            card.add_done_callback(self._cards.discard)

    async def _ask(self, plan: StoredPlan, account: TelegramAccount) -> None:
        try:
            message = await self._sender.send(Destination(account.number), self._card(plan))
            if message is None:
                # They blocked the bot, or never wrote to it: the assistant is not to wait for an answer.
                log.warning("telegram.petition_not_delivered", plan=plan.id)
                await self._approvals.withdraw(plan)
                return
            await self._approvals.set_message(plan.id, message)
        except (UndeliveredError, asyncio.CancelledError):
            await self._approvals.release_question(plan)
        except Trouble as trouble:
            log.warning("telegram.petition_not_noted", plan=plan.id, code=trouble.failure.code)

    def _card(self, plan: StoredPlan) -> Reply:
        language = plan.language
        client = bounded(plan.client or "")
        text = filled(
            ASKS.to(language),
            client=Text.strong(client or SOME_ASSISTANT.to(language)),
            what=confirmation_question(plan.plans, plan.unfit, plan.also).to(language),
            until=_clock_time(plan.until, self._conversation.desk.zone),
        )
        return Reply(text.plain, text.html, language, card=plan.id, approves=True)

    async def _language(self, account: TelegramAccount) -> Language:
        chosen = await self._people.setting(account.who, LANGUAGE)
        known: Language | None = "ru" if chosen == "ru" else "en" if chosen == "en" else None
        person = Person(account.number, account.number, account.name, account.role, Face.TELEGRAM, chosen=known)
        return self._conversation.language(person)


def _clock_time(moment: datetime, zone: str) -> str:
    return f"{moment.astimezone(ZoneInfo(zone)):%H:%M}"
