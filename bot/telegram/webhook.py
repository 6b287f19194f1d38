"""Webhook: updates are authenticated by a secret, and acknowledged once the inbox has stored them."""

from __future__ import annotations

import asyncio
import contextlib
import hmac
import json
import socket
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from http import HTTPStatus
from typing import Any, Final, Self

import structlog
import uvicorn
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route
from telegram import Bot, Update
from telegram.error import BadRequest, InvalidToken, RetryAfter, TelegramError

from bot.telegram.polling import UPDATES
from bot.telegram.request import readable_update
from linkdesk.config.settings import Settings
from linkdesk.errors.base import NotConfigured, Trouble
from linkdesk.runtime.inbox import Inbox
from tool_specs.declaration.localized import Localized

log = structlog.stdlib.get_logger()

LISTEN: Final = ("127.0.0.1", 8081)
HEADER: Final = "X-Telegram-Bot-Api-Secret-Token"
LARGEST_UPDATE: Final = 1024 * 1024
LONGEST_PAUSE_S: Final = 30.0

Keep = Callable[[Sequence[Update]], Awaitable[None]]

NOT_ACCEPTED: Final = Localized(
    en="Telegram does not accept LINKDESK_PUBLIC_URL for a webhook: it has to be an https:// address on port 443, 80, "
    "88 or 8443 that is reached from the Internet. Leave it empty to receive messages by polling.",
    ru="Telegram не принимает LINKDESK_PUBLIC_URL как адрес вебхука: нужен адрес https:// с портом 443, 80, 88 или "
    "8443, доступный из интернета. Если оставить настройку пустой, бот будет получать сообщения опросом.",
)


@dataclass(frozen=True, slots=True)
class Webhook:
    """The webhook's path and secret, derived from the token: equal on every replica."""

    url: str
    path: str
    secret: str = field(repr=False)

    @classmethod
    def of(cls, settings: Settings) -> Self | None:
        """Return the webhook of an installation; None where no bot or no public URL is set."""
        if settings.public_url is None or settings.telegram_token is None:
            return None
        # A Bot API server of one's own, on this machine, brings them over plain http, too.
        if not (settings.public_url.startswith("https:") or settings.telegram_api.startswith("http:")):
            return None
        keys = [settings.telegram_token, settings.secret_key]
        key = "\n".join(one.get_secret_value() for one in keys if one is not None).encode()
        path = f"/telegram/{_derived(key, 'path')[:32]}"
        return cls(f"{settings.public_url}{path}", path, _derived(key, "secret"))

    def route(self, bot: Bot, keep: Keep) -> Route:
        """Build the route that receives updates."""

        async def taken(request: Request) -> Response:
            return Response(status_code=await self._taken(request, bot, keep))

        return Route(self.path, taken, methods=["POST"])

    async def _taken(self, request: Request, bot: Bot, keep: Keep) -> HTTPStatus:
        given = request.headers.get(HEADER, "")
        if not hmac.compare_digest(given.encode("latin-1", "replace"), self.secret.encode()):
            return HTTPStatus.FORBIDDEN
        body = await _body(request)
        if body is None:
            return HTTPStatus.REQUEST_ENTITY_TOO_LARGE
        try:
            update = readable_update(json.loads(body))
        except ValueError:
            return HTTPStatus.BAD_REQUEST
        try:
            if update is not None:
                await keep([Update.de_json(update, bot)])
        except Trouble as trouble:
            log.warning("telegram.updates_not_kept", error=trouble.failure.code)
            return HTTPStatus.SERVICE_UNAVAILABLE
        return HTTPStatus.OK


def _derived(key: bytes, purpose: str) -> str:
    return hmac.new(key, f"linkdesk telegram webhook {purpose}".encode(), sha256).hexdigest()


async def _body(request: Request) -> bytes | None:
    """Read the body; None where it is larger than any update."""
    body = b""
    with contextlib.suppress(ClientDisconnect):
        async for chunk in request.stream():
            body += chunk
            if len(body) > LARGEST_UPDATE:
                return None
    return body


