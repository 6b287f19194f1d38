"""The corpus of sentences and what they mean: an answer is right when tool, arguments and what is missing are equal."""

from __future__ import annotations

import os
import re
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from benchmarks.grades import Answer, answer, cards_on_no_order, wrong_cards, wrong_runs
from bot.nlu.parser import read
from bot.parse_command import parse_sentence
from tests.support.paths import CORPUS
from tests.support.reader_corpus import COMMAND_ONLY, read_rows
from tests.support.requirements import require
from tool_specs import TOOLS
from tool_specs.declaration.method import Effect

ZONE = "Europe/Moscow"
EFFECTS = {method.name(): method.effect for method in TOOLS}


def answers(rows: list[dict[str, Any]]) -> list[Answer]:
    return [answer(row) for row in rows]


def wrong(found: list[Answer]) -> list[tuple[str, Any, Any]]:
    """Choose the orders whose right answer is not offered, and what is offered where nothing is ordered."""
    unread = [one for one in found if one.ordered and not one.offered]
    wanted = [*unread, *cards_on_no_order(found)]
    return [(one.row["text"], one.got["tool"], one.got["arguments"]) for one in wanted]


UNREAD = 0.01
"""The share of sentences that may be answered by a question, as none of their readings is sure enough."""


@pytest.mark.parametrize("language", ["en", "ru"])
def test_nearly_every_sentence_of_the_corpus_is_read_as_it_says_and_no_wrong_write_runs(language: str) -> None:
    found = answers(read_rows(CORPUS / f"{language}.jsonl"))
    assert [one.row["text"] for one in wrong_runs(found)] == []
    assert [one.row["text"] for one in wrong_cards(found)] == []
    misread = wrong(found)
    assert len(misread) <= UNREAD * len(found), misread


UNSEEN_RIGHT = 0.97
"""How many of the sentences that the reader was never tuned on have to be read right."""


def test_sentences_that_nobody_tuned_it_on_are_read_right_and_never_become_another_write() -> None:
    found = answers(read_rows(CORPUS / "unseen.jsonl"))
    assert [one.row["text"] for one in wrong_runs(found)] == []
    orders = [one for one in found if one.ordered]
    assert sum(one.offered for one in orders) >= UNSEEN_RIGHT * len(orders), wrong(found)
    assert sum(one.dead for one in found) <= 0.01 * len(orders)


@pytest.mark.parametrize("language", ["en", "ru"])
def test_the_corpus_of_each_language_has_every_tool_that_a_sentence_can_ask_for(language: str) -> None:
    asked = {row["expect"]["tool"] for row in read_rows(CORPUS / f"{language}.jsonl")}
    assert {method.name() for method in TOOLS} - asked == COMMAND_ONLY


def test_the_unseen_sentences_are_of_both_languages_and_have_orders_questions_and_no_commands() -> None:
    rows = read_rows(CORPUS / "unseen.jsonl")
    russian = [row for row in rows if re.search("[а-яё]", row["text"], re.IGNORECASE)]
    assert len(rows) >= 200
    assert 0.4 < len(russian) / len(rows) < 0.6
    told = {EFFECTS[tool] if (tool := row["expect"].get("tool")) else None for row in rows}
    assert told == {Effect.READ, Effect.WRITE, Effect.DESTRUCTIVE, None}
    assert any(row["expect"].get("missing") for row in rows)


def test_the_sentences_given_from_outside_are_read_as_they_say() -> None:
    given = os.environ.get("LINKDESK_EXAMPLES", "")
    require("LINKDESK_EXAMPLES", bool(given), "no file of sentences to read besides our own")
    assert [one.row["text"] for one in answers(read_rows(Path(given))) if not one.offered] == []


@pytest.mark.parametrize("language", ["en", "ru"])
def test_a_question_is_asked_in_the_language_of_the_sentence_wherever_something_is_missing(language: str) -> None:
    now = datetime.fromisoformat("2026-11-20T12:00:00+03:00")
    for row in read_rows(CORPUS / f"{language}.jsonl"):
        if "missing" not in row["expect"]:
            continue
        question = parse_sentence(row["text"], now, ZONE)["question"]
        assert question is not None
        assert any("а" <= letter <= "я" for letter in question) == (language == "ru")


def test_every_word_of_a_sentence_is_told_what_it_was_taken_for() -> None:
    understood = read("првяжи сделку 8 к брони 21", datetime.fromisoformat("2026-11-20T12:00:00+03:00"), ZONE)
    told = {word.text: (word.meaning.en, word.meaning.ru) for word in understood.words}
    assert told["првяжи"] == ("add or link (read as “привяжи”)", "добавить или привязать (прочитано как «привяжи»)")
    assert told["сделку"] == ("deal", "сделка")
    assert told["21"] == ("the number of a record", "номер записи")
