import pytest

from bot.commands.parser import Requests, Unclear, read_command
from bot.nlu.result import Grade

CONTACT = {"type": "contact", "id": 5}
JANE = {"type": "contact", "name": "Jane Doe"}
DEAL = {"type": "deal", "id": 8}


def unclear(text: str) -> Unclear:
    reading = read_command(text)
    assert isinstance(reading, Unclear), f"{text}: {reading}"
    return reading


@pytest.mark.parametrize(
    ("text", "tool", "arguments"),
    [
        ("/link booking 15 contact 5", "set_booking_clients", {"booking_id": 15, "clients": [CONTACT]}),
        (
            "/link 15 https://x.ru/crm/contact/details/5/",
            "set_booking_clients",
            {"booking_id": 15, "clients": [CONTACT]},
        ),
        ("/свяжи бронь 15 контакт 5", "set_booking_clients", {"booking_id": 15, "clients": [CONTACT]}),
        ("/unlink  all contacts\nfrom booking 15", "unset_booking_clients", {"booking_id": 15, "all": True}),
        ("/delete deal 8 from booking 15", "unset_booking_links", {"booking_id": 15, "links": [DEAL]}),
        ("/client booking 15 deal 8", "set_booking_links", {"booking_id": 15, "links": [DEAL]}),
        ("/link activity 999 deal 8", "add_activity_binding", {"activity_id": 999, "target": DEAL}),
        ("/delete booking 15 deal 8", "unset_booking_links", {"booking_id": 15, "links": [DEAL]}),
        ("/link Jane Doe to booking 15", "set_booking_clients", {"booking_id": 15, "clients": [JANE]}),
        ("/lihk deal 8 to booking 15", None, {}),
    ],
)
def test_what_another_command_is_for_is_proposed_and_never_done_at_once(
    text: str, tool: str | None, arguments: dict[str, object]
) -> None:
    understood = unclear(text).understood
    if tool is None:
        assert understood is None
        return
    assert understood is not None
    assert (understood.grade, understood.tool and understood.tool.name()) == (Grade.CARD, tool)
    assert understood.arguments == arguments


@pytest.mark.parametrize(
    ("text", "tool"),
    [
        ("/show booking 14", "get_booking"),
        ("/booking 14", "get_booking"),
        ("/link deal one to booking fourteen", "set_booking_links"),
        ("/link visit 15 to deal 3", "set_booking_links"),
        ("/link visit 14 deal 1", "set_booking_links"),
        ("/show bookings for tomorrow", "list_bookings"),
        ("/bookings next monday", "list_bookings"),
        ("/bookings tomorrow evening", "list_bookings"),
        ("/resources resource 3", "get_resource"),
        ("/links activity 999", "list_activity_bindings"),
        ("/покажи бронь 14", "get_booking"),
        ("/привяжи сделку восемь к брони двадцать один", "set_booking_links"),
    ],
)
def test_what_plain_words_accept_a_command_accepts_too(text: str, tool: str) -> None:
    reading = read_command(text)
    assert isinstance(reading, Requests), reading
    assert [method.name() for method in reading.methods] == [tool]


@pytest.mark.parametrize(
    ("text", "english", "russian"),
    [
        ("/booking", "Which booking?", "Какое бронирование?"),
        ("/note", "Which waitlist entry?", "Какая запись листа ожидания? Напишите номер"),
        ("/link booking 15", "Which deals? Write a number or a name. I read: booking 15.", "Какие сделки?"),
        (
            "/client waitlist 6",
            "Which client? Write a number",
            "Какой клиент?",
        ),
        ("/bind 999", "To which CRM item? I read: activity 999.", "К какому элементу CRM?"),
        ("/links 1-200", "That's too many at once: 20 at most.", "Слишком много за один раз: можно не больше 20."),
        (
            "/delete bookings 1-200",
            "That's too many at once: 5 at most.",
            "Слишком много за один раз: можно не больше 5.",
        ),
        ("/links 5-1", "What is “5-1”?", "Что такое «5-1»?"),
        ("/links 0", "What is “0”?", "Что такое «0»?"),
    ],
)
def test_a_question_repeats_what_was_said_and_names_nobody_elses_record(text: str, english: str, russian: str) -> None:
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
