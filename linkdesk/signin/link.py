"""Accounts on the portal as a chat links and forgets them; the store is opened for each, as that is rare."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from linkdesk.accounts.portal_accounts import START_PATH, Handover
from linkdesk.config.settings import Settings
from linkdesk.errors.base import NotConfigured, Trouble
from linkdesk.errors.codes import staff as people_errors
from linkdesk.portal.application import Application
from linkdesk.signin.cookie import WEB

if TYPE_CHECKING:
    from linkdesk.signin.stores import Kept


class StoredAccounts:
    """The accounts of the application's portal."""

    def __init__(self, settings: Settings, application: Application) -> None:
        """Take the settings, which name the store and its key, and the application."""
        self._settings = settings
        self._application = application
        self.origin = application.origin
        # Without an address from outside no browser but the one on this machine would get there.
        self.start_url = f"{settings.public_url}{START_PATH}" if settings.public_url else ""

    async def take(self, code: str, /) -> Handover | None:
        """Give the sign-in that a code stands for, once."""
        async with self._opened() as kept:
            return await kept.handovers.take(code)

    async def link(self, handover: Handover, who: str, /) -> bool:
        """Let an employee work with the rights that were signed in with; False if they are gone meanwhile."""
        async with self._opened() as kept:
            return await kept.tokens.hand_over(handover.holder, who)

    async def drop(self, handover: Handover, /) -> None:
        """Forget a sign-in that nobody wants to link."""
        async with self._opened() as kept:
            await kept.tokens.forget(handover.holder)

    async def forget(self, who: str, /) -> bool:
        """Forget an employee's sign-in; tell whether there was one."""
        async with self._opened() as kept:
            return await kept.tokens.forget(who)

    async def alike(self, who: str, /) -> frozenset[str]:
        """Name the keys under which the same person of the portal is signed in."""
        async with self._opened() as kept:
            return frozenset(key for key in await kept.tokens.alike(who) if not key.startswith(WEB))

    async def signed_in(self) -> frozenset[str]:
        """Name the employees who are signed in."""
        async with self._opened() as kept:
            return frozenset(who for who in await kept.tokens.names() if not who.startswith(WEB))

    @asynccontextmanager
    async def _opened(self) -> AsyncGenerator[Kept]:
        """Open the store.

        Raises:
            Trouble: it cannot be opened.
        """
        from linkdesk.signin.stores import opened_kept

        try:
            async with opened_kept(self._settings, self._application, check=False) as kept:
                yield kept
        except NotConfigured as error:
            raise Trouble(people_errors.PEOPLE_NOT_KEPT, {"reason": error.sentence}) from None


def accounts_of(settings: Settings) -> StoredAccounts | None:
    """Give the accounts; None where everybody works with the rights of one webhook.

    Raises:
        NotConfigured: no portal is set.
    """
    connection = settings.connection()
    return StoredAccounts(settings, connection) if isinstance(connection, Application) else None
