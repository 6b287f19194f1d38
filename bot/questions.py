"""What is asked back when a message cannot be read: one sentence for each way, in both languages."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from tool_specs.crm_ref import CRM_TYPES
from tool_specs.said import Said, joined, plain

LONGEST_QUOTE: Final = 60


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked back; `missing` names the arguments that are not there, `unclaimed` what was not understood."""

    question: Said
    missing: tuple[str, ...] = ()
    unclaimed: tuple[str, ...] = ()


EMPTY: Final = Said(
    en="The message is empty. For example: {example}",
    ru="Сообщение пустое. Например: {example}",
)
LONE_SLASH: Final = Said(
    en="A slash needs a command after it, such as {example}; /help lists them all.",
    ru="После косой черты нужна команда, например {example}; все команды: /help.",
)
TOO_LONG: Final = Said(
    en="The message is too long to be a command: {most} characters at most. Nothing was done.",
    ru="Сообщение слишком длинное для команды: не больше {most} знаков. Ничего не сделано.",
)
UNREADABLE: Final = Said(
    en="The message has control characters that cannot be read. Type it again, please. Nothing was done.",
    ru="В сообщении есть управляющие символы, их нельзя прочитать. Наберите его заново. Ничего не сделано.",
)
NOT_A_COMMAND: Final = Said(
    en="Write a command, such as {example}; /help lists them all.",
    ru="Напишите команду, например {example}; все команды: /help.",
)
UNKNOWN_COMMAND: Final = Said(
    en="There is no command {command}; /help lists them all.",
    ru="Команды {command} нет; все команды: /help.",
)
PERHAPS: Final = Said(
    en="There is no command {command}. Did you mean {nearest}? All commands: /help.",
    ru="Команды {command} нет. Возможно, вы имели в виду {nearest}? Все команды: /help.",
)
WRONG_NUMBER: Final = Said(
    en="This is no record's number: {text}. Write a whole number from 1 up, such as 14, or a short range such as 20-22."
    " Nothing was done.",
    ru="Это не номер записи: {text}. Нужно целое число от 1, например 14, или короткий диапазон, например 20-22."
    " Ничего не сделано.",
)
UNCLAIMED: Final = Said(
    en="I do not understand this here: {text}. Nothing was done. For example: {example}",
    ru="Здесь непонятно: {text}. Ничего не сделано. Например: {example}",
)
UNSURE_NUMBERS: Final = Said(
    en="It is not clear what these numbers are: {text}. Name each, as in {example}; a range is written 20-22."
    " Nothing was done.",
    ru="Непонятно, что значат эти номера: {text}. Назовите каждый, например {example}; диапазон пишется так: 20-22."
    " Ничего не сделано.",
)
NO_NUMBER: Final = Said(
    en="A number is missing after “{text}”. For example: {example}",
    ru="После «{text}» не хватает номера. Например: {example}",
)
WHICH_OWNER: Final = Said(
    en="Which {owner}? For example: {example}",
    ru="Не хватает номера: {owner}. Например: {example}",
)
WHICH_ITEMS: Final = Said(
    en="Which {items}? For example: {example}",
    ru="Не хватает номера: {items}. Например: {example}",
)
WHICH_TYPE: Final = Said(
    en="Say what {text} is: a deal, a contact, a company. For example: {example}",
    ru="Уточните, что такое {text}: сделка, контакт, компания. Например: {example}",
)
WHICH_COMMAND: Final = Said(
    en="This can mean several things: {examples}. Write which one. Nothing was done.",
    ru="Это можно понять по-разному: {examples}. Напишите точнее. Ничего не сделано.",
)
OTHER_COMMAND: Final = Said(
    en="The command for this is /{right}, not /{command}: {example}. Nothing was done.",
    ru="Для этого есть команда /{right}, а не /{command}: {example}. Ничего не сделано.",
)
NOT_TAKEN: Final = Said(
    en="/{command} works with {allowed}, so this does not fit: {text}. Nothing was done.",
    ru="/{command} работает так: {allowed}. Сюда не подходит: {text}. Ничего не сделано.",
)
ALL_AND_ITEMS: Final = Said(
    en="Either all or the ones you name, not both: {text}. Nothing was done.",
    ru="Либо все, либо названные, но не вместе: {text}. Ничего не сделано.",
)
REPLACE_UNSURE: Final = Said(
    en="It is not clear what replaces what. “replace” leaves only the ones you name: {example}. Nothing was done.",
    ru="Непонятно, что на что заменить. «заменить» оставляет только названные: {example}. Ничего не сделано.",
)
MOVE_UNSURE: Final = Said(
    en="To move, name one card it leaves and one it goes to: {example}. Nothing was done.",
    ru="Для переноса назовите одну прежнюю карточку и одну новую: {example}. Ничего не сделано.",
)
NO_TEXT: Final = Said(
    en="The text is missing. For example: {example}",
    ru="Не хватает текста. Например: {example}",
)
TOO_MANY: Final = Said(
    en="That is too much at once: {most} requests in one message at most. Nothing was done.",
    ru="Слишком много за один раз: в одном сообщении не больше {most} запросов. Ничего не сделано.",
)


def quoted(texts: Iterable[str], most: int = 5) -> Said:
    """Show what somebody wrote, shortened where it is long."""
    shown = [text if len(text) <= LONGEST_QUOTE else f"{text[: LONGEST_QUOTE - 1]}…" for text in texts]
    more = [Said(en=f"{len(shown) - most} more", ru=f"ещё {len(shown) - most}")] if len(shown) > most else []
    return joined([*(Said(en=f"“{text}”", ru=f"«{text}»") for text in shown[:most]), *more])


def types_said(names: Iterable[str]) -> Said:
    """Say types of CRM items."""
    said = {kind.name: kind.said for kind in CRM_TYPES}
    return joined([said.get(name, plain(name)) for name in names])
