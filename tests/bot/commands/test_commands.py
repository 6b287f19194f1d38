from typing import Any

import pytest

from bot.commands.forms import FORMS
from bot.commands.help import menu
from bot.commands.parser import Reading, Requests, Talk, Unclear, read_command
from bot.commands.table import COMMANDS
from tool_specs import TOOLS
from tool_specs.declaration.localized import LANGUAGES, Language
from tool_specs.declaration.method import Method

SPOKEN = [method for method in TOOLS if method.slash is not None]


def requests_of(text: str) -> list[tuple[str, dict[str, Any]]]:
    reading = read_command(text)
    assert isinstance(reading, Requests), f"{text}: {reading}"
    return [(method.name(), arguments_of(method)) for method in reading.methods]


def arguments_of(method: Method[Any]) -> dict[str, Any]:
    given = method.model_dump(exclude_defaults=True, mode="json")
    return {name: short(value) for name, value in given.items()}


def short(value: Any) -> Any:  # noqa: ANN401 - JSON
    if isinstance(value, list):
        return [short(item) for item in value]
    return f"{value['type']} {value['id']}" if isinstance(value, dict) else value


def unclear(text: str) -> Unclear:
    reading: Reading = read_command(text)
    assert isinstance(reading, Unclear), f"{text}: {reading}"
    assert reading.question.en
    assert reading.question.ru
    return reading


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("method", SPOKEN, ids=lambda method: method.name())
def test_every_declared_slash_form_is_read_as_its_own_method(method: type[Method[Any]], language: Language) -> None:
    (form,) = [form for form in FORMS if form.method is method and form.shortcut is None]
    ((name, arguments),) = requests_of(form.example(language, whole=True))
    assert name == method.name()
    owner = {form.owner.field} if form.owner else set()
    named = {*form.days, *filter(None, [form.kind, form.code])}
    optional = {argument for argument in named if not method.model_fields[argument].is_required()}
    assert set(arguments) - {"all"} == owner | {*form.items, *filter(None, [form.text])} | named
    ((name, arguments),) = requests_of(form.example(language))
    assert name == method.name()
    assert not optional & set(arguments)


LINKED = ("set_booking_links", {"booking_id": 14, "links": ["deal 1"]})
LINKED_3 = ("set_booking_links", {"booking_id": 14, "links": ["deal 1", "deal 2", "deal 3"]})
MOVED = ("move_activity_binding", {"activity_id": 999, "source": "deal 7", "target": "deal 8"})
WEEK_END = ("list_bookings", {"date_from": "2026-11-21", "date_to": "2026-11-30"})
NOTED = ("update_waitlist_entry", {"waitlist_id": 4, "note": "call, then text"})
BOUND = ("add_activity_binding", {"activity_id": 999, "target": "deal 1"})


@pytest.mark.parametrize(
    "text",
    [
        "/link booking 14 deal 1",
        "/link deal 1 booking 14",
        "/link deal 1 to booking 14",
        "/link booking 14 with deal 1",
        "/LINK Booking 14 DEAL 1",
        "/link@fake_bot booking 14 deal 1",
        "/link 14 1",
        "/link 14 deal 1",
        "/link deal 1 14".replace("1 14", "1, booking 14"),
        "/link #14 №1",
        "/link booking #14, deal № 1.",
        "/link booking: 14 deal: 1",
        "/link booking14 deal1",
        "/link booking 14 https://example.bitrix24.com/crm/deal/details/1/",
        "/link booking 14 deal https://example.bitrix24.com/crm/deal/details/1/?IFRAME=Y#top",
        "/link https://example.bitrix24.com/crm/type/2/details/1/ booking 14",
        "/link booking 14 example.bitrix24.ru/crm/deal/details/1/",
        "/attach deal 1 to reservation 14",
        "/add deal 1 to booking 14",
        "/link 1 to booking 14",
        "/link\u00a0booking\u200b 14\tdeal 1",
        "/связать бронь 14 сделка 1",
        "/свяжи бронь 14 со сделкой 1",
        "/привязать сделку 1 к брони 14",
        "/прикрепи сделку №1 к бронированию №14",
        "/link бронь 14 сделка 1",
        "/добавь сделку 1 в бронь 14",
        "/link booking 14 1",
        "/link booking no. 14 deal no. 1",
        "/link booking=14 deal=1",
        "/link booking 14 (deal 1)",
        '/link "booking 14" "deal 1".',
        "/link booking 14 (https://x.ru/crm/deal/details/1/)",
        "/свяжи «бронь 14» со «сделкой 1»",
        "/связать запись 14 сделка 1",
        "/привяжи сделку 1 к визиту 14",
        "/ПРИВЯЖИ СДЕЛКУ 1 К БРОНИ 14",
    ],
)
def test_linking_one_deal_may_be_written_in_many_ways(text: str) -> None:
    assert requests_of(text) == [LINKED]


