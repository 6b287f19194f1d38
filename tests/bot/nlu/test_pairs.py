"""One clause may give several orders; pairs are kept together and never multiplied."""

from __future__ import annotations

import pytest

from bot.nlu.pairs import orders_of

PAIRS = ("link deal 5 to booking 15", "link deal 6 to booking 16")
PARY = ("привяжи сделку 5 к брони 15", "привяжи сделку 6 к брони 16")


@pytest.mark.parametrize(
    "clause",
    [
        "link deal 5 to booking 15 and deal 6 to booking 16",
        "link deal 5 to booking 15, deal 6 to booking 16",
        "link deal 5 to booking 15; deal 6 to booking 16",
        "link deal 5 to booking 15 and 6 to 16",
        "link deal 5 to booking 15, 6 to 16",
        "link deal 5 to booking 15 - deal 6 to booking 16",
        "link deal 5 to booking 15 and then deal 6 to booking 16",
        "link deal 5 to booking 15, and also deal 6 to booking 16",
        "link deals 5 and 6 to bookings 15 and 16 respectively",
    ],
)
def test_pairs_are_two_orders(clause: str) -> None:
    made = orders_of(clause)
    assert made.texts == PAIRS
    assert not made.crossed


@pytest.mark.parametrize(
    "clause",
    [
        "привяжи сделку 5 к брони 15, а сделку 6 к брони 16",
        "привяжи сделку 5 к брони 15 и сделку 6 к брони 16",
        "привяжи сделку 5 к брони 15, сделку 6 — к брони 16",
        "привяжи сделку 5 к брони 15; сделку 6 к брони 16",
        "привяжи сделку 5 к брони 15, а 6 к 16",
        "привяжи сделку 5 к брони 15, потом сделку 6 к брони 16",
    ],
)
def test_russian_pairs_are_two_orders(clause: str) -> None:
    assert orders_of(clause).texts == PARY


@pytest.mark.parametrize(
    ("clause", "texts"),
    [
        (
            "unlink deal 7 from booking 14 and deal 2 from booking 15",
            ("unlink deal 7 from booking 14", "unlink deal 2 from booking 15"),
        ),
        (
            "link booking 14 with deal 5, booking 15 with deal 6",
            ("link booking 14 with deal 5", "link booking 15 with deal 6"),
        ),
        (
            "add contact 5 to booking 14 and company 2 to booking 15",
            ("add contact 5 to booking 14", "add company 2 to booking 15"),
        ),
        (
            "добавь контакт 5 в бронь 14, а компанию 2 в бронь 15",
            ("добавь контакт 5 в бронь 14", "добавь компанию 2 в бронь 15"),
        ),
        (
            "отвяжи сделки 5, 6 от брони 14 и сделку 7 от брони 15",
            ("отвяжи сделки 5, 6 от брони 14", "отвяжи сделку 7 от брони 15"),
        ),
        ("move booking 14 to 5pm and booking 15 to 6pm", ("move booking 14 to 5pm", "move booking 15 to 6pm")),
        (
            "bind activity 7 to deal 5 and activity 8 to deal 6",
            ("bind activity 7 to deal 5", "bind activity 8 to deal 6"),
        ),
        ("deal 1 to booking 14, deal 2 to booking 15", ("deal 1 to booking 14", "deal 2 to booking 15")),
        ("deal 1 booking 14, deal 2 booking 15", ("deal 1 booking 14", "deal 2 booking 15")),
        (
            "link deal 5 to waitlist entry 4 and deal 6 to waitlist entry 7",
            ("link deal 5 to waitlist entry 4", "link deal 6 to waitlist entry 7"),
        ),
    ],
)
def test_pairs_of_every_kind_keep_their_verb(clause: str, texts: tuple[str, ...]) -> None:
    assert orders_of(clause).texts == texts


