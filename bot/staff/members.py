"""The `/people` command: list the staff, change roles, revoke access."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from bot.conversation.command_handlers import handles
from bot.conversation.command_request import CommandRequest
from bot.conversation.session import Reply
from bot.rendering.markup import Text, filled, joined
from bot.staff.invitations import SetMenu
from bot.staff.roles import ROLE_OF_WORD, ROLES
from linkdesk.accounts.portal_accounts import PortalAccounts
from linkdesk.accounts.staff import Member, StaffStore, telegram_employee
from linkdesk.auth.policy import Role
from tool_specs.declaration.localized import Localized
from tool_specs.declaration.text import fold

MOST_SHOWN: Final = 100

STAFF: Final = Localized(en="People with access to the bot:", ru="Бот доступен:")
ROW: Final = Localized(en="{number} {name}: {role}", ru="{number} {name}: {role}")
SET: Final = Localized(en="set in LINKDESK_STAFF", ru="указан в LINKDESK_STAFF")
LINKED: Final = Localized(en="signed in to Bitrix24", ru="вход в Битрикс24 выполнен")
MORE: Final = Localized(en="and {count} more", ru="и ещё: {count}")
HOW: Final = Localized(
    en="Change a role: /people 1002 viewer. Revoke access: /people remove 1002",
    ru="Сменить роль: /people 1002 viewer. Закрыть доступ: /people remove 1002",
)
NOBODY_LIKE_THAT: Final = Localized(
    en="Nobody on the staff matches “{who}”. Everyone: /people. Nothing was changed.",
    ru="Среди сотрудников нет никого похожего на «{who}». Все: /people. Ничего не изменено.",
)
SEVERAL: Final = Localized(
    en="Several people match; give the number: {numbers}. Nothing was changed.",
    ru="Таких несколько, назовите номер: {numbers}. Ничего не изменено.",
)
IN_SETTINGS: Final = Localized(
    en="{number} is set in LINKDESK_STAFF: change it there. Nothing was changed.",
    ru="{number} указан в LINKDESK_STAFF: измените там. Ничего не изменено.",
)
NOT_YOURSELF: Final = Localized(
    en="You can't change your own access: ask another administrator. Nothing was changed.",
    ru="Свой доступ попросите изменить другого администратора. Ничего не изменено.",
)
REMOVED: Final = Localized(
    en="{name} ({number}) no longer has access; their Bitrix24 sign-in was removed here.",
    ru="{name} ({number}): доступ закрыт, вход в Битрикс24 здесь удалён.",
)
ROLE_SET: Final = Localized(
    en="{name} ({number}) now has the role {role}.", ru="{name} ({number}): новая роль — {role}."
)
ROLE_ALREADY: Final = Localized(
    en="{name} ({number}) already has the role {role}.", ru="У {name} ({number}) эта роль уже есть: {role}."
)
USAGE: Final = Localized(
    en="Write it like this: /people remove 1002, or /people 1002 viewer (viewer, editor, admin).",
    ru="Напишите так: /people remove 1002 или /people 1002 viewer (viewer, editor, admin).",
)

_REMOVE: Final = frozenset({"remove", "delete", "убрать", "убери", "удалить", "удали"})
_ROLE: Final = frozenset({"role", "роль"})


@dataclass(frozen=True, slots=True)
class _Change:
    """A change of a member's role; no role revokes the access."""

    whom: str
    role: Role | None


class Members:
    """Lists and changes the staff."""

    def __init__(
        self, people: StaffStore, staff: Mapping[int, Role], accounts: PortalAccounts | None, set_menu: SetMenu
    ) -> None:
        """Take the staff in the store, those of the settings, their accounts, and what sets a person's menu."""
        self._people = people
        self._staff = staff
        self._accounts = accounts
        self._set_menu = set_menu

    @handles("people")
    async def people(self, request: CommandRequest) -> Reply:
        """Do `/people`, `/people remove WHO` or `/people WHO ROLE`."""
        if not request.arguments:
            return await self._list(request)
        order = _change_of(request.arguments)
        if order is None:
            return request.reply(USAGE)
        found = await self._meant(order.whom, request)
        if isinstance(found, Reply):
            return found
        if found.telegram == request.person.user:
            return request.reply(NOT_YOURSELF)
        return await (self._remove(found, request) if order.role is None else self._change(found, order.role, request))

    async def _list(self, request: CommandRequest) -> Reply:
        signed_in = await self._accounts.signed_in() if self._accounts else frozenset[str]()
        language = request.language
        members = [member for member in await self._people.members() if member.telegram not in self._staff]
        entries = [
            *((number, "", role, telegram_employee(number), True) for number, role in self._staff.items()),
            *((member.telegram, member.name, member.role, member.who, False) for member in members),
        ]
        lines = [Text.of(STAFF.to(language))]
        for number, name, role, who, is_set in entries[:MOST_SHOWN]:
            said = [ROLES[role].to(language)]
            said += [SET.to(language)] if is_set else []
            said += [LINKED.to(language)] if who in signed_in else []
            row = filled(ROW.to(language), number=Text.strong(number), name=name, role="; ".join(said))
            lines.append(Text(row.plain.replace(" :", ":"), row.html.replace(" :", ":")))
        if len(entries) > MOST_SHOWN:
            lines.append(filled(MORE.to(language), count=str(len(entries) - MOST_SHOWN)))
        return request.reply(joined([*lines, Text.of(HOW.to(language))], "\n"))

    async def _meant(self, whom: str, request: CommandRequest) -> Member | Reply:
        """Return the member meant by a number or a name, or the reply that asks."""
        wanted = fold(whom)
        if wanted.isascii() and wanted.isdigit() and int(wanted) in self._staff:
            return request.reply(IN_SETTINGS, number=wanted)
        members = await self._people.members()
        found = [member for member in members if wanted == str(member.telegram) or fold(member.name) == wanted]
        found = found or [member for member in members if fold(member.name).startswith(wanted)]
        if not found:
            return request.reply(NOBODY_LIKE_THAT, who=whom[:40])
        if len(found) > 1:
            return request.reply(SEVERAL, numbers=", ".join(f"{one.telegram} {one.name}" for one in found[:10]))
        if found[0].telegram in self._staff:
            return request.reply(IN_SETTINGS, number=str(found[0].telegram))
        return found[0]

    async def _remove(self, member: Member, request: CommandRequest) -> Reply:
        await self._people.remove_member(member.telegram)
        if self._accounts is not None:
            await self._accounts.forget(member.who)
        await self._set_menu(member.telegram, None)
        return request.reply(REMOVED, name=Text.strong(member.name), number=str(member.telegram))

    async def _change(self, member: Member, role: Role, request: CommandRequest) -> Reply:
        said = ROLE_ALREADY if role is member.role else ROLE_SET
        if role is not member.role:
            await self._people.save_member(replace(member, role=role))
            await self._set_menu(member.telegram, role)
        facts = {"number": str(member.telegram), "role": ROLES[role].to(request.language)}
        return request.reply(said, name=Text.strong(member.name), **facts)


def _change_of(rest: str) -> _Change | None:
    words = rest.split()
    first, last = fold(words[0]), fold(words[-1])
    if first in _REMOVE and len(words) > 1:
        return _Change(" ".join(words[1:]), None)
    whom = words[1:-1] if first in _ROLE else words[:-1]
    return _Change(" ".join(whom), ROLE_OF_WORD[last]) if whom and last in ROLE_OF_WORD else None
