"""Names as they are compared: words without case, marks and endings, in the letters of either alphabet. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Final

from tool_specs.declaration.text import fold

MAX_LENGTH: Final = 200
"""Characters of a name that are compared."""

_LETTERS: Final = "а б в г д е ж з и й к л м н о п р с т у ф х ц ч ш щ ы э ю я"
_SPELLED: Final = "a b v g d e zh z i y k l m n o p r s t u f kh ts ch sh shch y e yu ya"
_LATIN: Final[Mapping[str, str]] = dict(zip(_LETTERS.split(), _SPELLED.split(), strict=True)) | {"ъ": "", "ь": ""}
_CYRILLIC: Final[Mapping[str, str]] = {
    **{latin: letter for letter, latin in _LATIN.items() if latin and letter not in "ыэ"},
    "x": "кс",
    "j": "дж",
    "w": "в",
    "q": "к",
    "c": "к",
    "h": "х",
    "yo": "е",
    "ck": "к",
    "ph": "ф",
    "iy": "ий",
    "ay": "ай",
    "ey": "ей",
    "oy": "ой",
    "uy": "уй",
}
_SYLLABLE: Final = re.compile("|".join(sorted(map(re.escape, _CYRILLIC), key=len, reverse=True)))

_FEMININE: Final = (
    ("ская", "ский"),
    ("цкая", "цкий"),
    ("ова", "ов"),
    ("ева", "ев"),
    ("ина", "ин"),
    ("ына", "ын"),
    ("ая", "ый"),
)
_SHORTEST_STEM: Final = 2


def name_words(text: str) -> tuple[str, ...]:
    """Return the normalized words of a name: lower case, "ё" as "е", without punctuation."""
    plain = unicodedata.normalize("NFKC", text[:MAX_LENGTH])
    return tuple(re.findall(r"[^\W_]+", fold(re.sub(r"['’ʼ`]", "", plain))))


def to_latin(word: str) -> str:
    """Transliterate a Russian word to Latin letters."""
    return "".join(_LATIN.get(letter, letter) for letter in word)


def to_cyrillic(word: str) -> str:
    """Transliterate an English word to Cyrillic, in case a Russian name is meant."""
    return _SYLLABLE.sub(lambda match: _CYRILLIC[match[0]], word)


def to_other_script(word: str) -> str:
    """Transliterate a word to the other script."""
    return to_latin(word) if re.search("[а-я]", word) else to_cyrillic(word)


def phonetic_key(word: str) -> str:
    """Return a script-independent phonetic key: the same for "Сергей", "Sergei" and "Sergey"."""
    latin = to_latin(word)
    for spelled, heard in (("x", "ks"), ("j", "y"), ("w", "v"), ("iy", "y"), ("yi", "y"), ("i", "y"), ("kh", "h")):
        latin = latin.replace(spelled, heard)
    return re.sub(r"(.)\1+", r"\1", latin)


def masculine_form(word: str) -> str:
    """Return the masculine form of a possible Russian surname: "петрова" becomes "петров"."""
    for feminine, ending in _FEMININE:
        if word.endswith(feminine) and len(word) > len(feminine) + _SHORTEST_STEM - 1:
            return word[: -len(feminine)] + ending
    return word
