"""The MCP server of a salon with the official client on it, and what its answers hold."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any, Literal, TypeAlias, cast

from mcp import Client
from mcp.types import CallToolResult, TextContent

from linkdesk.auth.policy import Actor, Face
from linkdesk.config.settings import Settings
from linkdesk.desk import Desk
from server.mcp_app import build_server

Era: TypeAlias = Literal["auto", "legacy"]
ASSISTANT = Actor("anna's assistant", Face.MCP)


@asynccontextmanager
async def connected(desk: Desk, era: Era = "auto", **settings: Any) -> AsyncGenerator[Client]:  # noqa: ANN401 - settings
    """Connect a client to the server of a desk, within this process."""
    server = build_server(desk, Settings(**settings), lambda: ASSISTANT)
    async with Client(server, mode=era) as client:
        yield client


def text_of(result: CallToolResult) -> dict[str, Any]:
    """Read the text of an answer, the only thing that every host shows to the model."""
    (content,) = result.content
    assert isinstance(content, TextContent)
    return cast("dict[str, Any]", json.loads(content.text))


def success(result: CallToolResult) -> dict[str, Any]:
    """Give the answer of a call that worked; text and structure say the same."""
    assert not result.is_error, text_of(result)
    assert result.structured_content == text_of(result)
    return text_of(result)


def error(result: CallToolResult) -> dict[str, Any]:
    """Give the error of a call that failed; no structure comes with it."""
    assert result.is_error
    assert result.structured_content is None
    return cast("dict[str, Any]", text_of(result)["error"])
