"""Reading a command: text in, requests out, or one question. Pure.

A word or a number that nothing claims is named and nothing is done: it may be the one that mattered.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from bot.commands import hints, questions
from bot.commands.arguments import fill_arguments, most_of
from bot.commands.change_id import read_change_id
from bot.commands.command import CommandTable
from bot.commands.days import read_days
from bot.commands.forms import effect_of, examples_of, forms_of
from bot.commands.free_text import read_free_text
from bot.commands.questions import Clarification
from bot.commands.slots import Slots, begins_with_noun, read_slots
from bot.commands.table import COMMANDS
from bot.commands.tokenizer import Token, TokenKind, host_of, tokenize
from bot.nlu.lexicon_data.command_words import HOLDING, JOINING, LEAVING, TO_REPLACE
from bot.nlu.message_text import WIDEST_RANGE, cleaned, is_readable
from bot.rendering.quotation import quoted
from tool_specs.declaration.localized import LANGUAGES, Localized, join_with_commas
from tool_specs.declaration.method import Effect, Method
from tool_specs.declaration.text import fold

MOST_TEXT: Final = 2000
_POINTS: Final = " .,!?"
_BEGINS: Final = re.compile(r"(?<=[\s;,.])/\s?([^\W\d_]+)(?:@\w+)?(?=\s|$)")
_BEGINS_LINE: Final = re.compile(r"(?<=\n)/\s?([^\W\d_]+)(?:@\w+)?(?=\s|$)")
"""A slash and a word, after others or on a line of its own."""


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

    question: Localized
    missing: tuple[str, ...] = ()
    unclaimed: tuple[str, ...] = ()
    command: str | None = None
    """The command it was about, where that is known."""
    talk: bool = False
    """Whether it is no command at all, only words."""


@dataclass(frozen=True, slots=True)
class _Line:
    """A command's line: what its word may mean, the word as typed, what follows, and which portal is ours."""

    commands: Sequence[str]
    word: str
    rest: str
    portal: str | None
    table: CommandTable


Facts: TypeAlias = dict[str, Localized | str | int]
Reading: TypeAlias = Requests | Talk | Unclear


def read_command(text: str, portal_host: str | None = None, table: CommandTable = COMMANDS) -> Reading:
    """Read a message: a slash command, or the bare word of one about the conversation.

    Everything else is plain language. Several owners beside several items are, too: which belongs to which is for the
    reader of sentences to tell.

    Args:
        text: the message.
        portal_host: the host that addresses of cards have to have; None for any.
        table: the commands there are.
    """
    text = cleaned(text)
    if (unfit := _unfit(text)) is not None:
        return Unclear(unfit, talk=not text.startswith("/"))
    slashed = text.startswith("/")
    word, rest = _first_word(text)
    if slashed and not word:
        return Unclear(questions.LONE_SLASH.format_map({"example": examples_of("link")[0]}))
    commands = table.of_word.get(fold(word), ())
    if not commands:
        return Unclear(hints.unknown(word, table)) if slashed else _not_a_command()
    command = table[commands[0]]
    if not command.forms:
        alone = not rest.strip() and not command.needs_slash
        return Talk(command.name, rest.strip()) if slashed or alone else _not_a_command()
    if not slashed and (fold(text.strip(_POINTS)) in HOLDING or not _is_shortcut(commands[0], rest)):
        return _not_a_command()
    line = _Line(commands, word, rest, portal_host, table)
    return _one_too_many(line) or _read_rest(line)


def is_command(text: str, name: str, table: CommandTable = COMMANDS) -> bool:
    """Return whether a message is nothing but one command: a look at its word, cheaper than reading it."""
    word = fold(cleaned(text).strip(_POINTS).removeprefix("/").strip()).partition("@")[0]
    return word in table[name].all_words


def _is_shortcut(command: str, rest: str) -> bool:
    """Return whether a command's bare word is the whole message: "today"."""
    return forms_of(command)[0].lone and not rest.strip(_POINTS)


def _one_too_many(line: _Line) -> Unclear | None:
    """Return a question where a second command follows; within a note, a slash inside the line belongs to the text."""
    begins = re.finditer(_BEGINS_LINE if forms_of(line.commands[0])[0].text else _BEGINS, line.rest)
    another = next((one for one in begins if fold(one[1]) in line.table.of_word), None)
    if another is None:
        return None
    text = quoted([" ".join(line.rest[another.start() :].split())])
    return Unclear(questions.ONE_AT_A_TIME.format_map({"text": text}), command=line.commands[0])


def _read_rest(line: _Line) -> Reading:
    """Read what follows a command's word, by the kind of its form."""
    form = forms_of(line.commands[0])[0]
    if form.shortcut is not None:
        if left := line.rest.strip(_POINTS):
            return _unclaimed((left,), form.command)
        return Requests((form.method(**form.shortcut.gives),))
    if form.text is not None:
        return _reading(read_free_text(form, line.word, line.rest), form.command)
    if form.code is not None:
        return _reading(read_change_id(form, form.code, line.rest), form.command)
    if form.days:
        return _reading(read_days(form, line.rest), form.command)
    return _read_request(line)


