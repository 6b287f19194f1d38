"""Employees' own accounts on the portal, as a chat links and forgets them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Protocol

HANDOVER_PREFIX: Final = "b-"
"""What the code begins with that a signed-in page gives for Telegram."""
BOT_NAME: Final = "bot"
"""The setting of the installation that keeps what the Telegram bot is called."""
START_PATH: Final = "/oauth/start"
"""Where a browser begins to sign in."""


@dataclass(frozen=True, slots=True)
class Handover:
    """A sign-in that waits to be linked to somebody."""

    holder: str
    """Under which key the tokens are kept meanwhile."""
    person: str
    """Whom the portal knows them as."""


class PortalAccounts(Protocol):
    """Links employees to accounts of one portal. Every coroutine may raise `Trouble`: the store does not answer."""

    origin: str
    """The portal."""
    start_url: str
    """Where an employee begins to sign in, in a browser."""

    async def take(self, code: str, /) -> Handover | None:
        """Return the sign-in that a code stands for, once; None if the code is unknown, used or too old."""
        ...

    async def link(self, handover: Handover, who: str, /) -> bool:
        """Assign the signed-in tokens to an employee; return False if they no longer exist."""
        ...

    async def drop(self, handover: Handover, /) -> None:
        """Delete a sign-in that was not linked."""
        ...

    async def forget(self, who: str, /) -> bool:
        """Delete an employee's sign-in; return whether there was one."""
        ...

    async def keys_of_same_person(self, who: str, /) -> frozenset[str]:
        """Return the keys under which the same person of the portal is signed in; none where this one is not."""
        ...

    async def signed_in(self) -> frozenset[str]:
        """Return the keys of the signed-in employees."""
        ...
