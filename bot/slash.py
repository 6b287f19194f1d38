"""Reading a command: text in, requests out, or one question. Pure.

A word or a number that nothing claims is named and nothing is done: it may be the one that mattered.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from rapidfuzz import fuzz, process

from bot import questions
from bot.claims import Claims, begins_with_noun, claims_of
from bot.codes import asked_by_code
from bot.days import asked_by_days
from bot.filling import filled
from bot.forms import COMMANDS, COMMANDS_OF_WORD, TALK, effect_of, examples_of, forms_of, words_of
from bot.free_text import asked_by_text
from bot.questions import Asked
from bot.tokens import Kind, cleaned, is_readable, tokens_of
from tool_specs.method import Effect, Method
from tool_specs.said import Said, joined
from tool_specs.words import JOINING, LEAVING, TYPE_OF_WORD, fold

MOST_TEXT: Final = 2000
LIKE_ENOUGH: Final = 70
"""Percent of likeness from which an unknown command is taken for a misspelt one."""


@dataclass(frozen=True, slots=True)
class Requests:
    """What was asked for, ready for the desk."""

    methods: tuple[Method[Any], ...]


@dataclass(frozen=True, slots=True)
class Talk:
    """A command about the conversation itself, and the words after it."""

    command: str
    rest: str


@dataclass(frozen=True, slots=True)
class Unclear:
    """What is asked back; `missing` names the arguments that are not there, `unclaimed` what was not understood."""

    question: Said
    missing: tuple[str, ...] = ()
    unclaimed: tuple[str, ...] = ()
    command: str | None = None
    """The command it was about, where that is known."""


Facts: TypeAlias = dict[str, Said | str | int]
Reading: TypeAlias = Requests | Talk | Unclear


def read(text: str) -> Reading:
    """Read a message: a slash command, or the same words without the slash."""
    text = cleaned(text)
    if (unfit := _unfit(text)) is not None:
        return Unclear(unfit)
    head = re.match(r"/\s*([^\s@]*)(?:@(\w+))?(?=\s|$)", text) or re.match(r"()()", text)
    slashed = text.startswith("/")
    word, rest = (head[1], text[head.end() :]) if slashed and head else _first_word(text)
    if slashed and not word:
        return Unclear(questions.LONE_SLASH.having({"example": examples_of("link")[0]}))
    commands = COMMANDS_OF_WORD.get(fold(word), ())
    if not commands:
        return Unclear(_unknown(word) if slashed else _not_a_command())
    if not slashed and (fold(word) in TYPE_OF_WORD or any(form.kind for form in forms_of(commands[0]))):
        # Without the slash these begin many a sentence that is no command.
        return Unclear(_not_a_command())
    if commands[0] in TALK:
        return Talk(commands[0], rest.strip()) if slashed or not rest.strip() else Unclear(_not_a_command())
    return _read_rest(commands, word, rest)


def _read_rest(commands: Sequence[str], word: str, rest: str) -> Reading:
    """Read what follows a command's word, by the kind of its form."""
    form = forms_of(commands[0])[0]
    if form.text is not None:
        return _reading(asked_by_text(form, rest), form.command)
    if form.code is not None:
        return _reading(asked_by_code(form, form.code, rest), form.command)
    if form.days:
        return _reading(asked_by_days(form, rest), form.command)
    return _read_command(commands, word, rest)


def _first_word(text: str) -> tuple[str, str]:
    word = re.match(r"[^\W\d_]+", text)
    return (word[0], text[word.end() :]) if word else ("", text)


def _unfit(text: str) -> Said | None:
    example: Said = examples_of("link")[0]
    if not text:
        return questions.EMPTY.having({"example": example})
    if len(text) > MOST_TEXT:
        return questions.TOO_LONG.having({"most": MOST_TEXT})
    return None if is_readable(text) else questions.UNREADABLE


def _not_a_command() -> Said:
    return questions.NOT_A_COMMAND.having({"example": examples_of("link")[0]})


def _unknown(word: str) -> Said:
    nearest = process.extractOne(fold(word), sorted(COMMANDS_OF_WORD), scorer=fuzz.ratio, score_cutoff=LIKE_ENOUGH)
    command = questions.quoted([f"/{word}"])
    if nearest is None:
        return questions.UNKNOWN_COMMAND.having({"command": command})
    return questions.PERHAPS.having({"command": command, "nearest": f"/{nearest[0]}"})


