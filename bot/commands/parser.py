"""Reading a command: text in, requests out, or one question. Pure.

What follows a command's word is read as any sentence is, by a reader that is told what is ordered.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, TypeAlias

from pydantic import ValidationError

from bot.commands import hints, questions
from bot.commands.change_id import read_change_id
from bot.commands.command import CommandTable
from bot.commands.days import read_days
from bot.commands.forms import CommandForm, forms_of, pattern_of
from bot.commands.free_text import read_free_text
from bot.commands.positional import name_numbers
from bot.commands.questions import Clarification
from bot.commands.requests import most_of, requests_of
from bot.commands.table import COMMANDS
from bot.nlu.lexicon_data.command_words import HOLDING, REPLACE
from bot.nlu.message_text import cleaned, is_readable
from bot.nlu.parser import read
from bot.nlu.result import Certainty, Grade, Understood
from bot.nlu.sentence import SlashCommand
from bot.nlu.tokens import Sort
from bot.nlu.words import meanings_of
from bot.rendering.quotation import quoted
from linkdesk.text.language import detect_language
from tool_specs.declaration.localized import LANGUAGES, Language, Localized
from tool_specs.declaration.method import Method
from tool_specs.declaration.text import fold

MOST_TEXT: Final = 2000
_POINTS: Final = " .,!?"
_BEGINS: Final = re.compile(r"(?<=[\s;,.])/\s?([^\W\d_]+)(?:@\w+)?(?=\s|$)")
_BEGINS_LINE: Final = re.compile(r"(?<=\n)/\s?([^\W\d_]+)(?:@\w+)?(?=\s|$)")
"""A slash and a word, after others or on a line of its own."""
_QUOTED_RECORD: Final = re.compile(r"[\"«“„'‘]([^\"«»“”„'’]*\d)[\"»”'’“]")
"""Marks around a record alone: `"booking 14"`."""
_REPLACING: Final = re.compile(rf"(?<!\w)(?:{'|'.join(sorted(REPLACE))})\W*$", re.IGNORECASE)
"""A word at the end that says that the rest goes: "/link booking 14 deal 5 replace"."""


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
    """What is asked back, and what was understood so far; `missing` names the arguments that are not there."""

    question: Localized
    missing: tuple[str, ...] = ()
    command: str | None = None
    """The command it was about, where that is known."""
    talk: bool = False
    """Whether it is no command at all, only words."""
    understood: Understood | None = None
    """What the reader made of it: a card to be confirmed, a choice, or a question."""


@dataclass(frozen=True, slots=True)
class Moment:
    """When and where a command is read."""

    now: datetime
    zone: str = "UTC"
    portal_host: str | None = None
    table: CommandTable = COMMANDS


Reading: TypeAlias = Requests | Talk | Unclear


def read_command(
    text: str,
    portal_host: str | None = None,
    table: CommandTable = COMMANDS,
    now: datetime | None = None,
    zone: str = "UTC",
) -> Reading:
    """Read a message: a slash command, or a word that is one by itself.

    Args:
        text: the message.
        portal_host: the host that addresses of cards have to have; None for any.
        table: the commands there are.
        now: the present time.
        zone: the business's time zone.
    """
    text, moment = cleaned(text), Moment(now or datetime.now(UTC), zone, portal_host, table)
    slashed = text.startswith("/")
    if (unfit := _unfit(text)) is not None:
        return Unclear(unfit, talk=not slashed)
    word, rest = _first_word(text)
    if slashed and not word:
        return Unclear(questions.LONE_SLASH.format_map({"example": pattern_of("link")}))
    commands = moment.table.of_word.get(fold(word), ())
    if not commands:
        return _unknown(word, rest, moment) if slashed else _not_a_command()
    command = moment.table[commands[0]]
    if not command.forms:
        alone = not rest.strip() and not command.needs_slash
        return Talk(command.name, rest.strip()) if slashed or alone else _not_a_command()
    if not slashed and (fold(word) in HOLDING or not _is_shortcut(commands[0], rest)):
        return _not_a_command()
    return _one_too_many(commands, rest, moment.table) or _read(commands, word, rest, moment)


def is_command(text: str, name: str, table: CommandTable = COMMANDS) -> bool:
    """Return whether a message is nothing but one command: a look at its word, cheaper than reading it."""
    word = fold(cleaned(text).strip(_POINTS).removeprefix("/").strip()).partition("@")[0]
    return word in table[name].all_words


def _is_shortcut(command: str, rest: str) -> bool:
    """Return whether a command's bare word is the whole message: "today"."""
    return forms_of(command)[0].lone and not rest.strip(_POINTS)


def _one_too_many(commands: Sequence[str], rest: str, table: CommandTable) -> Unclear | None:
    """Notice a second command in the message; of a text that is written down, a slash within its line is a part."""
    begins = re.finditer(_BEGINS_LINE if forms_of(commands[0])[0].text else _BEGINS, rest)
    another = next((one for one in begins if fold(one[1]) in table.of_word), None)
    if another is None:
        return None
    text = quoted([" ".join(rest[another.start() :].split())])
    return Unclear(questions.ONE_AT_A_TIME.format_map({"text": text}), command=commands[0])


