"""What makes of an order something else: the closed class of words, its exemptions, hidden noes, moods of verbs."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from typing import Any, Final

from bot.nlu.danger_kinds import Danger
from bot.nlu.lexicon import language_of_word, listed
from bot.nlu.lexicon_data.dangers import EXEMPT, REMINDERS, WORDS
from bot.nlu.morphology import parses
from bot.nlu.ordinary_words import is_ordinary
from bot.nlu.slips import LIKELY
from bot.nlu.tokens import Kind, Mood, Sort, Unit
from bot.nlu.typo_weights import is_within
from bot.nlu.words import meanings_of
from tool_specs.declaration.localized import Language
from tool_specs.declaration.text import fold

EDGES: Final = frozenset({Kind.COMMA, Kind.DASH, Kind.STOP, Kind.COLON, Kind.ASKS})
WAYS: Final = (Sort.TOWARDS, Sort.AWAY, Sort.EITHER)
SIGNS: Final = {Kind.COMMA: ",", Kind.DASH: "-", Kind.STOP: ".", Kind.COLON: ":", Kind.ASKS: "?"}
NEAR: Final = (Danger.NEGATION, Danger.CONDITION, Danger.EXCEPT)
"""The kinds that are recognised a slip away too."""
BROKEN_NO: Final = re.compile(
    r"\bdon['’](?!t)|\bdo\W{0,2}n\W{0,2}t\b|\bdon\W{1,2}t\b|\bd\W?ont\b|\bдо\s+нт\b|\bn\s+o\s?t\b", re.IGNORECASE
)
"""`don;t`, `do nt`, `d ont`."""
GLUED_NO: Final = re.compile(r"(?:dont|donot|do-not|cannot|never|не|ни)-?(?P<rest>\w{3,})")
DIALECT_NO: Final = re.compile(r"\w{2,}nae|\w{2,}n[’']?ae|(?:din|can|did|woul?d|shoul?d|is|was)na|\w+n['’]t")
NEEDS: Final = frozenset({"надо", "нужно", "необходимо", "need"})
PERFORMATIVE: Final = frozenset(
    {"просить", "предлагать", "хотеть", "надеяться", "благодарить", "ждать", "требовать", "рекомендовать"}
    | {"советовать", "поручать", "извиняться", "мочь", "знать", "понимать", "видеть"}
)
"""Russian verbs that in the first person order politely, or say nothing."""


def _alternatives(language: Language, kind: Danger) -> list[str]:
    return [re.escape(fold(phrase)) for phrase in listed(WORDS[kind].to(language))]


@cache
def _patterns() -> tuple[tuple[Danger, re.Pattern[str]], ...]:
    return tuple(
        (kind, re.compile(rf"(?<!\S)(?:{'|'.join([*_alternatives('en', kind), *_alternatives('ru', kind)])})(?!\S)"))
        for kind in WORDS
    )


@cache
def _exempt() -> re.Pattern[str]:
    return re.compile("|".join(rf"(?<!\S)(?:{pattern})(?!\S)" for pattern in (*EXEMPT, *REMINDERS)))


@cache
def _reminders() -> re.Pattern[str]:
    return re.compile("|".join(rf"(?<!\S)(?:{pattern})(?!\S)" for pattern in REMINDERS))


@cache
def _words(language: Language) -> tuple[tuple[str, Danger], ...]:
    """Return the single words of the kinds that may be misspelt."""
    return tuple(
        (fold(phrase), kind)
        for kind in NEAR
        for phrase in listed(WORDS[kind].to(language))
        if " " not in phrase and len(phrase) > 1
    )


def find_dangers(text: str, units: Sequence[Unit]) -> tuple[list[frozenset[Danger]], frozenset[int]]:
    """Find for every unit what it speaks against an order, and the places of those that a courtesy exempts.

    Args:
        text: the sentence as written.
        units: its units, with what days, times and names claimed already marked.
    """
    found: list[set[Danger]] = [set() for _ in units]
    line, starts = _line(units)
    exempt = {at for match in _exempt().finditer(line) for at in _places(starts, match)}
    for kind, pattern in _patterns():
        for match in pattern.finditer(line):
            places = _places(starts, match)
            if places and not exempt.intersection(places) and _counts(kind, units, places):
                found[places[0]].add(kind)
    for at, unit in enumerate(units):
        if unit.kind is Kind.WORD and unit.taken in {"", "preposition"} and at not in exempt:
            found[at].update(_hidden(units, at))
            if verb_mood(unit) in {Mood.PAST, Mood.STATE, Mood.OTHER}:
                found[at].add(Danger.STATEMENT)
    if units and BROKEN_NO.search(text) and not any(Danger.NEGATION in one for one in found):
        found[0].add(Danger.NEGATION)
    return [frozenset(one) for one in found], frozenset(exempt)


def _line(units: Sequence[Unit]) -> tuple[str, list[int]]:
    """Write the words in one line, each as it was written; return where each begins."""
    words = [_written(unit) for unit in units]
    starts: list[int] = []
    at = 0
    for word in words:
        starts.append(at)
        at += len(word) + 1
    return " ".join(words), starts


def _written(unit: Unit) -> str:
    if unit.kind in SIGNS:
        return SIGNS[unit.kind]
    if unit.kind is not Kind.WORD or unit.taken in {"when", "name"}:
        return "#"
    return fold(unit.text).replace("’", "'").rstrip(".")


def _places(starts: Sequence[int], match: re.Match[str]) -> list[int]:
    return list(range(bisect_left(starts, match.start()), bisect_left(starts, match.end())))


def _counts(kind: Danger, units: Sequence[Unit], places: Sequence[int]) -> bool:
    """Tell whether a word of the closed class has its dangerous meaning where it stands."""
    first, last = units[places[0]], places[-1]
    word = fold(first.text)
    before = units[places[0] - 1] if places[0] else None
    after = units[last + 1] if last + 1 < len(units) else None
    if first.has(Sort.NAMED, Sort.INSTEAD, Sort.ONLY):
        return False
    if kind is Danger.HOLD:
        if after is None or after.kind in EDGES:
            return True
        return (before is None or before.kind in EDGES) and not after.has(Sort.NOUN)
    if word in {"no", "nr"} and after is not None and after.kind is Kind.NUMBER:
        # "Deal no 8": a sign between a noun and its number.
        return before is None or not (before.has(Sort.NOUN, Sort.AND) or before.kind in {Kind.COLON, Kind.NUMBER})
    if word in {"after", "before", "until", "till", "после", "перед"}:
        return after is None or not (after.taken == "when" or after.kind in {Kind.CLOCK, Kind.DAY})
    return True


def _hidden(units: Sequence[Unit], at: int) -> Iterable[Danger]:
    """Yield the dangers of a word that is misspelt, glued to a verb, or dialect."""
    unit = units[at]
    written = fold(unit.text).replace("’", "'")
    following = units[at + 1] if at + 1 < len(units) else None
    if DIALECT_NO.fullmatch(written) and not unit.meanings:
        yield Danger.NEGATION
    glued = GLUED_NO.fullmatch(written)
    if glued and (not unit.meanings or unit.corrected) and _is_verb(glued["rest"]):
        yield Danger.NEGATION
    small = unit.has(*WAYS, Sort.POINTING, Sort.SILENT)
    if (not unit.plain and not unit.corrected and not small) or (unit.person and not unit.text.islower()):
        return
    leads = small and not unit.corrected
    if leads and (len(written) < 2 or written in {"to", "the", "an", "now"} or not _orders(following)):  # noqa: PLR2004
        return
    if not leads and not unit.corrected and is_ordinary(written) and not _orders(following):
        return
    if not leads and _joins_nouns(units, at):
        return
    language = language_of_word(written)
    for word, kind in _words(language):
        # A preposition may hide a no alone: "на отменяй".
        if leads and kind is not Danger.NEGATION:
            continue
        if abs(len(word) - len(written)) <= 1 and written != word and is_within(written, word, LIKELY):
            yield kind


def _joins_nouns(units: Sequence[Unit], at: int) -> bool:
    """Tell whether a misspelt word stands where only a preposition can: "deal 5 ot the waitlist"."""
    if not at or at + 1 >= len(units) or len(fold(units[at].text)) > 3:  # noqa: PLR2004 - a preposition's length
        return False
    before, after = units[at - 1], units[at + 1]
    if before.kind is Kind.NUMBER and at > 1 and set(units[at - 2].nouns) & set(after.nouns):
        # "Link deal 8 ot deal 9 …" may say which deal is not meant.
        return False
    named = before.kind in {Kind.NUMBER, Kind.CARD} or before.has(Sort.NOUN)
    return named and (after.has(Sort.NOUN, Sort.SILENT) or after.taken == "when" or after.kind is Kind.CARD)


def _orders(unit: Unit | None) -> bool:
    """Tell whether a verb that orders follows, or a word that needs something."""
    if unit is None or unit.kind is not Kind.WORD:
        return False
    orders = any(one.sort in {Sort.VERB, Sort.KEEP} and one.mood is Mood.ORDER for one in unit.meanings)
    return orders or fold(unit.text) in NEEDS


def _is_verb(word: str) -> bool:
    if any(one.sort in {Sort.VERB, Sort.KEEP} for one in meanings_of(word)):
        return True
    return language_of_word(word) == "ru" and word in {"надо", "нужно"}


def reminds(units: Sequence[Unit]) -> bool:
    """Tell whether it says not to forget something."""
    return _reminders().search(_line(units)[0]) is not None


def verb_mood(unit: Unit) -> Mood | None:
    """Tell in what mood a word is as a verb, of ours or not; None where it is none."""
    moods = {one.mood for one in unit.meanings if one.sort in {Sort.VERB, Sort.KEEP}}
    if Mood.ORDER in moods:
        return Mood.ORDER
    if unit.has(Sort.NOUN):
        return None
    if language_of_word(unit.word) == "en":
        return next(iter(sorted(moods, key=lambda mood: mood.value)), None)
    if not moods and any(one.sort is not Sort.ORDINARY for one in unit.meanings):
        return None
    mood = russian_mood(unit.word)
    return None if unit.meanings and mood is Mood.ORDER and not moods else mood


@lru_cache(maxsize=20_000)
def russian_mood(word: str) -> Mood | None:
    """Tell the mood of a Russian word by its likeliest reading; None where that is no verb."""
    if len(word) < 3 or " " in word:  # noqa: PLR2004 - no verb
        return None
    first: Any = parses(word)[0]
    tag = first.tag
    if tag.POS == "INFN" or "impr" in tag or (tag.POS == "VERB" and "2per" in tag):
        return Mood.ORDER
    if tag.POS == "PRTS":
        return Mood.STATE
    if tag.POS != "VERB" or ("1per" in tag and fold(first.normal_form) in PERFORMATIVE):
        return None
    return Mood.PAST if "past" in tag else Mood.OTHER
