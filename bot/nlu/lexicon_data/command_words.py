"""The words of a request in both languages, in every form people write: what it is about, what to do, how.

The words of CRM items are declared with their types in `tool_specs.declaration.crm_ref`; a word may belong to several
commands, and what is named beside it decides. Words are compared in lower case, with "ё" as "е".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product
from typing import Final

from tool_specs.declaration.crm_ref import TYPE_BY_WORD
from tool_specs.declaration.localized import Localized
from tool_specs.declaration.text import fold


def _words(*texts: str) -> frozenset[str]:
    return frozenset(fold(word) for text in texts for word in text.split())


def _phrases(*texts: str) -> frozenset[tuple[str, ...]]:
    return frozenset(tuple(fold(word) for word in text.split()) for text in texts)


def _nouns(*texts: str) -> frozenset[tuple[str, ...]]:
    return frozenset((word,) for word in _words(*texts))


def _each(firsts: str, *seconds: str) -> frozenset[tuple[str, ...]]:
    """Give every first word followed by every second part."""
    return _phrases(*(f"{first} {second}" for first, second in product(firsts.split(), seconds)))


_OF_WAITLIST = ("листа ожидания", "в листе ожидания", "из листа ожидания", "очереди", "в очереди", "из очереди")


@dataclass(frozen=True, slots=True)
class Owner:
    """What has a number and is worked on, such as a booking: our name, the argument for its id, its words."""

    name: str
    field: str
    said: Localized
    phrases: frozenset[tuple[str, ...]]


OWNERS: Final[tuple[Owner, ...]] = (
    Owner(
        name="booking",
        field="booking_id",
        said=Localized(en="booking", ru="бронирование"),
        phrases=_nouns(
            "booking bookings reservation reservations appointment appointments",
            "бронь брони бронью броней броням бронями бронях",
            "бронирование бронирования бронированию бронированием бронировании",
            "бронирований бронированиям бронированиями бронированиях",
            "запись записи записью записей записям записями записях",
            "визит визита визиту визитом визите визиты визитов визитам визитами визитах",
        ),
    ),
    Owner(
        name="waitlist",
        field="waitlist_id",
        said=Localized(en="waitlist entry", ru="запись листа ожидания"),
        phrases=_phrases("waitlist", "waitlists", "wait-list", "wait list", "waiting list", "entry", "entries")
        | _each("waitlist waitlists", "entry", "entries")
        | _each("wait waiting", "list entry", "list entries")
        | _nouns("ожидание ожидания ожиданию ожиданием ожидании ожиданий ожиданиям")
        | _nouns("очередь очереди очередью очередей очередям")
        | _each("лист листа листу листом листе листы листов листам", "ожидания")
        | _each("запись записи записью записей записям записями записях", *_OF_WAITLIST),
    ),
    Owner(
        name="activity",
        field="activity_id",
        said=Localized(en="activity", ru="дело"),
        phrases=_nouns(
            "activity activities дело дела делу делом деле дел делам делами делах",
            "активность активности активностью активностей активностям активностями активностях",
        ),
    ),
    Owner(
        name="resource",
        field="resource_id",
        said=Localized(en="resource", ru="ресурс"),
        phrases=_nouns(
            "resource resources ресурс ресурса ресурсу ресурсом ресурсе ресурсы ресурсов ресурсам ресурсами ресурсах"
        ),
    ),
    Owner(
        name="resource_type",
        field="type_id",
        said=Localized(en="resource type", ru="тип ресурсов"),
        phrases=_each("resource resources", "type", "types")
        | _each("тип типа типу типом типе типы типов", "ресурса", "ресурсов"),
    ),
    Owner(
        name="resource_slots",
        field="resource_id",
        said=Localized(en="working hours of resource", ru="рабочие часы ресурса"),
        phrases=_phrases("hours", "working hours", "schedule")
        | _each("hours schedule", "resource", "of resource")
        | _phrases("working hours resource", "working hours of resource")
        | _nouns("часы часов расписание расписания расписанию")
        | _phrases("рабочие часы", "рабочие часы ресурса")
        | _each("часы часов расписание расписания расписанию", "ресурса"),
    ),
)

OWNER_OF_PHRASE: Final[Mapping[tuple[str, ...], Owner]] = {
    phrase: owner for owner in OWNERS for phrase in owner.phrases
}
MANY: Final = _words(
    "bookings reservations appointments waitlists entries activities",
    "брони броней броням бронями бронях бронирования бронирований бронированиям бронированиями бронированиях",
    "записи записей записям записями записях визиты визитов визитам визитами визитах",
    "ожидания ожиданий ожиданиям листы листов листам очереди очередей очередям",
    "дела дел делам делами делах активности активностей активностям активностями активностях",
)
"""Nouns that may speak of several: of two numbers after one of them, both may be its own."""
TYPE_OF_WORD: Final[Mapping[str, str]] = {fold(word): kind.name for word, kind in TYPE_BY_WORD.items()}

_REPLACE = "replace заменить замени замените"

ALL: Final = _words("all everything все всё всех всю весь")
CLIENT: Final = _words(
    "client clients клиент клиента клиенту клиентом клиенте клиенты клиентов клиентам клиентами клиентах"
)
"""A contact, or a word before the contact or the company, where the command is about clients."""
TO_REPLACE: Final = _words(_REPLACE)
"""Those that begin a command."""
REPLACE: Final = TO_REPLACE | _words("only instead только вместо")
"""Take the place of what is there."""

AND: Final = _words("and и")
LEAVING: Final = _words("from off от из")
"""Prepositions that lead away from where something was."""
FROM: Final = LEAVING | _words("с со")
TO: Final = _words("to onto into к ко в во на")
UP_TO: Final = _words("to through till until по до")
"""Between two numbers these may mean a range."""

YES: Final = _phrases(
    *("yes", "y", "yep", "yeah", "ok", "okay", "sure", "do it", "go ahead", "please do", "confirm", "apply"),
    *("да", "ага", "угу", "ок", "окей", "давай", "давайте", "конечно", "сделай", "сделайте", "делай"),
    *("выполнить", "выполняй", "выполняйте", "выполни", "подтверждаю", "применить"),
)
NO: Final = _phrases(
    *("no", "n", "nope", "cancel", "cancel it", "stop", "don't", "do not", "don't do it", "do not do it"),
    *("reject", "отклонить"),
    *("нет", "неа", "отмена", "отмени", "отмените", "отменить", "не надо", "не нужно", "не делай", "не выполняй"),
    *("стоп", "ни в коем случае"),
)
POLITE: Final = _phrases(
    *("please", "thanks", "thank you", "of course", "конечно", "пожалуйста", "спасибо", "благодарю"),
)
"""What may follow a yes or a no without changing it."""

EXIT: Final = _words("exit quit выход выйти")
"""What ends a conversation in the terminal."""

HOLDING: Final = _words("wait waiting")
"""Alone they ask to wait, and begin no command."""

NEAR: Final[Mapping[str, tuple[str, ...]]] = {
    **dict.fromkeys(_words("ссылки показать покажи связки"), ("связи",)),
    **dict.fromkeys(_words("связь ссылка связка"), ("связи", "связать")),
    **dict.fromkeys(_words("соединить соедини подключить подключи прицепить прицепи"), ("связать",)),
    **dict.fromkeys(_words("отсоединить отключить отключи снять сними"), ("отвязать", "убрать")),
    **dict.fromkeys(_words("календарь встречи"), ("брони",)),
    **dict.fromkeys(_words("стереть сотри"), ("удалить",)),
    **dict.fromkeys(_words("connect join tie"), ("link",)),
    **dict.fromkeys(_words("disconnect untie"), ("unlink",)),
    **dict.fromkeys(_words("show list"), ("links", "bookings")),
    **dict.fromkeys(_words("calendar"), ("bookings",)),
}
"""Words that are no commands, and the commands that are probably meant."""
