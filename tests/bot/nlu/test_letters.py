"""Texts in the wrong letters are read in the right ones, where at least two words of ours come of it."""

from __future__ import annotations

import pytest

from bot.nlu.letters import right_letters
from bot.nlu.revision import Change


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("ghbdz;b cltkre 5 r ,hjyb 14", "привяжи сделку 5 к брони 14"),
        ("jnvtyb ,hjym 14", "отмени бронь 14"),
        ("cybvb cltkre 8 c ,hjyb 14", "сними сделку 8 с брони 14"),
        ("gthtytcb ,hjym 14 yf pfdnhf", "перенеси бронь 14 на завтра"),
        ("gjrf;b ,hjym 14", "покажи бронь 14"),
        ("elfkb pfgbcm 14", "удали запись 14"),
        ("lj,fdm rjynfrn 5 d ,hjym 14", "добавь контакт 5 в бронь 14"),
        ("привяжи cltkre 5 к брони 14", "привяжи сделку 5 к брони 14"),
        ("отмени ,hjym 14", "отмени бронь 14"),
        ("jndz;b cltkre 5 jn ,hjyb 14", "отвяжи сделку 5 от брони 14"),
        ("дштл вуфд 5 ещ ищщлштп 14", "link deal 5 to booking 14"),
        ("сфтсуд ищщлштп 14", "cancel booking 14"),
        ("гтдштл вуфд 5 акщь ищщлштп 14", "unlink deal 5 from booking 14"),
        ("фвв сщтефсе 5 ещ ищщлштп 14", "add contact 5 to booking 14"),
    ],
)
def test_the_wrong_keyboard_layout_is_read_in_the_right_one(text: str, meant: str) -> None:
    made = right_letters(text)
    assert made.text == meant
    assert Change.LAYOUT in {edit.change for edit in made.edits}
    assert made.doubtful


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("privyazhi sdelku 5 k broni 14", "привяжи сделку 5 к брони 14"),
        ("privjazhi sdelku 5 k zapisi 14", "привяжи сделку 5 к записи 14"),
        ("priviazhi sdelku 5 k broni 14", "привяжи сделку 5 к брони 14"),
        ("otmeni bron 14", "отмени бронь 14"),
        ("otmenit' bron' 14", "отменить бронь 14"),
        ("dobav klienta 5 v bron 14", "добавь клиента 5 в бронь 14"),
        ("dobavj kontakt 5 v bron 14", "добавь контакт 5 в бронь 14"),
        ("otvyazhi kontakt 5 ot broni 14", "отвяжи контакт 5 от брони 14"),
        ("udali zapis 14", "удали запись 14"),
        ("vyvedi broni na zavtra", "выведи брони на завтра"),
        ("pokazhi bron 14", "покажи бронь 14"),
        ("perenesi bron 14 na zavtra", "перенеси бронь 14 на завтра"),
        ("линк дил 5 ту букинг 14", "link deal 5 to booking 14"),
        ("кэнсел букинг 14", "cancel booking 14"),
        ("кансел букинг 14", "cancel booking 14"),
        ("анлинк дил 5 фром букинг 14", "unlink deal 5 from booking 14"),
        ("прилинкуй дил 5 к букингу 14", "прилинкуй deal 5 к booking 14"),
    ],
)
def test_transliteration_is_read_both_ways(text: str, meant: str) -> None:
    made = right_letters(text)
    assert made.text == meant
    assert made.doubtful


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("сними cделку 8 с брони 14", "сними сделку 8 с брони 14"),
        ("сними сделку 8 c брони 14", "сними сделку 8 с брони 14"),
        ("отмени брoнь 14", "отмени бронь 14"),
        ("БРОHЬ 14 отмени", "БРОНЬ 14 отмени"),
        ("добавь кoнтaкт 5 в бронь 14", "добавь контакт 5 в бронь 14"),
        ("привяжи сделку 5 k брони 14", "привяжи сделку 5 к брони 14"),
        ("нe отменяй бронь 14", "не отменяй бронь 14"),
        ("cancеl booking 14", "cancel booking 14"),
        ("link dеal 5 to booking 14", "link deal 5 to booking 14"),
        ("don't cаncel booking 14", "don't cancel booking 14"),
    ],
)
def test_letters_of_the_other_alphabet_inside_a_word_are_put_right(text: str, meant: str) -> None:
    made = right_letters(text)
    assert made.text == meant
    assert not made.doubtful


@pytest.mark.parametrize(
    ("text", "no"),
    [
        ("yt ghbdzpsdfq cltkre 5 r ,hjyb 14", "не"),
        ("yt jnvtyzq ,hjym 14", "не"),
        ("ytn, jnvtyb ,hjym 14", "нет"),
        ("ne otmenyay bron 14", "не"),
        ("net, otmeni bron 14", "нет"),
        ("otmeni bron 14, no ne sdelku 5", "no"),
        ("донт линк дил 5 ту букинг 14", "dont"),
        ("не кэнсел букинг 14", "не"),
        ("вщт'е дштл вуфд 5 ещ ищщлштп 14", "don't"),
        ("тще сфтсуд ищщлштп 14", "not"),
    ],
)
def test_a_no_in_other_letters_stays_a_no(text: str, no: str) -> None:
    assert no in right_letters(text).text.replace(",", "").split()


@pytest.mark.parametrize(
    "text",
    [
        "link deal 5 to booking 14",
        "link dela 5 to booking 14",
        "tie dil 5 and buking 14",
        "add contact Olga Ivanova to booking 14",
        "add company Vesna to booking 14",
        "добавь компанию Bella Moda в бронь 14",
        "сними deal 8 с booking 14",
        "привяжи сделку 5 к брони 14",
        "отмени изменение 7k2m9q4x1z",
        "привяжи дело 9 к https://x.bitrix24.ru/crm/deal/details/1/",
        "добавь клиента a@b.ru в бронь 8",
        "кто записан на завтра",
        "hello",
        "ghbdtn",
    ],
)
def test_what_is_no_clear_case_stays_as_it_is(text: str) -> None:
    assert right_letters(text).edits == ()
