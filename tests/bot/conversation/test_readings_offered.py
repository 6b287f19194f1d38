"""Several orders and several readings: one card shows all orders, and a reading is chosen before it is done."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.conversation.plain_language_plan import describe_reading
from bot.conversation.service import Conversation
from bot.conversation.session import Person
from bot.nlu.result import Proposal
from linkdesk.auth.policy import Face, Role
from tests.support.sandbox_env import NOW, SandboxEnv, open_sandbox_env
from tool_specs.methods.booking import ListBookings

ANNA = Person(chat=5, user=1001, name="1001 Anna", role=Role.EDITOR, face=Face.TELEGRAM)


@pytest.fixture
async def env() -> AsyncIterator[SandboxEnv]:
    async with open_sandbox_env(rate=None) as opened:
        yield opened


@pytest.fixture
def talk(env: SandboxEnv) -> Conversation:
    return Conversation(env.desk, year=lambda: NOW.year)


async def say(talk: Conversation, text: str) -> str:
    return (await talk.say(text, ANNA)).text


PAIRS = [
    "link deal 5 to booking 15 and deal 6 to booking 16",
    "link deal 5 to booking 15, deal 6 to booking 16",
    "link deal 5 to booking 15; deal 6 to booking 16",
    "/link deal 5 to booking 15 and deal 6 to booking 16",
    "свяжи сделку 5 с бронью 15, а сделку 6 с бронью 16",
    "привяжи сделку 5 к брони 15 и сделку 6 к брони 16",
    "добрый день, свяжите сделку 5 с бронью 15 и сделку 6 с бронью 16",
    "День добрый! Свяжите сделку 5 с бронью 15 и сделку 6 с бронью 16",
    "вечер добрый, привяжите сделку 5 к брони 15, а сделку 6 к брони 16",
    "Good morning, link deal 5 to booking 15 and deal 6 to booking 16",
    "/связать сделку 5 с бронью 15 и сделку 6 с бронью 16",
]


@pytest.mark.parametrize("text", PAIRS)
async def test_pairs_are_one_card_and_one_undo_and_never_cross(talk: Conversation, env: SandboxEnv, text: str) -> None:
    asked = await talk.say(text, ANNA)
    assert asked.card is not None, asked.text
    assert [await env.deals(15), await env.deals(16)] == [[2], []]
    await say(talk, "да" if "с" in text and "сделку" in text else "yes")
    assert [await env.deals(15), await env.deals(16)] == [[2, 5], [6]]
    await say(talk, "/undo")
    assert [await env.deals(15), await env.deals(16)] == [[2], []]


@pytest.mark.parametrize(
    "text",
    [
        "unlink deal 7 from booking 14 and deal 2 from booking 15",
        "отвяжи сделку 7 от брони 14, а сделку 2 от брони 15",
        "/unlink deal 7 from booking 14 and deal 2 from booking 15",
    ],
)
async def test_pairs_are_taken_off_each_from_its_own_booking(talk: Conversation, env: SandboxEnv, text: str) -> None:
    await env.call(
        "booking.v1.booking.externalData.set",
        bookingId=15,
        externalData=[{"moduleId": "crm", "entityTypeId": "DEAL", "value": str(number)} for number in (2, 7)],
    )
    asked = await talk.say(text, ANNA)
    assert asked.card is not None, asked.text
    await say(talk, "да" if "сделку" in text else "yes")
    assert [await env.deals(14), await env.deals(15)] == [[], [7]]


async def test_one_order_of_several_that_names_nobody_known_does_nothing(talk: Conversation, env: SandboxEnv) -> None:
    answer = await say(talk, "link deal 5 to booking 15 and add client Zebedee Quux to booking 16")
    assert "Zebedee" in answer or "anything" in answer
    assert await env.deals(15) == [2]


async def test_readings_that_are_near_each_other_are_offered_and_one_is_chosen_by_its_number(
    talk: Conversation, env: SandboxEnv
) -> None:
    offered = await talk.say("Bin booking 17", ANNA)
    lines = offered.text.splitlines()
    assert any("Delete a booking: booking 17" in line for line in lines), offered.text
    assert [button.label for button in offered.buttons] == lines[1:]
    place = next(place for place, line in enumerate(lines) if "Delete" in line)
    asked = await say(talk, str(place))
    assert "Booking 17" in asked
    assert "yes / no" in asked
    await say(talk, "no")
    await env.call("booking.v1.booking.get", id=17)


async def test_no_leaves_every_offered_reading_undone(talk: Conversation, env: SandboxEnv) -> None:
    await say(talk, "Bin booking 17")
    assert "Nothing was changed" in await say(talk, "no")
    assert "Delete" not in await say(talk, "2")
    await env.call("booking.v1.booking.get", id=17)


def test_the_days_of_an_offered_reading_are_written_in_words() -> None:
    offered = describe_reading(Proposal(ListBookings, {"start": "2026-12-01", "title": "2026"}))
    assert "1 Dec" in offered.en
    assert "1 дек." in offered.ru
    assert "2026-12-01" not in offered.en
