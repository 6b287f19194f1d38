"""The optional model in a conversation: asked only where nothing else understands, and shown before it writes."""

from __future__ import annotations

from collections.abc import AsyncGenerator

import pytest

from bot.conversation.service import Conversation
from bot.conversation.session import Person
from bot.llm.loader import load_proposer
from bot.llm.proposer import LlmProposer
from linkdesk.auth.policy import Confirm, Face, Policy, Role
from linkdesk.config.llm import Provider
from linkdesk.config.settings import Settings
from linkdesk.errors.base import NotConfigured
from tests.support.model_server import KEY, ModelServer, ToolCall, refused
from tests.support.sandbox_env import SandboxEnv, open_sandbox_env

ANNA = Person(chat=5, user=1001, name="1001 Anna", role=Role.EDITOR, face=Face.TELEGRAM)
VERA = Person(chat=6, user=1002, name="1002 Vera", role=Role.VIEWER, face=Face.TELEGRAM)
LINK = ToolCall("set_booking_links", {"booking_id": 14, "links": [{"type": "deal", "id": 1}]})
ODD = "подцепи-ка единичку, ну сделку 1, на 14 стул"


@pytest.fixture
def server() -> ModelServer:
    return ModelServer()


@pytest.fixture
async def env() -> AsyncGenerator[SandboxEnv]:
    async with open_sandbox_env(rate=None) as opened:
        yield opened


def talk_of(env: SandboxEnv, server: ModelServer, policy: Policy | None = None) -> Conversation:
    model = LlmProposer(server.llm(Provider.OPENAI), policy, transport=server.transport)
    return Conversation(env.desk, year=lambda: 2026, model=model)


async def test_what_the_model_chose_is_shown_and_done_after_a_yes(env: SandboxEnv, server: ModelServer) -> None:
    server.script.append([LINK])
    talk = talk_of(env, server)
    asked = await talk.say(ODD, ANNA)
    assert asked.card
    assert await env.deals(14) == [7]
    await talk.say("да", ANNA)
    assert await env.deals(14) == [7, 1]
    assert len(server.bodies) == 1


async def test_it_is_shown_even_where_nothing_else_asks(server: ModelServer) -> None:
    async with open_sandbox_env(Policy(confirm=Confirm.NEVER), rate=None) as env:
        server.script.append([LINK])
        asked = await talk_of(env, server).say(ODD, ANNA)
        assert asked.card
        assert await env.written() == []


async def test_what_reads_is_done_at_once(env: SandboxEnv, server: ModelServer) -> None:
    server.script.append([ToolCall("list_booking_links", {"booking_id": 14})])
    answer = await talk_of(env, server).say("чё там прицеплено-то на 14 стуле", ANNA)
    assert (answer.card, "7" in answer.text) == (None, True)


@pytest.mark.parametrize(
    "text", ["привяжи сделку 1 к брони 14", "/links booking 14", "/чепуха", "да", "привяжи сделку 8"]
)
async def test_what_is_understood_without_it_is_not_sent(env: SandboxEnv, server: ModelServer, text: str) -> None:
    await talk_of(env, server).say(text, ANNA)
    assert server.bodies == []


async def test_an_answer_to_what_it_lacked_goes_with_the_message_before(env: SandboxEnv, server: ModelServer) -> None:
    lacking = ToolCall("set_booking_links", {"links": [{"type": "deal", "id": 1}]})
    server.script += [[lacking], [LINK]]
    talk = talk_of(env, server)
    first = await talk.say("1 туда же, где и та", ANNA)
    assert first.text.startswith("Какое бронирование?")
    second = await talk.say("ну 14 же", ANNA)
    assert server.sent["message"] == "1 туда же, где и та\nну 14 же"
    assert second.card


async def test_an_answer_to_its_question_goes_with_the_message_before(env: SandboxEnv, server: ModelServer) -> None:
    server.script += [[ToolCall("ask_the_person", {"question": "К какой брони?"})], [LINK]]
    talk = talk_of(env, server)
    first = await talk.say("1 туда же, где и та", ANNA)
    assert first.text == "К какой брони? Ничего не сделано."
    assert (await talk.say("ну 14 же", ANNA)).card
    assert await env.written() == []


def add_client(name: str) -> list[ToolCall]:
    return [ToolCall("set_booking_clients", {"booking_id": 15, "clients": [{"type": "contact", "name": name}]})]


async def test_a_name_that_it_heard_is_looked_up_before_the_card(env: SandboxEnv, server: ModelServer) -> None:
    server.script.append(add_client("Иванова"))
    answer = await talk_of(env, server).say("подсади Иванову на 15 стульчик", ANNA)
    assert answer.card
    assert "контакт 1 «Анна Иванова»" in answer.text
    assert await env.written() == []


async def test_who_picks_one_of_several_sees_the_card_still(server: ModelServer) -> None:
    async with open_sandbox_env(Policy(confirm=Confirm.NEVER), rate=None) as env:
        server.script.append(add_client("Петров"))
        talk = talk_of(env, server)
        assert len((await talk.say("подсади Петрова на 15 стульчик", ANNA)).buttons) == 2
        assert (await talk.say("1", ANNA)).card
        assert await env.written() == []


@pytest.mark.parametrize("failing", [True, False])
async def test_where_it_does_not_help_the_answer_is_the_one_without_it(
    env: SandboxEnv, server: ModelServer, *, failing: bool
) -> None:
    server.script.append(refused(500, "oh") if failing else [ToolCall("no_request", {})])
    without = await Conversation(env.desk).say(ODD, ANNA)
    assert (await talk_of(env, server).say(ODD, ANNA)).text == without.text
    assert len(server.bodies) == 1


async def test_a_viewer_cannot_be_talked_into_a_write(env: SandboxEnv, server: ModelServer) -> None:
    server.script.append([LINK])
    answer = await talk_of(env, server).say(ODD, VERA)
    assert answer.card is None
    assert await env.written() == []


def test_a_half_set_model_stops_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LINKDESK_LLM_KEY", KEY)
    with pytest.raises(NotConfigured):
        load_proposer(Settings(), None)
