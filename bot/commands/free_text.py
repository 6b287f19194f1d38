"""Reading a command whose end is free text: what to look for, what to write down. Pure.

The text is taken as it was written, so whatever stands before it has to be beyond doubt.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Final

from bot.commands import questions
from bot.commands.arguments import make_request
from bot.commands.forms import CommandForm
from bot.commands.questions import Clarification
from bot.commands.slots import owner_at
from bot.commands.tokenizer import Token, TokenKind, tokenize
from bot.nlu.lexicon_data.command_words import SILENT, TYPE_OF_WORD, Owner
from bot.rendering.quotation import quoted
from tool_specs.declaration.method import Method
from tool_specs.declaration.text import fold

FEWEST_DIGITS: Final = 7
"""What has fewer digits is not taken for a phone number."""

_EMAIL: Final = re.compile(r"[^@\s]+@[^@\s.]+(?:\.[^@\s.]+)+")
_PHONE: Final = re.compile(r"\+?[0-9][0-9\s()./-]*")
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_QUOTED: Final = re.compile(r"[\"“«'](.*)[\"”»']", re.DOTALL)
_BEFORE_TEXT: Final = re.compile(r"(?P<noun>[^0-9#№]*)(?P<number>(?:[#№]\s?)?[0-9]\S*)(?:\s+(?P<text>.*))?", re.DOTALL)


def read_free_text(form: CommandForm, word: str, rest: str) -> tuple[Method[Any], ...] | Clarification:
    """Read the line after the command's word, which answers name as it was typed."""
    rest = rest.strip()
    arguments = _searched(form, rest) if form.owner is None else _owned(form, form.owner, word, rest)
    request = arguments if isinstance(arguments, Clarification) else make_request(form, arguments)
    return request if isinstance(request, Clarification) else (request,)


def _searched(form: CommandForm, text: str) -> dict[str, Any] | Clarification:
    """Read "contact Smith": a type of CRM items where one is named, and what to look for."""
    kind: dict[str, Any] = {}
    first, _, others = text.partition(" ")
    if form.kind is not None and (name := TYPE_OF_WORD.get(fold(first.rstrip(":,")))) is not None:
        kind, text = {form.kind: name}, others.strip()
    if quoted := _QUOTED.fullmatch(text):
        text = quoted[1].strip()
    if not text:
        return _no_text(form)
    return {**kind, _way_to_search(form, text): text}


def _way_to_search(form: CommandForm, text: str) -> str:
    """Name the argument that the text is for: phone numbers and email addresses have their own."""
    known = form.method.model_fields
    digits = sum(letter.isdigit() for letter in text)
    if "email" in known and _EMAIL.fullmatch(text):
        return "email"
    if "phone" in known and digits >= FEWEST_DIGITS and _PHONE.fullmatch(text) and not _DAY.fullmatch(text):
        return "phone"
    return form.text or ""


def _owned(form: CommandForm, owner: Owner, word: str, rest: str) -> dict[str, Any] | Clarification:
    """Read "waitlist 4 call before noon": the noun, one number, and the text."""
    match = _BEFORE_TEXT.fullmatch(rest)
    words = [token for token in tokenize(match["noun"] if match else "") if token.word not in SILENT]
    if match is None or not words:
        return Clarification(questions.which_owner(owner, form.examples(whole=True)), missing=(owner.field,))
    number, text = tokenize(match["number"].rstrip(":")), (match["text"] or "").strip()
    asked = _wrong_noun(form, owner, word, words)
    if asked is None and (len(number) != 1 or len(number[0].ids) != 1 or _goes_on(number[0], text)):
        shown = quoted([f"{match['number']} {text[:10]}".strip()])
        question = questions.UNSURE_NUMBERS.format_map({"text": shown, "example": form.examples(whole=True)})
        asked = Clarification(question, unclaimed=(match["number"],))
    if asked is not None:
        return asked
    return {owner.field: number[0].ids[0], form.text or "": text} if text else _no_text(form)


def _wrong_noun(form: CommandForm, owner: Owner, command: str, words: Sequence[Token]) -> Clarification | None:
    """Say what is wrong with what stands before the number, if anything is."""
    named, length = owner_at(words, 0)
    texts = tuple(token.text for token in words[length if named else 0 :])
    if texts:
        question = questions.UNCLAIMED.format_map({"text": quoted(texts), "example": form.examples(whole=True)})
        return Clarification(question, unclaimed=texts)
    if named != owner:
        text = quoted([word.text for word in words])
        allowed = questions.taken([owner.name], [])
        question = questions.NOT_TAKEN.format_map({"command": f"/{command}", "text": text, "allowed": allowed})
        return Clarification(question, unclaimed=tuple(word.text for word in words))
    return None


def _goes_on(number: Token, text: str) -> bool:
    """Return whether the text goes on with more numbers, as in "4, 5 and 6" or "4 - 6"."""
    first, *others = [*tokenize(f"{number.text} {text[:40]}"), number]
    listed = (
        bool(others) and others[0].kind is TokenKind.COMMA and len(others) > 1 and others[1].kind is TokenKind.NUMBERS
    )
    return listed or first.ids != number.ids


def _no_text(form: CommandForm) -> Clarification:
    return Clarification(
        questions.NO_TEXT.format_map({"example": form.examples(whole=True)}), missing=(form.text or "",)
    )
