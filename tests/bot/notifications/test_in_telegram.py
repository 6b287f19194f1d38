"""News of bookings in Telegram: switching them on, what is told, when, and to whom."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from linkdesk.accounts.staff import Chat
from tests.support.fake_bot_api.server import USER
from tests.support.notifications_env import EDITOR, FORUM, GROUP, LATER, VIEWER, House, news_house, texts
from tests.support.polling_env import period
from tool_specs.declaration.method import Toolset

HOUR = timedelta(hours=1)


@pytest.fixture
async def house() -> AsyncIterator[House]:
    async with news_house() as opened:
        await opened.begin()
        yield opened


async def test_a_new_booking_is_told_by_names_and_the_business_clock(house: House) -> None:
    await house.follow()
    number = await house.book(client=1, resource=3)
    (message,) = await house.told()
    assert message.text.splitlines() == [
        f"New booking {number}: Sat 21 Nov, 12:00\u201312:30",
        "Анна Иванова, Кабинет 1",
        "No deal yet.",
    ]
    assert message.buttons == ["Link to deal…"]
    assert (message.chat_id, message.reply_to) == (USER, None)


async def test_a_change_is_told_as_it_was_and_as_it_is(house: House) -> None:
    await house.follow()
    await house.update(14, datePeriod=period(LATER, 60), resourceIds=[3], name="Стрижка")
    await house.set_client(14, 2)
    (message,) = await house.told()
    assert message.text.splitlines() == [
        "Booking 14 was changed: Sat 21 Nov, 12:00\u201313:00",
        "John Smith, Кабинет 1",
        (
            "Time: Fri 20 Nov, 15:00\u201316:00 → Sat 21 Nov, 12:00\u201313:00; "
            "Resource: Анна, мастер по волосам → Кабинет 1; Client: Анна Иванова → John Smith; "
            "Title: “Стрижка и окрашивание, Анна Иванова” → “Стрижка”"
        ),
    ]
    assert message.buttons == []


async def test_a_deleted_booking_is_told_with_what_it_was(house: House) -> None:
    await house.follow()
    await house.delete(14)
    (message,) = await house.told()
    assert message.text.splitlines() == [
        "Booking 14 was deleted: Fri 20 Nov, 15:00\u201316:00",
        "Анна Иванова, Анна, мастер по волосам",
    ]


async def test_in_russian_everything_is_russian(house: House) -> None:
    answer = await house.follow("/уведомления включить", language_code="ru")
    assert answer.text.startswith("Новости бронирований приходят сюда: новые, изменения, отмены.\nРесурсы: все.")
    number = await house.book(client=1)
    await house.update(20, name="Новое имя")
    await house.delete(21)
    messages = {message.text.splitlines()[0]: message for message in await house.told()}
    assert set(messages) == {
        f"Новое бронирование {number}: сб 21 нояб., 12:00\u201312:30",
        "Бронирование 20 изменено: пт 20 нояб., 18:00\u201319:00",
        "Бронирование 21 удалено: сб 21 нояб., 10:30\u201311:30",
    }
    said = "\n".join(texts(list(messages.values())))
    assert "Анна Иванова, Кабинет 1\nСделки пока нет." in said
    assert "Название: «Укладка» → «Новое имя»" in said
    assert [button for message in messages.values() for button in message.buttons] == ["Привязать к сделке…"]


async def test_markup_in_a_title_is_text(house: House) -> None:
    await house.follow()
    await house.book(name="<b>Tom & Jerry</b> {0}")
    (message,) = await house.told()
    assert "<b>Tom & Jerry</b> {0}" in message.text


async def test_only_the_kinds_that_are_wanted_are_told(house: House) -> None:
    await house.follow("/notify on new")
    await house.update(20, name="Other")
    await house.delete(21)
    number = await house.book()
    assert [text.splitlines()[0].split(":")[0] for text in texts(await house.told())] == [f"New booking {number}"]


async def test_only_the_resources_that_are_wanted_are_told(house: House) -> None:
    answer = await house.follow("/notify on resource 2")
    assert "Resources: 2 Olga, nails and styling." in answer.text
    await house.book(resource=3)
    number = await house.book(LATER + HOUR, resource=2)
    assert [text.split(":")[0] for text in texts(await house.told())] == [f"New booking {number}"]


async def test_only_bookings_without_a_deal_are_told_where_that_is_wanted(house: House) -> None:
    answer = await house.follow("/notify on without deal")
    assert "Only bookings without a deal." in answer.text
    linked, bare = await house.book(), await house.book(LATER + HOUR)
    items = [{"moduleId": "crm", "entityTypeId": "DEAL", "value": "5"}]
    await house.salon.call("booking.v1.booking.externalData.set", bookingId=linked, externalData=items)
    assert [text.split(":")[0] for text in texts(await house.told())] == [f"New booking {bare}"]
    assert "Only bookings without a deal." not in (await house.said("/notify with deal")).text
    assert "Только бронирования без сделки." in (await house.said("/уведомления без сделки", language_code="ru")).text
    assert "Только бронирования" not in (await house.said("/уведомления со сделкой", language_code="ru")).text


async def test_a_viewer_is_told_and_has_no_button(house: House) -> None:
    await house.follow(user=VIEWER)
    await house.book()
    (message,) = await house.told()
    assert (message.chat_id, message.buttons) == (VIEWER, [])


async def test_a_group_that_is_not_allowed_is_told_nothing(house: House) -> None:
    refused = await house.said("/notify on", chat_id=-8)
    assert refused.text.startswith("I do not answer in this group yet")
    await house.follow(chat_id=GROUP)
    await house.said("/disallow", chat_id=GROUP)
    await house.book()
    assert await house.told() == []
    assert await house.chats.chat(GROUP) is None


async def test_news_go_to_the_topic_where_they_were_switched_on(house: House) -> None:
    await house.follow(chat_id=FORUM, thread_id=33)
    await house.book()
    (message,) = await house.told()
    assert (message.chat_id, message.thread_id) == (FORUM, 33)
    elsewhere = await house.said("/notify", chat_id=FORUM, thread_id=44)
    assert elsewhere.text.startswith("News of bookings go to another topic of this group")
    await house.said("/notify on", chat_id=FORUM, thread_id=44)
    await house.book(LATER + HOUR)
    (message,) = await house.told()
    assert message.thread_id == 44


async def test_a_group_sees_no_phone_and_no_email(house: House) -> None:
    await house.follow(chat_id=GROUP)
    await house.follow(user=EDITOR)
    await house.book(name="Anna +7 916 123-45-01, anna@example.com")
    by_chat = {message.chat_id: message.text for message in await house.told()}
    assert "+7 916 123-45-01, anna@example.com" in by_chat[EDITOR]
    assert "916" not in by_chat[GROUP]
    assert "anna@" not in by_chat[GROUP]
    assert by_chat[GROUP].endswith("Phone numbers and e-mails are shown in a private chat only.")


async def test_what_was_done_in_the_chat_itself_is_not_told_back(house: House) -> None:
    await house.follow(chat_id=GROUP)
    await house.follow(user=EDITOR)
    await house.said("/link booking 20 deal 5", EDITOR, chat_id=GROUP)
    (message,) = await house.told()
    assert message.chat_id == EDITOR
    assert "Deals: none → Bridal styling" in message.text
    await house.said("/delete booking 21", EDITOR)
    card = house.api.news[-1]
    await house.pressed(card, "Do it", EDITOR)
    (message,) = await house.told()
    assert (message.chat_id, message.text.split(":")[0]) == (GROUP, "Booking 21 was deleted")


async def test_what_somebody_else_changed_beside_it_is_told(house: House) -> None:
    await house.follow()
    await house.said("/link booking 20 deal 5")
    await house.update(20, name="Other")
    (message,) = await house.told()
    assert "Title: “Укладка” → “Other”" in message.text


async def test_a_deal_that_somebody_else_linked_beside_ours_is_told(house: House) -> None:
    await house.follow()
    await house.said("/link booking 20 deal 5")
    items = [{"moduleId": "crm", "entityTypeId": "DEAL", "value": number} for number in ("5", "6")]
    await house.salon.call("booking.v1.booking.externalData.set", bookingId=20, externalData=items)
    (message,) = await house.told()
    assert "Deals: none → Bridal styling, Уход за лицом" in message.text


async def test_what_the_chat_did_long_ago_and_undid_elsewhere_is_told(house: House) -> None:
    await house.follow()
    await house.said("/link booking 20 deal 5")
    assert await house.told() == []
    await house.salon.call("booking.v1.booking.externalData.unset", bookingId=20)
    (message,) = await house.told()
    assert "Deals: Bridal styling → none" in message.text
    items = [{"moduleId": "crm", "entityTypeId": "DEAL", "value": "5"}]
    await house.salon.call("booking.v1.booking.externalData.set", bookingId=20, externalData=items)
    (message,) = await house.told(timedelta(minutes=11))
    assert "Deals: none → Bridal styling" in message.text


async def test_an_undo_that_was_pressed_here_is_not_told_back_and_elsewhere_is(house: House) -> None:
    await house.follow(chat_id=GROUP)
    await house.follow(user=EDITOR)
    done = await house.said("/link booking 20 deal 5", EDITOR)
    assert [message.chat_id for message in await house.told()] == [GROUP]
    await house.pressed(done, "Undo", EDITOR)
    (undone,) = await house.api.answer()
    assert undone.text.startswith("Unlinked: booking 20")
    (message,) = await house.told()
    assert (message.chat_id, "Deals: Bridal styling → none" in message.text) == (GROUP, True)


async def test_sixty_at_once_are_one_message(house: House) -> None:
    await house.follow()
    for place in range(60):
        await house.book(LATER + timedelta(days=1 + place // 10, minutes=30 * (place % 10)))
    (message,) = await house.told()
    lines = message.text.splitlines()
    assert lines[0] == "What happened to bookings: 60"
    assert len([line for line in lines if line.startswith("• new ")]) == 10
    assert lines[-1].startswith("And 50 more")
    assert await house.told() == []


async def test_many_one_after_another_are_gathered_within_a_minute(house: House) -> None:
    await house.follow()
    said = 0
    for place in range(12):
        await house.book(LATER + timedelta(minutes=30 * place))
        await house.notice(timedelta(seconds=61) if place == 0 else timedelta(seconds=0))
        house.watch._due = None  # noqa: SLF001 - an event that comes in between
        await house.notice(timedelta(0))
        said += len(await house.tell())
    assert said == 5
    (digest,) = await house.told()
    assert digest.text.startswith("What happened to bookings: 7")


NIGHT = datetime(2026, 11, 20, 20, 0, tzinfo=UTC)
"""23:00 in Moscow."""


async def test_the_night_is_one_message_in_the_morning(house: House) -> None:
    await house.follow("/notify on quiet 22:00-08:00")
    house.clock.now = NIGHT
    first = await house.book(LATER + timedelta(days=2), client=1)
    gone = await house.book(LATER + timedelta(days=3))
    await house.book(NIGHT + 3 * HOUR)
    assert await house.told() == []
    await house.delete(gone)
    await house.update(123, name="Other")
    assert await house.told() == []
    house.clock.now = datetime(2026, 11, 21, 4, 59, tzinfo=UTC)
    assert await house.tell() == []
    house.clock.now += timedelta(minutes=1)
    (digest,) = await house.tell()
    lines = digest.text.splitlines()
    assert lines[0] == "What happened to bookings: 3"
    assert [line.split(":")[0] for line in lines[1:]] == [
        f"• new {first}",
        f"• made and deleted again {gone}",
        "• changed 123",
    ]
    assert "Title: “Wedding hairstyle, rehearsal” → “Other”" in lines[3]
    assert digest.buttons == [f"Link booking {first} to deal…"]
    assert await house.told() == []


async def test_after_a_day_without_the_bot_there_is_one_message(house: House) -> None:
    await house.follow()
    (bot,) = house.bots
    await house.end(bot)
    for place in range(3):
        await house.book(LATER + timedelta(days=5, hours=place))
    await house.notice()
    house.clock.now += timedelta(hours=25)
    await house.begin()
    (digest,) = await house.tell()
    assert digest.text.startswith("What happened to bookings: 3")


async def test_what_was_noticed_before_a_restart_is_told_after_it_and_once(house: House) -> None:
    await house.follow()
    (bot,) = house.bots
    number = await house.book()
    await house.notice()
    await house.end(bot)
    for unheard in house.api.unheard:
        assert "New booking" in unheard.text
    already = len(await house.api.answer(len(house.api.unheard)))
    await house.begin()
    told = await house.tell()
    assert already + len(told) == 1
    assert all(text.startswith(f"New booking {number}") for text in texts(told))


async def test_several_are_told_in_order_and_a_refusal_for_a_while_loses_none(house: House) -> None:
    await house.follow()
    numbers = [await house.book(LATER + place * HOUR) for place in range(3)]
    house.api.fail_next("sendMessage", 429, "Too Many Requests: retry after 0", retry_after=0)
    messages = await house.told()
    assert [text.split(":")[0] for text in texts(messages)] == [f"New booking {number}" for number in numbers]


async def test_a_chat_that_telegram_wants_left_alone_keeps_no_other_waiting(house: House) -> None:
    await house.follow(user=EDITOR)
    await house.follow()
    await house.book()
    await house.notice()
    house.api.fail_next("sendMessage", 429, "Too Many Requests: retry after 600", retry_after=600)
    (bot,) = house.bots
    await bot.notifier.look()
    (message,) = await house.api.answer()
    await bot.notifier.look()
    assert message.text.startswith("New booking")
    assert house.api.unheard == []


@pytest.mark.parametrize("chat", [EDITOR, GROUP])
async def test_who_blocked_the_bot_or_threw_it_out_is_told_no_more(
    house: House, capsys: pytest.CaptureFixture[str], chat: int
) -> None:
    await house.follow(user=EDITOR if chat == EDITOR else USER, chat_id=chat)
    house.api.block(chat)
    await house.book()
    assert await house.told() == []
    assert await house.chats.chat(chat) is None
    assert "telegram.news_ended" in capsys.readouterr().out


async def test_who_may_see_no_bookings_any_more_is_told_so_once(house: House) -> None:
    await house.follow(user=VIEWER)
    await house.people.remove(VIEWER)
    await house.book()
    (message,) = await house.told()
    assert message.text.startswith("No more news of bookings here: whoever switched them on may not see")
    await house.book(LATER + HOUR)
    assert await house.told() == []
    assert await house.chats.followers() == []


async def test_a_chat_at_rest_is_told_again_from_when_somebody_switches_it_on(house: House) -> None:
    await house.follow(chat_id=GROUP)
    await house.follow(user=EDITOR)
    chat = await house.chats.chat(GROUP)
    assert chat is not None
    await house.people.allow(Chat(id=GROUP, allowed_by="x", toolsets=frozenset({Toolset.CRM})))
    await house.book()
    by_chat = {message.chat_id: message.text for message in await house.told()}
    assert by_chat[GROUP].startswith("No more news of bookings here")
    assert by_chat[EDITOR].startswith("New booking")
    assert (await house.said("/notify", chat_id=GROUP)).text.startswith("News of bookings rest here")
    refused = await house.said("/notify on", chat_id=GROUP)
    assert refused.text.startswith("This chat may not work with this: bookings")
    await house.said("/allow", chat_id=GROUP)
    await house.said("/notify on", chat_id=GROUP)
    number = await house.book(LATER + HOUR)
    told = [message for message in await house.told() if message.chat_id == GROUP]
    assert [text.split(":")[0] for text in texts(told)] == [f"New booking {number}"]


async def test_a_group_limited_to_bookings_has_no_button() -> None:
    async with news_house(toolsets=frozenset({Toolset.BOOKINGS})) as house:
        await house.begin()
        await house.follow(chat_id=GROUP)
        await house.book(client=1)
        (message,) = await house.told()
        assert "Анна Иванова" in message.text
        assert message.buttons == []


async def test_in_private_news_speak_the_language_that_was_chosen_last(house: House) -> None:
    await house.follow()
    await house.said("/lang ru")
    await house.book()
    (message,) = await house.told()
    assert message.text.startswith("Новое бронирование")


async def test_a_portal_that_does_not_answer_loses_no_news(house: House) -> None:
    await house.follow("/notify on quiet 22:00-08:00")
    house.clock.now = NIGHT
    number = await house.book(LATER + timedelta(days=2), client=1)
    assert await house.told() == []
    await house.salon.fault("*", "http_500_html", times=50)
    house.clock.now = LATER
    assert await house.tell() == []
    house.salon.sandbox.clear_faults()
    assert await house.tell() == []
    house.clock.now += timedelta(minutes=1)
    (message,) = await house.tell()
    assert message.text.startswith(f"New booking {number}")
    assert "Анна Иванова" in message.text


@pytest.mark.parametrize("why", ["message thread not found", "TOPIC_CLOSED"])
async def test_a_group_whose_topic_is_gone_is_told_beside_it_and_loses_nothing(house: House, why: str) -> None:
    await house.follow(chat_id=FORUM, thread_id=33)
    number = await house.book()
    await house.notice()
    house.api.fail_next("sendMessage", 400, f"Bad Request: {why}")
    assert await house.tell() == []
    (message,) = await house.tell()
    assert (message.chat_id, message.thread_id) == (FORUM, None)
    assert message.text.startswith(f"New booking {number}:")
    assert await house.tell() == []
    message = await house.said("/notify", chat_id=FORUM, thread_id=44)
    assert message.text.startswith("News of bookings go to another topic of this group")


async def test_a_group_that_takes_nothing_beside_its_topic_either_is_told_no_more(house: House) -> None:
    await house.follow(chat_id=FORUM, thread_id=33)
    await house.book()
    await house.notice()
    house.api.fail_next("sendMessage", 400, "Bad Request: not enough rights to send text messages to the chat", times=2)
    assert [await house.tell() for _ in range(3)] == [[], [], []]
    assert (await house.said("/notify", chat_id=FORUM)).text.startswith("News of bookings are off here")