@pytest.mark.parametrize(
    ("clause", "texts"),
    [
        ("move deal 7 from booking 14 to 15", ("unlink deal 7 from booking 14", "link deal 7 to booking 15")),
        ("move deal 7 from booking 14 to booking 15", ("unlink deal 7 from booking 14", "link deal 7 to booking 15")),
        (
            "transfer deal 7 to booking 15 from booking 14",
            ("unlink deal 7 from booking 14", "link deal 7 to booking 15"),
        ),
        (
            "move contact 7 from booking 14 to booking 15",
            ("remove contact 7 from booking 14", "add contact 7 to booking 15"),
        ),
        (
            "move deals 7 and 8 from booking 14 to booking 15",
            ("unlink deals 7 and 8 from booking 14", "link deals 7 and 8 to booking 15"),
        ),
        (
            "move deal 7 from waitlist entry 4 to booking 15",
            ("unlink deal 7 from waitlist entry 4", "link deal 7 to booking 15"),
        ),
        ("перенеси сделку 7 с брони 14 на бронь 15", ("отвяжи сделку 7 от брони 14", "привяжи сделку 7 к брони 15")),
        ("перенеси сделку 7 с брони 14 на 15", ("отвяжи сделку 7 от брони 14", "привяжи сделку 7 к брони 15")),
        ("перекинь сделку 7 из брони 14 в бронь 15", ("отвяжи сделку 7 от брони 14", "привяжи сделку 7 к брони 15")),
        ("перенеси клиента 7 с брони 14 на бронь 15", ("убери клиента 7 от брони 14", "добавь клиента 7 к брони 15")),
    ],
)
def test_a_move_between_records_is_taking_off_and_putting_on(clause: str, texts: tuple[str, ...]) -> None:
    assert orders_of(clause).texts == texts


@pytest.mark.parametrize(
    ("clause", "texts"),
    [
        ("swap deal 7 for 8", ("unlink deal 7", "link deal 8")),
        ("swap deal 7 for deal 8 on booking 14", ("unlink deal 7 from booking 14", "link deal 8 to booking 14")),
        ("replace deal 7 with deal 8 on booking 14", ("unlink deal 7 from booking 14", "link deal 8 to booking 14")),
        ("replace deal 7 by 8 at booking 14", ("unlink deal 7 from booking 14", "link deal 8 to booking 14")),
        ("substitute deal 8 for deal 7 on booking 14", ("unlink deal 7 from booking 14", "link deal 8 to booking 14")),
        (
            "swap contact 7 for contact 8 on booking 14",
            ("remove contact 7 from booking 14", "add contact 8 to booking 14"),
        ),
        ("замени сделку 7 на 8 в брони 14", ("отвяжи сделку 7 от брони 14", "привяжи сделку 8 к брони 14")),
        ("замени сделку 7 на сделку 8 в брони 14", ("отвяжи сделку 7 от брони 14", "привяжи сделку 8 к брони 14")),
        ("поменяй сделку 7 на сделку 8 у брони 14", ("отвяжи сделку 7 от брони 14", "привяжи сделку 8 к брони 14")),
        ("замени сделку 7 на 8", ("отвяжи сделку 7", "привяжи сделку 8")),
    ],
)
def test_one_thing_for_another_is_taking_off_and_putting_on(clause: str, texts: tuple[str, ...]) -> None:
    assert orders_of(clause).texts == texts


@pytest.mark.parametrize(
    "clause",
    [
        "link deals 5 and 6 to bookings 14 and 15",
        "unlink deals 5 and 6 from bookings 14 and 15",
        "привяжи сделки 5 и 6 к броням 14 и 15",
        "add contacts 1 and 2 to bookings 14 and 15",
        "добавь контакты 1, 2 в брони 14, 15",
        "link deal 5 with booking 14 and booking 15 with deal 6",
    ],
)
def test_several_things_and_several_owners_are_never_multiplied(clause: str) -> None:
    assert orders_of(clause).crossed


@pytest.mark.parametrize(
    "clause",
    [
        "link deals 5 and 6 to booking 14",
        "link deal 5 to bookings 14 and 15",
        "link deals 5 and 6 to each of bookings 14 and 15",
        "привяжи сделки 5 и 6 ко всем броням 14 и 15",
        "link deal 5 and contact 6 to booking 14",
        "move activity 7 from deal 5 to deal 6",
        "replace all deals of booking 14 with deal 8",
        "cancel bookings 14 and 15",
        "move booking 14 to tomorrow at 5pm",
        "unlink deal 7 from booking 14",
    ],
)
def test_one_order_stays_one(clause: str) -> None:
    made = orders_of(clause)
    assert made.texts == (clause,)
    assert not made.crossed


def test_what_follows_the_pairs_is_not_lost() -> None:
    assert orders_of("link deal 5 to booking 15 and deal 6 to booking 16 if she pays").texts == (
        "link deal 5 to booking 15",
        "link deal 6 to booking 16 if she pays",
    )
