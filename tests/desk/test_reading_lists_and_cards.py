"""Seeing the days, the waitlist and a card with what it is linked to."""

import json
from collections.abc import AsyncIterator
from datetime import date

import pytest
from pydantic import ValidationError
from structlog.testing import capture_logs

from bot.commands.parser import Requests, Unclear, read_command
from bot.conversation.service import Conversation
from bot.conversation.session import Person
from bot.parse_command import parse_sentence
from linkdesk.auth.policy import Face, Role
from linkdesk.model.outcome import ReadResult
from linkdesk.model.views import CrmItemView, DayScheduleView
from tests.support.sandbox_env import ANNA, NOW, SandboxEnv, open_sandbox_env
from tool_specs.declaration.crm_ref import CrmRef
from tool_specs.declaration.times import DayWord, PeriodWord, days_of
from tool_specs.methods.booking import ListBookings
from tool_specs.methods.crm_item import GetCrmItem
from tool_specs.recipes.day_schedule import GetDaySchedule

KATE = Person(chat=5, user=1001, name="Kate", role=Role.EDITOR, face=Face.CHAT)


@pytest.fixture
async def env() -> AsyncIterator[SandboxEnv]:
    async with open_sandbox_env(rate=None) as opened:
        yield opened


@pytest.fixture
def talk(env: SandboxEnv) -> Conversation:
    return Conversation(env.desk, year=lambda: 2026)


async def lines(talk: Conversation, text: str) -> list[str]:
    return (await talk.say(text, KATE)).text.splitlines()


FOURTEEN = (
    "• 15:00–16:00, booking 14, “Стрижка и окрашивание, Анна Иванова”, Анна, мастер по волосам (1), "
    "contact 1 “Анна Иванова”, deal 7 “Стрижка мужская”"
)


@pytest.mark.parametrize(
    ("text", "heading"),
    [
        ("/today", "Bookings on Fri 20 Nov:"),
        ("today", "Bookings on Fri 20 Nov:"),
        ("Today?", "Bookings on Fri 20 Nov:"),
        ("/сегодня", "Бронирования на пт 20 нояб.:"),
        ("сегодня", "Бронирования на пт 20 нояб.:"),
        ("/tomorrow", "Bookings on Sat 21 Nov:"),
        ("Завтра?", "Бронирования на сб 21 нояб.:"),
        ("/week", "Bookings from Mon 16 Nov to Sun 22 Nov:"),
        ("неделя", "Бронирования с пн 16 нояб. по вс 22 нояб.:"),
    ],
)
async def test_days_are_asked_for_by_one_word(talk: Conversation, text: str, heading: str) -> None:
    assert (await lines(talk, text))[0] == heading


async def test_a_day_shows_time_booking_resource_client_and_deal_by_name(talk: Conversation) -> None:
    assert FOURTEEN in await lines(talk, "/today")


async def test_a_week_is_shown_day_by_day_a_screenful_first(talk: Conversation, env: SandboxEnv) -> None:
    for hour in range(10, 13):
        period = {
            "from": {"timestamp": int(NOW.timestamp()) + hour * 3600, "timezone": "Europe/Moscow"},
            "to": {"timestamp": int(NOW.timestamp()) + hour * 3600 + 1800, "timezone": "Europe/Moscow"},
        }
        await env.call("booking.v1.booking.add", fields={"resourceIds": [1], "datePeriod": period})
    first = await lines(talk, "/week")
    assert first[1:3] == [
        "Tue 17 Nov",
        "• 11:00–12:00, booking 15, “Маникюр”, Olga, nails and styling (2), deal 2 “Маникюр с покрытием”",
    ]
    assert sum(line.startswith("•") for line in first) == 10
    assert first[-1] == "There are more: /more"
    rest = await lines(talk, "/more")
    assert sum(line.startswith("•") for line in rest) == 3
    assert "Sat 21 Nov" in rest


