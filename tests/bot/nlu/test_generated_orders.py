"""Sentences made of the corpus's orders by the hundred: what is no order never runs, and most orders are read right."""

from __future__ import annotations

import random
from array import array
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks import generated
from benchmarks.grades import same
from bot.nlu.parser import read
from bot.nlu.ranking import rank
from bot.nlu.result import Grade, Understood
from bot.nlu.sentence import analyze
from bot.nlu.tokenizer import cleaned
from bot.nlu.verify import verify
from bot.nlu.weights import Weights, weights
from tool_specs.declaration.method import Effect

Row = dict[str, Any]
ZONE = "Europe/Moscow"
NOW = datetime.fromisoformat("2026-11-20T12:00:00+03:00")
SEED = 5


def understood(row: Row) -> Understood:
    return read(row["text"], datetime.fromisoformat(row["now"]), ZONE)


def writes(said: Understood) -> bool:
    return said.tool is not None and said.tool.effect is not Effect.READ


def is_right(row: Row, said: Understood) -> bool:
    name = said.tool.name() if said.tool else None
    return same(row["expect"], {"tool": name, "arguments": said.arguments, "missing": list(said.missing)})


def wrong_runs(answers: list[tuple[Row, Understood]]) -> list[tuple[str, Any]]:
    return [
        (row["text"], said.arguments)
        for row, said in answers
        if said.grade is Grade.RUN and writes(said) and not is_right(row, said)
    ]


@pytest.mark.parametrize(("make", "count", "share"), [(generated.noes, 500, 0.004), (generated.statements, 400, 0.01)])
def test_an_order_inside_a_no_a_condition_a_report_or_a_statement_never_runs_and_is_hardly_ever_proposed(
    make: Callable[[int, int], Iterator[Row]], count: int, share: float
) -> None:
    answers = [(row, understood(row)) for row in make(count, SEED)]
    assert wrong_runs(answers) == []
    cards = [row["text"] for row, said in answers if said.grade is Grade.CARD]
    assert len(cards) <= share * count, cards


@pytest.mark.parametrize(
    ("make", "count", "share"), [(generated.with_one_word, 400, 0.85), (generated.slipped, 300, 0.75)]
)
def test_orders_with_one_word_more_or_a_slip_are_read_right_and_never_run_as_another(
    make: Callable[[int, int], Iterator[Row]], count: int, share: float
) -> None:
    answers = [(row, understood(row)) for row in make(count, SEED)]
    assert wrong_runs(answers) == []
    wrong = [(row["text"], said.arguments) for row, said in answers if not is_right(row, said)]
    assert len(wrong) <= (1 - share) * count, wrong[:20]


def scrambled(dice: random.Random) -> Weights:
    """Give every feature and relation the weight of another."""
    known = weights()
    values, related = list(known.values), list(known.relations.values())
    dice.shuffle(values)
    dice.shuffle(related)
    relations = dict(zip(known.relations, related, strict=True))
    return replace(known, values=array("b", values), relations=relations)


def test_what_runs_does_not_depend_on_the_weights() -> None:
    dice = random.Random(SEED)  # noqa: S311 - scrambling is no secret
    rows = dice.sample(generated.orders(), 100)
    wrong: list[tuple[str, Any]] = []
    for learned in [scrambled(dice) for _ in range(6)]:
        for row in rows:
            sentence = analyze(cleaned(row["text"]), datetime.fromisoformat(row["now"]))
            verdict = verify(sentence, rank(sentence, learned))
            if verdict.grade is not Grade.RUN or verdict.offered[0].method.effect is Effect.READ:
                continue
            best = verdict.offered[0]
            said = {"tool": best.method.name(), "arguments": best.filled.arguments, "missing": []}
            if not same(row["expect"], said):
                wrong.append((row["text"], said))
    assert wrong == []


PIECES = (
    "привяжи сделку к брони не если link deal to booking 14 #8 завтра 15:00 « +7 http:// … / 🙂 а 14-фй е́ ﬁ &lt; ( :"
)


@settings(max_examples=100, deadline=None)
@given(st.one_of(st.text(max_size=120), st.lists(st.sampled_from(PIECES.split()), max_size=14).map(" ".join)))
def test_no_text_makes_the_reader_fail(text: str) -> None:
    read(text, NOW, ZONE)
