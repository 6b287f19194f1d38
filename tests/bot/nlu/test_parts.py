"""Messages of several sentences and orders: each order is written out, and what only tells is left out."""

from __future__ import annotations

import time

import pytest

from bot.nlu.parts import parts_of
from bot.nlu.references import complete, records_in

PAIRS = ("link deal 5 to booking 15", "link deal 6 to booking 16")


def _orders(text: str) -> tuple[str, ...]:
    made = parts_of(text)
    assert made is not None
    return made.orders


@pytest.mark.parametrize(
    "text",
    [
        "link deal 5 to booking 15 and deal 6 to booking 16",
        "link deal 5 to booking 15, deal 6 to booking 16",
        "link deal 5 to booking 15; deal 6 to booking 16",
        "link deal 5 to booking 15\ndeal 6 to booking 16",
        "link deal 5 to booking 15\nlink deal 6 to booking 16",
        "link deal 5 to booking 15. Deal 6 to booking 16.",
        "link deal 5 to booking 15 and link deal 6 to booking 16",
        "link deal 5 to booking 15, then link deal 6 to booking 16",
        "link these:\ndeal 5 to booking 15\ndeal 6 to booking 16",
        "link deal 5 to booking 15 and 6 to 16",
    ],
)
def test_several_orders_are_written_out_with_their_verb(text: str) -> None:
    assert tuple(order[:1].lower() + order[1:].replace("Deal", "deal") for order in _orders(text)) == PAIRS


@pytest.mark.parametrize(
    ("text", "orders"),
    [
        ("cancel booking 14 and show the waitlist", ("cancel booking 14", "show the waitlist")),
        ("cancel booking 14, then move booking 15 to 5pm", ("cancel booking 14", "move booking 15 to 5pm")),
        ("отмени бронь 14, а бронь 15 перенеси на завтра", ("отмени бронь 14", "бронь 15 перенеси на завтра")),
        (
            "unlink deal 8 from booking 14 and link it to booking 15",
            ("unlink deal 8 from booking 14", "link deal 8 to booking 15"),
        ),
        (
            "отвяжи сделку 8 от брони 14 и привяжи к брони 15",
            ("отвяжи сделку 8 от брони 14", "привяжи сделку 8 к брони 15"),
        ),
        (
            "Deal 5 is on booking 14 by mistake, take it off and put it on 17",
            ("take deal 5 off booking 14", "put deal 5 on booking 17"),
        ),
        ("move deal 7 from booking 14 to 15", ("unlink deal 7 from booking 14", "link deal 7 to booking 15")),
        ("swap deal 7 for 8", ("unlink deal 7", "link deal 8")),
        ("deal 1 to booking 14, deal 2 to booking 15", ("deal 1 to booking 14", "deal 2 to booking 15")),
        (
            "Contact 5 called. Please add them to booking 14 and link deal 8 to it.",
            ("Please add contact 5 to booking 14", "link deal 8 to booking 14"),
        ),
        (
            "привяжи:\nсделка 5 - бронь 14\nсделка 6 - бронь 15",
            ("привяжи сделку 5 к брони 14", "привяжи сделку 6 к брони 15"),
        ),
        (
            "move deal 5 from booking 14 to booking 15, then show booking 15",
            ("unlink deal 5 from booking 14", "link deal 5 to booking 15", "show booking 15"),
        ),
    ],
)
def test_orders_of_different_kinds_are_read_one_by_one(text: str, orders: tuple[str, ...]) -> None:
    assert _orders(text) == orders


@pytest.mark.parametrize(
    "text",
    [
        "клиент не тот! отмени бронь 14",
        "Клиент не придёт. Отмени бронь 14",
        "Она не придёт, отмени бронь 14",
        "отмени бронь 14, она не придёт",
        "отмени бронь 14, так как клиент не придёт",
        "отмени бронь 14, т.к. клиент не придёт",
        "отмени бронь 14, потому что оплаты не было",
        "Клиент просит. отмени бронь 14",
        "Нет оплаты. Отмени бронь 14",
        "Бронь 14 не актуальна, отмени её",
        "Сделка сорвалась. Бронь 14. Отмени",
    ],
)
def test_a_russian_reason_with_a_no_in_it_is_left_out(text: str) -> None:
    assert [order.lower() for order in _orders(text)] == ["отмени бронь 14"]


@pytest.mark.parametrize(
    "text",
    [
        "Cancel booking 14. She isn't coming.",
        "cancel booking 14, she isn't coming",
        "cancel booking 14 because she is not coming",
        "cancel booking 14 as she is not coming",
        "The guest didn't show up. Cancel booking 14.",
        "Client of booking 14 can't make it, cancel it",
        "Booking 14 was a mistake. Cancel the booking.",
        "Booking 14\n\nCancel it",
        "She might be late. Cancel booking 14",
        "cancel booking 14. It was a mistake",
        "Mrs Bennett rang this morning and she wants to cancel, booking 14, so cancel it",
    ],
)
def test_an_english_story_around_one_order_is_left_out(text: str) -> None:
    assert [order.lower() for order in _orders(text)] == ["cancel booking 14"]


