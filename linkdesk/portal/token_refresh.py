"""Renew employees' tokens: an expired token is renewed once, however many callers and processes need it.

A token is renewed when the portal refuses it as expired and never before, since the vendor may block who renews by the
clock. A refresh token is good once, so three things guard it:

- tasks of one process wait for the same renewal, which goes on to its end although they are cancelled;
- processes take turns by a lease in the store; with Redis they wait for each other there;
- the new tokens are in the store before any call uses them. A store that fails leaves them in memory, for the next try.

A process killed between the endpoint's answer and the store leaves the old tokens there. The endpoint may refuse the
old refresh token then: that employee is told to sign in again, and nothing else is lost.
"""

from __future__ import annotations

import asyncio
import shlex
from collections.abc import Awaitable, Callable
from typing import Final
from uuid import uuid4

import structlog

from linkdesk.errors.base import NoCredentials, Trouble
from linkdesk.errors.codes import oauth as sign_in_errors
from linkdesk.portal.application import Application, endpoint_within
from linkdesk.portal.oauth import TokenEndpoint
from linkdesk.portal.token import StoredToken, TokenGrant, TokenStore
from linkdesk.runtime.locks import NO_LOCKS, Locks
from tool_specs.declaration.failure import Failure
from tool_specs.declaration.localized import Localized

log = structlog.stdlib.get_logger()

PAUSE_S: Final = 0.1
"""Between two looks at a renewal that another process is doing."""


SIGN_IN_IN_TELEGRAM: Final = Localized(en="/signin in the Telegram bot", ru="/signin в боте Telegram")


class TokenManager:
    """Provides the tokens of one portal's employees and renews them when needed."""

    def __init__(
        self,
        application: Application,
        endpoint: TokenEndpoint,
        shelf: TokenStore,
        *,
        locks: Locks = NO_LOCKS,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        """Keep the collaborators: application, token endpoint, token store, locks and sleep."""
        self._application = application
        self._endpoint = endpoint
        self._shelf = shelf
        self._locks = locks
        self._sleep = sleep
        self._holder: Final = uuid4().hex
        self._under_way: Final = dict[str, asyncio.Task[None]]()
        self._unkept: Final = dict[str, tuple[int, TokenGrant]]()

    async def get(self, who: str, /) -> StoredToken:
        """Return an employee's tokens.

        Raises:
            NoCredentials: they have to sign in, for the first time or again.
        """
        try:
            token = await self._shelf.find(who)
        except Trouble as trouble:
            raise NoCredentials(trouble.failure, trouble.facts) from None
        if token is None:
            raise sign_in_needed(sign_in_errors.NOT_SIGNED_IN, who)
        if token.ended:
            raise sign_in_needed(sign_in_errors.SIGN_IN_ENDED, who)
        return token

    async def renew(self, who: str, refused: str, /) -> None:
        """Renew the tokens unless a newer access token than the refused one is already stored.

        Raises:
            NoCredentials: there will be none.
        """
        if (await self.get(who)).access != refused:
            return
        task = self._under_way.get(who)
        if task is None:
            task = asyncio.create_task(self._renewal(who, refused))
            self._under_way[who] = task
            task.add_done_callback(lambda _: self._under_way.pop(who, None))
        try:
            await asyncio.shield(task)
        except NoCredentials as error:
            # Everybody who waits gets an error of their own: each is told which call of theirs it ended.
            raise NoCredentials(error.failure, error.facts, code=error.code) from None

    async def aclose(self) -> None:
        """Wait for running renewals: their tokens must reach the store."""
        if self._under_way:
            await asyncio.wait(self._under_way.values())

    async def _renewal(self, who: str, refused: str) -> None:
        try:
            async with self._locks.hold(f"token:{self._application.origin}:{who}"):
                while (token := await self.get(who)).access == refused:
                    if await self._shelf.lease(who, token.version, self._holder):
                        await self._renew_alone(token)
                        return
                    await self._sleep(PAUSE_S)
        except Trouble as trouble:
            raise NoCredentials(trouble.failure, trouble.facts) from None

    async def _renew_alone(self, token: StoredToken) -> None:
        try:
            version, granted = self._unkept.get(token.who, (0, None))
            if granted is None or version != token.version:
                granted = await self._granted(token)
                if granted is None:
                    return
                self._unkept[token.who] = (token.version, granted)
            kept = await self._shelf.replace(token.who, token.version, granted)
            del self._unkept[token.who]
            log.info("oauth.renewed", who=token.who, kept=kept)
        finally:
            await self._shelf.release(token.who, self._holder)

    async def _granted(self, token: StoredToken) -> TokenGrant | None:
        """Request new tokens; return None if another process has renewed them meanwhile."""
        try:
            granted = await self._endpoint.refresh(token.refresh)
        except NoCredentials as error:
            if error.code not in sign_in_errors.GRANT_OVER:
                raise
            code = error.code
        else:
            if granted.member_id != token.member_id:
                raise NoCredentials(sign_in_errors.OTHER_MEMBER)
            if endpoint_within(self._application.origin, granted.client_endpoint) is None:
                log.warning("oauth.endpoint_elsewhere", portal=self._application.origin)
            return granted
        now = await self._shelf.find(token.who)
        if now is not None and now.version != token.version:
            return None
        await self._shelf.mark_invalid(token.who, token.version)
        raise sign_in_needed(sign_in_errors.SIGN_IN_ENDED, token.who, code=code)


def sign_in_needed(failure: Failure, who: str, *, code: str = "") -> NoCredentials:
    """Build the error that tells an employee how to sign in."""
    how: Localized | str = (
        SIGN_IN_IN_TELEGRAM if who.startswith("telegram:") else f"linkdesk signin --as {shlex.quote(who)}"
    )
    return NoCredentials(failure, {"how": how}, code=code)
