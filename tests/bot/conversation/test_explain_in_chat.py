from collections.abc import AsyncIterator

import pytest

from bot.conversation.service import Conversation
from bot.conversation.session import Person
from linkdesk.auth.policy import Face, Role
from linkdesk.errors.lookup_text import explain_for_chat
from tests.support.sandbox_env import SandboxEnv, open_sandbox_env

ANNA = Person(chat=5, user=1001, name="1001 Anna", role=Role.EDITOR, face=Face.TELEGRAM)


@pytest.fixture
async def env() -> AsyncIterator[SandboxEnv]:
    async with open_sandbox_env() as opened:
        yield opened


async def test_a_code_is_explained_in_the_language_of_the_command(env: SandboxEnv) -> None:
    talk = Conversation(env.desk)
    assert (await talk.say("/explain last_binding", ANNA)).text == explain_for_chat("last_binding", "en")
    assert (await talk.say("/поясни LAST_BINDING", ANNA)).text == explain_for_chat("last_binding", "ru")
    assert "Did you mean ACCESS_DENIED?" in (await talk.say("/explain acces_denied", ANNA)).text


async def test_without_a_code_the_last_error_is_explained(env: SandboxEnv) -> None:
    talk = Conversation(env.desk)
    assert (await talk.say("/explain", ANNA)).text == "Give an error code: /explain 1021"
    await env.fault("*", "no_rights", times=9)
    refused = (await talk.say("/links booking 14", ANNA)).text
    assert refused.endswith("Details: /explain rest_not_in_plan")
    assert (await talk.say("/explain", ANNA)).text.startswith("rest_not_in_plan (Bitrix24: ACCESS_DENIED)")


async def test_what_a_person_can_put_right_by_themselves_needs_no_details(env: SandboxEnv) -> None:
    missing = (await Conversation(env.desk).say("/links booking 9999", ANNA)).text
    assert "Booking 9999 was not found." in missing
    assert "/explain" not in missing


async def test_a_code_cannot_bring_markup_into_a_chat(env: SandboxEnv) -> None:
    reply = await Conversation(env.desk).say("/explain <b>x</b>&<script>", ANNA)
    assert "<b>" not in reply.html
    assert "&lt;" in reply.html
