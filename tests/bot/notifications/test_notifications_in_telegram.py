"""News of bookings in Telegram: switching them on, what is told, when, and to whom."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from linkdesk.accounts.staff import Chat
from tests.support.fake_bot_api.server import USER
from tests.support.notifications_env import (
    EDITOR,
    FORUM,
    GROUP,
    LATER,
    VIEWER,
    NotificationsEnv,
    open_notifications_env,
    texts,
)
from tests.support.polling_env import period
from tool_specs.declaration.method import Toolset

HOUR = timedelta(hours=1)


@pytest.fixture
async def env() -> AsyncIterator[NotificationsEnv]:
    async with open_notifications_env() as opened:
        await opened.begin()
        yield opened


async def test_a_new_booking_is_told_by_names_and_the_business_clock(env: NotificationsEnv) -> None:
    await env.follow()
    number = await env.book(client=1, resource=3)
    (message,) = await env.told()
    assert message.text.splitlines() == [
        f"New booking {number}: Sat 21 Nov, 12:00\u201312:30",
        "Анна Иванова, Кабинет 1",
        "No deal yet.",
    ]
    assert message.buttons == ["Link to deal…"]
    assert (message.chat_id, message.reply_to) == (USER, None)


async def test_a_change_is_told_as_it_was_and_as_it_is(env: NotificationsEnv) -> None:
    await env.follow()
    await env.update(14, datePeriod=period(LATER, 60), resourceIds=[3], name="Стрижка")
    await env.set_client(14, 2)
    (message,) = await env.told()
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


async def test_a_deleted_booking_is_told_with_what_it_was(env: NotificationsEnv) -> None:
    await env.follow()
    await env.delete(14)
    (message,) = await env.told()
    assert message.text.splitlines() == [
        "Booking 14 was deleted: Fri 20 Nov, 15:00\u201316:00",
        "Анна Иванова, Анна, мастер по волосам",
    ]


async def test_in_russian_everything_is_russian(env: NotificationsEnv) -> None:
    answer = await env.follow("/уведомления включить", language_code="ru")
    assert answer.text.startswith("Уведомления о бронированиях приходят сюда: новые, изменения, отмены.\nРесурсы: все.")
    number = await env.book(client=1)
    await env.update(20, name="Новое имя")
    await env.delete(21)
    messages = {message.text.splitlines()[0]: message for message in await env.told()}
    assert set(messages) == {
        f"Новое бронирование {number}: сб 21 нояб., 12:00\u201312:30",
        "Бронирование 20 изменено: пт 20 нояб., 18:00\u201319:00",
        "Бронирование 21 удалено: сб 21 нояб., 10:30\u201311:30",
    }
    said = "\n".join(texts(list(messages.values())))
    assert "Анна Иванова, Кабинет 1\nСделки пока нет." in said
    assert "Название: «Укладка» → «Новое имя»" in said
    assert [button for message in messages.values() for button in message.buttons] == ["Привязать к сделке…"]


async def test_markup_in_a_title_is_text(env: NotificationsEnv) -> None:
    await env.follow()
    await env.book(name="<b>Tom & Jerry</b> {0}")
    (message,) = await env.told()
    assert "<b>Tom & Jerry</b> {0}" in message.text


async def test_only_the_kinds_that_are_wanted_are_told(env: NotificationsEnv) -> None:
    await env.follow("/notify on new")
    await env.update(20, name="Other")
    await env.delete(21)
    number = await env.book()
    assert [text.splitlines()[0].split(":")[0] for text in texts(await env.told())] == [f"New booking {number}"]


async def test_only_the_resources_that_are_wanted_are_told(env: NotificationsEnv) -> None:
    answer = await env.follow("/notify on resource 2")
    assert "Resources: 2 Olga, nails and styling." in answer.text
    await env.book(resource=3)
    number = await env.book(LATER + HOUR, resource=2)
    assert [text.split(":")[0] for text in texts(await env.told())] == [f"New booking {number}"]


async def test_only_bookings_without_a_deal_are_told_where_that_is_wanted(env: NotificationsEnv) -> None:
    answer = await env.follow("/notify on without deal")
    assert "Only bookings without a deal." in answer.text
    linked, bare = await env.book(), await env.book(LATER + HOUR)
    items = [{"moduleId": "crm", "entityTypeId": "DEAL", "value": "5"}]
    await env.sandbox_env.call("booking.v1.booking.externalData.set", bookingId=linked, externalData=items)
    assert [text.split(":")[0] for text in texts(await env.told())] == [f"New booking {bare}"]
    assert "Only bookings without a deal." not in (await env.said("/notify with deal")).text
    assert "Только бронирования без сделки." in (await env.said("/уведомления без сделки", language_code="ru")).text
    assert "Только бронирования" not in (await env.said("/уведомления со сделкой", language_code="ru")).text


async def test_a_viewer_is_told_and_has_no_button(env: NotificationsEnv) -> None:
    await env.follow(user=VIEWER)
    await env.book()
    (message,) = await env.told()
    assert (message.chat_id, message.buttons) == (VIEWER, [])


async def test_a_group_that_is_not_allowed_is_told_nothing(env: NotificationsEnv) -> None:
    refused = await env.said("/notify on", chat_id=-8)
    assert refused.text.startswith("I don't answer in this group yet")
    await env.follow(chat_id=GROUP)
    await env.said("/disallow", chat_id=GROUP)
    await env.book()
    assert await env.told() == []
    assert await env.chats.find(GROUP) is None


async def test_news_go_to_the_topic_where_they_were_switched_on(env: NotificationsEnv) -> None:
    await env.follow(chat_id=FORUM, thread_id=33)
    await env.book()
    (message,) = await env.told()
    assert (message.chat_id, message.thread_id) == (FORUM, 33)
    elsewhere = await env.said("/notify", chat_id=FORUM, thread_id=44)
    assert elsewhere.text.startswith("Booking notifications go to another topic of this group")
    await env.said("/notify on", chat_id=FORUM, thread_id=44)
    await env.book(LATER + HOUR)
    (message,) = await env.told()
    assert message.thread_id == 44


async def test_a_group_sees_no_phone_and_no_email(env: NotificationsEnv) -> None:
    await env.follow(chat_id=GROUP)
    await env.follow(user=EDITOR)
    await env.book(name="Anna +7 916 123-45-01, anna@example.com")
    by_chat = {message.chat_id: message.text for message in await env.told()}
    assert "+7 916 123-45-01, anna@example.com" in by_chat[EDITOR]
    assert "916" not in by_chat[GROUP]
    assert "anna@" not in by_chat[GROUP]
    assert by_chat[GROUP].endswith("Phone numbers and emails are shown in a private chat only.")


async def test_what_was_done_in_the_chat_itself_is_not_told_back(env: NotificationsEnv) -> None:
    await env.follow(chat_id=GROUP)
    await env.follow(user=EDITOR)
    await env.said("/link booking 20 deal 5", EDITOR, chat_id=GROUP)
    (message,) = await env.told()
    assert message.chat_id == EDITOR
    assert "Deals: none → Bridal styling" in message.text
    await env.said("/delete booking 21", EDITOR)
    card = env.api.news[-1]
    await env.pressed(card, "Do it", EDITOR)
    (message,) = await env.told()
    assert (message.chat_id, message.text.split(":")[0]) == (GROUP, "Booking 21 was deleted")


async def test_what_somebody_else_changed_beside_it_is_told(env: NotificationsEnv) -> None:
    await env.follow()
    await env.said("/link booking 20 deal 5")
    await env.update(20, name="Other")
    (message,) = await env.told()
    assert "Title: “Укладка” → “Other”" in message.text


async def test_a_deal_that_somebody_else_linked_beside_ours_is_told(env: NotificationsEnv) -> None:
    await env.follow()
    await env.said("/link booking 20 deal 5")
    items = [{"moduleId": "crm", "entityTypeId": "DEAL", "value": number} for number in ("5", "6")]
    await env.sandbox_env.call("booking.v1.booking.externalData.set", bookingId=20, externalData=items)
    (message,) = await env.told()
    assert "Deals: none → Bridal styling, Уход за лицом" in message.text


async def test_what_the_chat_did_long_ago_and_undid_elsewhere_is_told(env: NotificationsEnv) -> None:
    await env.follow()
    await env.said("/link booking 20 deal 5")
    assert await env.told() == []
    await env.sandbox_env.call("booking.v1.booking.externalData.unset", bookingId=20)
    (message,) = await env.told()
    assert "Deals: Bridal styling → none" in message.text
    items = [{"moduleId": "crm", "entityTypeId": "DEAL", "value": "5"}]
    await env.sandbox_env.call("booking.v1.booking.externalData.set", bookingId=20, externalData=items)
    (message,) = await env.told(timedelta(minutes=11))
    assert "Deals: none → Bridal styling" in message.text


async def test_an_undo_that_was_pressed_here_is_not_told_back_and_elsewhere_is(env: NotificationsEnv) -> None:
    await env.follow(chat_id=GROUP)
    await env.follow(user=EDITOR)
    done = await env.said("/link booking 20 deal 5", EDITOR)
    assert [message.chat_id for message in await env.told()] == [GROUP]
    await env.pressed(done, "Undo", EDITOR)
    (undone,) = await env.api.answer()
    assert undone.text.startswith("Unlinked: booking 20")
    (message,) = await env.told()
    assert (message.chat_id, "Deals: Bridal styling → none" in message.text) == (GROUP, True)


async def test_sixty_at_once_are_one_message(env: NotificationsEnv) -> None:
    await env.follow()
    for place in range(60):
        await env.book(LATER + timedelta(days=1 + place // 10, minutes=30 * (place % 10)))
    (message,) = await env.told()
    lines = message.text.splitlines()
    assert lines[0] == "Booking updates: 60"
    assert len([line for line in lines if line.startswith("• new ")]) == 10
    assert lines[-1].startswith("And 50 more")
    assert await env.told() == []


async def test_many_one_after_another_are_gathered_within_a_minute(env: NotificationsEnv) -> None:
    await env.follow()
    said = 0
    for place in range(12):
        await env.book(LATER + timedelta(minutes=30 * place))
        await env.notice(timedelta(seconds=61) if place == 0 else timedelta(seconds=0))
        env.watch._due = None  # noqa: SLF001 - an event that comes in between
        await env.notice(timedelta(0))
        said += len(await env.tell())
    assert said == 5
    (digest,) = await env.told()
    assert digest.text.startswith("Booking updates: 7")


NIGHT = datetime(2026, 11, 20, 20, 0, tzinfo=UTC)
"""23:00 in Moscow."""


async def test_the_night_is_one_message_in_the_morning(env: NotificationsEnv) -> None:
    await env.follow("/notify on quiet 22:00-08:00")
    env.clock.now = NIGHT
    first = await env.book(LATER + timedelta(days=2), client=1)
    gone = await env.book(LATER + timedelta(days=3))
    await env.book(NIGHT + 3 * HOUR)
    assert await env.told() == []
    await env.delete(gone)
    await env.update(123, name="Other")
    assert await env.told() == []
    env.clock.now = datetime(2026, 11, 21, 4, 59, tzinfo=UTC)
    assert await env.tell() == []
    env.clock.now += timedelta(minutes=1)
    (digest,) = await env.tell()
    lines = digest.text.splitlines()
    assert lines[0] == "Booking updates: 3"
    assert [line.split(":")[0] for line in lines[1:]] == [
        f"• new {first}",
        f"• created and then deleted {gone}",
        "• changed 123",
    ]
    assert "Title: “Wedding hairstyle, rehearsal” → “Other”" in lines[3]
    assert digest.buttons == [f"Link booking {first} to deal…"]
    assert await env.told() == []


async def test_after_a_day_without_the_bot_there_is_one_message(env: NotificationsEnv) -> None:
    await env.follow()
    (bot,) = env.bots
    await env.end(bot)
    for place in range(3):
        await env.book(LATER + timedelta(days=5, hours=place))
    await env.notice()
    env.clock.now += timedelta(hours=25)
    await env.begin()
    (digest,) = await env.tell()
    assert digest.text.startswith("Booking updates: 3")


async def test_what_was_noticed_before_a_restart_is_told_after_it_and_once(env: NotificationsEnv) -> None:
    await env.follow()
    (bot,) = env.bots
    number = await env.book()
    await env.notice()
    await env.end(bot)
    for unheard in env.api.unheard:
        assert "New booking" in unheard.text
    already = len(await env.api.answer(len(env.api.unheard)))
    await env.begin()
    told = await env.tell()
    assert already + len(told) == 1
    assert all(text.startswith(f"New booking {number}") for text in texts(told))


async def test_several_are_told_in_order_and_a_refusal_for_a_while_loses_none(env: NotificationsEnv) -> None:
    await env.follow()
    numbers = [await env.book(LATER + place * HOUR) for place in range(3)]
    env.api.fail_next("sendMessage", 429, "Too Many Requests: retry after 0", retry_after=0)
    messages = await env.told()
    assert [text.split(":")[0] for text in texts(messages)] == [f"New booking {number}" for number in numbers]


async def test_a_chat_that_telegram_wants_left_alone_keeps_no_other_waiting(env: NotificationsEnv) -> None:
    await env.follow(user=EDITOR)
    await env.follow()
    await env.book()
    await env.notice()
    env.api.fail_next("sendMessage", 429, "Too Many Requests: retry after 600", retry_after=600)
    (bot,) = env.bots
    await bot.notifier.poll()
    (message,) = await env.api.answer()
    await bot.notifier.poll()
    assert message.text.startswith("New booking")
    assert env.api.unheard == []


@pytest.mark.parametrize("chat", [EDITOR, GROUP])
async def test_who_blocked_the_bot_or_threw_it_out_is_told_no_more(
    env: NotificationsEnv, capsys: pytest.CaptureFixture[str], chat: int
) -> None:
    await env.follow(user=EDITOR if chat == EDITOR else USER, chat_id=chat)
    env.api.block(chat)
    await env.book()
    assert await env.told() == []
    assert await env.chats.find(chat) is None
    assert "telegram.news_ended" in capsys.readouterr().out


async def test_who_may_see_no_bookings_any_more_is_told_so_once(env: NotificationsEnv) -> None:
    await env.follow(user=VIEWER)
    await env.people.remove_member(VIEWER)
    await env.book()
    (message,) = await env.told()
    assert message.text.startswith("Booking notifications stop here: the person who turned them on can no longer see")
    await env.book(LATER + HOUR)
    assert await env.told() == []
    assert await env.chats.subscribers() == []


async def test_a_chat_at_rest_is_told_again_from_when_somebody_switches_it_on(env: NotificationsEnv) -> None:
    await env.follow(chat_id=GROUP)
    await env.follow(user=EDITOR)
    chat = await env.chats.find(GROUP)
    assert chat is not None
    await env.people.allow_chat(Chat(id=GROUP, allowed_by="x", toolsets=frozenset({Toolset.CRM})))
    await env.book()
    by_chat = {message.chat_id: message.text for message in await env.told()}
    assert by_chat[GROUP].startswith("Booking notifications stop here")
    assert by_chat[EDITOR].startswith("New booking")
    assert (await env.said("/notify", chat_id=GROUP)).text.startswith("Booking notifications are paused here")
    refused = await env.said("/notify on", chat_id=GROUP)
    assert refused.text.startswith("This is not allowed in this chat: bookings")
    await env.said("/allow", chat_id=GROUP)
    await env.said("/notify on", chat_id=GROUP)
    number = await env.book(LATER + HOUR)
    told = [message for message in await env.told() if message.chat_id == GROUP]
    assert [text.split(":")[0] for text in texts(told)] == [f"New booking {number}"]


async def test_a_group_limited_to_bookings_has_no_button() -> None:
    async with open_notifications_env(toolsets=frozenset({Toolset.BOOKINGS})) as env:
        await env.begin()
        await env.follow(chat_id=GROUP)
        await env.book(client=1)
        (message,) = await env.told()
        assert "Анна Иванова" in message.text
        assert message.buttons == []


async def test_in_private_news_speak_the_language_that_was_chosen_last(env: NotificationsEnv) -> None:
    await env.follow()
    await env.said("/lang ru")
    await env.book()
    (message,) = await env.told()
    assert message.text.startswith("Новое бронирование")


async def test_a_portal_that_does_not_answer_loses_no_news(env: NotificationsEnv) -> None:
    await env.follow("/notify on quiet 22:00-08:00")
    env.clock.now = NIGHT
    number = await env.book(LATER + timedelta(days=2), client=1)
    assert await env.told() == []
    await env.sandbox_env.fault("*", "http_500_html", times=50)
    env.clock.now = LATER
    assert await env.tell() == []
    env.sandbox_env.sandbox.clear_faults()
    assert await env.tell() == []
    env.clock.now += timedelta(minutes=1)
    (message,) = await env.tell()
    assert message.text.startswith(f"New booking {number}")
    assert "Анна Иванова" in message.text


@pytest.mark.parametrize("why", ["message thread not found", "TOPIC_CLOSED"])
async def test_a_group_whose_topic_is_gone_is_told_beside_it_and_loses_nothing(env: NotificationsEnv, why: str) -> None:
    await env.follow(chat_id=FORUM, thread_id=33)
    number = await env.book()
    await env.notice()
    env.api.fail_next("sendMessage", 400, f"Bad Request: {why}")
    assert await env.tell() == []
    (message,) = await env.tell()
    assert (message.chat_id, message.thread_id) == (FORUM, None)
    assert message.text.startswith(f"New booking {number}:")
    assert await env.tell() == []
    message = await env.said("/notify", chat_id=FORUM, thread_id=44)
    assert message.text.startswith("Booking notifications go to another topic of this group")


async def test_a_group_that_takes_nothing_beside_its_topic_either_is_told_no_more(env: NotificationsEnv) -> None:
    await env.follow(chat_id=FORUM, thread_id=33)
    await env.book()
    await env.notice()
    env.api.fail_next("sendMessage", 400, "Bad Request: not enough rights to send text messages to the chat", times=2)
    assert [await env.tell() for _ in range(3)] == [[], [], []]
    assert (await env.said("/notify", chat_id=FORUM)).text.startswith("Booking notifications are off here")
