"""Access control: people and groups are denied by default."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final, TypeAlias

import structlog
from telegram import Chat as TelegramChat
from telegram import User
from telegram.constants import ChatType

from bot.conversation.session import Person, Reply
from bot.rendering.markup import Text, bounded, filled
from bot.telegram.rate_limit import RateDecision, RateLimiter
from linkdesk.accounts.staff import StaffStore, telegram_employee
from linkdesk.auth.policy import Face, Role
from linkdesk.errors.base import Trouble
from tool_specs.declaration.localized import Language, Localized

log = structlog.stdlib.get_logger()

Admitted: TypeAlias = Person | Reply | None
"""The person to go on with, what to answer instead, or nothing to say."""

LANGUAGE: Final = "language"
"""The setting that keeps the language a person chose."""

STRANGER: Final = Localized(
    en="I only work for staff. Your Telegram ID is {id}: send it to your administrator to get access.",
    ru="Я отвечаю только сотрудникам. Ваш Telegram ID: {id}. Передайте его администратору, чтобы получить доступ.",
)
NOT_LOOKED_UP: Final = Localized(
    en="I can't check who you are right now. Try again in a minute.",
    ru="Сейчас не могу проверить, кто вы. Попробуйте через минуту.",
)
TOO_FAST: Final = Localized(
    en="Too many messages at once. Please continue in {seconds} s; the messages in between were not read.",
    ru="Слишком много сообщений сразу. Продолжите, пожалуйста, через {seconds} с; лишние сообщения я не прочитал.",
)
ANONYMOUS: Final = Localized(
    en="I can't tell who is writing as an anonymous administrator. Please write under your own name.",
    ru="Я не вижу, кто пишет от имени анонимного администратора. Напишите, пожалуйста, от своего имени.",
)
GROUP_NOT_ALLOWED: Final = Localized(
    en="I don't answer in this group yet. A Linkdesk administrator can allow it here: /allow",
    ru="В этой группе я пока не отвечаю. Администратор Linkdesk может разрешить это здесь: /allow",
)


class AccessControl:
    """Looks up staff and allowed groups, and applies the rate limit."""

    def __init__(self, people: StaffStore, staff: Mapping[int, Role], limits: RateLimiter) -> None:
        """Take the staff in the store, those of the settings, and the limits."""
        self._people = people
        self._staff = staff
        self._limits = limits

    async def person(self, user: User, chat: int) -> Admitted:
        """Return the member of the staff, None for a stranger, or a reply where the lookup fails."""
        role, name, who = self._staff.get(user.id), user.full_name, telegram_employee(user.id)
        if role is None:
            try:
                member = await self._people.member(user.id)
            except Trouble as trouble:
                log.warning("telegram.person_not_looked_up", code=trouble.failure.code)
                return _reply(Text.of(NOT_LOOKED_UP.to(language_of(user))), language_of(user))
            if member is None:
                return None
            role, name, who = member.role, member.name, member.who
        return Person(
            chat=chat,
            user=user.id,
            name=bounded(f"{user.id} {name}"),
            role=role,
            face=Face.TELEGRAM,
            language=language_of(user),
            chosen=await self._chosen(who),
            employee=who,
        )

    async def _chosen(self, who: str) -> Language | None:
        try:
            chosen = await self._people.setting(who, LANGUAGE)
        except Trouble:
            return None
        return "ru" if chosen == "ru" else "en" if chosen == "en" else None

    def refusal(self, user: User) -> Reply:
        """Build the refusal for a stranger."""
        language = language_of(user)
        return _reply(filled(STRANGER.to(language), id=Text.strong(user.id)), language)

    def verdict(self, user: int) -> RateDecision:
        """Count a message against the rate limit and return the verdict."""
        return self._limits.take(user)

    def too_fast(self, user: int, language: Language) -> Reply:
        """Build the reply to somebody beyond the rate limit."""
        return _reply(filled(TOO_FAST.to(language), seconds=Text.of(self._limits.wait_s(user))), language)

    async def within(self, person: Person, chat: TelegramChat) -> Admitted:
        """Admit a member to a chat: a group has to be allowed, and may be limited to some toolsets."""
        if chat.type == ChatType.PRIVATE:
            return person
        try:
            allowed = await self._people.chat(chat.id)
        except Trouble as trouble:
            log.warning("telegram.chat_not_looked_up", code=trouble.failure.code)
            allowed = None
        if allowed is None:
            language = person.chosen or person.language or "en"
            return _reply(Text.of(GROUP_NOT_ALLOWED.to(language)), language)
        return replace(person, within=allowed.toolsets)


def language_of(user: User) -> Language:
    """Return the language of the person's Telegram client; English for any other language."""
    return "ru" if (user.language_code or "").lower().startswith("ru") else "en"


def _reply(text: Text, language: Language) -> Reply:
    return Reply(text.plain, text.html, language)
