"""From what a command names to its requests: whose number is whose, what is missing, what cannot be both. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any, Final, TypeAlias

from pydantic import ValidationError

from bot import questions
from bot.claims import Claims, Run
from bot.forms import Form, examples_of, forms_of
from linkdesk.problems import problems_of
from tool_specs.crm_ref import CrmRef
from tool_specs.method import Method
from tool_specs.said import Said, joined
from tool_specs.words import FROM, TO, Owner

MOST_REQUESTS: Final = 20


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked back."""

    question: Said
    missing: tuple[str, ...] = ()
    unclaimed: tuple[str, ...] = ()


Owned: TypeAlias = tuple[Owner, int]


@dataclass(frozen=True, slots=True)
class _Named:
    """Who holds what, once every number has its place."""

    owners: list[Owned]
    items: list[CrmRef]


def filled(command: str, claims: Claims) -> tuple[Method[Any], ...] | Asked:
    """Fill the command's arguments from what was named."""
    form = forms_of(command)[0]
    if (asked := _unsure(form, claims)) is not None:
        return asked
    named = _assigned(form, claims)
    if isinstance(named, Asked):
        return named
    if not named.owners:
        facts = {"owner": form.owner.said, "example": _example(form)}
        return Asked(questions.WHICH_OWNER.having(facts), missing=_missing(form, named, claims))
    if form.items and not claims.all and not named.items:
        facts = {"items": questions.types_said(form.allowed), "example": _example(form)}
        return Asked(questions.WHICH_ITEMS.having(facts), missing=_missing(form, named, claims))
    return _requests(command, named, claims)


def _example(form: Form) -> Said:
    return examples_of(form.command)[0]


def _missing(form: Form, named: _Named, claims: Claims) -> tuple[str, ...]:
    items = () if named.items or claims.all else form.items
    return (*(() if named.owners else (form.owner.field,)), *items)


def _unsure(form: Form, claims: Claims) -> Asked | None:
    """Find what may be meant in two ways."""
    if claims.doubts:
        return _unsure_numbers(form, claims.doubts)
    for run in claims.runs:
        if not run.parts and run.card is None and not (run.beside_all and claims.all):
            missing = (run.owner.field,) if run.owner else form.items[:1]
            question = questions.NO_NUMBER.having({"text": run.noun, "example": _example(form)})
            return Asked(question, missing=missing)
    if claims.all and any(run.refs for run in claims.items):
        texts = [claims.all, *(run.text for run in claims.items if run.refs)]
        return Asked(questions.ALL_AND_ITEMS.having({"text": questions.quoted(texts)}), unclaimed=tuple(texts))
    if claims.replace and _replaces_unclearly(claims):
        example = _example(form)
        said = Said(en=f"{example.en} replace", ru=f"{example.ru} заменить")
        return Asked(questions.REPLACE_UNSURE.having({"example": said}), unclaimed=(claims.replace,))
    return None


def _replaces_unclearly(claims: Claims) -> bool:
    """Tell whether the items may be the new ones and the old ones: "replace deal 7 with deal 5"."""
    types = [run.type for run in claims.items]
    between = any(run.preposition for run in claims.items[1:])
    return claims.replace_misplaced or between or len(types) != len(set(types))


def _unsure_numbers(form: Form, texts: Sequence[str]) -> Asked:
    facts = {"text": questions.quoted(texts), "example": _example(form)}
    return Asked(questions.UNSURE_NUMBERS.having(facts), unclaimed=tuple(texts))


def _assigned(form: Form, claims: Claims) -> _Named | Asked:
    """Give the numbers that have no noun to the owner or to the items, where only one reading makes sense."""
    owners = [(run.owner, number) for run in claims.owners if run.owner for number in run.ids]
    items = [ref for run in claims.items for ref in run.refs]
    wants_items = bool(form.items) and not claims.all
    match claims.bare:
        case []:
            return _Named(owners, items)
        case [bare] if not owners and (items or not wants_items) and (len(bare.parts) == 1 or not form.items):
            return _Named([(form.owner, number) for number in bare.ids], items)
        case [bare] if not items and wants_items and (owners or len(bare.parts) == 1 or not bare.listed):
            return _positional(form, owners, bare)
        case _:
            return _unsure_numbers(form, [run.text for run in claims.bare])


def _positional(form: Form, owners: list[Owned], bare: Run) -> _Named | Asked:
    """Read "14 1 2": the owner first, then the items; or all of them items, where the owner is named."""
    rest = bare.parts
    if not owners:
        first, *rest = bare.parts
        owners = [(form.owner, number) for number in first.ids]
    if not rest:
        return _Named(owners, [])
    if form.bare is None:
        texts = [part.text for part in rest]
        facts = {"text": questions.quoted(texts), "example": _example(form)}
        return Asked(questions.WHICH_TYPE.having(facts), missing=form.items[:1], unclaimed=tuple(texts))
    return _Named(owners, [CrmRef(type=form.bare, id=number) for part in rest for number in part.ids])


def _requests(command: str, named: _Named, claims: Claims) -> tuple[Method[Any], ...] | Asked:
    form_of = {form.owner.name: form for form in forms_of(command)}
    form = form_of[named.owners[0][0].name]
    arguments = list(_arguments(form, named, claims))
    if form.moves and not arguments:
        return Asked(questions.MOVE_UNSURE.having({"example": _example(form)}), missing=form.items)
    owners = list(dict.fromkeys((owner.name, number) for owner, number in named.owners))
    if len(owners) * len(arguments) > MOST_REQUESTS:
        return Asked(questions.TOO_MANY.having({"most": MOST_REQUESTS}))
    made: list[Method[Any]] = []
    for (name, number), rest in product(owners, arguments):
        method = form_of[name].method
        try:
            made.append(method.model_validate({form_of[name].owner.field: number, **rest}))
        except ValidationError as error:
            return Asked(_problems(error, method))
    return tuple(made)


def _problems(error: ValidationError, method: type[Method[Any]]) -> Said:
    """Say what a method finds wrong with its arguments."""
    said = joined([problem.problem for problem in problems_of(error, method)])
    return Said(
        en=f"{said.en[:1].upper()}{said.en[1:]}. Nothing was done.",
        ru=f"{said.ru[:1].upper()}{said.ru[1:]}. Ничего не сделано.",
    )


def _arguments(form: Form, named: _Named, claims: Claims) -> Iterator[dict[str, Any]]:
    """Give the arguments beside the owner, once for each request."""
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


def _from_and_to(form: Form, claims: Claims) -> Iterator[dict[str, Any]]:
    """Tell by the prepositions which CRM item is left, else by the order."""
    runs = claims.items
    if [len(run.refs) for run in runs] != [1, 1]:
        return
    first, second = runs
    turned = first.preposition in TO - FROM or second.preposition in FROM - TO
    straight = first.preposition in FROM - TO or second.preposition in TO - FROM
    if turned and straight:
        return
    source, target = (second, first) if turned else (first, second)
    yield dict(zip(form.items, (source.refs[0], target.refs[0]), strict=True))
