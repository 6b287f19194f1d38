"""Telegram's command menus: by language, kind of chat and role."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import structlog
from telegram import (
    Bot,
    BotCommand,
    BotCommandScope,
    BotCommandScopeAllChatAdministrators,
    BotCommandScopeAllGroupChats,
    BotCommandScopeChat,
    BotCommandScopeDefault,
)
from telegram.error import TelegramError

from bot.commands.command import CommandTable
from bot.commands.help import menu
from linkdesk.auth.policy import Role
from tool_specs.declaration.localized import LANGUAGES, Language

log = structlog.stdlib.get_logger()

LONGEST: Final = 256


class Menus:
    """The command menus of one bot; failures are logged only, as the bot works without menus."""

    def __init__(self, bot: Bot, table: CommandTable) -> None:
        """Take the bot and its commands."""
        self._bot = bot
        self._table = table

    async def set_all(self, admins: Iterable[int] = ()) -> None:
        """Set the menus of all chats, and of these administrators' own."""
        for language in LANGUAGES:
            await self._set(BotCommandScopeDefault(), language, menu(language, table=self._table))
            await self._set(BotCommandScopeAllGroupChats(), language, menu(language, group=True, table=self._table))
            staff = menu(language, Role.ADMIN, group=True, table=self._table)
            await self._set(BotCommandScopeAllChatAdministrators(), language, staff)
        for admin in admins:
            await self.set_for(admin, Role.ADMIN)

    async def set_for(self, person: int, role: Role | None) -> None:
        """Set the menu of a person's private chat; `role` is None for somebody who left the staff."""
        scope = BotCommandScopeChat(person)
        for language in LANGUAGES:
            if role is None or role is Role.EDITOR:
                await self._delete(scope, language)
            else:
                await self._set(scope, language, menu(language, role, table=self._table))

    async def _set(self, scope: BotCommandScope, language: Language, entries: Iterable[tuple[str, str]]) -> None:
        commands = [BotCommand(command, said[:LONGEST]) for command, said in entries]
        try:
            await self._bot.set_my_commands(commands, scope=scope, language_code=_code(language))
        except TelegramError as error:
            log.warning("telegram.menu_not_set", language=language, scope=scope.type, error=type(error).__name__)

    async def _delete(self, scope: BotCommandScope, language: Language) -> None:
        try:
            await self._bot.delete_my_commands(scope=scope, language_code=_code(language))
        except TelegramError as error:
            log.warning("telegram.menu_not_set", language=language, scope=scope.type, error=type(error).__name__)


def _code(language: Language) -> str | None:
    """Return Telegram's language code; None, the default for everybody else, is English."""
    return None if language == "en" else language
