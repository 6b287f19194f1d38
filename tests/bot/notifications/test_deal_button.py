"""Linking a new booking to its deal by the button below its news."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from linkdesk.accounts.staff import Chat
from linkdesk.sandbox.store import DEAL, CrmItem
from tests.support.fake_bot_api.account import BotMessage
from tests.support.fake_bot_api.server import USER
from tests.support.notifications_env import (
    EDITOR,
    GROUP,
    LATER,
    STRANGER,
    SUPERGROUP,
    VIEWER,
    NotificationsEnv,
    open_notifications_env,
)

BUTTON = "Link to deal…"


@pytest.fixture
async def env() -> AsyncIterator[NotificationsEnv]:
    async with open_notifications_env() as opened:
        await opened.begin()
        yield opened


def deals_of(env: NotificationsEnv, client: int, *numbers: int, closed: bool = False) -> None:
    """Have a client own some more deals."""
    for number in numbers:
        item = CrmItem(id=number, title=f"Deal of {client} no. {number}", contact_ids=[client], closed=closed)
        env.sandbox_env.sandbox.store.items[DEAL][number] = item


async def told_of(env: NotificationsEnv, *, client: int | None = 1, chat: int = USER) -> tuple[int, BotMessage]:
    """Have the chat told of a new booking."""
    user = USER if chat in {USER, GROUP} else chat
    await env.follow(user=user, chat_id=chat)
    number = await env.book(client=client)
    (message,) = await env.told()
    return number, message


async def test_a_press_asks_with_the_clients_open_deals_and_another_links_the_one_that_is_chosen(
    env: NotificationsEnv,
) -> None:
    deals_of(env, 1, 90, closed=True)
    number, news = await told_of(env)
    question = await env.pressed(news, BUTTON)
    assert question.text == (
        f"Which deal does booking {number} (Sat 21 Nov, 12:00\u201312:30) belong to? "
        "Choose one, or write the number or name of another."
    )
    assert question.reply_to == news.message_id
    assert question.buttons == ["deal 7 “Стрижка мужская”", "deal 1 “Стрижка и окрашивание”"]
    assert await env.sandbox_env.deals(number) == []
    result = await env.pressed(question, "deal 1 “Стрижка и окрашивание”")
    assert result.message_id == question.message_id
    assert result.text.startswith(f"Linked: booking {number}")
    assert result.buttons == ["Undo"]
    assert await env.sandbox_env.deals(number) == [1]
    await env.without_buttons(news)
    await env.pressed(result, "Undo")
    assert await env.sandbox_env.deals(number) == []


async def test_the_deals_of_a_client_are_turned_over_in_place_newest_first(env: NotificationsEnv) -> None:
    deals_of(env, 1, *range(101, 106))
    number, news = await told_of(env)
    question = await env.pressed(news, BUTTON)
    first = [f"deal {deal} “Deal of 1 no. {deal}”" for deal in (105, 104, 103, 102, 101)]
    assert question.buttons == [*first, "More…"]
    more = await env.pressed(question, "More…")
    assert (more.message_id, more.buttons[-1]) == (question.message_id, "More…")
    assert more.buttons[:-1] == ["deal 7 “Стрижка мужская”", "deal 1 “Стрижка и окрашивание”"]
    again = await env.pressed(more, "More…")
    assert again.buttons == question.buttons
    await env.pressed(again, first[2])
    assert await env.sandbox_env.deals(number) == [103]


@pytest.mark.parametrize("answer", ["deal 5", "сделка 5", "the deal 5"])
async def test_another_deal_that_is_written_in_full_is_linked_at_once(env: NotificationsEnv, answer: str) -> None:
    number, news = await told_of(env)
    await env.pressed(news, BUTTON)
    said = await env.said(answer)
    assert said.text.startswith(("Linked: booking", "Привязано: бронирование"))
    assert await env.sandbox_env.deals(number) == [5]


async def test_words_that_name_no_deal_link_nothing_and_another_command_is_one(env: NotificationsEnv) -> None:
    number, news = await told_of(env)
    await env.pressed(news, BUTTON)
    assert (await env.said("ask Olga about it")).text.startswith("Nothing was found for “ask Olga about it”")
    assert (await env.said("links booking 14")).text.startswith("Deals of booking 14")
    assert (await env.said("unlink deal 7 from booking 14")).text.startswith("Unlinked: booking 14")
    assert await env.sandbox_env.deals(number) == []


@pytest.mark.parametrize("answer", ["5", "#5", "Bridal styling", "«Bridal styling»", "deal Bridal styling"])
async def test_another_deal_by_its_bare_number_or_its_name_is_shown_before_it_is_linked(
    env: NotificationsEnv, answer: str
) -> None:
    number, news = await told_of(env)
    await env.pressed(news, BUTTON)
    await env.agreed(answer, "deal 5 “Bridal styling”")
    assert await env.sandbox_env.deals(number) == [5]


@pytest.mark.parametrize(("client", "why"), [(None, "It has no client yet."), (2, "Its client has no open deals.")])
async def test_where_there_is_nothing_to_choose_the_deal_is_asked_for(
    env: NotificationsEnv, client: int | None, why: str
) -> None:
    number, news = await told_of(env, client=client)
    question = await env.pressed(news, BUTTON)
    assert question.buttons == []
    assert f"belong to? {why} Write its number or name." in question.text
    await env.agreed("3", "deal 3 “Spa day for two”")
    assert await env.sandbox_env.deals(number) == [3]


async def test_in_russian_all_of_it_is_russian(env: NotificationsEnv) -> None:
    await env.said("/lang ru")
    await env.follow()
    number = await env.book(client=1)
    (news,) = await env.told()
    question = await env.pressed(news, "Привязать к сделке…")
    assert question.text == (
        f"К какой сделке привязать бронирование {number} (сб 21 нояб., 12:00\u201312:30)? "
        "Нажмите на неё или напишите номер или название другой."
    )
    assert question.buttons[0] == "сделка 7 «Стрижка мужская»"
    assert (await env.said("сделка 5")).text.startswith(f"Привязано: бронирование {number}")
    assert await env.refused(news, news.keys[0]["callback_data"]) == (
        f"Бронирование {number} уже привязано: сделка 5 «Bridal styling». "
        f"Добавить ещё одну сделку: /связать бронь {number} сделка НОМЕР"
    )


async def test_who_may_not_write_is_refused_and_nothing_is_asked(env: NotificationsEnv) -> None:
    number, news = await told_of(env, chat=GROUP)
    data = news.keys[0]["callback_data"]
    assert await env.refused(news, data, STRANGER) == "This is for staff only."
    assert (await env.refused(news, data, VIEWER)).startswith("Your role in Linkdesk does not allow this")
    assert env.api.unheard == []
    question = await env.pressed(news, BUTTON, EDITOR)
    offered = question.keys[0]["callback_data"]
    assert (await env.refused(question, offered, VIEWER)).startswith("Your role in Linkdesk does not allow this")
    assert await env.refused(question, offered, STRANGER) == "This is for staff only."
    assert await env.sandbox_env.deals(number) == []


async def test_in_a_group_anybody_who_may_write_presses_and_a_second_is_told_it_is_linked(
    env: NotificationsEnv,
) -> None:
    number, news = await told_of(env, chat=GROUP)
    question = await env.pressed(news, BUTTON, EDITOR)
    assert question.text.endswith("In a group, reply to this message.")
    other = await env.pressed(news, BUTTON, USER)
    result = await env.pressed(question, question.buttons[0], USER)
    assert result.text.startswith(f"Linked: booking {number}")
    refused = await env.refused(other, other.keys[1]["callback_data"], EDITOR)
    assert refused.startswith(f"Booking {number} is already linked: deal 7 “Стрижка мужская”.")
    assert (await env.refused(news, news.keys[0]["callback_data"], EDITOR)).startswith(
        f"Booking {number} is already linked"
    )
    assert await env.sandbox_env.deals(number) == [7]
    await env.without_buttons(news)


async def test_in_a_group_an_answer_to_the_question_names_the_deal(env: NotificationsEnv) -> None:
    number, news = await told_of(env, chat=GROUP)
    question = await env.pressed(news, BUTTON, EDITOR)
    said = await env.said("deal 5", EDITOR, chat_id=GROUP, reply_to=question.message_id)
    assert said.text.startswith(f"Linked: booking {number}")
    assert await env.sandbox_env.deals(number) == [5]


async def test_a_group_that_may_not_link_refuses_a_button_from_before(env: NotificationsEnv) -> None:
    number, news = await told_of(env, chat=GROUP)
    await env.said("/allow bookings", chat_id=GROUP)
    refused = await env.refused(news, news.keys[0]["callback_data"], EDITOR)
    assert refused.startswith("This is not allowed in this chat: links")
    assert await env.sandbox_env.deals(number) == []


async def test_a_group_without_crm_is_asked_for_the_number(env: NotificationsEnv) -> None:
    number, news = await told_of(env, chat=GROUP)
    await env.said("/allow links bookings", chat_id=GROUP)
    question = await env.pressed(news, BUTTON, EDITOR)
    assert "I can't show deals here." in question.text
    await env.said("deal 5", EDITOR, chat_id=GROUP, reply_to=question.message_id)
    assert await env.sandbox_env.deals(number) == [5]


async def test_titles_of_deals_are_masked_in_a_group(env: NotificationsEnv) -> None:
    item = CrmItem(id=200, title="Anna +7 916 123-45-01", contact_ids=[1])
    env.sandbox_env.sandbox.store.items[DEAL][200] = item
    _, news = await told_of(env, chat=GROUP)
    question = await env.pressed(news, BUTTON, EDITOR)
    assert question.buttons[0].startswith("deal 200 “Anna •••01")


async def test_the_buttons_work_after_a_restart(env: NotificationsEnv) -> None:
    number, news = await told_of(env)
    await env.end(env.bots[0])
    await env.begin()
    question = await env.pressed(news, BUTTON)
    await env.end(env.bots[0])
    await env.begin()
    assert (await env.pressed(question, question.buttons[0])).text.startswith(f"Linked: booking {number}")
    assert await env.sandbox_env.deals(number) == [7]


async def test_a_deleted_booking_and_news_that_are_gone_say_so_and_take_the_button_away(env: NotificationsEnv) -> None:
    number, news = await told_of(env)
    await env.delete(number)
    refused = await env.refused(news, news.keys[0]["callback_data"])
    assert refused.startswith(f"Booking {number} was not found.")
    await env.without_buttons(news)
    assert (await env.refused(news, "l:4711")).startswith("This message is too old for its button.")
    assert (await env.refused(news, "l:4711:d1")).startswith("This message is too old for its button.")


@pytest.mark.parametrize("data", ["l:", "l:x", "l:1:d", "l:1:x7", "l:1:m7000", "l:1:d7:d8"])
async def test_data_that_was_never_ours_does_nothing(env: NotificationsEnv, data: str) -> None:
    number, news = await told_of(env)
    assert (await env.refused(news, data)).startswith("This button no longer works")
    assert await env.sandbox_env.deals(number) == []


@pytest.mark.parametrize(
    "data", ["l:1:d0", "l:1:d2147483648", "l:1:d999999999999999", "l:0:d7", "l:999999999999999:d7"]
)
async def test_numbers_that_no_button_had_are_refused_and_are_no_fault_of_ours(
    env: NotificationsEnv, data: str
) -> None:
    number, news = await told_of(env)
    assert (await env.refused(news, data)).startswith("This message is too old for its button.")
    assert await env.sandbox_env.deals(number) == []


async def test_a_deal_that_is_gone_meanwhile_is_named(env: NotificationsEnv) -> None:
    number, news = await told_of(env)
    question = await env.pressed(news, BUTTON)
    del env.sandbox_env.sandbox.store.items[DEAL][7]
    result = await env.pressed(question, question.buttons[0])
    assert result.text.startswith("Not found in the CRM: deal 7.")
    assert await env.sandbox_env.deals(number) == []
    assert env.shown(news).buttons == [BUTTON]


async def test_of_a_digest_only_the_booking_that_is_linked_loses_its_button(env: NotificationsEnv) -> None:
    await env.follow()
    numbers = [await env.book(LATER + timedelta(hours=place), client=1) for place in range(6)]
    (digest,) = await env.told()
    assert digest.buttons == [f"Link booking {number} to deal…" for number in numbers]
    question = await env.pressed(digest, digest.buttons[2])
    await env.pressed(question, question.buttons[0])
    assert await env.sandbox_env.deals(numbers[2]) == [7]
    await env.api.until(lambda: len(env.shown(digest).buttons) == 5)
    assert f"Link booking {numbers[2]} to deal…" not in env.shown(digest).buttons


async def test_where_every_write_asks_a_pressed_deal_asks_too() -> None:
    async with open_notifications_env(confirm="writes") as env:
        await env.begin()
        number, news = await told_of(env)
        question = await env.pressed(news, BUTTON)
        card = await env.pressed(question, question.buttons[0])
        assert card.buttons[:2] == ["Do it", "Cancel"]
        assert await env.sandbox_env.deals(number) == []
        await env.pressed(card, "Do it")
        assert await env.sandbox_env.deals(number) == [7]


async def test_what_the_button_linked_is_not_told_back(env: NotificationsEnv) -> None:
    _, news = await told_of(env)
    question = await env.pressed(news, BUTTON)
    await env.pressed(question, question.buttons[0])
    await env.without_buttons(news)
    assert await env.told() == []


async def test_a_read_only_installation_has_no_button() -> None:
    async with open_notifications_env(read_only=True) as env:
        await env.begin()
        _, news = await told_of(env)
        assert news.buttons == []


async def test_in_a_group_without_topics_undo_below_an_answer_is_answered(env: NotificationsEnv) -> None:
    await env.people.allow_chat(Chat(id=SUPERGROUP, toolsets=None, allowed_by="telegram:1001"))
    await env.follow(chat_id=SUPERGROUP)
    number = await env.book(client=1)
    (news,) = await env.told()
    question = await env.pressed(news, BUTTON)
    # Telegram gives answers there a number of a thread to which nothing can be sent.
    assert question.thread_id == news.message_id
    linked = await env.pressed(question, question.buttons[0])
    await env.without_buttons(news)
    env.api.press(USER, linked.message_id, "Undo", SUPERGROUP)
    stripped, undone = await env.api.answer(2)
    assert (stripped.message_id, stripped.buttons) == (linked.message_id, [])
    assert (undone.chat_id, undone.text.split(":")[0]) == (SUPERGROUP, "Unlinked")
    assert await env.sandbox_env.deals(number) == []
