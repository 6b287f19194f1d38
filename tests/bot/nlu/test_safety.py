"""What never becomes a write, whatever is misspelt, quoted, doubted or left out."""

from __future__ import annotations

import re
from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.misspelt import every_slip, outcome, variants
from bot.nlu.lexicon_data.command_words import OWNERS
from bot.nlu.lexicon_data.nouns import NOUNS
from bot.nlu.parser import read
from bot.nlu.result import Certainty, Grade, Understood
from bot.nlu.tokens import Sort
from bot.nlu.words import lexicon
from tests.support.paths import CORPUS
from tests.support.reader_corpus import COMMAND_ONLY, read_rows
from tool_specs import TOOLS
from tool_specs.declaration.crm_ref import TYPE_BY_WORD
from tool_specs.declaration.method import Effect

NOW = datetime.fromisoformat("2026-11-20T12:00:00+03:00")
ZONE = "Europe/Moscow"


def understood(text: str) -> Understood:
    return read(text, NOW, ZONE)


def writes(text: str) -> bool:
    """Tell whether a change would be made, or proposed on a card."""
    said = understood(text)
    return said.complete and said.tool is not None and said.tool.effect is not Effect.READ


def runs(text: str) -> bool:
    """Tell whether a change would be made at once."""
    return understood(text).grade is Grade.RUN and writes(text)


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
def test_it_is_never_done_at_once(text: str) -> None:
    assert not runs(text)


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


def test_let_me_see_takes_no_order_away() -> None:
    said, right = understood("let me see, link deal 8 to booking 21"), understood("link deal 8 to booking 21")
    assert (said.tool, said.arguments) == (right.tool, right.arguments)


def test_several_bookings_are_asked_about_one_by_one() -> None:
    said = understood("отвяжи сделку 1 от броней 14 и 15")
    assert (said.missing, said.each) == (("booking_id",), (14, 15))


@pytest.mark.parametrize(("slips", "count", "right"), [(1, 300, 0.85), (2, 200, 0.65)])
def test_misspelt_orders_are_read_right_or_asked_about_and_never_done_wrong(
    slips: int, count: int, right: float
) -> None:
    counted = [outcome(text, row) for text, row in variants(count, slips, seed=40 + slips)]
    assert counted.count("wrong write") == 0
    assert counted.count("wrong card") <= 0.03 * count
    assert counted.count("right") >= count * right


NEGATED = re.compile(
    r"\b(?:not|never|don't|dont|doesn't|didn't|won't|no need|without|if|when|unless|should|shall|did|was|were|has|had"
    r"|said|says|не|ни|нельзя|незачем|хватит|если|когда|стоит|ли|сказал[аи]?|просил[аи]?)\b|\w(?:ed|ал|ала|али|ил|ила|или)\b",
    re.IGNORECASE,
)
"""A no, a condition, a question about doing, somebody's words, a verb in the past."""


def forbidding() -> list[str]:
    """Give the sentences of the corpus that order nothing because of such a word."""
    rows = [row for name in ("en", "ru") for row in read_rows(CORPUS / f"{name}.jsonl")]
    return [row["text"] for row in rows if row["expect"].get("tool") is None and NEGATED.search(row["text"])]


def test_no_slip_in_a_sentence_that_orders_nothing_makes_an_order_of_it() -> None:
    sentences = forbidding()
    assert len(sentences) > 90
    slipped = [text for sentence in sentences for text in every_slip(sentence)][::96]
    assert [text for text in slipped if runs(text)] == []
    assert sum(map(writes, slipped)) <= 0.1 * len(slipped)


@pytest.mark.parametrize("opening", ["don't ", "do not ", "dont ", "never ", "please do not ", "no need to "])
def test_no_slip_in_an_english_no_before_an_order_makes_it_a_write(opening: str) -> None:
    for order in ("link deal 8 to booking 21", "unlink deal 7 from booking 14", "cancel booking 16", "undo that"):
        assert [text for text in every_slip(opening) if writes(text + order)] == []