async def register_webhook(webhook: Webhook, bot: Bot, pause: Callable[[float], Awaitable[bool]]) -> bool:
    """Register the webhook, with retries; return False where the bot was stopped first.

    Args:
        webhook: where to.
        bot: whose.
        pause: waits for some seconds, and tells whether to go on.

    Raises:
        NotConfigured: Telegram does not accept the address.
    """
    seconds = 1.0
    while True:
        wait = seconds
        try:
            await bot.set_webhook(
                webhook.url, secret_token=webhook.secret, allowed_updates=UPDATES, drop_pending_updates=False
            )
        except (BadRequest, InvalidToken) as error:
            log.warning("telegram.webhook_refused", error=type(error).__name__)
            raise NotConfigured(NOT_ACCEPTED) from None
        except TelegramError as error:
            log.warning("Telegram does not answer; trying again.", error=type(error).__name__)
            if isinstance(error, RetryAfter):
                given = error.retry_after
                wait = float(given if isinstance(given, int) else given.total_seconds())
        else:
            log.info("telegram.webhook_set")
            return True
        if not await pause(wait):
            return False
        seconds = min(seconds * 2, LONGEST_PAUSE_S)


class _Server(uvicorn.Server):
    """A uvicorn server without signal handlers: it stops when the bot does."""

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None]:
        yield


async def serve_webhook(  # noqa: PLR0913 - what is served, to whom and where
    webhook: Webhook,
    bot: Bot,
    keep: Keep,
    inbox: Inbox,
    *,
    at: tuple[str, int],
    stopped: asyncio.Event,
    also: Sequence[BaseRoute] = (),
) -> None:
    """Serve the webhook on a local address behind a reverse proxy, until stopped.

    Args:
        webhook: where Telegram brings updates.
        bot: whose they are.
        keep: takes them in.
        inbox: what they are kept in.
        at: the address of this machine.
        stopped: ends it.
        also: what else is served there.

    Raises:
        NotConfigured: the address is taken, or Telegram does not accept the one from outside.
    """

    async def pause(seconds: float) -> bool:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(stopped.wait(), seconds)
        return not stopped.is_set()

    async with _serving([webhook.route(bot, keep), *also], inbox, at):
        if await register_webhook(webhook, bot, pause):
            await stopped.wait()


@contextlib.asynccontextmanager
async def serve_health(inbox: Inbox, at: tuple[str, int] | None) -> AsyncGenerator[None]:
    """Serve `/health` of a polling bot on a local address within the block, if an address is given.

    Raises:
        NotConfigured: the address is taken.
    """
    if at is None:
        yield
        return
    async with _serving([], inbox, at):
        yield


@contextlib.asynccontextmanager
async def _serving(routes: Sequence[BaseRoute], inbox: Inbox, at: tuple[str, int]) -> AsyncGenerator[None]:
    """Serve routes and `/health` within the block.

    Raises:
        NotConfigured: the address is taken.
    """

    async def health(_request: Request) -> JSONResponse:
        try:
            await inbox.counts()
        except Trouble:
            return JSONResponse({"status": "store_failed"}, HTTPStatus.SERVICE_UNAVAILABLE)
        return JSONResponse({"status": "ok"})

    with _listening(at) as listener:
        app = Starlette(routes=[*routes, Route("/health", health)])
        server = _Server(uvicorn.Config(app, **OPTIONS))
        serving = asyncio.create_task(server.serve(sockets=[listener]))
        try:
            log.info("telegram.listening", address="{}:{}".format(*listener.getsockname()[:2]))
            yield
        finally:
            server.should_exit = True
            await serving


@contextlib.contextmanager
def _listening(at: tuple[str, int]) -> Generator[socket.socket]:
    """Open a listening socket.

    Raises:
        NotConfigured: it cannot be had.
    """
    host, port = at
    try:
        listener = socket.create_server(at, family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    except OSError:
        raise NotConfigured(
            Localized(
                en=f"The bot cannot listen on {host}:{port}: choose another address with --http HOST:PORT.",
                ru=f"Бот не может слушать {host}:{port}: укажите другой адрес в --http HOST:PORT.",
            ),
        ) from None
    with listener:
        yield listener


OPTIONS: Final[dict[str, Any]] = {
    "lifespan": "off",
    "ws": "none",
    "log_config": None,
    # The path is a secret, more or less.
    "access_log": False,
    "server_header": False,
    "timeout_graceful_shutdown": 5,
}
