import ast
import json
import re
from typing import Any

import pydantic
import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkdesk.errors.argument_labels import ARGUMENT_LABELS
from linkdesk.errors.base import Trouble
from linkdesk.errors.codes import linkdesk as own_errors
from linkdesk.errors.render import render_for_chat, render_for_model
from linkdesk.errors.validation import ARGUMENTS, PROBLEM_TEXTS, collect_problems
from tests.support.paths import ROOT
from tool_specs import METHODS, TOOLS
from tool_specs.declaration.localized import LANGUAGES, Localized
from tool_specs.declaration.method import Method
from tool_specs.methods.activity_binding import AddActivityBinding, MoveActivityBinding
from tool_specs.methods.booking_links import ListBookingLinks, SetBookingLinks, UnsetBookingLinks

LATIN_IN_RUSSIAN = re.compile(r"CRM|T15|Europe/Moscow|name@example\.com|{\w+}")


def raised_in_tool_specs() -> dict[str, set[str]]:
    """Find each own type of validation error in the source, with the facts it carries."""
    found: dict[str, set[str]] = {}
    for module in (ROOT / "tool_specs").rglob("*.py"):
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
            match node:
                case ast.Call(func=ast.Name(id="PydanticCustomError"), args=[ast.Constant(value=str(name)), *more]):
                    facts = more[1].keys if len(more) > 1 and isinstance(more[1], ast.Dict) else []
                    found[name] = {str(key.value) for key in facts if isinstance(key, ast.Constant)}
                case _:
                    pass
    return found


def problems(method: type[Method[Any]], arguments: object) -> dict[str, Localized]:
    with pytest.raises(pydantic.ValidationError) as caught:
        method.model_validate(arguments)
    return {problem.field: problem.problem for problem in collect_problems(caught.value, method)}


def english(method: type[Method[Any]], arguments: object) -> dict[str, str]:
    return {field: said.en for field, said in problems(method, arguments).items()}


def test_every_own_validation_error_has_words_for_its_facts() -> None:
    raised = raised_in_tool_specs()
    assert {"crm_ref", "items_or_all"} <= raised.keys()
    assert {name for name in raised if name not in PROBLEM_TEXTS} == set()
    assert {name for name, facts in raised.items() if not PROBLEM_TEXTS[name].placeholders() <= facts} == set()


@pytest.mark.parametrize("words", [*PROBLEM_TEXTS.values(), *ARGUMENT_LABELS.values()], ids=lambda words: words.en)
def test_the_words_of_problems_exist_in_both_languages(words: Localized) -> None:
    assert words.en
    assert not re.search(r"[А-Яа-яЁё]", words.en)
    assert words.ru
    assert not re.search(r"[A-Za-z]", LATIN_IN_RUSSIAN.sub("", words.ru))


def test_every_argument_of_a_tool_has_words_for_a_chat() -> None:
    assert {name for tool in TOOLS for name in tool.arguments()} - ARGUMENT_LABELS.keys() == set()


def test_a_crm_item_that_cannot_be_read_comes_with_an_example() -> None:
    said = problems(AddActivityBinding, {"activity_id": 1, "target": "the big one"})["target"]
    assert said.en == 'must be a CRM item such as {"type": "deal", "id": 1}'
    assert said.ru == "нужен тип и номер элемента CRM, например «сделка 1»"


def test_all_problems_are_told_at_once_under_our_own_names() -> None:
    given_arguments = {"bookingId": "x", "links": ["deal:1", {"type": "deal", "id": 0}, "contact:3"], "mode": "swap"}
    assert english(SetBookingLinks, given_arguments) == {
        "booking_id": "must be a number such as 14",
        "links.1.id": "must be 1 or more",
        "links.2": "must be one of: deal",
        "mode": "must be one of: add, replace",
    }


def test_an_unknown_argument_is_named_with_those_there_are_and_the_nearest() -> None:
    said = english(ListBookingLinks, {"boking_id": 1})
    assert said["booking_id"] == "is required"
    assert said["boking_id"] == ("is not an argument of this tool; it takes: booking_id. Perhaps booking_id was meant")
    assert "Perhaps" not in english(ListBookingLinks, {"booking_id": 1, "colour": 1})["colour"]


def test_half_of_a_pair_of_the_vendors_parameters_names_the_other_half() -> None:
    said = english(AddActivityBinding, {"activity_id": 1, "entityTypeId": 2})
    assert said["entityTypeId"] == "works only together with entityId"


def test_what_is_wrong_between_arguments_has_a_field_of_its_own() -> None:
    assert english(UnsetBookingLinks, {"booking_id": 1}) == {
        ARGUMENTS: "give either links or all: true, which removes every one of them",
    }
    assert problems(UnsetBookingLinks, {"booking_id": 1})[ARGUMENTS].ru == (
        "укажите либо «сделки», либо «все», но не вместе"
    )
    same = {"activity_id": 1, "source": "deal:1", "target": "deal:1"}
    assert english(MoveActivityBinding, same) == {ARGUMENTS: "source and target must be different items"}
    assert english(MoveActivityBinding, [1]) == {ARGUMENTS: "must be a JSON object"}


def test_lists_too_short_and_too_long_are_told_with_their_limits() -> None:
    assert english(SetBookingLinks, {"booking_id": 1, "links": []}) == {"links": "needs at least 1"}
    assert english(SetBookingLinks, {"booking_id": 1, "links": list(range(1, 200))}) == {
        "links": "takes at most 100 at once",
    }


def test_a_kind_of_error_that_has_no_words_shows_nothing_of_pydantics() -> None:
    class Odd(Method[bool]):
        """Something odd."""

        when: pydantic.AwareDatetime
        where: pydantic.IPvAnyAddress

    said = problems(Odd, {"when": "yesterday-7391", "where": "nowhere-7391"})
    assert said["when"].en.startswith("must be a date or a time")
    assert said["where"] == Localized(en="is not valid", ru="указано неверно")


MARK = "918273645"
NAMES = sorted(
    {
        name
        for method in METHODS
        for name in (
            *method.arguments(),
            *(parameter.name for parameter in method.parameters()),
            "type",
            "id",
            "module",
        )
    }
)
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.sampled_from(
        [int(MARK), -int(MARK), int(MARK) ** 9, float(MARK), MARK, f"-{MARK}", f"https://x/rest/1/{MARK}/"]
    )
    | st.text(max_size=5).map(lambda text: f"{MARK}{text}"),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(NAMES) | st.text(max_size=5), inner, max_size=4)
    ),
    max_leaves=10,
)


@pytest.mark.parametrize("method", METHODS, ids=lambda method: method.name())
@given(arguments=st.dictionaries(st.sampled_from(NAMES) | st.text(max_size=90), VALUES, max_size=6) | VALUES)
def test_the_problems_of_any_arguments_can_be_told_without_their_values(
    method: type[Method[Any]], arguments: object
) -> None:
    try:
        method.model_validate(arguments)
    except pydantic.ValidationError as error:
        found = collect_problems(error, method)
        assert found
        trouble = Trouble(own_errors.BAD_ARGUMENTS, problems=found)
        shown = [json.dumps(render_for_model(trouble)), *(render_for_chat(trouble, language) for language in LANGUAGES)]
        shown += [text for it in found for text in (it.field, it.problem.en, it.problem.ru)]
        assert [text for text in shown if MARK in text or "pydantic" in text] == []
