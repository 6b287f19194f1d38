import re
from collections.abc import AsyncIterator

import pytest

from bot.conversation.service import Conversation
from bot.conversation.session import Person
from linkdesk.auth.policy import Confirm, Face, Policy, Role
from tests.support.sandbox_env import NOW, SandboxEnv, open_sandbox_env

ANNA = Person(chat=5, user=1001, name="1001 Anna", role=Role.EDITOR, face=Face.TELEGRAM)


@pytest.fixture
async def env() -> AsyncIterator[SandboxEnv]:
    async with open_sandbox_env(rate=None) as opened:
        yield opened


@pytest.fixture
def talk(env: SandboxEnv) -> Conversation:
    return Conversation(env.desk, year=lambda: NOW.year)


async def said_to(talk: Conversation, *texts: str) -> list[str]:
    return [(await talk.say(text, ANNA)).text for text in texts]


@pytest.mark.parametrize("command", ["/booking 14", "/booking booking14", "show booking 14"])
async def test_a_booking_is_shown_with_everything_of_it(talk: Conversation, command: str) -> None:
    (answer,) = await said_to(talk, command)
    assert answer.splitlines() == [
        "Booking 14 “Стрижка и окрашивание, Анна Иванова”",
        "When: Fri 20 Nov, 15:00–16:00.",
        "Resources: Анна, мастер по волосам (1).",
        "Deals: deal 7 “Стрижка мужская”.",
        "Clients: contact 1 “Анна Иванова”.",
    ]


async def test_a_booking_is_shown_in_russian(talk: Conversation) -> None:
    first, second = await said_to(talk, "/бронь 14", "/бронирование 15")
    assert first.splitlines() == [
        "Бронирование 14 «Стрижка и окрашивание, Анна Иванова»",
        "Когда: пт 20 нояб., 15:00–16:00.",
        "Ресурсы: Анна, мастер по волосам (1).",
        "Сделки: сделка 7 «Стрижка мужская».",
        "Клиенты: контакт 1 «Анна Иванова».",
    ]
    assert second.splitlines()[3:] == [
        "Сделки: сделка 2 «Маникюр с покрытием».",
        "Клиенты: нет.",
        "Описание: Просила тихую комнату",
    ]


