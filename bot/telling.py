"""The answer to one message, put together from what came of each of its requests."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from bot import speech
from bot.finding import is_empty, searches
from bot.forms import form_of
from bot.grammar import NOTHING_CHANGED
from bot.wording import Text, joined
from linkdesk.errors import Changed, Trouble
from linkdesk.outcome import Outcome
from tool_specs.method import Effect, Method
from tool_specs.said import Language, Said

NOT_TRIED: Final = Said(en="Not tried after that: {rest}.", ru="Дальше не выполнялось: {rest}.")
UNCHANGED: Final = Said(en="Nothing was changed for {about}.", ru="Без изменений: {about}.")
ALIKE: Final = Said(en="The same for {about}.", ru="То же самое: {about}.")


@dataclass(slots=True)
class _Refusal:
    """One error, and the requests that it came of."""

    text: Text
    unchanged: bool
    about: list[str] = field(default_factory=list[str])


class Telling:
    """What is said of the requests of one message, in their order; the same refusal is said once."""

    def __init__(self, methods: Sequence[Method[Any]], language: Language, year: int, typed: str = "") -> None:
        """Take the requests, the language, the year that goes without saying, and the message as it was typed."""
        self._methods = methods
        self._typed = typed if len(methods) == 1 else ""
        self._language: Language = language
        self._year = year
        self._parts: list[Text | _Refusal] = []
        self._left: list[str] = []
        self._searches = searches(methods)
        self._empty = 0
        short = [_about(method) for method in methods]
        alike = len(set(short)) < len(short)
        self._abouts = [_about(method, whole=True) for method in methods] if alike else short

    @property
    def _alone(self) -> bool:
        return len(self._methods) == 1

    def outcome(self, outcome: Outcome) -> None:
        """Add what came of a request; that nothing was found is said once, where nothing was found anywhere."""
        if self._searches and is_empty(outcome):
            self._empty += 1
            if self._empty == len(self._searches):
                self._parts.append(speech.nothing_found(self._searches[0], self._language))
            return
        self._parts.append(speech.said(outcome, self._language, year=self._year, alone=self._alone))

    def trouble(self, place: int, trouble: Trouble) -> None:
        """Add an error, where several were asked for with what it is about."""
        method = self._methods[place]
        write = method.effect is not Effect.READ
        text = speech.said_trouble(trouble, self._language, write=write, typed=self._typed)
        if self._alone:
            self._parts.append(text)
            return
        about = self._abouts[place].to(self._language)
        unchanged = write and trouble.changed is Changed.NO
        known = [part for part in self._parts if isinstance(part, _Refusal) and part.text == text]
        refusal = known[0] if known else _Refusal(text, unchanged)
        refusal.about.append(about)
        if not known:
            self._parts.append(refusal)

    def left_out(self, place: int) -> None:
        """Note a request that was not begun."""
        self._left.append(self._abouts[place].to(self._language))

    def not_asked(self, trouble: Trouble) -> None:
        """Say why nobody can be asked about what has to wait."""
        # Of several requests, others may have been done.
        self._parts.append(speech.said_trouble(trouble, self._language, write=self._alone))

    def not_tried(self, place: int) -> None:
        """Name the bookings and the like whose turn did not come."""
        left = dict.fromkeys(about.to(self._language) for about in self._abouts[place:])
        if left:
            self.remark(NOT_TRIED.having({"rest": ", ".join(left)}))

    def remark(self, said: Said) -> None:
        """Add a line."""
        self._parts.append(Text.of(said.to(self._language)))

    def question(self) -> None:
        """Add the question for a yes or a no."""
        self._parts.append(speech.question(self._language))

    def text(self) -> Text:
        """Give the whole answer."""
        if self._left:
            self.remark(NOT_TRIED.having({"rest": ", ".join(dict.fromkeys(self._left))}))
            self._left = []
        return joined([self._refused(part) if isinstance(part, _Refusal) else part for part in self._parts], "\n")

    def _refused(self, refusal: _Refusal) -> Text:
        """Say of which records an error is; "Nothing was changed" would speak of the others too."""
        about = ", ".join(refusal.about)
        if refusal.unchanged:
            said = UNCHANGED.having({"about": about}).to(self._language)
            text = refusal.text.plain.replace(NOTHING_CHANGED.to(self._language), said, 1)
            return Text.of(text)
        if len(refusal.about) > 1:
            return refusal.text + "\n" + ALIKE.having({"about": ", ".join(refusal.about[1:])}).to(self._language)
        return refusal.text


def _about(method: Method[Any], *, whole: bool = False) -> Said:
    form = form_of(method)
    return method.title if form is None else form.about(method, whole=whole)
