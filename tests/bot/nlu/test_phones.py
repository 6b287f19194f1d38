"""Phone numbers are one literal in every usual spelling, and never ids."""

from __future__ import annotations

import pytest

from bot.nlu.phones import phones_of
from bot.nlu.tokenizer import units_of
from bot.nlu.tokens import Kind

RUSSIAN = "+79161234504"


@pytest.mark.parametrize(
    "text",
    [
        "клиент 8 916 123 45 04 к записи 16",
        "клиент 8-916-123-45-04 к записи 16",
        "клиент 8(916)123-45-04 к записи 16",
        "клиент 8 (916) 123 45 04 к записи 16",
        "клиент 89161234504 к записи 16",
        "клиент 8 9161234504 к записи 16",
        "клиент 8916 123 45 04 к записи 16",
        "клиент 8.916.123.45.04 к записи 16",
        "add client 7 916 123 45 04 to booking 16",
        "add client +7 916 123-45-04 to booking 16",
        "add client +7(916)1234504 to booking 16",
        "add client 007 916 123 45 04 to booking 16",
        "add client 9161234504 to booking 16",
        "add client (916) 123-45-04 to booking 16",
        "add client 916-123-45-04 to booking 16",
    ],
)
def test_a_russian_number_is_read_in_every_usual_spelling(text: str) -> None:
    (phone,) = phones_of(text)
    assert phone.value == RUSSIAN
    assert [unit.ids for unit in units_of(text) if unit.kind is Kind.NUMBER] == [(16,)]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("добавь 00353 86 111 203 в бронь 16", "+35386111203"),
        ("add +353 86 111 2034 to booking 16", "+353861112034"),
        ("add +44 20 7946 0958 to booking 16", "+442079460958"),
        ("add 0044 20 7946 0958 to booking 16", "+442079460958"),
        ("запиши +380 67 123 45 67 в бронь 16", "+380671234567"),
        ("запиши 380671234567 в бронь 16", "+380671234567"),
        ("запиши 380 67 123 45 67 в бронь 16", "+380671234567"),
        ("запиши 375 29 123-45-67 в бронь 16", "+375291234567"),
        ("add 1 212 555 0134 to booking 16", "+12125550134"),
        ("add +1 (212) 555-0134 to booking 16", "+12125550134"),
        ("add 0161 496 0123 to booking 16", "01614960123"),
        ("add 07700 900123 to booking 16", "07700900123"),
        ("клиент 8-800-2000-200 в бронь 16", "+78002000200"),
        ("клиент 8 4852 12-34-56 в бронь 16", "+74852123456"),
        ("+353861112034 16", "+353861112034"),
    ],
)
def test_foreign_and_local_numbers_are_phones(text: str, value: str) -> None:
    assert [phone.value for phone in phones_of(text)] == [value]
    assert [unit.ids for unit in units_of(text) if unit.kind is Kind.NUMBER] == [(16,)]


@pytest.mark.parametrize(
    "extension",
    [
        "доб. 12",
        "доб 12",
        "доб.12",
        ", доб. 12",
        "добавочный 12",
        "(доб. 12)",
        "ext 12",
        "ext. 12",
        "x12",
        "extension 12",
    ],
)
def test_an_extension_belongs_to_the_number(extension: str) -> None:
    text = f"+7 916 123 45 04 {extension} бронь 16"
    (phone,) = phones_of(text)
    assert (phone.value, phone.extension) == (RUSSIAN, "12")
    assert [unit.ids for unit in units_of(text) if unit.kind is Kind.NUMBER] == [(16,)]


@pytest.mark.parametrize(
    "text",
    [
        "link deals 1 2 3 4 5 to booking 14",
        "сделки 8 9 10 11 12 13 14 к брони 15",
        "link deals 8, 916, 123, 45 and 4 to booking 14",
        "link deals 916 123 45 67 to booking 14",
        "link deal 1234567890 to booking 14",
        "move booking 14 to 2026-11-20 10:00-11:30",
        "перенеси бронь 14 на 20.11.2026 12:00",
        "bookings 01-02-2026 to 03-02-2026",
        "booking #8 916 123",
        "8 11 2026 10 30",
        "move booking 14 to 10 00 11 00",
        "https://example.bitrix24.ru/crm/deal/details/89161234504/",
        "link deals 14-15, 20-21 to booking 8",
    ],
)
def test_ids_days_and_times_are_no_phones(text: str) -> None:
    assert phones_of(text) == ()


def test_a_phone_inside_a_quotation_is_part_of_the_quotation() -> None:
    kinds = [unit.kind for unit in units_of("note for booking 14: «call +7 916 123 45 04 back»")]
    assert Kind.QUOTE in kinds
    assert Kind.PHONE not in kinds