@pytest.mark.parametrize(("text", "most"), [("/week", 3), ("/deal 7", 5), ("/contact 1", 4), ("/picture", 3)])
async def test_what_is_shown_with_names_takes_few_requests(talk: Conversation, text: str, most: int) -> None:
    with capture_logs() as logs:
        await talk.say(text, KATE)
    assert 0 < sum(entry["event"] == "portal.answered" for entry in logs) <= most


@pytest.mark.parametrize("text", ["сегодня в 15:00 приходит Анна", "tomorrow Anna comes at 3", "неделя была тяжёлая"])
def test_a_sentence_that_begins_with_a_day_is_no_command(text: str) -> None:
    reading = read_command(text)
    assert isinstance(reading, Unclear)
    assert reading.talk


def test_what_follows_a_days_command_keeps_it_from_being_done() -> None:
    reading = read_command("/today 14")
    assert isinstance(reading, Unclear)
    assert "14" in reading.question.en


def test_a_word_for_days_asks_for_the_same_as_their_dates() -> None:
    reading = read_command("/завтра")
    assert isinstance(reading, Requests)
    assert reading.methods == (ListBookings(days="tomorrow"),)
    row = parse_sentence("/завтра", NOW, "Europe/Moscow")
    assert json.loads(json.dumps(row))["tool"] == "list_bookings"
    assert row["arguments"] == {"date_from": "2026-11-21", "date_to": "2026-11-21"}


@pytest.mark.parametrize(
    ("word", "first", "last"),
    [
        ("today", date(2026, 11, 22), date(2026, 11, 22)),
        ("tomorrow", date(2026, 11, 23), date(2026, 11, 23)),
        ("week", date(2026, 11, 16), date(2026, 11, 22)),
    ],
)
def test_a_week_is_monday_to_sunday_on_a_sunday_too(word: PeriodWord, first: date, last: date) -> None:
    assert days_of(word, date(2026, 11, 22)) == (first, last)


def test_days_and_dates_at_once_are_refused() -> None:
    with pytest.raises(ValidationError, match="days is given twice"):
        ListBookings(days="today", date_from=date(2026, 11, 20))


async def test_a_deal_is_shown_with_its_bookings_and_waitlist_entries(talk: Conversation, env: SandboxEnv) -> None:
    await talk.say("/link waitlist 4 deal 7", KATE)
    await env.forget_calls()
    assert await lines(talk, "/deal 7") == [
        "Deal 7 “Стрижка мужская”",
        "Contact: contact 1 “Анна Иванова”.",
        "Bookings:",
        (
            "• Fri 20 Nov, 15:00–16:00, booking 14, “Стрижка и окрашивание, Анна Иванова”, Анна, мастер по волосам (1)"
            ", contact 1 “Анна Иванова”"
        ),
        "On the waitlist:",
        "• 4 “Стрижка, любой вечер на этой неделе”",
    ]


async def test_a_deal_that_is_linked_nowhere_says_where_was_looked(talk: Conversation) -> None:
    assert (await lines(talk, "/сделка 5"))[1:] == ["Бронирований за последние 30 и на ближайшие 90 дней нет."]


async def test_a_client_is_shown_with_their_bookings_and_deals(talk: Conversation) -> None:
    shown = await lines(talk, "/contact 1")
    assert shown[1:3] == [
        "Bookings:",
        (
            "• Fri 20 Nov, 15:00–16:00, booking 14, “Стрижка и окрашивание, Анна Иванова”, Анна, мастер по волосам (1)"
            ", deal 7 “Стрижка мужская”"
        ),
    ]
    assert (await lines(talk, "/contact 2"))[-2:] == ["On the waitlist:", "• 4 “Стрижка, любой вечер на этой неделе”"]


async def test_a_deal_that_does_not_exist_is_an_error_and_not_an_empty_card(talk: Conversation) -> None:
    assert (await lines(talk, "/deal 99"))[0].startswith("Not found in the CRM: deal 99.")


async def test_where_bookings_cannot_be_read_the_card_is_shown_all_the_same(
    talk: Conversation, env: SandboxEnv
) -> None:
    await env.fault("booking.v1.booking.list", "no_rights")
    shown = await lines(talk, "/deal 7")
    assert shown[0] == "Deal 7 “Стрижка мужская”"
    assert "Not all of the bookings and the waitlist could be read." in shown


