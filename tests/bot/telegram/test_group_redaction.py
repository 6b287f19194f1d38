"""Phone numbers and mails in what a group reads."""

from __future__ import annotations

import pytest

from bot.conversation.session import Reply
from bot.rendering.redaction import masked
from bot.telegram.group_redaction import for_group


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("call +7 (916) 123-45-67 today", "call •••67 today"),
        ("8 916 123 45 67", "•••67"),
        ("89161234567, 7-916-123-45-67, 9161234567", "•••67, •••67, •••67"),
        ("тел. 916 123-45-67", "тел. •••67"),
        ("+1 415 555 2671", "•••71"),
        ("mail ivan.petrov+x@mail.example.ru!", "mail •••!"),
    ],
)
def test_a_phone_or_a_mail_is_hidden_however_it_is_written(text: str, shown: str) -> None:
    assert masked(text) == shown


@pytest.mark.parametrize(
    "text",
    [
        "Booking 14: 20 November 2026, 15:00–16:00",
        "20.11.2026 15:00",
        "2026-11-20T15:00+03:00",
        "deals 1, 2, 3, 4, 5, 6, 7, 8, 9, 10",
        "bookings 15-21, 40 and 123",
        "https://salon.bitrix24.ru/crm/deal/details/1234567890/",
        "deal 2147483647",
        "change 0123456789abcdefgh",
        "1 200 000 RUB",
    ],
)
def test_what_is_no_phone_is_left_as_it_is(text: str) -> None:
    assert masked(text) == text


def test_both_forms_of_an_answer_are_masked_and_say_where_to_read_more() -> None:
    reply = for_group(Reply("Anna <a@b.ru>", "<b>Anna</b> &lt;a@b.ru&gt;", "ru", card="c"))
    assert reply.text == "Anna <•••>\nТелефоны и почту показываю только в личном чате."
    assert reply.html == "<b>Anna</b> &lt;•••&gt;\nТелефоны и почту показываю только в личном чате."
    assert reply.card == "c"