@pytest.mark.parametrize("opening", ["не ", "не надо ", "пожалуйста не ", "только не ", "никогда не "])
def test_no_slip_in_a_russian_no_before_an_order_makes_it_a_write(opening: str) -> None:
    for order in ("привязывай сделку 8 к брони 21", "отвязывать сделку 7 от брони 14", "отменяй бронь 16"):
        assert [text for text in every_slip(opening) if writes(text + order)] == []


def test_what_may_be_a_misspelt_no_is_never_exact() -> None:
    assert understood("bot link deal 8 to booking 21").grade is Grade.CARD
    assert understood("bot, link deal 8 to booking 21").grade is Grade.RUN


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("link deal 8 ot booking 21", "link deal 8 to booking 21"),
        ("remove deal 7 form booking 14", "remove deal 7 from booking 14"),
        ("link deals 5, 8 anf 9 to booking 21", "link deals 5, 8 and 9 to booking 21"),
        ("llink deal 8 to booking 21", "link deal 8 to booking 21"),
        ("привяжи делку 8 к брони 21", "привяжи сделку 8 к брони 21"),
        ("прривяжи-ка сделку 8 к брони 21", "привяжи сделку 8 к брони 21"),
        ("удали сделку 7 зи брони 14", "удали сделку 7 из брони 14"),
        ("отвяжи вссе сделки от брони 14", "отвяжи все сделки от брони 14"),
    ],
)
def test_a_slip_that_one_reading_alone_fits_is_read_and_shown_first(text: str, meant: str) -> None:
    said, right = understood(text), understood(meant)
    assert (said.tool, said.arguments, said.missing) == (right.tool, right.arguments, ())
    assert said.grade is Grade.CARD


@pytest.mark.parametrize(
    "text",
    [
        "перенеси бронь 14 на зата с 16:00 до 17:00",
        "link deal 8 ot deal 9 to booking 21",
        "detach deal 6 ot booking 18",
        "attach deal 6 form booking 18",
        "привяжи сделку 4 ил 5 к брони 17",
        "отвяжи сделку 1 кк брони 14",
        "ввпиши контакт 2 в бронь 14",
        "nlink deal 8 from booking 21",
        "emove booking 14",
        "на отменяй бронь 14",
        "ее надо удалять бронь 14",
        "удали вс брони",
        "оставии только сделку 10 у брони 15",
        "нужно и удалять запись 4 из листа ожидания?",
        "pls put deal 12 on booking 16 rhs",
        "push booking 19 to oday 10:00-11:00",
        "удали слоыо ресурса 3",
        "удали п ресурсов 2",
        "удали и ресурсов 2",
        "в 14 бронеь добавь сделку 10",
        "book resource 1 on Nov 24 romm 15:00 to 16:00",
        "move booking 14 to Friday next weel rom 10:00 to 11:00",
        "link ly deal 8 to booking 21",
        "в 14 понь добавь сделку 10",
        "добавь ео 999 в сделку 1",
        "link ong deal 8 to booking 21",
        "book resource 1 on Nov 24 groom 15:00 to 16:00",
    ],
)
def test_a_slip_that_may_mean_the_opposite_is_never_done_at_once(text: str) -> None:
    assert not runs(text)


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
def test_words_without_a_verb_or_a_noun_change_nothing(words: list[str]) -> None:
    assert not runs(" ".join(words))


def test_every_tool_has_its_words() -> None:
    named = {noun.name for noun in NOUNS} | {"self"}
    for method in TOOLS:
        if method.name() in COMMAND_ONLY:
            continue
        assert method.intents, f"{method.name()} is asked for in no words"
        for sense in method.intents:
            assert {sense.about, sense.item or sense.about} <= named


def test_no_two_tools_are_asked_for_in_the_same_words() -> None:
    intents = [sense for method in TOOLS for sense in method.intents]
    assert len(intents) == len(set(intents))


def test_the_nouns_of_slash_commands_are_known_here_too() -> None:
    spelled = lexicon("en").spelled() | lexicon("ru").spelled()
    nouns = set(TYPE_BY_WORD) | {word for owner in OWNERS for phrase in owner.phrases for word in phrase}
    assert sorted(word for word in nouns if word.replace("ё", "е") not in spelled) == []
