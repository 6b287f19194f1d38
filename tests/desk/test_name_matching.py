"""Comparing names: what is the same, what is alike, what comes near."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkdesk.lookup.descriptions import find_descriptions, replace_description
from linkdesk.lookup.scoring import CLOSE_SCORE, Match, rank_candidates, score_person, score_title

NAMES = st.lists(st.text("абвгдежзиклмноё", min_size=2, max_size=9), min_size=1, max_size=3).map(" ".join)


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("Иван Петров", "Иван Петров"),
        ("петров иван", "Иван Петров"),
        ("Петров", "Иван Петров"),
        ("Семен Королев", "Семён Королёв"),
        ("Анна", "Анна, мастер по волосам"),
        ("o'brien", "Pat O’Brien"),
    ],
)
def test_a_name_is_the_same_in_any_order_and_case_and_with_words_left_out(said: str, name: str) -> None:
    assert score_person(said, name).exact


def test_a_surname_alone_may_be_a_mans_or_a_womans() -> None:
    rated = [(score_person("Петров", name), name) for name in ("Мария Петрова", "Иван Петров", "Пётр Сидоров")]
    assert rank_candidates(rated).exact == ("Иван Петров", "Мария Петрова")


def test_a_surname_that_only_the_other_gender_has_is_asked_about() -> None:
    found = rank_candidates([(score_person("Иванов", "Анна Иванова"), "Анна Иванова")])
    assert (found.exact, found.close) == ((), ("Анна Иванова",))


def test_a_whole_name_is_not_taken_for_that_of_another_gender_where_it_exists() -> None:
    rated = [(score_person("Валентин Петров", name), name) for name in ("Валентина Петрова", "Валентин Петров")]
    assert rank_candidates(rated).exact == ("Валентин Петров",)


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("Иван Пертов", "Иван Петров"),
        ("Петровым", "Иван Петров"),
        ("Ivanov", "Сергей Иванов"),
        ("Сергей Иванов", "Sergei Ivanov"),
        ("Иван Сергеевич Петров", "Иван Петров"),
    ],
)
def test_what_is_merely_alike_is_close_and_never_exact(said: str, name: str) -> None:
    match = score_person(said, name)
    assert not match.exact
    assert match.score >= CLOSE_SCORE


@pytest.mark.parametrize(
    ("said", "name"),
    [("Анна Петрова", "Мария Петрова"), ("Олег", "Ольга Белова"), ("Иван Петров", "Иван Сидоров"), ("Анна", "")],
)
def test_another_person_is_not_close(said: str, name: str) -> None:
    assert score_person(said, name).score < CLOSE_SCORE


def test_a_company_is_known_without_its_legal_form_and_by_what_stands_in_quotation_marks() -> None:
    assert score_title("ромашка", "ООО «Ромашка»").exact
    assert score_title("Лотос", "Студия «Лотос»").exact
    assert score_title("Bright Ideas", "Bright Ideas Ltd").exact


def test_a_part_of_a_title_is_close_and_the_whole_is_exact() -> None:
    rated = [(score_title("Стрижка", name), name) for name in ("Стрижка мужская", "Стрижка", "Педикюр")]
    found = rank_candidates(rated)
    assert (found.exact, found.close) == (("Стрижка",), ("Стрижка мужская",))


@given(st.text(), st.text())
def test_comparing_any_two_texts_gives_a_likeness(said: str, name: str) -> None:
    for match in (score_person(said, name), score_title(said, name)):
        assert 0 <= match.score <= 100


@given(NAMES, NAMES)
def test_nothing_beats_the_name_itself(said: str, other: str) -> None:
    for compare in (score_person, score_title):
        itself, another = compare(said, said), compare(said, other)
        assert itself.exact
        assert (itself.exact, itself.score) >= (another.exact, another.score)


@given(NAMES, NAMES)
def test_case_and_yo_do_not_matter(said: str, name: str) -> None:
    for compare in (score_person, score_title):
        assert compare(said.upper(), name) == compare(said, name) == compare(said, name.replace("ё", "е"))


@given(st.lists(st.tuples(st.builds(Match, st.floats(0, 100), st.booleans()), st.integers())))
def test_what_is_exact_comes_alone_and_choices_are_few(rated: list[tuple[Match, int]]) -> None:
    found = rank_candidates(rated)
    assert bool(found.exact) == any(match.exact for match, _ in rated)
    assert len(found.best_group) <= 25
    assert len(found.near) <= 5


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["type", "id", "name", "phone"]), inner)
    ),
    max_leaves=6,
)


@given(st.dictionaries(st.sampled_from(["booking", "links", "client", "note"]), ANYTHING, max_size=3))
def test_any_arguments_are_read_and_filled_in(arguments: dict[str, object]) -> None:
    for one in find_descriptions(arguments):
        arguments = replace_description(arguments, one.argument, one.place, 7)
    assert find_descriptions(arguments) == []


@given(st.dictionaries(st.sampled_from(["date", "time", "client", "resource"]), st.text(max_size=12), min_size=1))
def test_any_description_of_a_booking_is_read(said: dict[str, str]) -> None:
    (one,) = find_descriptions({"booking": said})
    assert one.argument == "booking_id"
