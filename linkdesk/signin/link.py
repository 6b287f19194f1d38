"""Link and unlink portal accounts from a chat; the store is opened for each request, since these are rare."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import TYPE_CHECKING

from linkdesk.accounts.portal_accounts import Handover
from linkdesk.errors.base import NotConfigured, Trouble
from linkdesk.errors.codes import staff as people_errors
from linkdesk.signin.cookie import BROWSER_KEY_PREFIX

if TYPE_CHECKING:
    from linkdesk.signin.stores import SigninStore


class StoredPortalAccounts:
    """The accounts of the application's portal."""

    def __init__(
        self, opener: Callable[[], AbstractAsyncContextManager[SigninStore]], origin: str, start_url: str
    ) -> None:
        """Take what opens the store, the portal's origin, and where a sign-in begins; empty where nowhere."""
        self._opener = opener
        self.origin = origin
        self.start_url = start_url

    async def take(self, code: str, /) -> Handover | None:
        """Consume a code and return its sign-in."""
        async with self._opened() as kept:
            return await kept.handovers.take(code)

    async def link(self, handover: Handover, who: str, /) -> bool:
        """Assign the signed-in tokens to an employee; return False if they no longer exist."""
        async with self._opened() as kept:
            return await kept.tokens.move(handover.holder, who)

    async def drop(self, handover: Handover, /) -> None:
        """Delete a sign-in that was not linked."""
        async with self._opened() as kept:
            await kept.tokens.delete(handover.holder)

    async def forget(self, who: str, /) -> bool:
        """Delete an employee's sign-in; return whether there was one."""
        async with self._opened() as kept:
            return await kept.tokens.delete(who)

    async def keys_of_same_person(self, who: str, /) -> frozenset[str]:
        """Return the keys under which the same portal user is signed in."""
        async with self._opened() as kept:
            return frozenset(
                key for key in await kept.tokens.same_user_keys(who) if not key.startswith(BROWSER_KEY_PREFIX)
            )

    async def signed_in(self) -> frozenset[str]:
        """Return the keys of the signed-in employees."""
        async with self._opened() as kept:
            return frozenset(who for who in await kept.tokens.employees() if not who.startswith(BROWSER_KEY_PREFIX))

    @asynccontextmanager
    async def _opened(self) -> AsyncGenerator[SigninStore]:
        """Open the store.

        Raises:
            Trouble: it cannot be opened.
        """
        try:
            async with self._opener() as kept:
                yield kept
        except NotConfigured as error:
            raise Trouble(people_errors.PEOPLE_NOT_KEPT, {"reason": error.sentence}) from None
