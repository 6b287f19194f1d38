"""Sign in from the terminal: print the URL, wait for the callback, report who signed in."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable
from typing import Final
from urllib.parse import urlsplit

import uvicorn
from starlette.applications import Starlette

from linkdesk.errors.base import NotConfigured, Trouble
from linkdesk.portal.application import Application
from linkdesk.portal.oauth import TokenEndpoint
from linkdesk.signin.callback_page import callback_route
from linkdesk.signin.flow import SignInFlow, SignInResult
from linkdesk.signin.stores import SigninStore
from linkdesk.storage.signin_attempts import LIFETIME
from tool_specs.declaration.localized import Language, Localized

TOO_LATE: Final = Localized(
    en="Nobody came back from the portal within ten minutes. Check that the application's address in Bitrix24 is {url}",
    ru="За десять минут с портала никто не вернулся. Проверьте, что в Битрикс24 адрес приложения: {url}",
)


async def sign_in(
    store: SigninStore,
    application: Application,
    who: str,
    *,
    language: Language,
    say: Callable[[str], object],
) -> Localized | None:
    """Sign one employee in; return None on success, else the message to show.

    Where the browser comes back to another machine, the server there finishes the sign-in: only the address is printed.

    Raises:
        NotConfigured: the port cannot be used.
    """
    russian = language == "ru"
    endpoint = TokenEndpoint(application)
    signing_in = SignInFlow(application, endpoint, store.tokens, store.attempts)
    try:
        with _listening(application) if application.is_local else socket.socket() as taken:
            say("Откройте этот адрес в браузере:" if russian else "Open this address in a browser:")
            say(await signing_in.begin(who))
            if not application.is_local:
                return None
            ended = await _first(signing_in, taken)
    finally:
        await endpoint.aclose()
    if ended is None:
        return TOO_LATE.format_map({"url": application.callback_url})
    if isinstance(ended, Trouble):
        return Localized(en=f"{ended.what.en} {ended.next.en}", ru=f"{ended.what.ru} {ended.next.ru}")
    user = "" if ended.user_id is None else f" ({ended.user_id})"
    say(f"Вход выполнен: {who}{user}, {ended.origin}" if russian else f"Signed in: {who}{user}, {ended.origin}")
    return None


async def _first(signing_in: SignInFlow, taken: socket.socket) -> SignInResult | Trouble | None:
    """Serve the callback until a sign-in has ended; return None on timeout."""
    ended: list[SignInResult | Trouble] = []

    async def told(how: SignInResult | Trouble) -> None:
        # A stranger's visit ends nothing: only a state of ours does.
        if isinstance(how, SignInResult) or how.failure.code != "sign_in_unknown":
            ended.append(how)
            server.should_exit = True

    app = Starlette(routes=[callback_route(signing_in, told)])
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False, lifespan="off"))
    try:
        async with asyncio.timeout(LIFETIME.total_seconds()):
            await server.serve(sockets=[taken])
    except TimeoutError:
        return None
    return ended[0] if ended else None


def _listening(application: Application) -> socket.socket:
    parts = urlsplit(application.public_url)
    host, port = parts.hostname or "127.0.0.1", parts.port or 80
    try:
        family, kind, protocol, _, place = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        taken = socket.socket(family, kind, protocol)
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        taken.bind(place)
    except OSError as problem:
        raise NotConfigured(
            Localized(
                en=f"Linkdesk cannot listen at {application.public_url}: {problem.strerror}. Set another port in "
                "LINKDESK_PUBLIC_URL, and the same in the application's settings.",
                ru=f"Linkdesk не может слушать адрес {application.public_url}: он занят или недоступен. Укажите другой "
                "порт в LINKDESK_PUBLIC_URL и в настройках приложения.",
            ),
        ) from None
    return taken