@pytest.mark.parametrize(
    ("context", "clause", "meant"),
    [
        (
            "Клиент из листа ожидания 6 оплатил, сделка 11",
            "прикрепи её к его записи",
            "прикрепи сделку 11 к ожиданию 6",
        ),
        ("Deal 5 is for booking 14", "link them please", "link deal 5 to booking 14 please"),
        ("Сделка 11, запись 14", "привяжи", "привяжи сделку 11 к брони 14"),
        ("Deal 5 is on booking 14", "put it on 17", "put deal 5 on booking 17"),
        ("Booking 14 came in", "link deal 5", "link deal 5 to booking 14"),
        ("бронь 14", "перенеси на завтра", "перенеси бронь 14 на завтра"),
        ("Contact 5 called about booking 14", "add her to the booking", "add contact 5 to booking 14"),
        ("link deal 5 to booking 14", "move it to 5pm", "move booking 14 to 5pm"),
        ("Сделка 8 не та", "сними её с брони 14", "сними сделку 8 с брони 14"),
        ("deals 5 and 6 are paid", "link them to booking 14", "link deal 5 and deal 6 to booking 14"),
        ("Клиент 5 не придёт, запись 14", "удали эту запись", "удали запись 14"),
        ("Клиент 5 не придёт, запись 14", "убери его", "убери клиента 5 от брони 14"),
    ],
)
def test_what_was_named_before_is_put_in_the_place_of_what_points_at_it(context: str, clause: str, meant: str) -> None:
    assert complete(clause, records_in(context)).text == meant


@pytest.mark.parametrize(
    ("context", "clause"),
    [
        ("Bookings 14 and 15", "cancel it"),
        ("Бронь 14, бронь 15", "отмени её"),
        ("Deals 5 and 6, booking 14", "link it"),
        ("booking 14", "book room 3 tomorrow"),
        ("booking 14", "add contact 5 to booking 15"),
        ("booking 14", "show the waitlist"),
        ("booking 14", "show all bookings"),
        ("", "cancel it"),
        ("booking 14", "cancel bookings 15 and 16"),
        ("Сделка 5", "отмени запись"),
    ],
)
def test_what_is_not_clear_is_not_put_anywhere(context: str, clause: str) -> None:
    assert complete(clause, records_in(context)).text == clause


@pytest.mark.parametrize(
    "text",
    [
        "Cancel booking 14. Don't.",
        "Cancel booking 14. If she pays.",
        "if she pays, cancel booking 14",
        "когда клиент придёт, отмени бронь 14",
        "cancel booking 14, but only if she agrees",
        "don't cancel booking 14, cancel booking 15",
        "Она считает, что надо отменить бронь 14",
        "She said cancel booking 14",
        "Anna wants to cancel booking 14",
        "Cancel booking 14. Is that ok?",
        "cancel booking 14 and don't call",
        "Отмени бронь 14. Или 15.",
        "Отмени бронь 14. Стой.",
        "не надо отменять бронь 14. Клиент придёт",
        "Отмени бронь 14? Или не надо",
    ],
)
def test_what_forbids_an_order_is_never_left_out(text: str) -> None:
    assert parts_of(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "link deals 5, 6 and 7 to booking 14",
        "add contact 5 and company 2 to booking 14",
        "move booking 14 to tomorrow, 5pm",
        "please go ahead and cancel booking 14",
        "note for booking 14: call, and cancel",
        "show deals and links of booking 14",
        "Should I cancel booking 14?",
        "Cancel booking 14?",
        "add Jane and Bob to booking 14",
        "cancel booking 14 tomorrow",
        "hello",
    ],
)
def test_one_order_in_one_clause_stays_as_it_is(text: str) -> None:
    assert parts_of(text) is None


@pytest.mark.parametrize(
    ("text", "loose"),
    [
        ("Booking 15 is fine. Cancel booking 14", [15]),
        ("клиент 5 звонил, сказал не придёт. Удали запись 14", [5]),
        ("link deal 5 to booking 14. Same for deal 6", [6]),
        ("Guest of booking 8 phoned. Cancel it please.", []),
    ],
)
def test_records_that_no_order_is_about_are_named(text: str, loose: list[int]) -> None:
    made = parts_of(text)
    assert made is not None
    assert [record.number for record in made.loose] == loose


def test_several_things_and_several_records_are_crossed() -> None:
    made = parts_of("link deals 5 and 6 to bookings 14 and 15")
    assert made is not None
    assert made.crossed


@pytest.mark.parametrize(
    "piece", ["a, ", "and ", "link deal 5 ", "5 and ", "не ", "\n", "because ", "booking 14 - ", ". "]
)
def test_nasty_texts_are_parted_in_time(piece: str) -> None:
    text = (piece * 4096)[:4096]
    begun = time.perf_counter()
    parts_of(text)
    assert time.perf_counter() - begun < 1
