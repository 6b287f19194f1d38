"""The official MCP client connected to the server of a desk, and readers of its results."""

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
    """Connect a client to the server of a desk within this process."""
    server = build_server(desk, Settings(**settings), lambda: ASSISTANT)
    async with Client(server, mode=era) as client:
        yield client


def text_of(result: CallToolResult) -> dict[str, Any]:
    """Return the JSON in the text of a result, which every host shows to the model."""
    (content,) = result.content
    assert isinstance(content, TextContent)
    return cast("dict[str, Any]", json.loads(content.text))


def success(result: CallToolResult) -> dict[str, Any]:
    """Return the data of a successful result; text and structured content are equal."""
    assert not result.is_error, text_of(result)
    assert result.structured_content == text_of(result)
    return text_of(result)


def error(result: CallToolResult) -> dict[str, Any]:
    """Return the error of a failed result, which has no structured content."""
    assert result.is_error
    assert result.structured_content is None
    return cast("dict[str, Any]", text_of(result)["error"])
