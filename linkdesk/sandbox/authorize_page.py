"""The page on which an employee lets an application in: here one picks who one is, without a password.

Source: https://apidocs.bitrix24.com/settings/oauth/index.html
"""

from __future__ import annotations

import html
from collections.abc import Mapping
from typing import Final
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from linkdesk.sandbox.authorization import SandboxApplication
from linkdesk.sandbox.dispatch import Dispatcher
from linkdesk.sandbox.store import User
from linkdesk.text.language import accept_language
from tool_specs.declaration.localized import Language, Localized

HEADERS: Final = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}

PAGE: Final = """<!doctype html>
<html lang="{language}"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{title}</title>
<body style="font:1.1rem/1.5 system-ui;max-width:34rem;margin:4rem auto;padding:0 1rem">
<h1 style="font-size:1.4rem">{title}</h1>
<p>{text}</p>
{body}
</body></html>
"""
FORM: Final = """<form method="post" action="">
<input type="hidden" name="client_id" value="{client_id}">
<input type="hidden" name="state" value="{state}">
{buttons}
</form>"""
BUTTON: Final = (
    """<p><button name="user_id" value="{number}" style="font:inherit;padding:.5rem 1rem">{name}</button></p>"""
)

TITLE: Final = Localized(en="The sandbox portal: sign in", ru="Портал-песочница: вход")
WHO: Final = Localized(
    en="The application {client_id} asks for access with your rights ({scopes}). Who are you?",
    ru="Приложение {client_id} просит доступ с вашими правами ({scopes}). Кто вы?",
)
NO_APPLICATION: Final = Localized(
    en="No application with this client_id is registered here.",
    ru="Приложение с таким client_id здесь не зарегистрировано.",
)
NO_USER: Final = Localized(en="There is no such user here.", ru="Такого пользователя здесь нет.")
ADMINISTRATOR: Final = Localized(en="administrator", ru="администратор")
RESTRICTED: Final = Localized(en="rights are restricted", ru="права ограничены")


def authorize_routes(dispatch: Dispatcher) -> list[Route]:
    """Make the route of the page; with `user_id`, a POST or `auto` gets the redirect at once."""

    async def authorize(request: Request) -> Response:
        language = accept_language(request.headers)
        given = dict(request.query_params) | dict(parse_qsl((await request.body()).decode("utf-8", "replace")))
        application = dispatch.authorization.applications.get(given.get("client_id", ""))
        if application is None:
            return _page(NO_APPLICATION, language, status=400)
        if "user_id" not in given or (request.method != "POST" and "auto" not in given):
            return _question(dispatch, application, given.get("state", ""), language)
        user = next((user for user in dispatch.store.users.values() if str(user.id) == given["user_id"]), None)
        if user is None:
            return _page(NO_USER, language, status=400)
        return _back(dispatch, application, user, given, request)

    return [Route(f"/oauth/authorize{slash}", authorize, methods=["GET", "POST"]) for slash in ("/", "")]


def _back(
    dispatch: Dispatcher, application: SandboxApplication, user: User, given: Mapping[str, str], request: Request
) -> Response:
    """Send the browser to the application, with a code."""
    here = request.url.netloc
    origin = dispatch.origin(f"{request.url.scheme}://{here}")
    now = dispatch.clock().timestamp()
    brought = {
        "code": dispatch.authorization.issue_code(application.client_id, user.id, origin, now),
        **({"state": given["state"]} if "state" in given else {}),
        "domain": urlsplit(origin).netloc,
        "member_id": dispatch.authorization.member_id,
        "scope": ",".join(application.scopes),
        "server_domain": here,
    }
    dispatch.changed()
    parts = urlsplit(application.redirect)
    query = "&".join(part for part in (parts.query, urlencode(brought)) if part)
    return RedirectResponse(urlunsplit(parts._replace(query=query)), 302, HEADERS)


def _question(dispatch: Dispatcher, application: SandboxApplication, state: str, language: Language) -> Response:
    buttons = "\n".join(
        BUTTON.format(number=user.id, name=html.escape(_named(user, language)))
        for user in dispatch.store.users.values()
    )
    form = FORM.format(
        client_id=html.escape(application.client_id),
        state=html.escape(state),
        buttons=buttons,
    )
    asked = WHO.format_map({"client_id": application.client_id, "scopes": ", ".join(application.scopes)})
    return _page(asked, language, form)


def _named(user: User, language: Language) -> str:
    marks = [str(user.id)]
    if user.admin:
        marks.append(ADMINISTRATOR.to(language))
    if user.may_not_edit or user.may_not_read:
        marks.append(RESTRICTED.to(language))
    return f"{user.name} {user.last_name} ({', '.join(marks)})"


def _page(said: Localized, language: Language, body: str = "", *, status: int = 200) -> Response:
    text = html.escape(said.to(language))
    page = PAGE.format(language=language, title=html.escape(TITLE.to(language)), text=text, body=body)
    return HTMLResponse(page, status, HEADERS)
