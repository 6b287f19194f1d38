"""What is written down as it is: the marks around it, and what follows them, are no part of it."""

from __future__ import annotations

from datetime import datetime

import pytest

from bot.nlu.free_text import cut_tail, free_text, name_in
from bot.nlu.parser import read

NOW = datetime.fromisoformat("2026-11-20T12:00:00+03:00")


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ('"Highway lesson".', "Highway lesson"),
        ('"Highway lesson", please!', "Highway lesson"),
        ("«Отпуск».", "Отпуск"),
        ("«Кафе «Ромашка»»", "Кафе «Ромашка»"),
        ("„Отпуск“, пожалуйста", "Отпуск"),
        ("'tooth pain'!", "tooth pain"),
        ('"A" and "B"', '"A" and "B"'),
        ('"Anna", morning only', '"Anna", morning only'),
        ("'tis late", "tis late"),
        ("- call, then text.", "call, then text."),
    ],
)
def test_only_what_is_inside_the_marks_is_kept(written: str, kept: str) -> None:
    assert free_text(written) == kept


@pytest.mark.parametrize(("name", "kept"), [("Lesson.", "Lesson"), ("Acme Ltd.", "Acme Ltd."), ("Lesson…", "Lesson…")])
def test_a_name_ends_before_the_full_stop_of_the_sentence(name: str, kept: str) -> None:
    assert name_in(name) == kept


@pytest.mark.parametrize(
    ("text", "name", "value"),
    [
        ('rename booking 20 as "Highway lesson".', "name", "Highway lesson"),
        ("Переименуйте бронирование 20 в «Повторный приём».", "name", "Повторный приём"),
        ('set the note of waitlist entry 4 to "mornings only".', "note", "mornings only"),
        ("Измените примечание записи листа ожидания 4 на «только утро».", "note", "только утро"),
        ("set the description of resource 2 to “big room”.", "description", "big room"),
        ("измени описание ресурса 2 на «большой зал».", "description", "большой зал"),
        ('add a resource type "Rooms", code rooms.', "name", "Rooms"),
    ],
)
def test_a_full_stop_after_a_closing_mark_is_in_no_text(text: str, name: str, value: str) -> None:
    assert read(text, NOW, "Europe/Moscow").arguments.get(name) == value


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Piano room B please, we swapped rooms", "Piano room B"),
        ("Piano room B, please", "Piano room B"),
        ("Стрижка, она просила", "Стрижка"),
        ("Кабинет массажа, пожалуйста", "Кабинет массажа"),
        ("MOT and service - he wants both", "MOT and service"),
        ("Отпуск, потому что ремонт", "Отпуск"),
        ("Cut, wash and go", "Cut, wash and go"),
        ("Hygienist - Bennett", "Hygienist - Bennett"),
        ("Please", "Please"),
        ("Thank you, Anna", "Thank you, Anna"),
        ("Стрижка, укладка, окрашивание", "Стрижка, укладка, окрашивание"),
    ],
)
def test_a_name_ends_before_a_courtesy_and_before_the_reason_for_it(text: str, name: str) -> None:
    assert name_in(text) == name


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("waitlist 4: add contact 2", None),
        ("Лист ожидания 52: добавьте клиента с телефоном 9031112233", None),
        ("waitlist 12 - that parrot has found another vet so remove the entry please", None),
        ("waitlist 4: call before noon", "call before noon"),
        ("note waitlist 4: remove gel nails first", "remove gel nails first"),
        ("add to the waitlist: Anna, remove gel nails", "Anna, remove gel nails"),
        ("новая запись в лист ожидания: снять гель", "снять гель"),
    ],
)
def test_an_order_after_a_colon_is_an_order_unless_something_is_to_be_written_down(text: str, note: str | None) -> None:
    found = cut_tail(text)
    assert (None if found is None else found[1]) == note
