"""The liveness and readiness probes: `/health` and `/ready`."""

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
"""Seconds for which a result is cached, so that frequent probes do not load the portal and the database."""
ACCESS_CACHE_S: Final = 60
"""Seconds for which a successful check of the portal credentials is cached."""
TIMEOUT_S: Final = 4
SERVER_ERRORS: Final = 500

NO_PORTAL: Final = Localized(
    en="The portal does not answer. Check LINKDESK_PORTAL and this machine's network.",
    ru="Портал не отвечает. Проверьте LINKDESK_PORTAL и сетевое подключение этого сервера.",
)
TOO_SLOW: Final = Localized(
    en="The portal or the database takes too long to answer.",
    ru="Портал или база данных отвечает слишком долго.",
)

Check: TypeAlias = Callable[[], Awaitable[Localized | None]]
"""Returns the problem, or None."""


class Readiness:
    """Runs the readiness checks, at most once every `CACHE_S` seconds."""

    def __init__(self, checks: Sequence[Check], *, clock: Callable[[], float] = time.monotonic) -> None:
        """Store the checks and a monotonic clock."""
        self._checks = checks
        self._clock = clock
        self._asking = asyncio.Lock()
        self._problem: Localized | None = None
        self._until = float("-inf")

    async def problem(self) -> Localized | None:
        """Return the first problem, or None if the process is ready."""
        async with self._asking:
            if self._clock() >= self._until:
                self._problem = await self._found()
                self._until = self._clock() + CACHE_S
            return self._problem

    async def _found(self) -> Localized | None:
        try:
            async with asyncio.timeout(TIMEOUT_S):
                found = await asyncio.gather(*(check() for check in self._checks))
        except TimeoutError:
            return TOO_SLOW
        return next((problem for problem in found if problem is not None), None)


def database_answers(store: Database) -> Check:
    """Build a check that the database answers."""

    async def check() -> Localized | None:
        try:
            await store.ping()
        except Trouble as trouble:
            return trouble.what
        return None

    return check


def portal_answers(origin: str, transport: httpx.AsyncBaseTransport | None = None) -> Check:
    """Build a check that the portal host answers; a HEAD request costs nothing of the REST rate limit."""

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
    """Build a check that the portal accepts our credentials, by a read-only call at most once a minute.

    Only errors that an administrator has to fix count; a busy portal recovers by itself.
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
    """Run checks in order and stop at the first problem: a portal that is down is not called."""

    async def check() -> Localized | None:
        for one in checks:
            if (problem := await one()) is not None:
                return problem
        return None

    return check


def probe_routes(readiness: Readiness) -> list[Route]:
    """Build the probe routes; they need no token because they reveal one sentence at most."""

    async def health(_request: Request) -> Response:
        return JSONResponse({"status": "ok"})

    async def ready(_request: Request) -> Response:
        problem = await readiness.problem()
        if problem is None:
            return JSONResponse({"status": "ready"})
        return JSONResponse({"status": "not ready", "why": problem.en}, 503)

    return [Route(HEALTH_PATH, health, methods=["GET"]), Route(READY_PATH, ready, methods=["GET"])]
