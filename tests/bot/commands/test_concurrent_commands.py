"""People in a hurry: two commands at once, the shortest form, a word that ends it all."""

from __future__ import annotations

from collections.abc import AsyncGenerator

import pytest

from bot.conversation.service import Conversation
from bot.conversation.session import Person
from linkdesk.auth.policy import Face, Role
from tests.support.sandbox_env import SandboxEnv, open_sandbox_env

ANNA = Person(chat=1, user=1, name="anna", role=Role.EDITOR, face=Face.CHAT)


@pytest.fixture
async def env() -> AsyncGenerator[SandboxEnv]:
    async with open_sandbox_env(rate=None) as opened:
        yield opened


@pytest.fixture
def talk(env: SandboxEnv) -> Conversation:
    return Conversation(env.desk)


async def said_to(talk: Conversation, *texts: str) -> list[str]:
    return [(await talk.say(text, ANNA)).text for text in texts]


@pytest.mark.parametrize(
    ("text", "second"),
    [
        ("/link booking 14 deal 1; /link booking 15 deal 1", "“/link booking 15 deal 1”"),
        ("/link booking 14 deal 1\n/link@fake_bot booking 15 deal 1", "“/link@fake_bot booking 15 deal 1”"),
        ("/связать бронь 14 сделка 1 /today", "«/today»"),
        ("/сегодня /завтра", "«/завтра»"),
        ("/note waitlist 4 call back\n/link booking 15 deal 1", "“/link booking 15 deal 1”"),
    ],
)
async def test_of_two_commands_in_one_message_none_is_run(
    talk: Conversation, env: SandboxEnv, text: str, second: str
) -> None:
    (answer,) = await said_to(talk, text)
    assert answer.startswith(("I can handle one command per message", "В одном сообщении я выполняю одну команду"))
    assert second in answer
    assert await env.written() == []


async def test_a_slash_within_a_note_is_a_part_of_it(talk: Conversation) -> None:
    (answer,) = await said_to(talk, "/note waitlist 4 call /link")
    assert "“call /link”" in answer


async def test_the_word_for_linking_without_a_noun_means_bookings_and_deals(
    talk: Conversation, env: SandboxEnv
) -> None:
    linked, asked, which = await said_to(talk, "/связать 14 1", "/связать", "/привязать 14 1")
    assert linked.startswith("Привязано: бронирование 14")
    assert await env.deals(14) == [7, 1]
    assert asked.startswith("Не хватает: номер бронирования, сделки")
    assert "ничего не сделано" in which


@pytest.mark.parametrize(("word", "said"), [("/stop", "Stopping"), ("стоп", "Останавливаюсь")])
async def test_work_that_takes_long_is_stopped_by_the_word_that_its_news_tell(
    talk: Conversation, env: SandboxEnv, monkeypatch: pytest.MonkeyPatch, word: str, said: str
) -> None:
    monkeypatch.setattr("linkdesk.plans.runner.MAX_CONCURRENT", 1)
    answers: list[str] = []

    async def tell(news: str) -> None:
        if not answers:
            assert news == "Working: 1 of 8. To stop: /stop"
            answers.append((await talk.say(word, ANNA)).text)

    done = (await talk.say("/link bookings 14-21 deal 9", ANNA, tell)).text
    assert answers[0].startswith(said)
    assert done.splitlines()[0] == "Done: booking 14."
    assert "Not attempted: booking 15-21." in done
    assert len(await env.written()) == 1
    assert (await talk.say("/stop", ANNA)).text in {"Nothing is running.", "Сейчас ничего не выполняется."}


async def test_the_word_to_stop_ends_what_is_asked(talk: Conversation) -> None:
    asked, stopped, nothing = await said_to(talk, "добавь Петрова в бронь 15", "стоп", "1")
    assert asked.startswith("Кто или что «Петров»?")
    assert stopped == "Отменено. Ничего не изменено."
    assert "Петров" not in nothing


async def test_what_came_of_a_card_about_many_fits_a_phone(talk: Conversation, env: SandboxEnv) -> None:
    for number in range(15, 22):
        await env.call("booking.v1.booking.externalData.set", bookingId=number, externalData=[DEAL_5])
    asked, done = await said_to(talk, "/relink deal 5 to deal 6", "yes")
    assert "Will be changed: booking 15-21." in asked
    assert done.splitlines()[0] == "Done: booking 15-21."
    assert len(done.splitlines()) <= 3
    assert await env.deals(15) == [6]
    (history,) = await said_to(talk, "/history")
    assert history.count("/undo") == 10


@pytest.mark.parametrize(
    ("long", "short"), [("/bookings tomorrow", "/tomorrow"), ("/брони завтра", "/завтра"), ("/bookings week", "/week")]
)
async def test_the_words_for_days_may_follow_the_command(talk: Conversation, long: str, short: str) -> None:
    said, same = await said_to(talk, long, short)
    assert said == same


async def test_a_plan_that_waits_says_what_goes_and_what_comes(talk: Conversation) -> None:
    _, shown, _, deleted = await said_to(
        talk, "/link booking 14 deal 1 replace", "/plan", "/delete booking 21", "/план"
    )
    assert shown.splitlines()[:3] == [
        "Still to do: booking 14.",
        "Will be removed: deal 7 “Стрижка мужская”.",
        "Will be added: deal 1 “Стрижка и окрашивание”.",
    ]
    assert deleted.splitlines()[0] == "Ещё не начато: бронирование 21."


DEAL_5 = {"moduleId": "crm", "entityTypeId": "DEAL", "value": "5"}
