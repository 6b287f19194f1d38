"""Requests, candidate lists and explanations made of an understood sentence. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, Final, cast

from bot.commands.search import search_everywhere
from bot.conversation.buttons import Button
from bot.conversation.follow_up import CandidateQuestion
from bot.nlu.lexicon_data.command_words import OWNERS
from bot.nlu.questions import for_missing
from bot.nlu.result import Certainty, Grade, Proposal, Understood
from bot.rendering.markup import Text, bounded, joined
from bot.rendering.writer import Writer
from linkdesk.errors.argument_labels import argument_label
from linkdesk.lookup.queries import Candidate
from linkdesk.lookup.resolve import UnresolvedArgument, has_descriptions
from linkdesk.plans.runner import MAX_INTERACTIVE_PARTS
from tool_specs.declaration.arguments import Mode
from tool_specs.declaration.crm_ref import CrmRef
from tool_specs.declaration.localized import Language, Localized, join_with_commas, same_in_both
from tool_specs.declaration.method import Effect, Method
from tool_specs.methods.booking_links import SetBookingLinks
from tool_specs.recipes.bulk import LinkBookings

_ISO_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}(T[\d:+Z.-]+)?$")
_WORDS_OF_OWNER: Final = {owner.name: owner.said for owner in OWNERS}
LONGEST_LABEL: Final = 60
"""Characters of a button: a phone shows hardly more."""
NEW_LINE: Final = "\n"

_WHICH: Final = Localized(
    en="Which one is “{said}”? Answer with its number.", ru="Кто или что «{said}»? Ответьте номером."
)
_WHICH_READING: Final = Localized(
    en="This can be read in several ways. Which one is meant? Answer with its number, or “no”.",
    ru="Это можно понять по-разному. Что имеется в виду? Ответьте номером или «нет».",
)
_ONE_READING: Final = Localized(
    en="Did you mean this? Answer 1 or “no”.", ru="Имеется в виду это? Ответьте «1» или «нет»."
)
_REPLACING: Final = Localized(en="in place of all the others", ru="вместо всех остальных")
_NEAR: Final = Localized(
    en="No exact match for “{said}”. Did you mean:", ru="Точного совпадения с «{said}» нет. Возможно, это:"
)
_NOTHING: Final = Localized(
    en="Nothing was found for “{said}”. Check the name, or give the number.",
    ru="По запросу «{said}» ничего не найдено. Проверьте имя или укажите номер.",
)
MORE: Final = Localized(en="More…", ru="Ещё…")
_NO_WHY: Final = Localized(en="There is nothing to explain yet.", ru="Пока объяснять нечего.")
_WORD: Final = Localized(en="“{text}”: {meaning}", ru="«{text}»: {meaning}")


def choice_of_readings(question_id: str, understood: Understood) -> CandidateQuestion:
    """Build the question about which reading of a sentence is meant, with a candidate for each."""
    candidates = tuple(Candidate(describe_reading(one), one) for one in understood.proposals)
    return CandidateQuestion(question_id, understood, {}, UnresolvedArgument("", understood.text, candidates))


def record_of(proposals: Sequence[Proposal]) -> Proposal | None:
    """Return the reading that shows a record, where all of them only read: its deals and clients stand there, too."""
    if any(one.tool.effect is not Effect.READ for one in proposals):
        return None
    return next((one for one in proposals if one.tool.name().startswith("get_")), None)


def with_reading(understood: Understood, reading: Proposal) -> Understood:
    """Return what a sentence means once a person picked one of its readings."""
    described = has_descriptions(reading.arguments)
    return replace(
        understood,
        tool=reading.tool,
        arguments=reading.arguments,
        missing=reading.missing,
        question=for_missing(reading.missing, ()) if reading.missing else None,
        certainty=Certainty.NAMED if described else Certainty.EXACT,
        grade=Grade.ASK if reading.missing else Grade.CARD,
        proposals=(),
    )


def describe_reading(reading: Proposal) -> Localized:
    """Describe a reading by its title and its records: "Delete a booking: booking 17"."""
    values = [_describe(name, value) for name, value in reading.arguments.items()]
    said = join_with_commas([one for one in values if one is not None])
    title = reading.tool.title
    return Localized(en=f"{title.en}: {said.en}", ru=f"{title.ru}: {said.ru}") if values else title


def _describe(name: str, value: object) -> Localized | None:
    if isinstance(value, list):
        items = cast("list[object]", value)
        return join_with_commas([said for item in items if (said := _describe(name, item)) is not None])
    if isinstance(value, dict):
        return _describe_item(cast("dict[str, object]", value))
    if isinstance(value, bool) or name == "mode":
        return (_REPLACING if name == "mode" else argument_label(name)) if value else None
    owner = name.removesuffix("_id")
    if owner != name and (words := _WORDS_OF_OWNER.get(owner)) is not None:
        return Localized(en=f"{words.en} {value}", ru=f"{words.ru} {value}")
    label, said = argument_label(name), _describe_value(value)
    return Localized(en=f"{label.en} {said.en}", ru=f"{label.ru} {said.ru}")


def _describe_value(value: object) -> Localized:
    """Return a value as people write it: days and times in words, anything else as it is."""
    text = str(value)
    if _ISO_DAY.match(text) is None:
        return same_in_both(text)
    if "T" in text:
        return Localized(en=Writer("en").moment(text), ru=Writer("ru").moment(text))
    day = date.fromisoformat(text)
    return Localized(en=Writer("en").day(day), ru=Writer("ru").day(day))


def _describe_item(fields: dict[str, object]) -> Localized:
    """Describe a CRM item or booking by its id, or by the words of the message."""
    if "id" in fields:
        return CrmRef.model_validate(fields).said
    parts = [_describe_value(part) for key, part in fields.items() if key != "type"]
    return Localized(en=" ".join(part.en for part in parts), ru=" ".join(part.ru for part in parts))


def candidate_list(candidate_question: CandidateQuestion, language: Language) -> tuple[Text, tuple[Button, ...]]:
    """Ask which candidate is meant: a numbered row for each, and a button."""
    question = _WHICH if candidate_question.open.candidates else _NEAR
    if any(isinstance(one.value, Proposal) for one in candidate_question.candidates):
        question = _ONE_READING if len(candidate_question.candidates) == 1 else _WHICH_READING
    lines = [Text.of(question.format_map({"said": bounded(candidate_question.open.text)}).to(language))]
    buttons: list[Button] = []
    for number, choice in enumerate(candidate_question.shown, 1):
        label = bounded(choice.label.to(language), LONGEST_LABEL)
        lines.append(Text.of(f"{number}. {label}"))
        buttons.append(
            Button(f"{number}. {label}", data=f"c:{candidate_question.id}:{candidate_question.first + number - 1}")
        )
    if candidate_question.more:
        buttons.append(Button(MORE.to(language), data=f"c:{candidate_question.id}:m"))
    return joined(lines, NEW_LINE), tuple(buttons)


def not_found(one: UnresolvedArgument, language: Language) -> Text:
    """Report that nothing matches the words of the message."""
    return Text.of(_NOTHING.format_map({"said": bounded(one.text)}).to(language))


def explain_reading(understood: Understood | None, language: Language) -> Text:
    """Render how the words of a sentence were understood."""
    if understood is None or not understood.words:
        return Text.of(_NO_WHY.to(language))
    return joined(_words(understood, language), NEW_LINE)


def _words(understood: Understood, language: Language) -> Iterator[Text]:
    if understood.tool is not None:
        yield Text.strong(understood.tool.title.to(language))
    for word in understood.words:
        facts = {"text": bounded(word.text), "meaning": word.meaning.to(language)}
        yield Text.of(_WORD.format_map(facts).to(language))


def expand_command(methods: Sequence[Method[Any]]) -> Sequence[Method[Any]]:
    """Return what a command asks for as it is done: many links at once, a search in every usual place."""
    return search_everywhere(merge_links(methods))


def merge_links(methods: Sequence[Method[Any]]) -> Sequence[Method[Any]]:
    """Merge many requests that link the same deals into one, with one plan and one report, which can be stopped."""
    links = [method for method in methods if isinstance(method, SetBookingLinks) and method.mode is Mode.ADD]
    alike = len(links) == len(methods) > MAX_INTERACTIVE_PARTS and all(
        method.links == links[0].links for method in links
    )
    return [LinkBookings(booking_ids=[one.booking_id for one in links], links=links[0].links)] if alike else methods
