"""How much of the model is used: calls, time and tokens, with a clock that the test moves."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest

from bot.llm.budget import REST_S
from bot.llm.proposal import ProposalStatus
from bot.llm.proposer import LlmProposer
from linkdesk.auth.policy import Actor, Face
from linkdesk.config.llm import Llm, LlmLimits, Provider
from tests.support import virtual_time
from tests.support.model_server import ModelServer, ToolCall, refused

NOW = datetime.fromisoformat("2026-11-20T12:00:00+03:00")
ZONE = "Europe/Moscow"
ANNA, BORIS, VERA = (Actor(name, Face.TELEGRAM, employee=name) for name in ("anna", "boris", "vera"))


@pytest.fixture
def server() -> ModelServer:
    opened = ModelServer()
    opened.script += [[ToolCall("no_request", {})]] * 50
    return opened


async def asked(model: LlmProposer, actor: Actor, now: datetime = NOW) -> ProposalStatus:
    return (await model.propose("hm, 14?", actor, now, ZONE, "en")).came


async def test_a_person_and_all_together_have_so_many_calls_a_day_and_the_next_day_anew(server: ModelServer) -> None:
    model = LlmProposer(server.llm(Provider.OPENAI, person=2, all=3), transport=server.transport)
    assert [await asked(model, ANNA) for _ in range(3)] == [
        ProposalStatus.NO_REQUEST,
        ProposalStatus.NO_REQUEST,
        ProposalStatus.LIMIT,
    ]
    assert [await asked(model, BORIS), await asked(model, VERA)] == [ProposalStatus.NO_REQUEST, ProposalStatus.LIMIT]
    assert await asked(model, VERA, NOW + timedelta(hours=11, minutes=59)) is ProposalStatus.LIMIT
    assert await asked(model, VERA, NOW + timedelta(hours=12)) is ProposalStatus.NO_REQUEST
    assert len(server.bodies) == 4


async def test_calls_at_the_same_time_count_too(server: ModelServer) -> None:
    model = LlmProposer(server.llm(Provider.ANTHROPIC, person=2), transport=server.transport)
    came = await asyncio.gather(*(asked(model, ANNA) for _ in range(10)))
    assert (came.count(ProposalStatus.NO_REQUEST), len(server.bodies)) == (2, 2)


async def test_tokens_are_counted_as_the_provider_tells_them(server: ModelServer) -> None:
    model = LlmProposer(server.llm(Provider.OPENAI, tokens=20_000), transport=server.transport)
    came = [await asked(model, ANNA) for _ in range(6)]
    # A call is taken for as much as it may cost, and settled at the 1,000 tokens that it did.
    first = came.index(ProposalStatus.LIMIT)
    assert first == len(server.bodies) > 1
    assert set(came[first:]) == {ProposalStatus.LIMIT}
    assert await asked(model, ANNA, NOW + timedelta(days=1)) is ProposalStatus.NO_REQUEST


async def test_too_few_tokens_for_one_message_send_none(server: ModelServer) -> None:
    assert (
        await asked(LlmProposer(server.llm(Provider.OPENAI, tokens=500), transport=server.transport), ANNA)
        is ProposalStatus.LIMIT
    )
    assert server.bodies == []


async def test_a_model_that_failed_is_left_alone_for_a_minute(server: ModelServer) -> None:
    server.script.insert(0, refused(429, "slow down"))
    model = LlmProposer(server.llm(Provider.OPENAI), transport=server.transport)
    assert [await asked(model, ANNA), await asked(model, BORIS)] == [ProposalStatus.FAILED, ProposalStatus.LIMIT]
    assert await asked(model, BORIS, NOW + timedelta(seconds=REST_S)) is ProposalStatus.NO_REQUEST
    assert len(server.bodies) == 2


class Dripping(httpx.AsyncBaseTransport):
    """Answers a byte a second and never ends, so that no single read takes long."""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        async def drops() -> AsyncGenerator[bytes]:
            while True:
                await asyncio.sleep(1)
                yield b" "

        return httpx.Response(200, content=drops(), request=request)


def test_the_whole_answer_has_to_come_in_the_time_that_is_set() -> None:
    async def story() -> tuple[ProposalStatus, float]:
        llm = Llm(Provider.OPENAI, "http://127.0.0.1:1/v1", "m", None, LlmLimits(seconds=7))
        came = await asked(LlmProposer(llm, transport=Dripping()), ANNA)
        return came, virtual_time.steady()

    came, passed = virtual_time.run(story())
    assert (came, 7 <= passed < 8) == (ProposalStatus.FAILED, True)


@pytest.mark.parametrize(
    ("provider", "url", "answers"),
    [
        (Provider.OPENAI, "https://api.example.com", "https://api.example.com/v1/chat/completions"),
        (Provider.OPENAI, "https://api.example.com/v1", "https://api.example.com/v1/chat/completions"),
        (
            Provider.OPENAI,
            "https://api.example.com/openai/v1beta",
            "https://api.example.com/openai/v1beta/chat/completions",
        ),
        (Provider.OPENAI, "http://ollama:11434/v1/chat/completions", "http://ollama:11434/v1/chat/completions"),
        (Provider.ANTHROPIC, "https://api.example.com", "https://api.example.com/v1/messages"),
        (Provider.ANTHROPIC, "https://api.example.com/v1", "https://api.example.com/v1/messages"),
        (Provider.ANTHROPIC, "https://gateway.example.com/claude", "https://gateway.example.com/claude/v1/messages"),
        (Provider.ANTHROPIC, "https://api.example.com/v1/messages", "https://api.example.com/v1/messages"),
    ],
)
def test_the_address_may_be_given_as_providers_give_it(provider: Provider, url: str, answers: str) -> None:
    llm = Llm(provider, url, "m", None, LlmLimits())
    assert llm.answers == answers
    assert llm.models == answers.removesuffix("/chat/completions").removesuffix("/messages") + "/models"


def test_a_server_without_a_key_is_sent_none() -> None:
    sent: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        sent.append(request)
        body: dict[str, Any] = {"choices": [{"message": {"content": "no"}}]}
        return httpx.Response(200, json=body)

    async def story() -> ProposalStatus:
        llm = Llm(Provider.OPENAI, "http://127.0.0.1:1/v1", "m", None, LlmLimits())
        return await asked(LlmProposer(llm, transport=httpx.MockTransport(answer)), ANNA)

    assert asyncio.run(story()) is ProposalStatus.NO_REQUEST
    assert "authorization" not in sent[0].headers
