"""English names of people among other words: in small letters, with an 's, and those that are months or words too."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Final

from bot.nlu.lexicon import language_of_word, lexicon, meanings_of
from bot.nlu.lexicon_data import first_names as spoken_names
from bot.nlu.spelling import corrected, preposition
from bot.nlu.tokens import Kind, Mood, Sort, Unit
from tool_specs.declaration.intents import Act

FIRST_NAMES: Final = frozenset(spoken_names.FIRST_NAMES.split())
SHORTEST: Final = 3
"""What is shorter belongs to a name only beside a first name."""
MOST: Final = 3
POSSESSIVE: Final = ("'s", "’s")
BESIDE_DAYS: Final = frozenset({"in", "on", "during", "until", "till", "since", "from", "next", "last", "this", "by"})
"""Before a month or a day of the week: then it is one."""
ASKED: Final = frozenset({"does", "is", "has", "when's", "did"})
ASKED_FOR: Final = frozenset({"have", "booked", "coming", "scheduled", "registered", "got", "in"})
"""Between these an unknown word in small letters is a name: a question changes nothing."""
OWNED: Final = frozenset({"booking", "deal", "waitlist"})
"""What somebody may own: an unknown word with an 's before it is a name."""
AFTER: Final = frozenset({"to", "from", "off", "on", "out", "into", "onto", "of", "in", "with", "at", "please", "for"})


def mark_people(units: Sequence[Unit]) -> None:
    """Mark the words that are a person's name, so that they are not taken for misspelt ones, nor for months."""
    at = 0
    while at < len(units):
        length = _length(units, at)
        for unit in units[at : at + length]:
            unit.person = True
        at += max(length, 1)


def _bare(unit: Unit) -> str:
    for ending in POSSESSIVE:
        if unit.word.endswith(ending):
            return unit.word.removesuffix(ending)
    return unit.word


def _length(units: Sequence[Unit], at: int) -> int:
    """Count the words of the name that begins there; 0 where none does."""
    first = units[at]
    if first.kind is not Kind.WORD or language_of_word(first.word) != "en":
        return 0
    end = at
    while end < len(units) and end - at < MOST and _belongs(units[end], anchored=end > at):
        end += 1
        if units[end - 1].word.endswith("'s") or units[end - 1].text.endswith(POSSESSIVE):
            break
    if end < len(units) and units[end].kind is Kind.NUMBER:
        return 0
    words = units[at:end]
    if len(words) < 2:  # noqa: PLR2004 - a first name and a surname
        return 1 if words and _alone(units, at) else 0
    if at and units[at - 1].kind is Kind.NUMBER and not first.text[:1].isupper():
        return 0
    if _bare(first) in FIRST_NAMES:
        return len(words) if _is_person(units, at, words) else 0
    return len(words) if _unknown_person(units, at, words) else 0


def _belongs(unit: Unit, *, anchored: bool) -> bool:
    """Tell whether a word may be part of a name: one that means nothing else to us, or a first name."""
    if unit.kind is not Kind.WORD or language_of_word(unit.word) != "en":
        return False
    bare = _bare(unit)
    known = bool(meanings_of(bare)) or bare in _inside()
    if anchored:
        return not known or (unit.text[:1].isupper() and bare in FIRST_NAMES)
    return not known or bare in FIRST_NAMES


@cache
def _inside() -> frozenset[str]:
    """Give every word of requests, those inside phrases too."""
    return lexicon("en").spelled()


def _is_person(units: Sequence[Unit], at: int, words: Sequence[Unit]) -> bool:
    """Tell a first name with what follows from a month: both begin with capitals, and no "in" stands before."""
    first, bare = words[0], _bare(words[0])
    written = all(word.text[:1].isupper() for word in words)
    if meanings_of(bare):
        months = any(sign.value.startswith("M:") for sign in meanings_of(bare))
        if months and at and units[at - 1].word in BESIDE_DAYS:
            return False
        if not written and not (months and _after_opening(units, at)):
            return False
        return not first.initial or written
    return written or not any(corrected(_bare(word), before_number=True) for word in words[1:])


