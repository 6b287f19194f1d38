"""One tool for each method: its face to models, and the one place where a failure of ours ends.

The SDK's own tools ignore unknown arguments and answer with pydantic's texts; these check arguments as the method
declares them and answer in our words.
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
"""What does a request and answers it, through the desk; the context is told how far it is."""


class _NoArguments(ArgModelBase):
    """Stands where the SDK keeps its model of arguments, which is not used here."""


class MethodTool(Tool):
    """The tool of one method."""

    method: Annotated[type[Method[Any]], SkipValidation] = Field(exclude=True)
    host: str | None = Field(default=None, exclude=True)
    """The portal's host: card addresses of others are refused."""
    offered: frozenset[str] = Field(default=frozenset(), exclude=True)
    """The tools that are offered with it."""

    async def run(
        self,
        arguments: dict[str, Any],
        context: Context[Any, Any],
        convert_result: bool = False,  # noqa: ARG002, FBT001, FBT002 - the SDK's signature
    ) -> ToolAnswer:
        """Check the arguments, do the request and answer; whatever happens, it is an answer."""
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
        except Exception as error:  # noqa: BLE001 - the outermost edge: what escapes from here reaches the model raw
            return error_result(report_incident("tool.crashed", error, changed, tool=self.name))


def build_tool(
    method: type[Method[Any]],
    do: CallHandler,
    offered: frozenset[str] = frozenset(),
    host: str | None = None,
) -> MethodTool:
    """Make the tool of a method; everything it shows is declared there."""
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
