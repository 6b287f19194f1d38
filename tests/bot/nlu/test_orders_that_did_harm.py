"""Orders that were once carried out wrong, or led nowhere, each with relatives."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from bot.nlu.parser import read
from bot.nlu.result import Grade, Understood
from tool_specs.declaration.method import Effect

NOW = datetime.fromisoformat("2026-11-20T12:00:00+03:00")


def understood(text: str) -> Understood:
    return read(text, NOW, "Europe/Moscow")


def orders(said: Understood) -> list[tuple[str, dict[str, Any]]]:
    first = [(said.tool.name(), said.arguments)] if said.tool is not None else []
    return [*first, *((one.tool.name(), one.arguments) for one in said.also)]


def deals(booking: int, *numbers: int) -> dict[str, Any]:
    return {"booking_id": booking, "links": [{"type": "deal", "id": number} for number in numbers]}


@pytest.mark.parametrize(
    "text",
    [
        "link deal 5 to booking 15 and deal 6 to booking 16",
        "link deal 5 to booking 15, deal 6 to booking 16",
        "link deal 5 to booking 15; deal 6 to booking 16",
        "attach deal 5 to booking 15 and deal 6 to booking 16 please",
        "please link deal 5 with booking 15 and deal 6 with booking 16",
        "привяжи сделку 5 к брони 15 и сделку 6 к брони 16",
        "привяжи сделку 5 к брони 15, а сделку 6 к брони 16",
        "привяжи сделку 5 к брони 15, сделку 6 к брони 16",
        "прикрепи сделку 5 к записи 15 и сделку 6 к записи 16",
        "link deal 5 to booking 15 and link deal 6 to booking 16",
        "link deal 5 to booking 15\nlink deal 6 to booking 16",
    ],
)
def test_pairs_are_kept_together(text: str) -> None:
    said = understood(text)
    assert orders(said) == [("set_booking_links", deals(15, 5)), ("set_booking_links", deals(16, 6))]
    assert said.grade is Grade.CARD


@pytest.mark.parametrize(
    "text",
    [
        "unlink deal 7 from booking 14 and deal 2 from booking 15",
        "unlink deal 7 from booking 14, deal 2 from booking 15",
        "detach deal 7 from booking 14; deal 2 from booking 15",
        "remove deal 7 from booking 14 and deal 2 from booking 15",
        "take deal 7 off booking 14 and deal 2 off booking 15",
        "отвяжи сделку 7 от брони 14 и сделку 2 от брони 15",
        "отвяжи сделку 7 от брони 14, сделку 2 от брони 15",
        "открепи сделку 7 от записи 14 и сделку 2 от записи 15",
        "сними сделку 7 с брони 14 и сделку 2 с брони 15",
        "unlink deal 7 from booking 14 and unlink deal 2 from booking 15",
    ],
)
def test_pairs_come_off_each_its_own_booking(text: str) -> None:
    said = understood(text)
    assert orders(said) == [("unset_booking_links", deals(14, 7)), ("unset_booking_links", deals(15, 2))]
    assert said.grade is Grade.CARD


@pytest.mark.parametrize(
    "text",
    [
        "клиент 8 916 123 45 04 к записи 16",
        "добавь клиента 8 916 123 45 04 в бронь 16",
        "добавь клиента 8-916-123-45-04 к записи 16",
        "add client 7 916 123 45 03 to booking 18",
        "add client 00353 86 111 2034 to booking 18",
        "add client +353 86 111 2034 to booking 18",
        "put client 8-800-200-02-00 on booking 18",
        "добавь 8 (916) 123-45-04 к брони 16",
        "remove client 8 916 123 45 04 from booking 16",
        "запиши клиента 8 916 123 45 04 в бронь 16",
    ],
)
def test_a_phone_is_never_read_as_ids(text: str) -> None:
    said = understood(text)
    for tool, arguments in [*orders(said), *((one.tool.name(), one.arguments) for one in said.proposals)]:
        assert not any("id" in client for client in arguments.get("clients", [])), (tool, arguments)
    assert said.grade is not Grade.RUN or said.tool is None or said.tool.effect is Effect.READ


@pytest.mark.parametrize(
    "text",
    [
        "Erase please the booking 17. Regards, Margaret",
        "Please delete booking 17. Thanks, Margaret",
        "Delete booking 17 please. Kind regards, Margaret Smith",
        "Cancel booking 17. Best, Margaret",
        "cancel booking 17\n\nRegards,\nMargaret",
        "Hi team, please cancel booking 17. Thanks, Margaret",
        "Удалите бронь 17. С уважением, Маргарита",
        "Отмените, пожалуйста, бронь 17. Спасибо, Маргарита",
        "Добрый день! Отмените бронь 17. С уважением, Иванова",
        "удали бронь 17, спасибо",
    ],
)
def test_who_signs_an_order_is_no_part_of_it(text: str) -> None:
    said = understood(text)
    assert orders(said) == [("delete_booking", {"booking_id": 17})]


@pytest.mark.parametrize(
    "text",
    [
        "rename booking 17 to 'Hygienist - Bennett', no, wait",
        "rename booking 17 to 'Hygienist', wait",
        'rename booking 17 to "Hygienist", no, don\'t',
        "rename booking 17 to Hygienist, no, wait",
        "rename booking 17 to Hygienist - no, forget it",
        "переименуй бронь 17 в «Гигиена», нет, подожди",
        "переименуй бронь 17 в «Гигиена», стой",
        "переименуй бронь 17 в Гигиена, нет, не надо",
        "add a waitlist entry - no, don't",
        "add a note to waitlist entry 4: call first, no, wait",
        "добавь заметку к записи листа ожидания 4: позвонить, нет, стой",
    ],
)
def test_a_text_never_swallows_what_takes_the_order_back(text: str) -> None:
    said = understood(text)
    assert said.grade in {Grade.NONE, Grade.ASK}
    assert "wait" not in repr(said.arguments)


@pytest.mark.parametrize(
    "text",
    [
        "Bin booking 17",
        "Bin booking 17 please",
        "Scrub booking 17",
        "Axe booking 17",
        "Kibosh booking 17",
        "грохни запись 17",
        "грохни бронь 17 пожалуйста",
        "Trash booking 17",
        "Dump booking 17",
        "Nuke booking 17",
    ],
)
def test_an_unknown_verb_with_one_record_lets_a_person_choose(text: str) -> None:
    said = understood(text)
    assert said.grade in {Grade.CHOICE, Grade.CARD}
    assert any(one.arguments.get("booking_id") == 17 for one in said.proposals)


@pytest.mark.parametrize(
    "text",
    [
        "добавь организациям контакты 5 и 6 в бронь 18",
        "добавь компаниям контакты 5 и 6 в бронь 18",
        "add company contacts 5 and 6 to booking 18",
        "добавь контакты компании 5 и 6 в бронь 18",
        "убери организациям контакты 5 и 6 из брони 18",
        "link contacts company 5 to booking 18",
        "привяжи компании контакт 5 к брони 18",
        "поставь фирме контакты 5 и 6 в бронь 18",
        "add the companies contacts 5 and 6 to booking 18",
        "добавь организации контакты 5, 6 в бронь 18",
    ],
)
def test_contacts_beside_companies_are_never_added_at_once(text: str) -> None:
    assert understood(text).grade is not Grade.RUN
