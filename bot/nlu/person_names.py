"""People's names: found among the words that mean nothing else, and given in dictionary form."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Final

from bot.nlu.lexicon import language_of_word
from bot.nlu.morphology import NAMING, is_naming, parses
from bot.nlu.tokens import Kind, Sort, Unit

MOST_WORDS: Final = 4
SHORTEST: Final = 3
"""In small letters, what is no longer than this is a slip of the finger sooner than a name."""
_GENDERS: Final = ("masc", "femn")
_PARTICLES: Final = frozenset({"van", "von", "de", "da", "della", "bin", "al", "el", "la", "o'"})


def may_be_name(unit: Unit, *, wanted: bool) -> bool:  # noqa: PLR0911 - a table of cases
    """Tell whether a word may belong to a name.

    Args:
        unit: the word.
        wanted: whether it stands where a name is expected, so that a small letter says nothing.
    """
    if unit.kind is not Kind.WORD or unit.taken or unit.rivals:
        return False
    if unit.person:
        return True
    capital = unit.text[:1].isupper()
    if unit.meanings or unit.corrected:
        # "Лиду Иванову" is no lead, "Май" no month: only where it is written as a name and is one.
        if not (capital and not unit.initial and language_of_word(unit.word) == "ru"):
            return False
        return is_naming(unit.word) and not unit.corrected
    if not capital and len(unit.word) <= SHORTEST:
        return False
    if language_of_word(unit.word) == "ru":
        return is_naming(unit.word) or (capital and not unit.initial) or (wanted and not _is_plain(unit.word))
    return (capital and not unit.initial) or wanted


def _is_plain(word: str) -> bool:
    """Tell whether a Russian word is an ordinary one, and no surname that nobody listed."""
    first: Any = parses(word)[0]
    return bool(first.is_known) and not any(tag in first.tag for tag in NAMING)


def dictionary_form(words: Sequence[str], cases: Sequence[str], *, person: bool = True) -> str:
    """Give a name in the nominative, each word agreeing with the others.

    Args:
        words: the name as written.
        cases: the cases it is likely in, likeliest first.
        person: whether it is somebody's name; a company's is turned word by word.
    """
    return _nominative(
        tuple(words), tuple(dict.fromkeys([*cases, "accs", "gent", "datv", "ablt", "loct", "nomn"])), person
    )


@lru_cache(maxsize=5000)
def _nominative(words: tuple[str, ...], cases: tuple[str, ...], person: bool) -> str:  # noqa: FBT001 - cached by place
    bare = tuple(re.sub(r"['’]s?$", "", word) if language_of_word(word) == "en" else word for word in words)
    if any(language_of_word(word) == "en" for word in bare):
        return " ".join(_capital(word, shouted=all(one.isupper() for one in bare)) for word in bare)
    if not person:
        return " ".join(_cased(_plain_nominative(word, cases), word) for word in bare)
    best: tuple[float, tuple[str, ...]] | None = None
    for rank, case in enumerate(cases):
        for gender in _GENDERS:
            forms = [_in_nominative(word, case, gender) for word in bare]
            if all(forms):
                score = sum(form[0] for form in forms if form) - rank * 0.2
                found = tuple(form[1] for form in forms if form)
                if best is None or score > best[0]:
                    best = score, found
    return " ".join(_titled(word) for word in (best[1] if best else bare))


def _capital(word: str, *, shouted: bool) -> str:
    """Write an English word of a name with its capital: "jane", and "JANE" where all of it is so written."""
    if word == word.lower() or (shouted and len(word) > SHORTEST - 1):
        return re.sub(r"(?:^|(?<=['’-]))[^\W\d_]", lambda found: found[0].upper(), word.lower())
    return word


def _in_nominative(word: str, case: str, gender: str) -> tuple[float, str] | None:
    """Give the nominative of a word that is in this case, of a person of this gender, and how sure that is."""
    best: tuple[float, str] | None = None
    for one in parses(word.lower()):
        tag = one.tag
        if "plur" in tag or case not in tag or not any(name in tag for name in NAMING):
            continue
        if gender not in tag and "ms-f" not in tag and "GNdr" not in tag:
            continue
        fixed = "Fixd" in tag
        form = one if fixed else one.inflect({"nomn", "sing"})
        score = (0.5 if fixed else 1.0) + (0.3 if one.is_known else 0.0) + ("Name" in tag) * 0.1
        if form is not None and (best is None or score > best[0]):
            best = score, form.word
    return best


def _plain_nominative(word: str, cases: Sequence[str]) -> str:
    for case in cases:
        for one in parses(word.lower()):
            if case in one.tag and one.tag.POS in {"NOUN", "ADJF"} and "plur" not in one.tag:
                form = one.inflect({"nomn"})
                if form is not None:
                    return str(form.word)
    return word


def _cased(form: str, written: str) -> str:
    return _titled(form) if written[:1].isupper() else form


def _titled(word: str) -> str:
    return "-".join(
        part[:1].upper() + part[1:].lower() if part.islower() or part.isupper() else part for part in word.split("-")
    )


def _is_surname(unit: Unit) -> bool:
    """Tell whether a Russian word of no meaning looks like a surname that no dictionary has, after a first name."""
    if unit.kind is not Kind.WORD or unit.meanings or unit.taken or language_of_word(unit.word) != "ru":
        return False
    read = parses(unit.word)
    return not any(one.is_known for one in read) and any("Surn" in one.tag for one in read)


def run_of_names(units: Sequence[Unit], start: int, *, wanted: bool) -> int:
    """Give how many units from there are one name."""
    length = 0
    while length < MOST_WORDS and start + length < len(units):
        unit = units[start + length]
        joins = length and unit.word in _PARTICLES
        if not joins and not may_be_name(unit, wanted=wanted) and not (length and _is_surname(unit)):
            break
        if length and unit.has(Sort.NOUN) and not is_naming(unit.word):
            break
        length += 1
        if unit.text.endswith(("'s", "’s")):
            break
    return length
