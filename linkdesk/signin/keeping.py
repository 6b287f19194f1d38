"""Where tokens and sign-ins are kept: the store, opened with the key that is set."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from linkdesk.portal.application import Application
from linkdesk.settings import Settings
from linkdesk.store.address import store_address
from linkdesk.store.attempts import Attempts
from linkdesk.store.cipher import Cipher
from linkdesk.store.database import Store
from linkdesk.store.tokens import TokenRecords


@asynccontextmanager
async def opened_records(
    settings: Settings, application: Application, *, check: bool = True
) -> AsyncGenerator[tuple[TokenRecords, Attempts]]:
    """Open the store for one portal's tokens.

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
        records = TokenRecords(store, cipher, application.origin)
        if check:
            await records.check_key()
        yield records, Attempts(store, application.origin)
