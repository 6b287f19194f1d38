"""The OAuth authorization code flow: build the authorize URL, and handle the callback.

Source: https://apidocs.bitrix24.com/settings/oauth/index.html
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import structlog

from linkdesk.errors.base import NoCredentials, Trouble
from linkdesk.errors.codes import oauth as sign_in_errors
from linkdesk.portal.application import Application, endpoint_within, origin_of
from linkdesk.portal.oauth import TokenEndpoint
from linkdesk.portal.token import TokenGrant
from linkdesk.signin.cookie import may_finish_in
from linkdesk.storage.portal_tokens import PortalTokens
from linkdesk.storage.signin_attempts import Attempts

log = structlog.stdlib.get_logger()

MAX_PARAMETER_LENGTH: Final = 500


@dataclass(frozen=True, slots=True)
class SignInResult:
    """The employee who signed in, and their user on the portal."""

    who: str
    user_id: int | None
    origin: str


class SignInFlow:
    """Starts and finishes sign-ins to one portal."""

    def __init__(
        self, application: Application, endpoint: TokenEndpoint, records: PortalTokens, attempts: Attempts
    ) -> None:
        """Keep the application, its token endpoint, and the stores of tokens and attempts."""
        self._application = application
        self._endpoint = endpoint
        self._records = records
        self._attempts = attempts

    async def begin(self, who: str) -> str:
        """Start a sign-in and return its URL, which works once, within ten minutes.

        Raises:
            Trouble: the attempt cannot be kept.
        """
        state = secrets.token_urlsafe(32)
        await self._attempts.begin(state, who)
        return self._application.authorize_address(state)

    async def finish(self, query: Mapping[str, str], browser: str | None = None) -> SignInResult:
        """Handle the callback's parameters and store the employee's tokens.

        Args:
            query: the address's parameters.
            browser: what the browser is known by, if it began a sign-in itself.

        Raises:
            Trouble: the sign-in was not ours, was refused, or was one to another portal.
        """
        state = query.get("state", "")
        who = await self._attempts.take(state) if state and len(state) <= MAX_PARAMETER_LENGTH else None
        if who is None or not may_finish_in(who, browser):
            raise Trouble(sign_in_errors.ATTEMPT_UNKNOWN)
        granted = await exchange_code(self._application, self._endpoint, query)
        await self._records.save(who, granted)
        log.info("oauth.signed_in", who=who, user=granted.user_id, portal=self._application.origin)
        return SignInResult(who, granted.user_id, self._application.origin)


async def exchange_code(application: Application, endpoint: TokenEndpoint, query: Mapping[str, str]) -> TokenGrant:
    """Exchange the callback's code for tokens; the caller has already checked whose sign-in it is.

    Raises:
        Trouble: the sign-in was refused, or was one to another portal.
    """
    given = {name: value for name, value in query.items() if len(value) <= MAX_PARAMETER_LENGTH}
    if given.get("error") or not given.get("code"):
        raise Trouble(sign_in_errors.SIGN_IN_DENIED)
    if "domain" in given and _origin_like(application.origin, given["domain"]) != application.origin:
        raise Trouble(sign_in_errors.OTHER_PORTAL, {"host": given["domain"]})
    try:
        granted = await endpoint.exchange(given["code"])
    except NoCredentials as error:
        refused = error.code in sign_in_errors.GRANT_OVER
        raise (Trouble(sign_in_errors.CODE_REFUSED) if refused else error.as_trouble()) from None
    if endpoint_within(application.origin, granted.client_endpoint) is None:
        raise Trouble(sign_in_errors.OTHER_PORTAL, {"host": origin_of(granted.client_endpoint) or "-"})
    if given.get("member_id", granted.member_id) != granted.member_id:
        raise Trouble(sign_in_errors.OTHER_MEMBER)
    return granted


def _origin_like(origin: str, domain: str) -> str | None:
    """Return the origin of a bare domain with the given origin's scheme."""
    return origin_of(f"{origin.partition('://')[0]}://{domain}")
