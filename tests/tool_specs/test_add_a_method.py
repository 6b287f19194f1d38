"""Adding a REST method is one class: the guide in CONTRIBUTING.md, done."""

from __future__ import annotations

import json
from typing import Annotated, Any

import httpx
from mcp.server.mcpserver import Context
from mcp.types import CallToolResult
from pydantic import BaseModel

from linkdesk.auth.policy import Actor, Face
from linkdesk.desk import Desk
from linkdesk.portal.address import WebhookAddress
from linkdesk.portal.client import Portal
from server.tools.method_tool import build_tool
from server.tools.results import tool_result as answered
from tests.support.paths import ROOT
from tool_specs.declaration.crm_ref import CrmTypeName, type_number
from tool_specs.declaration.localized import Localized
from tool_specs.declaration.method import Effect, Method, Toolset
from tool_specs.declaration.wire import As
from tool_specs.failures.crm import CRM_TYPE_NOT_FOUND


class CrmField(BaseModel):
    """A field of a CRM item."""

    title: str


class ListCrmFields(Method[dict[str, CrmField]]):
    """List the fields that CRM items of one type have."""

    rest = "crm.item.fields"
    page = "crm/universal/crm-item-fields.html"
    scope = "crm"
    effect = Effect.READ
    toolset = Toolset.CRM
    title = Localized(en="List CRM fields", ru="Показать поля CRM")
    fails = {"NOT_FOUND": CRM_TYPE_NOT_FOUND}  # noqa: RUF012 - as in tool_specs
    answer_key = "fields"

    type: Annotated[CrmTypeName, As("entityTypeId", to=type_number)]


async def call(arguments: dict[str, Any]) -> tuple[bool | None, dict[str, Any]]:
    def answer(request: httpx.Request) -> httpx.Response:
        assert request.url.path.endswith("/crm.item.fields")
        if json.loads(request.content) != {"entityTypeId": 2}:
            return httpx.Response(400, json={"error": "NOT_FOUND", "error_description": "x"})
        return httpx.Response(200, json={"result": {"fields": {"title": {"title": "Name", "type": "string"}}}})

    address = WebhookAddress.parse("https://example.bitrix24.com/rest/1/abcd1234/")
    async with Portal(address, transport=httpx.MockTransport(answer)) as portal:
        desk = Desk(portal)

        async def do(request: Method[Any], _context: Context[Any, Any]) -> CallToolResult:
            return answered(await desk.do(request, Actor("anna", Face.MCP)))

        result = await build_tool(ListCrmFields, do).run(arguments, Context())
        assert isinstance(result, CallToolResult)
    return result.is_error, json.loads(result.content[0].model_dump()["text"])


async def test_a_class_is_enough_for_a_tool_with_schema_answer_and_errors() -> None:
    assert await call({"type": "deal"}) == (False, {"answer": {"title": {"title": "Name"}}})
    failed, refused = await call({"type": "lead"})
    assert (failed, refused["error"]["code"]) == (True, CRM_TYPE_NOT_FOUND.code)
    failed, wrong = await call({"type": "deal", "limit": 5})
    assert (failed, wrong["error"]["problems"][0]["field"]) == (True, "limit")


def test_the_guide_prints_just_these_classes() -> None:
    guide = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    printed = guide.partition("```python\n")[2].partition("```")[0]
    names: dict[str, Any] = {"BaseModel": BaseModel, "Method": Method, "Effect": Effect, "Toolset": Toolset}
    names |= {"Localized": Localized, "As": As}
    names |= {"Annotated": Annotated, "CrmTypeName": CrmTypeName, "type_number": type_number}
    names |= {"CRM_TYPE_NOT_FOUND": CRM_TYPE_NOT_FOUND}
    exec(compile(printed, "CONTRIBUTING.md", "exec", dont_inherit=True), names)  # noqa: S102 - the guide's own
    example = names["ListCrmFields"]
    assert (example.name(), example.rest) == (ListCrmFields.name(), ListCrmFields.rest)
    assert example(type="deal").wire() == {"entityTypeId": 2}
