"""What surrounds a request is taken off; what speaks against it never is."""

from __future__ import annotations

import time

import pytest

from bot.nlu.clean import clean, says_nothing, without_remarks
from bot.nlu.revision import Change

ORDER = "link deal 5 to booking 14"
PRIKAZ = "сними сделку 8 с брони 14"


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("link deal&nbsp;5 &amp; deal 6 to booking 14", "link deal 5 & deal 6 to booking 14"),
        ("link deal 5 &#8211; booking 14", "link deal 5 – booking 14"),
        ("note for booking 14: &quot;VIP&quot;", 'note for booking 14: "VIP"'),
        ("cancel booking 1️⃣4️⃣", "cancel booking 14"),
        ("отмени бронь 1⃣7⃣", "отмени бронь 17"),
        ("cancel booking 🔟", "cancel booking 10"),
        ("cancel booking ⑭", "cancel booking 14"),
        ("cancel booking １４", "cancel booking 14"),
        ("cancel booking ١٤", "cancel booking 14"),
        ("cancel booking ❽", "cancel booking 8"),
    ],
)
def test_entities_and_digits_of_every_kind_are_written_plainly(text: str, cleaned: str) -> None:
    assert clean(text).text == cleaned
    assert not clean(text).doubtful


@pytest.mark.parametrize(
    "text",
    [
        f"Hi Anna, {ORDER}",
        f"Hello! {ORDER}",
        f"Good morning, {ORDER}",
        f"good morning team! {ORDER}",
        f"Dear Sir, {ORDER}",
        f"Respected madam, {ORDER}",
        f"Dear all,\n{ORDER}",
        f"Hey there - {ORDER}",
        f"Good afternoon, Margaret! {ORDER}",
        f"Greetings. {ORDER}",
        f"- {ORDER}",
        f"• {ORDER}",
        f"1. {ORDER}",
        f"✅ {ORDER}",
        f"> {ORDER}",
        f">> {ORDER}",
        f"Subject: {ORDER}",
        f"Fwd: {ORDER}",
        f"[12:03, 3/11/2026] Anna: {ORDER}",
        f"Anna, [3 Nov 2026 at 12:03]:\n{ORDER}",
        f"From: Margaret <m@example.com>\nTo: desk@example.com\nDate: 3 Nov 2026\n\n{ORDER}",
    ],
)
def test_what_stands_before_an_english_order_is_taken_off(text: str) -> None:
    assert clean(text).text == ORDER


@pytest.mark.parametrize(
    "text",
    [
        f"Привет! {PRIKAZ}",
        f"Добрый день, {PRIKAZ}",
        f"Добрый день, Ирина! {PRIKAZ}",
        f"Здравствуйте, коллеги! {PRIKAZ}",
        f"Доброе утро, Оля, {PRIKAZ}",
        f"Уважаемая Ирина, {PRIKAZ}",
        f"Всем привет! {PRIKAZ}",
        f"Салем! {PRIKAZ}",
        f"– {PRIKAZ}",
        f"а) {PRIKAZ}",
        f"Тема: {PRIKAZ}",
        f"От: Ирина\nКому: стойка\n\n{PRIKAZ}",
        f"{PRIKAZ}\n\nС уважением, Ирина",
        f"{PRIKAZ}, спасибо, Аня",
        f"{PRIKAZ}\n--\nИрина, ресепшен",
        f"{PRIKAZ}\nОтправлено с iPhone",
    ],
)
def test_what_surrounds_a_russian_order_is_taken_off(text: str) -> None:
    assert clean(text).text == PRIKAZ


