"""The rules of the verifier that keep a reading from running: it waits for a yes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from bot.nlu.gates import BOTH_WAYS, JOINING, OWNERS, PARTING, Rule, stray_nouns, writing
from bot.nlu.lexicon import language_of_word
from bot.nlu.mentions import CRM, ITEMS, PEOPLE_NOUNS
from bot.nlu.ranking import Candidate
from bot.nlu.sentence import Sentence, Token
from bot.nlu.slips import LIKELY
from bot.nlu.tagging import new_words, nominal_verbs
from bot.nlu.tokens import Kind, Sort
from bot.nlu.typo_weights import is_within
from tool_specs.declaration.intents import Act, Intent
from tool_specs.declaration.text import fold

ASKING_POLITELY: Final = frozenset(
    {"can", "could", "would", "will", "may", "might", "can't", "couldn't", "won't", "is", "any", "do", "mind"}
    | {"мог", "могла", "могли", "можешь", "можете", "сможешь", "сможете", "нельзя", "трудно", "сложно"}
)
"""A courtesy with one of these may end in a question mark."""
CLEARING: Final = ("reset", "сбро", "сбра", "clear", "wipe", "drop", "сним", "снять", "снима", "убер", "убир", "убра")
"""Verbs that take something off as often as they delete it."""
NOES: Final = ("не", "ни", "no", "not", "dont", "never")


def _unsure_words(sentence: Sentence, best: Candidate) -> tuple[str, ...] | None:
    """A word that is not known, or was misspelt."""
    del best
    words = (*sentence.unknown, *sentence.corrected, *(one for one in sentence.tokens if one.kind is Kind.ODD))
    return tuple(token.text for token in words) or None


def _spelled(sentence: Sentence, best: Candidate) -> tuple[str, ...] | None:
    """A number in words may have lost a part of it on the way; a slash command is typed with care."""
    del best
    if sentence.command:
        return None
    return tuple(token.text for token in sentence.tokens if token.spelled and token.role != "when") or None


def _described(sentence: Sentence, best: Candidate) -> tuple[str, ...] | None:
    """Something is described, completed, or carries no number at all."""
    numbered = any(token.kind in {Kind.CARD, Kind.CODE} or token.role == "id" for token in sentence.tokens) or _creates(
        best.reading.sense
    )
    return () if best.filled.named or best.filled.completed or not numbered else None


def _creates(sense: Intent) -> bool:
    return sense.act is Act.CREATE and not sense.item


def _told_before(sentence: Sentence, best: Candidate) -> tuple[str, ...] | None:
    """Something is told in a clause before, or it is asked without a courtesy."""
    del best
    asks = any(token.kind is Kind.ASKS for token in sentence.tokens)
    polite = any(token.courteous and fold(token.text) in ASKING_POLITELY for token in sentence.tokens)
    return () if sentence.distant or (asks and not polite) else None


def _verb_is_no_licence(sentence: Sentence, best: Candidate) -> tuple[str, ...] | None:
    """One verb that orders, and the reading's act among its own; a command's word is its verb."""
    verbs = writing(sentence)
    others = [
        token
        for token in sentence.tokens
        if token.every_act and token not in verbs and not token.nouns and not token.role and not token.courteous
    ]
    if others or not _is_licensed(sentence, best, verbs):
        return tuple(token.text for token in others)
    return None


def _is_licensed(sentence: Sentence, best: Candidate, verbs: Sequence[Token]) -> bool:
    """Tell whether the verb, or the command, may mean the reading by itself."""
    acts = frozenset(act for token in verbs for act in token.acts)
    act, command = best.reading.sense.act, sentence.command
    replaces = act is Act.REPLACE or best.filled.arguments.get("mode") == "replace"
    only = any(token.has(Sort.ONLY, Sort.INSTEAD) for token in sentence.tokens)
    if command is not None and command.methods:
        said = only or command.replaces or Act.REPLACE in acts
        return best.reading.method in command.methods and (said or not replaces) and len(verbs) < 2  # noqa: PLR2004
    if len(verbs) != 1 or verbs[0].word in new_words() | nominal_verbs().keys():
        return False
    if Act.REPLACE in acts:
        return act is Act.REPLACE
    if replaces:
        return only
    clears = act is Act.DELETE and verbs[0].word.startswith(CLEARING)
    return bool(best.reading.acts & acts) and not clears


def _led_record(sentence: Sentence, best: Candidate) -> tuple[str, ...] | None:
    """What is deleted is led by a preposition: "erase from booking 14"."""
    if best.reading.sense.act is not Act.DELETE or sentence.command:
        return None
    return next(
        ((one.preposition,) for one in sentence.mentions if one.preposition and one.noun == best.reading.sense.about),
        None,
    )


def _wrong_preposition(sentence: Sentence, best: Candidate) -> tuple[str, ...] | None:
    """Joining and parting need a preposition of their side."""
    act = best.reading.sense.act
    if act not in {Act.JOIN, Act.PART} or sentence.command:
        return None
    wanted = JOINING if act is Act.JOIN else PARTING
    said = [one for one in sentence.mentions if one.preposition and (one.noun in OWNERS or one.noun in ITEMS)]
    right = [one for one in said if one.preposition in wanted or (act is Act.JOIN and one.preposition in BOTH_WAYS)]
    return None if right else tuple(one.preposition for one in said)


def _noun_not_named(sentence: Sentence, best: Candidate) -> tuple[str, ...] | None:
    """Every noun of the sense has to be said."""
    if sentence.command:
        return None
    said = {noun for token in sentence.tokens for noun in token.nouns} | {one.noun for one in sentence.mentions}
    wanted = [name for name in (best.reading.sense.about, best.reading.sense.item) if name]
    alike = {"deal": {"deal"}, "client": PEOPLE_NOUNS, "item": CRM | PEOPLE_NOUNS | {"item"}}
    missing = [name for name in wanted if not said & alike.get(name, {name})]
    return tuple(missing) if missing and missing not in (["change"], ["plan"]) else None


def _without_effect(sentence: Sentence, best: Candidate) -> tuple[str, ...] | None:
    """An "all" or "only" that changes nothing of the reading."""
    arguments = best.filled.arguments
    idle = [
        token.text
        for token in sentence.tokens
        if (token.has(Sort.ALL) and not arguments.get("all") and arguments.get("mode") != "replace" and not token.nouns)
        or (token.has(Sort.ONLY, Sort.INSTEAD) and arguments.get("mode") != "replace")
    ]
    if sentence.command and sentence.command.replaces and arguments.get("mode") != "replace":
        idle.append(sentence.command.word)
    return tuple(idle) or None


def _near_no(sentence: Sentence, best: Candidate) -> tuple[str, ...] | None:
    """A word right before the verb that is a slip away from a no: "bot link deal 8 …"."""
    del best
    pairs = zip(sentence.tokens, sentence.tokens[1:], strict=False)
    near = [before.text for before, token in pairs if token in writing(sentence) and _may_be_no(before)]
    return tuple(near) or None


def _may_be_no(token: Token) -> bool:
    written = fold(token.text)
    return token.kind is Kind.WORD and any(
        language_of_word(no) == language_of_word(written) and is_within(written, no, LIKELY) for no in NOES
    )


def _stray(sentence: Sentence, best: Candidate) -> tuple[str, ...] | None:
    """A noun without a number that says nothing of the reading."""
    return (tuple(sorted(stray_nouns(sentence, best))) or None) if sentence.command else None


def _dropped_number(sentence: Sentence, best: Candidate) -> tuple[str, ...] | None:
    """A number that was said and is not among the arguments."""
    kept = set(re.findall(r"\d+", repr(best.filled.arguments)))
    numbers = [token for token in sentence.tokens if token.kind is Kind.NUMBER and token.role != "when"]
    dropped = [token.text for token in numbers if not {str(number) for number in token.ids} <= kept]
    return tuple(dropped) or None


def _tail_danger(sentence: Sentence, best: Candidate) -> tuple[str, ...] | None:
    """A danger inside the text that is to be written down."""
    del best
    return () if sentence.tail_dangers else None


CARDS: Final[Sequence[tuple[str, Rule]]] = (
    ("words", _unsure_words),
    ("spelled", _spelled),
    ("described", _described),
    ("told before", _told_before),
    ("verb", _verb_is_no_licence),
    ("led record", _led_record),
    ("preposition", _wrong_preposition),
    ("noun", _noun_not_named),
    ("no effect", _without_effect),
    ("near no", _near_no),
    ("stray noun", _stray),
    ("number", _dropped_number),
    ("tail", _tail_danger),
)
