"""What a client reads by address, the prompts, and what is completed: by the official client, in both eras."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator
from typing import Any, cast

import pytest
from mcp import Client, MCPError
from mcp.types import (
    INTERNAL_ERROR,
    INVALID_PARAMS,
    PromptReference,
    ResourceTemplateReference,
    TextContent,
    TextResourceContents,
)

from linkdesk.errors.lookup import all_entries
from server.resources.prompts import PROMPTS
from server.tools.selection import ALL
from tests.support.mcp_client import Era, connected, success
from tests.support.sandbox_env import SandboxEnv, open_sandbox_env
from tool_specs import TOOLS
from tool_specs.declaration.localized import LANGUAGES

TEMPLATES = {
    "linkdesk://booking/{booking_id}": ("14", "get_booking", {"booking_id": 14}),
    "linkdesk://booking/{booking_id}/links": ("14", "list_booking_links", {"booking_id": 14}),
    "linkdesk://booking/{booking_id}/clients": ("14", "list_booking_clients", {"booking_id": 14}),
    "linkdesk://waitlist/{waitlist_id}": ("4", "get_waitlist_entry", {"waitlist_id": 4}),
    "linkdesk://waitlist/{waitlist_id}/links": ("4", "list_waitlist_links", {"waitlist_id": 4}),
    "linkdesk://waitlist/{waitlist_id}/clients": ("4", "list_waitlist_clients", {"waitlist_id": 4}),
    "linkdesk://deal/{deal_id}": ("7", "list_bookings", {"deal": 7, "with_clients": True, "limit": 50}),
}
CATALOGUES = {"linkdesk://methods/{tool}", "linkdesk://errors/{code}"}


@pytest.fixture
async def env() -> AsyncGenerator[SandboxEnv]:
    async with open_sandbox_env(rate=None) as opened:
        yield opened


@pytest.fixture(params=["auto", "legacy"])
async def client(env: SandboxEnv, request: pytest.FixtureRequest) -> AsyncGenerator[Client]:
    async with connected(env.desk, cast("Era", request.param), toolsets=(ALL,)) as opened:
        yield opened


async def read(client: Client, address: str) -> Any:  # noqa: ANN401 - JSON
    (content,) = (await client.read_resource(address)).contents
    assert isinstance(content, TextResourceContents)
    assert (str(content.uri), content.mime_type) == (address, "application/json")
    return json.loads(content.text)


async def refused(client: Client, address: str) -> MCPError:
    with pytest.raises(MCPError) as caught:
        await client.read_resource(address)
    return caught.value


async def completed(client: Client, ref: str, argument: str, typed: str) -> list[str]:
    reference = ResourceTemplateReference(uri=ref) if "://" in ref else PromptReference(name=ref)
    return (await client.complete(reference, {"name": argument, "value": typed})).completion.values


async def test_every_address_is_listed_with_words(client: Client) -> None:
    templates = (await client.list_resource_templates()).resource_templates
    assert {one.uri_template for one in templates} == TEMPLATES.keys() | CATALOGUES
    listed = (await client.list_resources()).resources
    assert [one.uri for one in listed] == ["linkdesk://methods", "linkdesk://errors"]
    words = [(one.name, one.title, one.description) for one in templates]
    words += [(one.name, one.title, one.description) for one in listed]
    assert all(all(said) for said in words)


async def test_an_address_holds_what_its_tool_answers(env: SandboxEnv, client: Client) -> None:
    for template, (value, tool, arguments) in TEMPLATES.items():
        before, _, after = template.partition("{")
        answer = await read(client, before + value + after.partition("}")[2])
        assert answer == success(await client.call_tool(tool, arguments))
    assert await env.written() == []


async def test_the_catalogue_of_methods_holds_every_tool_and_what_is_declared_of_it(client: Client) -> None:
    rows = (await read(client, "linkdesk://methods"))["methods"]
    assert [row["tool"] for row in rows] == [method.name() for method in TOOLS]
    for method in TOOLS:
        told = await read(client, f"linkdesk://methods/{method.name()}")
        assert told["arguments"]["type"] == "object"
        assert (told["effect"], told["offered"]) == (method.effect, True)
    by_vendor = await read(client, "linkdesk://methods/booking.v1.booking.externalData.set")
    assert by_vendor["tool"] == "set_booking_links"


async def test_the_catalogue_of_errors_holds_every_meaning(client: Client) -> None:
    rows = (await read(client, "linkdesk://errors"))["errors"]
    assert len(rows) == len(all_entries())
    (ours,) = (await read(client, "linkdesk://errors/access_denied%20"))["errors"][:1]
    assert ours["code"] == "access_denied"
    told = (await read(client, "linkdesk://errors/1021"))["errors"]
    assert {row["code"] for row in told} >= {"booking_not_found", "resource_not_found"}
    assert all(row["next"] and row["what_ru"] and row["who"] for row in told)


NOWHERE = [
    ("linkdesk://booking/soon", "bad_arguments", "booking_id must be a number such as 14"),
    ("linkdesk://booking/998", "booking_not_found", "Booking 998 was not found"),
    ("linkdesk://booking/14/links/1", "unknown_address", "linkdesk://booking/14"),
    ("linkdesk://booking/../methods", "unknown_address", "linkdesk://methods"),
    ("linkdesk://deal/998", "crm_item_not_found", "deal 998"),
    ("linkdesk://methods/list_booking_link", "unknown_tool", "list_booking_links"),
    ("linkdesk://errors/booking_not_fond", "unknown_error_code", "booking_not_found"),
    (f"linkdesk://booking/{'1' * 100_000}", "unknown_address", "linkdesk://booking/14"),
]


async def test_an_address_where_nothing_is_says_what_to_do(client: Client) -> None:
    for address, code, words in NOWHERE:
        error = await refused(client, address)
        assert error.code == INVALID_PARAMS
        assert words in error.message
        assert (error.data["error"]["code"], error.data["uri"]) == (code, address)


async def test_a_portal_that_fails_is_no_fault_of_the_address(env: SandboxEnv, client: Client) -> None:
    await env.fault("*", "no_rights", 20)
    error = await refused(client, "linkdesk://booking/14/links")
    assert error.code == INTERNAL_ERROR
    assert error.data["error"]["who"] == "admin"


async def test_what_is_no_address_of_ours_is_refused_by_the_protocol(client: Client) -> None:
    error = await refused(client, "file:///etc/passwd")
    assert (error.code, error.data) == (INVALID_PARAMS, {"uri": "file:///etc/passwd"})


async def test_addresses_prompts_and_completions_are_offered_with_the_tools_that_they_need(env: SandboxEnv) -> None:
    async with connected(env.desk, tools=("list_booking_links",)) as client:
        templates = (await client.list_resource_templates()).resource_templates
        assert {one.uri_template for one in templates} == CATALOGUES | {"linkdesk://booking/{booking_id}/links"}
        assert (await refused(client, "linkdesk://booking/14")).data["error"]["code"] == "unknown_address"
        assert (await client.list_prompts()).prompts == []
        assert await completed(client, "linkdesk://booking/{booking_id}/links", "booking_id", "") == []
    async with connected(env.desk, read_only=True) as client:
        assert [prompt.name for prompt in (await client.list_prompts()).prompts] == ["who_comes"]


COMPLETED = [
    ("linkdesk://booking/{booking_id}", "booking_id", "14", {"14"}),
    ("linkdesk://booking/{booking_id}/clients", "booking_id", "анна ива", {"14"}),
    ("linkdesk://waitlist/{waitlist_id}", "waitlist_id", "", {"4", "6", "14"}),
    ("linkdesk://waitlist/{waitlist_id}", "waitlist_id", "1", {"14"}),
    ("linkdesk://deal/{deal_id}", "deal_id", "", {"7"}),
    ("linkdesk://deal/{deal_id}", "deal_id", "7", {"7"}),
    ("clean_up_deal_links", "deal", "мужская", {"7"}),
    (
        "linkdesk://methods/{tool}",
        "tool",
        "list_waitlist_",
        {f"list_waitlist_{kind}" for kind in ("links", "clients", "entries")},
    ),
    ("linkdesk://methods/{tool}", "tool", "externalData.unset", {"unset_booking_links", "unset_waitlist_links"}),
    ("linkdesk://errors/{code}", "code", "booking_not_f", {"booking_not_found"}),
    ("linkdesk://errors/{code}", "code", "1021", {"1021"}),
    ("who_comes", "date", "2026-11-21", {"2026-11-21"}),
    ("who_comes", "language", "r", {"ru"}),
    ("who_comes", "nothing", "", set[str]()),
    ("linkdesk://nothing/{booking_id}", "booking_id", "", set[str]()),
]


async def test_an_argument_is_completed_by_what_it_begins_with_and_by_names(client: Client) -> None:
    for ref, argument, typed, values in COMPLETED:
        found = await completed(client, ref, argument, typed)
        assert (set(found), len(found)) == (values, len(values)), (ref, typed)


async def test_a_host_that_asks_at_every_key_does_not_make_the_portal_be_asked_at_each(
    env: SandboxEnv, client: Client
) -> None:
    await completed(client, "linkdesk://booking/{booking_id}", "booking_id", "")
    await env.forget_calls()
    for typed in ("1", "14", "149"):
        await completed(client, "linkdesk://booking/{booking_id}", "booking_id", typed)
    assert env.sandbox.calls == []


async def test_a_person_who_types_is_not_told_that_the_portal_fails(env: SandboxEnv, client: Client) -> None:
    await env.fault("*", "no_rights", 20)
    assert await completed(client, "linkdesk://booking/{booking_id}", "booking_id", "1") == []


@pytest.mark.parametrize("language", LANGUAGES)
async def test_a_prompt_is_written_in_the_language_asked_for(client: Client, language: str) -> None:
    for prompt in PROMPTS:
        given = {name: "№ 7 {braces}\nsecond line" for name in ("deal",) if prompt.name == "clean_up_deal_links"}
        written = await client.get_prompt(prompt.name, {"language": language, **given})
        (message,) = written.messages
        assert isinstance(message.content, TextContent)
        text = message.content.text
        assert message.role == "user"
        assert all(tool in text for tool in prompt.tools)
        assert ("по-русски" in text) is (language == "ru")
        assert "№ 7 {braces} second line" in text if given else "{" not in text


async def test_prompts_are_listed_in_the_language_of_the_settings(env: SandboxEnv) -> None:
    async with connected(env.desk, lang="ru") as client:
        listed = (await client.list_prompts()).prompts
        assert [prompt.title for prompt in listed] == [prompt.title.ru for prompt in PROMPTS]
        written = (await client.get_prompt("who_comes", {})).messages[0].content
        assert isinstance(written, TextContent)
        assert "завтра" in written.text
    assert [argument.name for argument in listed[1].arguments or [] if argument.required] == ["deal"]


@pytest.mark.parametrize(
    ("name", "arguments", "code", "words"),
    [
        ("link_everything", {}, "unknown_prompt", ["link_todays_bookings, clean_up_deal_links, who_comes"]),
        ("clean_up_deal_links", {}, "bad_arguments", ["deal is required"]),
        (
            "clean_up_deal_links",
            {"deal": " ", "language": "de", "booking": "1"},
            "bad_arguments",
            ["deal is required", "language must be one of: en, ru", "booking is not an argument"],
        ),
    ],
)
async def test_a_wrong_prompt_is_refused_with_every_problem(
    client: Client, name: str, arguments: dict[str, str], code: str, words: list[str]
) -> None:
    with pytest.raises(MCPError) as caught:
        await client.get_prompt(name, arguments)
    assert (caught.value.code, caught.value.data["error"]["code"]) == (INVALID_PARAMS, code)
    assert not [part for part in words if part not in caught.value.message]
