"""What the reader asks back, in both languages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from bot.nlu.danger_kinds import Danger
from bot.nlu.lexicon_data.nouns import NOUNS
from bot.rendering.quotation import quoted
from linkdesk.errors.argument_labels import argument_label
from tool_specs.declaration.localized import Localized, join_with_commas, same_in_both

WHICH: Final[Mapping[str, Localized]] = {
    "booking_id": Localized(
        en="Which booking? Write its number, or the day, time and client.",
        ru="Какое бронирование? Напишите номер или день, время и клиента.",
    ),
    "waitlist_id": Localized(
        en="Which waitlist entry? Write its number.", ru="Какая запись листа ожидания? Напишите номер."
    ),
    "activity_id": Localized(en="Which activity? Write its number.", ru="Какое дело? Напишите номер."),
    "resource_id": Localized(en="Which resource? Write its number.", ru="Какой ресурс? Напишите номер."),
    "links": Localized(en="Which deals? Write a number or a name.", ru="Какие сделки? Напишите номер или название."),
    "clients": Localized(
        en="Which client? Write a number, a name or a phone.", ru="Какой клиент? Напишите номер, имя или телефон."
    ),
    "source": Localized(en="From which CRM item is it moved?", ru="От какого элемента CRM перенести?"),
    "target": Localized(en="To which CRM item?", ru="К какому элементу CRM?"),
    "text": Localized(en="What should I look for?", ru="Что искать?"),
    "plan_id": Localized(
        en="Which plan? Write its ten-character id.", ru="Какой план? Напишите его код из десяти знаков."
    ),
    "name": Localized(en="What should the name be?", ru="Какое название записать?"),
    "description": Localized(en="What should the description say?", ru="Какое описание записать?"),
    "resource_ids": Localized(en="Which resource? Write its number.", ru="Какой ресурс? Напишите номер."),
    "date_to": Localized(en="Until when? Write the day and the time.", ru="До какого времени? Напишите день и время."),
    "note": Localized(en="What should the note say?", ru="Какой текст записать в примечание?"),
}
MISSING: Final = Localized(en="What is missing: {what}.", ru="Не хватает: {what}.")
ONE_AT_A_TIME: Final = Localized(
    en="One at a time: which of {numbers}? Nothing was done.",
    ru="По одному за раз: какой из {numbers}? Ничего не сделано.",
)
I_READ: Final = Localized(en="{question} I read: {records}.", ru="{question} Прочитано: {records}.")
FORBIDDEN: Final = Localized(
    en="You wrote {text}, so nothing was done. If it is to be done now, write it without that.",
    ru="В сообщении есть {text}, поэтому ничего не сделано. Если всё же нужно, напишите поручение без этого.",
)
FORBIDDEN_RECORDS: Final = Localized(
    en="You wrote {text}, so nothing was done with {records}. If it is to be done now, write it without that.",
    ru="В сообщении есть {text}, поэтому ничего не сделано: {records}. Если всё же нужно, напишите без этого.",
)
CHOOSE: Final = Localized(
    en="This can be read in several ways. Which one is meant?", ru="Это можно понять по-разному. Что имеется в виду?"
)
DOUBTFUL: Final = Localized(en="What is {text}? Nothing was done.", ru="Что такое {text}? Ничего не сделано.")
EXCEPT: Final = Localized(
    en="Which ones exactly? {text} leaves it open, so nothing was done.",
    ru="Какие именно? {text} этого не уточняет, поэтому ничего не сделано.",
)
LEFT_OVER: Final = Localized(
    en="Something in this found no place, so nothing was done. What is to be done with what?",
    ru="Не всё здесь удалось понять, поэтому ничего не сделано. Что с чем нужно сделать?",
)
NOT_AN_ORDER: Final = Localized(
    en="I didn't understand what to do. Nothing was done. For example: link deal NUMBER to booking NUMBER",
    ru="Не понимаю, что сделать. Ничего не сделано. Например: привяжи сделку НОМЕР к брони НОМЕР",
)
ONE_ORDER: Final = Localized(
    en="One thing at a time, please: {verbs}. Nothing was done.",
    ru="Пожалуйста, по одному поручению за раз: {verbs}. Ничего не сделано.",
)
OF_THE_PAST: Final = Localized(
    en="What was done, when and by whom, is in the change history. Write: what changed",
    ru="Что, когда и кем сделано, записано в журнале. Напишите: что изменилось",
)
OTHER_PORTAL: Final = Localized(
    en="This address belongs to another portal, {other}; ours is {ours}. Nothing was done.",
    ru="Этот адрес с другого портала: {other}. Наш портал: {ours}. Ничего не сделано.",
)

NOUN_SAID: Final = {noun.name: noun.said for noun in NOUNS}


def for_missing(names: Sequence[str], each: Sequence[int]) -> Localized:
    """Ask for what is missing."""
    if each:
        return ONE_AT_A_TIME.format_map({"numbers": ", ".join(map(str, each))})
    if len(names) == 1 and names[0] in WHICH:
        return WHICH[names[0]]
    return MISSING.format_map({"what": join_with_commas([argument_label(name) for name in names])})


def of_portals(hosts: Sequence[str], ours: str) -> Localized:
    """Say that addresses belong to another portal."""
    return OTHER_PORTAL.format_map({"other": quoted(hosts), "ours": ours})


def with_records(question: Localized, records: Sequence[str]) -> Localized:
    """Repeat the records that were named behind a question."""
    if not records:
        return question
    return I_READ.format_map({"question": question, "records": record_list(records)})


def record_list(records: Sequence[str]) -> Localized:
    """Write records in both languages: "deal 5, booking 14"."""
    return join_with_commas([_record(text) for text in records])


def _record(text: str) -> Localized:
    noun, _, number = text.rpartition(" ")
    said = NOUN_SAID.get(noun)
    return Localized(en=f"{said.en} {number}", ru=f"{said.ru} {number}") if said else same_in_both(text)


def of_verdict(reason: str, words: Sequence[str], records: Sequence[str]) -> Localized | None:
    """Ask or tell what kept a message from being done; None where there is nothing to say."""
    if reason in FORBIDDING:
        text = quoted(words) if words else same_in_both("…")
        if not words:
            return with_records(NOT_AN_ORDER, records)
        said = FORBIDDEN_RECORDS if records else FORBIDDEN
        return said.format_map({"text": text, **({"records": record_list(records)} if records else {})})
    questions = {"past question": OF_THE_PAST, "several orders": ONE_ORDER, "doubtful": DOUBTFUL, "except": EXCEPT}
    if reason in questions:
        question = questions[reason].format_map({"text": quoted(words), "verbs": ", ".join(words)})
        return with_records(question, records)
    if reason in {"no order", "no question", "no reading"}:
        return with_records(NOT_AN_ORDER, records) if records else None
    return with_records(LEFT_OVER if reason in {"left over", "two kinds"} else CHOOSE, records)


FORBIDDING: Final = frozenset(str(kind) for kind in Danger)
