"""Building the authorization server with its repositories and routes."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final

import httpx
from mcp.server.auth.provider import AccessToken
from mcp.server.auth.routes import create_auth_routes, create_protected_resource_routes
from mcp.server.auth.settings import ClientRegistrationOptions, RevocationOptions
from pydantic import AnyHttpUrl, ConfigDict, TypeAdapter
from starlette.routing import Route

from linkdesk.auth.policy import Role
from linkdesk.config.settings import Settings
from linkdesk.desk import Desk
from linkdesk.portal.application import Application
from linkdesk.portal.oauth import TokenEndpoint
from linkdesk.storage.cipher import Cipher
from linkdesk.storage.database import Database
from linkdesk.storage.oauth_clients import OAuthClients
from linkdesk.storage.oauth_grants import Grants
from linkdesk.storage.oauth_logins import Logins
from linkdesk.storage.portal_tokens import PortalTokens
from server.oauth.consent import ConsentFlow
from server.oauth.provider import AuthorizationProvider

_ISSUER: Final = TypeAdapter(AnyHttpUrl, config=ConfigDict(url_preserve_empty_path=True))


@dataclass(frozen=True, slots=True)
class AuthorizationServer:
    """The authorization server: its provider and routes."""

    provider: AuthorizationProvider
    routes: Sequence[Route]

    async def verify(self, token: str) -> AccessToken | None:
        """Return the access that a token granted to a client gives, or None."""
        return await self.provider.load_access_token(token)


async def role_of(_employee: str) -> Role:
    """Return the role of a signed-in employee; on the portal their own rights apply anyway."""
    return Role.EDITOR


@asynccontextmanager
async def open_authorization_server(  # noqa: PLR0913 - the collaborators, each named
    settings: Settings,
    application: Application,
    store: Database,
    desk: Desk,
    *,
    resource: str,
    transport: httpx.AsyncBaseTransport | None = None,
) -> AsyncGenerator[AuthorizationServer]:
    """Open the authorization server for one portal.

    Args:
        settings: hold the key that secrets are encrypted with.
        application: the portal application that employees sign in through.
        store: holds clients, pending sign-ins and grants.
        desk: asks the portal who signed in.
        resource: the URL that tokens are valid for.
        transport: sends the requests to the token endpoint; None uses the network.
    """
    cipher = Cipher.of(settings.secret_key)
    url = application.public_url
    logins = Logins(store, application.origin)
    provider = AuthorizationProvider(
        OAuthClients(store, cipher),
        logins,
        Grants(store, application.origin),
        url=url,
        resource=resource,
        role_of=role_of,
    )
    endpoint = TokenEndpoint(application, transport=transport)
    records = PortalTokens(store, cipher, application.origin)
    consent = ConsentFlow(application, endpoint, records, logins, provider, desk)
    # Without a trailing slash: clients compare the issuer character by character.
    issuer = _ISSUER.validate_python(url)
    try:
        yield AuthorizationServer(
            provider,
            [
                *create_auth_routes(
                    provider,
                    issuer,
                    client_registration_options=ClientRegistrationOptions(enabled=True),
                    revocation_options=RevocationOptions(enabled=True),
                ),
                *create_protected_resource_routes(AnyHttpUrl(resource), [issuer], resource_name="Linkdesk"),
                *consent.routes(),
            ],
        )
    finally:
        await endpoint.aclose()
