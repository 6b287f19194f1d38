"""The pages that a person sees on the way: what a program asks for, going on, and what went wrong."""

from __future__ import annotations

import html
from dataclasses import dataclass
from typing import Final

from starlette.responses import HTMLResponse, Response

from tool_specs.declaration.localized import Language, Localized

HEADERS: Final = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'",
    # The addresses hold secrets; a form of ours still has to say that it is ours.
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}

PAGE: Final = """<!doctype html>
<html lang="{language}"><meta charset="utf-8"><meta name="viewport" content="width=device-width">{head}
<title>Linkdesk</title>
<body style="font:1.1rem/1.5 system-ui;max-width:34rem;margin:4rem auto;padding:0 1rem;overflow-wrap:anywhere">
<h1 style="font-size:1.4rem">{title}</h1>
{body}
</body></html>
"""
FORM: Final = """<form method="post" action="{action}"><input type="hidden" name="login" value="{login}">
<p><button name="answer" value="yes" style="font:inherit;padding:.5rem 1rem">{yes}</button>
<button name="answer" value="no" style="font:inherit;padding:.5rem 1rem">{no}</button></p></form>"""
REFRESH: Final = '<meta http-equiv="refresh" content="0;url={address}">'
LINK: Final = '<p><a href="{address}">{text}</a></p>'

CONSENT_TITLE: Final = Localized(
    en="{client} asks to work in Bitrix24 for you",
    ru="{client} просит разрешения работать в Битрикс24 от вашего имени",
)
CONSENT_SCOPE: Final = Localized(
    en="It will see and change links, bookings and CRM items on {portal} with your own rights, through Linkdesk. "
    "Every change is on record under your name.",
    ru="Программа будет видеть и менять привязки, бронирования и элементы CRM на портале {portal} с вашими правами, "
    "через Linkdesk. Каждое изменение записывается под вашим именем.",
)
CONSENT_WARNING: Final = Localized(
    en="The program called itself so; nobody checked it. Access goes to: {address}. Allow it only if you have just "
    "connected this program yourself.",
    ru="Так назвала себя сама программа, никто этого не проверял. Доступ получит: {address}. Разрешайте, только если "
    "вы сами сейчас подключаете эту программу.",
)
ALLOW: Final = Localized(en="Go on to Bitrix24", ru="Перейти в Битрикс24")
DENY: Final = Localized(en="Do not allow", ru="Не разрешать")
REDIRECTING: Final = Localized(en="Going on …", ru="Переходим …")
CONTINUE: Final = Localized(en="Go on", ru="Продолжить")
FAILED: Final = Localized(en="This did not work", ru="Не получилось")
SIGN_IN_EXPIRED: Final = Localized(
    en="This sign-in was not begun in this browser, has expired or was finished already. Connect the program again.",
    ru="Этот вход начат не в этом браузере, устарел или уже завершён. Подключите программу заново.",
)


@dataclass(frozen=True, slots=True)
class ConsentRequest:
    """What the person is asked."""

    login: str
    client: str
    portal: str
    address: str
    """Where the program wants the browser back."""


def consent_page(question: ConsentRequest, action: str, language: Language) -> Response:
    """Ask whether the program may."""
    facts = {"client": question.client, "portal": question.portal, "address": question.address}
    texts = "".join(f"<p>{_text(said.format_map(facts), language)}</p>\n" for said in (CONSENT_SCOPE, CONSENT_WARNING))
    form = FORM.format(
        action=html.escape(action),
        login=html.escape(question.login),
        yes=_text(ALLOW, language),
        no=_text(DENY, language),
    )
    return _page(CONSENT_TITLE.format_map(facts), texts + form, language)


def redirect_page(address: str, language: Language) -> Response:
    """Send the browser on, by a page: a redirect after a form would have to be allowed by its policy."""
    shown = html.escape(address)
    body = LINK.format(address=shown, text=_text(CONTINUE, language))
    return _page(REDIRECTING, body, language, head=REFRESH.format(address=shown))


def error_page(said: Localized, language: Language, status: int = 400) -> Response:
    """Say what went wrong."""
    return _page(FAILED, f"<p>{_text(said, language)}</p>", language, status=status)


def _text(said: Localized, language: Language) -> str:
    return html.escape(said.to(language))


def _page(title: Localized, body: str, language: Language, *, head: str = "", status: int = 200) -> Response:
    page = PAGE.format(language=language, head=head, title=_text(title, language), body=body)
    return HTMLResponse(page, status, HEADERS)
