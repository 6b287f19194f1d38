"""Clarification questions for messages that cannot be read, in both languages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from bot.nlu.lexicon_data.command_words import Owner
from tool_specs.declaration.localized import Localized, join_with_commas


@dataclass(frozen=True, slots=True)
class Clarification:
    """What is asked back; `missing` names the arguments that are not there, `unclaimed` what was not understood."""

    question: Localized
    missing: tuple[str, ...] = ()
    unclaimed: tuple[str, ...] = ()


EMPTY: Final = Localized(
    en="The message is empty. For example: {example}",
    ru="Сообщение пустое. Например: {example}",
)
LONE_SLASH: Final = Localized(
    en="A slash needs a command after it, such as {example}; /help lists them all.",
    ru="После косой черты нужна команда, например {example}; все команды: /help.",
)
TOO_LONG: Final = Localized(
    en="The message is too long to be a command: {most} characters at most. Nothing was done.",
    ru="Сообщение слишком длинное для команды: не больше {most} знаков. Ничего не сделано.",
)
UNREADABLE: Final = Localized(
    en="The message contains unreadable characters. Please type it again. Nothing was done.",
    ru="В сообщении есть нечитаемые символы. Наберите его заново. Ничего не сделано.",
)
NOT_A_COMMAND: Final = Localized(
    en="Write a command, such as {example}; /help lists them all.",
    ru="Напишите команду, например {example}; все команды: /help.",
)
UNKNOWN_COMMAND: Final = Localized(
    en="There is no command {command}; /help lists them all.",
    ru="Команды {command} нет; все команды: /help.",
)
PERHAPS: Final = Localized(
    en="There is no command {command}. Did you mean {nearest}? All commands: /help.",
    ru="Команды {command} нет. Возможно, вы имели в виду {nearest}? Все команды: /help.",
)
UNCLAIMED: Final = Localized(
    en="I don't understand this: {text}. Nothing was done. For example: {example}",
    ru="Не понимаю: {text}. Ничего не сделано. Например: {example}",
)
UNSURE_NUMBERS: Final = Localized(
    en="It's not clear what these numbers refer to: {text}. Nothing was done. A range is "
    "written as 20-22. Say what each number is, for example: {example}",
    ru="Непонятно, чьи это номера: {text}. Ничего не сделано. Диапазон пишется так: 20-22."
    " Назовите, где чей номер, например: {example}",
)
_WHICH: Final = Localized(en="{which} For example: {example}", ru="{which} Напишите номер, например: {example}")
_WHICH_OWNER: Final[Mapping[str, Localized]] = {
    "booking": Localized(en="Which booking?", ru="Какое бронирование?"),
    "waitlist": Localized(en="Which waitlist entry?", ru="Какая запись листа ожидания?"),
    "activity": Localized(en="Which activity?", ru="Какое дело?"),
    "resource": Localized(en="Which resource?", ru="Какой ресурс?"),
    "resource_type": Localized(en="Which resource type?", ru="Какой тип ресурсов?"),
    "resource_slots": Localized(en="The working hours of which resource?", ru="Рабочие часы какого ресурса?"),
}
OWNERS: Final[Mapping[str, Localized]] = {
    "booking": Localized(en="bookings", ru="бронирования"),
    "waitlist": Localized(en="waitlist entries", ru="записи листа ожидания"),
    "activity": Localized(en="activities", ru="дела"),
    "resource": Localized(en="resources", ru="ресурсы"),
    "resource_type": Localized(en="resource types", ru="типы ресурсов"),
    "resource_slots": Localized(en="working hours of resources", ru="рабочие часы ресурсов"),
}
"""Each kind of owner in the plural; in Russian it is also what one "understands"."""
ONE_AT_A_TIME: Final = Localized(
    en="I can handle one command per message, and a second one starts here: {text}. Nothing was "
    "done. Send them one by one.",
    ru="В одном сообщении я выполняю одну команду, а здесь начинается ещё одна: {text}. Ничего не сделано."
    " Отправьте их по одной.",
)
NO_TEXT: Final = Localized(
    en="The text is missing. For example: {example}",
    ru="Не хватает текста. Например: {example}",
)
TOO_MANY: Final = Localized(
    en="That's too many at once: {most} at most. Nothing was done.",
    ru="Слишком много за один раз: можно не больше {most}. Ничего не сделано.",
)


def listed(parts: list[Localized], last: Localized) -> Localized:
    """Join texts with commas, and the last one with "and" or "or"."""
    if len(parts) < 2:  # noqa: PLR2004 - one thing stands alone
        return join_with_commas(parts)
    head = join_with_commas(parts[:-1])
    return Localized(en=f"{head.en} {last.en} {parts[-1].en}", ru=f"{head.ru} {last.ru} {parts[-1].ru}")


AND: Final = Localized(en="and", ru="и")
OR: Final = Localized(en="or", ru="или")


def which_owner(owner: Owner, example: Localized) -> Localized:
    """Ask for the number of a booking and the like."""
    return _WHICH.format_map({"which": _WHICH_OWNER[owner.name], "example": example})
