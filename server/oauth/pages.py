"""The HTML pages of the consent flow: consent, redirect and error."""

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
    # URLs hold secrets, so the referrer stays on this site; same-origin form posts still need one.
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
    en="{client} wants to work in Bitrix24 on your behalf",
    ru="{client} хочет работать в Битрикс24 от вашего имени",
)
CONSENT_SCOPE: Final = Localized(
    en="It will be able to view and change links, bookings and CRM items on {portal} through Linkdesk, with your "
    "permissions. Every change is recorded under your name.",
    ru="Через Linkdesk программа сможет просматривать и менять привязки, бронирования и элементы CRM на портале "
    "{portal} с вашими правами. Каждое изменение записывается под вашим именем.",
)
CONSENT_WARNING: Final = Localized(
    en="The program chose this name itself; nobody has verified it. Access will be given to {address}. Allow it only "
    "if you are connecting this program yourself right now.",
    ru="Это имя программа указала сама, его никто не проверял. Доступ получит {address}. Разрешайте, только если вы "
    "сами сейчас подключаете эту программу.",
)
ALLOW: Final = Localized(en="Continue to Bitrix24", ru="Перейти в Битрикс24")
DENY: Final = Localized(en="Don't allow", ru="Не разрешать")
REDIRECTING: Final = Localized(en="Redirecting…", ru="Перенаправляем…")
CONTINUE: Final = Localized(en="Continue", ru="Продолжить")
FAILED: Final = Localized(en="Something went wrong", ru="Не получилось")
SIGN_IN_EXPIRED: Final = Localized(
    en="This sign-in was started in another browser, has expired or is already complete. Connect the program again.",
    ru="Этот вход начат в другом браузере, устарел или уже завершён. Подключите программу заново.",
)


@dataclass(frozen=True, slots=True)
class ConsentRequest:
    """The facts that the consent page shows."""

    login: str
    client: str
    portal: str
    address: str
    """The client's redirect URI."""


def consent_page(question: ConsentRequest, action: str, language: Language) -> Response:
    """Render the consent page."""
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
    """Render a page that redirects: a 303 after a form post would need the target in the form-action policy."""
    shown = html.escape(address)
    body = LINK.format(address=shown, text=_text(CONTINUE, language))
    return _page(REDIRECTING, body, language, head=REFRESH.format(address=shown))


def error_page(said: Localized, language: Language, status: int = 400) -> Response:
    """Render an error page."""
    return _page(FAILED, f"<p>{_text(said, language)}</p>", language, status=status)


def _text(said: Localized, language: Language) -> str:
    return html.escape(said.to(language))


def _page(title: Localized, body: str, language: Language, *, head: str = "", status: int = 200) -> Response:
    page = PAGE.format(language=language, head=head, title=_text(title, language), body=body)
    return HTMLResponse(page, status, HEADERS)