def _read_command(commands: Sequence[str], word: str, rest: str) -> Reading:
    """Read what follows the command's word; where the word belongs to several commands, the nouns decide."""
    pieces = tokens_of(rest)
    if any(form.noun for command in commands for form in forms_of(command)):
        # The word may be the noun, or the first word of it: "/booking 14", "/лист ожидания 4".
        whole = tokens_of(f"{word}{rest}")
        pieces = whole if begins_with_noun(whole) or fold(word) not in words_of(commands[0]) else pieces
    wrong = [piece.text for piece in pieces if piece.kind is Kind.WRONG_NUMBER]
    if wrong:
        question = questions.WRONG_NUMBER.having({"text": questions.quoted(wrong)})
        return Unclear(question, unclaimed=tuple(wrong), command=commands[0])
    claims = claims_of(pieces)
    if claims.unclaimed:
        return _unclaimed(claims.unclaimed, commands[0])
    fitting = [command for command in commands if _fits(command, claims)]
    if not fitting:
        return _elsewhere(commands[0], claims)
    against = [text for text in claims.prepositions if all(_is_against(command, text) for command in fitting)]
    if against:
        return _unclaimed(against, fitting[0])
    return _filled(fitting, claims)


def _unclaimed(texts: Sequence[str], command: str) -> Unclear:
    facts: Facts = {"text": questions.quoted(texts), "example": examples_of(command)[0]}
    return Unclear(questions.UNCLAIMED.having(facts), unclaimed=tuple(texts), command=command)


def _filled(fitting: Sequence[str], claims: Claims) -> Reading:
    if len(fitting) > 1:
        said = joined([examples_of(command)[0] for command in fitting])
        return Unclear(questions.WHICH_COMMAND.having({"examples": said}))
    return _reading(filled(fitting[0], claims), fitting[0])


def _reading(asked: tuple[Method[Any], ...] | Asked, command: str) -> Reading:
    if isinstance(asked, Asked):
        return Unclear(asked.question, asked.missing, asked.unclaimed, command)
    return Requests(asked)


def _fits(command: str, claims: Claims) -> bool:
    """Tell whether a command takes the owners, CRM items and flags that were named."""
    forms = forms_of(command)
    owners = {run.owner.name for run in claims.owners if run.owner}
    return (
        owners <= {form.owner.name for form in forms if form.owner}
        and all(any(form.accepts(ref) for form in forms) for run in claims.items for ref in run.samples)
        and (not claims.all or any(form.takes_all for form in forms))
        and (not claims.replace or any(form.takes_replace for form in forms))
    )


def _is_against(command: str, preposition: str) -> bool:
    """Tell whether a preposition says the opposite of the command: "link … from …"."""
    effect, word = effect_of(command), fold(preposition)
    moves = any(form.moves for form in forms_of(command))
    if effect is Effect.WRITE and not moves:
        return word in LEAVING
    return effect is Effect.DESTRUCTIVE and word in JOINING


def _elsewhere(command: str, claims: Claims) -> Unclear:
    """Name the command that takes what was named, or say what this one takes."""
    first, *_ = here = forms_of(command)
    about_items = bool(claims.items or first.items)
    # Deleting is no other word for anything else, and a card alone does not tell what is to be done with it.
    sure = bool(first.items or (claims.owners if about_items else effect_of(command) is Effect.READ))
    for other in COMMANDS if sure else ():
        forms = [form for form in forms_of(other) if not claims.owners or form.owner == claims.owners[0].owner]
        if effect_of(other) is not effect_of(command) or not _fits(other, claims):
            continue
        if bool(forms[0].items) is about_items and not forms[0].moves and not forms[0].text:
            facts: Facts = {"right": other, "command": command, "example": forms[0].examples()}
            return Unclear(questions.OTHER_COMMAND.having(facts), command=command)
    unfit = [run.text for run in claims.owners if run.owner not in [form.owner for form in here]]
    unfit += [run.text for run in claims.items if not all(map(first.accepts, run.samples))]
    unfit += [] if first.takes_all or not claims.all else [claims.all]
    unfit += [] if first.takes_replace or not claims.replace else [claims.replace]
    takes = [
        *(form.owner.said for form in here if form.owner),
        *([questions.types_said(first.allowed)] if first.allowed else []),
    ]
    if not takes:
        return _unclaimed(unfit, command)
    facts = {"command": command, "allowed": joined(takes), "text": questions.quoted(unfit)}
    return Unclear(questions.NOT_TAKEN.having(facts), unclaimed=tuple(unfit), command=command)
