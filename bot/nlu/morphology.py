"""Russian inflection, by pymorphy3 and its dictionary, which are loaded when Russian is first read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, Final

from tool_specs.declaration.text import fold

CASES: Final = ("nomn", "gent", "datv", "accs", "ablt", "loct")
_ALSO: Final = {"gen2": "gent", "loc2": "loct", "gen1": "gent", "loc1": "loct", "acc2": "accs"}
LATER: Final = frozenset({"PRTF", "GRND"})
"""Forms that are looked up when they are met: there are many of them, and few are ever written."""
LONGEST: Final = 40
"""No word is longer."""
NO_WORD: Final = "x"
"""What is read in place of letters that the analyzer cannot take."""
NAMING: Final = ("Name", "Surn", "Patr")


@cache
def analyzer() -> Any:  # noqa: ANN401 - the library has no types
    """Load the dictionary, once."""
    # A quarter of a second that only Russian costs.
    from pymorphy3 import MorphAnalyzer  # noqa: PLC0415 # pyright: ignore[reportMissingTypeStubs, reportUnknownVariableType]

    return MorphAnalyzer(lang="ru")


@dataclass(frozen=True, slots=True)
class Form:
    """A form of a word, and what its grammar says."""

    word: str
    tags: frozenset[str]

    @property
    def cases(self) -> frozenset[str]:
        """The case it is in, if any."""
        return frozenset(_ALSO.get(tag, tag) for tag in self.tags if tag in CASES or tag in _ALSO)


def forms_of(lemma: str, *parts: str) -> Iterator[Form]:
    """Give every form of a word, taken as one of these parts of speech where the dictionary knows it as such."""
    parsed: list[Any] = analyzer().parse(lemma)
    fitting = [one for one in parsed if one.tag.POS in parts and fold(one.normal_form) == fold(lemma)]
    for one in (fitting or [one for one in parsed if one.tag.POS in parts] or parsed)[:1]:
        for form in one.lexeme:
            tag = form.tag
            if tag.POS not in LATER:
                yield Form(fold(form.word), tag.grammemes)


@lru_cache(maxsize=20_000)
def is_known(word: str) -> bool:
    """Tell whether the dictionary has the word."""
    return len(word) <= LONGEST and bool(analyzer().word_is_known(word))


@lru_cache(maxsize=20_000)
def parses(word: str) -> tuple[Any, ...]:
    """Give the ways to read a word, likeliest first."""
    # The analyzer takes prefixes off one by one, and calls itself each time.
    try:
        return tuple(analyzer().parse(word[:LONGEST]))
    except ValueError:
        # It looks letters up by their Unicode names, and not every letter has one.
        return tuple(analyzer().parse(NO_WORD))


@lru_cache(maxsize=20_000)
def is_naming(word: str) -> bool:
    """Tell whether a word of the dictionary is a first name, a patronymic or a surname, and nothing likelier."""
    read: tuple[Any, ...] = parses(word)
    naming = [one for one in read if any(tag in one.tag for tag in NAMING)]
    return bool(naming) and any(one.is_known for one in naming) and naming[0].score * 3 >= read[0].score


@lru_cache(maxsize=5000)
def is_adjective(word: str) -> bool:
    """Tell whether a Russian word is an adjective: "завтрашнюю"."""
    return any(one.tag.POS == "ADJF" for one in parses(word)[:1])


@lru_cache(maxsize=5000)
def owns(word: str) -> bool:
    """Tell whether a name is in a case that says whose or for whom, and in none that says whom."""
    read = [one.tag for one in parses(word) if any(tag in one.tag for tag in NAMING) and "plur" not in one.tag]
    whose = any("gent" in tag or "datv" in tag for tag in read)
    return is_naming(word) and whose and not any("accs" in tag or "nomn" in tag for tag in read)


def participle_of(word: str) -> str | None:
    """Give the verb of a passive participle, full or short: "привязанные"."""
    for one in parses(word):
        if one.tag.POS in {"PRTF", "PRTS"} and "pssv" in one.tag:
            return fold(one.normal_form)
    return None
