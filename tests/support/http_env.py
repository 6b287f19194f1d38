"""The MCP server over HTTP, on a sandbox."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx

from linkdesk.config.settings import Settings
from tests.support.sandbox_env import SandboxEnv, open_sandbox_env
from tests.support.servers import address_of, app_of, free_socket, serving

ANNA = "anna-token-0123456789"

VERA = "vera-token-0123456789"

TOKENS = f"anna:editor:{ANNA},vera:viewer:{VERA}"

LINK_CALL = ("set_booking_links", {"booking_id": 14, "links": ["deal:1"]})

BEARER = {"Authorization": f"Bearer {ANNA}"}

MCP_HEADERS = {"Accept": "application/json, text/event-stream", "Content-Type": "application/json"}


@dataclass(frozen=True, slots=True)
class HttpEnv:
    sandbox_env: SandboxEnv
    url: str
    http: httpx.AsyncClient

    async def say(self, method: str, params: dict[str, Any], **headers: str) -> httpx.Response:
        message = {"jsonrpc": "2.0", "id": 1, "method": method, "params": params}
        return await self.http.post("/mcp", json=message, headers={**MCP_HEADERS, **BEARER, **headers})


@asynccontextmanager
async def open_http_env(**settings: Any) -> AsyncGenerator[HttpEnv]:  # noqa: ANN401 - settings
    taken = free_socket()
    url = address_of(taken)
    async with (
        open_sandbox_env() as sandbox_env,
        app_of(sandbox_env.desk, Settings(**{"http_tokens": TOKENS, **settings}), url) as app,
        serving(app, taken),
        httpx.AsyncClient(base_url=url) as http,
    ):
        yield HttpEnv(sandbox_env, url, http)
