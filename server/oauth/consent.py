"""The consent flow: our consent page, sign-in on the portal, and back to the client with an authorization code.

A cookie binds all steps to one browser, so a link sent by somebody else leads nowhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import structlog
from mcp.server.auth.provider import construct_redirect_uri
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Match, Route
from starlette.types import Scope

from linkdesk.auth.hashing import new_secret
from linkdesk.auth.policy import Actor, Face, Role
from linkdesk.desk import Desk
from linkdesk.errors.base import Trouble
from linkdesk.errors.codes import oauth as sign_in_errors
from linkdesk.portal.application import CALLBACK_PATH, Application
from linkdesk.portal.oauth import TokenEndpoint
from linkdesk.signin.flow import exchange_code
from linkdesk.storage.oauth_logins import LIFETIME, STATE_PREFIX, Login, Logins
from linkdesk.storage.portal_tokens import PortalTokens
from linkdesk.text.language import accept_language
from linkdesk.text.sanitize import one_line
from server.auth.scopes import current_user
from server.oauth.pages import SIGN_IN_EXPIRED, ConsentRequest, consent_page, error_page, redirect_page
from server.oauth.provider import CONSENT_PATH, AuthorizationProvider, client_display_name, is_allowed_redirect
from tool_specs.declaration.localized import Localized

log = structlog.stdlib.get_logger()

MAX_PARAMETER_LENGTH: Final = 200
SEE_OTHER: Final = 303
MAX_NAME_LENGTH: Final = 100
EMPLOYEE_ID: Final = "bitrix24:{user_id}"


@dataclass(frozen=True, slots=True)
class ConsentFlow:
    """The routes of the flow and their collaborators."""

    application: Application
    endpoint: TokenEndpoint
    records: PortalTokens
    logins: Logins
    provider: AuthorizationProvider
    desk: Desk

    def routes(self) -> list[Route]:
        """Return the routes: the consent page, its form, and the callback from the portal."""
        return [
            Route(CONSENT_PATH, self.show_consent, methods=["GET"]),
            Route(CONSENT_PATH, self.submit_consent, methods=["POST"]),
            _ClientCallbackRoute(CALLBACK_PATH, self.portal_callback, methods=["GET"]),
        ]

    async def show_consent(self, request: Request) -> Response:
        """Show the consent page and set the browser's cookie."""
        language = accept_language(request.headers)
        secret = request.query_params.get("login", "")[:MAX_PARAMETER_LENGTH]
        browser = self._browser(request) or new_secret()
        login = await self.logins.show(secret, browser)
        client = None if login is None else await self.provider.get_client(login.wish.client_id)
        if login is None or client is None:
            return error_page(SIGN_IN_EXPIRED, language)
        question = ConsentRequest(
            login=secret,
            client=client_display_name(client),
            portal=self.application.origin,
            address=login.wish.redirect_uri,
        )
        response = consent_page(question, CONSENT_PATH, language)
        response.set_cookie(
            self._cookie,
            browser,
            max_age=int(LIFETIME.total_seconds()) * 2,
            secure=self._secure,
            httponly=True,
            # Lax: sent on the redirect from the portal, but not with forms posted by other sites.
            samesite="lax",
        )
        return response

    async def submit_consent(self, request: Request) -> Response:
        """Redirect to the portal on consent, or back to the client with `access_denied`."""
        language = accept_language(request.headers)
        form = await request.form()
        secret = str(form.get("login", ""))[:MAX_PARAMETER_LENGTH]
        browser = self._browser(request)
        if form.get("answer") == "yes":
            state = await self.logins.approve(secret, browser)
            if state is not None:
                return redirect_page(self.application.authorize_address(state), language)
        else:
            declined = await self.logins.deny(secret, browser)
            if declined is not None:
                return redirect_page(self._address(declined, {"error": "access_denied"}), language)
        return error_page(SIGN_IN_EXPIRED, language)

    async def portal_callback(self, request: Request) -> Response:
        """Handle the portal's callback: store the employee's tokens and redirect to the client with a code."""
        language = accept_language(request.headers)
        state, browser = request.query_params["state"], self._browser(request)
        login = await self.logins.returned(state, browser) if browser and len(state) <= MAX_PARAMETER_LENGTH else None
        if login is None:
            return error_page(SIGN_IN_EXPIRED, language)
        try:
            employee, name = await self._signed_in(request.query_params)
        except Trouble as trouble:
            await self.logins.drop(login)
            log.info("oauth.not_signed_in", why=trouble.failure.code)
            return error_page(
                Localized(en=f"{trouble.what.en} {trouble.next.en}", ru=f"{trouble.what.ru} {trouble.next.ru}"),
                language,
            )
        code = await self.logins.issue_code(login, employee, name)
        if code is None:
            return error_page(SIGN_IN_EXPIRED, language)
        return RedirectResponse(
            self._address(login, {"code": code}),
            SEE_OTHER,
            {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"},
        )

    async def _signed_in(self, query: Mapping[str, str]) -> tuple[str, str]:
        """Store the tokens of the employee who signed in; return their id and display name.

        Raises:
            Trouble: sign-in failed, or the portal did not return the user id.
        """
        granted = await exchange_code(self.application, self.endpoint, query)
        if granted.user_id is None:
            raise Trouble(sign_in_errors.AUTHORIZATION_UNREADABLE)
        employee = EMPLOYEE_ID.format(user_id=granted.user_id)
        await self.records.save(employee, granted)
        log.info("oauth.signed_in", who=employee, portal=self.application.origin)
        me = await current_user(self.desk, Actor(employee, Face.MCP, Role.VIEWER, employee))
        name = one_line(me.user.name or "", MAX_NAME_LENGTH) if me is not None else ""
        return employee, name or employee

    def _address(self, login: Login, told: Mapping[str, str]) -> str:
        """Build the client's redirect URI with parameters; the URI was validated at registration."""
        if not is_allowed_redirect(login.wish.redirect_uri):
            raise ValueError("an address that was never accepted")
        return construct_redirect_uri(
            login.wish.redirect_uri, **told, state=login.wish.state, iss=self.application.public_url
        )

    def _browser(self, request: Request) -> str:
        return request.cookies.get(self._cookie, "")[:MAX_PARAMETER_LENGTH]

    @property
    def _secure(self) -> bool:
        return self.application.public_url.startswith("https://")

    @property
    def _cookie(self) -> str:
        # The __Host- prefix binds the cookie to this host; browsers accept it over https only.
        return "__Host-linkdesk-login" if self._secure else "linkdesk-login"


class _ClientCallbackRoute(Route):
    """The callback of sign-ins started by MCP clients; other sign-ins share the path and have a route of their own."""

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Match by path and by the prefix of the state parameter."""
        match, child = super().matches(scope)
        if match is Match.NONE:
            return match, child
        ours = Request(scope).query_params.get("state", "").startswith(STATE_PREFIX)
        return (match, child) if ours else (Match.NONE, {})
