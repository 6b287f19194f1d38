"""Arguments of a command: assign the numbers to records, find what is missing or contradictory. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any, Final

from pydantic import ValidationError

from bot.commands import questions
from bot.commands.forms import CommandForm, examples_of, forms_of
from bot.commands.questions import Clarification
from bot.commands.slots import NamedNumbers, Slots
from bot.nlu.lexicon_data.command_words import FROM, TO, Owner
from bot.rendering.quotation import quoted
from linkdesk.errors.argument_labels import argument_label
from linkdesk.errors.base import Problem
from linkdesk.errors.validation import ARGUMENTS, collect_problems
from tool_specs.declaration.crm_ref import CrmRef
from tool_specs.declaration.localized import Localized, join_with_commas
from tool_specs.declaration.method import Effect, Method
from tool_specs.methods.booking_links import SetBookingLinks
from tool_specs.recipes.bulk import MAX_BOOKINGS

MOST_REQUESTS: Final = 20
MOST_DELETED: Final = 5
"""How many records one message may ask to delete: each is shown with all it holds."""

Owned = tuple[Owner, int]


@dataclass(frozen=True, slots=True)
class _Named:
    """Owners and CRM items, once every number is assigned."""

    owners: list[Owned]
    items: list[CrmRef]


def fill_arguments(command: str, claims: Slots) -> tuple[Method[Any], ...] | Clarification:
    """Fill the command's arguments from what was named."""
    lone = next((form for form in forms_of(command) if form.lone), None)
    if lone is not None and _names_nothing(claims):
        return (lone.method(),)
    form = _form_for(command, claims)
    if form is None:
        texts = tuple(run.text for run in claims.runs)
        facts = {"text": quoted(texts), "example": examples_of(command)[0]}
        return Clarification(questions.UNCLAIMED.format_map(facts), unclaimed=texts)
    named = _unsure(form, claims) or _assigned(form, claims)
    return named if isinstance(named, Clarification) else _whole(form, named, claims)


def _form_for(command: str, claims: Slots) -> CommandForm | None:
    """Return the form for the owner that was named, or the command's first."""
    forms = [form for form in forms_of(command) if not form.lone]
    named = [form for form in forms for run in claims.owners[:1] if form.owner == run.owner]
    return next(iter([*named, *forms]), None)


def _whole(form: CommandForm, named: _Named, claims: Slots) -> tuple[Method[Any], ...] | Clarification:
    """Make the requests, or ask for what is missing."""
    if form.owner is not None and not named.owners:
        question = questions.which_owner(form.owner, form.examples())
        return Clarification(question, missing=_missing(form, named, claims))
    if form.items and not claims.all and not named.items:
        example = form.examples(owner=named.owners[0][1] if len(named.owners) == 1 else None)
        question = questions.which_items(form.allowed, example, moves=form.moves)
        return Clarification(question, missing=_missing(form, named, claims))
    return _requests(form.command, named, claims)


def _names_nothing(claims: Slots) -> bool:
    """Return whether nothing was said beside the command, or the noun that is its word."""
    return not any(run.parts or run.card or run.beside_all for run in claims.runs) and len(claims.runs) <= 1


def _missing(form: CommandForm, named: _Named, claims: Slots) -> tuple[str, ...]:
    items = () if named.items or claims.all else form.items
    return (*(() if named.owners or form.owner is None else (form.owner.field,)), *items)


def _unsure(form: CommandForm, claims: Slots) -> Clarification | None:
    """Return a question where the command is ambiguous, or None."""
    if claims.doubts:
        return _unsure_numbers(form, claims.doubts)
    for run in claims.runs:
        if not run.parts and run.card is None and not (run.beside_all and claims.all):
            missing = (run.owner.field,) if run.owner else form.items[:1]
            question = questions.NO_NUMBER.format_map({"text": run.noun, "example": form.examples()})
            return Clarification(question, missing=missing)
    if claims.all and any(run.refs for run in claims.items):
        texts = [claims.all, *(run.text for run in claims.items if run.refs)]
        return Clarification(questions.ALL_AND_ITEMS.format_map({"text": quoted(texts)}), unclaimed=tuple(texts))
    if claims.replace and _replaces_unclearly(claims):
        example = form.examples()
        said = Localized(en=f"{example.en} replace", ru=f"{example.ru} заменить")
        return Clarification(questions.REPLACE_UNSURE.format_map({"example": said}), unclaimed=(claims.replace,))
    return None


def _replaces_unclearly(claims: Slots) -> bool:
    """Return whether the items may be the new ones and the old ones: "replace deal 7 with deal 5"."""
    types = [run.type for run in claims.items]
    between = any(run.preposition for run in claims.items[1:])
    return claims.replace_misplaced or between or len(types) != len(set(types))


def _unsure_numbers(form: CommandForm, texts: Sequence[str]) -> Clarification:
    facts = {"text": quoted(texts), "example": form.examples()}
    return Clarification(questions.UNSURE_NUMBERS.format_map(facts), unclaimed=tuple(texts))


def _assigned(form: CommandForm, claims: Slots) -> _Named | Clarification:
    """Assign the numbers that have no noun to the owner or to the items, where only one reading makes sense."""
    owners = [(run.owner, number) for run in claims.owners if run.owner for number in run.ids]
    items = [ref for run in claims.items for ref in run.refs]
    wants_items = bool(form.items) and not claims.all
    if not claims.bare:
        split = form.owner if wants_items and len(claims.runs) == 1 and claims.runs[0].one_first else None
        return _Named(owners, items) if split is None else _positional(form, split, [], claims.runs[0])
    return _assign_bare(form, _Named(owners, items), claims.bare, wants_items=wants_items)