@pytest.mark.parametrize(
    ("command", "heading", "row"),
    [
        (
            "/bookings",
            "Bookings on Fri 20 Nov:",
            (
                "• 15:00–16:00, booking 14, “Стрижка и окрашивание, Анна Иванова”, Анна, мастер по волосам (1), "
                "contact 1 “Анна Иванова”, deal 7 “Стрижка мужская”"
            ),
        ),
        (
            "/bookings 2026-11-21",
            "Bookings on Sat 21 Nov:",
            "• 10:30–11:30, booking 21, “Face care”, Кабинет 1 (3)",
        ),
        (
            "/bookings 2026-11-16 2026-11-22",
            "Bookings from Mon 16 Nov to Sun 22 Nov:",
            "• 10:30–11:30, booking 21, “Face care”, Кабинет 1 (3)",
        ),
        ("/bookings 2026-11-22", "No bookings on Sun 22 Nov.", None),
        ("/bookings 2027-11-21", "No bookings on Sun 21 Nov 2027.", None),
        (
            "/брони 2026-11-21",
            "Бронирования на сб 21 нояб.:",
            "• 10:30–11:30, бронирование 21, «Face care», Кабинет 1 (3)",
        ),
        (
            "/брони с 2026-11-16 по 2026-11-22",
            "Бронирования с пн 16 нояб. по вс 22 нояб.:",
            "• 10:00–11:00, бронирование 17, «Педикюр», Olga, nails and styling (2)",
        ),
        ("/брони 2026-11-22", "Бронирований на вс 22 нояб. нет.", None),
        ("/waitlist", "Waitlist:", "• 6 “Massage, only with Olga”"),
        ("/ожидание", "Лист ожидания:", "• 6 «Massage, only with Olga»"),
        ("/resources", "Resources:", "• resource 3 “Кабинет 1”, “Rooms”"),
        ("/ресурсы", "Ресурсы:", "• ресурс 3 «Кабинет 1», «Rooms»"),
        ("/hours 1", "Resource 1 “Анна, мастер по волосам”, working hours:", "• Mon–Sun 09:00–21:00, slots of 60 min"),
        ("/часы 1", "Ресурс 1 «Анна, мастер по волосам», рабочие часы:", "• пн–вс 09:00–21:00, шаг 60 мин"),
        ("/find Spa", "Found among deals for “Spa”:", "• deal 3 “Spa day for two”"),
        ("/find contact Smith", "Found among contacts for “Smith”:", "• contact 2 “John Smith”"),
        ("/найти контакт Петров", "Найдено среди контактов по запросу «Петров»:", "• контакт 3 «Иван Петров»"),
        (
            "/find +7 916 123-45-01",
            "Found among contacts for “+7 916 123-45-01”:",
            "• deal 7 “Стрижка мужская”, contact 1 “Анна Иванова”",
        ),
        (
            "/найти контакт anna.ivanova@example.com",
            "Найдено среди контактов по запросу «anna.ivanova@example.com»:",
            "• контакт 1 «Анна Иванова»",
        ),
        (
            "/find qqq",
            "No contacts, companies or deals found for “qqq”. To search another type: /find lead qqq",
            None,
        ),
        (
            "/найти контакт qqq",
            "Среди контактов по запросу «qqq» ничего не найдено. Искать среди других: /найти сделка qqq",
            None,
        ),
        (
            "/activities deal 7",
            "Activities, deal 7:",
            "• activity 999 “Позвонить и подтвердить запись”, due Sat 21 Nov, 12:00",
        ),
        ("/дела сделка 1", "Дел не найдено (сделка 1).", None),
        ("/deal 7", "Deal 7 “Стрижка мужская”", "Contact: contact 1 “Анна Иванова”."),
        ("/сделка 7", "Сделка 7 «Стрижка мужская»", "Контакт: контакт 1 «Анна Иванова»."),
        ("/contact 2", "Contact 2 “John Smith”", "• 4 “Стрижка, любой вечер на этой неделе”"),
        ("/activity 999", "Activity 999 “Позвонить и подтвердить запись”", "Bound to: deal 7 “Стрижка мужская”."),
        ("/дело 999", "Дело 999 «Позвонить и подтвердить запись»", "Состояние: не выполнено, срок сб 21 нояб., 12:00."),
        ("/entry 4", "Waitlist entry 4", "Clients: contact 2 “John Smith”."),
        ("/ожидание 4", "Запись листа ожидания 4", "Примечание: Стрижка, любой вечер на этой неделе"),
        ("/resource 1", "Resource 1 “Анна, мастер по волосам”", "Type: resource type 1 “Мастера”."),
        ("/ресурс 1", "Ресурс 1 «Анна, мастер по волосам»", "Тип: тип ресурсов 1 «Мастера»."),
        ("/тип ресурсов 2", "Тип ресурсов 2 «Rooms»", "Код: rooms."),
        (
            "/whoami",
            "Linkdesk works in Bitrix24 with the permissions of user 1 “Алексей Волков”, an administrator.",
            "Permissions: booking, crm, user.",
        ),
        (
            "/ктоя",
            "Linkdesk работает в Битрикс24 от имени: пользователь 1 «Алексей Волков», администратор.",
            "Права подключения: booking, crm, user.",
        ),
    ],
)
async def test_each_look_up_is_answered_by_a_heading_and_rows(
    talk: Conversation, env: SandboxEnv, command: str, heading: str, row: str | None
) -> None:
    (answer,) = await said_to(talk, command)
    first, *rows = answer.splitlines()
    assert first == heading
    assert row in rows if row else not rows
    assert await env.written() == []


@pytest.mark.parametrize(
    "command",
    ["/booking 999", "/waitlist 999", "/deal 99", "/activity 5", "/resource 9", "/hours 9", "/resource type 9"],
)
async def test_what_does_not_exist_is_said_in_both_languages(talk: Conversation, command: str) -> None:
    english, _, russian = await said_to(talk, command, "/lang ru", command)
    number = command.rsplit(maxsplit=1)[-1]
    assert re.search(rf" {number} was not found|^Not found in the CRM: deal {number}", english)
    assert re.search("[а-я]", russian)
    # the names in the CRM are Russian, and so is the command that was sent
    assert not re.search("[а-я]", re.sub(r"“[^”]*”|\([^)]*\)", "", english))


