"""The sign-in pages for Telegram: one redirects to the portal, the callback shows a code for the bot.

Source: https://apidocs.bitrix24.com/settings/oauth/index.html
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import httpx
import structlog
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from linkdesk.accounts.portal_accounts import BOT_NAME, Handover
from linkdesk.accounts.staff import INSTALLATION, now_utc
from linkdesk.errors.base import PortalError, Trouble
from linkdesk.portal.application import Application
from linkdesk.portal.auth import TokenCredentials
from linkdesk.portal.client import Portal
from linkdesk.portal.token_refresh import TokenManager
from linkdesk.signin.callback_page import HEADERS, render_page, result_message
from linkdesk.signin.cookie import BROWSER_KEY_PREFIX, COOKIE_NAME, browser_key, new_browser_id
from linkdesk.signin.flow import SignInFlow, SignInResult
from linkdesk.signin.stores import SigninStore
from linkdesk.storage.signin_attempts import LIFETIME
from linkdesk.text.language import accept_language
from tool_specs.declaration.localized import Localized
from tool_specs.methods.user import Profile

log = structlog.stdlib.get_logger()

COOKIE_PATH: Final = "/oauth"
LEFT: Final = timedelta(minutes=30)
"""After that nobody can link a sign-in any more: the code is too old, and so is the question in Telegram."""

GO_ON: Final = Localized(
    en="You are signed in to {origin} as {person}. Now go back to Telegram and press Start there; the bot asks "
    "once more. The link is for you alone and works once, for ten minutes.",
    ru="Вы вошли на {origin}, сотрудник: {person}. Теперь вернитесь в Telegram и нажмите «Старт»: "
    "бот спросит ещё раз. Ссылка только для вас, сработает один раз в течение десяти минут.",
)
SEND: Final = Localized(
    en="You are signed in to {origin} as {person}. Now send this to the Telegram bot; it asks you once more. "
    "It is for you alone and works once, for ten minutes: /start {code}",
    ru="Вы вошли на {origin}, сотрудник: {person}. Теперь отправьте боту в Telegram, он спросит ещё раз "
    "(это только для вас, один раз, в течение десяти минут): /start {code}",
)
USER: Final = Localized(en="user {id}", ru="пользователь {id}")


@dataclass(frozen=True, slots=True)
class SignInPages:
    """The start page and the callback of a sign-in from Telegram."""

    application: Application
    signing_in: SignInFlow
    kept: SigninStore
    tokens: TokenManager
    transport: httpx.AsyncBaseTransport | None

    async def start(self, request: Request) -> Response:
        """Redirect the browser to the portal and set the cookie that identifies it."""
        browser = new_browser_id()
        try:
            await self.kept.tokens.delete_unlinked(BROWSER_KEY_PREFIX, now_utc() - LEFT)
            address = await self.signing_in.begin(browser_key(browser))
        except Trouble as trouble:
            return render_page(result_message(trouble), accept_language(request.headers), status=503)
        answer = RedirectResponse(address, status_code=303, headers=HEADERS)
        answer.set_cookie(
            COOKIE_NAME,
            browser,
            max_age=int(LIFETIME.total_seconds()),
            path=COOKIE_PATH,
            secure=self.application.public_url.startswith("https://"),
            httponly=True,
            # The portal leads back by an ordinary link: "strict" would leave the cookie behind.
            samesite="lax",
        )
        return answer

    async def finish(self, request: Request, ended: SignInResult) -> Response | None:
        """Return the page with the code for Telegram, or None for a sign-in that did not start in a browser."""
        browser = request.cookies.get(COOKIE_NAME)
        if browser is None or ended.who != browser_key(browser):
            return None
        language = accept_language(request.headers)
        try:
            person = await self._person(ended)
            code = await self.kept.handovers.store(Handover(ended.who, person.to(language)))
            bot = await self.kept.people.setting(INSTALLATION, BOT_NAME)
        except Trouble as trouble:
            return render_page(result_message(trouble), language, status=503)
        facts: dict[str, Localized | str | int] = {"origin": self.application.origin, "person": person, "code": code}
        if bot is None:
            answer = render_page(SEND.format_map(facts), language, status=200)
        else:
            answer = render_page(GO_ON.format_map(facts), language, status=200, link=f"https://t.me/{bot}?start={code}")
        answer.delete_cookie(COOKIE_NAME, path=COOKIE_PATH)
        return answer

    async def _person(self, ended: SignInResult) -> Localized:
        """Read the signed-in user's name from the portal."""
        way = TokenCredentials(self.tokens, ended.who, self.application.origin)
        try:
            async with Portal(way, transport=self.transport) as portal:
                me = await portal(Profile())
        except PortalError as error:
            log.warning("oauth.person_unknown", error=type(error).__name__)
            return USER.format_map({"id": ended.user_id or "-"})
        number = USER.format_map({"id": me.id})
        return Localized(en=f"{me.label} ({number.en})", ru=f"{me.label} ({number.ru})") if me.label else number