def _first_word(text: str) -> tuple[str, str]:
    """Split a message into the word of its command, without slash and bot name, and what follows."""
    if text.startswith("/"):
        head = re.match(r"/\s*([^\s@]*)(?:@(\w+))?(?=\s|$)", text)
        return ("", "") if head is None else (head[1], text[head.end() :])
    word = re.match(r"[^\W\d_]+", text)
    return (word[0], text[word.end() :]) if word else ("", text)


def _unfit(text: str) -> Localized | None:
    example: Localized = examples_of("link")[0]
    if not text:
        return questions.EMPTY.format_map({"example": example})
    if len(text) > MOST_TEXT:
        return questions.TOO_LONG.format_map({"most": MOST_TEXT})
    return None if is_readable(text) else questions.UNREADABLE


def _not_a_command() -> Unclear:
    return Unclear(questions.NOT_A_COMMAND.format_map({"example": examples_of("link")[0]}), talk=True)


def _read_request(line: _Line) -> Reading:
    """Read what follows the command's word; where the word belongs to several commands, the nouns decide."""
    rest, commands = _with_noun(line), line.commands
    pieces = tokenize(rest)
    if (unfit := _unfit_pieces(pieces, line)) is not None:
        return unfit
    claims = read_slots(pieces, line.word if fold(line.word) in TO_REPLACE else "")
    if claims.unclaimed:
        return _unclaimed(claims.unclaimed, commands[0])
    if claims.pairs:
        return _unclaimed(claims.pairs, commands[0])
    fitting = [command for command in commands if hints.fits(command, claims)]
    if not fitting:
        return _elsewhere(line.word, rest, commands[0], claims)
    against = [text for text in claims.prepositions if all(_is_against(command, text) for command in fitting)]
    if against:
        return _unclaimed(against, fitting[0])
    return _filled(fitting, claims, line.word)


def _with_noun(line: _Line) -> str:
    """Return what follows the command's word, with the word where it is the noun: "/booking 14", "/лист ожидания 4"."""
    if not any(form.noun for command in line.commands for form in forms_of(command)):
        return line.rest
    whole = f"{line.word}{line.rest}"
    is_noun = begins_with_noun(tokenize(whole)) or fold(line.word) not in line.table[line.commands[0]].all_words
    return whole if is_noun else line.rest


def _unfit_pieces(pieces: Sequence[Token], line: _Line) -> Unclear | None:
    """Return a question about invalid numbers or addresses of another portal, or None."""
    command = line.commands[0]
    wrong = [piece for piece in pieces if piece.kind is TokenKind.WRONG_NUMBER]
    if wrong:
        alike = [piece.text for piece in wrong if piece.wrong is wrong[0].wrong]
        most = min(WIDEST_RANGE, most_of(forms_of(command)[0]))
        question = questions.wrong_number(wrong[0].wrong, alike, most)
        return Unclear(question, unclaimed=tuple(piece.text for piece in wrong), command=command)
    other = [piece for piece in pieces if piece.host and line.portal and piece.host != host_of(line.portal)]
    if other:
        hosts = quoted(dict.fromkeys(piece.host for piece in other))
        question = questions.OTHER_PORTAL.format_map({"other": hosts, "ours": line.portal or ""})
        return Unclear(question, unclaimed=tuple(piece.text for piece in other), command=command)
    return None


def _unclaimed(texts: Sequence[str], command: str) -> Unclear:
    facts: Facts = {"text": quoted(texts), "example": examples_of(command)[0]}
    return Unclear(questions.UNCLAIMED.format_map(facts), unclaimed=tuple(texts), command=command)


def _filled(fitting: Sequence[str], claims: Slots, word: str) -> Reading:
    # A word that several commands know is first of all the name of one: "/связать 14 1" is that of bookings and deals.
    if not claims.owners and fold(word) in {fold(forms_of(fitting[0])[0].word(language)) for language in LANGUAGES}:
        fitting = fitting[:1]
    if len(fitting) > 1:
        said = join_with_commas([examples_of(command)[0] for command in fitting])
        return Unclear(questions.WHICH_COMMAND.format_map({"examples": said}))
    return _reading(fill_arguments(fitting[0], claims), fitting[0])


def _reading(asked: tuple[Method[Any], ...] | Clarification, command: str) -> Reading:
    if isinstance(asked, Clarification):
        return Unclear(asked.question, asked.missing, asked.unclaimed, command)
    return Requests(asked)


def _is_against(command: str, preposition: str) -> bool:
    """Return whether a preposition says the opposite of the command: "link … from …"."""
    effect, word = effect_of(command), fold(preposition)
    moves = any(form.moves for form in forms_of(command))
    if effect is Effect.WRITE and not moves:
        return word in LEAVING
    return effect is Effect.DESTRUCTIVE and not moves and word in JOINING


def _elsewhere(word: str, rest: str, command: str, claims: Slots) -> Unclear:
    """Name the command that takes what was named, or say what this one takes."""
    right = hints.right_command(command, claims)
    if right is not None:
        return Unclear(hints.other_command(right, word, rest, claims), command=command)
    forms, unfit = forms_of(command), hints.not_taken(command, claims)
    owners = [form.owner.name for form in forms if form.owner]
    if not owners and not forms[0].allowed:
        return _unclaimed(unfit, command)
    facts: Facts = {
        "command": f"/{word}",
        "allowed": questions.taken(owners, forms[0].allowed),
        "text": quoted(unfit),
    }
    return Unclear(questions.NOT_TAKEN.format_map(facts), unclaimed=tuple(unfit), command=command)
