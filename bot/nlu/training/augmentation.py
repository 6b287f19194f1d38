"""The corpus and its variants: polite words, words of no meaning, other verbs, slips of the finger."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, Final

from bot.nlu.lexicon import language_of_word
from bot.nlu.lexicon_data import function_words
from bot.nlu.lexicon_data.verbs import VERBS
from bot.nlu.morphology import parses
from bot.nlu.ordinary_words import english_words
from bot.nlu.readings import NONE
from bot.nlu.tokens import Mood, Sort
from bot.nlu.training.slips import slip
from bot.nlu.words import meanings_of, spelled
from linkdesk.text.language import detect_language
from tool_specs.declaration.localized import Language
from tool_specs.declaration.text import fold

VARIANTS: Final = 4
COMMON: Final = 3000
"""How many of the commonest English words are put into sentences."""
MANY: Final[Mapping[str, str]] = {"link_bookings": "set_booking_links"}
"""Tools that are reached from another reading."""
RUSSIAN_WORDS: Final = """
честно короче слушай смотри вообще кстати пожалуй собственно например конкретно срочно спокойно аккуратно
внимательно отдельно вручную утречком мигом живо резво тихонько быстренько типа чисто реально походу видимо окей
супер отлично прекрасно класс друг дружище коллега начальник шеф малыш милый родной любезный уважаемый товарищ
братан подруга солнце зайка помощник робот железяка система программа офис стойка ресепшен касса бумага журнал
табличка экран кнопка папка чай кофе обед погода дождь машина дорога улица город рынок магазин собака кошка ребёнок
школа мама папа сосед доктор врач аптека банк деньги скидка акция новый старый большой маленький красный зелёный
важный нужный главный последний свежий тёплый утренний вечерний здесь там тут туда сюда наверху внизу рядом сбоку
отсюда опять снова вновь заново ещё немного чуточку самую полностью целиком
"""
"""Words of no meaning to the reader that are put into Russian sentences."""
RUSSIAN_VERBS: Final = """
кокнуть грохнуть бахнуть замутить забабахать прихватить подогнать нарисовать провернуть оприходовать приклепать
примотать приторочить отгрузить слить долить свернуть разрулить утрясти уладить захреначить запилить закрыть подать
взять кликнуть махнуть чиркнуть состряпать организовать подготовить выполоть приспособить приладить прибить
отпустить увести сдвинуть толкнуть раздобыть отбросить скосить погасить закатать
"""
"""Verbs that are put in place of known ones: what they mean is told by the nouns and prepositions beside them."""


@dataclass(frozen=True, slots=True)
class Example:
    """A sentence and the name of its right reading."""

    text: str
    now: datetime
    reading: str


def examples_of(paths: Sequence[Path]) -> list[Example]:
    """Read the rows of corpus files, but for those of which a person has to say whether anything is ordered."""
    lines = [line for path in paths for line in path.read_text(encoding="utf-8").splitlines() if line]
    rows = [json.loads(line) for line in lines]
    return [_example(row) for row in rows if "grade" not in row]


def small_talk(now: datetime) -> list[Example]:
    """Read the sentences that ask for nothing the bot can do."""
    lines = (Path(__file__).parent / "small_talk.txt").read_text(encoding="utf-8").splitlines()
    return [Example(line, now, NONE) for line in lines if line and not line.startswith("#")]


def _example(row: dict[str, Any]) -> Example:
    return Example(row["text"], datetime.fromisoformat(row["now"]), reading_name(row["expect"]))


def reading_name(expect: dict[str, Any]) -> str:
    """Return the name of the reading that an expected answer is of."""
    tool: str | None = expect.get("tool")
    if tool is None:
        return NONE
    name = MANY.get(tool, tool)
    replaces = expect.get("arguments", {}).get("mode") == "replace"
    return f"{name}!" if replaces else name


def variants_of(examples: Sequence[Example], seed: int, count: int = VARIANTS) -> Iterator[Example]:
    """Vary each example some times: the same seed gives the same variants."""
    dice = random.Random(seed)  # noqa: S311 - variants are no secret
    for example in examples:
        for _ in range(count):
            text = _varied(example, dice)
            if text != example.text:
                yield Example(text, example.now, example.reading)


def _varied(example: Example, dice: random.Random) -> str:
    text, language = example.text, detect_language(example.text) or "en"
    if example.reading != NONE and dice.random() < 0.45:  # noqa: PLR2004 - a share
        text = _other_verb(text, dice)
    if dice.random() < 0.35:  # noqa: PLR2004 - a share
        text = _polite(text, language, dice)
    for _ in range(dice.choice((0, 1, 1, 2))):
        text = _with_word(text, _ordinary(language, dice), dice)
    if dice.random() < 0.25:  # noqa: PLR2004 - a share
        text = slip(text, dice)
    return text


def _polite(text: str, language: Language, dice: random.Random) -> str:
    phrase = dice.choice(_phrases(language))
    return f"{phrase} {text}" if dice.random() < 0.6 else f"{text.rstrip('.!? ')} {phrase}"  # noqa: PLR2004 - a share


@cache
def _phrases(language: Language) -> tuple[str, ...]:
    """List polite phrases; those that say something else as well are left out."""
    phrases = [" ".join(phrase.split()) for phrase in function_words.POLITE.to(language).split(",")]
    phrases += function_words.SILENT.to(language).split()
    return tuple(phrase for phrase in phrases if phrase)


def _ordinary(language: Language, dice: random.Random) -> str:
    """Draw a word that means nothing to the reader."""
    return dice.choice(RUSSIAN_WORDS.split() if language == "ru" else _english())


@cache
def _english() -> tuple[str, ...]:
    common = list(english_words())[:COMMON]
    return tuple(word for word in common if len(word) > 2 and word not in spelled("en"))  # noqa: PLR2004 - letters


_SPACE: Final = re.compile(r"(?<=[^\W\d_]) (?=[^\W\d_])")
"""Between two words: nothing is put between a noun and its number."""


def _with_word(text: str, word: str, dice: random.Random) -> str:
    places = [0, len(text.rstrip(".!? ")), *(found.start() for found in _SPACE.finditer(text))]
    at = dice.choice(places)
    return f"{text[:at]} {word} {text[at:].lstrip()}".strip()


def _other_verb(text: str, dice: random.Random) -> str:
    """Put a synonym or an unknown verb in place of the verb that orders."""
    found = [one for one in re.finditer(r"[^\W\d_]+", text) if _orders(one[0])]
    if not found or any(mark in text for mark in "\"«“':"):
        return text
    place = dice.choice(found)
    known = dice.random() < 0.5  # noqa: PLR2004 - a share
    if language_of_word(place[0]) == "ru":
        other = _russian_verb(place[0], dice, known=known)
    else:
        other = dice.choice(_synonyms(fold(place[0])) or (place[0],)) if known else _ordinary("en", dice)
    return text[: place.start()] + other + text[place.end() :] if other else text


def _orders(word: str) -> bool:
    meanings = meanings_of(fold(word))
    verbs = [one for one in meanings if one.sort is Sort.VERB and one.mood is Mood.ORDER]
    return bool(verbs) and not any(one.sort is Sort.NOUN for one in meanings)


@cache
def _synonyms(base: str) -> tuple[str, ...]:
    """List the English verbs that are declared together with one, as single words in their base form."""
    groups = [[verb.split("/")[0] for verb in said.en.split()] for saids in VERBS.values() for said in saids]
    return tuple(verb for group in groups if base in group for verb in group if "-" not in verb and verb != base)


def _russian_verb(word: str, dice: random.Random, *, known: bool) -> str:
    form = next((one for one in parses(fold(word)) if one.tag.POS in {"VERB", "INFN"}), None)
    if form is None:
        return ""
    lemma = fold(form.normal_form)
    groups = [said.ru.split() for saids in VERBS.values() for said in saids if lemma in said.ru.split()]
    choices = [verb for group in groups for verb in group if verb != lemma] if known else RUSSIAN_VERBS.split()
    if not choices:
        return ""
    wanted = {"INFN"} if form.tag.POS == "INFN" else {"VERB", "impr", "plur" if "plur" in form.tag else "sing"}
    other = next((one for one in parses(dice.choice(choices)) if one.tag.POS == "INFN"), None)
    inflected = other.inflect(wanted) if other is not None else None
    return str(inflected.word) if inflected is not None else ""
