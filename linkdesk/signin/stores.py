"""Where tokens and sign-ins are kept: the store, opened with the key that is set."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from linkdesk.config.settings import Settings
from linkdesk.portal.application import Application
from linkdesk.storage.cipher import Cipher
from linkdesk.storage.database import Store
from linkdesk.storage.portal_tokens import TokenRecords
from linkdesk.storage.signin_attempts import Attempts
from linkdesk.storage.signin_handovers import Handovers
from linkdesk.storage.staff import StoredPeople
from linkdesk.storage.url import store_address


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept for one portal's sign-ins."""

    tokens: TokenRecords
    attempts: Attempts
    handovers: Handovers
    people: StoredPeople


@asynccontextmanager
async def opened_kept(settings: Settings, application: Application, *, check: bool = True) -> AsyncGenerator[Kept]:
    """Open the store for one portal's sign-ins.

    Args:
        settings: name the database and the key.
        application: names the portal.
        check: whether the key has to open what is stored already.

    Raises:
        NotConfigured: the store cannot be opened, or the key does not open what is stored.
    """
    cipher = Cipher.of(settings.secret_key)
    address = store_address(settings.database.get_secret_value() if settings.database else None)
    async with await Store.open(address) as store:
        tokens = TokenRecords(store, cipher, application.origin)
        if check:
            await tokens.check_key()
        attempts, handovers = Attempts(store, application.origin), Handovers(store, application.origin)
        yield Kept(tokens, attempts, handovers, StoredPeople(store))


@asynccontextmanager
async def opened_records(
    settings: Settings, application: Application, *, check: bool = True
) -> AsyncGenerator[tuple[TokenRecords, Attempts]]:
    """Open the store for one portal's tokens, as `opened_kept` does."""
    async with opened_kept(settings, application, check=check) as kept:
        yield kept.tokens, kept.attempts
