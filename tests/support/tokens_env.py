"""The employees' tokens of one process: a database, fake OAuth servers, and a fixed clock."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

import httpx
from pydantic import SecretStr

from linkdesk.portal.application import Application
from linkdesk.portal.auth import TokenCredentials
from linkdesk.portal.oauth import TokenEndpoint
from linkdesk.portal.token_refresh import TokenManager
from linkdesk.storage.cipher import Cipher, new_key
from linkdesk.storage.database import Database
from linkdesk.storage.portal_tokens import PortalTokens
from linkdesk.storage.url import DatabaseAddress
from tests.support.authorization import (
    CLIENT_ID,
    CLIENT_SECRET,
    ORIGIN,
    TOKEN_URL,
    Authorization,
)

APPLICATION = Application(ORIGIN, CLIENT_ID, SecretStr(CLIENT_SECRET), TOKEN_URL)


@dataclass
class TokensEnv:
    """The tokens of one process over a database, the fake OAuth servers, and the clock."""

    server: Authorization
    store: Database
    records: PortalTokens
    tokens: TokenManager
    http: httpx.AsyncClient
    database: str
    now: datetime = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)

    def way_in(self, who: str = "anna") -> TokenCredentials:
        return TokenCredentials(self.tokens, who, ORIGIN)

    async def sign_in(self, who: str = "anna", user_id: int = 7) -> None:
        endpoint = TokenEndpoint(APPLICATION, transport=self.server.transport())
        await self.records.save(who, await endpoint.exchange(self.server.code_for(user_id)))
        await endpoint.aclose()
        self.server.asked.clear()


async def at_once(_seconds: float) -> None:
    await asyncio.sleep(0)


@asynccontextmanager
async def open_tokens_env(
    database: str, server: Authorization, *, key: str, sleep: Callable[[float], Awaitable[object]] = at_once
) -> AsyncGenerator[TokensEnv]:
    async with await Database.open(DatabaseAddress.parse(database)) as store:
        records = PortalTokens(store, Cipher.of(SecretStr(key)), ORIGIN, now=lambda: here.now)
        endpoint = TokenEndpoint(APPLICATION, transport=server.transport())
        tokens = TokenManager(APPLICATION, endpoint, records, sleep=sleep)
        async with httpx.AsyncClient(transport=server.transport()) as http:
            here = TokensEnv(server, store, records, tokens, http, database)
            yield here
            await tokens.aclose()
            await endpoint.aclose()


KEY = new_key()
