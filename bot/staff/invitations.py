"""Invitations: an administrator creates a link for one person, who opens it and presses Start."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

from rapidfuzz import fuzz, process
from telegram import User

from bot.conversation.command_handlers import handles
from bot.conversation.command_request import CommandRequest
from bot.conversation.session import Reply
from bot.rendering.markup import Text, bounded, filled
from bot.staff.roles import ROLE_OF_WORD, ROLES
from bot.telegram.access import language_of
from linkdesk.accounts.staff import INVITATION_LIFETIME, INVITATION_PREFIX, Invitation, Member, StaffStore, now_utc
from linkdesk.auth.policy import Role
from linkdesk.errors.base import Trouble
from tool_specs.declaration.localized import Localized
from tool_specs.declaration.text import fold

INVITED: Final = Localized(
    en="{link}\nThis link gives {person} access as {role}; it works once, within 24 hours. Send "
    "it only to that person.",
    ru="{link}\nПо этой ссылке {person} получит доступ, роль: {role}. Она сработает один раз в течение 24 часов. "
    "Отправьте её только этому человеку.",
)
UNCLEAR_ROLE: Final = Localized(
    en="“{word}” is not a role. Roles: {known}. Nobody was invited. For example: /invite viewer Kate",
    ru="«{word}» — не роль. Роли: {known}. Приглашение не создано. Например: /пригласить наблюдатель Катя",
)
SOMEBODY: Final = Localized(en="one person", ru="один человек")
WELCOME: Final = Localized(
    en="Welcome, {name}! You can now use Linkdesk for {portal}; your role: {role}. All commands: /help",
    ru="Здравствуйте, {name}! Теперь вам доступен Linkdesk для {portal}; ваша роль: {role}. Все команды: /help",
)
NO_SUCH_INVITATION: Final = Localized(
    en="This invitation has already been used or is older than 24 hours. Ask your administrator for a new one.",
    ru="Это приглашение уже использовано или устарело: ему больше 24 часов. Попросите у администратора новое.",
)
ALREADY_IN: Final = Localized(
    en="You already have access; your role: {role}. The invitation was not used.",
    ru="Доступ у вас уже есть; ваша роль: {role}. Приглашение не использовано.",
)
OLD_CODE: Final = Localized(
    en="This link has already been used or has expired. Nothing was changed.",
    ru="Эта ссылка уже использована или устарела. Ничего не изменено.",
)

LIKE_A_ROLE: Final = 80
"""From which likeness on, in percent, a word is taken for a role that was misspelt, and not for a name."""

_CODE: Final = re.compile(r"\s*/\s*\w+(?:@\w+)?\s+([A-Za-z0-9_-]{1,64})\s*", re.ASCII)

SetMenu = Callable[[int, Role | None], Awaitable[None]]


class Invitations:
    """Creates and redeems invitations."""

    def __init__(self, people: StaffStore, portal: str, username: Callable[[], str], set_menu: SetMenu) -> None:
        """Take the staff, the portal's name, the bot's own, and what sets a person's menu."""
        self._people = people
        self._portal = portal
        self._username = username
        self._set_menu = set_menu

    @handles("invite")
    async def invite(self, request: CommandRequest) -> Reply:
        """Make a link: `/invite [role] [name]`, the role first or last."""
        role, name = role_and_name(request.arguments)
        if isinstance(role, UnknownRole):
            known = ", ".join(one.to(request.language) for one in ROLES.values())
            return request.reply(UNCLEAR_ROLE, word=bounded(role.word), known=known)
        invitation = Invitation(
            role=role or Role.EDITOR,
            name=bounded(name),
            created_by=request.person.actor.who,
            expires=now_utc() + INVITATION_LIFETIME,
        )
        code = await self._people.invite(invitation)
        return request.reply(
            INVITED,
            link=f"https://t.me/{self._username()}?start={code}",
            person=Text.strong(invitation.name) if invitation.name else SOMEBODY.to(request.language),
            role=ROLES[invitation.role].to(request.language),
        )

    async def enter(self, user: User, text: str) -> Reply | None:
        """Redeem a stranger's invitation code; None without a code, or when it cannot be looked up."""
        code = _CODE.fullmatch(text)
        if code is None or not code[1].startswith(INVITATION_PREFIX):
            return None
        language = language_of(user)
        try:
            member = await self._people.redeem(code[1], user.id, bounded(user.full_name))
        except Trouble:
            return None
        if member is None:
            return _reply(Text.of(NO_SUCH_INVITATION.to(language)), user)
        await self._set_menu(user.id, member.role)
        return self._greeting(member, user)

    async def again(self, request: CommandRequest) -> Reply:
        """Answer a member who opened a link; an invitation is not used up by a member."""
        if request.arguments.startswith(INVITATION_PREFIX):
            return request.reply(ALREADY_IN, role=ROLES[request.person.role].to(request.language))
        return request.reply(OLD_CODE)

    def _greeting(self, member: Member, user: User) -> Reply:
        language = language_of(user)
        said = filled(
            WELCOME.to(language),
            name=Text.strong(member.name),
            portal=self._portal,
            role=ROLES[member.role].to(language),
        )
        return _reply(said, user)


def _reply(text: Text, user: User) -> Reply:
    return Reply(text.plain, text.html, language_of(user))


@dataclass(frozen=True, slots=True)
class UnknownRole:
    """A word that looks like a misspelt role."""

    word: str


def role_and_name(text: str) -> tuple[Role | UnknownRole | None, str]:
    """Read role and name of an invitation; a misspelt role is refused, so that nobody gets a wrong one.

    Returns:
        The role, None where none is named, or the word that looks like one and is none; and the name.
    """
    words = text.split()
    ends = sorted({0, len(words) - 1}) if words else []
    found = [place for place in ends if fold(words[place]) in ROLE_OF_WORD]
    if len(found) > 1:
        return UnknownRole(words[-1]), ""
    if found:
        place = found[0]
        return ROLE_OF_WORD[fold(words[place])], " ".join(words[:place] + words[place + 1 :])
    for place in ends:
        if process.extractOne(fold(words[place]), list(ROLE_OF_WORD), scorer=fuzz.ratio, score_cutoff=LIKE_A_ROLE):
            return UnknownRole(words[place]), ""
    return None, " ".join(words)