@pytest.mark.parametrize(
    "tail",
    [
        ". Regards, Margaret",
        "\n\nKind regards,\nMargaret Bennett\nFront desk\n+44 20 7946 0958",
        "\nBest,\nTom",
        ". Thanks, Anna",
        ", thanks",
        ". Thank you so much",
        "\nCheers, Bob",
        "\n\nYours sincerely,\nJ. Smith",
        "\n--\nIrina, reception",
        "\n\nSent from my iPhone",
        ".\n\nMargaret",
        ". - Margaret",
        "\n\nOn Mon, 3 Nov 2026 at 10:11, Margaret <m@example.com> wrote:\n> please cancel booking 9",
        "\n-----Original Message-----\nFrom: Tom\nplease cancel booking 9",
    ],
)
def test_signatures_and_older_mail_are_taken_off(tail: str) -> None:
    assert clean(f"{ORDER}{tail}").text.rstrip(".") == ORDER


@pytest.mark.parametrize(
    "text",
    [
        "link deal 5 to booking 14. Thanks, but no",
        "Thanks, but not now",
        "Hello, not today",
        "- no, don't",
        "link deal 5 to booking 14\n\nRegards,\nno, don't do it",
        "Не сегодня, спасибо",
        "отмени бронь 8. Спасибо, не надо",
        "привяжи сделку 5 (нет, не надо)",
        "link deal 5 (not 6) to booking 14",
        "link deal 5 to booking 14 (if she pays)",
        "Hi, don't cancel booking 8",
        "> don't cancel booking 8",
        "Subject: don't cancel booking 8",
    ],
)
def test_a_no_is_never_lost(text: str) -> None:
    for made in (clean(text), without_remarks(text)):
        kept = made.text.casefold()
        assert any(word in kept for word in ("no", "n't", "не", "нет", "if "))


@pytest.mark.parametrize("sign", ["❌", "🚫", "⛔", "👎", "✖️", "❎", "🙅", "✗", "✘", "⛔️"])
def test_a_picture_that_says_no_is_put_into_words(sign: str) -> None:
    assert clean(f"{sign} {ORDER}").text == f"no  {ORDER}"
    assert clean(f"{sign} {PRIKAZ}").text.startswith("нет ")


@pytest.mark.parametrize(
    "text",
    [
        f"1. {ORDER}\n2. cancel booking 15",
        f"1) {ORDER}\n2) cancel booking 15",
        f"1) {ORDER} 2) cancel booking 15",
        f"- {ORDER}\n- cancel booking 15",
        f"• {ORDER}\n• cancel booking 15",
        f"* {ORDER}\n* cancel booking 15",
        f"— {ORDER}\n— cancel booking 15",
        f"a) {ORDER}\nb) cancel booking 15",
        f"➡ {ORDER}\n➡ cancel booking 15",
        f"☐ {ORDER}\n☐ cancel booking 15",
    ],
)
def test_the_items_of_a_list_stay_on_lines_of_their_own(text: str) -> None:
    assert [line.strip() for line in clean(text).text.split("\n") if line.strip()] == [ORDER, "cancel booking 15"]


@pytest.mark.parametrize(
    "remark",
    ["(the big one)", "[urgent]", "(Anna)", "(asap)", "(на массаж)", "(срочно)", "(VIP)", "(см. почту)", "(room four)"],
)
def test_a_remark_in_brackets_is_taken_out_unless_it_says_something_of_ours(remark: str) -> None:
    kept = not says_nothing(remark)
    made = without_remarks(f"link deal 5 {remark} to booking 14")
    assert made.text == (f"link deal 5 {remark} to booking 14" if kept else ORDER)
    assert [edit.change for edit in made.edits] == ([] if kept else [Change.REMARK])


@pytest.mark.parametrize(
    "text", ["hi", "Regards", "good morning", "Спасибо", "rename booking 17 to 'Best regards, Tom'"]
)
def test_a_text_that_is_nothing_else_stays(text: str) -> None:
    assert clean(text).text == text


@pytest.mark.parametrize(
    "piece", ["> ", "(", "a ", "\n- ", "1) ", "thanks, ", "Re: ", "&amp;", "x@y ", "\n", "a\n", ". a ", " \n", "[1] "]
)
def test_nasty_texts_are_cleaned_in_time(piece: str) -> None:
    text = (piece * 4096)[:4096]
    begun = time.perf_counter()
    clean(text)
    without_remarks(text)
    assert time.perf_counter() - begun < 1
