"""What is set about the model: all of it or nothing; and what `linkdesk doctor` says of it."""

from __future__ import annotations

import httpx
import pytest
from click.testing import CliRunner
from pydantic import SecretStr

from linkdesk.cli.main import linkdesk
from linkdesk.config.llm import Llm, LlmLimits, Provider
from linkdesk.config.logging import redact
from linkdesk.config.settings import Settings, load_settings
from linkdesk.doctor.findings import CheckState
from linkdesk.doctor.llm import check_llm
from linkdesk.errors.base import NotConfigured
from tests.support.model_server import KEY, MODEL, ModelServer

WHOLE = {"PROVIDER": "openai", "URL": "https://llm.example.com/v1/", "MODEL": "small-1", "KEY": KEY}


def given(monkeypatch: pytest.MonkeyPatch, **settings: str) -> Settings:
    for name, value in settings.items():
        monkeypatch.setenv(f"LINKDESK_LLM_{name}", value)
    return load_settings()


@pytest.fixture
def server() -> ModelServer:
    return ModelServer()


def test_nothing_set_is_no_model() -> None:
    assert load_settings().llm() is None


def test_all_of_it_is_a_model_whose_key_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = given(monkeypatch, **WHOLE, LIMITS="person:5, seconds:9")
    llm = settings.llm()
    assert llm is not None
    assert (llm.provider, llm.url, llm.model, llm.host) == (
        Provider.OPENAI,
        "https://llm.example.com/v1",
        "small-1",
        "llm.example.com",
    )
    assert llm.limits == LlmLimits(person=5, seconds=9)
    assert KEY not in repr(settings)
    assert KEY not in repr(llm)


@pytest.mark.parametrize("left_out", ["PROVIDER", "URL", "MODEL"])
def test_half_of_it_is_refused_with_what_is_missing(monkeypatch: pytest.MonkeyPatch, left_out: str) -> None:
    settings = given(monkeypatch, **{name: value for name, value in WHOLE.items() if name != left_out})
    with pytest.raises(NotConfigured) as wrong:
        settings.llm()
    for sentence in (wrong.value.sentence.en, wrong.value.sentence.ru):
        assert f"LINKDESK_LLM_{left_out}" in sentence
        assert KEY not in sentence


@pytest.mark.parametrize("alone", ["KEY", "LIMITS"])
def test_a_key_or_limits_alone_are_half_a_model(monkeypatch: pytest.MonkeyPatch, alone: str) -> None:
    settings = given(monkeypatch, **{alone: {"KEY": KEY, "LIMITS": "person:5"}[alone]})
    with pytest.raises(NotConfigured) as wrong:
        settings.llm()
    assert "LINKDESK_LLM_PROVIDER, LINKDESK_LLM_URL, LINKDESK_LLM_MODEL" in wrong.value.sentence.en


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:11434/v1",
        "http://localhost:1234/v1",
        "http://[::1]:8080",
        "http://192.168.1.20:8000/v1",
        "http://10.0.0.7/v1",
        "http://ollama:11434/v1",
        "http://host.docker.internal:11434/v1",
        "https://llm.example.com:8443/a/b",
    ],
)
def test_a_server_of_ones_own_needs_neither_https_nor_a_key(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    llm = given(monkeypatch, PROVIDER="openai", URL=url, MODEL="llama3.1:8b").llm()
    assert llm is not None
    assert (llm.url, llm.key) == (url, None)


@pytest.mark.parametrize("provider", list(Provider))
async def test_the_doctor_asks_for_the_models_and_sends_no_message(server: ModelServer, provider: Provider) -> None:
    finding = await check_llm(server.llm(provider), server.transport)
    assert finding.state is CheckState.FINE
    assert MODEL in finding.render("en")
    assert "127.0.0.1" in finding.render("ru")
    assert server.bodies == []


async def test_the_doctor_notes_a_model_that_is_not_listed(server: ModelServer) -> None:
    server.models = ("another",)
    finding = await check_llm(server.llm(Provider.OPENAI), server.transport)
    assert finding.state is CheckState.NOTICE
    assert "LINKDESK_LLM_MODEL" in finding.render("en")


async def test_the_doctor_tells_a_refused_key(server: ModelServer) -> None:
    llm = Llm(Provider.OPENAI, server.url, MODEL, SecretStr("planted-other"), LlmLimits())
    finding = await check_llm(llm, server.transport)
    assert finding.state is CheckState.WRONG
    assert "LINKDESK_LLM_KEY" in finding.render("ru")
    assert "planted" not in finding.render("en")


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        (httpx.Response(404), CheckState.NOTICE),
        (httpx.Response(200, text="<html>"), CheckState.NOTICE),
        (httpx.Response(200, json={"data": "x"}), CheckState.NOTICE),
        (httpx.Response(302, headers={"location": "https://elsewhere.example"}), CheckState.NOTICE),
        (httpx.Response(503), CheckState.WRONG),
    ],
)
async def test_the_doctor_copes_with_servers_that_do_not_list_models(answer: httpx.Response, state: CheckState) -> None:
    llm = Llm(Provider.OPENAI, "https://llm.example.com/v1", MODEL, SecretStr(KEY), LlmLimits())
    finding = await check_llm(llm, httpx.MockTransport(lambda _request: answer))
    assert finding.state is state
    assert KEY not in finding.render("en")


def test_the_command_says_what_is_half_set_and_what_does_not_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LINKDESK_LLM_KEY", KEY)
    half = CliRunner().invoke(linkdesk, ["doctor", "--sandbox"])
    assert half.exit_code == 1
    assert "LINKDESK_LLM_PROVIDER" in half.output
    given(monkeypatch, PROVIDER="openai", URL="http://127.0.0.1:1/v1", MODEL="m")
    silent = CliRunner().invoke(linkdesk, ["doctor", "--sandbox"])
    assert silent.exit_code == 1
    assert "model: it does not answer" in silent.output
    assert KEY not in half.output + silent.output


def test_keys_of_providers_are_masked_in_logs() -> None:
    assert redact("got sk-proj-AbC_0123456789abcdef and task-sk-1") == "got *** and task-sk-1"
