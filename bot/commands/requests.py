"""From what was understood to the requests of the desk: one, or one for each of the numbers. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from pydantic import ValidationError

from bot.commands.forms import FORMS, CommandForm
from bot.commands.questions import Clarification
from bot.nlu.result import Understood
from linkdesk.errors.argument_labels import argument_label
from linkdesk.errors.base import Problem
from linkdesk.errors.validation import ARGUMENTS, collect_problems
from tool_specs.declaration.localized import Localized, join_with_commas
from tool_specs.declaration.method import Effect, Method
from tool_specs.methods.booking_links import SetBookingLinks
from tool_specs.recipes.bulk import MAX_BOOKINGS

MOST_REQUESTS: Final = 20
MOST_DELETED: Final = 5
"""How many records one message may ask to delete: each is shown with all it holds."""


def requests_of(understood: Understood, arguments: Mapping[str, Any]) -> tuple[Method[Any], ...]:
    """Make the requests of a sentence: one, or one for each of the numbers that were named.

    Raises:
        pydantic.ValidationError: the arguments do not fit together.
    """
    if understood.tool is None:
        return ()
    if not understood.each:
        return (understood.tool.model_validate(dict(arguments)),)
    (name,) = understood.missing
    return tuple(understood.tool.model_validate({**arguments, name: number}) for number in understood.each)


def most_of(tool: type[Method[Any]]) -> int:
    """Return how many records one message may ask the same for; bookings to link become one plan."""
    if tool is SetBookingLinks:
        return MAX_BOOKINGS
    form = next((form for form in FORMS if form.method is tool), None)
    return MOST_DELETED if form is not None and tool.effect is Effect.DESTRUCTIVE and not form.items else MOST_REQUESTS


def make_request(form: CommandForm, arguments: dict[str, Any]) -> Method[Any] | Clarification:
    """Make the request, or say what its arguments lack."""
    try:
        return form.method.model_validate(arguments)
    except ValidationError as error:
        return Clarification(_problems(error, form.method))


def _problems(error: ValidationError, method: type[Method[Any]]) -> Localized:
    """Describe what a method rejects in its arguments."""
    said = join_with_commas([_spoken(problem) for problem in collect_problems(error, method)])
    return Localized(
        en=f"{said.en[:1].upper()}{said.en[1:]}. Nothing was done.",
        ru=f"{said.ru[:1].upper()}{said.ru[1:]}. Ничего не сделано.",
    )


def _spoken(problem: Problem) -> Localized:
    if problem.field == ARGUMENTS:
        return problem.problem
    name = argument_label(problem.field.partition(".")[0])
    return Localized(en=f"{name.en}: {problem.problem.en}", ru=f"{name.ru}: {problem.problem.ru}")
