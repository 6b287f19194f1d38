"""Nouns of records in the case that their place in a Russian sentence asks for."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from bot.nlu.lexicon import listed
from bot.nlu.lexicon_data.nouns import NOUNS
from bot.nlu.morphology import forms_of
from bot.nlu.tokens import Mood, Sort
from bot.nlu.words import meanings_of
from tool_specs.declaration.localized import Language
from tool_specs.declaration.text import fold

_AFTER: Final = {"к": "datv", "ко": "datv", "по": "datv", "в": "accs", "во": "accs", "на": "accs"} | dict.fromkeys(
    ("от", "с", "со", "из", "у", "до", "для"), "gent"
)
"""The case after a preposition that leads to a record or away from one."""


LINK_WORDS: Final = {
    ("en", False, True): ("link", "to"),
    ("en", True, True): ("add", "to"),
    ("en", False, False): ("unlink", "from"),
    ("en", True, False): ("remove", "from"),
    ("ru", False, True): ("привяжи", "к"),
    ("ru", True, True): ("добавь", "к"),
    ("ru", False, False): ("отвяжи", "от"),
    ("ru", True, False): ("убери", "от"),
}
"""The verb and the preposition by language, whether people are linked, and whether they are put on or taken off."""


def case_at(text: str, at: int) -> str:
    """Tell the case that a Russian noun has there: that of its preposition, or of what a verb acts on."""
    before = re.search(r"([^\W\d_]+)\s+$", text[:at])
    word = fold(before[1]) if before else ""
    orders = any(one.sort is Sort.VERB and one.mood is Mood.ORDER for one in meanings_of(word))
    return _AFTER.get(word, "accs" if orders else "nomn")


def said(noun: str, number: str, case: str, language: Language) -> str:
    """Name a record: `сделку 5`, `deal 5`."""
    english = "waitlist entry" if noun == "waitlist" else noun
    return f"{noun_in_case(noun, case) if language == 'ru' else english} {number}"


@lru_cache(maxsize=256)
def noun_in_case(noun: str, case: str) -> str:
    """Return the first single Russian word for a noun, in a case."""
    words = (listed(one.words.ru) for one in NOUNS if one.name == noun)
    return inflected(next((word for word in next(words, [noun]) if " " not in word), noun), case)


@lru_cache(maxsize=1024)
def inflected(lemma: str, case: str) -> str:
    """Return the singular form of a Russian noun in a case; another word as it is."""
    found = (form.word for form in forms_of(lemma, "NOUN") if case in form.cases and "sing" in form.tags)
    return next(found, lemma)
