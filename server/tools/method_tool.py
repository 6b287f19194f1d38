"""The MCP tool of a method: validates arguments, runs the request, and turns every error into a tool result.

The SDK's own tools ignore unknown arguments and answer with pydantic's texts; these validate arguments as the method
declares them and answer with our error texts.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Annotated, Any, TypeAlias

from mcp.server.mcpserver import Context
from mcp.server.mcpserver.tools import Tool
from mcp.server.mcpserver.utilities.func_metadata import ArgModelBase, FuncMetadata
from mcp.types import CallToolResult, InputRequiredResult, ToolAnnotations
from pydantic import Field, SkipValidation

from linkdesk.errors.base import Changed, Trouble
from linkdesk.errors.incident import report_incident
from linkdesk.model.json_schema import plain
from server.tools.arguments import parse_request
from server.tools.results import error_result, output_schema
from tool_specs.declaration.method import Effect, Method

ToolAnswer: TypeAlias = CallToolResult | InputRequiredResult
CallHandler: TypeAlias = Callable[[Method[Any], Context[Any, Any]], Awaitable[ToolAnswer]]
"""Carries out a request through the desk and builds its result, reporting progress to the context."""


class _NoArguments(ArgModelBase):
    """A placeholder for the SDK's argument model, which is not used."""


class MethodTool(Tool):
    """The tool of one method."""

    method: Annotated[type[Method[Any]], SkipValidation] = Field(exclude=True)
    host: str | None = Field(default=None, exclude=True)
    """The portal's host: links to cards of other portals are refused."""
    offered: frozenset[str] = Field(default=frozenset(), exclude=True)
    """The names of all offered tools."""

    async def run(
        self,
        arguments: dict[str, Any],
        context: Context[Any, Any],
        convert_result: bool = False,  # noqa: ARG002, FBT001, FBT002 - the SDK's signature
    ) -> ToolAnswer:
        """Validate the arguments, carry out the request, and return its result or an error result; never raise."""
        changed = Changed.NO
        try:
            try:
                request = parse_request(self.method, arguments, self.host)
                changed = Changed.NO if self.method.effect is Effect.READ else Changed.UNKNOWN
                answered: ToolAnswer = await self.fn(request, context)
            except Trouble as trouble:
                return error_result(trouble, self.offered)
            else:
                return answered
        except Exception as error:  # noqa: BLE001 - the outermost edge: an escaping error would reach the model raw
            return error_result(report_incident("tool.crashed", error, changed, tool=self.name))


def build_tool(
    method: type[Method[Any]],
    do: CallHandler,
    offered: frozenset[str] = frozenset(),
    host: str | None = None,
) -> MethodTool:
    """Build the tool of a method from its declaration."""
    return MethodTool(
        fn=do,
        method=method,
        offered=offered,
        host=host,
        name=method.name(),
        title=method.title.en,
        description=method.description(),
        parameters=plain(method.model_json_schema()),
        fn_metadata=FuncMetadata(arg_model=_NoArguments, output_schema=output_schema(method)),
        is_async=True,
        context_kwarg=None,
        annotations=ToolAnnotations(
            read_only_hint=method.effect is Effect.READ,
            destructive_hint=method.effect is Effect.DESTRUCTIVE,
            idempotent_hint=not method.creates,
            open_world_hint=True,
        ),
    )