def _assign_bare(
    form: CommandForm, named: _Named, bare_runs: Sequence[NamedNumbers], *, wants_items: bool
) -> _Named | Clarification:
    """Assign the numbers without a noun, beside what has one."""
    texts = [run.text for run in bare_runs]
    if form.owner is None:
        return _which_type(form, texts)
    if not _may_guess(form):
        return _unsure_numbers(form, texts)
    match bare_runs:
        case [bare] if not named.owners and (named.items or not wants_items) and (_is_one_part(bare) or not form.items):
            return _Named([(form.owner, number) for number in bare.ids], named.items)
        case [bare] if not named.items and wants_items and (named.owners or _is_one_part(bare) or not bare.listed):
            return _positional(form, form.owner, named.owners, bare)
        case _:
            return _unsure_numbers(form, texts)


def _is_one_part(run: NamedNumbers) -> bool:
    """Return whether the numbers are one number or one range."""
    return len(run.parts) == 1


def _may_guess(form: CommandForm) -> bool:
    """Return whether a number alone is the first kind of owner: never where the wrong record would be deleted."""
    owners = {one.owner.name for one in forms_of(form.command) if one.owner}
    return bool(form.items) or form.method.effect is Effect.READ or len(owners) == 1


def _which_type(form: CommandForm, texts: Sequence[str]) -> Clarification:
    facts = {"text": quoted(texts), "example": form.examples()}
    return Clarification(questions.WHICH_TYPE.format_map(facts), missing=form.items[:1], unclaimed=tuple(texts))


def _positional(form: CommandForm, owner: Owner, owners: list[Owned], bare: NamedNumbers) -> _Named | Clarification:
    """Read "14 1 2": the owner first, then the items; or all of them items, where the owner is named."""
    rest = bare.parts
    if not owners:
        first, *rest = bare.parts
        owners = [(owner, number) for number in first.ids]
    if not rest:
        return _Named(owners, [])
    if form.bare is None:
        return _which_type(form, [part.text for part in rest])
    return _Named(owners, [CrmRef(type=form.bare, id=number) for part in rest for number in part.ids])


def _requests(command: str, named: _Named, claims: Slots) -> tuple[Method[Any], ...] | Clarification:
    form_of = {form.owner.name if form.owner else "": form for form in forms_of(command) if not form.lone}
    owners = list(dict.fromkeys((owner.name, number) for owner, number in named.owners)) or [("", 0)]
    form = form_of[owners[0][0]]
    arguments = list(_arguments(form, named, claims))
    if form.moves and not arguments:
        return Clarification(questions.MOVE_UNSURE.format_map({"example": form.examples()}), missing=form.items)
    if len(named.items) > MOST_REQUESTS:
        return Clarification(questions.TOO_MANY.format_map({"most": MOST_REQUESTS}))
    most = most_of(form)
    if len(owners) * len(arguments) > most:
        return Clarification(questions.TOO_MANY.format_map({"most": most}))
    made: list[Method[Any]] = []
    for (name, number), rest in product(owners, arguments):
        one = form_of[name]
        owned = {one.owner.field: number} if one.owner else {}
        made_of = make_request(one, {**owned, **({"all": True} if one.clears else {}), **rest})
        if isinstance(made_of, Clarification):
            return made_of
        made.append(made_of)
    return tuple(made)


def most_of(form: CommandForm) -> int:
    """Return how many requests of a form one message may hold; bookings to link become one plan."""
    if form.method is SetBookingLinks:
        return MAX_BOOKINGS
    return MOST_DELETED if form.method.effect is Effect.DESTRUCTIVE and not form.items else MOST_REQUESTS


def make_request(form: CommandForm, arguments: dict[str, Any]) -> Method[Any] | Clarification:
    """Build the request, or ask about its invalid arguments."""
    try:
        return form.method.model_validate(arguments)
    except ValidationError as error:
        return Clarification(_problems(error, form.method))


def _problems(error: ValidationError, method: type[Method[Any]]) -> Localized:
    """Render the validation errors of a method's arguments."""
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


def _arguments(form: CommandForm, named: _Named, claims: Slots) -> Iterator[dict[str, Any]]:
    """Return the arguments beside the owner, once for each request."""
    if not form.items:
        yield {}
    elif claims.all:
        yield {"all": True}
    elif form.moves:
        yield from _from_and_to(form, claims)
    elif form.takes_list:
        yield {form.items[0]: list(dict.fromkeys(named.items)), **({"mode": "replace"} if claims.replace else {})}
    else:
        yield from ({form.items[0]: ref} for ref in dict.fromkeys(named.items))


def _from_and_to(form: CommandForm, claims: Slots) -> Iterator[dict[str, Any]]:
    """Yield source and target of a move, by their prepositions or else by their order."""
    runs = claims.items
    if [len(run.refs) for run in runs] != [1, 1]:
        return
    first, second = runs
    turn_page = first.preposition in TO - FROM or second.preposition in FROM - TO
    straight = first.preposition in FROM - TO or second.preposition in TO - FROM
    if turn_page and straight:
        return
    source, target = (second, first) if turn_page else (first, second)
    yield dict(zip(form.items, (source.refs[0], target.refs[0]), strict=True))
