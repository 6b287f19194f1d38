"""Numbers in words, also those that are said in pieces."""

from __future__ import annotations

import pytest

from bot.nlu.numerals import with_numbers
from bot.nlu.tokenizer import units_of


def _numbers(text: str) -> list[tuple[int, bool]]:
    return [(unit.ids[0], unit.dictated) for unit in with_numbers(units_of(text), cyrillic=True) if unit.ids]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("cancel booking one twenty six", 126),
        ("cancel booking one four", 14),
        ("show booking number one oh four", 104),
        ("show number one oh oh", 100),
        ("cancel booking two fourteen", 214),
        ("cancel booking one two six", 126),
        ("show deal three zero five", 305),
        ("show deal twelve thirty four", 1234),
        ("отмени бронь один четыре", 14),
        ("отмени бронь один ноль четыре", 104),
        ("сними всё с брони один четыре", 14),
        ("покажи сделку номер два ноль пять", 205),
        ("покажи сделку два двадцать", 220),
    ],
)
def test_a_number_said_in_pieces_is_one_number_and_doubtful(text: str, number: int) -> None:
    assert _numbers(text) == [(number, True)]


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("cancel booking fourteen", [14]),
        ("cancel booking twenty six", [26]),
        ("cancel booking one hundred and twenty six", [126]),
        ("отмени бронь сто двадцать три", [123]),
        ("отмени бронь четырнадцать", [14]),
        ("link deal one to booking fourteen", [1, 14]),
        ("deal one booking fourteen", [1, 14]),
        ("link deals one two and three to booking fourteen", [1, 2, 3, 14]),
        ("link deals one two to booking fourteen", [1, 2, 14]),
        ("move booking fourteen to four fifteen", [14, 4, 15]),
        ("move booking fourteen from two to three", [14, 2, 3]),
        ("привяжи сделки один два к брони пять", [1, 2, 5]),
    ],
)
def test_other_numbers_stay_apart_and_beyond_doubt(text: str, numbers: list[int]) -> None:
    assert _numbers(text) == [(number, False) for number in numbers]
