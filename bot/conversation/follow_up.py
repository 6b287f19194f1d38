"""Follow-ups: a message read as the answer to a question, a choice, or an addition to the last request. Pure.

A short answer is read together with what it answers: "to which booking?" — "14" is the sentence with booking 14 in it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

from bot.nlu.lexicon_data.command_words import TYPE_OF_WORD
from bot.nlu.message_text import cleaned
from bot.nlu.parser import read
from bot.nlu.result import Certainty, Understood
from linkdesk.lookup.queries import Candidate
from linkdesk.lookup.resolve import UnresolvedArgument, has_descriptions
from tool_specs.declaration.localized import Language
from tool_specs.declaration.method import Effect, Method
from tool_specs.declaration.text import fold
from tool_specs.methods.booking import ListBookings

LIFETIME: Final = timedelta(minutes=10)
"""After that a message stands for itself."""
A_SCREENFUL: Final = 5
"""How many candidates are offered at once."""
LONGEST_ANSWER: Final = 80
FREE_TEXT: Final = frozenset({"name", "description", "note"})
"""Arguments that any words may be."""


@dataclass(frozen=True, slots=True)
class SentenceReader:
    """Reads sentences by the present time, the business's time zone and the portal's host."""

    now: datetime
    zone: str
    host: str | None = None

    def __call__(self, text: str) -> Understood:
        """Read a sentence."""
        return read(text, self.now, self.zone, self.host)


@dataclass(frozen=True, slots=True)
class CandidateQuestion:
    """A question about which of several candidates is meant."""

    id: str
    understood: Understood
    arguments: Mapping[str, Any]
    """What is settled so far."""
    open: UnresolvedArgument
    first: int = 0
    """The first candidate that is on the screen."""
    instead: bool = False
    """Whether what is picked takes the place of the last request."""

    @property
    def candidates(self) -> tuple[Candidate, ...]:
        """What may be meant, best first."""
        return self.open.candidates or self.open.near_matches

    @property
    def shown(self) -> Sequence[Candidate]:
        """The candidates that are on the screen."""
        return self.candidates[self.first : self.first + A_SCREENFUL]

    @property
    def more(self) -> bool:
        """Whether there are others after them."""
        return len(self.candidates) > self.first + A_SCREENFUL


_NOUNS: Final[Mapping[str, tuple[str, str]]] = {
    "booking_id": ("booking", "бронь"),
    "waitlist_id": ("waitlist entry", "запись листа ожидания"),
    "activity_id": ("activity", "дело"),
    "resource_id": ("resource", "ресурс"),
    "links": ("deal", "сделка"),
    "deal": ("deal", "сделка"),
    "clients": ("contact", "контакт"),
    "client": ("contact", "контакт"),
}
_JOINS: Final = ("{text} {answer}", "{text} {noun} {answer}", "{text}: {noun} {answer}", "{text} to {noun} {answer}")
_JOINS_RU: Final = (
    "{text} {answer}",
    "{text} {noun} {answer}",
    "{text}: {noun} {answer}",
    "{text} к {noun} {answer}",
    "{text} к {answer}",
)


def complete(asked: Understood, answer: str, reader: SentenceReader) -> Understood | None:
    """Read a message as the missing part of a request, or return None."""
    answer = cleaned(answer).strip(" .!?")
    if not answer or len(answer) > LONGEST_ANSWER or not asked.missing:
        return None
    russian = asked.language == "ru"
    noun = _NOUNS.get(asked.missing[0], ("", ""))[russian]
    sentence = asked.text.rstrip(" .!?")
    answers: list[Understood] = []
    for join in _JOINS_RU if russian else _JOINS:
        if "{noun}" in join and not noun:
            continue
        found = reader(join.format(text=sentence, noun=noun, answer=answer))
        if not _fills(asked, found):
            continue
        if _is_guess(asked, answer, with_noun="{noun}" in join):
            found = replace(found, certainty=Certainty.COMPLETED)
        if found.certainty is Certainty.EXACT:
            return found
        answers.append(found)
    best = next(iter(answers), None)
    if asked.by_name and (best is None or has_descriptions(best.arguments)):
        return _named(asked, sentence, noun, answer, reader) or best
    return best


def _is_guess(asked: Understood, answer: str, *, with_noun: bool) -> bool:
    """Return whether an answer is shown first: any words may be a text, and a number alone be that of anything."""
    return asked.missing[0] in FREE_TEXT or (asked.by_name and with_noun and not _names_type(answer))


def _fills(asked: Understood, found: Understood) -> bool:
    """Return whether a sentence is the request that was asked about, and misses less."""
    same = found.tool is asked.tool and asked.missing[0] not in found.missing
    return same and len(found.missing) < len(asked.missing)


def _names_type(answer: str) -> bool:
    """Return whether an answer says of what type it is: "deal 5", "the deal 5"."""
    return any(fold(word) in TYPE_OF_WORD for word in answer.split())


def _named(asked: Understood, sentence: str, noun: str, answer: str, reader: SentenceReader) -> Understood | None:
    """Read otherwise meaningless words as the name that was asked for."""
    first, _, rest = answer.partition(" ")
    typed = fold(first) in TYPE_OF_WORD and bool(rest)
    if not typed and reader(answer).tool is not None:
        return None
    name = rest if typed else answer
    found = reader(f'{sentence} {noun} "{re.sub(_QUOTES, " ", name)}"')
    return found if found.tool is asked.tool and found.complete else None


_QUOTES: Final = re.compile('["“”„«»]')
_AND: Final = re.compile(
    r"^(?:(?:and|also|plus|и|а|также|ещ[её]|плюс)\b[\s,]*)+(?P<rest>.+?)(?:[\s,]+(?:too|as well|тоже|также))?[\s.!]*$",
    re.IGNORECASE,
)
_NO_TO: Final = re.compile(
    r"^(?:no|nope|not that|wrong|sorry(?!\s+(?:for|that|if|to hear)\b)|нет|не то|ой|ошибся|ошиблась|точнее|вернее)\b"
    r"[\s,:.—-]*(?!(?:about|because|i|we|my|про|насч[её]т|об?|что)\b)(?P<rest>.+?)[\s.!]*$",
    re.IGNORECASE,
)
_DIRECTED: Final = re.compile(
    r"^(?:no|nope|not that|wrong|sorry|нет|не то|ой|ошибся|ошиблась|точнее|вернее)\b[\s,:.—-]*"
    r"(?:to|onto|from|к|ко|от)\s",
    re.IGNORECASE,
)
_UNDO: Final = frozenset(
    {
        *("undo that", "undo it", "undo this", "take that back", "revert that", "undo the last one", "undo last"),
        *("отмени", "отмени это", "отмени последнее", "верни как было", "верни обратно", "верни назад", "откати"),
        *("отмени последнее изменение", "отменить последнее", "undo the last change", "сделай как было"),
    }
)
_OPENING: Final = re.compile(
    r"^(?:(?:oops|ouch|oh|no|sorry|please|ой|ай|нет|упс|блин|пожалуйста)\b[\s,.!]*)+", re.IGNORECASE
)
_PROBES: Final[Mapping[Language, tuple[str, ...]]] = {
    "en": (
        "link {rest} to booking 1",
        "link deal 1 to {rest}",
        "link deal 1 to booking {rest}",
        "bind activity 1 to {rest}",
    ),
    "ru": (
        "привяжи {rest} к брони 1",
        "привяжи сделку 1 {rest}",
        "привяжи сделку 1 к {rest}",
        "привяжи сделку 1 к брони {rest}",
    ),
}
_LISTS: Final = ("links", "clients")
_OWNERS: Final = ("booking_id", "booking", "waitlist_id")


def asks_to_undo(text: str) -> bool:
    """Return whether somebody wants their last change undone."""
    return fold(_OPENING.sub("", cleaned(text)).strip(" .!,")) in _UNDO


def is_directed(text: str) -> bool:
    """Return whether a message only corrects a direction: "no, to booking 15"; that never stands for itself."""
    return _DIRECTED.match(cleaned(text)) is not None


@dataclass(frozen=True, slots=True)
class FollowUp:
    """A message that continues the last request, or replaces it (`instead`)."""

    understood: Understood
    instead: bool = False


def read_follow_up(last: Method[Any], text: str, language: Language, reader: SentenceReader) -> FollowUp | None:
    """Read "and deal 5 too" or "no, to booking 15" after a request; None where it is neither."""
    text = cleaned(text)
    if len(text) > LONGEST_ANSWER:
        return None
    known = last.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    if (match := _AND.match(text)) is not None:
        return _with(last, known, _items(match["rest"], language, reader), instead=False, text=text)
    if (match := _NO_TO.match(text)) is not None:
        if not is_directed(text) and _is_look(look := reader(match["rest"])):
            return FollowUp(look)
        owner = _owner(match["rest"], language, reader)
        return _with(last, known, owner or _items(match["rest"], language, reader), instead=True, text=text)
    return None


def _is_look(understood: Understood) -> bool:
    """Return whether a sentence asks to see something; a day alone only says which booking is meant."""
    tool = understood.tool
    return tool is not None and understood.complete and tool.effect is Effect.READ and tool is not ListBookings


def _with(
    last: Method[Any], known: dict[str, Any], found: dict[str, Any] | None, *, instead: bool, text: str
) -> FollowUp | None:
    if found is None:
        return None
    names = {name for name in found if name != "booking"}
    if not names <= type(last).model_fields.keys() or not any(name in known for name in (*_OWNERS, *_LISTS)):
        return None
    kept = {name: value for name, value in known.items() if not (set(found) & set(_OWNERS) and name in _OWNERS)}
    understood = Understood(
        text, language_of_fragment(text), type(last), {**kept, **found}, certainty=Certainty.COMPLETED
    )
    return FollowUp(understood, instead)


def language_of_fragment(text: str) -> Language:
    """Return the language of a fragment."""
    return "ru" if re.search("[а-яё]", text, re.IGNORECASE) else "en"


def _items(rest: str, language: Language, reader: SentenceReader) -> dict[str, Any] | None:
    """Read the deals or clients that a message names."""
    for probe in _PROBES[language]:
        found = reader(probe.format(rest=rest))
        if found.tool is not None and found.complete and found.arguments.get("booking_id") == 1:
            names = [name for name in _LISTS if name in found.arguments]
            if names:
                return {names[0]: found.arguments[names[0]]}
    return None


def _owner(rest: str, language: Language, reader: SentenceReader) -> dict[str, Any] | None:
    """Read the booking or the waitlist entry that a message names."""
    for probe in _PROBES[language]:
        found = reader(probe.format(rest=rest))
        links = found.arguments.get("links")
        if found.tool is not None and found.complete and links == [{"type": "deal", "id": 1}]:
            return {name: found.arguments[name] for name in _OWNERS if name in found.arguments}
    return None


def picked_candidate(candidate_question: CandidateQuestion, text: str) -> int | None:
    """Return the index of the candidate chosen by typing its row number or its label, or None."""
    answer = fold(cleaned(text).strip(" .!"))
    ordinal = re.fullmatch(r"(?:№|#)?\s?([1-9][0-9]?)(?:-?(?:й|я|е|ый|ая|ое|st|nd|rd|th))?", answer)
    if ordinal is not None and int(ordinal[1]) <= len(candidate_question.shown):
        return candidate_question.first + int(ordinal[1]) - 1
    for place, choice in enumerate(candidate_question.candidates):
        if answer and answer in {fold(choice.label.en), fold(choice.label.ru)}:
            return place
    return None
