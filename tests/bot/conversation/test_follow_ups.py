"""Messages that go on from those before them: answers, additions, corrections, taking back."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from dataclasses import replace
from datetime import datetime

import pytest

from bot.conversation.follow_up import LIFETIME
from bot.conversation.service import Conversation
from bot.conversation.session import Person
from linkdesk.auth.policy import Confirm, Face, Policy, Role
from tests.support.sandbox_env import NOW, SandboxEnv, open_sandbox_env

ANNA = Person(chat=5, user=1001, name="1001 Anna", role=Role.EDITOR, face=Face.TELEGRAM)
BORIS = replace(ANNA, user=1002, name="1002 Boris")


class Clock:
    now = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def env(clock: Clock) -> AsyncGenerator[SandboxEnv]:
    async with open_sandbox_env(rate=None, now=clock) as opened:
        yield opened


@pytest.fixture
def talk(env: SandboxEnv) -> Conversation:
    return Conversation(env.desk, year=lambda: 2026)


async def said_to(talk: Conversation, *texts: str, person: Person = ANNA) -> list[str]:
    return [(await talk.say(text, person)).text for text in texts]


@pytest.mark.parametrize(
    "sentence", ["привяжи сделку 1 к брони 14", "link deal 1 to booking 14", "please attach deal #1 to booking 14"]
)
async def test_what_is_said_to_the_letter_runs_at_once_and_can_be_undone(
    env: SandboxEnv, talk: Conversation, sentence: str
) -> None:
    done = await talk.say(sentence, ANNA)
    assert await env.deals(14) == [7, 1]
    (undo,) = done.buttons
    await talk.undo(ANNA, undo.data.removeprefix("u:"))
    assert await env.deals(14) == [7]


@pytest.mark.parametrize(
    "sentence",
    [
        "привижи сделку 1 к брони 14",
        "бронь 14 сделка 1",
        "lnik deal 1 to booking 14",
        "link deal one to booking fourteen",
        "привяжи сделку один к брони четырнадцать",
    ],
)
async def test_what_is_guessed_shows_a_card_first(env: SandboxEnv, talk: Conversation, sentence: str) -> None:
    asked = await talk.say(sentence, ANNA)
    assert asked.card
    assert await env.deals(14) == [7]
    await said_to(talk, "да")
    assert await env.deals(14) == [7, 1]


async def test_where_nothing_is_to_ask_a_guess_runs_at_once() -> None:
    async with open_sandbox_env(Policy(confirm=Confirm.NEVER), rate=None) as env:
        await said_to(Conversation(env.desk), "бронь 14 сделка 1")
        assert await env.deals(14) == [7, 1]


@pytest.mark.parametrize(
    ("asks", "answers"),
    [
        ("привяжи сделку 8", "14"),
        ("привяжи сделку 8", "к четырнадцатой"),
        ("привяжи сделку 8", "бронь 14"),
        ("link deal 8", "booking 14"),
        ("link deal 8", "#14"),
        ("/link booking 14", "deal 8"),
        ("/связать бронь 14", "сделку 8"),
    ],
)
async def test_what_is_missing_is_taken_from_the_next_message(
    env: SandboxEnv, talk: Conversation, asks: str, answers: str
) -> None:
    question, answer = await said_to(talk, asks, answers)
    assert "?" in question
    if "да / нет" in answer or "yes / no" in answer:
        await said_to(talk, "да")
    assert 8 in await env.deals(14)


async def test_an_answer_comes_from_the_person_who_was_asked_and_in_time(
    env: SandboxEnv, talk: Conversation, clock: Clock
) -> None:
    await said_to(talk, "link deal 8")
    await said_to(talk, "14", person=BORIS)
    clock.now += LIFETIME
    await said_to(talk, "14")
    assert await env.deals(14) == [7]


@pytest.mark.parametrize(
    ("first", "more"),
    [
        ("привяжи сделку 1 к брони 14", "и ещё сделку 5"),
        ("link deal 1 to booking 14", "and deal 5 too"),
        ("/link booking 14 deal 1", "also deal 5"),
    ],
)
async def test_more_of_the_same_is_added(env: SandboxEnv, talk: Conversation, first: str, more: str) -> None:
    _, card, _ = await said_to(talk, first, more, "yes")
    assert "5" in card
    assert await env.deals(14) == [7, 1, 5]


@pytest.mark.parametrize(
    ("first", "other"),
    [
        ("привяжи сделку 1 к брони 14", "нет, к пятнадцатой"),
        ("привяжи сделку 1 к брони 14", "ой, к брони 15"),
        ("link deal 1 to booking 14", "no, to booking 15"),
        ("/link booking 14 deal 1", "sorry, booking 15"),
    ],
)
async def test_a_correction_takes_the_first_back(env: SandboxEnv, talk: Conversation, first: str, other: str) -> None:
    await said_to(talk, first, other, "yes")
    assert (await env.deals(14), await env.deals(15)) == ([7], [2, 1])


@pytest.mark.parametrize(
    "text", ["sorry about booking 15", "sorry for booking 15", "no, about booking 15", "ой, про бронь 15"]
)
async def test_an_apology_corrects_nothing(env: SandboxEnv, talk: Conversation, text: str) -> None:
    await said_to(talk, "link deal 1 to booking 14", text, "yes")
    assert (await env.deals(14), await env.deals(15)) == ([7, 1], [2])


@pytest.mark.parametrize(
    ("text", "card"),
    [
        ("move booking 14 to tomorrow at 4 pm", "15:00–16:00 → Sat 21 Nov, 16:00–17:00."),
        ("перенеси бронь 14 на завтра на 16:00", "15:00–16:00 → сб 21 нояб., 16:00–17:00."),
    ],
)
async def test_a_booking_that_is_moved_lasts_as_long_as_it_did_and_is_shown_first(
    talk: Conversation, text: str, card: str
) -> None:
    shown = await talk.say(text, ANNA)
    assert shown.card is not None
    assert card in shown.text


async def test_a_sentence_with_hours_in_it_is_not_asked_about_as_numbers_of_records(talk: Conversation) -> None:
    (answer,) = await said_to(talk, "перенеси сегодняшнюю бронь на 15:00 на завтра на 12:00")
    assert "«00»" not in answer


@pytest.mark.parametrize(
    "word", ["undo that", "oops, take that back", "ой, отмени", "отмени последнее", "верни как было"]
)
async def test_the_last_change_is_taken_back(env: SandboxEnv, talk: Conversation, word: str) -> None:
    await said_to(talk, "link deal 1 to booking 14", word)
    assert await env.deals(14) == [7]


@pytest.mark.parametrize(
    "gossip",
    [
        "I linked deal 5 to booking 14 yesterday",
        "вчера привязал сделку 5 к брони 14",
        "не привязывай сделку 5 к брони 14",
        "should I link deal 5 to booking 14?",
        "спасибо большое",
    ],
)
async def test_what_is_no_order_changes_nothing(env: SandboxEnv, talk: Conversation, gossip: str) -> None:
    answer = await talk.say(gossip, ANNA)
    assert answer.card is None
    await said_to(talk, "yes")
    assert await env.written() == []


async def test_why_tells_how_a_message_was_understood(talk: Conversation) -> None:
    nothing, _, told = await said_to(talk, "/why", "lnik deal 4 to booking 14", "/why")
    assert nothing == "There is nothing to explain yet."
    assert told.splitlines()[0] == "Link deals to a booking"
    assert "“lnik”" in told
    _, russian = await said_to(talk, "привижи сделку 4 к брони 14", "/почему")
    assert russian.splitlines()[0] == "Привязать сделки к бронированию"
    assert "«привижи»" in russian


@pytest.mark.parametrize("taken_back", ["отмени это", "undo that", "верни как было"])
async def test_taking_back_is_a_no_to_the_card_that_waits(env: SandboxEnv, talk: Conversation, taken_back: str) -> None:
    await said_to(talk, "link deal 1 to booking 14", "удали бронь 15", taken_back, "да")
    assert await env.deals(14) == [7, 1]
    assert await env.deals(15) == [2]


@pytest.mark.parametrize("over", ["cancel", "отмена", "undo that"])
async def test_a_question_that_is_called_off_is_answered_no_more(
    env: SandboxEnv, talk: Conversation, over: str
) -> None:
    await said_to(talk, "link deal 1 to booking 14", "link deal 8", over, "booking 15", "15")
    assert await env.deals(14) == [7, 1]
    assert await env.deals(15) == [2]


@pytest.mark.parametrize("looks", ["links booking 14", "связи брони 14", "clients booking 14"])
async def test_looking_at_something_answers_no_question(env: SandboxEnv, talk: Conversation, looks: str) -> None:
    await said_to(talk, "unlink deal 7", looks)
    assert await env.deals(14) == [7]


@pytest.mark.parametrize("says", ["never mind", "unlink 14", "hi", "history", "links booking 14"])
async def test_no_words_become_a_name_without_a_yes(talk: Conversation, says: str) -> None:
    *_, answer, booking = await said_to(talk, "rename booking 14", says, "no", "/booking 14")
    assert "Changed" not in answer
    assert f"“{says}”" not in booking


async def test_a_correction_of_a_correction_takes_the_first_back(env: SandboxEnv, talk: Conversation) -> None:
    await said_to(talk, "link deal 1 to booking 14", "no, to booking 16", "no, to booking 15", "yes")
    assert (await env.deals(14), await env.deals(15)) == ([7], [2, 1])


@pytest.mark.parametrize(
    "sentence",
    [
        "link deal 1 to booking 14, no",
        "link deal 1 to booking 14 no",
        "link deal 1 to booking 14 (no wait)",
        "unlink deal 7 from booking 14. No!",
        "no, unlink deal 7 from booking 14",
        "привяжи сделку 1 к брони 14 (отмена)",
        "link deal 1 and one to booking 14",
        "привяжи сделку 1 и один к брони 14",
        "add a note to booking 14: call back",
        "добавь заметку к брони 14: перезвонить",
    ],
)
async def test_a_no_a_number_or_a_note_without_a_place_writes_nothing(
    env: SandboxEnv, talk: Conversation, sentence: str
) -> None:
    done = await talk.say(sentence, ANNA)
    assert done.card is None
    assert not done.buttons
    assert await env.deals(14) == [7]


async def test_a_name_may_begin_as_a_preposition_does(talk: Conversation) -> None:
    done = await talk.say("rename booking 14 tomorrow", ANNA)
    assert "“tomorrow”" in done.text
