"""Telegraph style is written out in words."""

from __future__ import annotations

import pytest

from bot.nlu.abbreviations import noun_of_abbreviation
from bot.nlu.signs import spelled_out


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("cancel booking14", "cancel booking 14"),
        ("отмени бронь14", "отмени бронь 14"),
        ("link deal5 to bkg14", "link deal 5 to bkg 14"),
        ("deal-5 to bkg-14", "deal 5 to bkg 14"),
        ("deal_5 to booking_14", "deal 5 to booking 14"),
        ("лид3 к делу 7", "лид 3 к делу 7"),
        ("отмени 14бронь", "отмени 14 бронь"),
        ("контакт5 в бронь14", "контакт 5 в бронь 14"),
        ("link d5 to b14", "link deal 5 to booking 14"),
        ("покажи сделку5", "покажи сделку 5"),
    ],
)
def test_a_noun_and_its_number_are_parted(text: str, written: str) -> None:
    assert spelled_out(text).text == written


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("сними сд 8 с бр 14", "сними сделку 8 с брони 14"),
        ("сделка 5 к брн 14", "сделка 5 к брони 14"),
        ("привяжи сдлк 5 к бр 14", "привяжи сделку 5 к брони 14"),
        ("добавь конт 5 в бр. 14", "добавь контакт 5 в бронь 14"),
        ("кл. 5 в бронь 14", "клиент 5 в бронь 14"),
        ("cancel appt 14", "cancel appointment 14"),
        ("cancel appt. 14", "cancel appointment 14"),
        ("show dl 5", "show deal 5"),
        ("add cust 5 to booking 14", "add customer 5 to booking 14"),
        ("show cmp 5", "show company 5"),
        ("cancel bk 14", "cancel bkg 14"),
        ("show inv. 5", "show invoice 5"),
    ],
)
def test_a_shortened_noun_before_a_number_is_written_in_full(text: str, written: str) -> None:
    assert spelled_out(text).text == written
    assert spelled_out(text).doubtful


@pytest.mark.parametrize(
    "word", ["no", "at", "to", "in", "res", "co", "dec", "not", "one", "don", "не", "на", "к", "ком", "пр", "ни", "сто"]
)
def test_what_may_be_several_nouns_or_another_word_is_short_for_none(word: str) -> None:
    assert noun_of_abbreviation(word) is None


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("bkg14 + deal1", "link deal 1 to booking 14"),
        ("deal 1 + booking 14", "link deal 1 to booking 14"),
        ("бр14 + сд1", "привяжи сделку 1 к брони 14"),
        ("бр 14 + сд 1 + сд 2", "привяжи сделку 1 и сделку 2 к брони 14"),
        ("bkg14 + deal1, deal2", "link deal 1 and deal 2 to booking 14"),
        ("booking #14 + deal #5", "link deal #5 to booking #14"),
        ("deal 1 -> booking 14", "link deal 1 to booking 14"),
        ("сделка 1 → бронь 14", "привяжи сделку 1 к брони 14"),
        ("booking 14 plus deal 1", "link deal 1 to booking 14"),
        ("бронь 14 плюс сделка 1", "привяжи сделку 1 к брони 14"),
        ("бр14 + кл5", "добавь клиента 5 к брони 14"),
        ("booking 14 + contact 5", "add contact 5 to booking 14"),
        ("wl6 + deal 5", "link deal 5 to waitlist entry 6"),
        ("звонок 7 + лид 3", "привяжи лид 3 к делу 7"),
        ("bkg14 + +7 916 123 45 04", "add client +7 916 123 45 04 to booking 14"),
    ],
)
def test_a_plus_or_an_arrow_between_records_links_them(text: str, written: str) -> None:
    assert spelled_out(text).text == written


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("bkg 14 minus deal 1", "unlink deal 1 from booking 14"),
        ("booking 14 − deal 1", "unlink deal 1 from booking 14"),
        ("booking14 -deal1", "unlink deal 1 from booking 14"),
        ("бр14 − сд1", "отвяжи сделку 1 от брони 14"),
        ("бронь 14 минус сделка 1", "отвяжи сделку 1 от брони 14"),
        ("бронь 14 минус клиент 5", "убери клиента 5 от брони 14"),
        ("booking 14 minus contact 5", "remove contact 5 from booking 14"),
        ("бр14 + сд1 - сд2", "привяжи сделку 1 к брони 14; отвяжи сделку 2 от брони 14"),
        ("bkg14 + deal 1 − deal 2", "link deal 1 to booking 14; unlink deal 2 from booking 14"),
        ("wl 6 minus deal 5", "unlink deal 5 from waitlist entry 6"),
    ],
)
def test_a_minus_between_records_unlinks_them(text: str, written: str) -> None:
    assert spelled_out(text).text == written


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("bkg14+deal1; bkg15+deal2", "link deal 1 to booking 14; link deal 2 to booking 15"),
        ("bkg14+deal1, bkg15+deal2", "link deal 1 to booking 14, link deal 2 to booking 15"),
        ("bkg14+deal1\nbkg15+deal2", "link deal 1 to booking 14\nlink deal 2 to booking 15"),
        ("бр14+сд1; бр15+сд2", "привяжи сделку 1 к брони 14; привяжи сделку 2 к брони 15"),
        ("бр14+сд1, бр15+сд2", "привяжи сделку 1 к брони 14, привяжи сделку 2 к брони 15"),
        ("deal 1 -> bkg 14; deal 2 -> bkg 15", "link deal 1 to booking 14; link deal 2 to booking 15"),
        ("deal 7: booking 14 -> 15", "move deal 7 from booking 14 to booking 15"),
        ("deal 7: booking 14 → booking 15", "move deal 7 from booking 14 to booking 15"),
        ("сделка 7: бронь 14 -> 15", "перенеси сделку 7 с брони 14 на бронь 15"),
        ("bkg14 -> 15:00", "move bkg 14 to 15:00"),
        ("бронь 14 → завтра 15:00", "перенеси бронь 14 на завтра 15:00"),
    ],
)
def test_each_pair_stays_an_order_of_its_own(text: str, written: str) -> None:
    assert spelled_out(text).text == written


@pytest.mark.parametrize(
    "text",
    [
        "booking 14 - deal 1",
        "бронь 14 — сделка 1",
        "add contact +7 999 000-00-00 to booking 14",
        "note for booking 14: +7 916 123 45 04",
        "rename booking 14 to A + B",
        "cancel booking 14 + refund",
        "move booking 14 to 5",
        "on 14 june",
        "undo 7k2m9q4x1z",
        "add contacts 1 and 2 plus company 4 to booking 14",
        "bookings 14-16",
        "link deal:1 to booking:14",
    ],
)
def test_other_signs_stay_as_they_are(text: str) -> None:
    assert spelled_out(text).edits == ()


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("link deal 1 + deal 2 to booking 14", "link deal 1 and deal 2 to booking 14"),
        ("привяжи сделки 5 + 6 к брони 14", "привяжи сделки 5 и 6 к брони 14"),
        ("deals 5+6 to booking 14", "deals 5 and 6 to booking 14"),
        ("don't link deal 1 + deal 2 to booking 14", "don't link deal 1 and deal 2 to booking 14"),
    ],
)
def test_in_a_sentence_with_a_verb_a_plus_only_counts_up(text: str, written: str) -> None:
    assert spelled_out(text).text == written
