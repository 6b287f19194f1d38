"""The provider behind the SDK's authorization server: clients, authorization codes and tokens in our database.

PKCE, request and response formats, and client authentication are the SDK's.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from typing import Final
from urllib.parse import urlsplit

import structlog
from mcp.server.auth.provider import (
    AccessToken,
    AuthorizationCode,
    AuthorizationParams,
    AuthorizeError,
    OAuthAuthorizationServerProvider,
    RefreshToken,
    RegistrationError,
    TokenError,
)
from mcp.shared.auth import OAuthClientInformationFull, OAuthToken
from pydantic import AnyUrl

from linkdesk.auth.policy import Role
from linkdesk.portal.address import is_loopback
from linkdesk.storage.oauth_clients import OAuthClients
from linkdesk.storage.oauth_grants import ACCESS_LIFETIME, ACCESS_PREFIX, Grants, TokenPair
from linkdesk.storage.oauth_logins import AuthorizationRequest, Logins
from linkdesk.text.sanitize import one_line
from server.auth.bearer import CLIENT_CLAIM, NAME_CLAIM, ROLE_CLAIM

log = structlog.stdlib.get_logger()

CONSENT_PATH: Final = "/oauth/consent"
MAX_REDIRECT_URIS: Final = 10
MAX_URI_LENGTH: Final = 1000
MAX_REGISTRATION_LENGTH: Final = 20_000
MAX_STATE_LENGTH: Final = 4000
MAX_NAME_LENGTH: Final = 80

_CHALLENGE: Final = re.compile(r"[A-Za-z0-9_-]{43}")
"""An S256 challenge: SHA-256 in base64url."""
_PRIVATE_SCHEME: Final = re.compile(r"[a-z][a-z0-9+.\-]{2,40}")
_FORBIDDEN_SCHEMES: Final = frozenset(
    {"about", "blob", "chrome", "data", "file", "filesystem", "ftp", "http", "javascript", "mailto", "vbscript"}
    | {"view-source", "ws", "wss"},
)


class AuthorizationProvider(OAuthAuthorizationServerProvider[AuthorizationCode, RefreshToken, AccessToken]):
    """Implements the SDK's provider on the database, so that it works across replicas and restarts."""

    def __init__(  # noqa: PLR0913 - the collaborators, each named
        self,
        clients: OAuthClients,
        logins: Logins,
        grants: Grants,
        *,
        url: str,
        resource: str,
        role_of: Callable[[str], Awaitable[Role]],
    ) -> None:
        """Store the repositories, the issuer URL, the URL of the resource, and the lookup of roles."""
        self._clients = clients
        self._logins = logins
        self._grants = grants
        self._url = url
        self._resource = resource
        self._role_of = role_of

    async def get_client(self, client_id: str) -> OAuthClientInformationFull | None:
        """Return a registered client, or None."""
        registered = await self._clients.find(client_id[:100])
        return None if registered is None else OAuthClientInformationFull.model_validate_json(registered)

    async def register_client(self, client_info: OAuthClientInformationFull) -> None:
        """Store a client if its redirect URIs are allowed.

        Raises:
            RegistrationError: a redirect URI is not allowed, or the registration is too long or one too many.
        """
        addresses = [str(address) for address in client_info.redirect_uris or []]
        if len(addresses) > MAX_REDIRECT_URIS or not all(is_allowed_redirect(address) for address in addresses):
            raise RegistrationError(
                "invalid_redirect_uri",
                "redirect_uris: https, http on loopback, or a private-use scheme; no fragments",
            )
        registered = client_info.model_dump_json(exclude_none=True)
        if len(registered) > MAX_REGISTRATION_LENGTH:
            raise RegistrationError("invalid_client_metadata", "the registration is too long")
        if not await self._clients.save(client_info.client_id, registered):
            raise RegistrationError("invalid_client_metadata", "too many registrations; try again tomorrow")
        log.info("oauth.registered", client=client_display_name(client_info))

    async def authorize(self, client: OAuthClientInformationFull, params: AuthorizationParams) -> str:
        """Begin a sign-in and return the URL of our consent page.

        Raises:
            AuthorizeError: the request is invalid.
        """
        if params.resource is not None and params.resource.rstrip("/") != self._resource:
            raise AuthorizeError("invalid_target", f"tokens are issued for {self._resource} only")
        if not _CHALLENGE.fullmatch(params.code_challenge):
            raise AuthorizeError("invalid_request", "code_challenge: S256 in base64url")
        if len(params.state or "") > MAX_STATE_LENGTH:
            raise AuthorizeError("invalid_request", "state is too long")
        wish = AuthorizationRequest(
            client_id=client.client_id,
            redirect_uri=str(params.redirect_uri),
            explicit=params.redirect_uri_provided_explicitly,
            code_challenge=params.code_challenge,
            state=params.state,
            resource=params.resource,
        )
        return f"{self._url}{CONSENT_PATH}?login={await self._logins.begin(wish)}"

    async def load_authorization_code(
        self, client: OAuthClientInformationFull, authorization_code: str
    ) -> AuthorizationCode | None:
        """Return the sign-in of a code; a reused code revokes the tokens issued for it."""
        login = await self._logins.by_code(authorization_code)
        if login is None:
            await self._grants.revoke_by_code(authorization_code, client.client_id)
            return None
        return AuthorizationCode(
            code=authorization_code,
            scopes=[],
            expires_at=login.expires_at.timestamp(),
            client_id=login.wish.client_id,
            code_challenge=login.wish.code_challenge,
            redirect_uri=AnyUrl(login.wish.redirect_uri),
            redirect_uri_provided_explicitly=login.wish.explicit,
            resource=login.wish.resource,
            subject=login.employee,
        )

    async def exchange_authorization_code(
        self, client: OAuthClientInformationFull, authorization_code: AuthorizationCode
    ) -> OAuthToken:
        """Exchange a code for tokens, once.

        Raises:
            TokenError: the code has been used meanwhile.
        """
        login = await self._logins.use_code(authorization_code.code)
        if login is None or login.employee is None:
            raise TokenError("invalid_grant", "authorization code does not exist")
        name = login.name or login.employee
        pair = await self._grants.issue(authorization_code.code, client.client_id, login.employee, name, self._resource)
        await self._clients.mark_used(client.client_id)
        log.info("oauth.granted", client=client_display_name(client), employee=login.employee)
        return _oauth_token(pair)

    async def load_refresh_token(self, client: OAuthClientInformationFull, refresh_token: str) -> RefreshToken | None:
        """Return the grant of a refresh token, or None."""
        grant = await self._grants.by_refresh_token(refresh_token, client.client_id)
        if grant is None:
            return None
        return RefreshToken(
            token=refresh_token,
            client_id=grant.client_id,
            scopes=[],
            expires_at=int(grant.refresh_until.timestamp()),
            resource=grant.resource,
            subject=grant.employee,
        )

    async def exchange_refresh_token(
        self,
        client: OAuthClientInformationFull,  # noqa: ARG002 - checked by the SDK
        refresh_token: RefreshToken,
        scopes: list[str],  # noqa: ARG002 - there are none
    ) -> OAuthToken:
        """Exchange a refresh token for new tokens, once.

        Raises:
            TokenError: the token has been used meanwhile.
        """
        pair = await self._grants.refresh(refresh_token.token)
        if pair is None:
            raise TokenError("invalid_grant", "refresh token does not exist")
        return _oauth_token(pair)

    async def load_access_token(self, token: str) -> AccessToken | None:
        """Return the access that a token grants, with the employee's name and role, or None."""
        grant = await self._grants.by_access_token(token) if token.startswith(ACCESS_PREFIX) else None
        # After a change of the public URL the resource is another one, and old tokens are not valid for it.
        if grant is None or grant.resource != self._resource:
            return None
        client = await self.get_client(grant.client_id)
        return AccessToken(
            token=token,
            client_id=grant.client_id,
            subject=grant.employee,
            scopes=[],
            expires_at=int(grant.access_until.timestamp()),
            resource=grant.resource,
            claims={
                "iss": self._url,
                NAME_CLAIM: grant.name,
                ROLE_CLAIM: (await self._role_of(grant.employee)).value,
                CLIENT_CLAIM: None if client is None else client_display_name(client),
            },
        )

    async def revoke_token(self, token: AccessToken | RefreshToken) -> None:
        """Revoke the grant of an access or refresh token, with both its tokens."""
        await self._grants.revoke(token.token)
        log.info("oauth.revoked", employee=token.subject)


def is_allowed_redirect(address: str) -> bool:
    """Return whether a redirect URI is allowed: https, http on loopback, or a private-use scheme."""
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
    except ValueError:
        return False
    if len(address) > MAX_URI_LENGTH or parts.fragment or "#" in address or parts.username is not None:
        return False
    if parts.scheme == "http":
        return is_loopback(host)
    if parts.scheme == "https":
        return bool(host)
    return _PRIVATE_SCHEME.fullmatch(parts.scheme) is not None and parts.scheme not in _FORBIDDEN_SCHEMES


def client_display_name(client: OAuthClientInformationFull) -> str:
    """Return the client's name for itself, sanitized, or its id."""
    return one_line(client.client_name or "", MAX_NAME_LENGTH) or client.client_id[:MAX_NAME_LENGTH]


def _oauth_token(pair: TokenPair) -> OAuthToken:
    return OAuthToken(
        access_token=pair.access, refresh_token=pair.refresh, expires_in=int(ACCESS_LIFETIME.total_seconds())
    )