@pytest.mark.parametrize(
    "text",
    [
        "/link booking 14 deals 1, 2 and 3",
        "/link booking 14 deals 1 2 3",
        "/link booking 14 deals 1-3",
        "/link booking 14 deals 1 – 3",
        "/link booking 14 deals 1...3",
        "/link 14 1 2 3",
        "/link 14 1-3",
        "/link booking 14 deal 1 deal 2 deal 3",
        "/link deals 1,2,3 & 3 to booking 14",
        "/связать бронь 14 сделки 1, 2 и 3",
        "/связать бронь 14 https://x.ru/crm/deal/details/1/ https://x.ru/crm/deal/details/2/, сделка 3",
    ],
)
def test_several_deals_may_be_named_at_once(text: str) -> None:
    assert requests_of(text) == [LINKED_3]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("/link bookings 14, 15 deal 1", [LINKED, ("set_booking_links", {"booking_id": 15, "links": ["deal 1"]})]),
        ("/links 14 15", [("list_booking_links", {"booking_id": 14}), ("list_booking_links", {"booking_id": 15})]),
        ("/bind activities 999, 70 deal 1", [BOUND, ("add_activity_binding", {"activity_id": 70, "target": "deal 1"})]),
        (
            "/links bookings 15-17",
            [("list_booking_links", {"booking_id": number}) for number in (15, 16, 17)],
        ),
    ],
)
def test_several_owners_are_a_request_each(text: str, expected: object) -> None:
    assert requests_of(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("/links booking 14", ("list_booking_links", {"booking_id": 14})),
        ("/links of booking 14", ("list_booking_links", {"booking_id": 14})),
        ("/links 14", ("list_booking_links", {"booking_id": 14})),
        ("/сделки бронь 14", ("list_booking_links", {"booking_id": 14})),
        ("/links wait list entry 4", ("list_waitlist_links", {"waitlist_id": 4})),
        ("/связи ожидание 4", ("list_waitlist_links", {"waitlist_id": 4})),
        ("/связи записи в листе ожидания 4", ("list_waitlist_links", {"waitlist_id": 4})),
        ("/clients 14", ("list_booking_clients", {"booking_id": 14})),
        ("/клиенты листа ожидания 4", ("list_waitlist_clients", {"waitlist_id": 4})),
        ("/client 14 5", ("set_booking_clients", {"booking_id": 14, "clients": ["contact 5"]})),
        ("/client booking 14 company 2", ("set_booking_clients", {"booking_id": 14, "clients": ["company 2"]})),
        (
            "/добавить контакт 5 и компанию 2 в бронь 14",
            ("set_booking_clients", {"booking_id": 14, "clients": ["contact 5", "company 2"]}),
        ),
        ("/unclient 14 5", ("unset_booking_clients", {"booking_id": 14, "clients": ["contact 5"]})),
        ("/убрать бронь 14 контакт 5", ("unset_booking_clients", {"booking_id": 14, "clients": ["contact 5"]})),
        ("/убери сделку 5 из брони 14", ("unset_booking_links", {"booking_id": 14, "links": ["deal 5"]})),
        ("/убрать дело 999 сделка 5", ("delete_activity_binding", {"activity_id": 999, "target": "deal 5"})),
        ("/unlink 14 5", ("unset_booking_links", {"booking_id": 14, "links": ["deal 5"]})),
        ("/unlink booking 14 all", ("unset_booking_links", {"booking_id": 14, "all": True})),
        ("/unlink all deals from booking 14", ("unset_booking_links", {"booking_id": 14, "all": True})),
        ("/отвяжи все сделки от брони 14", ("unset_booking_links", {"booking_id": 14, "all": True})),
        ("/unlink 14 everything", ("unset_booking_links", {"booking_id": 14, "all": True})),
        ("/убрать все контакты с брони 14", ("unset_booking_clients", {"booking_id": 14, "all": True})),
        ("/unclient waitlist 4 all", ("unset_waitlist_clients", {"waitlist_id": 4, "all": True})),
        (
            "/link booking 14 deal 5 replace",
            ("set_booking_links", {"booking_id": 14, "links": ["deal 5"], "mode": "replace"}),
        ),
        (
            "/link booking 14 only deal 5",
            ("set_booking_links", {"booking_id": 14, "links": ["deal 5"], "mode": "replace"}),
        ),
        ("/link 14 5 instead", ("set_booking_links", {"booking_id": 14, "links": ["deal 5"], "mode": "replace"})),
        (
            "/связать бронь 14 только сделки 5 и 6",
            ("set_booking_links", {"booking_id": 14, "links": ["deal 5", "deal 6"], "mode": "replace"}),
        ),
        ("/bindings 999", ("list_activity_bindings", {"activity_id": 999})),
        ("/привязки дело 999", ("list_activity_bindings", {"activity_id": 999})),
        ("/bind activity 999 deal 1", BOUND),
        ("/bind 999 deal 1", BOUND),
        ("/привязать дело 999 сделка 1", BOUND),
        (
            "/bind 999 https://x.ru/crm/type/1036/details/5/",
            ("add_activity_binding", {"activity_id": 999, "target": "1036 5"}),
        ),
        ("/unbind 999 lead 3", ("delete_activity_binding", {"activity_id": 999, "target": "lead 3"})),
        ("/move activity 999 from deal 7 to deal 8", MOVED),
        ("/move activity 999 to deal 8 from deal 7", MOVED),
        ("/move 999 deal 7 deal 8", MOVED),
        ("/move 999 deals 7", None),
        ("/перенести дело 999 из сделки 7 в сделку 8", MOVED),
        ("/перенеси дело 999 со сделки 7 на сделку 8", MOVED),
        ("/перемести дело 999 в сделку 8 из сделки 7", MOVED),
        ("/booking 14", ("get_booking", {"booking_id": 14})),
        ("/бронь №14", ("get_booking", {"booking_id": 14})),
        ("/брони", ("list_bookings", {})),
        ("/bookings", ("list_bookings", {})),
        ("/bookings 2026-11-21", ("list_bookings", {"date_from": "2026-11-21", "date_to": "2026-11-21"})),
        ("/bookings 2026-11-21..2026-11-30", WEEK_END),
        ("/bookings from 2026-11-21 to 2026-11-30.", WEEK_END),
        ("/брони с 2026-11-21 по 2026-11-30", WEEK_END),
        ("/bookings 2026-11-30 2026-11-21", None),
        ("/bookings 2026-13-45", None),
        ("/bookings 14", ("get_booking", {"booking_id": 14})),
        ("/bookings tomorrow", ("list_bookings", {"days": "tomorrow"})),
        ("/picture tomorrow", ("get_day_schedule", {"day": "tomorrow"})),
        ("/картинка завтра", ("get_day_schedule", {"day": "tomorrow"})),
        ("/picture today", ("get_day_schedule", {"day": "today"})),
        ("/picture 2026-11-21", ("get_day_schedule", {"day": "2026-11-21"})),
        ("/picture week", None),
        ("wait", None),
        ("Wait!", None),
        ("/bookings 2026-11-21 2026-11-22 2026-11-23", None),
        ("/waitlist", ("list_waitlist_entries", {})),
        ("/лист ожидания", ("list_waitlist_entries", {})),
        ("/waitlist 4", ("get_waitlist_entry", {"waitlist_id": 4})),
        ("/entry 4", ("get_waitlist_entry", {"waitlist_id": 4})),
        ("/ожидание 4", ("get_waitlist_entry", {"waitlist_id": 4})),
        ("/запись листа ожидания 4", ("get_waitlist_entry", {"waitlist_id": 4})),
        ("/запись 4", ("get_booking", {"booking_id": 4})),
        ("/resource type 2", ("get_resource_type", {"type_id": 2})),
        ("/часы ресурса 1", ("list_resource_slots", {"resource_id": 1})),
        ("/рабочие часы ресурса 1", ("list_resource_slots", {"resource_id": 1})),
        ("/resources 1", ("get_resource", {"resource_id": 1})),
        ("/визит 14", ("get_booking", {"booking_id": 14})),
        ("/очередь", ("list_waitlist_entries", {})),
        ("/связи запись в очереди 4", ("list_waitlist_links", {"waitlist_id": 4})),
        ("/links entry 4", ("list_waitlist_links", {"waitlist_id": 4})),
        ("/привязки активность 999", ("list_activity_bindings", {"activity_id": 999})),
        ("/link waitlist 4 1", ("set_waitlist_links", {"waitlist_id": 4, "links": ["deal 1"]})),
        ("/client booking 14 5", ("set_booking_clients", {"booking_id": 14, "clients": ["contact 5"]})),
        ("/client booking 14 client 5", ("set_booking_clients", {"booking_id": 14, "clients": ["contact 5"]})),
        ("/add client 5 to booking 14", ("set_booking_clients", {"booking_id": 14, "clients": ["contact 5"]})),
        (
            "/убери клиента контакт 5 из брони 14",
            ("unset_booking_clients", {"booking_id": 14, "clients": ["contact 5"]}),
        ),
        (
            "/замени все сделки брони 16 на сделку 2",
            ("set_booking_links", {"booking_id": 16, "links": ["deal 2"], "mode": "replace"}),
        ),
        (
            "/замени сделки брони 16 на сделку 2",
            ("set_booking_links", {"booking_id": 16, "links": ["deal 2"], "mode": "replace"}),
        ),
        (
            "/replace the client of booking 16 with company 3",
            ("set_booking_clients", {"booking_id": 16, "clients": ["company 3"], "mode": "replace"}),
        ),
        ("/замени сделку 7 на сделку 2 в брони 16", None),
        ("/замени сделки брони 16", None),
        ("/link booking 14 client 5", None),
        ("/link bookings 14 15", None),
        ("/связать брони 14 15", None),
        ("/bind activity 999 1", None),
        ("/deal https://x.ru/crm/deal/details/7/", ("get_crm_item", {"item": "deal 7"})),
        ("/контакт 1", ("get_crm_item", {"item": "contact 1"})),
        ("/счёт 5", ("get_crm_item", {"item": "invoice 5"})),
        ("/deal", None),
        ("/дела контакт 1", ("find_activities", {"owner": "contact 1"})),
        ("/activities 7", None),
        ("/whoami", ("whoami", {})),
        ("/whoami now", None),
        ("/delete waitlist entry 4", ("delete_waitlist_entry", {"waitlist_id": 4})),
        ("/удали запись листа ожидания 4", ("delete_waitlist_entry", {"waitlist_id": 4})),
        ("/удалить тип ресурсов 2", ("delete_resource_type", {"type_id": 2})),
        ("/delete hours of resource 1", ("unset_resource_slots", {"resource_id": 1, "all": True})),
        ("/towaitlist 14", ("create_waitlist_entry_from_booking", {"booking_id": 14})),
        ("/find Smith", ("find_crm_items", {"text": "Smith"})),
        ("/find contact Ann  Smith", ("find_crm_items", {"type": "contact", "text": "Ann  Smith"})),
        ('/find "contact lenses"', ("find_crm_items", {"text": "contact lenses"})),
        ("/найди лиды Иван 7", ("find_crm_items", {"type": "lead", "text": "Иван 7"})),
        ("/find +7 (916) 123-45-01", ("find_crm_items", {"phone": "+7 (916) 123-45-01"})),
        ("/find contact a.b@example.com", ("find_crm_items", {"type": "contact", "email": "a.b@example.com"})),
        ("/find 2026-11-21", ("find_crm_items", {"text": "2026-11-21"})),
        ("/find 12345", ("find_crm_items", {"text": "12345"})),
        ("/find", None),
        ("/find contact", None),
        ("find Smith", None),
        ("/note waitlist 4 call, then text", NOTED),
        ("/note the waitlist entry №4: call, then text", NOTED),
        ("/заметка запись листа ожидания 4 call, then text", NOTED),
        ("/заметка ожидание 4 5 раз", ("update_waitlist_entry", {"waitlist_id": 4, "note": "5 раз"})),
    ],
)
def test_each_command_reads_its_words(text: str, expected: tuple[str, Any] | None) -> None:
    if expected is None:
        unclear(text)
    else:
        assert requests_of(text) == [expected]


