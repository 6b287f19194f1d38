"""Open what sign-ins need: the stored tokens, each employee's credentials, and the clients that use them."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from functools import partial
from typing import TYPE_CHECKING

from linkdesk.accounts.portal_accounts import START_PATH
from linkdesk.bootstrap.redis import open_locks
from linkdesk.bootstrap.stores import database_address
from linkdesk.config.settings import Settings
from linkdesk.portal.address import WebhookAddress
from linkdesk.portal.application import Application
from linkdesk.portal.auth import EmployeeTokens, WebhookCredentials
from linkdesk.portal.throttle import Throttle
from linkdesk.signin.clients import EmployeePortalClients
from linkdesk.signin.credentials import CredentialsProvider, EmployeeCredentials, SharedCredentials
from linkdesk.signin.link import StoredPortalAccounts

if TYPE_CHECKING:
    import httpx

    from linkdesk.signin.stores import SigninStore


@asynccontextmanager
async def open_signin_store(
    settings: Settings, application: Application, *, check: bool = True
) -> AsyncGenerator[SigninStore]:
    """Open the repositories of one portal's sign-ins.

    Args:
        settings: name the database and the key.
        application: names the portal.
        check: whether the key has to decrypt what is stored already.

    Raises:
        NotConfigured: the database cannot be opened, or the key does not decrypt what is stored.
    """
    from linkdesk.signin.stores import SigninStore
    from linkdesk.storage.cipher import Cipher
    from linkdesk.storage.database import Database
    from linkdesk.storage.portal_tokens import PortalTokens
    from linkdesk.storage.signin_attempts import Attempts
    from linkdesk.storage.signin_handovers import Handovers
    from linkdesk.storage.staff import StoredStaff

    cipher = Cipher.of(settings.secret_key)
    origin = application.origin
    async with await Database.open(database_address(settings)) as store:
        tokens = PortalTokens(store, cipher, origin)
        if check:
            await tokens.check_key()
        yield SigninStore(tokens, Attempts(store, origin), Handovers(store, origin), StoredStaff(store))


@asynccontextmanager
async def open_credentials(
    settings: Settings, *, transport: httpx.AsyncBaseTransport | None = None
) -> AsyncGenerator[CredentialsProvider]:
    """Open the provider of credentials; the database is needed only where employees sign in themselves.

    Raises:
        NotConfigured: the settings of the portal, the database, the key or Redis are wrong.
        Trouble: the key does not decrypt the tokens that are stored.
    """
    connection = settings.connection()
    if isinstance(connection, WebhookAddress):
        yield SharedCredentials(WebhookCredentials(connection))
        return
    async with open_tokens(settings, connection, transport=transport) as tokens:
        yield EmployeeCredentials(tokens, connection.origin)


@asynccontextmanager
async def open_tokens(
    settings: Settings, application: Application, *, transport: httpx.AsyncBaseTransport | None = None
) -> AsyncGenerator[EmployeeTokens]:
    """Open the tokens of the application's portal, which are refreshed when they expire."""
    from linkdesk.portal.oauth import TokenEndpoint
    from linkdesk.portal.token_refresh import TokenManager

    redis = settings.redis.get_secret_value() if settings.redis else None
    async with open_signin_store(settings, application) as store, open_locks(redis) as locks:
        endpoint = TokenEndpoint(application, transport=transport)
        tokens = TokenManager(application, endpoint, store.tokens, locks=locks)
        try:
            yield tokens
        finally:
            await tokens.aclose()
            await endpoint.aclose()


@asynccontextmanager
async def open_employee_portals(
    employees: CredentialsProvider, pace: Throttle, transport: httpx.AsyncBaseTransport | None = None
) -> AsyncGenerator[EmployeePortalClients]:
    """Open the clients that work with each employee's credentials, and close them at the end."""
    portals = EmployeePortalClients(employees, pace, transport)
    try:
        yield portals
    finally:
        await portals.aclose()


def portal_accounts(settings: Settings) -> StoredPortalAccounts | None:
    """Return the accounts on the portal; None where everybody works with the rights of one webhook.

    Raises:
        NotConfigured: no portal is set.
    """
    connection = settings.connection()
    if not isinstance(connection, Application):
        return None
    # Without a public address only a browser on this machine could reach the page.
    start_url = f"{settings.public_url}{START_PATH}" if settings.public_url else ""
    opener = partial(open_signin_store, settings, connection, check=False)
    return StoredPortalAccounts(opener, connection.origin, start_url)
