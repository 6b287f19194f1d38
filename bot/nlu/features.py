"""A sentence as strings that weights are learned for, and how its nouns and verbs relate to a reading."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations, pairwise
from typing import Final

from bot.nlu.entities import NAME, QUOTE, Mention
from bot.nlu.intent_nouns import CLIENTS, CRM, DEALS
from bot.nlu.lexicon import language_of_word
from bot.nlu.morphology import parses
from bot.nlu.readings import READINGS, ToolReading
from bot.nlu.sentence import Sentence, Token
from bot.nlu.tokens import Kind, Mood, Sort
from tool_specs.declaration.text import fold

UNKNOWN: Final = "~"
_MARKS: Final = {
    Kind.CARD: "<card>",
    Kind.PHONE: "<contact>",
    Kind.EMAIL: "<contact>",
    Kind.CODE: "<code>",
    Kind.QUOTE: "<quote>",
    Kind.DAY: "<when>",
    Kind.CLOCK: "<when>",
    Kind.ASKS: "?",
    Kind.NUMBER: "<n>",
}
_CLAIMED: Final = {"when": "<when>", NAME: "<name>", "id": "", "limit": "", "text": ""}
_SORTS: Final = (Sort.ALL, Sort.ONLY, Sort.INSTEAD, Sort.BACK, Sort.MINE, Sort.LAST, Sort.KEEP, Sort.NAMED)
"""Sorts whose words all say the same."""
_WAYS: Final = (Sort.TOWARDS, Sort.AWAY, Sort.EITHER)
_GRAM: Final = 3
"""How many letters are taken at once of a word that is not known."""
_ENDING: Final = re.compile(r"(?<=\w{3})(?:ing|ed|es|s|'s)$")
_BESIDE: Final = frozenset({NAME, QUOTE, "title", "note", "description", "moment", "code", "link", "binding", "client"})
"""Nouns that fit any reading: they say what of a record is meant."""


@lru_cache(maxsize=20_000)
def lemma_of(word: str) -> str:
    """Return the dictionary form of a Russian word, or an English word without its ending."""
    if language_of_word(word) == "ru":
        return fold(parses(word)[0].normal_form)
    return _ENDING.sub("", word)


@lru_cache(maxsize=20_000)
def _grams(word: str) -> tuple[str, ...]:
    bounded = f"^{word}$"
    return tuple(f"g:{bounded[at : at + _GRAM]}" for at in range(len(bounded) - _GRAM + 1))


def features_of(sentence: Sentence) -> tuple[str, ...]:
    """List the features of a sentence, sorted, each once."""
    mentions = {mention.at: mention for mention in sentence.mentions}
    symbols = _symbols(sentence.tokens, mentions)
    known = ["^", *(symbol for symbol in symbols if symbol != UNKNOWN), "$"]
    found = {"bias", *(f"1:{symbol}" for symbol in symbols)}
    found |= {f"2:{first} {second}" for first, second in pairwise(known)}
    found |= set(_of_nouns(sentence))
    found |= set(_of_words(sentence.tokens))
    found |= {f"d:{danger.value}" for danger in sentence.dangers}
    found |= set(_of_whole(sentence))
    return tuple(sorted(found))


def _symbols(tokens: Sequence[Token], mentions: dict[int, Mention]) -> list[str]:
    """List an abstract symbol for each token that says something; what a noun or a day claimed is said once."""
    symbols: list[str] = []
    for token in tokens:
        symbol = _symbol(token, mentions.get(token.at))
        if symbol and not (symbol.startswith("<") and symbols and symbols[-1] == symbol):
            symbols.append(symbol)
    return symbols


def _symbol(token: Token, mention: Mention | None) -> str:
    if mention is not None and mention.noun not in {NAME, QUOTE} and token.kind is Kind.WORD:
        return _noun(mention)
    if token.role in _CLAIMED:
        return _CLAIMED[token.role]
    if token.kind is not Kind.WORD:
        return _MARKS.get(token.kind, "")
    return UNKNOWN if token.unknown else _word(token)


def _noun(mention: Mention) -> str:
    number = "#" if mention.known else "'" if mention.described else ""
    return f"{mention.noun}{number}{'s' if mention.plural else ''}"


def _word(token: Token) -> str:
    if token.has(Sort.VERB):
        return _verb(token)
    if token.has(*_WAYS, Sort.ASKING, Sort.POINTING):
        return token.word
    if token.has(Sort.NOUN):
        return "/".join(token.nouns)
    return next((sort.name for sort in _SORTS if token.has(sort)), "")


def _verb(token: Token) -> str:
    mood = token.mood.name if token.mood else Mood.OTHER.name
    acts = "+".join(sorted(act.value for act in token.every_act))
    linking = "!" if any(one.linking for one in token.meanings) else ""
    return f"V{mood}:{acts}{linking}"


def _of_nouns(sentence: Sentence) -> Iterator[str]:
    """List what is named, in what company, led by what, and what the verbs do to it."""
    nouns = sorted({mention.noun for mention in sentence.mentions if not mention.used})
    numbered = sorted({mention.noun for mention in sentence.mentions if mention.known})
    yield f"#:{','.join(numbered)}"
    yield from (f"n:{noun}" for noun in nouns)
    yield from (f"n#:{noun}" for noun in numbered)
    yield from (f"nn:{first}+{second}" for first, second in combinations(nouns, 2))
    verbs = [_verb(token) for token in sentence.tokens if token.has(Sort.VERB) and not token.role]
    for mention in sentence.mentions:
        noun = _noun(mention)
        yield from (f"vn:{verb} {noun}" for verb in verbs)
        yield f"pn:{mention.preposition} {mention.noun}"
        yield from (f"vp:{verb} {mention.preposition} {mention.noun}" for verb in verbs)
        yield from (f"c:{case} {mention.noun}" for case in mention.cases)


def _of_words(tokens: Sequence[Token]) -> Iterator[str]:
    """List dictionary forms, alone and in pairs, and the letters of verbs and of words that are not known."""
    words = [token for token in tokens if token.kind is Kind.WORD and not token.role and not token.person]
    lemmas = [lemma_of(token.word) for token in words]
    yield from (f"^:{lemma}" for lemma in lemmas[:1])
    yield from (f"l:{lemma}" for lemma in lemmas)
    yield from (f"ll:{first} {second}" for first, second in pairwise(lemmas))
    for token in words:
        if token.unknown or token.has(Sort.VERB):
            yield from _grams(token.word)
        if token.mood:
            yield f"m:{token.mood.name}"


def _of_whole(sentence: Sentence) -> Iterator[str]:
    when = sentence.when
    yield from (f"w:{name}" for name in ("days", "times", "lengths") if getattr(when, name))
    if not sentence.mentions:
        # Days and times alone are of something else as often as of bookings.
        yield f"bare:{'verb' if sentence.orders else 'when' if when else ''}"
    if sentence.tail:
        yield "tail"
    if sentence.command is not None:
        yield f"/:{sentence.command.word}"
        yield from (f"/a:{act.value}" for act in sentence.command.acts)


@dataclass(frozen=True, slots=True)
class Outline:
    """What of a sentence is compared with a reading: the nouns that are named, and the acts of the verbs that order."""

    nouns: frozenset[str]
    numbered: frozenset[str]
    acts: frozenset[frozenset[str]]


def outline_of(sentence: Sentence) -> Outline:
    """Outline a sentence."""
    named = [mention for mention in sentence.mentions if not mention.used]
    acts = [frozenset(act.value for act in token.acts) for token in sentence.orders]
    if sentence.command is not None and sentence.command.acts:
        acts.append(frozenset(act.value for act in sentence.command.acts))
    return Outline(
        frozenset(mention.noun for mention in named),
        frozenset(mention.noun for mention in named if mention.known),
        frozenset(acts),
    )


_FITTING: Final = {"deal": DEALS, "client": CLIENTS, "item": CRM | CLIENTS | {"item"}, "link": DEALS}
"""The nouns by which what a sense has beside its owner may be called."""


@lru_cache(maxsize=4096)
def relations_of(outline: Outline) -> tuple[tuple[str, ...], ...]:
    """Compare an outline with every reading, in the order of `READINGS`."""
    return tuple(tuple(_relations(outline, reading)) for reading in READINGS)


def _relations(outline: Outline, reading: ToolReading) -> Iterator[str]:
    kind = "read" if reading.reads else "write"
    sense = reading.sense
    about = _FITTING.get(sense.about, frozenset({sense.about}))
    named = "#" if about & outline.numbered else "+" if about & outline.nouns else "-"
    yield f"r:about{named}{kind}{'*' if sense.many else ''}"
    item = _FITTING.get(sense.item or "", frozenset({sense.item}))
    if sense.item:
        yield f"r:item{'#' if item & outline.numbered else '+' if item & outline.nouns else '-'}{kind}"
    stray = outline.nouns - about - item - _BESIDE
    yield f"r:stray{min(len(stray), 2)}{kind}{'*' if sense.many else ''}"
    numbered = (outline.numbered - about - item) & (outline.nouns - {NAME, QUOTE})
    if numbered:
        yield f"r:stray#{kind}"
    acts = {act.value for act in reading.acts}
    for one in sorted(outline.acts, key=sorted):
        yield f"r:verb{'+' if one & acts else '-'}{'1' if len(one) == 1 else ''}"
    if not outline.acts:
        yield f"r:verb0{kind}"
