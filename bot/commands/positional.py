"""Put back the nouns that a slash command leaves out: "/link 14 1" is "link booking 14 deal 1". Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final

from bot.commands.forms import CommandForm
from bot.nlu.lexicon_data.nouns import NOUNS
from bot.nlu.mentions import ITEMS
from bot.nlu.morphology import forms_of
from bot.nlu.sentence import Sentence, Token, analyze
from bot.nlu.tokens import Kind, Sort
from tool_specs.declaration.localized import Language

_NOW: Final = datetime(2026, 1, 1, tzinfo=UTC)
"""Numbers are placed whatever the day is."""
_NOUN_OF_OWNER: Final = {"resource_slots": "hours"}
_FROM_TO: Final = {"en": ("from", "to"), "ru": ("от", "к")}
_SAID: Final = {noun.name: noun.said for noun in NOUNS}


def name_numbers(text: str, forms: Sequence[CommandForm], language: Language) -> str:
    """Put the nouns before the numbers that have none, as the command's forms declare them.

    Args:
        text: what follows the command's word.
        forms: what the word may mean; where they do not agree on a noun, none is put in.
        language: the language of the words to put in.
    """
    sentence = analyze(text, _NOW)
    added = [*_nouns(sentence, forms, language), *_directions(sentence, forms, language)]
    for at, word in sorted(added, reverse=True):
        text = f"{text[:at]}{word} {text[at:]}"
    return text


def _nouns(sentence: Sentence, forms: Sequence[CommandForm], language: Language) -> list[tuple[int, str]]:
    bare = [token for token in sentence.tokens if token.kind is Kind.NUMBER and not token.role]
    if bare and _is_of_hours(sentence, bare[0], forms):
        return [(bare[0].start, "ресурса")]
    takes_items = any(form.items for form in forms)
    added: list[tuple[int, str]] = []
    if bare and (owner := _unnamed_owner(sentence, forms)) is not None:
        if takes_items and _is_listed(sentence, bare[0]):
            # "/link 14, 15": whether both are bookings, nobody can tell.
            return []
        added.append(_before(bare if not takes_items else bare[:1], owner, language))
        bare = bare[1:] if takes_items else []
    return added + _items(sentence, forms, bare, language)


def _is_of_hours(sentence: Sentence, token: Token, forms: Sequence[CommandForm]) -> bool:
    """Return whether a number is that of the resource whose hours are asked for: "часы 1"."""
    hours = any(form.owner is not None and form.owner.name == "resource_slots" for form in forms)
    return hours and token.at > 0 and sentence.tokens[token.at - 1].has(Sort.SIGN)


def _unnamed_owner(sentence: Sentence, forms: Sequence[CommandForm]) -> str | None:
    """Name the owner that a number alone is of, unless an owner is named."""
    owners = {_noun_of(form.owner.name) for form in forms if form.owner}
    named = {mention.noun for mention in sentence.mentions}
    return None if named & owners else _owner_of(forms)


def _items(
    sentence: Sentence, forms: Sequence[CommandForm], bare: Sequence[Token], language: Language
) -> list[tuple[int, str]]:
    """Put the noun of the CRM items before the numbers that are left."""
    if any(one.noun in ITEMS and one.known for one in sentence.mentions):
        return [(token.start, ",") for token in _listed_after(sentence, bare)]
    added: list[tuple[int, str]] = []
    items = {form.bare for form in forms if form.items}
    if bare and not _may_go_on(sentence, bare[0]) and len(items) == 1 and (item := items.pop()) is not None:
        added.append(_before(bare, item, language))
    return added + _all(sentence, forms, language)


def _before(numbers: Sequence[Token], noun: str, language: Language) -> tuple[int, str]:
    """Return the noun for one number, or for several, before the first of them."""
    return numbers[0].start, _plural(noun, language) if len(numbers) > 1 else _said(noun, language)


def _all(sentence: Sentence, forms: Sequence[CommandForm], language: Language) -> list[tuple[int, str]]:
    """Name what an "all" covers, where no item is named: "/unclient waitlist 4 all"."""
    items = {form.bare for form in forms if form.takes_all}
    every = next((token for token in sentence.tokens if token.has(Sort.ALL)), None)
    named = any(one.noun in ITEMS for one in sentence.mentions)
    if every is None or named or len(items) != 1 or (item := items.pop()) is None:
        return []
    return [(every.start + len(every.text), f" {_plural(item, language)}")]


def _listed_after(sentence: Sentence, bare: Sequence[Token]) -> list[Token]:
    """Return the numbers that stand right after a numbered record, one after another: "waitlist 900 901 deal 1"."""
    ends = {one.end for one in sentence.mentions if one.known and one.noun not in ITEMS}
    listed: list[Token] = []
    for token in bare:
        if token.at in ends or (listed and token.at == listed[-1].at + 1):
            listed.append(token)
    return listed


def _may_go_on(sentence: Sentence, token: Token) -> bool:
    """Return whether a number may be one more of the records named before it: "брони 14 15"."""
    before = [one for one in sentence.mentions if one.known and one.end == token.at]
    return any(one.plural is not False for one in before)


def _owner_of(forms: Sequence[CommandForm]) -> str | None:
    """Name the owner that a number alone is of; none where a wrong one could be deleted."""
    owners = [form.owner.name for form in forms if form.owner]
    alone = len(set(owners)) == 1 or any(form.items for form in forms) or all(_reads(form) for form in forms)
    several = len({form.command for form in forms}) > 1 and len(set(owners)) > 1
    return _noun_of(owners[0]) if owners and alone and not several else None


def _reads(form: CommandForm) -> bool:
    return form.method.effect.value == "read"


def _noun_of(owner: str) -> str:
    return _NOUN_OF_OWNER.get(owner, owner)


def _is_listed(sentence: Sentence, token: Token) -> bool:
    """Return whether another number follows after a comma or an "and"."""
    following = sentence.tokens[token.at + 1 : token.at + 3]
    return len(following) > 1 and (following[0].kind is Kind.COMMA or following[0].has(Sort.AND))


def _directions(sentence: Sentence, forms: Sequence[CommandForm], language: Language) -> list[tuple[int, str]]:
    """Put "from" and "to" before two items of a command that moves from one to the other."""
    items = [one for one in sentence.mentions if one.noun in ITEMS and one.known and not one.used]
    if len(items) != 2 or any(one.preposition for one in items) or not any(form.moves for form in forms):  # noqa: PLR2004
        return []
    return [(sentence.tokens[one.at].start, word) for one, word in zip(items, _FROM_TO[language], strict=True)]


def _said(noun: str, language: Language) -> str:
    return _SAID[noun].to(language) if noun in _SAID else noun


def _plural(noun: str, language: Language) -> str:
    """Write a noun before several numbers."""
    first, *others = _said(noun, language).split()
    if language == "en":
        return " ".join([first, *others]) + "s"
    forms = (form.word for form in forms_of(first, "NOUN") if {"plur", "nomn"} <= form.tags)
    return " ".join([next(forms, first), *others])
