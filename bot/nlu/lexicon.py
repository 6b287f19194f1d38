"""The words of both languages with their meanings, in every form, made from what is declared in `tool_specs`."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Final

from bot.nlu.lexicon_data.dates import DAY_WORDS
from bot.nlu.lexicon_data.nouns import NOUNS
from bot.nlu.lexicon_data.verbs import KEEPING, LINKING, UNLINKING, VERBS
from bot.nlu.morphology import Form, forms_of
from bot.nlu.tokens import Meaning, Mood, Sort, Unit
from tool_specs.declaration.intents import Act
from tool_specs.declaration.localized import Language, Localized
from tool_specs.declaration.text import fold

MEANING_ORDER: Final = (Mood.ORDER, Mood.PAST, Mood.STATE, Mood.OTHER)


@dataclass(slots=True)
class Lexicon:
    """The words of one language."""

    words: dict[str, list[Meaning]] = field(default_factory=lambda: defaultdict(list))
    phrases: dict[str, list[tuple[tuple[frozenset[str], ...], Meaning]]] = field(
        default_factory=lambda: defaultdict(list)
    )

    def add(self, word: str, meaning: Meaning) -> None:
        """Give a word one more meaning, or more acts and cases to one it has."""
        word, known = fold(word), self.words[fold(word)]
        for place, one in enumerate(known):
            if (one.sort, one.value, one.mood) == (meaning.sort, meaning.value, meaning.mood):
                known[place] = replace(
                    one,
                    acts=one.acts | meaning.acts,
                    cases=one.cases | meaning.cases,
                    linking=one.linking or meaning.linking,
                    plural=one.plural if one.plural == meaning.plural else None,
                )
                return
        known.append(meaning)

    def add_forms(self, words: Sequence[frozenset[str]], meaning: Meaning) -> None:
        """Give every form of a word, or a phrase, its meaning."""
        if len(words) > 1:
            self.add_phrase(words, meaning)
            return
        for word in words[0]:
            self.add(word, meaning)

    def add_phrase(self, words: Sequence[frozenset[str]], meaning: Meaning) -> None:
        """Give a phrase its meaning; of each place any of the words may stand there."""
        for first in words[0]:
            self.phrases[first].append((tuple(words), meaning))

    def spelled(self) -> frozenset[str]:
        """Give every word there is, those of phrases too."""
        inside = {word for several in self.phrases.values() for words, _ in several for one in words for word in one}
        return frozenset(self.words) | inside


def listed(text: str) -> list[str]:
    """Split a list of phrases at its commas."""
    return [" ".join(phrase.split()) for phrase in text.split(",") if phrase.strip()]


Worded = tuple[list[frozenset[str]], Meaning]


def verbs_of(language: Language) -> Iterator[Worded]:
    """Yield the forms of every verb with their meanings."""
    linking = {*LINKING.to(language).split(), *UNLINKING.to(language).split()}
    for act, saids in VERBS.items():
        for verb in [verb for said in saids for verb in said.to(language).split()]:
            known = Meaning(Sort.VERB, acts=frozenset({act}), linking=verb in linking)
            yield from _conjugated(verb, known, language)
    for verb in KEEPING.to(language).split():
        yield from _conjugated(verb, Meaning(Sort.KEEP), language)


def _conjugated(verb: str, known: Meaning, language: Language) -> Iterator[Worded]:
    if language == "ru":
        for form in forms_of(verb, "INFN"):
            yield [frozenset({form.word})], replace(known, mood=_mood(form))
        return
    if "-" in verb:
        yield [frozenset({word}) for word in verb.split("-")], replace(known, mood=Mood.ORDER)
        return
    base, third, past, participle, ing = verb.split("/") if "/" in verb else _regular(verb)
    moods = {ing: {Mood.OTHER}, third: {Mood.OTHER}, base: {Mood.ORDER}}
    if past != base:
        moods.setdefault(past, set()).add(Mood.PAST)
        moods.setdefault(participle, set()).add(Mood.STATE)
    for word, its in moods.items():
        for mood in sorted(its, key=MEANING_ORDER.index):
            yield [frozenset({word})], replace(known, mood=mood)


@cache
def orders_of(said: Localized, language: Language) -> frozenset[str]:
    """Give the forms in which some verbs order."""
    return frozenset(
        word
        for verb in said.to(language).split()
        for words, meaning in _conjugated(verb, Meaning(Sort.VERB), language)
        if meaning.mood is Mood.ORDER
        for word in (" ".join(next(iter(one)) for one in words),)
    )


def _regular(base: str) -> tuple[str, str, str, str, str]:
    third = f"{base}es" if re.search(r"(?:s|x|ch|sh)$", base) else f"{base}s"
    stem = base.removesuffix("e")
    return base, third, f"{stem}ed", f"{stem}ed", f"{stem}ing"


def _mood(form: Form) -> Mood:
    tags = form.tags
    if "impr" in tags or "INFN" in tags or {"2per", "indc"} <= tags:
        return Mood.ORDER
    if "PRTS" in tags or {"PRTF", "pssv"} <= tags:
        return Mood.STATE
    return Mood.PAST if "past" in tags and "VERB" in tags else Mood.OTHER


def nouns_of(language: Language) -> Iterator[Worded]:
    """Yield the forms of every noun with their meanings."""
    for noun in NOUNS:
        for phrase in listed(noun.words.to(language)):
            known = Meaning(Sort.NOUN, value=noun.name)
            yield from _russian_noun(phrase, known) if language == "ru" else _english_noun(phrase, known)


def _russian_noun(phrase: str, known: Meaning) -> Iterator[Worded]:
    words = phrase.split()
    starred = [bool(len(words) == 1 or word.endswith("*")) for word in words]
    tables = [_declined(word.rstrip("*")) if star else None for word, star in zip(words, starred, strict=True)]
    if len(words) == 1:
        for form in tables[0] or ():
            plural = None if {"sing", "plur"} <= form.tags else "plur" in form.tags
            yield [frozenset({form.word})], replace(known, cases=form.cases, plural=plural)
        return
    heads = next((table for table in tables if table), ())
    for number, plural in (("sing", False), ("plur", True)):
        cases = frozenset(case for form in heads if number in form.tags for case in form.cases)
        forms = [
            frozenset(form.word for form in table if number in form.tags) if table else frozenset({fold(word)})
            for word, table in zip(words, tables, strict=True)
        ]
        if all(forms):
            yield forms, replace(known, cases=cases, plural=plural)


def _declined(word: str) -> tuple[Form, ...]:
    forms = tuple(forms_of(word, "NOUN", "ADJF"))
    return forms or (Form(fold(word), frozenset({"sing"})),)


def _english_noun(phrase: str, known: Meaning) -> Iterator[Worded]:
    words = phrase.split()
    star = next((place for place, word in enumerate(words) if word.endswith("*")), len(words) - 1)
    bare = [fold(word.rstrip("*")) for word in words]
    if "*" not in phrase and len(words) > 1:
        yield [frozenset({word}) for word in bare], replace(known, plural=bare[-1].endswith("s"))
        plurals = [*bare[:star], _plural(bare[star]), *bare[star + 1 :]]
        if not bare[-1].endswith("s"):
            yield [frozenset({word}) for word in plurals], replace(known, plural=True)
        return
    for word, plural in ((bare[star], False), (_plural(bare[star]), True), (f"{bare[star]}'s", False)):
        forms = [frozenset({one}) for one in (*bare[:star], word, *bare[star + 1 :])]
        yield forms, replace(known, plural=None if word == bare[star] and word.endswith("s") else plural)


def _plural(word: str) -> str:
    if word.endswith("s"):
        return word
    return f"{word[:-1]}ies" if re.search(r"[^aeiou]y$", word) else f"{word}s"


def signs_of(language: Language) -> Iterator[Worded]:
    """Yield the words of days and times with their signs."""
    for sign, said in DAY_WORDS.items():
        known = Meaning(Sort.SIGN, value=sign)
        inflected, _, fixed = said.to(language).rpartition("|") if language == "ru" else ("", "", said.en)
        for word in fixed.split():
            yield [frozenset({fold(word)})], known
        for word in inflected.split():
            for form in forms_of(word, "NOUN", "ADJF"):
                yield [frozenset({form.word})], replace(known, cases=form.cases, plural="plur" in form.tags)


def language_of_word(word: str) -> Language:
    """Tell the language by the letters."""
    return "ru" if re.search("[\u0400-\u04ff]", word) else "en"


def acts_of(unit: Unit, *moods: Mood) -> frozenset[Act]:
    """Give the acts that a verb in one of these moods may mean."""
    return frozenset(act for one in unit.meanings if one.sort is Sort.VERB and one.mood in moods for act in one.acts)
