"""The answer to one message, built from the outcomes of its requests."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from bot.commands.forms import form_of
from bot.commands.search import is_empty, searches_of
from bot.rendering.dispatch import render_error, render_nothing_found, render_outcome, render_question
from bot.rendering.markup import Text, joined
from bot.rendering.phrases import NOTHING_CHANGED
from bot.rendering.plans import MISSING, NOT_FOUND, ranges
from linkdesk.errors.base import Changed, Trouble
from linkdesk.errors.render import render_shared
from linkdesk.handlers.plans import plan_view
from linkdesk.model.outcome import Outcome, ReadResult, SkippedPart, WaitingMany
from linkdesk.plans.model import StepState, StoredPlan
from linkdesk.plans.runner import MAX_INTERACTIVE_PARTS, StepOutcome
from tool_specs.declaration.localized import Language, Localized
from tool_specs.declaration.method import Effect, Method
from tool_specs.recipes.changes_and_plans import GetPlan

NOT_TRIED: Final = Localized(en="Not attempted after that: {rest}.", ru="Дальше не выполнялось: {rest}.")
UNCHANGED: Final = Localized(en="Nothing was changed for {about}.", ru="Без изменений: {about}.")
ALIKE: Final = Localized(en="The same for {about}.", ru="То же самое: {about}.")


@dataclass(slots=True)
class _Refusal:
    """One error, and the requests that it came of."""

    code: str
    what: str
    text: Text
    then: str
    unchanged: bool
    places: list[int] = field(default_factory=list[int])
    texts: set[Text] = field(default_factory=set[Text])


class Report:
    """Collects the outcomes of one message's requests in order; equal refusals are reported once."""

    def __init__(self, methods: Sequence[Method[Any]], language: Language, year: int, typed: str = "") -> None:
        """Take the requests, the language, the current year (left out of dates), and the message as typed."""
        self._methods = methods
        self._typed = typed if len(methods) == 1 else ""
        self._language: Language = language
        self._year = year
        self._parts: list[Text | _Refusal] = []
        self._left: list[int] = []
        self.unfit: list[SkippedPart] = []
        """What was asked for as well and will not be done."""
        self._searches = searches_of(methods)
        self._empty = 0
        short = [_about(method) for method in methods]
        alike = len(set(short)) < len(short)
        self._whole = alike
        self._abouts = [_about(method, whole=True) for method in methods] if alike else short

    @property
    def _alone(self) -> bool:
        return len(self._methods) == 1

    def outcome(self, outcome: Outcome) -> None:
        """Add an outcome; an empty search of all types is reported once."""
        self.unfit += outcome.unfit if isinstance(outcome, WaitingMany) else ()
        if self._searches and is_empty(outcome):
            self._empty += 1
            if self._empty == len(self._searches):
                self._parts.append(render_nothing_found(self._searches[0], self._language))
            return
        self._parts.append(render_outcome(outcome, self._language, year=self._year, alone=self._alone))

    def trouble(self, place: int, trouble: Trouble) -> None:
        """Add an error, where several were asked for with what it is about."""
        method = self._methods[place]
        write = method.effect is not Effect.READ
        text = render_error(trouble, self._language, write=write, typed=self._typed)
        if self._alone:
            self._parts.append(text)
            return
        what, then = render_shared(trouble, self._language)
        new = _Refusal(trouble.failure.code, what, text, then, unchanged=write and trouble.changed is Changed.NO)
        refusals = (part for part in self._parts if isinstance(part, _Refusal))
        refusal = next((one for one in refusals if _is_the_same(one, new)), new)
        refusal.places.append(place)
        refusal.texts.add(text)
        if refusal is new:
            self._parts.append(refusal)

    def left_out(self, place: int) -> None:
        """Add a request that was not started."""
        self._left.append(place)

    def not_asked(self, trouble: Trouble) -> None:
        """Add why the confirmation could not be stored."""
        # Of several requests, others may have been done.
        self._parts.append(render_error(trouble, self._language, write=self._alone))

    def not_tried(self, place: int) -> None:
        """List the records whose requests were not attempted."""
        if left := range(place, len(self._methods)):
            self.add_line(NOT_TRIED.format_map({"rest": self._named(left)}))

    def parts(self, done: StoredPlan, came: Mapping[int, StepOutcome]) -> None:
        """Add the outcomes of a plan's parts; many are summarized to fit the screen.

        Args:
            done: the plan, with how far its parts are.
            came: what came of each part, by its place.
        """
        if len(done.steps) > MAX_INTERACTIVE_PARTS:
            self._parts.append(report_of(done, self._year))
            return
        for place, step in enumerate(done.steps):
            one = came.get(place)
            if isinstance(one, Trouble):
                self.trouble(place, one)
            elif one is not None:
                self.outcome(one)
            elif step.state is StepState.NOT_TRIED:
                self.left_out(place)

    def add_line(self, said: Localized) -> None:
        """Add a line."""
        self._parts.append(Text.of(said.to(self._language)))

    def question(self) -> None:
        """Add the question for a yes or a no."""
        self._parts.append(render_question(self._language))

    def text(self) -> Text:
        """Return the whole answer."""
        if self._left:
            self.add_line(NOT_TRIED.format_map({"rest": self._named(self._left)}))
            self._left = []
        return joined([self._refused(part) if isinstance(part, _Refusal) else part for part in self._parts], "\n")

    def _refused(self, refusal: _Refusal) -> Text:
        """Name the records an error is about, as "Nothing was changed" would otherwise seem to be about all."""
        about = self._named(refusal.places)
        if len(refusal.texts) > 1:
            what = NOT_FOUND.format_map({"targets": about}).to(self._language)
            is_all = len(refusal.places) == len(self._methods)
            unchanged = NOTHING_CHANGED if is_all else UNCHANGED.format_map({"about": about})
            state = f"{unchanged.to(self._language)} " if refusal.unchanged else ""
            return Text.of(f"{what if refusal.code in MISSING else refusal.what}\n{state}{refusal.then}")
        if refusal.unchanged:
            said = UNCHANGED.format_map({"about": about}).to(self._language)
            text = refusal.text.plain.replace(NOTHING_CHANGED.to(self._language), said, 1)
            return Text.of(text)
        if len(refusal.places) > 1:
            return refusal.text + "\n" + ALIKE.format_map({"about": self._named(refusal.places[1:])}).to(self._language)
        return refusal.text

    def _named(self, places: Iterable[int]) -> str:
        """Name what some of the requests are about, the numbers of one kind together: "booking 14, 16, 20-40"."""
        kinds: dict[str, list[int]] = {}
        for place in places:
            about = self._abouts[place].to(self._language)
            kind, _, number = about.rpartition(" ")
            known = number.isdecimal() and not self._whole
            kinds.setdefault(kind if known else about, []).extend([int(number)] if known else [])
        return ", ".join(f"{kind} {ranges(numbers)}" if numbers else kind for kind, numbers in kinds.items())


def report_of(plan: StoredPlan, year: int) -> Text:
    """Render the state of a plan and the outcomes of its parts, equal ones grouped."""
    found = ReadResult(asked=GetPlan(plan_id=plan.id), shown=plan_view(plan, "UTC"))
    return render_outcome(found, plan.language, year=year)


def _is_the_same(one: _Refusal, other: _Refusal) -> bool:
    """Return whether two errors are told as one: the same sentence, or that different records do not exist."""
    if one.text == other.text:
        return True
    alike = one.what == other.what or one.code in MISSING
    return one.code == other.code and one.unchanged == other.unchanged and alike


def _about(method: Method[Any], *, whole: bool = False) -> Localized:
    form = form_of(method)
    return method.title if form is None else form.about(method, whole=whole)
