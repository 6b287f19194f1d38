"""What a writer takes back is taken out; an order that is taken back whole is none."""

from __future__ import annotations

import pytest

from bot.nlu.corrections import correct
from bot.nlu.revision import Change

LINK = "link deal 5 to booking 15"


@pytest.mark.parametrize(
    "text",
    [
        "link deal 5 to booking 14, no, 15",
        "link deal 5 to booking 14 no 15",
        "link deal 5 to booking 14 - sorry, 15",
        "link deal 5 to booking 14, oops, 15",
        "link deal 5 to booking 14, sorry, booking 15",
        "link deal 5 to booking 14, or rather 15",
        "link deal 5 to booking 14, I mean 15",
        "link deal 5 to booking 14, make that 15",
        "link deal 5 to booking 14. Scratch that, 15",
        "link deal 5 to booking 14, wait, to booking 15",
        "link deal 5 to booking 14 (no, 15)",
        "link deal 5 to booking 14 no 16 no 15",
        "link deal 5 not to booking 14 but to booking 15",
        "link deal 5 to booking 15, not 14",
        "link deal 5 to booking 15 and not 14",
        "link deal 4, no, 5 to booking 15",
        "link deal 4 to booking 15, sorry, deal 5",
        "link contact 5, oops, deal 5 to booking 15",
        "link not deal 4 but 5 to booking 15",
    ],
)
def test_a_number_or_a_record_is_corrected(text: str) -> None:
    made = correct(text)
    assert made.text == LINK
    assert {edit.change for edit in made.edits} == {Change.CORRECTION}
    assert not made.cancelled


@pytest.mark.parametrize(
    "text",
    [
        "привяжи сделку 5 к брони 14, ой, 15",
        "привяжи сделку 5 к брони 14, нет, 15",
        "привяжи сделку 5 к брони 14 точнее 15",
        "привяжи сделку 5 к брони 14, вернее, 15",
        "привяжи сделку 5 к брони 14, то есть 15",
        "привяжи сделку 5 к брони 14, извините, к брони 15",
        "привяжи сделку 5 к брони 14. Ошиблась, 15",
        "привяжи сделку 5 к брони 14. Ой, не 14, а 15",
        "привяжи сделку 5 не к брони 14, а к брони 15",
        "привяжи сделку 5 к брони не 14, а 15",
        "привяжи сделку 5 к брони 15, а не 14",
        "привяжи контакт 5 к брони 15, ой не контакт а сделку",
        "привяжи контакт 5 к брони 15, не контакт, а сделку",
        "привяжи сделку 4, тьфу, 5 к брони 15",
    ],
)
def test_a_russian_correction_is_carried_out(text: str) -> None:
    assert correct(text).text == "привяжи сделку 5 к брони 15"


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("move booking 14 to 5pm no wait 6pm", "move booking 14 to 6pm"),
        ("move booking 14 to 5pm, no, 6", "move booking 14 to 6pm"),
        ("move booking 14 to 17:00, sorry, 18:00", "move booking 14 to 18:00"),
        ("move booking 14 to 17:00, sorry, to 18:00", "move booking 14 to 18:00"),
        ("move booking 14 to tomorrow, no, friday", "move booking 14 to friday"),
        ("move booking 14 to monday, I mean tuesday", "move booking 14 to tuesday"),
        ("перенеси бронь 14 на 17:00, нет, 18:00", "перенеси бронь 14 на 18:00"),
        ("перенеси бронь 14 на завтра, нет, на послезавтра", "перенеси бронь 14 на послезавтра"),
        ("перенеси бронь 14 на 5, ой, на 6", "перенеси бронь 14 на 6"),
        ("перенеси бронь 14 не на завтра, а на пятницу", "перенеси бронь 14 на пятницу"),
        ("add Jane Doe, sorry, Joan Doe to booking 14", "add Joan Doe to booking 14"),
    ],
)
def test_a_time_or_a_name_is_corrected(text: str, meant: str) -> None:
    assert correct(text).text == meant


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("cancel booking 14. no wait, move it to 5pm", "move booking 14 to 5pm"),
        ("link, no, unlink deal 5 from booking 14", "unlink deal 5 from booking 14"),
        ("cancel booking 14, no, cancel booking 15", "cancel booking 15"),
        ("отмени бронь 14, нет, отмени бронь 15", "отмени бронь 15"),
        ("отмени бронь 14. Стой, перенеси её на 17:00", "перенеси бронь 14 на 17:00"),
        ("delete booking 14, wait, show booking 14", "show booking 14"),
        ("show booking 14, or rather cancel it", "cancel booking 14"),
        ("link deal 5 to booking 14, no, link deal 6 to booking 15", "link deal 6 to booking 15"),
        ("привяжи, нет, отвяжи сделку 5 от брони 14", "отвяжи сделку 5 от брони 14"),
        ("удали бронь 14, точнее покажи бронь 14", "покажи бронь 14"),
    ],
)
def test_another_order_takes_the_place_of_the_first(text: str, meant: str) -> None:
    assert correct(text).text == meant


@pytest.mark.parametrize(
    "text",
    [
        "rename booking 17 to 'Hygienist - Bennett', no, wait",
        "rename booking 17 to Hygienist, no wait",
        "cancel booking 14, no",
        "cancel booking 14, no, don't",
        "cancel booking 14 never mind",
        "cancel booking 14. Wait.",
        "cancel booking 14 - forget it",
        "cancel booking 14, actually no, don't do it",
        "cancel booking 14, hold on",
        "отмени бронь 14, нет, не надо",
        "отмени бронь 14. Стоп.",
        "отмени бронь 14, передумала",
        "отмени бронь 14 не надо",
        "переименуй бронь 14 в «Массаж», нет, стой",
        "отмени бронь 14, отбой",
        "отмени бронь 14, ой, не нужно",
    ],
)
def test_an_order_that_is_taken_back_is_cancelled(text: str) -> None:
    assert correct(text).cancelled


@pytest.mark.parametrize(
    "text",
    [
        "don't cancel booking 14",
        "не отменяй бронь 14",
        "sorry, cancel booking 14",
        "actually link deal 5 to booking 14",
        "link deal no 5 to booking no. 14",
        "cancel booking 14, no rush",
        "link deal 5 to booking 14, sorry for the trouble",
        "link deal 5 to booking 14. Sorry, cancel booking 15",
        "link deal 5 to booking 14. Sorry, also cancel booking 15",
        "cancel booking 14, she is not coming",
        "клиент не тот! сними сделку 8 с брони 14",
        "note for booking 14: do not call, wait",
        "rename booking 14 to 'no, 15'",
        "if she pays, not now",
        "link deals 2 and 3 with wait list entry no. 14",
        "link deal 5 to booking 14",
        "cancel booking 14, sorry 15 minutes late",
    ],
)
def test_what_corrects_nothing_stays_as_it_is(text: str) -> None:
    made = correct(text)
    assert (made.text, made.edits, made.cancelled) == (text, (), False)
