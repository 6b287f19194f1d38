"""The OAuth callback page."""

from __future__ import annotations

import html
from collections.abc import Awaitable, Callable
from typing import Final

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from linkdesk.errors.base import Trouble
from linkdesk.portal.application import CALLBACK_PATH
from linkdesk.signin.cookie import COOKIE_NAME
from linkdesk.signin.flow import SignInFlow, SignInResult
from linkdesk.text.language import accept_language
from tool_specs.declaration.localized import Language, Localized

PAGE: Final = """<!doctype html><html lang="{language}"><meta charset="utf-8"><title>Linkdesk</title>
<meta name="viewport" content="width=device-width,initial-scale=1">
<body style="font:1.1rem/1.5 system-ui;max-width:34rem;margin:4rem auto;padding:0 1rem"><p>{text}</p>{link}
</body></html>"""

HEADERS: Final = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'",
    # The address of this page holds the code.
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


def callback_route(
    signing_in: SignInFlow,
    told: Callable[[SignInResult | Trouble], Awaitable[None]] | None = None,
    shown: Callable[[Request, SignInResult], Awaitable[Response | None]] | None = None,
) -> Route:
    """Build the Starlette route of the callback.

    Args:
        signing_in: the sign-ins that may be finished here.
        told: is told how each attempt went.
        shown: gives the page for a sign-in that worked, where it is not the usual one.
    """

    async def callback(request: Request) -> Response:
        try:
            ended: SignInResult | Trouble = await signing_in.finish(
                request.query_params, request.cookies.get(COOKIE_NAME)
            )
        except Trouble as trouble:
            ended = trouble
        if told is not None:
            await told(ended)
        own = await shown(request, ended) if shown is not None and isinstance(ended, SignInResult) else None
        return own or render_page(
            result_message(ended), accept_language(request.headers), status=400 if isinstance(ended, Trouble) else 200
        )

    return Route(CALLBACK_PATH, callback, methods=["GET"])


def result_message(ended: SignInResult | Trouble) -> Localized:
    """Return the message about the outcome of a sign-in."""
    if isinstance(ended, Trouble):
        return Localized(en=f"{ended.what.en} {ended.next.en}", ru=f"{ended.what.ru} {ended.next.ru}")
    return Localized(
        en=f"{ended.who} is signed in to {ended.origin}. You can close this page.",
        ru=f"Вход выполнен: {ended.who}, {ended.origin}. Страницу можно закрыть.",
    )


def render_page(said: Localized, language: Language, *, status: int, link: str = "") -> Response:
    """Render a page with one sentence and an optional link."""
    anchor = f'<p><a href="{html.escape(link)}" rel="noreferrer">{html.escape(link)}</a></p>' if link else ""
    text = PAGE.format(language=language, text=html.escape(said.to(language)), link=anchor)
    return HTMLResponse(text, status_code=status, headers=HEADERS)
