"""What a server has beside tools: addresses to read, prompts, and completion of their arguments."""

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
    """All of it for one server; whatever goes wrong is an error of the protocol in our words."""

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
        """Take what reads, the tools that are offered, who asks, the day it is, the portal's host, the language."""
        tools = tuple(offered)
        self.resources = Resources(do, tools, host, language)
        self.prompts = Prompts(tools, language)
        self.completions = Completions(do, who, self.resources, today=today)

    async def read(self, address: str) -> ReadResourceContents:
        """Read what is at an address.

        Raises:
            MCPError: there is no such address, or it cannot be read.
        """
        text = await with_protocol_errors(lambda: self.resources.read(address), uri=address)
        return ReadResourceContents(content=text, mime_type=JSON)

    async def prompt(self, name: str, arguments: Mapping[str, str]) -> GetPromptResult:
        """Write a ready request out.

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
        """Give the values that an argument may have."""
        return await with_protocol_errors(lambda: self.completions.complete(ref, argument.name, argument.value))


class FeatureServer(MCPServer[Any]):
    """The SDK's server with addresses and prompts of ours, beside those that it was given itself."""

    _beside: ServerFeatures | None = None

    def offer(self, beside: ServerFeatures) -> None:
        """Offer these."""
        self._beside = beside
        self.completion()(beside.complete)  # type: ignore[no-untyped-call]  # the SDK's

    async def list_resources(self) -> list[Resource]:
        """List what can be read by address, beside what the SDK was given."""
        return [*(self._beside.resources.listed() if self._beside else ()), *await super().list_resources()]

    async def list_resource_templates(self) -> list[ResourceTemplate]:
        """List the addresses with a variable, beside what the SDK was given."""
        return [*(self._beside.resources.templates() if self._beside else ()), *await super().list_resource_templates()]

    async def read_resource(
        self,
        uri: AnyUrl | str,
        context: Context[Any, Any] | None = None,
    ) -> Iterable[ReadResourceContents] | InputRequiredResult:
        """Read what is at an address; one of ours that is wrong is refused with addresses that exist."""
        address = str(uri)
        if self._beside is None or not address.startswith(SCHEME):
            return await super().read_resource(uri, context)
        return [await self._beside.read(address)]

    async def list_prompts(self) -> list[Prompt]:
        """List the ready requests, beside what the SDK was given."""
        return [*(self._beside.prompts.listed() if self._beside else ()), *await super().list_prompts()]

    async def get_prompt(
        self, name: str, arguments: dict[str, Any] | None = None, context: Context[Any, Any] | None = None
    ) -> GetPromptResult | InputRequiredResult:
        """Write a ready request out; one that does not exist is refused with those that do."""
        if self._beside is None or name in {prompt.name for prompt in await super().list_prompts()}:
            return await super().get_prompt(name, arguments, context)
        return await self._beside.prompt(name, arguments or {})