async def test_models_get_the_links_of_a_card_only_when_they_ask(env: SandboxEnv) -> None:
    ref = CrmRef(type="deal", id=7)
    plain = await env.desk.do(GetCrmItem(item=ref), ANNA)
    linked = await env.desk.do(GetCrmItem(item=ref, with_links=True), ANNA)
    assert isinstance(plain, ReadResult)
    assert isinstance(linked, ReadResult)
    assert isinstance(plain.shown, CrmItemView)
    assert isinstance(linked.shown, CrmItemView)
    assert plain.shown.bookings is None
    assert [one.id for one in linked.shown.bookings or []] == [14]


async def test_the_waitlist_and_one_of_its_entries_are_shown_with_clients(talk: Conversation) -> None:
    assert "• 4 “Стрижка, любой вечер на этой неделе”, contact 2 “John Smith”" in await lines(talk, "/waitlist")
    assert "Clients: contact 2 “John Smith”." in await lines(talk, "/waitlist 4")


@pytest.mark.parametrize(
    ("text", "row"),
    [
        ("/find стрижка", "• сделка 7 «Стрижка мужская», контакт 1 «Анна Иванова»"),
        ("/find Иванова", "• контакт 1 «Анна Иванова»"),
        ("/find Ромашка", "• компания 1 «ООО „Ромашка“»"),
        ("/find +7 916 123-45-03", "• contact 3 “Иван Петров”"),
        ("/find contact Smith", "• contact 2 “John Smith”"),
        ("/find contact +7 916 123-45-03", "• contact 3 “Иван Петров”"),
        ("/найти контакт 89161234503", "• контакт 3 «Иван Петров»"),
    ],
)
async def test_cards_are_found_by_title_name_and_phone(talk: Conversation, text: str, row: str) -> None:
    assert row in await lines(talk, text)


async def test_a_search_that_names_no_type_says_once_that_nothing_was_found_anywhere(talk: Conversation) -> None:
    assert await lines(talk, "/find Xyzzy") == [
        "No contacts, companies or deals found for “Xyzzy”. To search another type: /find lead Xyzzy"
    ]
    assert await lines(talk, "/найти сделка Иванова") == [
        "Среди сделок по запросу «Иванова» ничего не найдено. Искать среди других: /найти контакт Иванова"
    ]


async def test_a_terminal_shows_the_days_schedule_in_words(talk: Conversation) -> None:
    shown = await lines(talk, "/picture")
    assert shown[0] == (
        "Working hours: Анна, мастер по волосам (1) 09:00–21:00, Olga, nails and styling (2) 10:00–20:00, "
        "Кабинет 1 (3) 09:00–20:00."
    )
    assert shown[1] == "Bookings on Fri 20 Nov:"
    assert FOURTEEN in shown
    assert (await lines(talk, "/картинка 2026-11-22"))[0].endswith(
        "Olga, nails and styling (2) выходной, Кабинет 1 (3) 09:00–20:00."
    )


@pytest.mark.parametrize(("word", "day"), [("today", "2026-11-20"), ("tomorrow", "2026-11-21")])
async def test_a_days_schedule_takes_the_words_for_days(env: SandboxEnv, word: DayWord, day: str) -> None:
    found = await env.desk.do(GetDaySchedule(day=word), ANNA)
    assert isinstance(found, ReadResult)
    assert isinstance(found.shown, DayScheduleView)
    assert found.shown.day == day


async def test_a_days_schedule_has_every_resource_with_its_hours(env: SandboxEnv) -> None:
    found = await env.desk.do(GetDaySchedule(day=date(2026, 11, 22)), ANNA)
    assert isinstance(found, ReadResult)
    assert isinstance(found.shown, DayScheduleView)
    hours = [[(one.date_from[11:16], one.date_to[11:16]) for one in lane.hours] for lane in found.shown.resources]
    assert hours == [[("09:00", "21:00")], [], [("09:00", "20:00")]]
    assert not found.shown.bookings
