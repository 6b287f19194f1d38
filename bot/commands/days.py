"""Reading a command about days: none, one, or the first and the last, as ISO dates. Pure."""

from __future__ import annotations

import re
from typing import Any, Final, get_args

from bot.commands import questions
from bot.commands.forms import CommandForm
from bot.commands.questions import Clarification
from bot.commands.requests import make_request
from bot.nlu.lexicon_data.command_words import FROM, TO, UP_TO
from bot.rendering.quotation import quoted
from tool_specs.declaration.method import Method
from tool_specs.declaration.text import fold
from tool_specs.declaration.times import DayWord
from tool_specs.methods.booking import ListBookings

_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_BETWEEN: Final = frozenset({"-", "–", "—", "...", "..", "…", "on", "for", "за"}) | FROM | TO | UP_TO


def read_days(form: CommandForm, rest: str) -> tuple[Method[Any], ...] | Clarification:
    """Read the days after a command; one day is the first and the last."""
    for shortcut in form.method.shortcuts:
        # "/bookings tomorrow" is what "/tomorrow" is.
        if fold(rest.strip(" .!")) in {fold(shortcut.said.en), fold(shortcut.said.ru)}:
            return (form.method(**shortcut.gives),)
    if form.days == ("day",) and (word := _day_word(rest)):
        request = make_request(form, {"day": word})
        return request if isinstance(request, Clarification) else (request,)
    days: list[str] = []
    unclaimed: list[str] = []
    for piece in re.sub(r"(?<=[0-9])(?:\.{2,3}|…|–|—)(?=[0-9])", " ", rest).split():
        text = piece.strip(",;.:")
        if _DAY.fullmatch(text) and len(days) < len(form.days):
            days.append(text)
        elif text and fold(piece) not in _BETWEEN:
            unclaimed.append(piece)
    if unclaimed:
        facts = {"text": quoted(unclaimed), "example": form.pattern(whole=True)}
        return Clarification(questions.UNCLAIMED.format_map(facts), unclaimed=tuple(unclaimed))
    request = make_request(form, dict(zip(form.days, [*days, *days[-1:]], strict=False)) if days else {})
    return request if isinstance(request, Clarification) else (request,)


def _day_word(rest: str) -> str:
    """Return the word for one day, of those that a list of bookings takes: "/picture tomorrow"."""
    said = fold(rest.strip(" .!"))
    named = {
        fold(words): str(shortcut.gives["days"])
        for shortcut in ListBookings.shortcuts
        if shortcut.gives["days"] in get_args(DayWord)
        for words in (shortcut.said.en, shortcut.said.ru)
    }
    return named.get(said, "")