@pytest.mark.parametrize(
    ("command", "shows", "done"),
    [
        (
            "/delete booking 14",
            [
                "Will be deleted permanently:",
                "Booking 14 “Стрижка и окрашивание, Анна Иванова”",
                "When: Fri 20 Nov, 15:00–16:00.",
                "Resources: Анна, мастер по волосам (1).",
                "Deals: deal 7 “Стрижка мужская”.",
                "Clients: contact 1 “Анна Иванова”.",
                "Do it? yes / no",
            ],
            (
                "Deleted: booking 14 “Стрижка и окрашивание, Анна Иванова” (Fri 20 Nov, 15:00–16:00).",
                "booking.v1.booking.delete",
            ),
        ),
        (
            "/удалить бронь 15",
            [
                "Будет удалено безвозвратно:",
                "Бронирование 15 «Маникюр»",
                "Когда: вт 17 нояб., 11:00–12:00.",
                "Ресурсы: Olga, nails and styling (2).",
                "Сделки: сделка 2 «Маникюр с покрытием».",
                "Клиенты: нет.",
                "Описание: Просила тихую комнату",
                "Выполнить? да / нет",
            ],
            ("Удалено: бронирование 15 «Маникюр» (вт 17 нояб., 11:00–12:00).", "booking.v1.booking.delete"),
        ),
        (
            "/delete waitlist 4",
            [
                "Will be deleted permanently:",
                "Waitlist entry 4",
                "Note: Стрижка, любой вечер на этой неделе",
                "Deals: none.",
                "Clients: contact 2 “John Smith”.",
                "Do it? yes / no",
            ],
            ("Deleted: waitlist entry 4.", "booking.v1.waitlist.delete"),
        ),
        (
            "/удалить ожидание 6",
            [
                "Будет удалено безвозвратно:",
                "Запись листа ожидания 6",
                "Примечание: Massage, only with Olga",
                "Сделки: нет.",
                "Клиенты: нет.",
                "Выполнить? да / нет",
            ],
            ("Удалено: запись листа ожидания 6.", "booking.v1.waitlist.delete"),
        ),
        ("/delete resource 3", ["Resource 3 “Кабинет 1”"], ("Deleted: resource 3 “Кабинет 1”.", "resource.delete")),
        ("/удалить ресурс 3", ["Ресурс 3 «Кабинет 1»"], ("Удалено: ресурс 3 «Кабинет 1».", "resource.delete")),
        (
            "/delete resource type 2",
            ["Resource type 2 “Rooms”", "Code: rooms."],
            ("Deleted: resource type 2 “Rooms”.", "resourceType.delete"),
        ),
        (
            "/удалить тип ресурсов 2",
            ["Тип ресурсов 2 «Rooms»", "Код: rooms."],
            ("Удалено: тип ресурсов 2 «Rooms».", "resourceType.delete"),
        ),
        (
            "/delete hours 1",
            [
                "The schedule of resource 1 “Анна, мастер по волосам”, to be removed:",
                "• Mon–Sun 09:00–21:00, slots of 60 min",
                "Nothing will remain.",
            ],
            ("Cleared: the schedule of resource 1 “Анна, мастер по волосам”.", "slots.unset"),
        ),
        (
            "/удалить часы 1",
            [
                "Расписание ресурса 1 «Анна, мастер по волосам», будет убрано:",
                "• пн–вс 09:00–21:00, шаг 60 мин",
                "Ничего не останется.",
            ],
            ("Очищено: расписание ресурса 1 «Анна, мастер по волосам».", "slots.unset"),
        ),
        (
            "/towaitlist booking 14",
            [
                "Will become a waitlist entry:",
                "Deals: deal 7 “Стрижка мужская”.",
                "Its deals and clients are kept; its name, time, resources and description are lost.",
                "Booking 14 is removed from the calendar.",
            ],
            ("Created: waitlist entry 15.", "waitlist.createfrombooking"),
        ),
        (
            "/вожидание бронь 14",
            [
                "Станет записью листа ожидания:",
                "Когда: пт 20 нояб., 15:00–16:00.",
                "Бронирование 14 убирается из календаря.",
            ],
            ("Создано: запись листа ожидания 15.", "waitlist.createfrombooking"),
        ),
    ],
)
async def test_what_is_lost_is_shown_and_only_a_yes_loses_it(
    talk: Conversation, env: SandboxEnv, command: str, shows: list[str], done: tuple[str, str]
) -> None:
    asked, cancelled = await said_to(talk, command, "no")
    assert [line for line in asked.splitlines() if line in shows] == shows
    if len(shows) > 3 and shows[-1].startswith(("Do it", "Выполнить")):
        assert asked.splitlines() == shows
    assert cancelled in {"Cancelled. Nothing was changed.", "Отменено. Ничего не изменено."}
    assert await env.written() == []
    _, settled = await said_to(talk, command, "да")
    assert settled.splitlines()[0] == done[0]
    (written,) = await env.written()
    assert written.lower().endswith(done[1].lower())