def _first_word(text: str) -> tuple[str, str]:
    """Split a message into the word of its command, without slash and bot name, and what follows."""
    if text.startswith("/"):
        head = re.match(r"/\s*([^\s@]*)(?:@(\w+))?(?=\s|$)", text)
        return ("", "") if head is None else (head[1], text[head.end() :])
    word = re.match(r"[^\W\d_]+", text)
    return (word[0], text[word.end() :]) if word else ("", text)


def _unfit(text: str) -> Localized | None:
    example = pattern_of("link")
    if not text:
        return questions.EMPTY.format_map({"example": example})
    if len(text) > MOST_TEXT:
        return questions.TOO_LONG.format_map({"most": MOST_TEXT})
    return None if is_readable(text) else questions.UNREADABLE


def _not_a_command() -> Unclear:
    return Unclear(questions.NOT_A_COMMAND.format_map({"example": pattern_of("link")}), talk=True)


def _read(commands: Sequence[str], word: str, rest: str, moment: Moment) -> Reading:
    """Read what follows a command's word: by its form where that is text, days or an id, else as a sentence."""
    forms = [one for command in commands for one in forms_of(command)]
    lone = next((one for one in forms if one.lone and one.shortcut is None), None)
    if lone is not None and not rest.strip(_POINTS):
        return Requests((lone.method(),))
    form = forms[0]
    strict = _by_form(form, rest)
    if isinstance(strict, tuple):
        return Requests(strict)
    if strict is not None and (form.text is not None or form.code is not None):
        return Unclear(strict.question, strict.missing, commands[0])
    return _as_sentence(forms, word, rest, moment)


def _by_form(form: CommandForm, rest: str) -> tuple[Method[Any], ...] | Clarification | None:
    """Read a command whose end is a text, days, an id, or nothing; None where it names records."""
    if form.shortcut is not None:
        return (form.method(**form.shortcut.gives),) if not rest.strip(_POINTS) else None
    if form.text is not None:
        return read_free_text(form, rest)
    if form.code is not None:
        return read_change_id(form, form.code, rest)
    return read_days(form, rest) if form.days else None


def _unknown(word: str, rest: str, moment: Moment) -> Reading:
    """Read a verb of everyday language behind a slash, "/show booking 14"; of any other word say that it is unknown."""
    acts = frozenset(act for one in meanings_of(fold(word)) if one.sort is Sort.VERB for act in one.acts)
    if not acts:
        return Unclear(hints.unknown(word, moment.table))
    understood = _understood(f"{word}{rest}", moment, SlashCommand(word, acts))
    return _reading(understood, None)


def _as_sentence(forms: Sequence[CommandForm], word: str, rest: str, moment: Moment) -> Reading:
    language: Language = detect_language(f"{word} {rest}") or "en"
    replaces = _REPLACING.search(rest)
    rest = _QUOTED_RECORD.sub(r"\1", rest[: replaces.start()] if replaces else rest)
    noun = any(form.noun for form in forms) or not any(form.items or form.owner for form in forms)
    named = name_numbers(f"{word}{rest}" if noun else rest, _meant(forms, word), language)
    verb = any(one.sort is Sort.VERB for one in meanings_of(fold(word)))
    acts = frozenset(intent.act for form in forms for intent in form.method.intents)
    methods = frozenset(form.method for form in forms)
    command = SlashCommand(word, acts, methods, replaces=replaces is not None)
    text = f"{word} {named}" if verb and not noun else named
    return _reading(_understood(text, moment, command), forms[0], rest)


def _meant(forms: Sequence[CommandForm], word: str) -> Sequence[CommandForm]:
    """Return the forms of the first command where the word is its own name, and all of them where several share it."""
    first = [form for form in forms if form.command == forms[0].command]
    return first if fold(word) in {fold(first[0].word(one)) for one in LANGUAGES} else forms


def _understood(text: str, moment: Moment, command: SlashCommand) -> Understood:
    return read(text, moment.now, moment.zone, moment.portal_host, command)


def _reading(understood: Understood, form: CommandForm | None, rest: str = "") -> Reading:
    """Return the requests of what may run; anything else is shown or asked about."""
    command = form.command if form else None
    tool, each = understood.tool, understood.each
    several = understood.grade is Grade.ASK and bool(each) and len(understood.missing) == 1
    named = understood.certainty is Certainty.NAMED
    if tool is not None and not named and (understood.grade is Grade.RUN or several):
        if len(each) > (most := most_of(tool)):
            return Unclear(questions.TOO_MANY.format_map({"most": most}), command=command)
        with suppress(ValidationError):
            return Requests(requests_of(understood, understood.arguments))
    question = questions.NOT_A_COMMAND.format_map({"example": pattern_of("link")})
    if command is not None and rest.strip():
        question = questions.UNCLAIMED.format_map({"text": quoted([rest.strip()]), "example": pattern_of(command)})
    return Unclear(understood.question or question, understood.missing, command, understood=understood)
