"""What never becomes a write, whatever is misspelt, quoted, doubted or left out."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.misspelt import outcome, variants
from bot.reader.lexicon import lexicon
from bot.reader.reading import read
from bot.reader.understood import Certainty, Understood
from bot.reader.units import Sort
from tool_specs import TOOLS
from tool_specs.crm_ref import BY_WORD
from tool_specs.method import Effect
from tool_specs.spoken_nouns import NOUNS
from tool_specs.words import OWNERS

NOW = datetime.fromisoformat("2026-11-20T12:00:00+03:00")
ZONE = "Europe/Moscow"


def understood(text: str) -> Understood:
    return read(text, NOW, ZONE)


def writes(text: str) -> bool:
    said = understood(text)
    return said.complete and said.tool is not None and said.tool.effect is not Effect.READ


@pytest.mark.parametrize(
    "text",
    [
        "nto link deal 8 to booking 21",
        "ot link deal 8 to booking 21",
        "link deal 8, not deal 9, to booking 21",
        "deal 8 needed to be linked to booking 21",
        "deal 8 does not need to be linked to booking 21",
        "deal 8 needs to be linked to booking 21 by Anna",
        "deal 8 needs to be linked to booking 21?",
        "she kept only deal 8 on booking 21",
        "оставил только сделку 8 у брони 21",
        "забронируй ресурс 1 давтрм с 15:00 до 16:00",
        "убери аись листа ожидания 4",
        "reset booking 21",
        "свяжи ионь 17 и сделку 4",
        "не выполняй план 7k2m9q4x1z",
        "apply plan 7k2m9q",
        "when Anna comes link deal 8 to booking 21",
        "unless she calls, cancel booking 21",
        "Anna put deal 8 on booking 21",
        "they link deal 8 to booking 21",
        "link deal 8 to booking 21 tomorrow",
        "link deal 8 to booking 21 asap 77",
        "link dael xx 8 to booking 21",
        "link deal 8 to booking 21 and unlink deal 9",
        "cancel booking 21 or 22",
        "delete every booking",
        "remove everything from booking 21",
        "remove the deals except deal 8 from booking 21",
        "link deal 5/6 to booking 21",
        "link deal 1.5 to booking 21",
        "link deal 0 to booking 21",
        "link deal -8 to booking 21",
        "нее привязывай сделку 8 к брони 21",
        "не трогай бронь 21",
        "ни в коем случае не удаляй бронь 21",
        "привязал сделку 8 к брони 21",
        "клиент отменил бронь 21",
        "когда придёт, отмени бронь 21",
        "можно ли отменить бронь 21?",
        "почему ты не привязал сделку 8 к брони 21",
        "она написала: «отмени бронь 21»",
        "привяжу сделку 8 к брони 21",
        "удали сделку 8",
        "убери всё из брони 21",
        "отвяжи все сделки от всех броней",
        "удали ип ресурсов 2",
        "привяжи сделку сто двадцать рри к брони 40",
        "link deal one hundred and twenty thfe to booking forty",
        "твяжи сделку 5 от листа ожидания 4",
    ],
)
def test_it_never_becomes_a_write(text: str) -> None:
    assert not writes(text)


@pytest.mark.parametrize(
    ("text", "certainty"),
    [
        ("привяжи сделку 8 к брони 21", Certainty.EXACT),
        ("привжи сделку 8 к брони 21", Certainty.CORRECTED),
        ("бронь 21 сделка 8", Certainty.COMPLETED),
        ("link #21 to deal 8", Certainty.COMPLETED),
        ("add Jane Doe to booking 21", Certainty.NAMED),
        ("отмени завтрашнюю бронь на 15:00", Certainty.NAMED),
    ],
)
def test_only_what_is_exact_says_that_it_is(text: str, certainty: Certainty) -> None:
    assert (writes(text), understood(text).certainty) == (True, certainty)


def test_an_address_of_another_portal_is_asked_about() -> None:
    text = "link https://a.bitrix24.com/crm/deal/details/8/ to booking 21"
    assert read(text, NOW, ZONE, "a.bitrix24.com").complete
    assert not read(text, NOW, ZONE, "b.bitrix24.com").complete


def test_several_bookings_are_asked_about_one_by_one() -> None:
    said = understood("отвяжи сделку 1 от броней 14 и 15")
    assert (said.missing, said.each) == (("booking_id",), (14, 15))


@pytest.mark.parametrize("slips", [1, 2])
def test_misspelt_orders_are_read_right_or_asked_about_and_never_done_wrong(slips: int) -> None:
    counted = [outcome(text, row) for text, row in variants(500, slips, seed=40 + slips)]
    assert counted.count("wrong write") == 0
    assert counted.count("right") >= 500 * (0.85 if slips == 1 else 0.7)


WRITING = frozenset(
    word
    for language in ("en", "ru")
    for word, known in lexicon("ru" if language == "ru" else "en").words.items()
    if any(one.sort in {Sort.VERB, Sort.KEEP, Sort.NOUN} for one in known)
)
SMALL = sorted(
    word for known in (lexicon("en"), lexicon("ru")) for word, meanings in known.words.items() if word not in WRITING
)


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=80))
def test_no_text_makes_the_reader_fail(text: str) -> None:
    understood(text)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from([*SMALL[:: max(1, len(SMALL) // 200)], "14", "8,9", "#7", "завтра", "?"]), max_size=8))
def test_words_without_a_verb_or_a_noun_never_write(words: list[str]) -> None:
    assert not writes(" ".join(words))


BY_COMMAND = {"get_day_schedule"}
"""Tools that are asked for by a command or a button alone."""


def test_every_tool_has_its_words() -> None:
    named = {noun.name for noun in NOUNS} | {"self"}
    for method in TOOLS:
        if method.name() in BY_COMMAND:
            continue
        assert method.senses, f"{method.name()} is asked for in no words"
        for sense in method.senses:
            assert {sense.about, sense.item or sense.about} <= named


def test_no_two_tools_are_asked_for_in_the_same_words() -> None:
    senses = [sense for method in TOOLS for sense in method.senses]
    assert len(senses) == len(set(senses))


def test_the_nouns_of_slash_commands_are_known_here_too() -> None:
    spelled = lexicon("en").spelled() | lexicon("ru").spelled()
    nouns = set(BY_WORD) | {word for owner in OWNERS for phrase in owner.phrases for word in phrase}
    assert sorted(word for word in nouns if word.replace("ё", "е") not in spelled) == []
