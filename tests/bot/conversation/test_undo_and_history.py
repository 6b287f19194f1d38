"""Undo and the record in a chat: commands in both languages, what is said, what is asked."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from dataclasses import replace

import pytest

from bot.conversation.service import Conversation
from bot.conversation.session import Person, Reply
from linkdesk.auth.policy import Face, Role
from tests.support.sandbox_env import SandboxEnv, open_sandbox_env

ANNA = Person(chat=1, user=1, name="anna", role=Role.EDITOR, face=Face.CHAT)
APPLIED = "Unlinked: booking 14 (Fri 20 Nov, 15:00–16:00) − deal 7 “Стрижка мужская”.\nNo deals are left."
BORIS = Person(chat=2, user=2, name="boris", role=Role.EDITOR, face=Face.CHAT)


@pytest.fixture
async def env() -> AsyncGenerator[SandboxEnv]:
    async with open_sandbox_env(rate=None) as opened:
        yield opened


async def test_undo_takes_the_last_change_back_and_history_tells(env: SandboxEnv) -> None:
    conversation = Conversation(env.desk, year=lambda: 2026)
    await conversation.say("/link booking 14 deal 1", ANNA)
    undone = (await conversation.say("/undo", ANNA)).text
    assert undone == "Unlinked: booking 14 (Fri 20 Nov, 15:00–16:00) − deal 1.\nDeals now: 7."
    told = (await conversation.say("/history", ANNA)).text.splitlines()
    assert told[0] == "Recent changes, newest first:"
    assert "Undo a change: booking 14 − deal 1 /undo" in told[1]
    assert "Link deals to a booking: booking 14 + deal 1 (undone)" in told[2]
    change_id = told[1].rpartition(" ")[2]
    again = (await conversation.say(f"/undo {change_id}", ANNA)).text
    assert again.startswith("Linked: booking 14 (Fri 20 Nov, 15:00–16:00) + deal 1")
    assert await env.deals(14) == [7, 1]


async def test_the_russian_words_work_and_a_waiting_question_is_answered_first(env: SandboxEnv) -> None:
    conversation = Conversation(env.desk)
    await conversation.say("/привязать бронирование 14 сделка 1", ANNA)
    asked = await conversation.say("/отвязать бронирование 14 все", ANNA)
    assert asked.card is not None
    assert (await conversation.say("/отмена", ANNA)).text == "Отменено. Ничего не изменено."
    assert await env.deals(14) == [7, 1]
    assert "Отвязано" in (await conversation.say("/отмена", ANNA)).text
    assert await env.deals(14) == [7]
    assert "(отменено)" in (await conversation.say("/история", ANNA)).text
    assert (await conversation.say("отмена", ANNA)).text.startswith("Сейчас ни один вопрос не ждёт ответа")


async def test_the_part_that_can_be_undone_is_a_question(env: SandboxEnv) -> None:
    conversation = Conversation(env.desk)
    await conversation.say("/link booking 14 deal 1", ANNA)
    await conversation.say("/link booking 14 deal 5", BORIS)
    asked = await conversation.say("/undo", ANNA)
    assert asked.card is not None
    assert "Changed again since" in asked.text
    assert await env.deals(14) == [7, 1, 5]
    assert "− deal 1.\nDeals now: 7, 5." in (await conversation.say("yes", ANNA)).text
    assert await env.deals(14) == [7, 5]


@pytest.mark.parametrize("text", ["/undo 14", "/undo booking 14", "/history of today"])
async def test_what_is_not_understood_changes_nothing(env: SandboxEnv, text: str) -> None:
    conversation = Conversation(env.desk)
    await conversation.say("/link booking 14 deal 1", ANNA)
    assert "\n" not in (await conversation.say(text, ANNA)).text
    assert await env.deals(14) == [7, 1]


async def test_nothing_to_undo_is_said(env: SandboxEnv) -> None:
    conversation = Conversation(env.desk)
    assert (await conversation.say("/undo", ANNA)).text.startswith("There is nothing to undo.")
    assert (await conversation.say("/history", ANNA)).text == "No changes have been recorded yet."


@pytest.mark.parametrize(("command", "left"), [("apply", []), ("reject", [7])])
async def test_a_question_can_be_answered_by_the_commands_that_plan_offers(
    env: SandboxEnv, command: str, left: list[int]
) -> None:
    conversation = Conversation(env.desk)
    asked = await conversation.say("/unlink booking 14 all", ANNA)
    assert f"/{command} {asked.card}" in (await conversation.say(f"/plan {asked.card}", ANNA)).text
    answer = await conversation.say(f"/{command} {asked.card}", ANNA)
    pressed = await conversation.claim(ANNA, asked.card or "", agreed=command == "apply")
    assert isinstance(pressed, Reply)
    assert pressed.text.startswith("This question has already been answered.")
    assert answer.text == {"apply": APPLIED, "reject": "Cancelled. Nothing was changed."}[command]
    # As after a press: what was done can be taken back, and the card that asked has no buttons any more.
    assert [button.data[:2] for button in answer.buttons if button.data] == (["u:"] if command == "apply" else [])
    assert answer.closes == asked.card
    assert await env.deals(14) == left


@pytest.mark.parametrize("command", ["apply", "reject"])
async def test_a_question_is_answered_by_a_command_only_where_it_was_asked(env: SandboxEnv, command: str) -> None:
    conversation = Conversation(env.desk)
    anna = replace(ANNA, face=Face.TELEGRAM)
    group = replace(anna, chat=-100)
    for asks, elsewhere, where, wo in (
        (anna, group, "in your private chat with the bot", "в вашем личном чате с ботом"),
        (group, anna, "in the group where it was asked", "в группе, где он задан"),
    ):
        card = (await conversation.say("/unlink booking 14 all", asks)).card
        refused = (await conversation.say(f"/{command} {card}", replace(elsewhere, chosen="en"))).text
        assert refused.splitlines()[0] == f"The question is waiting {where}."
        assert "Answer it there" in refused
        russian = (await conversation.say(f"/{command} {card}", replace(elsewhere, chosen="ru"))).text
        assert russian.splitlines()[0] == f"Вопрос ждёт ответа {wo}."
        assert await env.deals(14) == [7]
    assert "Unlinked" in (await conversation.say("yes", group)).text


async def test_undoing_is_offered_for_nothing_that_cannot_be_undone(env: SandboxEnv) -> None:
    conversation = Conversation(env.desk)
    boss = replace(BORIS, role=Role.ADMIN)
    await conversation.say("/link booking 15 deal 1", ANNA)
    await conversation.say("/delete booking 21", ANNA)
    deleted = await conversation.say("yes", ANNA)
    await conversation.say("/towaitlist booking 20", ANNA)
    moved = await conversation.say("yes", ANNA)
    assert [reply.buttons for reply in (deleted, moved)] == [(), ()]

    async def offered(person: Person) -> list[str]:
        rows = (await conversation.say("/history", person)).text.splitlines()[1:]
        return [row.partition(". ")[2].partition(":")[0] for row in rows if "/undo" in row]

    assert await offered(ANNA) == ["Link deals to a booking"]
    assert await offered(boss) == ["Link deals to a booking"]
    assert await offered(BORIS) == []
    assert await offered(replace(ANNA, role=Role.VIEWER)) == []
    await conversation.say("/undo " + _id_of_the_link(await conversation.say("/history", ANNA)), ANNA)
    # What is undone is not offered again; its undoing is.
    assert await offered(ANNA) == ["Undo a change"]


def _id_of_the_link(history: Reply) -> str:
    return next(row for row in history.text.splitlines() if "Link deals" in row).rpartition(" ")[2]
