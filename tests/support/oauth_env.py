"""A portal with OAuth, our server, and a browser, all on sockets."""

from __future__ import annotations

import html
import re
import socket
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import httpx2
from mcp import Client
from mcp.client.auth import OAuthClientProvider
from mcp.client.streamable_http import streamable_http_client
from mcp.shared.auth import (
    AuthorizationCodeResult,
    OAuthClientInformationFull,
    OAuthClientMetadata,
    OAuthToken,
)

from linkdesk.bootstrap.desk import open_desk
from linkdesk.config.settings import Settings
from linkdesk.sandbox.app import Sandbox
from linkdesk.storage.cipher import new_key
from tests.support.mcp_client import Era
from tests.support.servers import address_of, app_of, free_socket, serving, serving_sandbox

PROGRAM = "http://127.0.0.1:1/callback"
"""The redirect URI of the test clients; nothing listens there."""


@dataclass
class Kept:
    """The token storage of a client, as the SDK defines it."""

    tokens: OAuthToken | None = None
    info: OAuthClientInformationFull | None = None

    async def get_tokens(self) -> OAuthToken | None:
        return self.tokens

    async def set_tokens(self, tokens: OAuthToken) -> None:
        self.tokens = tokens

    async def get_client_info(self) -> OAuthClientInformationFull | None:
        return self.info

    async def set_client_info(self, client_info: OAuthClientInformationFull) -> None:
        self.info = client_info


@dataclass
class Browser:
    """The browser of one user of the portal."""

    http: httpx.AsyncClient
    user_id: int
    pages: list[str] = field(default_factory=list[str])

    async def page(self, address: str) -> httpx.Response:
        answer = await self.http.get(address)
        self.pages.append(answer.text)
        return answer

    async def ask(self, address: str) -> httpx.Response:
        """Open a client's authorization URL, which leads to our consent page."""
        begun = await self.http.get(address)
        assert begun.status_code == 302, begun.text
        return await self.page(begun.headers["location"])

    async def answer(self, question: httpx.Response, answer: str = "yes") -> str:
        """Press a button of the page and return the URL it redirects to."""
        found = re.search(r'name="login" value="([^"]+)"', question.text)
        assert found is not None, question.text
        here = question.request.url
        response = await self.http.post(
            here.copy_with(query=None),
            data={"login": found[1], "answer": answer},
            headers={"Origin": f"{here.scheme}://{here.netloc.decode()}"},
        )
        self.pages.append(response.text)
        assert response.status_code == 200, response.text
        going = re.search(r'url=([^"]+)"', response.text)
        assert going is not None
        return html.unescape(going[1])

    async def sign_in(self, address: str) -> str:
        """Sign in to the portal and return the URL it redirects to."""
        answer = await self.http.post(address, data={"user_id": str(self.user_id)})
        assert answer.status_code == 302, answer.text
        return str(answer.headers["location"])

    async def allow(self, address: str) -> dict[str, str]:
        """Complete the whole flow and return the parameters that the client receives."""
        callback = await self.sign_in(await self.answer(await self.ask(address)))
        answer = await self.page(callback)
        assert answer.status_code == 303, answer.text
        return told(answer.headers["location"])


def told(address: str) -> dict[str, str]:
    """Parse the parameters of a redirect to the client."""
    assert address.startswith(f"{PROGRAM}?"), address
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}


@dataclass
class OAuthEnv:
    """Our server and the portal behind it."""

    sandbox: Sandbox
    settings: Settings
    url: str
    taken: socket.socket
    stack: AsyncExitStack

    def browser(self, user_id: int) -> Browser:
        """Open a new browser for a user."""
        http = httpx.AsyncClient(trust_env=False)
        self.stack.push_async_callback(http.aclose)
        return Browser(http, user_id)

    @asynccontextmanager
    async def client(self, browser: Browser, kept: Kept, era: Era = "auto") -> AsyncGenerator[Client]:
        """Connect the official client, which signs in by itself if necessary."""
        brought: dict[str, str] = {}

        async def go(address: str) -> None:
            brought.update(await browser.allow(address))

        async def came() -> AuthorizationCodeResult:
            return AuthorizationCodeResult(code=brought["code"], state=brought["state"], iss=brought["iss"])

        metadata = OAuthClientMetadata.model_validate(
            {"client_name": "Ann's <b>program</b>", "redirect_uris": [PROGRAM], "token_endpoint_auth_method": "none"},
        )
        auth = OAuthClientProvider(f"{self.url}/mcp", metadata, kept, go, came)
        async with (
            httpx2.AsyncClient(auth=auth, trust_env=False) as http,
            Client(streamable_http_client(f"{self.url}/mcp", http_client=http), mode=era) as client,
        ):
            yield client


@asynccontextmanager
async def open_oauth_env(folder: Any, **more: Any) -> AsyncGenerator[OAuthEnv]:  # noqa: ANN401 - settings
    """Open a sandbox portal and our server, configured for each other."""
    ours, theirs = free_socket(), free_socket()
    url, portal = address_of(ours), address_of(theirs)
    sandbox = Sandbox(rate=None)
    sandbox.address = portal
    application = sandbox.add_application(redirect=f"{url}/oauth/callback")
    settings = Settings(
        **{
            "portal": portal,
            "client_id": application.client_id,
            "client_secret": application.client_secret,
            "oauth_url": f"{portal}/oauth/token/",
            "public_url": url,
            "secret_key": new_key(),
            **more,
            "database": more.get("database") or f"sqlite:///{folder}/a.sqlite3",
        },
    )
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(serving_sandbox(sandbox, theirs))
        env = OAuthEnv(sandbox, settings, url, ours, stack)
        async with opened_server(env, ours):
            yield env


@asynccontextmanager
async def opened_server(env: OAuthEnv, taken: socket.socket) -> AsyncGenerator[str]:
    """Open our server or another replica of it; yield its URL."""
    async with (
        open_desk(env.settings) as desk,
        app_of(desk, env.settings, env.url, sandbox=False) as app,
        serving(app, taken) as url,
    ):
        yield url