def test_a_note_keeps_its_lines() -> None:
    assert requests_of("/note waitlist 4 one\ntwo") == [
        ("update_waitlist_entry", {"waitlist_id": 4, "note": "one\ntwo"}),
    ]


def test_each_word_of_a_command_with_free_text_or_days_belongs_to_no_other() -> None:
    alone = {form.command for form in FORMS if form.text or form.days}
    assert all(len(commands) == 1 for commands in COMMANDS.of_word.values() if alone & set(commands))


@pytest.mark.parametrize(
    ("text", "command", "rest"),
    [
        ("/help", "help", ""),
        ("help", "help", ""),
        ("/помощь", "help", ""),
        ("/help link", "help", "link"),
        ("/start", "start", ""),
        ("/lang ru", "lang", "ru"),
        ("/язык русский", "lang", "русский"),
        ("/more", "more", ""),
        ("ещё", "more", ""),
    ],
)
def test_some_commands_are_about_the_conversation(text: str, command: str, rest: str) -> None:
    assert read_command(text) == Talk(command, rest)


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("/link", ("booking_id", "links")),
        ("/link deal 1", ("booking_id",)),
        ("/link 14", ("links",)),
        ("/link booking 14", ("links",)),
        ("/link booking 14 to a deal", ("links",)),
        ("/link booking deal 1", ("booking_id",)),
        ("/unlink booking 14", ("links",)),
        ("/bind 999", ("target",)),
        ("/move 999", ("source", "target")),
        ("/move 999 deal 7", ("source",)),
        ("/связать бронь 14", ("links",)),
        ("/booking", ("booking_id",)),
        ("/бронь", ("booking_id",)),
        ("/delete", ("booking_id",)),
        ("/deal", ("item",)),
        ("/find", ("text",)),
        ("/note", ("waitlist_id",)),
        ("/note 4 call", ("waitlist_id",)),
        ("/note waitlist 4", ("note",)),
    ],
)
def test_what_is_missing_is_asked_for(text: str, missing: tuple[str, ...]) -> None:
    assert unclear(text).missing == missing


NEAR = [
    ("/ссылки 14", "/связи?"),
    ("/связь 14", "/связи or /связать?"),
    ("/календарь", "/брони?"),
]


@pytest.mark.parametrize(
    ("text", "suggestion"),
    [("/lnk 14 1", "/link"), ("/unlik 14 1", "/unlink"), ("/свжи 14 1", "/свяжи"), ("/hlep", "/help"), *NEAR],
)
def test_a_misspelt_command_gets_the_nearest_one_as_an_answer_and_is_not_run(text: str, suggestion: str) -> None:
    assert suggestion in unclear(text).question.en


def test_an_unknown_command_without_a_near_one_gets_help_as_an_answer() -> None:
    assert "/help" in unclear("/qqqqqqqqq 14").question.en


def test_the_menu_has_every_command_in_latin_letters_as_telegram_wants() -> None:
    for language in LANGUAGES:
        commands = dict(menu(language))
        assert {form.command for form in FORMS} < set(commands)
        assert list(commands)[:3] == ["links", "link", "unlink"]
        assert len(commands) <= 40
        assert {"explain", "help", "lang"} < set(commands)
        assert all(name.isascii() and name.islower() and 0 < len(said) <= 256 for name, said in commands.items())
