"""Score how well names match a description, and rank candidates. Pure; never raises.

Nothing that is merely alike counts as exact: who said "Иванов" is asked before "Ivanov" is taken for it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

from rapidfuzz import fuzz

from linkdesk.lookup.normalize import masculine_form, name_words, phonetic_key

T = TypeVar("T")

CLOSE_SCORE: Final = 75.0
"""Percent of likeness from which a name may be what was said."""
FAINT_SCORE: Final = 45.0
"""Percent from which it is shown where nothing else was found."""
MAX_CANDIDATES: Final = 25
MAX_NEAR_MATCHES: Final = 5

WHOLE, PART, KIN, GUESSED_KIN, CONTAINED, SOUNDING, MOST_ALIKE = 100.0, 99.0, 98.0, 96.0, 92.0, 90.0, 89.0
_HEARD: Final = 3.0
"""Percent taken off what is alike by ear: other letters make names more alike than they are."""
_WORD_DIFFERS: Final = 60.0
"""Percent of likeness below which a word is another one, however well the others fit."""


@dataclass(frozen=True, slots=True)
class Match:
    """The similarity of two names in percent, and whether they are the same."""

    score: float
    exact: bool = False


NO_MATCH: Final = Match(0.0)


def score_person(said: str, name: str) -> Match:
    """Compare somebody's name, or a resource's: the words in any order, some of them left out."""
    asked, known = name_words(said), name_words(name)
    if not asked or not known:
        return NO_MATCH
    if Counter(asked) <= Counter(known):
        return Match(WHOLE if len(asked) == len(known) else PART, exact=True)
    if Counter(map(masculine_form, asked)) <= Counter(map(masculine_form, known)):
        return Match(KIN if len(asked) == 1 else GUESSED_KIN)
    if len(known) > 1 and Counter(map(masculine_form, known)) <= Counter(map(masculine_form, asked)):
        return Match(CONTAINED)  # a patronymic, which the portal's list does not give
    heard, sounds = [*map(phonetic_key, asked)], [*map(phonetic_key, known)]
    if Counter(heard) <= Counter(sounds):
        return Match(SOUNDING)
    return Match(min(MOST_ALIKE, max(_by_words(asked, known), _by_words(heard, sounds) - _HEARD)))


def score_title(said: str, name: str) -> Match:
    """Compare the title of a deal or the name of a company, whose legal form does not count."""
    asked, known = _proper(name_words(said)), _proper(name_words(name))
    if not asked or not known:
        return NO_MATCH
    if asked == known:
        return Match(WHOLE, exact=True)
    if asked in [_proper(name_words(quoted)) for quoted in re.findall(r"[«„“\"]([^«»„“”\"]+)[»“”\"]", name)]:
        return Match(PART, exact=True)
    if Counter(asked) <= Counter(known):
        return Match(CONTAINED)
    heard, sounds = " ".join(map(phonetic_key, asked)), " ".join(map(phonetic_key, known))
    if heard == sounds:
        return Match(SOUNDING)
    plain = fuzz.token_sort_ratio(" ".join(asked), " ".join(known))
    alike = max(plain, fuzz.token_sort_ratio(heard, sounds) - _HEARD, _by_words(asked, known))
    return Match(min(MOST_ALIKE, alike))


def scorer_for(kind: str) -> Callable[[str, str], Match]:
    """Return the scoring function for a kind of record: "contact", "deal", "resource"."""
    return score_person if kind in {"contact", "resource"} else score_title


def combine(one: Match, other: Match) -> Match:
    """Combine two matches of one record: the worse score counts."""
    return Match(min(one.score, other.score), exact=one.exact and other.exact)


def best_match(matches: Iterable[Match]) -> Match:
    """Return the best match among several names of one record."""
    return max(matches, key=lambda match: (match.exact, match.score), default=NO_MATCH)


def _by_words(asked: Sequence[str], known: Sequence[str]) -> float:
    """Compare word by word, each with its most similar one; one entirely different word lowers the score."""
    each = [max(fuzz.ratio(word, other) for other in known) for word in asked]
    mean = sum(each) / len(each)
    return mean if min(each) >= _WORD_DIFFERS else min(mean, CLOSE_SCORE - 1)


_FORMS: Final = "ооо оао зао пао ао ип тоо чп нко ltd llc llp inc corp co gmbh ag plc limited company"
_LEGAL: Final = frozenset(_FORMS.split())


def _proper(words: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(word for word in words if word not in _LEGAL) or words


@dataclass(frozen=True, slots=True)
class RankedCandidates(Generic[T]):
    """Candidates in three groups, each best first: exact, close and near matches."""

    exact: tuple[T, ...] = ()
    close: tuple[T, ...] = ()
    near: tuple[T, ...] = ()

    @property
    def best_group(self) -> tuple[T, ...]:
        """The best non-empty group."""
        return self.exact or self.close


def rank_candidates(rated: Sequence[tuple[Match, T]]) -> RankedCandidates[T]:
    """Rank candidates by score, keeping the order of equals.

    Beside somebody who has the surname that was said, the other gender's form of it is a choice as well.
    """
    ranked = sorted(rated, key=lambda one: (not one[0].exact, -one[0].score))
    exact = [one for one in ranked if one[0].exact]
    kin = [one for one in ranked if not one[0].exact and one[0].score == KIN]
    close = [one for one in ranked if not one[0].exact and one[0].score >= CLOSE_SCORE]
    near = [one for one in ranked if not one[0].exact and FAINT_SCORE <= one[0].score < CLOSE_SCORE]
    together = [*exact, *kin] if exact else []
    return RankedCandidates(
        _some(together, MAX_CANDIDATES), _some(close, MAX_CANDIDATES), _some(near, MAX_NEAR_MATCHES)
    )


def _some(rated: Sequence[tuple[Match, T]], most: int) -> tuple[T, ...]:
    return tuple(one for _, one in rated[:most])
