"""Bearer authentication over HTTP: the token of each request identifies its caller."""

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
    """Verifies the tokens of the settings, of the database, and those granted by OAuth."""

    def __init__(
        self,
        given: Sequence[TokenOwner],
        stored: ApiTokens,
        granted: Callable[[str], Awaitable[AccessToken | None]] | None = None,
    ) -> None:
        """Store the tokens of the settings, the tokens in the database, and the verifier of OAuth tokens."""
        self._given = given
        self._stored = stored
        self._granted = granted

    async def verify_token(self, token: str) -> AccessToken | None:
        """Return the access that a token grants, or None.

        Raises:
            Trouble: the database does not answer.
        """
        if not 0 < len(token) <= MAX_TOKEN_LENGTH:
            return None
        bearer = find_api_token(token, self._given) or await self._stored.find(token)
        if bearer is not None:
            return AccessToken(
                token=token,
                # Identifies the token: an MCP session is bound to the token that started it.
                client_id=f"token:{bearer.token_hash[:16]}",
                subject=bearer.name,
                scopes=[],
                claims={NAME_CLAIM: bearer.name, ROLE_CLAIM: bearer.role.value},
            )
        return None if self._granted is None else await self._granted(token)


def http_caller() -> Actor:
    """Return the actor of the current HTTP request.

    Raises:
        RuntimeError: the request has no token, which the middleware should have refused.
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
