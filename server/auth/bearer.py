"""Who is calling over HTTP: found by the bearer token of each request, and by nothing else."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Final

from mcp.server.auth.middleware.auth_context import get_access_token
from mcp.server.auth.provider import AccessToken, TokenVerifier

from linkdesk.auth.api_tokens import TokenOwner, find_api_token
from linkdesk.auth.policy import Actor, Face, Role
from linkdesk.storage.api_tokens import ApiTokens

NAME_CLAIM: Final = "linkdesk/name"
ROLE_CLAIM: Final = "linkdesk/role"
CLIENT_CLAIM: Final = "linkdesk/client"
MAX_TOKEN_LENGTH: Final = 600


class BearerVerifier(TokenVerifier):
    """Knows the tokens of the settings, of the store, and of programs that employees let in."""

    def __init__(
        self,
        given: Sequence[TokenOwner],
        stored: ApiTokens,
        granted: Callable[[str], Awaitable[AccessToken | None]] | None = None,
    ) -> None:
        """Take the tokens of the settings and of the store, and what knows those that programs were granted."""
        self._given = given
        self._stored = stored
        self._granted = granted

    async def verify_token(self, token: str) -> AccessToken | None:
        """Tell whom a token lets in.

        Raises:
            Trouble: the store does not answer.
        """
        if not 0 < len(token) <= MAX_TOKEN_LENGTH:
            return None
        bearer = find_api_token(token, self._given) or await self._stored.find(token)
        if bearer is not None:
            return AccessToken(
                token=token,
                # Names the token: a session belongs to the one that it was begun with.
                client_id=f"token:{bearer.token_hash[:16]}",
                subject=bearer.name,
                scopes=[],
                claims={NAME_CLAIM: bearer.name, ROLE_CLAIM: bearer.role.value},
            )
        return None if self._granted is None else await self._granted(token)


def http_caller() -> Actor:
    """Give who sent the request that is being served.

    Raises:
        RuntimeError: nobody did; a request without a token never comes this far.
    """
    token = get_access_token()
    if token is None or token.subject is None or token.claims is None:
        raise RuntimeError("a request without a caller")
    return Actor(
        name=token.claims[NAME_CLAIM],
        face=Face.MCP,
        role=Role(token.claims[ROLE_CLAIM]),
        employee=token.subject,
        client=token.claims.get(CLIENT_CLAIM),
    )
