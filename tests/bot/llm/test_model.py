"""The optional model: what it is sent, and what becomes of what it chooses, in both wire forms."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import datetime
from typing import Any

import jsonschema
import pytest
import structlog
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response

from bot.llm.proposal import ModelProposal, ProposalStatus
from bot.llm.proposer import LlmProposer
from bot.nlu.parser import read
from bot.nlu.result import Certainty
from linkdesk.auth.policy import Actor, Face, Policy, Role
from linkdesk.config.llm import Provider
from linkdesk.config.settings import Settings
from tests.support.model_server import KEY, MODEL, ModelServer, ToolCall
from tests.support.servers import free_socket, serving
from tool_specs import TOOLS
from tool_specs.declaration.localized import Language

NOW = datetime.fromisoformat("2026-11-20T12:00:00+03:00")
ZONE = "Europe/Moscow"
ANNA = Actor("Anna", Face.TELEGRAM, Role.EDITOR, "telegram:1002")
VIEWER = Actor("Vera", Face.TELEGRAM, Role.VIEWER, "telegram:1003")
BOTH = pytest.mark.parametrize("provider", list(Provider))
ODD = "could you sort 8 out with 21 as we always do"


@pytest.fixture
def server() -> ModelServer:
    return ModelServer()


async def proposed(  # noqa: PLR0913 - the surroundings of a message, each named
    server: ModelServer,
    text: str,
    *calls: ToolCall,
    provider: Provider = Provider.OPENAI,
    actor: Actor = ANNA,
    policy: Policy | None = None,
    language: Language = "en",
) -> ModelProposal:
    server.script.append(list(calls))
    model = LlmProposer(server.llm(provider), policy, portal_host="example.bitrix24.com", transport=server.transport)
    return await model.propose(text, actor, NOW, ZONE, language)


@BOTH
async def test_what_the_model_chooses_comes_in_the_readers_form_and_a_write_needs_a_card(
    server: ModelServer, provider: Provider
) -> None:
    assert not read(ODD, NOW, ZONE).complete
    call = ToolCall("set_booking_links", {"booking_id": 21, "links": [{"type": "deal", "id": "8"}], "mode": "add"})
    proposal = await proposed(server, ODD, call, provider=provider)
    assert (proposal.came, proposal.helps) == (ProposalStatus.REQUEST, True)
    understood = proposal.understood
    assert understood.tool is not None
    assert understood.tool.name() == "set_booking_links"
    assert understood.arguments == {"booking_id": 21, "links": [{"type": "deal", "id": 8}]}
    assert (understood.certainty, understood.complete, understood.text) == (Certainty.GUESSED, True, ODD)


@BOTH
async def test_a_read_needs_no_card(server: ModelServer, provider: Provider) -> None:
    call = ToolCall("list_booking_links", {"booking_id": 21})
    proposal = await proposed(server, "so what hangs off 21 then", call, provider=provider)
    assert proposal.came is ProposalStatus.REQUEST


@BOTH
async def test_sent_are_the_message_the_language_the_time_and_the_tools_and_nothing_else(
    server: ModelServer, provider: Provider
) -> None:
    await proposed(server, "  что там у Айгуль?", ToolCall("no_request", {}), provider=provider, language="ru")
    assert server.sent == {
        "now": "Friday 2026-11-20 12:00",
        "zone": ZONE,
        "language": "Russian",
        "message": "что там у Айгуль?",
    }
    everything = json.dumps(server.bodies, ensure_ascii=False)
    for secret in ("Anna", "telegram:1002", "1002", KEY, "example.bitrix24.com"):
        assert secret not in everything


async def test_the_tools_are_those_of_the_registry_but_for_the_decision_about_plans(server: ModelServer) -> None:
    await proposed(server, ODD, ToolCall("no_request", {}))
    plans = {"get_plan", "apply_plan", "cancel_plan"}
    assert set(server.tools) == {tool.name() for tool in TOOLS} - plans | {"ask_the_person", "no_request"}
    for schema in server.tools.values():
        jsonschema.Draft202012Validator.check_schema(schema)
    links = server.tools["set_booking_links"]
    assert links["required"] == ["links"]
    assert {"booking", "booking_id"} <= links["properties"].keys()
    assert links["properties"]["links"]["items"]["properties"].keys() == {"type", "id", "name", "phone"}


@pytest.mark.parametrize(
    ("actor", "policy"),
    [
        (VIEWER, Policy()),
        (ANNA, Policy(read_only=True)),
    ],
)
async def test_who_may_only_look_is_offered_nothing_that_writes(
    server: ModelServer, actor: Actor, policy: Policy
) -> None:
    write = ToolCall("set_booking_links", {"booking_id": 21, "links": [{"type": "deal", "id": 8}]})
    proposal = await proposed(server, ODD, write, actor=actor, policy=policy)
    assert "list_booking_links" in server.tools
    assert "set_booking_links" not in server.tools
    assert (proposal.came, proposal.understood.tool) == (ProposalStatus.UNFIT, None)


async def test_lists_of_what_is_allowed_and_a_groups_own_narrow_what_is_offered(server: ModelServer) -> None:
    settings = Settings(allow="editor:links+bookings")  # type: ignore[arg-type] # as the environment gives it
    await proposed(server, ODD, ToolCall("no_request", {}), policy=settings.policy())
    assert {"get_booking", "list_booking_links"} <= server.tools.keys()
    assert "find_crm_items" not in server.tools


@pytest.mark.parametrize(
    ("text", "tool", "given", "arguments"),
    [
        (
            "Оле бы на завтра на три ту сделочку про ламинирование подцепить",
            "set_booking_links",
            {
                "booking": {"date": "2026-11-21", "time": "15:00", "client": "Ольга", "resource": None},
                "links": [{"type": "deal", "name": "ламинирование", "id": None}],
            },
            {
                "booking": {"date": "2026-11-21", "time": "15:00", "client": "Ольга"},
                "links": [{"type": "deal", "name": "ламинирование"}],
            },
        ),
        (
            "подсади к 14 ту, что с номером +79990000000, и Петрову туда же",
            "set_booking_clients",
            {
                "booking_id": 14,
                "clients": [{"type": "contact", "phone": "+79990000000"}, {"type": "contact", "name": "Петрова"}],
            },
            {
                "booking_id": 14,
                "clients": [{"type": "contact", "phone": "+79990000000"}, {"type": "contact", "name": "Петрова"}],
            },
        ),
        (
            "четырнадцатую и с двадцатой по двадцать вторую прицепи бы к восьмой сделочке",
            "link_bookings",
            {"booking_ids": [14, 20, 22], "links": ["deal:8"]},
            {"booking_ids": [14, 20, 22], "links": [{"type": "deal", "id": 8}]},
        ),
    ],
)
async def test_what_has_no_number_stays_a_description(
    server: ModelServer, text: str, tool: str, given: dict[str, Any], arguments: dict[str, Any]
) -> None:
    proposal = await proposed(server, text, ToolCall(tool, given), language="ru")
    assert (proposal.came, proposal.understood.arguments) == (ProposalStatus.REQUEST, arguments)


async def test_what_is_missing_is_asked_in_our_own_words(server: ModelServer) -> None:
    call = ToolCall("set_booking_links", {"links": [{"type": "deal", "name": "Стрижка"}]})
    understood = (await proposed(server, "стрижку бы прицепить", call, language="ru")).understood
    assert (understood.missing, understood.complete) == (("booking_id",), False)
    assert understood.arguments == {"links": [{"type": "deal", "name": "Стрижка"}]}
    assert understood.question is not None
    assert understood.question.ru.startswith("Какое бронирование?")


@BOTH
async def test_the_models_question_is_shown_as_one_short_line(server: ModelServer, provider: Provider) -> None:
    call = ToolCall("ask_the_person", {"question": "Which of\n the two\u202e Marias?"})
    proposal = await proposed(server, "sort Maria out", call, provider=provider)
    assert (proposal.came, proposal.helps) == (ProposalStatus.QUESTION, True)
    assert proposal.understood.question is not None
    assert proposal.understood.question.en == "Which of the two Marias? Nothing was done."


@pytest.mark.parametrize("question", ["Sign in at https://evil.example", "Ask @somebody", "<b>See</b> t.me/x", " ", 5])
async def test_a_question_that_leads_elsewhere_is_not_shown(server: ModelServer, question: object) -> None:
    proposal = await proposed(server, "sort Maria out", ToolCall("ask_the_person", {"question": question}))
    assert (proposal.came, proposal.understood.question) == (ProposalStatus.UNFIT, None)


@BOTH
async def test_no_request_and_mere_talk_leave_the_readers_answer(server: ModelServer, provider: Provider) -> None:
    first = await proposed(server, "lovely weather", ToolCall("no_request", {}), provider=provider)
    server.script.append("I have linked everything, do not worry!")
    second = await LlmProposer(server.llm(provider), transport=server.transport).propose(
        "lovely weather", ANNA, NOW, ZONE, "en"
    )
    for proposal in (first, second):
        assert (proposal.came, proposal.helps, proposal.understood.question) == (ProposalStatus.NO_REQUEST, False, None)


async def test_the_newest_models_get_the_name_of_the_limit_that_they_want(server: ModelServer) -> None:
    server.newer = True
    proposal = await proposed(server, "what hangs off 21", ToolCall("get_booking", {"booking_id": 21}))
    assert proposal.came is ProposalStatus.REQUEST
    assert server.bodies[-1]["max_completion_tokens"] > 0


async def test_an_empty_string_of_arguments_is_none(server: ModelServer) -> None:
    proposal = await proposed(server, "who might I be", ToolCall("whoami", ""))
    assert (proposal.came, proposal.understood.arguments) == (ProposalStatus.REQUEST, {})


@BOTH
@pytest.mark.parametrize(
    ("answer", "hint"),
    [
        (PlainTextResponse("upstream sneezed", 502), "doctor"),
        (JSONResponse({"error": {"message": f"bad key {KEY}"}}, 401), "LINKDESK_LLM_KEY"),
        (JSONResponse({"error": "no such model"}, 404), "LINKDESK_LLM_MODEL"),
        (RedirectResponse("https://elsewhere.example/v1/messages"), "doctor"),
        (PlainTextResponse("<html>welcome"), "doctor"),
        (JSONResponse({"hello": 1}), "LINKDESK_LLM_PROVIDER"),
        (JSONResponse({"choices": [], "content": "x"}), "LINKDESK_LLM_PROVIDER"),
        (Response("[" * 100_000), "doctor"),
        (Response(b'"' + b"x" * 300_000 + b'"'), "doctor"),
    ],
)
async def test_when_it_fails_nothing_comes_of_it_and_the_log_has_a_hint_but_neither_message_nor_key(
    server: ModelServer, provider: Provider, answer: Response, hint: str
) -> None:
    server.script.append(answer)
    with structlog.testing.capture_logs() as logs:
        proposal = await LlmProposer(server.llm(provider), transport=server.transport).propose(
            "привяжи-ка Иванову", ANNA, NOW, ZONE, "ru"
        )
    assert (proposal.came, proposal.helps) == (ProposalStatus.FAILED, False)
    assert [entry["log_level"] for entry in logs] == ["warning"]
    assert hint in logs[0]["hint"]
    assert "Иванову" not in str(logs)
    assert KEY not in str(logs)


async def test_nobody_is_there_and_nothing_comes_of_it(server: ModelServer) -> None:
    assert (
        await LlmProposer(server.llm(Provider.OPENAI)).propose(ODD, ANNA, NOW, ZONE, "en")
    ).came is ProposalStatus.FAILED


async def test_what_went_well_is_logged_without_the_message(server: ModelServer) -> None:
    with structlog.testing.capture_logs() as logs:
        await proposed(server, "what hangs off 21, Ivanova", ToolCall("get_booking", {"booking_id": 21}))
    assert [(entry["event"], entry["tool"], entry["tokens"]) for entry in logs] == [
        ("model.answered", "get_booking", 1000)
    ]
    assert "Ivanova" not in str(logs)


@pytest.mark.parametrize(
    "text",
    ["", " \u200b ", "x" * 2001, "link\x00 21", "see https://other.bitrix24.com/crm/deal/details/8/ with 21"],
)
async def test_what_is_no_message_to_send_is_not_sent(server: ModelServer, text: str) -> None:
    proposal = await proposed(server, text, ToolCall("no_request", {}))
    assert proposal.came is ProposalStatus.NOT_SENT
    assert server.bodies == []


def test_without_settings_there_is_no_model() -> None:
    assert LlmProposer.opened(Settings()) is None


@BOTH
async def test_the_settings_lead_to_the_model_over_a_socket(
    server: ModelServer, monkeypatch: pytest.MonkeyPatch, provider: Provider
) -> None:
    server.script.append([ToolCall("whoami", {})])
    async with serving(server.app, free_socket()) as url:
        for name, value in {"PROVIDER": provider.value, "URL": url, "MODEL": MODEL, "KEY": KEY}.items():
            monkeypatch.setenv(f"LINKDESK_LLM_{name}", value)
        model = LlmProposer.opened(Settings())
        assert model is not None
        assert (await model.propose("remind me who I am", ANNA, NOW, ZONE, "en")).came is ProposalStatus.REQUEST


def test_nothing_of_it_is_loaded_with_the_conversation() -> None:
    code = (
        "import bot.conversation.service, bot.app.app, bot.terminal, sys; "
        "print([name for name in sys.modules if name.split('.')[:2] == ['bot', 'model']])"
    )
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout.strip() == "[]"
