"""A fake of the vendor's OAuth servers: token endpoint, one-time codes, refresh tokens, and one REST method."""

from __future__ import annotations

import asyncio
import re
import socket
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import httpx
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from linkdesk.portal.auth import Credentials

CLIENT_ID = "local.5f00c0ffee"
CLIENT_SECRET = "planted-client-secret"
ORIGIN = "https://salon.bitrix24.ru"
TOKEN_URL = "https://oauth.example.com/oauth/token/"
PLANTED = re.compile(r"planted-(?:client-secret|description|page|(?:code|access|refresh)-[0-9])")
"""Secrets that must not appear anywhere in the output."""
MEMBER = "a1b2c3d4e5f6"


@dataclass
class Authorization:
    """The state of the vendor's servers, and the requests they received."""

    origin: str = ORIGIN
    member_id: str = MEMBER
    codes: dict[str, int] = field(default_factory=dict[str, int])
    """One-time codes and their users."""
    refreshes: dict[str, int] = field(default_factory=dict[str, int])
    """Refresh tokens, valid once."""
    valid: dict[str, int] = field(default_factory=dict[str, int])
    """Access tokens that have not expired."""
    asked: list[str] = field(default_factory=list[str])
    """The grant types requested."""
    called: list[tuple[str, int]] = field(default_factory=list[tuple[str, int]])
    """The access tokens of calls, with the status answered."""
    seen_by_portal: list[str] = field(default_factory=list[str])
    """Everything sent to the portal, excluding the token endpoint."""
    before_answer: Callable[[], Awaitable[None]] | None = None
    """Awaited after a grant is made and before it is answered."""
    answer_instead: Response | None = None
    """Sent instead of the token endpoint's answer; no grant is made."""
    _count: int = 0

    def code_for(self, user_id: int) -> str:
        """Create a code, as a sign-in of this user does."""
        self._count += 1
        code = f"planted-code-{self._count}"
        self.codes[code] = user_id
        return code

    def expire(self) -> None:
        """Let every access token expire."""
        self.valid.clear()

    def transport(self) -> httpx.AsyncBaseTransport:
        """Return a transport to the servers within this process."""
        return httpx.ASGITransport(self.app())

    def app(self) -> Starlette:
        """Return the servers as an ASGI app."""
        return Starlette(
            routes=[
                Route("/oauth/token/", self._token),
                Route("/rest/{method}", self._rest, methods=["POST"]),
            ],
        )

    async def _token(self, request: Request) -> Response:
        query = request.query_params
        self.asked.append(query["grant_type"])
        if self.answer_instead is not None:
            return self.answer_instead
        if query.get("client_id") != CLIENT_ID:
            return JSONResponse({"error": "wrong_client", "error_description": "Wrong client"})
        if query.get("client_secret") != CLIENT_SECRET:
            return JSONResponse({"error": "invalid_client", "error_description": "planted-description"}, 400)
        code = query["grant_type"] == "authorization_code"
        user = self.codes.pop(query["code"], None) if code else self.refreshes.pop(query["refresh_token"], None)
        if user is None:
            return JSONResponse({"error": "invalid_grant", "error_description": "planted-description"}, 400)
        answer = self._grant(user)
        if self.before_answer is not None:
            await self.before_answer()
        return JSONResponse(answer)

    def _grant(self, user: int) -> dict[str, object]:
        self._count += 1
        access, refresh = f"planted-access-{self._count}", f"planted-refresh-{self._count}"
        self.valid[access] = self.refreshes[refresh] = user
        return {
            "access_token": access,
            "refresh_token": refresh,
            "expires_in": 3600,
            "client_endpoint": f"{self.origin}/rest/",
            "server_endpoint": "https://oauth.example.com/rest/",
            "domain": "oauth.example.com",
            "member_id": self.member_id,
            "user_id": user,
            "scope": "booking,crm",
            "status": "L",
        }

    async def _rest(self, request: Request) -> Response:
        body = await request.json()
        self.seen_by_portal.append(f"{request.url} {body}")
        user = self.valid.get(body.get("auth", ""))
        self.called.append((body.get("auth", ""), 401 if user is None else 200))
        if user is None:
            return JSONResponse({"error": "expired_token", "error_description": "planted-description"}, 401)
        return JSONResponse({"result": {"ID": str(user)}})


HTML = HTMLResponse("<html>planted-page</html>", 502)


async def call_profile(way_in: Credentials, http: httpx.AsyncClient) -> int:
    """Call `profile` as a client does, retrying once after a token refresh; return the user id."""
    for attempt in range(2):
        address, parameters = await way_in.authorize("profile")
        answer = (await http.post(address, json=dict(parameters))).json()
        if answer.get("error") == "expired_token" and attempt == 0 and await way_in.renew(parameters):
            continue
        break
    return int(answer["result"]["ID"])


def hold_answer() -> tuple[Callable[[], Awaitable[None]], asyncio.Event, asyncio.Event]:
    """Return a function that blocks an answer, an event set while it blocks, and an event that releases it."""
    held, let_go = asyncio.Event(), asyncio.Event()

    async def hold() -> None:
        held.set()
        await let_go.wait()

    return hold, held, let_go


@contextmanager
def serve_authorization(server: Authorization) -> Iterator[str]:
    """Serve on loopback in a thread, for other processes; yield the origin."""
    taken = socket.create_server(("127.0.0.1", 0))
    server.origin = f"http://127.0.0.1:{taken.getsockname()[1]}"
    running = uvicorn.Server(uvicorn.Config(server.app(), log_config=None, lifespan="off"))
    thread = threading.Thread(target=running.run, kwargs={"sockets": [taken]})
    thread.start()
    try:
        yield server.origin
    finally:
        running.should_exit = True
        thread.join()
