"""Whole messages: what each order of them becomes, and that nothing of several orders or corrections runs at once."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from bot.nlu.parser import read
from bot.nlu.result import Grade, Understood

NOW = datetime.fromisoformat("2026-11-20T12:00:00+03:00")
ZONE = "Europe/Moscow"
Order = tuple[str, dict[str, Any]]


def understood(text: str) -> Understood:
    return read(text, NOW, ZONE)


def orders(text: str) -> list[Order]:
    said = understood(text)
    assert said.grade is Grade.CARD, (text, said.grade, said.question)
    return [(one.tool.name(), one.arguments) for one in (*said.proposals[:1], *said.also)]


def linked(booking: int, *deals: int) -> Order:
    return "set_booking_links", {"booking_id": booking, "links": [{"type": "deal", "id": deal} for deal in deals]}


def unlinked(booking: int, *deals: int) -> Order:
    return "unset_booking_links", {"booking_id": booking, "links": [{"type": "deal", "id": deal} for deal in deals]}


@pytest.mark.parametrize(
    "text",
    [
        "link deal 5 to booking 15 and deal 6 to booking 16",
        "link deal 5 to booking 15, deal 6 to booking 16",
        "link deal 5 to booking 15; deal 6 to booking 16",
        "link deal 5 to booking 15 and 6 to 16",
        "link booking 15 with deal 5, booking 16 with deal 6",
        "link deals 5 and 6 to bookings 15 and 16 respectively",
        "deal 5 to booking 15, deal 6 to booking 16",
        "link these:\n- deal 5 to booking 15\n- deal 6 to booking 16",
        "1. link deal 5 to booking 15\n2. link deal 6 to booking 16",
        "please link deal 5 to booking 15. And link deal 6 to booking 16, thanks",
        "привяжи сделку 5 к брони 15, а сделку 6 к брони 16",
        "привяжи сделку 5 к брони 15 и сделку 6 к брони 16",
        "бр15 + сд5; бр16 + сд6",
        "bkg15+deal5\nbkg16+deal6",
    ],
)
def test_pairs_become_one_card_with_two_orders(text: str) -> None:
    assert orders(text) == [linked(15, 5), linked(16, 6)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("unlink deal 7 from booking 14 and deal 2 from booking 15", [unlinked(14, 7), unlinked(15, 2)]),
        ("отвяжи сделку 7 от брони 14, а сделку 2 от брони 15", [unlinked(14, 7), unlinked(15, 2)]),
        ("move deal 7 from booking 14 to 15", [unlinked(14, 7), linked(15, 7)]),
        ("перенеси сделку 7 с брони 14 на бронь 15", [unlinked(14, 7), linked(15, 7)]),
        ("swap deal 7 for 8 on booking 14", [unlinked(14, 7), linked(14, 8)]),
        ("замени сделку 7 на 8 в брони 14", [unlinked(14, 7), linked(14, 8)]),
        (
            "Deal 5 is on booking 14 by mistake, take it off and put it on 17",
            [unlinked(14, 5), linked(17, 5)],
        ),
        ("сделку 7 с 14-й перекинь на 15-ю бронь", [unlinked(14, 7), linked(15, 7)]),
        ("Pls remove deal 7 from bkg 14 n add deal 8 instead", [unlinked(14, 7), linked(14, 8)]),
        ("убери из брони 14 сделку 7, вместо неё поставь сделку 8", [unlinked(14, 7), linked(14, 8)]),
        ("к брони 14 вместо сделки 7 прикрепи 8", [unlinked(14, 7), linked(14, 8)]),
        ("link deal 8 instead of deal 7 to booking 14", [unlinked(14, 7), linked(14, 8)]),
        ("бронь 14: +сделка 8, -сделка 7", [linked(14, 8), unlinked(14, 7)]),
        ("отвяжи сделку 8 от брони 14 и привяжи к брони 15", [unlinked(14, 8), linked(15, 8)]),
        ("cancel booking 14 and link deal 5 to booking 15", [("delete_booking", {"booking_id": 14}), linked(15, 5)]),
        (
            "Booking 14 - cancel. Booking 15 - unlink deal 7.",
            [("delete_booking", {"booking_id": 14}), unlinked(15, 7)],
        ),
        ("Бронь 14 — отменить. Бронь 15 — отменить.", [("delete_booking", {"booking_id": n}) for n in (14, 15)]),
        ("cancel booking 14. Cancel booking 15.", [("delete_booking", {"booking_id": n}) for n in (14, 15)]),
    ],
)
def test_several_orders_become_one_card(text: str, expected: list[Order]) -> None:
    assert orders(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("link deal 5 to booking 14, no, 15", linked(15, 5)),
        ("привяжи сделку 5 к брони не 14, а 15", linked(15, 5)),
        ("привяжи контакт 5 к брони 14, ой не контакт а сделку", linked(14, 5)),
        ("Клиент из листа ожидания 6 оплатил, сделка 11. Прикрепи её к его записи", None),
        ("клиент не тот! сними сделку 8 с брони 14", unlinked(14, 8)),
        ("Mrs Petrova just paid. deal is 5, her booking is 14. can you tie them together? thanks!", linked(14, 5)),
        ("Fwd: Booking 14\nHi,\nplease see below and link deal 5 to the booking.\n\nBest,\nTom", linked(14, 5)),
        ("Наталья Петрова отменилась. Бронь 14 удалить", ("delete_booking", {"booking_id": 14})),
        ("Бронь 14 удалить, клиентка заболела", ("delete_booking", {"booking_id": 14})),
        ("прикрепи пожалуйста. сделка 5, бронь 14", linked(14, 5)),
        ("Маша, отмени бронь 14", ("delete_booking", {"booking_id": 14})),
        ("Booking 14 is paid, deal 5. Link it", linked(14, 5)),
        ("Subject: Re: Booking 14\n\nPlease cancel it.\n\nRegards,\nTom", ("delete_booking", {"booking_id": 14})),
        ("The guest of booking 8 can't come. Cancel it please", ("delete_booking", {"booking_id": 8})),
        ("бр14 + сд1", linked(14, 1)),
        ("ghbdz;b cltkre 5 r ,hjyb 14", linked(14, 5)),
        ("privyazhi sdelku 5 k broni 14", linked(14, 5)),
        ("линк дил 5 ту букинг 14", linked(14, 5)),
        ("cancel booking one twenty six", ("delete_booking", {"booking_id": 126})),
        (
            "добавь клиента 8 916 123 45 04 к записи 16",
            ("set_booking_clients", {"booking_id": 16, "clients": [{"type": "contact", "phone": "+79161234504"}]}),
        ),
    ],
)
def test_what_was_rewritten_waits_for_a_yes(text: str, expected: Order | None) -> None:
    links = {"waitlist_id": 6, "links": [{"type": "deal", "id": 11}]}
    assert orders(text) == [expected or ("set_waitlist_links", links)]


@pytest.mark.parametrize(
    "text",
    [
        "rename booking 17 to 'Hygienist - Bennett', no, wait",
        "cancel booking 14, never mind",
        "cancel booking 14. Don't.",
        "отмени бронь 14, нет, не надо",
        "отмени бронь 14. Стой.",
        "if she pays, cancel booking 14",
        "cancel booking 14. If she agrees.",
        "link deal 5 to booking 14. Don't link deal 6 to booking 15.",
        "❌ link deal 5 to booking 14",
        "yt jnvtyzq ,hjym 14",
        "remove resource 3, said the manager",
        "говорят, надо отменить бронь 14",
        "he asked me to move deal 7 from booking 14 to 15",
        "I will move deal 7 from booking 14 to 15 later",
        "потом перенеси сделку 7 с брони 14 на бронь 15",
        "потом привяжи сделку 5 к брони 15, а сделку 6 к брони 16",
        "Анна хочет, замени сделку 7 на 8 в брони 14",
        "no need to bkg14 + deal1",
        "не надо: бр14 + сд1",
        "cancel booking 14. Cancel booking 15. Just kidding",
        "отмени бронь 14. Отмени бронь 15 - шучу",
        "she said: the guest can't come. Cancel booking 8",
        "> don't cancel booking 14",
    ],
)
def test_what_is_taken_back_or_forbidden_is_no_order(text: str) -> None:
    said = understood(text)
    assert said.grade is Grade.NONE, (said.tool, said.arguments)
    assert said.tool is None


@pytest.mark.parametrize(
    "text",
    [
        "link deals 5 and 6 to bookings 14 and 15",
        "привяжи сделки 5 и 6 к броням 14 и 15",
        "unlink deals 5 and 6 from bookings 14 and 15",
        "add contacts 1 and 2 to bookings 14 and 15",
        "switch deals 4 and 5 between bookings 14 and 15",
        "link deal 5 with booking 14 and booking 15 with deal 6",
    ],
)
def test_several_things_are_never_multiplied_with_several_records(text: str) -> None:
    said = understood(text)
    assert said.grade in {Grade.CHOICE, Grade.ASK}
    assert not {"booking_id", "booking_ids"} & said.arguments.keys()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Erase please the booking 17. Regards, Margaret", ("delete_booking", {"booking_id": 17})),
        ("Добрый день, Ирина! Отмени бронь 17", ("delete_booking", {"booking_id": 17})),
        ("cancel booking 1️⃣7️⃣", ("delete_booking", {"booking_id": 17})),
        ("@linkdesk_bot cancel booking 17", ("delete_booking", {"booking_id": 17})),
        ("• cancel booking 17", ("delete_booking", {"booking_id": 17})),
        ("link deals 5 and 6 to booking 14", linked(14, 5, 6)),
    ],
)
def test_what_only_surrounds_an_order_does_not_keep_it_from_running(text: str, expected: Order) -> None:
    said = understood(text)
    assert said.grade is Grade.RUN
    assert said.tool is not None
    assert (said.tool.name(), said.arguments) == expected