def _unknown_person(units: Sequence[Unit], at: int, words: Sequence[Unit]) -> bool:
    """Tell whether words of no meaning, in small letters, are a name: where one is expected, like no word of ours."""
    if any(word.text[:1].isupper() for word in words):
        return False
    if not _after_opening(units, at) or any(len(_bare(word)) < SHORTEST for word in words):
        return False
    end = at + len(words)
    closed = words[-1].text.endswith(POSSESSIVE) or end == len(units) or units[end].word in AFTER
    return closed and not any(_may_be_ours(word) for word in words)


def _after_opening(units: Sequence[Unit], at: int) -> bool:
    """Tell whether a name is expected there: after "add", "client", "of", or at the beginning."""
    if not at:
        return False
    before = units[at - 1]
    if any(one.value in {"client", "contact"} for one in meanings_of(before.word) if one.sort is Sort.NOUN):
        return True
    verbs = [one for one in meanings_of(before.word) if one.sort is Sort.VERB and one.mood is Mood.ORDER]
    if any(one.acts & {Act.JOIN, Act.PART, Act.FIND} for one in verbs):
        return True
    return before.word in {"of", "for", "with", "me", "does", "has", "is", "up", "cancel", "show"}


def _alone(units: Sequence[Unit], at: int) -> bool:
    """Tell whether one word in small letters is a name: a first name with an 's, or between verb and preposition."""
    unit, bare = units[at], _bare(units[at])
    if _owns(units, at) or _is_asked_about(units, at) or _is_named_after(units, at):
        return True
    if bare not in FIRST_NAMES or len(bare) <= SHORTEST or meanings_of(bare) or bare in _inside():
        return False
    if unit.text.endswith(POSSESSIVE):
        return True
    if unit.text[:1].isupper():
        return False
    before = [one for one in meanings_of(units[at - 1].word) if at and one.sort is Sort.VERB and one.mood is Mood.ORDER]
    joins = any(one.acts & {Act.JOIN, Act.PART} and not one.linking for one in before)
    followed = at + 1 < len(units) and units[at + 1].word in AFTER
    return joins and followed and not corrected(bare, before_number=True)


def _is_named_after(units: Sequence[Unit], at: int) -> bool:
    """Tell whether a booking is somebody's: "the booking for smith tomorrow"."""
    if at < 2 or units[at - 1].word not in {"for", "of"} or len(units[at].word) <= SHORTEST:  # noqa: PLR2004 - what, and whose
        return False
    booked = any(one.value in {"booking", "waitlist"} for one in meanings_of(units[at - 2].word))
    word = units[at].word
    plain = not meanings_of(word) and word not in _inside() and corrected(word) is None
    followed = units[at + 1 : at + 2]
    timed = not followed or followed[0].kind is not Kind.WORD or bool(meanings_of(followed[0].word))
    return booked and plain and timed


def _is_asked_about(units: Sequence[Unit], at: int) -> bool:
    """Tell whether a question is about somebody: "does brown have anything tomorrow", "is smith booked on Friday"."""
    if not at or at + 1 >= len(units) or units[at - 1].word not in ASKED or len(units[at].word) <= SHORTEST:
        return False
    word = units[at].word
    plain = not meanings_of(word) and word not in _inside() and corrected(word) is None
    return plain and units[at + 1].word in ASKED_FOR


def _owns(units: Sequence[Unit], at: int) -> bool:
    """Tell whether a word with an 's owns a record that is named next: "smith's appointment", "Brown's deal"."""
    unit, bare = units[at], _bare(units[at])
    if not unit.text.endswith(POSSESSIVE) or len(bare) < SHORTEST or meanings_of(bare) or bare in _inside():
        return False
    following = units[at + 1 : at + 5]
    while following and (
        following[0].kind in {Kind.CLOCK, Kind.NUMBER}
        or any(one.sort is Sort.SIGN for one in meanings_of(following[0].word))
    ):
        # "Smith's Friday appointment".
        following = following[1:]
    read = meanings_of(following[0].word) if following else ()
    nouns = {one.value for one in read if one.sort is Sort.NOUN}
    return bool(nouns & OWNED) and corrected(bare) is None


def _may_be_ours(unit: Unit) -> bool:
    """Tell whether a word may be a misspelt one of ours."""
    word = _bare(unit)
    if word in FIRST_NAMES and len(word) > SHORTEST + 1:
        return False
    correction = corrected(word)
    noun = corrected(word, before_number=True)
    return bool(correction or noun) or (len(word) > SHORTEST and preposition(word) is not None)
