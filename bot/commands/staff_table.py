"""The commands about the staff and their accounts, which work in Telegram alone: their words, help and place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from linkdesk.auth.policy import Role
from tool_specs.declaration.localized import Localized


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficeCommand:
    """One command: what it is for, how it is written, and who may use it."""

    title: Localized
    help: Localized
    admin: bool = False
    group: bool = False
    """Whether it is said in the group that it is about; the others are said in private."""
    anywhere: bool = False
    """Whether it is about the chat where it is said, whichever that is."""
    spoken: bool = False
    """Whether the word alone, without the slash, asks for it: it only shows something."""

    def shown(self, role: Role, *, group: bool) -> bool:
        """Tell whether a menu or a list of commands has it, in private or in a group."""
        return (self.anywhere or self.group is group) and (role is Role.ADMIN or not self.admin)


OFFICE: Final[Mapping[str, OfficeCommand]] = {
    "invite": OfficeCommand(
        title=Localized(en="Let a colleague in", ru="Пригласить сотрудника"),
        help=Localized(
            en="/invite editor Kate: a link that lets one person in, once, within 24 hours. "
            "Roles: viewer, editor, admin.",
            ru="/invite editor Катя: ссылка, которая один раз впустит одного человека в течение 24 часов. "
            "Роли: viewer, editor, admin.",
        ),
        admin=True,
    ),
    "people": OfficeCommand(
        title=Localized(en="The staff and their roles", ru="Сотрудники и роли"),
        help=Localized(
            en="/people: who may use the bot; /people remove 1002 or a name; /people 1002 viewer: another role.",
            ru="/people: кому доступен бот; /people remove 1002 или имя: закрыть доступ; "
            "/people 1002 viewer: другая роль.",
        ),
        admin=True,
    ),
    "status": OfficeCommand(
        title=Localized(en="How the bot is doing", ru="Состояние бота"),
        help=Localized(
            en="/status: queue, portal, database and version.",
            ru="/status: очередь, портал, база данных и версия.",
        ),
        admin=True,
    ),
    "signin": OfficeCommand(
        title=Localized(en="Link your Bitrix24 account", ru="Привязать свой Битрикс24"),
        help=Localized(
            en="/signin: work with your own rights in Bitrix24.",
            ru="/signin: работать со своими правами в Битрикс24.",
        ),
    ),
    "logout": OfficeCommand(
        title=Localized(en="Unlink your Bitrix24 account", ru="Отвязать свой Битрикс24"),
        help=Localized(
            en="/logout: I forget your sign-in to Bitrix24; you stay one of the staff.",
            ru="/logout: забыть ваш вход в Битрикс24; доступ к боту останется.",
        ),
    ),
    "notify": OfficeCommand(
        title=Localized(en="News of bookings in this chat", ru="Новости бронирований в этот чат"),
        help=Localized(
            en="/notify: what this chat is told of bookings; /notify on, /notify on new changed deleted, "
            "/notify resource 1 2, /notify resource all, /notify without deal, /notify with deal, "
            "/notify quiet 22:00-08:00, /notify quiet off, /notify off. In a group it is for administrators.",
            ru="/уведомления (/notify): что этому чату сообщают о бронированиях; /уведомления включить, "
            "/уведомления включить новые изменения отмены, /уведомления ресурс 1 2, /уведомления ресурс все, "
            "/уведомления без сделки, /уведомления со сделкой, /уведомления тихо 22:00-8:00, "
            "/уведомления тихо выключить, /уведомления выключить. В группе команда для администраторов.",
        ),
        anywhere=True,
        spoken=True,
    ),
    "allow": OfficeCommand(
        title=Localized(en="Let me answer in this group", ru="Разрешить бота в этой группе"),
        help=Localized(
            en="/allow in a group: I answer there; /allow links bookings: about these only. Ends with /disallow.",
            ru="/allow в группе: я начну в ней отвечать; /allow links bookings: только об этом. Отменить: /disallow.",
        ),
        admin=True,
        group=True,
    ),
    "disallow": OfficeCommand(
        title=Localized(en="Stop answering in this group", ru="Запретить бота в этой группе"),
        help=Localized(
            en="/disallow in a group: I no longer answer there.",
            ru="/disallow в группе: я перестану в ней отвечать.",
        ),
        admin=True,
        group=True,
    ),
}

ROLES: Final[Mapping[Role, Localized]] = {
    Role.VIEWER: Localized(en="viewer", ru="наблюдатель"),
    Role.EDITOR: Localized(en="editor", ru="редактор"),
    Role.ADMIN: Localized(en="administrator", ru="администратор"),
}
ROLE_OF_WORD: Final[Mapping[str, Role]] = {
    **{role.value: role for role in Role},
    **dict.fromkeys(("administrator", "админ", "администратор", "администратором"), Role.ADMIN),
    **dict.fromkeys(("редактор", "редактором"), Role.EDITOR),
    **dict.fromkeys(("наблюдатель", "наблюдателем", "просмотр", "reader"), Role.VIEWER),
}
"""How people write a role, in small letters."""
