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
from pydantic import Field, SkipValidation, ValidationError

from linkdesk import own_errors
from linkdesk.errors import Changed, Trouble
from linkdesk.incident import incident
from linkdesk.outcome import Outcome, Waiting, WaitingMany
from linkdesk.problems import problems_of
from server.answers import answer, output_schema, refusal
from server.asking import Asking
from server.schema import plain
from tool_specs.crm_ref import PORTAL_HOST
from tool_specs.method import Effect, Method

Door: TypeAlias = Callable[[Method[Any], Context[Any, Any]], Awaitable[Outcome]]
"""What does a request: the desk, with the actor filled in; the context is told how far it is."""


class _NoArguments(ArgModelBase):
    """Stands where the SDK keeps its model of arguments, which is not used here."""


class MethodTool(Tool):
    """The tool of one method."""

    method: Annotated[type[Method[Any]], SkipValidation] = Field(exclude=True)
    host: str | None = Field(default=None, exclude=True)
    """The portal's host: card addresses of others are refused."""
    asking: Annotated[Asking | None, SkipValidation] = Field(default=None, exclude=True)
    """Asks the person; without, what needs one is refused."""
    offered: frozenset[str] = Field(default=frozenset(), exclude=True)
    """The tools that are offered with it."""

    async def run(
        self,
        arguments: dict[str, Any],
        context: Context[Any, Any],
        convert_result: bool = False,  # noqa: ARG002, FBT001, FBT002 - the SDK's signature
    ) -> CallToolResult | InputRequiredResult:
        """Check the arguments, do the request and answer; whatever happens, it is an answer."""
        changed = Changed.NO
        try:
            try:
                request = self._checked(arguments)
                changed = Changed.NO if self.method.effect is Effect.READ else Changed.UNKNOWN
                return await self._done(request, context)
            except Trouble as trouble:
                return refusal(trouble, self.offered)
        except Exception as error:  # noqa: BLE001 - the outermost edge: what escapes from here reaches the model raw
            return refusal(incident("tool.crashed", error, changed, tool=self.name))

    async def _done(self, request: Method[Any], context: Context[Any, Any]) -> CallToolResult | InputRequiredResult:
        """Do a request, and ask a person where it needs one."""
        if self.asking is not None and (answered := await self.asking.answered(request, context)) is not None:
            return answered
        outcome = await self.fn(request, context)
        if self.asking is not None and isinstance(outcome, Waiting | WaitingMany):
            return await self.asking.about(outcome, context)
        return answer(outcome)

    def _checked(self, arguments: dict[str, Any]) -> Method[Any]:
        try:
            return self.method.model_validate(arguments, context={PORTAL_HOST: self.host})
        except ValidationError as error:
            raise Trouble(own_errors.BAD_ARGUMENTS, problems=problems_of(error, self.method)) from None


def tool_of(
    method: type[Method[Any]],
    do: Door,
    offered: frozenset[str] = frozenset(),
    host: str | None = None,
    asking: Asking | None = None,
) -> MethodTool:
    """Make the tool of a method; everything it shows is declared there."""
    return MethodTool(
        fn=do,
        method=method,
        offered=offered,
        host=host,
        asking=asking,
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
            idempotent_hint=not method.makes,
            open_world_hint=True,
        ),
    )
