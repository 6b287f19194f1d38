"""Two questions that whoever runs the process asks: does it live, and can it work."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import Final, TypeAlias

import httpx
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from linkdesk.errors.base import Trouble
from linkdesk.storage.database import Database
from server.auth.scopes import SCOPES_TIMEOUT_S
from tool_specs.declaration.failure import Who
from tool_specs.declaration.localized import Localized

HEALTH_PATH: Final = "/health"
READY_PATH: Final = "/ready"
CACHE_S: Final = 5
"""For how long an answer is kept: the portal and the database are not asked at every probe."""
ACCESS_CACHE_S: Final = 60
"""For how long it counts that the portal has let us in."""
TIMEOUT_S: Final = 4
SERVER_ERRORS: Final = 500

NO_PORTAL: Final = Localized(
    en="The portal does not answer: check LINKDESK_PORTAL and the network of this machine.",
    ru="Портал не отвечает: проверьте LINKDESK_PORTAL и сеть этой машины.",
)
TOO_SLOW: Final = Localized(
    en="The portal or the database takes too long to answer.",
    ru="Портал или база данных отвечают слишком долго.",
)

Check: TypeAlias = Callable[[], Awaitable[Localized | None]]
"""Gives what is wrong, or None."""


class Readiness:
    """Whether requests can be served, found out at most every few seconds."""

    def __init__(self, checks: Sequence[Check], *, clock: Callable[[], float] = time.monotonic) -> None:
        """Take what has to be all right, and a steady clock."""
        self._checks = checks
        self._clock = clock
        self._asking = asyncio.Lock()
        self._known: Localized | None = None
        self._until = float("-inf")

    async def wrong(self) -> Localized | None:
        """Say what is wrong; None where all is well."""
        async with self._asking:
            if self._clock() >= self._until:
                self._known = await self._found()
                self._until = self._clock() + CACHE_S
            return self._known

    async def _found(self) -> Localized | None:
        try:
            async with asyncio.timeout(TIMEOUT_S):
                found = await asyncio.gather(*(check() for check in self._checks))
        except TimeoutError:
            return TOO_SLOW
        return next((wrong for wrong in found if wrong is not None), None)


def database_answers(store: Database) -> Check:
    """Make sure that the database answers."""

    async def check() -> Localized | None:
        try:
            await store.ping()
        except Trouble as trouble:
            return trouble.what
        return None

    return check


def portal_answers(origin: str, transport: httpx.AsyncBaseTransport | None = None) -> Check:
    """Make sure that the portal is there; it is asked for nothing, so that no budget of calls is used up."""

    async def check() -> Localized | None:
        try:
            async with httpx.AsyncClient(transport=transport, timeout=TIMEOUT_S, follow_redirects=False) as http:
                answer = await http.head(origin)
        except (httpx.HTTPError, httpx.InvalidURL):
            return NO_PORTAL
        return NO_PORTAL if answer.status_code >= SERVER_ERRORS else None

    return check


def portal_accepts_credentials(
    ask: Callable[[], Awaitable[object]], *, clock: Callable[[], float] = time.monotonic
) -> Check:
    """Make sure that the portal accepts our way in, by a call that only reads, at most once a minute while it does.

    Only what an administrator has to put right counts: a portal that is busy lets us in again by itself.
    """
    until = float("-inf")

    async def check() -> Localized | None:
        nonlocal until
        if clock() < until:
            return None
        try:
            async with asyncio.timeout(SCOPES_TIMEOUT_S):
                await ask()
        except TimeoutError:
            return None
        except Trouble as trouble:
            return trouble.what if trouble.failure.who is Who.ADMIN and not trouble.failure.retryable else None
        until = clock() + ACCESS_CACHE_S
        return None

    return check


def in_sequence(*checks: Check) -> Check:
    """Check one thing after the other, as far as all is well: what is not there is asked nothing."""

    async def check() -> Localized | None:
        for one in checks:
            if (wrong := await one()) is not None:
                return wrong
        return None

    return check


def probe_routes(readiness: Readiness) -> list[Route]:
    """Make the routes; neither asks for a token, as neither tells more than a sentence."""

    async def health(_request: Request) -> Response:
        return JSONResponse({"status": "ok"})

    async def ready(_request: Request) -> Response:
        wrong = await readiness.wrong()
        if wrong is None:
            return JSONResponse({"status": "ready"})
        return JSONResponse({"status": "not ready", "why": wrong.en}, 503)

    return [Route(HEALTH_PATH, health, methods=["GET"]), Route(READY_PATH, ready, methods=["GET"])]
