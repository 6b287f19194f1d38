"""The table of all slash commands. Menus, help, permissions, dispatch and `docs/commands.md` follow from it.

A command that asks for a tool is declared by the slash form of its method; here it may get more words. Any other
command is declared here, and a method marked `@handles(name)` carries it out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from bot.commands.command import Audience, Command, CommandTable, Scope
from bot.commands.forms import TOOL_COMMANDS, effect_of, forms_of
from bot.nlu.lexicon_data.command_words import TO_REPLACE
from tool_specs.declaration.localized import Localized, join_with_commas
from tool_specs.declaration.method import Effect

_LINK: Final = "связать связывать свяжи свяжите привязать привяжи привяжите прикрепить прикрепи прикрепите attach"
_UNLINK: Final = "отвязать отвяжи отвяжите открепить открепи открепите убрать убери уберите detach remove"
_ADD: Final = "add добавить добавь добавьте"
_REPLACE: Final = " ".join(sorted(TO_REPLACE))

TOOL_WORDS: Final[Mapping[str, str]] = {
    "link": f"{_LINK} {_ADD} {_REPLACE}",
    "unlink": _UNLINK,
    "links": "связи сделки",
    "client": f"клиент {_ADD} {_REPLACE}",
    "unclient": "убрать убери уберите remove",
    "clients": "клиенты",
    "bind": _LINK,
    "unbind": _UNLINK,
    "move": "перенести перенеси перенесите переместить перемести переместите",
    "bindings": "привязки",
    "bookings": "reservations appointments брони бронирования визиты",
    "today": "сегодня",
    "tomorrow": "завтра",
    "week": "неделя неделю",
    "picture": "image картинка картинкой",
    "booking": "бронь бронирование",
    "waitlist": "entry ожидание",
    "note": "заметка примечание",
    "delete": "erase удалить удали удалите",
    "towaitlist": "вожидание",
    "resources": "ресурсы",
    "resource": "ресурс",
    "hours": "schedule часы расписание",
    "find": "search найти найди найдите поиск",
    "deal": "contact company lead quote invoice сделка контакт компания лид предложение счет",
    "activities": "дела",
    "activity": "дело",
    "whoami": "ктоя",
    "apply": "approve одобрить одобри одобряю",
}
"""More words for the commands that ask for a tool, beside those of its slash forms."""


def _tool_commands() -> Iterator[Command]:
    for name in TOOL_COMMANDS:
        forms = forms_of(name)
        yield Command(
            name=name,
            words=TOOL_WORDS.get(name, ""),
            title=forms[0].title,
            help=join_with_commas([form.examples() for form in forms]),
            audience=Audience.EVERYBODY if effect_of(name) is Effect.READ else Audience.EDITORS,
            forms=forms,
        )


COMMANDS: Final = CommandTable(
    [
        *_tool_commands(),
        Command(
            name="explain",
            words="поясни поясните объясни объясните",
            title=Localized(en="What an error means", ru="Что значит ошибка"),
            help=Localized(
                en="/explain CODE: what an error means and who can fix it; /explain alone: the last error.",
                ru="/поясни КОД: что значит ошибка и кто её исправит; просто /поясни: о последней ошибке.",
            ),
        ),
        Command(
            name="help",
            words="помощь помоги справка команды commands",
            title=Localized(en="All commands", ru="Все команды"),
            help=Localized(
                en="/help: all commands; /help link: more about one.",
                ru="/помощь: все команды; /помощь связать: подробнее об одной.",
            ),
        ),
        Command(
            name="lang",
            words="language язык",
            title=Localized(en="Language of the answers", ru="Язык ответов"),
            help=Localized(
                en="/lang en, /lang ru: the language of the answers; /lang auto: the language of your message.",
                ru="/lang ru, /lang en: язык ответов; /lang auto: отвечать на языке сообщения.",
            ),
        ),
        Command(
            name="start",
            words="старт начать",
            title=Localized(en="What this is and where to begin", ru="Что это и с чего начать"),
            help=Localized(
                en="/start: what this is, and one thing to try.",
                ru="/старт: что это и с чего начать.",
            ),
            in_menu=False,
        ),
        Command(
            name="why",
            words="почему",
            title=Localized(en="How your last sentence was understood", ru="Как понято последнее сообщение"),
            help=Localized(
                en="/why: how your last sentence was understood.",
                ru="/почему: как понято ваше последнее сообщение.",
            ),
            in_menu=False,
        ),
        Command(
            name="stop",
            words="стоп останови остановить остановите",
            title=Localized(en="Stop what is running", ru="Остановить выполнение"),
            help=Localized(
                en="/stop: stop a long operation; the step that is running is finished first.",
                ru="/стоп: прервать долгую работу; начатый шаг завершится.",
            ),
            in_menu=False,
        ),
        Command(
            name="more",
            words="ещё",
            title=Localized(en="The rest of a long list", ru="Продолжение списка"),
            help=Localized(
                en="/more: the rest of a long list.",
                ru="/ещё: продолжение длинного списка.",
            ),
            in_menu=False,
        ),
        Command(
            name="invite",
            words="пригласить пригласи пригласите приглашение",
            title=Localized(en="Invite a colleague", ru="Пригласить сотрудника"),
            help=Localized(
                en="/invite editor Kate: a link that gives one person access; it works once, within 24 hours. "
                "Roles: viewer, editor, admin.",
                ru="/invite editor Катя: ссылка, по которой один человек получит доступ; действует один раз, 24 часа. "
                "Роли: viewer, editor, admin.",
            ),
            audience=Audience.ADMINS,
            scope=Scope.PRIVATE_CHAT,
            telegram_only=True,
            needs_slash=True,
        ),
        Command(
            name="people",
            words="staff люди сотрудники",
            title=Localized(en="Staff and their roles", ru="Сотрудники и роли"),
            help=Localized(
                en="/people: who can use the bot; /people remove 1002 (or a name): revoke access; "
                "/people 1002 viewer: change the role.",
                ru="/people: кому доступен бот; /people remove 1002 (или имя): закрыть доступ; "
                "/people 1002 viewer: сменить роль.",
            ),
            audience=Audience.ADMINS,
            scope=Scope.PRIVATE_CHAT,
            telegram_only=True,
            needs_slash=True,
        ),
        Command(
            name="status",
            words="статус состояние",
            title=Localized(en="Status of the bot", ru="Состояние бота"),
            help=Localized(
                en="/status: queue, portal, database and version.",
                ru="/status: очередь, портал, база данных и версия.",
            ),
            audience=Audience.ADMINS,
            telegram_only=True,
            needs_slash=True,
        ),
        Command(
            name="signin",
            words="войти вход",
            title=Localized(en="Sign in to Bitrix24", ru="Войти в Битрикс24"),
            help=Localized(
                en="/signin: work with your own Bitrix24 permissions.",
                ru="/signin: работать со своими правами в Битрикс24.",
            ),
            scope=Scope.PRIVATE_CHAT,
            telegram_only=True,
            needs_slash=True,
        ),
        Command(
            name="logout",
            words="signout разлогиниться",
            title=Localized(en="Sign out of Bitrix24", ru="Выйти из Битрикс24"),
            help=Localized(
                en="/logout: sign out of Bitrix24 here; you can still use the bot.",
                ru="/logout: выйти из Битрикс24 здесь; доступ к боту останется.",
            ),
            scope=Scope.PRIVATE_CHAT,
            telegram_only=True,
            needs_slash=True,
        ),
        Command(
            name="notify",
            words="notifications уведомления уведомление",
            title=Localized(en="Booking notifications in this chat", ru="Уведомления о бронированиях в этом чате"),
            help=Localized(
                en="/notify: the notification settings of this chat; /notify on, /notify on new changed deleted, "
                "/notify resource 1 2, /notify resource all, /notify without deal, /notify with deal, "
                "/notify quiet 22:00-08:00, /notify quiet off, /notify off. In a group, for administrators only.",
                ru="/уведомления (/notify): настройки уведомлений в этом чате; /уведомления включить, "
                "/уведомления включить новые изменения отмены, /уведомления ресурс 1 2, /уведомления ресурс все, "
                "/уведомления без сделки, /уведомления со сделкой, /уведомления тихо 22:00-8:00, "
                "/уведомления тихо выключить, /уведомления выключить. В группе — только для администраторов.",
            ),
            audience_in_groups=Audience.ADMINS,
            telegram_only=True,
        ),
        Command(
            name="allow",
            words="разрешить разреши разрешите",
            title=Localized(en="Allow the bot in this group", ru="Разрешить бота в этой группе"),
            help=Localized(
                en="/allow in a group: the bot answers there; /allow links bookings: only about these. "
                "To undo: /disallow.",
                ru="/allow в группе: бот начнёт в ней отвечать; /allow links bookings: только об этом. "
                "Отменить: /disallow.",
            ),
            audience=Audience.ADMINS,
            scope=Scope.GROUP,
            telegram_only=True,
            needs_slash=True,
        ),
        Command(
            name="disallow",
            words="запретить запрети запретите",
            title=Localized(en="Stop the bot in this group", ru="Отключить бота в этой группе"),
            help=Localized(
                en="/disallow in a group: the bot no longer answers there.",
                ru="/disallow в группе: бот перестанет в ней отвечать.",
            ),
            audience=Audience.ADMINS,
            scope=Scope.GROUP,
            telegram_only=True,
            needs_slash=True,
        ),
    ]
)
