"""The MCP server: its tools, and the answers to calls of tools it does not offer."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Collection, Mapping
from typing import Any, Final

import anyio
from mcp.server import Server
from mcp.server.mcpserver import Context
from mcp.server.request_state import RequestStateSecurity
from mcp.types import CallToolResult, InputRequiredResult
from mcp.types import Tool as MCPTool

from linkdesk.auth.policy import Actor, Role
from linkdesk.config.settings import Settings
from linkdesk.desk import Desk
from linkdesk.errors.base import Trouble
from linkdesk.errors.codes import linkdesk as own_errors
from linkdesk.errors.codes.rest import SYSTEM
from linkdesk.execution.context import Progress, no_progress
from linkdesk.model.outcome import Outcome
from server.elicitation.elicit import Elicitor, FindApprover, ShutdownWait, find_nobody
from server.resources.register import FeatureServer, ServerFeatures
from server.tools.call_log import UNKNOWN_TOOL, client_name, log_call, with_client
from server.tools.instructions import INSTRUCTIONS, NAME, TITLE, installed_version
from server.tools.method_tool import build_tool
from server.tools.results import error_result
from server.tools.selection import select_tools
from tool_specs import TOOLS
from tool_specs.declaration.method import Effect, Method

MAX_SUGGESTIONS: Final = 5


class LinkdeskServer(FeatureServer):
    """The SDK's server with our own answers to calls of tools that are unknown or not offered."""

    write_tools: frozenset[str] = frozenset()
    """Write tools that are not offered in read-only mode."""
    missing_scope: Mapping[str, str] = {}
    """Tools that are not offered because the connection lacks their scope: the scope by tool name."""
    offered: tuple[str, ...] = ()
    caller: Callable[[], Actor]
    """Returns the actor of the current call."""

    @property
    def protocol(self) -> Server[Any]:
        """The low-level server, for our own transports."""
        return self._lowlevel_server

    async def list_tools(self) -> list[MCPTool]:
        """List the tools that the caller may use."""
        tools = await super().list_tools()
        if self.caller().role is not Role.VIEWER:
            return tools
        return [tool for tool in tools if tool.annotations is not None and tool.annotations.read_only_hint]

    async def call_tool(
        self, name: str, arguments: dict[str, Any], context: Context[Any, Any] | None = None
    ) -> CallToolResult | InputRequiredResult:
        """Call a tool, and log how it went."""
        label = name if name in self.offered else UNKNOWN_TOOL
        call = self._called(name, arguments, context)
        return await log_call(name, self.caller(), client_name(context), call, label)

    async def _called(
        self, name: str, arguments: dict[str, Any], context: Context[Any, Any] | None
    ) -> CallToolResult | InputRequiredResult:
        """Call a tool; refuse one that is not offered, with what to do instead."""
        if name in self.offered:
            return await super().call_tool(name, arguments, context)
        if name in self.write_tools:
            return error_result(Trouble(own_errors.READ_ONLY_MODE))
        if name in self.missing_scope:
            return error_result(Trouble(SYSTEM["INSUFFICIENT_SCOPE"], {"scope": self.missing_scope[name]}))
        why = own_errors.TOOL_NOT_OFFERED if name in {tool.name() for tool in TOOLS} else own_errors.UNKNOWN_TOOL
        near = difflib.get_close_matches(name[:64], self.offered, n=MAX_SUGGESTIONS, cutoff=0.4)
        return error_result(Trouble(why, {"tools": ", ".join(near or self.offered[:MAX_SUGGESTIONS])}))


def build_server(  # noqa: PLR0913 - the collaborators, each named
    desk: Desk,
    settings: Settings,
    caller: Callable[[], Actor],
    scopes: Collection[str] | None = None,
    find_approver: FindApprover | None = None,
    *,
    request_state: RequestStateSecurity | None = None,
    wait_for_shutdown: ShutdownWait = anyio.sleep_forever,
) -> LinkdeskServer:
    """Build the MCP server of a desk, for any transport.

    Args:
        desk: carries out the requests.
        settings: select the tools to offer.
        caller: returns the actor of the current call.
        scopes: the scopes of the connection, if known; tools that need others are not offered.
        find_approver: finds where a person can be asked whose client does not support elicitation.
        request_state: seals the state that a client carries between the rounds of a call; replicas share its keys.
        wait_for_shutdown: returns when the process is about to end; pending elicitations are cancelled then.

    Raises:
        NotConfigured: the settings name a tool that does not exist, or leave none.
    """
    wanted = select_tools(settings.toolsets, settings.tools, read_only=settings.read_only)
    missing_scope = {
        method.name(): method.scope for method in wanted if scopes is not None and method.scope not in {*scopes, ""}
    }
    methods = [method for method in wanted if method.name() not in missing_scope]
    offered = tuple(method.name() for method in methods)

    def current_actor() -> Actor:
        return with_client(caller())

    elicitor = Elicitor(desk, current_actor, find_approver or find_nobody, settings.lang or "en", wait_for_shutdown)

    async def do(request: Method[Any], progress: Progress = no_progress) -> Outcome:
        return await desk.do(request, current_actor(), progress=progress)

    server = LinkdeskServer(
        NAME,
        title=TITLE,
        version=installed_version(),
        instructions=INSTRUCTIONS,
        tools=[build_tool(method, elicitor.do, frozenset(offered), desk.host) for method in methods],
        subscriptions=False,
        request_state_security=request_state,
    )
    server.caller = caller
    server.offered = offered
    server.offer(
        ServerFeatures(
            do,
            offered,
            who=lambda: caller().who,
            today=lambda: desk.today,
            host=desk.host,
            language=settings.lang or "en",
        )
    )
    server.missing_scope = missing_scope
    if settings.read_only:
        server.write_tools = frozenset(method.name() for method in TOOLS if method.effect is not Effect.READ)
    return server
