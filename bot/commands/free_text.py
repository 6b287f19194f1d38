"""Reading a command whose end is free text: what to look for, what to write down. Pure.

The text is taken as it was written, so whatever stands before it has to be beyond doubt.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any, Final

from bot.commands import questions
from bot.commands.forms import CommandForm
from bot.commands.questions import Clarification
from bot.commands.requests import make_request
from bot.nlu.lexicon_data.command_words import TYPE_OF_WORD, Owner
from bot.nlu.sentence import analyze
from bot.rendering.quotation import quoted
from tool_specs.declaration.method import Method
from tool_specs.declaration.text import fold

FEWEST_DIGITS: Final = 7
"""What has fewer digits is not taken for a phone number."""

_EMAIL: Final = re.compile(r"[^@\s]+@[^@\s.]+(?:\.[^@\s.]+)+")
_PHONE: Final = re.compile(r"\+?[0-9][0-9\s()./-]*")
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_QUOTED: Final = re.compile(r"[\"“«'](.*)[\"”»']", re.DOTALL)
_NOW: Final = datetime(2026, 1, 1, tzinfo=UTC)
"""Numbers are placed whatever the day is."""
_GOES_ON: Final = re.compile(r"(?:[,;&]|and\b|и\b|[-–—])\s*\d", re.IGNORECASE)
"""The text goes on with more numbers, as in "4, 5 and 6" or "4 - 6"."""
_BEFORE_TEXT: Final = re.compile(r"(?P<noun>[^0-9#№]*)(?P<number>(?:[#№]\s?)?[0-9]\S*)(?:\s+(?P<text>.*))?", re.DOTALL)


def read_free_text(form: CommandForm, rest: str) -> tuple[Method[Any], ...] | Clarification:
    """Read the line after the command's word."""
    rest = rest.strip()
    arguments = _searched(form, rest) if form.owner is None else _owned(form, form.owner, rest)
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


def _owned(form: CommandForm, owner: Owner, rest: str) -> dict[str, Any] | Clarification:
    """Read "waitlist 4 call before noon": the noun, one number, and the text."""
    match = _BEFORE_TEXT.fullmatch(rest)
    noun = match["noun"].strip(" :") if match else ""
    if match is None or not noun:
        return Clarification(questions.which_owner(owner, form.pattern(whole=True)), missing=(owner.field,))
    number, text = match["number"].rstrip(":"), (match["text"] or "").strip()
    record = None if number[-1] in ",;" or _GOES_ON.match(text) else _record(owner, f"{noun} {number}")
    if record is None:
        shown = quoted([f"{noun} {number} {text[:10]}".strip()])
        question = questions.UNSURE_NUMBERS.format_map({"text": shown, "example": form.pattern(whole=True)})
        return Clarification(question, unclaimed=(noun, number))
    return {owner.field: record, form.text or "": text} if text else _no_text(form)


def _record(owner: Owner, text: str) -> int | None:
    """Return the number of the one record that a text names; None where it says anything else."""
    sentence = analyze(text, _NOW)
    named = [one for one in sentence.mentions if one.noun == owner.name and len(one.ids) == 1]
    clear = len(sentence.mentions) == 1 and not sentence.unknown and not sentence.dangers
    return named[0].ids[0] if named and clear else None


def _no_text(form: CommandForm) -> Clarification:
    return Clarification(
        questions.NO_TEXT.format_map({"example": form.pattern(whole=True)}), missing=(form.text or "",)
    )
