"""A small word that nobody can tell by itself: what it has to be, where one reading alone fits the whole sentence."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache, lru_cache
from typing import Final

from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.nlu.analysis import Scene
from bot.nlu.lexicon import is_spelled, language_of_word, lexicon, spelled_in
from bot.nlu.morphology import is_known
from bot.nlu.numerals import near_numeral
from bot.nlu.result import Understood
from bot.nlu.spelling import CLOSE, ENGLISH, LIKELY
from bot.nlu.tokens import Kind, Meaning, Mood, Sort, Unit
from bot.nlu.typo_weights import DOUBLED, SWAPPED, weight
from tool_specs.declaration.intents import READING_ACTS
from tool_specs.declaration.localized import Language

MOST: Final = 12
"""How many words are tried at most: where more come near, nobody can tell."""
SMALL: Final = frozenset(
    {
        Sort.TOWARDS,
        Sort.AWAY,
        Sort.EITHER,
        Sort.ALL,
        Sort.ONLY,
        Sort.AND,
        Sort.SILENT,
        Sort.POINTING,
        Sort.NUMBER_SIGN,
        Sort.LAST,
        Sort.BACK,
        Sort.POLITE,
        Sort.NOUN,
        Sort.SIGN,
    }
)
"""What a word may be found to be by what fits. A verb never is."""
FORBIDDING: Final = frozenset({Sort.NOT, Sort.UNSURE, Sort.SAYING})
NOUNS: Final = frozenset({Sort.NOUN})
SIGNS: Final = frozenset({Sort.SIGN})
MOMENT: Final = "moment"
"""The noun of days and times themselves."""
COUNTED: Final = (Sort.NOUN, Sort.NUMBER_SIGN, Sort.EITHER, Sort.AND)
ANYWHERE: Final = (Sort.POLITE, Sort.NOUN, Sort.LAST, Sort.BACK)
TELLING: Final = frozenset({Sort.TOWARDS, Sort.AWAY, Sort.ALL, Sort.ONLY, Sort.SIGN})
"""What contradicts an order where it does not fit it; other words may just be out of place."""
CLEARLY: Final = 0.2
"""How much likelier than one of these a word has to be that says nothing of the kind."""
Reading = Callable[[str], tuple[Understood, Scene]]


def doubtful(scene: Scene) -> Unit | None:
    """Give the one word of a sentence that was not understood, or that was corrected to what may be doubted."""
    if scene.mentions and not any(unit.has(Sort.VERB, Sort.KEEP) for unit in scene.units):
        return None
    words = [unit for unit in scene.units if unit.kind is Kind.WORD and not unit.person]
    unknown = [
        unit
        for unit in words
        if (not unit.meanings or unit.rivals)
        and not unit.taken
        and not unit.used
        and (len(unit.word) == 1 or not is_spelled(unit.word))
    ]
    small = [unit for unit in words if unit.corrected and unit.has(*SMALL) and " " not in unit.word]
    found = unknown or small
    if len(found) != 1:
        return None
    unit = found[0]
    if any(_orders(rival) for rival in unit.rivals):
        return None
    return unit if unit.text.islower() or unit.text.isupper() or unit.initial else None


def fitting(scene: Scene, unit: Unit, reading: Reading) -> Understood | None:
    """Read the sentence with every word that the doubtful one may be; give what all that fit agree on.

    Args:
        scene: the sentence as it was read.
        unit: the word in doubt.
        reading: reads the sentence with another word in its place; with none, what stands before it.
    """
    written = _written(unit)
    at = next(place for place, one in enumerate(scene.units) if one is unit)
    if any(one.spelled for one in scene.units[max(at - 1, 0) : at + 2]):
        # It may be a part of the number.
        return None
    acted = any(unit.has(Sort.VERB, Sort.KEEP) for unit in scene.units)
    found: list[tuple[str, float, Understood]] = []
    failed: list[tuple[str, float]] = []
    for word, slips in _candidates(written):
        if not acted and _has(word, NOUNS):
            continue
        if _has(word, SIGNS) or any(one.value == MOMENT for one in _meanings(word)):
            # "16 rhs" is the number of a booking sooner than an hour, "oday" may be another day, and "зата" a "завтра".
            failed.append((word, slips))
            continue
        understood, others = reading(word)
        if understood.tool is not None and _is_placed(others):
            found.append((word, slips, understood))
        elif _has(word, FORBIDDING):
            if not _forbids_nothing(scene, at, reading):
                return None
        else:
            failed.append((word, slips))
    if not found or may_order(written) or any(_is_likelier(*other, *found[0][:2]) for other in failed):
        return None
    first = found[0][2]
    agreed = all(
        (one.tool, one.arguments, one.missing) == (first.tool, first.arguments, first.missing) for *_, one in found
    )
    return first if agreed else None


def _is_likelier(other: str, weighed: float, word: str, slips: float) -> bool:
    """Tell whether what it may be as well, and what makes no order, is likelier: "detach deal 6 fo booking 18"."""
    if not _has(other, TELLING):
        return weighed < slips
    return weighed <= slips + (0 if _has(word, TELLING) else CLEARLY)


def _written(unit: Unit) -> str:
    return unit.text.lower().replace("ё", "е")


def _forbids_nothing(scene: Scene, at: int, reading: Reading) -> bool:
    """Tell whether no "not", "or" or "if" can stand there: between an item's number and a noun, with no verb to come.

    "Link deal 8 ot booking 21" cannot mean "not booking 21", for then nothing would be left to link it to.
    """
    before, after = scene.units[at - 1] if at else None, scene.units[at + 1 :]
    if before is None or before.taken != "id" or not after or any(one.has(Sort.VERB) for one in after):
        return False
    named = next((one.nouns for one in reversed(scene.units[:at]) if one.has(Sort.NOUN)), ())
    if not (after[0].has(Sort.NOUN) or after[0].taken == "when") or set(named) & set(after[0].nouns):
        # "Link deal 8 ot deal 9 …" may say which deal is not meant.
        return False
    return not reading("")[0].complete


def _is_placed(scene: Scene) -> bool:
    """Tell whether the word has a part in the sentence: a preposition leads somewhere, an "and" joins."""
    at = next((place for place, one in enumerate(scene.units) if one.fitted), None)
    if at is None:
        return False
    unit = scene.units[at]
    following = scene.units[at + 1 : at + 2]
    if any(one.kind is Kind.NUMBER and one.taken != "when" for one in following) and not unit.has(*COUNTED):
        # Before a number it is a noun that nobody knows sooner than "its" or "to".
        return False
    if not scene.mentions or unit.taken or unit.used or " " in unit.word or unit.has(*ANYWHERE):
        return True
    leads = any(one.has(Sort.NOUN) or one.taken or one.kind is Kind.NUMBER for one in following)
    return leads and at > 0


@lru_cache(maxsize=2_000)
def _candidates(written: str) -> tuple[tuple[str, float], ...]:
    """Give the words that are one slip away, likeliest first; none where it is a word itself, or nearly a number."""
    language = language_of_word(written)
    if not written.isalpha() or near_numeral(written, cyrillic=language == "ru") is not None:
        return ()
    near = [
        text for text, _, _ in process.extract(written, _all(language), scorer=OSA.distance, score_cutoff=1, limit=None)
    ]
    weights = {text: weight(written, text) for text in near if text != written}
    if not weights:
        return ()
    least = min(weights.values())
    if least > LIKELY:
        return ()
    of_its_own = written in ENGLISH or (language == "ru" and len(written) > 2 and is_known(written))  # noqa: PLR2004 - every letter is in the dictionary
    if of_its_own and least not in {SWAPPED, DOUBLED}:
        return ()
    different: dict[tuple[object, ...], tuple[str, float]] = {}
    for weighed, _, text in sorted((weighed, not _has(text, TELLING), text) for text, weighed in weights.items()):
        if weighed <= min(least + CLOSE, LIKELY) and not _orders(text):
            different.setdefault((*_meanings(text),) or (text,), (text, weighed))
    return tuple(different.values()) if len(different) <= MOST else ()


@cache
def _all(language: Language) -> tuple[str, ...]:
    return tuple(sorted(spelled_in(language)))


def _meanings(word: str) -> Sequence[Meaning]:
    return lexicon(language_of_word(word)).words.get(word, ())


def _has(word: str, sorts: frozenset[Sort]) -> bool:
    return any(one.sort in sorts for one in _meanings(word))


def _orders(word: str) -> bool:
    return any(one.sort in {Sort.VERB, Sort.KEEP} and one.mood is Mood.ORDER for one in _meanings(word))


def may_order(written: str, most: float = LIKELY) -> bool:
    """Tell whether it may as well be an order, which nobody may leave out."""
    near = process.extract(written, _all(language_of_word(written)), scorer=OSA.distance, score_cutoff=1, limit=None)
    return any(weight(written, text) <= most and _writes(text) for text, _, _ in near)


def _writes(word: str) -> bool:
    return any(one.mood is Mood.ORDER and not one.acts <= READING_ACTS for one in _meanings(word))
