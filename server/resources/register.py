"""Registration of resources, prompts and completion with the SDK's server."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

from mcp.server import MCPServer
from mcp.server.lowlevel.helper_types import ReadResourceContents
from mcp.server.mcpserver import Context
from mcp.types import (
    Completion,
    CompletionArgument,
    CompletionContext,
    GetPromptResult,
    InputRequiredResult,
    Prompt,
    PromptReference,
    Resource,
    ResourceTemplate,
    ResourceTemplateReference,
)
from pydantic import AnyUrl

from server.resources.completion import Completions
from server.resources.prompts import Prompts
from server.resources.resources import JSON, SCHEME, Resources
from server.tools.arguments import RequestRunner, with_protocol_errors
from tool_specs.declaration.localized import Language


class ServerFeatures:
    """The resources, prompts and completions of one server; errors are raised as protocol errors with our texts."""

    def __init__(  # noqa: PLR0913 - the collaborators, each named
        self,
        do: RequestRunner,
        offered: Iterable[str],
        *,
        who: Callable[[], str],
        today: Callable[[], date],
        host: str | None = None,
        language: Language = "en",
    ) -> None:
        """Build the features for the offered tools; `who` returns the caller, `today` the business's date."""
        tools = tuple(offered)
        self.resources = Resources(do, tools, host, language)
        self.prompts = Prompts(tools, language)
        self.completions = Completions(do, who, self.resources, today=today)

    async def read(self, address: str) -> ReadResourceContents:
        """Read a resource.

        Raises:
            MCPError: there is no such resource, or it cannot be read.
        """
        text = await with_protocol_errors(lambda: self.resources.read(address), uri=address)
        return ReadResourceContents(content=text, mime_type=JSON)

    async def prompt(self, name: str, arguments: Mapping[str, str]) -> GetPromptResult:
        """Render a prompt.

        Raises:
            MCPError: there is no such prompt, or the arguments are wrong.
        """

        async def written() -> GetPromptResult:
            return self.prompts.get(name, arguments)

        return await with_protocol_errors(written)

    async def complete(
        self,
        ref: PromptReference | ResourceTemplateReference,
        argument: CompletionArgument,
        _context: CompletionContext | None,
    ) -> Completion:
        """Complete an argument of a resource template or a prompt."""
        return await with_protocol_errors(lambda: self.completions.complete(ref, argument.name, argument.value))


class FeatureServer(MCPServer[Any]):
    """The SDK's server with our resources and prompts added to its own."""

    _beside: ServerFeatures | None = None

    def offer(self, beside: ServerFeatures) -> None:
        """Add our resources, prompts and completions."""
        self._beside = beside
        self.completion()(beside.complete)  # type: ignore[no-untyped-call]  # the SDK's

    async def list_resources(self) -> list[Resource]:
        """List our resources and the SDK's."""
        return [*(self._beside.resources.listed() if self._beside else ()), *await super().list_resources()]

    async def list_resource_templates(self) -> list[ResourceTemplate]:
        """List our resource templates and the SDK's."""
        return [*(self._beside.resources.templates() if self._beside else ()), *await super().list_resource_templates()]

    async def read_resource(
        self,
        uri: AnyUrl | str,
        context: Context[Any, Any] | None = None,
    ) -> Iterable[ReadResourceContents] | InputRequiredResult:
        """Read a resource; an unknown `linkdesk://` address is refused with examples of existing ones."""
        address = str(uri)
        if self._beside is None or not address.startswith(SCHEME):
            return await super().read_resource(uri, context)
        return [await self._beside.read(address)]

    async def list_prompts(self) -> list[Prompt]:
        """List our prompts and the SDK's."""
        return [*(self._beside.prompts.listed() if self._beside else ()), *await super().list_prompts()]

    async def get_prompt(
        self, name: str, arguments: dict[str, Any] | None = None, context: Context[Any, Any] | None = None
    ) -> GetPromptResult | InputRequiredResult:
        """Render a prompt; an unknown one is refused with the names of the existing ones."""
        if self._beside is None or name in {prompt.name for prompt in await super().list_prompts()}:
            return await super().get_prompt(name, arguments, context)
        return await self._beside.prompt(name, arguments or {})
