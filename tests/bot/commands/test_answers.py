import pytest

from bot.commands.parser import Requests, Unclear, read_command


def unclear(text: str) -> Unclear:
    reading = read_command(text)
    assert isinstance(reading, Unclear), f"{text}: {reading}"
    return reading


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("/link booking 15 contact 5", "/client booking 15 contact 5"),
        ("/link 15 https://x.ru/crm/contact/details/5/", "/client 15 https://x.ru/crm/contact/details/5/"),
        ("/свяжи бронь 16 компания 2", "/клиент бронь 16 компания 2"),
        ("/unlink  all contacts\nfrom booking 15", "/unclient all contacts from booking 15"),
        ("/delete deal 8 from booking 15", "/unlink deal 8 from booking 15"),
        ("/resources resource 3", "/resource 3"),
    ],
)
def test_a_hint_holds_what_was_typed_and_nobody_elses_numbers(text: str, hint: str) -> None:
    question = unclear(text).question
    assert question.en.endswith(f"Write: {hint}")
    assert question.ru.endswith(f"Напишите: {hint}")
    assert isinstance(read_command(hint), Requests)
    assert not ("/клиент" in hint and "/client" in question.ru)


def test_a_hint_without_the_numbers_it_needs_names_the_command_alone() -> None:
    assert unclear("/link booking contact 5").question.en == (
        "Nothing was done: the command for this is /client, not /link."
    )


@pytest.mark.parametrize(
    ("text", "english", "russian"),
    [
        (
            "/привязать бронь 14 лид 3",
            "/привязать works with bookings, waitlist entries and deals; this doesn't fit: “лид 3”.",
            "Команде /привязать нужны бронирования, записи листа ожидания и сделки, а здесь лишнее: «лид 3».",
        ),
        (
            "/note booking 14 call",
            "/note works with waitlist entries; this doesn't fit: “booking”.",
            "Команде /note нужны записи листа ожидания, а здесь лишнее: «booking».",
        ),
        (
            "/перенести дело 999",
            "Which card should it be moved from, and which one to? For example: /move activity 999 from deal 7",
            "Откуда и куда перенести? Например: /перенести дело 999 из сделки 7",
        ),
        ("/booking", "A number is missing after", "После «booking» не хватает номера."),
        ("/note", "Which waitlist entry?", "Какая запись листа ожидания? Напишите номер"),
        ("/unbind", "Which activity?", "Какое дело? Напишите номер"),
        (
            "/link booking 15",
            "Which deal? For example: /link booking 15",
            "Какая сделка? Напишите номер, например: /св",
        ),
        ("/client waitlist 6", "Which contact or company? For example: /client waitlist 6", "Какой контакт или"),
        ("/bind 999", "Which card: a deal, a contact", "Какая карточка: сделка, контакт"),
        ("/link booking 2147483648 deal 1", "Bitrix24 numbers are never this large: “2147483648”.", "Таких больших"),
        ("/links 1-200", "That's too many at once: 20 at most.", "Слишком много за один раз: можно не больше 20."),
        (
            "/delete bookings 1-200",
            "That's too many at once: 5 at most.",
            "Слишком много за один раз: можно не больше 5.",
        ),
        ("/links 5-1", "This range is reversed: “5-1”.", "Диапазон записан наоборот: «5-1»."),
        ("/links 0", "This is not a record number: “0”.", "Это не номер: «0»."),
    ],
)
def test_a_question_says_exactly_what_is_wanted(text: str, english: str, russian: str) -> None:
    question = unclear(text).question
    assert question.en.startswith(english)
    assert question.ru.startswith(russian)


@pytest.mark.parametrize(
    "address",
    [
        "https://ours.bitrix24.ru/crm/deal/details/1/",
        "https://OURS.bitrix24.ru:443/crm/deal/details/1/",
        "ours.bitrix24.ru/crm/deal/details/1/",
        "/crm/deal/details/1/",
    ],
)
def test_an_address_of_our_portal_names_its_card(address: str) -> None:
    assert isinstance(read_command(f"/link 14 {address}", "ours.bitrix24.ru"), Requests)


@pytest.mark.parametrize(
    ("address", "host"),
    [
        ("https://other.bitrix24.ru/crm/deal/details/1/", "other.bitrix24.ru"),
        ("other.bitrix24.ru/crm/deal/details/1/", "other.bitrix24.ru"),
        ("(https://ours.bitrix24.ru@evil.ru/crm/deal/details/1/)", "evil.ru"),
        ("https://ours.bitrix24.ru:8443/crm/deal/details/1/", "ours.bitrix24.ru:8443"),
        ("https://ours.bitrix24.ru.evil.ru/crm/deal/details/1/", "ours.bitrix24.ru.evil.ru"),
        ("https://портал.рф/crm/deal/details/1/", "xn--80awhdgm.xn--p1ai"),
    ],
)
def test_an_address_of_another_portal_names_nothing(address: str, host: str) -> None:
    reading = read_command(f"/link 14 {address}", "ours.bitrix24.ru")
    assert isinstance(reading, Unclear)
    assert reading.question.en == (
        f"This address belongs to another portal, “{host}”; ours is ours.bitrix24.ru. Nothing was done."
    )
    assert "ours.bitrix24.ru" in reading.question.ru


def test_an_address_within_another_address_names_nothing() -> None:
    unclear("/link 14 https://ours.bitrix24.ru/go?to=https://other.ru/crm/deal/details/1/")
    unclear("/link 14 https://[/crm/deal/details/1/")
