"""A bot that receives its updates by webhook, within this process."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx
from starlette.applications import Starlette

from bot.http_routes import routes
from linkdesk.bootstrap.desk import open_desk
from linkdesk.bootstrap.routes import RouteContext
from tests.support.fake_bot_api.server import USER, FakeBotApi
from tests.support.fake_bot_api.webhook import SECRET_HEADER
from tests.support.telegram_env import bot_settings, telegram_transports

PUBLIC_URL = "https://linkdesk.example.com"


@dataclass
class ServedBot:
    api: FakeBotApi
    transport: httpx.ASGITransport
    http: httpx.AsyncClient

    @property
    def url(self) -> str:
        return str(self.api.webhook["url"])

    async def post(self, body: bytes, secret: str | None = None) -> int:
        given = self.api.webhook["secret_token"] if secret is None else secret
        return (
            await self.http.post(self.url, content=body, headers={SECRET_HEADER.encode(): given.encode("latin-1")})
        ).status_code


@asynccontextmanager
async def run_webhook_bot(**more: Any) -> AsyncIterator[ServedBot]:  # noqa: ANN401 - any setting
    api = FakeBotApi()
    api.open_chat(USER)
    given = bot_settings(**{"public_url": PUBLIC_URL, **more})
    async with open_desk(given, sandbox=True) as desk:
        context = RouteContext(given, desk, PUBLIC_URL, sandbox=True)
        async with routes(context, telegram_transports(api)) as found:
            transport = httpx.ASGITransport(Starlette(routes=list(found)))
            async with httpx.AsyncClient(transport=transport) as http:
                await api.until(lambda: api.webhook["url"])
                yield ServedBot(api, transport, http)
