"""Texts in the wrong letters: another keyboard layout, transliteration, single letters of the other alphabet.

A reading in other letters is taken only where it makes at least two words of ours out of what was no word before.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from enum import Enum, auto
from functools import cache, lru_cache, partial
from itertools import product
from typing import Final

from bot.nlu.danger_kinds import Danger
from bot.nlu.lexicon import listed
from bot.nlu.lexicon_data.dangers import WORDS
from bot.nlu.morphology import is_known
from bot.nlu.ordinary_words import is_ordinary
from bot.nlu.revision import Change, Revision, revised
from bot.nlu.slips import nearest
from bot.nlu.tokens import Mood, Sort
from bot.nlu.words import lexicon, meanings_of
from tool_specs.declaration.text import fold

_LATIN_KEYS: Final = "qwertyuiop[]asdfghjkl;'zxcvbnm,.`"
_RUSSIAN_KEYS: Final = "йцукенгшщзхъфывапролджэячсмитьбюё"
_TO_RUSSIAN: Final = str.maketrans(_LATIN_KEYS + '{}:"<>~#?/', _RUSSIAN_KEYS + "хъжэбюё№,.")
_TO_ENGLISH: Final = str.maketrans(_RUSSIAN_KEYS, _LATIN_KEYS)
_TO_CYRILLIC: Final = str.maketrans("aceopxyiABCEHKMOPTXk", "асеорхуіАВСЕНКМОРТХк")
_TO_LATIN: Final = str.maketrans("асеорхуіАВСЕНКМОРТХ", "aceopxyiABCEHKMOPTX")
_SIGNS: Final[tuple[tuple[str, tuple[str, ...]], ...]] = (
    ("shch", ("ш",)), ("sch", ("ш",)), ("sh", ("ш",)), ("ch", ("ч",)), ("zh", ("ж",)), ("kh", ("х",)), ("ts", ("ц",)),
    ("tz", ("ц",)), ("ya", ("я",)), ("ja", ("я",)), ("ia", ("я", "иа")), ("yu", ("ю",)), ("ju", ("ю",)), ("iu", ("ю",)),
    ("yo", ("е",)), ("jo", ("е",)), ("io", ("е", "ио")), ("ye", ("е",)), ("je", ("е",)), ("ie", ("е", "ие")),
    ("a", ("а",)), ("b", ("б",)), ("c", ("ц", "с", "к")), ("d", ("д",)), ("e", ("е",)), ("f", ("ф",)), ("g", ("г",)),
    ("h", ("х", "г")), ("i", ("и",)), ("j", ("и", "ж", "")), ("k", ("к",)), ("l", ("л",)), ("m", ("м",)), ("n", ("н",)),
    ("o", ("о",)), ("p", ("п",)), ("q", ("к", "я")), ("r", ("р",)), ("s", ("с",)), ("t", ("т",)), ("u", ("у",)),
    ("v", ("в",)), ("w", ("в", "ш")), ("x", ("х", "кс")), ("y", ("и",)), ("z", ("з", "ж")), ("'", ("",)),
)  # fmt: skip
"""How Russian sounds are written in Latin letters, the longest signs first."""
_SOUNDS: Final[tuple[tuple[str, str], ...]] = (
    ("tion", "шн"), ("ck", "к"), ("ch", "ч"), ("sh", "ш"), ("th", "т"), ("ph", "ф"), ("wh", "в"), ("qu", "кв"),
    ("oo", "у"), ("ee|ea|ie", "и"), ("ai|ay|ei", "еи"), ("ow$", "оу"), ("ou|ow", "ау"), ("oa", "о"), ("igh", "аи"),
    ("au|aw", "о"),
    ("a(?=[^aeiou]e$)", "еи"), ("i(?=[^aeiou]e$)", "аи"), ("(?<=[^aeiou])e$", ""), ("c(?=[eiy])", "с"), ("j", "дж"),
    ("x", "кс"), ("y|i", "и"), ("a", "а"), ("b", "б"), ("c|k|q", "к"), ("d", "д"), ("e", "е"), ("f", "ф"), ("g", "г"),
    ("h", "х"), ("l", "л"), ("m", "м"), ("n", "н"), ("o", "о"), ("p", "п"), ("r", "р"), ("s", "с"), ("t", "т"),
    ("u", "у"), ("v|w", "в"), ("z", "з"),
)  # fmt: skip
"""How English words sound to a Russian ear, in order."""
_ENDING: Final = re.compile(r"(?:ами|ях|ах|ам|ом|ов|ой|ем|а|у|е|и|ы)$")
_TOKEN: Final = re.compile(r"(?<!\S)(?!\S*(?://|@))\S+")
_CYRILLIC: Final = re.compile("[\u0400-\u04ff]")
_LATIN: Final = re.compile("[A-Za-z]")
FEWEST: Final = 2
"""Words of ours that a reading in other letters has to give."""
MOST_SPELLINGS: Final = 24
SHORT: Final = 2
LONG_WORD: Final = 40


class _Kind(Enum):
    KNOWN = auto()
    """A word of ours as it stands."""
    OURS = auto()
    """One that becomes a word of ours."""
    ORDINARY = auto()
    """One that becomes another word of the language, or is too short to tell."""
    STRANGE = auto()
    """One that makes no sense in the other reading."""


Reading = Callable[[str], str]


def right_letters(text: str) -> Revision:
    """Write a text in the letters it was meant in; unchanged where that is not clear."""
    made = Revision(text).then(_lookalikes)
    for reading, change, latin in (
        (_as_russian_keys, Change.LAYOUT, True),
        (_as_english_keys, Change.LAYOUT, False),
        (_as_russian_sounds, Change.TRANSLITERATION, True),
        (_as_english_sounds, Change.TRANSLITERATION, False),
    ):
        if (_LATIN if latin else _CYRILLIC).search(made.text) is None:
            continue
        following = made.then(partial(_reread, reading=reading, change=change, latin=latin))
        if following.text != made.text:
            return following
    return made


def _lookalikes(text: str) -> Revision:
    """Write a letter of the other alphabet, inside a word or alone between words, in the alphabet around it."""
    words = text.split()
    russian = any(_CYRILLIC.search(word) for word in words)
    english = any(len(word) > 1 and word.isalpha() and not _CYRILLIC.search(word) for word in words)
    found = re.finditer(r"(?<![\w@./-])[^\W\d_]+(?![\w@/]|\.\w)", text)
    spelled = ((one.start(), one.end(), _one_alphabet(one[0], lone=russian and not english)) for one in found)
    return revised(text, spelled, Change.LOOKALIKE)


def _one_alphabet(word: str, *, lone: bool) -> str:
    """Write a word in the one alphabet that all its letters may be of.

    Args:
        word: the word.
        lone: whether a single Latin letter stands between Russian words.
    """
    cyrillic, latin = len(_CYRILLIC.findall(word)), len(_LATIN.findall(word))
    if not latin or not (cyrillic or (lone and len(word) == 1)):
        return word
    russian, english = word.translate(_TO_CYRILLIC), word.translate(_TO_LATIN)
    meant = russian if cyrillic >= latin or not _LATIN.search(russian) else english
    return word if _CYRILLIC.search(meant) and _LATIN.search(meant) else meant


def _reread(text: str, reading: Reading, change: Change, *, latin: bool) -> Revision:
    """Read the words of one alphabet in another way, where enough words of ours come of it."""
    edits: list[tuple[int, int, str]] = []
    kinds: list[_Kind] = []
    for found in _TOKEN.finditer(text):
        word = _bare(found[0])
        if _is_ours(word):
            kinds.append(_Kind.KNOWN)
        elif word and not _is_kept(word) and not _wrong_alphabet(found[0], latin=latin):
            meant = reading(found[0])
            kinds.append(_kind(word, _bare(meant)))
            if kinds[-1] is not _Kind.STRANGE:
                edits.append((found.start(), found.end(), meant))
    made, strange = kinds.count(_Kind.OURS), kinds.count(_Kind.STRANGE)
    if made >= max(FEWEST, strange):
        return revised(text, edits, change)
    if made and made + kinds.count(_Kind.KNOWN) >= FEWEST and not strange:
        single = [one for one in edits if _is_ours(_bare(one[2])) and not _is_slip(_bare(text[one[0] : one[1]]))]
        return revised(text, single, change)
    return Revision(text)


def _kind(word: str, meant: str) -> _Kind:
    """Tell what a word is as it stands, and what becomes of it in the other reading."""
    if _is_ours(meant) and not _is_ordinary(word):
        return _Kind.OURS
    if len(word) <= SHORT or meant in _noes():
        return _Kind.ORDINARY
    clear = bool(meanings_of(meant)) if _is_ordinary(word) else _is_ordinary(meant)
    return _Kind.ORDINARY if clear else _Kind.STRANGE


def _bare(token: str) -> str:
    return fold(token.strip('.,;:!?()"«»')).replace("’", "'")


def _wrong_alphabet(token: str, *, latin: bool) -> bool:
    return not (_LATIN if latin else _CYRILLIC).search(token) or bool((_CYRILLIC if latin else _LATIN).search(token))


def _is_ours(word: str) -> bool:
    """Tell whether a word is a noun of ours, or a verb of ours that orders."""
    return len(word) > SHORT and any(
        one.sort is Sort.NOUN or (one.sort is Sort.VERB and one.mood is Mood.ORDER) for one in meanings_of(word)
    )


def _is_kept(word: str) -> bool:
    """Tell whether a word forbids as it stands: a no is not read in any other way."""
    return word in _noes()


@cache
def _noes() -> frozenset[str]:
    return frozenset(
        fold(word) for said in (WORDS[Danger.NEGATION].en, WORDS[Danger.NEGATION].ru) for word in listed(said)
    )


def _is_ordinary(word: str) -> bool:
    return is_ordinary(word) or bool(meanings_of(word))


def _is_slip(word: str) -> bool:
    """Tell whether a word is likelier to be a slip in its own alphabet."""
    return nearest(word) is not None


def _as_russian_keys(token: str) -> str:
    whole = token.lower().translate(_TO_RUSSIAN)
    tail = re.search(r"[,.;:?!]+$", token)
    if tail and not _is_ordinary(_bare(whole)):
        bare = token[: tail.start()].lower().translate(_TO_RUSSIAN)
        return f"{bare}{tail[0].translate(str.maketrans('?/', ',.'))}"
    return whole


def _as_english_keys(token: str) -> str:
    return token.lower().translate(_TO_ENGLISH)


def _as_russian_sounds(token: str) -> str:
    word = _bare(token)
    if len(word) > LONG_WORD:
        return token
    spellings = list(_spellings(word))
    known = _skeletons()
    for spelling in spellings:
        if spelling in known:
            return token.lower().replace(word, known[spelling])
    ordinary = next((one for spelling in spellings for one in (spelling, f"{spelling}ь") if is_known(one)), "")
    return token.lower().replace(word, ordinary or (spellings or [word])[0])


def _spellings(word: str) -> Iterator[str]:
    """Spell a word in Latin letters in Cyrillic ones, in the form in which skeletons are compared."""
    choices: list[tuple[str, ...]] = []
    at = 0
    while at < len(word):
        sign, letters = next((one for one in _SIGNS if word.startswith(one[0], at)), (word[at], (word[at],)))
        choices.append(letters)
        at += len(sign)
    for count, letters in enumerate(product(*choices)):
        if count >= MOST_SPELLINGS:
            return
        yield _skeleton("".join(letters))


def _skeleton(word: str) -> str:
    """Return a Russian word without what is lost or confused in Latin letters: soft signs, kinds of и, е and ш."""
    plain = re.sub("[ьъ]", "", word).translate(str.maketrans("ёйыэщ", "еииеш")).replace("шч", "ш")
    return re.sub(r"(.)\1", r"\1", plain)


@cache
def _skeletons() -> dict[str, str]:
    known: dict[str, str] = {}
    for word, meanings in [*((no, []) for no in listed(WORDS[Danger.NEGATION].ru)), *lexicon("ru").words.items()]:
        # Small words have to be written to the letter.
        if len(word) > SHORT or not any(one.sort in {Sort.NOUN, Sort.VERB} for one in meanings):
            known.setdefault(_skeleton(word), word)
    return known


@lru_cache(maxsize=4096)
def _as_english_sounds(token: str) -> str:
    word = _bare(token)
    known = _sounds()
    for bare in (word, _ENDING.sub("", word)):
        heard = _heard(bare)
        if len(bare) > 1 and heard in known:
            return token.lower().replace(word, known[heard])
    return token


def _heard(word: str) -> str:
    """Return a word in Cyrillic letters as its sound is compared: vowels that are heard alike are one."""
    return _skeleton(word).translate(str.maketrans("аяюї", "ееуи"))


@cache
def _sounds() -> dict[str, str]:
    known: dict[str, str] = {}
    for word, meanings in [*((no, []) for no in listed(WORDS[Danger.NEGATION].en)), *lexicon("en").words.items()]:
        leads = any(one.sort in {Sort.TOWARDS, Sort.AWAY} for one in meanings)
        if leads or not meanings or _is_ours(word):
            # A "u" is heard as in "put" or as in "unlink".
            for start in (word, re.sub("^u", "a", word)):
                sound = start
                for letters, heard in _SOUNDS:
                    sound = re.sub(letters, heard, sound)
                known.setdefault(_heard(sound), word)
    return known | {"ту": "to"}