@pytest.mark.parametrize(
    "command",
    ["/delete booking 999", "/delete waitlist 999", "/delete resource 9", "/delete hours 9", "/towaitlist booking 999"],
)
async def test_deleting_what_is_not_there_changes_nothing(talk: Conversation, env: SandboxEnv, command: str) -> None:
    (answer,) = await said_to(talk, command)
    assert "was not found" in answer
    assert "Nothing was changed." in answer
    assert await said_to(talk, "yes") == [
        "No question is waiting for an answer. Nothing was changed.",
    ]
    assert await env.written() == []


async def test_a_booking_that_changed_since_the_question_is_asked_about_again(
    talk: Conversation, env: SandboxEnv
) -> None:
    await said_to(talk, "/delete booking 14")
    await env.call("booking.v1.booking.update", id=14, fields={"name": "Moved by Kate"})
    again, done = await said_to(talk, "yes", "yes")
    assert "Booking 14 “Moved by Kate”" in again
    assert again.endswith("Do it? yes / no")
    assert done.startswith("Deleted: booking 14 “Moved by Kate”")


async def test_several_deletions_are_one_question_that_shows_each(talk: Conversation) -> None:
    asked, done = await said_to(talk, "/delete bookings 16, 17", "yes")
    assert asked.count("Will be deleted permanently:") == 2
    assert asked.count("Do it?") == 1
    assert [line.split(" “")[0] for line in done.splitlines()] == ["Deleted: booking 16", "Deleted: booking 17"]


async def test_a_note_is_written_as_it_stands_and_not_twice(talk: Conversation, env: SandboxEnv) -> None:
    changed, again, russian, unknown = await said_to(
        talk,
        "/note waitlist 6 Call before noon,\nor after 4 pm",
        "/note waitlist 6 Call before noon,\nor after 4 pm",
        "/заметка ожидание 6 Позвонить",
        "/note waitlist 999 text",
    )
    assert changed.splitlines() == [
        "Changed: waitlist entry 6.",
        "Note: “Massage, only with Olga” → “Call before noon, or after 4 pm”.",
    ]
    assert again == "Already set up: waitlist entry 6. Nothing was changed."
    assert russian.splitlines()[0] == "Изменено: запись листа ожидания 6."
    assert "Waitlist entry 999 was not found." in unknown
    assert await env.written() == ["booking.v1.waitlist.update"] * 2
    entry = await env.call("booking.v1.waitlist.get", id=6)
    assert entry["waitList"]["note"] == "Позвонить"


async def test_where_every_write_asks_the_change_is_shown_first() -> None:
    async with open_sandbox_env(Policy(confirm=Confirm.WRITES), rate=None) as env:
        asked, done = await said_to(Conversation(env.desk), "/note waitlist 6 Call", "yes")
    assert asked.splitlines() == [
        "Will be changed: waitlist entry 6.",
        "Note: “Massage, only with Olga” → “Call”.",
        "Do it? yes / no",
    ]
    assert done.startswith("Changed: waitlist entry 6.")


async def test_who_may_only_look_is_told_so_and_sees_no_question(talk: Conversation, env: SandboxEnv) -> None:
    watcher = Person(chat=5, user=1003, name="1003 Watcher", role=Role.VIEWER, face=Face.TELEGRAM)
    reply = await talk.say("/delete booking 14", watcher)
    assert reply.card is None
    assert await env.written() == []


async def test_the_rest_of_a_long_list_comes_when_asked_for(talk: Conversation, env: SandboxEnv) -> None:
    for number in range(25):
        await env.call("booking.v1.waitlist.add", fields={"note": f"Guest {number}"})
    first, second, rest, nothing, _, gone = await said_to(
        talk, "/waitlist", "/more", "/more", "/more", "/booking 14", "ещё"
    )
    assert len(first.splitlines()) == 12
    assert first.endswith("There are more: /more")
    assert len(second.splitlines()) == 12
    assert len(rest.splitlines()) == 9
    assert "“Guest 24”" in rest
    assert "/more" not in rest
    assert nothing == "There is nothing more to show."
    assert gone == "Больше показывать нечего."


@pytest.mark.parametrize(
    ("before", "text", "russian"),
    [
        (["/связи 14"], "/find Smith", True),
        (["/связи 14"], "/deal 7", True),
        (["/связи 14"], "/bookings", True),
        ([], "/find Smith", False),
        ([], "/find contact Петров", True),
    ],
)
async def test_a_name_to_look_for_does_not_change_the_language(
    talk: Conversation, before: list[str], text: str, *, russian: bool
) -> None:
    *_, answer = await said_to(talk, *before, text)
    assert bool(re.match("[А-Я]", answer)) == russian
