"""Linking a new booking to its deal by the button below its news."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from linkdesk.accounts.staff import Chat
from linkdesk.sandbox.store import DEAL, CrmItem
from tests.support.fake_bot_api.account import BotMessage
from tests.support.fake_bot_api.server import USER
from tests.support.notifications_env import EDITOR, GROUP, LATER, STRANGER, SUPERGROUP, VIEWER, House, news_house

BUTTON = "Link to deal…"


@pytest.fixture
async def house() -> AsyncIterator[House]:
    async with news_house() as opened:
        await opened.begin()
        yield opened


def deals_of(house: House, client: int, *numbers: int, closed: bool = False) -> None:
    """Have a client own some more deals."""
    for number in numbers:
        item = CrmItem(id=number, title=f"Deal of {client} no. {number}", contact_ids=[client], closed=closed)
        house.salon.sandbox.store.items[DEAL][number] = item


async def told_of(house: House, *, client: int | None = 1, chat: int = USER) -> tuple[int, BotMessage]:
    """Have the chat told of a new booking."""
    user = USER if chat in {USER, GROUP} else chat
    await house.follow(user=user, chat_id=chat)
    number = await house.book(client=client)
    (message,) = await house.told()
    return number, message


async def test_a_press_asks_with_the_clients_open_deals_and_another_links_the_one_that_is_chosen(house: House) -> None:
    deals_of(house, 1, 90, closed=True)
    number, news = await told_of(house)
    question = await house.pressed(news, BUTTON)
    assert question.text == (
        f"Which deal does booking {number} (Sat 21 Nov, 12:00\u201312:30) belong to? "
        "Press one, or write another: its number or name."
    )
    assert question.reply_to == news.message_id
    assert question.buttons == ["deal 7 “Стрижка мужская”", "deal 1 “Стрижка и окрашивание”"]
    assert await house.salon.deals(number) == []
    result = await house.pressed(question, "deal 1 “Стрижка и окрашивание”")
    assert result.message_id == question.message_id
    assert result.text.startswith(f"Linked: booking {number}")
    assert result.buttons == ["Undo"]
    assert await house.salon.deals(number) == [1]
    await house.without_buttons(news)
    await house.pressed(result, "Undo")
    assert await house.salon.deals(number) == []


async def test_the_deals_of_a_client_are_turned_over_in_place_newest_first(house: House) -> None:
    deals_of(house, 1, *range(101, 106))
    number, news = await told_of(house)
    question = await house.pressed(news, BUTTON)
    first = [f"deal {deal} “Deal of 1 no. {deal}”" for deal in (105, 104, 103, 102, 101)]
    assert question.buttons == [*first, "More…"]
    more = await house.pressed(question, "More…")
    assert (more.message_id, more.buttons[-1]) == (question.message_id, "More…")
    assert more.buttons[:-1] == ["deal 7 “Стрижка мужская”", "deal 1 “Стрижка и окрашивание”"]
    again = await house.pressed(more, "More…")
    assert again.buttons == question.buttons
    await house.pressed(again, first[2])
    assert await house.salon.deals(number) == [103]


@pytest.mark.parametrize("answer", ["deal 5", "сделка 5", "the deal 5"])
async def test_another_deal_that_is_written_in_full_is_linked_at_once(house: House, answer: str) -> None:
    number, news = await told_of(house)
    await house.pressed(news, BUTTON)
    said = await house.said(answer)
    assert said.text.startswith(("Linked: booking", "Привязано: бронирование"))
    assert await house.salon.deals(number) == [5]


async def test_words_that_name_no_deal_link_nothing_and_another_command_is_one(house: House) -> None:
    number, news = await told_of(house)
    await house.pressed(news, BUTTON)
    assert (await house.said("ask Olga about it")).text.startswith("Nothing was found for “ask Olga about it”")
    assert (await house.said("links booking 14")).text.startswith("Deals of booking 14")
    assert (await house.said("unlink deal 7 from booking 14")).text.startswith("Unlinked: booking 14")
    assert await house.salon.deals(number) == []


@pytest.mark.parametrize("answer", ["5", "#5", "Bridal styling", "«Bridal styling»", "deal Bridal styling"])
async def test_another_deal_by_its_bare_number_or_its_name_is_shown_before_it_is_linked(
    house: House, answer: str
) -> None:
    number, news = await told_of(house)
    await house.pressed(news, BUTTON)
    await house.agreed(answer, "deal 5 “Bridal styling”")
    assert await house.salon.deals(number) == [5]


@pytest.mark.parametrize(("client", "why"), [(None, "It has no client yet."), (2, "Its client has no open deals.")])
async def test_where_there_is_nothing_to_choose_the_deal_is_asked_for(
    house: House, client: int | None, why: str
) -> None:
    number, news = await told_of(house, client=client)
    question = await house.pressed(news, BUTTON)
    assert question.buttons == []
    assert f"belong to? {why} Write its number or name." in question.text
    await house.agreed("3", "deal 3 “Spa day for two”")
    assert await house.salon.deals(number) == [3]


async def test_in_russian_all_of_it_is_russian(house: House) -> None:
    await house.said("/lang ru")
    await house.follow()
    number = await house.book(client=1)
    (news,) = await house.told()
    question = await house.pressed(news, "Привязать к сделке…")
    assert question.text == (
        f"К какой сделке привязать бронирование {number} (сб 21 нояб., 12:00\u201312:30)? "
        "Нажмите на неё или напишите номер или название другой."
    )
    assert question.buttons[0] == "сделка 7 «Стрижка мужская»"
    assert (await house.said("сделка 5")).text.startswith(f"Привязано: бронирование {number}")
    assert await house.refused(news, news.keys[0]["callback_data"]) == (
        f"Бронирование {number} уже привязано: сделка 5 «Bridal styling». "
        f"Ещё одна сделка: /связать бронь {number} сделка 1"
    )


async def test_who_may_not_write_is_refused_and_nothing_is_asked(house: House) -> None:
    number, news = await told_of(house, chat=GROUP)
    data = news.keys[0]["callback_data"]
    assert await house.refused(news, data, STRANGER) == "This is for staff only."
    assert (await house.refused(news, data, VIEWER)).startswith("Your role in Linkdesk does not allow this")
    assert house.api.unheard == []
    question = await house.pressed(news, BUTTON, EDITOR)
    offered = question.keys[0]["callback_data"]
    assert (await house.refused(question, offered, VIEWER)).startswith("Your role in Linkdesk does not allow this")
    assert await house.refused(question, offered, STRANGER) == "This is for staff only."
    assert await house.salon.deals(number) == []


async def test_in_a_group_anybody_who_may_write_presses_and_a_second_is_told_it_is_linked(house: House) -> None:
    number, news = await told_of(house, chat=GROUP)
    question = await house.pressed(news, BUTTON, EDITOR)
    assert question.text.endswith("In a group, answer this message.")
    other = await house.pressed(news, BUTTON, USER)
    result = await house.pressed(question, question.buttons[0], USER)
    assert result.text.startswith(f"Linked: booking {number}")
    refused = await house.refused(other, other.keys[1]["callback_data"], EDITOR)
    assert refused.startswith(f"Booking {number} is linked already: deal 7 “Стрижка мужская”.")
    assert (await house.refused(news, news.keys[0]["callback_data"], EDITOR)).startswith(f"Booking {number} is linked")
    assert await house.salon.deals(number) == [7]
    await house.without_buttons(news)


async def test_in_a_group_an_answer_to_the_question_names_the_deal(house: House) -> None:
    number, news = await told_of(house, chat=GROUP)
    question = await house.pressed(news, BUTTON, EDITOR)
    said = await house.said("deal 5", EDITOR, chat_id=GROUP, reply_to=question.message_id)
    assert said.text.startswith(f"Linked: booking {number}")
    assert await house.salon.deals(number) == [5]


async def test_a_group_that_may_not_link_refuses_a_button_from_before(house: House) -> None:
    number, news = await told_of(house, chat=GROUP)
    await house.said("/allow bookings", chat_id=GROUP)
    refused = await house.refused(news, news.keys[0]["callback_data"], EDITOR)
    assert refused.startswith("This chat may not work with this: links")
    assert await house.salon.deals(number) == []


async def test_a_group_without_crm_is_asked_for_the_number(house: House) -> None:
    number, news = await told_of(house, chat=GROUP)
    await house.said("/allow links bookings", chat_id=GROUP)
    question = await house.pressed(news, BUTTON, EDITOR)
    assert "I cannot show deals here." in question.text
    await house.said("deal 5", EDITOR, chat_id=GROUP, reply_to=question.message_id)
    assert await house.salon.deals(number) == [5]


async def test_titles_of_deals_are_masked_in_a_group(house: House) -> None:
    item = CrmItem(id=200, title="Anna +7 916 123-45-01", contact_ids=[1])
    house.salon.sandbox.store.items[DEAL][200] = item
    _, news = await told_of(house, chat=GROUP)
    question = await house.pressed(news, BUTTON, EDITOR)
    assert question.buttons[0].startswith("deal 200 “Anna •••01")


async def test_the_buttons_work_after_a_restart(house: House) -> None:
    number, news = await told_of(house)
    await house.end(house.bots[0])
    await house.begin()
    question = await house.pressed(news, BUTTON)
    await house.end(house.bots[0])
    await house.begin()
    assert (await house.pressed(question, question.buttons[0])).text.startswith(f"Linked: booking {number}")
    assert await house.salon.deals(number) == [7]


async def test_a_deleted_booking_and_news_that_are_gone_say_so_and_take_the_button_away(house: House) -> None:
    number, news = await told_of(house)
    await house.delete(number)
    refused = await house.refused(news, news.keys[0]["callback_data"])
    assert refused.startswith(f"Booking {number} was not found.")
    await house.without_buttons(news)
    assert (await house.refused(news, "l:4711")).startswith("This message is too old for its button.")
    assert (await house.refused(news, "l:4711:d1")).startswith("This message is too old for its button.")


@pytest.mark.parametrize("data", ["l:", "l:x", "l:1:d", "l:1:x7", "l:1:m7000", "l:1:d7:d8"])
async def test_data_that_was_never_ours_does_nothing(house: House, data: str) -> None:
    number, news = await told_of(house)
    assert (await house.refused(news, data)).startswith("This button no longer works")
    assert await house.salon.deals(number) == []


@pytest.mark.parametrize(
    "data", ["l:1:d0", "l:1:d2147483648", "l:1:d999999999999999", "l:0:d7", "l:999999999999999:d7"]
)
async def test_numbers_that_no_button_had_are_refused_and_are_no_fault_of_ours(house: House, data: str) -> None:
    number, news = await told_of(house)
    assert (await house.refused(news, data)).startswith("This message is too old for its button.")
    assert await house.salon.deals(number) == []


async def test_a_deal_that_is_gone_meanwhile_is_named(house: House) -> None:
    number, news = await told_of(house)
    question = await house.pressed(news, BUTTON)
    del house.salon.sandbox.store.items[DEAL][7]
    result = await house.pressed(question, question.buttons[0])
    assert result.text.startswith("Not found in the CRM: deal 7.")
    assert await house.salon.deals(number) == []
    assert house.shown(news).buttons == [BUTTON]


async def test_of_a_digest_only_the_booking_that_is_linked_loses_its_button(house: House) -> None:
    await house.follow()
    numbers = [await house.book(LATER + timedelta(hours=place), client=1) for place in range(6)]
    (digest,) = await house.told()
    assert digest.buttons == [f"Link booking {number} to deal…" for number in numbers]
    question = await house.pressed(digest, digest.buttons[2])
    await house.pressed(question, question.buttons[0])
    assert await house.salon.deals(numbers[2]) == [7]
    await house.api.until(lambda: len(house.shown(digest).buttons) == 5)
    assert f"Link booking {numbers[2]} to deal…" not in house.shown(digest).buttons


async def test_where_every_write_asks_a_pressed_deal_asks_too() -> None:
    async with news_house(confirm="writes") as house:
        await house.begin()
        number, news = await told_of(house)
        question = await house.pressed(news, BUTTON)
        card = await house.pressed(question, question.buttons[0])
        assert card.buttons[:2] == ["Do it", "Cancel"]
        assert await house.salon.deals(number) == []
        await house.pressed(card, "Do it")
        assert await house.salon.deals(number) == [7]


async def test_what_the_button_linked_is_not_told_back(house: House) -> None:
    _, news = await told_of(house)
    question = await house.pressed(news, BUTTON)
    await house.pressed(question, question.buttons[0])
    await house.without_buttons(news)
    assert await house.told() == []


async def test_a_read_only_installation_has_no_button() -> None:
    async with news_house(read_only=True) as house:
        await house.begin()
        _, news = await told_of(house)
        assert news.buttons == []


async def test_in_a_group_without_topics_undo_below_an_answer_is_answered(house: House) -> None:
    await house.people.allow(Chat(id=SUPERGROUP, toolsets=None, allowed_by="telegram:1001"))
    await house.follow(chat_id=SUPERGROUP)
    number = await house.book(client=1)
    (news,) = await house.told()
    question = await house.pressed(news, BUTTON)
    # Telegram gives answers there a number of a thread to which nothing can be sent.
    assert question.thread_id == news.message_id
    linked = await house.pressed(question, question.buttons[0])
    await house.without_buttons(news)
    house.api.press(USER, linked.message_id, "Undo", SUPERGROUP)
    stripped, undone = await house.api.answer(2)
    assert (stripped.message_id, stripped.buttons) == (linked.message_id, [])
    assert (undone.chat_id, undone.text.split(":")[0]) == (SUPERGROUP, "Unlinked")
    assert await house.salon.deals(number) == []
