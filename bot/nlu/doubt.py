"""What the structure of a sentence says against an order: a subject, a question, a quotation, doubtful literals."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any, Final

from bot.nlu.danger import EDGES, find_dangers, reminds
from bot.nlu.danger_kinds import TELLING, Danger
from bot.nlu.entities import Mention
from bot.nlu.lexicon import acts_of, language_of_word
from bot.nlu.morphology import parses
from bot.nlu.numerals import near_numeral
from bot.nlu.ordinary_words import is_ordinary
from bot.nlu.slips import by_length, near
from bot.nlu.tokens import Kind, Mood, Sort, Unit
from bot.nlu.words import meanings_of
from tool_specs.declaration.intents import READING_ACTS
from tool_specs.declaration.text import fold

ASKING: Final = frozenset(
    ["do", "does", "did", "is", "are", "was", "were", "has", "have", "had", "should", "shall", "am"]
)
"""A question about doing begins with them."""
NEEDED: Final = frozenset({"надо", "нужно", "необходимо"})
NEEDING: Final = frozenset({"need", "must"})
DETERMINERS: Final = frozenset(["the", "a", "an", "our", "my", "your", "his", "her", "their", "this", "that"])
PEOPLE: Final = frozenset({"client", "contact", "company"})
WAYS: Final = (Sort.TOWARDS, Sort.AWAY, Sort.EITHER)
ADDRESS: Final = re.compile(r"https?:|www\.|/crm/|@\w", re.IGNORECASE)
TEXTUAL: Final = frozenset({"moment", "title", "description", "plan"})
"""Nouns that no misspelt word is taken for: each says what is overwritten or carried out."""
OFF: Final = 2.6
"""What two letters in a word weigh at most."""
SHORT: Final = 4
DAY: Final = 2.0
"""What the slips in a word beside a day weigh at most for it to be a part of the day."""


def weigh(
    units: Sequence[Unit], mentions: Sequence[Mention], found: Sequence[frozenset[Danger]], begins: int
) -> tuple[frozenset[Danger], frozenset[Danger]]:
    """Tell what forbids an order from what only tells something in a clause before it.

    Args:
        units: the sentence.
        mentions: what it mentions.
        found: the dangers of each unit.
        begins: where the clause begins that orders.
    """
    first = next((at for at, unit in enumerate(units) if writes(unit)), None)
    near, distant = set(_structure(units, mentions, first, begins)), set[Danger]()
    for at, dangers in enumerate(found):
        told = dangers & TELLING
        away = first is not None and (
            at < begins or (dangers == frozenset({Danger.STATEMENT}) and _describes(units, at, first))
        )
        near |= dangers - told if away else dangers
        distant |= told if away else set()
    distant |= {Danger.NEGATION} if reminds(units) else set()
    return frozenset(near), frozenset(distant)


def writes(unit: Unit) -> bool:
    """Tell whether a unit is a verb that orders to change something."""
    acts = acts_of(unit, Mood.ORDER)
    return not unit.taken and bool(acts) and not acts <= READING_ACTS


def ordering_clause(units: Sequence[Unit]) -> int:
    """Return where the clause begins that orders to change something."""
    at = next((at for at, unit in enumerate(units) if writes(unit)), 0)
    while at and not (units[at - 1].kind in EDGES and units[at - 1].taken != "id"):
        at -= 1
    return at


def _describes(units: Sequence[Unit], at: int, first: int) -> bool:
    """Tell whether an English participle after the order describes a record: "the deals linked to booking 14"."""
    state = any(one.mood is Mood.STATE for one in units[at].meanings) and language_of_word(units[at].word) == "en"
    before = units[at - 1]
    return at > first and state and (before.has(Sort.NOUN) or before.kind in {Kind.NUMBER, Kind.CARD})


def _structure(units: Sequence[Unit], mentions: Sequence[Mention], first: int | None, begins: int) -> Iterable[Danger]:
    """Yield what the structure speaks against."""
    if _quotes_order(units):
        yield Danger.QUOTED
    if _asks(units, first):
        yield Danger.QUESTION
    if first is not None and _has_subject(units, mentions, first, begins):
        yield Danger.SUBJECT
    if first is None and _says_who_does(units):
        yield Danger.STATEMENT


def _says_who_does(units: Sequence[Unit]) -> bool:
    """Tell whether a word that was taken for a noun is what somebody does: "the admin links deal 5 …"."""
    for who, does, what in zip(units[1:], units[2:], units[3:], strict=False):
        verb = any(one.sort is Sort.VERB and one.mood is Mood.OTHER for one in meanings_of(does.word))
        named = what.kind is Kind.CARD or what.has(Sort.NOUN, Sort.POINTING, Sort.SILENT, Sort.ALL)
        if units[0].word in DETERMINERS and _is_unknown(who) and verb and does.word.endswith("s") and named:
            return True
    return False


def _quotes_order(units: Sequence[Unit]) -> bool:
    """Tell whether a quotation has a verb of ours in it."""
    words = (word for unit in units if unit.kind is Kind.QUOTE for word in re.findall(r"[^\W\d_]+", fold(unit.value)))
    return any(one.sort is Sort.VERB and not one.acts <= READING_ACTS for word in words for one in meanings_of(word))


def _asks(units: Sequence[Unit], first: int | None) -> bool:
    """Tell whether it asks about doing: "is deal 5 to be linked", "надо удалить бронь 14?", "отменить бронь 14?"."""
    words = [(at, unit) for at, unit in enumerate(units) if unit.kind is Kind.WORD and not unit.has(Sort.POLITE)]
    if not words or first is None:
        return False
    place, opening = words[0]
    following = units[place + 1] if place + 1 < len(units) else None
    passive = units[first].passive
    if fold(opening.text) in ASKING and not passive and following is not None and not writes(following):
        return True
    questioned = any(unit.kind is Kind.ASKS for unit in units)
    needed = fold(opening.text) in NEEDING or any(fold(unit.text) in NEEDED for unit in units[:first])
    if questioned and (passive or needed):
        return True
    verb = units[first]
    if language_of_word(verb.word) != "ru":
        return False
    tags: list[Any] = [one.tag for one in parses(verb.word) if one.tag.POS == "INFN"]
    if first and units[first - 1].word == "можно" and any("impf" in tag for tag in tags):
        return True
    return questioned and bool(tags) and first == place and all(not unit.has(Sort.POLITE) for unit in units[:first])


def _has_subject(units: Sequence[Unit], mentions: Sequence[Mention], first: int, begins: int) -> bool:
    """Tell whether somebody stands before an English verb: "Anna put deal 8 on booking 21", "the admin cancel …"."""
    if language_of_word(units[first].word) != "en":
        return False
    before = range(begins, first)
    if any(units[at].taken == "name" or units[at].person for at in before) and not units[first].passive:
        return not any(units[at].kind is Kind.NUMBER or units[at].has(*WAYS) for at in before)
    for mention in mentions:
        bare = mention.bare and mention.at in before and not mention.preposition and not mention.every
        if bare and mention.plural is True:
            return True
        if bare and mention.noun in PEOPLE and mention.end == first:
            return True
    return any(units[at].word in DETERMINERS and at + 1 < first and _is_unknown(units[at + 1]) for at in before)


def _is_unknown(unit: Unit) -> bool:
    return unit.kind is Kind.WORD and not unit.taken and all(one.sort is Sort.ORDINARY for one in unit.meanings)


def doubtful_literals(units: Sequence[Unit]) -> tuple[str, ...]:
    """Return the literals of which nobody can tell what they are."""
    return tuple(unit.text for at, unit in enumerate(units) if _is_doubtful(units, at))


def _is_doubtful(units: Sequence[Unit], at: int) -> bool:
    unit = units[at]
    if unit.kind in {Kind.DAY, Kind.CLOCK}:
        # "2026-13-45" is written as a day and is none.
        return not unit.taken
    if unit.kind is Kind.ODD:
        return not unit.taken and (any(letter.isdigit() for letter in unit.text) or bool(ADDRESS.search(unit.text)))
    if unit.kind is Kind.WORD and (_is_short_sign(unit) or (unit.corrected and TEXTUAL & set(unit.nouns))):
        return True
    if unit.kind is not Kind.WORD or unit.taken or unit.person:
        return False
    return _continues_number(units, at) or _joins_nothing(units, at) or (_is_strange(unit) and _hides(units, at))


def _is_strange(unit: Unit) -> bool:
    """Tell whether a word is none of the language, as it is written."""
    return bool(unit.corrected or unit.plain) and not is_ordinary(fold(unit.text))


def _joins_nothing(units: Sequence[Unit], at: int) -> bool:
    """Tell whether an "and" stands right after a verb: what stood before it is not there."""
    return units[at].has(Sort.AND) and at > 0 and acts_of(units[at - 1], Mood.ORDER) != frozenset()


def _hides(units: Sequence[Unit], at: int) -> bool:
    """Tell whether a strange word may hide a day, a noun of its own, or whose number the next one is."""
    unit, following = units[at], units[at + 1] if at + 1 < len(units) else None
    beside = [units[place] for place in (at - 1, at + 1) if 0 <= place < len(units)]
    if any(one.taken == "when" for one in beside) and _is_near_sign(fold(unit.text)):
        return True
    if following is None or unit.has(Sort.NOUN, Sort.VERB):
        return False
    if following.kind is Kind.NUMBER and not following.taken:
        return True
    noun = following.has(Sort.NOUN) and not following.taken and (unit.plain or unit.has(Sort.SILENT))
    return noun and (bool(following.corrected) or len(unit.word) == 1 or _is_near_noun(unit.word))


def _is_near_noun(word: str) -> bool:
    """Tell whether two letters make a noun of ours of a word."""
    language = language_of_word(word)
    found = near(word, by_length(language), 2, OFF)
    return any(one.sort is Sort.NOUN for text, _ in found for one in meanings_of(text))


def _continues_number(units: Sequence[Unit], at: int) -> bool:
    """Tell whether a word after a number in words may be its misspelt end: "twenty on"."""
    unit, before = units[at], units[at - 1] if at else None
    if before is None or not before.spelled or before.ids[0] % 10 or unit.has(Sort.NOUN, Sort.VERB, Sort.AND):
        return False
    cyrillic = language_of_word(unit.word) == "ru"
    far = len(unit.text) > (3 if _is_strange(unit) else 4)
    numeral = near_numeral(fold(unit.text), cyrillic=cyrillic, most=2 if far else 1)
    if numeral is None:
        return False
    following = units[at + 1] if at + 1 < len(units) else None
    leads = unit.has(*WAYS) and following is not None and not following.has(*WAYS)
    return not leads


def _is_short_sign(unit: Unit) -> bool:
    """Tell whether a short misspelt word was taken for one of days and times: "rhs", "oday"."""
    signs = any(one.sort is Sort.SIGN for one in unit.meanings)
    return signs and bool(unit.corrected) and len(unit.text) <= SHORT


def _is_near_sign(word: str) -> bool:
    """Tell whether a word may be a misspelt one of days and times."""
    language = language_of_word(word)
    return any(
        any(one.sort is Sort.SIGN for one in meanings_of(text)) for text, _ in near(word, by_length(language), 2, DAY)
    )


def dangers_in(text: str, units: Sequence[Unit]) -> frozenset[Danger]:
    """Return every danger of a text by its words alone."""
    return frozenset(danger for found in find_dangers(text, units)[0] for danger in found)
