"""The uvicorn server: one socket, h11, and a graceful shutdown."""

from __future__ import annotations

import asyncio
import re
import secrets
import signal
import socket
from collections.abc import Generator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Final

import click
import structlog
import uvicorn
from starlette.types import ASGIApp

from linkdesk.auth.api_tokens import PREFIX, parse_api_tokens
from linkdesk.auth.policy import Actor, Face, local_user
from linkdesk.bootstrap.desk import open_desk
from linkdesk.config.settings import Settings
from linkdesk.errors.base import NotConfigured
from linkdesk.portal.address import WebhookAddress
from server.auth.scopes import granted_scopes
from server.http.app import MCP_PATH, AppContext, open_app
from server.http.shutdown import GRACE_S, ShutdownSignal
from tool_specs.declaration.localized import Localized

if TYPE_CHECKING:
    from types import FrameType

log = structlog.stdlib.get_logger()

MAX_PORT: Final = 65535
BACKLOG: Final = 1024
KEEP_ALIVE_S: Final = 75
"""Keep-alive timeout in seconds: longer than that of proxies, so that they are the ones to close a connection."""

_LISTEN_ADDRESS: Final = re.compile(r"(?P<host>\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9_.\-]+):(?P<port>[0-9]{1,5})")


def parse_listen_address(text: str) -> tuple[str, int]:
    """Parse `HOST:PORT`.

    Raises:
        NotConfigured: the text has another form.
    """
    found = _LISTEN_ADDRESS.fullmatch(text.strip())
    if found is None or int(found["port"]) > MAX_PORT:
        raise NotConfigured(
            Localized(
                en="--http takes HOST:PORT, such as 127.0.0.1:8000 or 0.0.0.0:8000.",
                ru="Для --http нужно ХОСТ:ПОРТ, например 127.0.0.1:8000 или 0.0.0.0:8000.",
            ),
        )
    return found["host"].strip("[]"), int(found["port"])


async def serve_http(settings: Settings, host: str, port: int, *, sandbox: bool) -> None:
    """Serve until a stop signal, then finish running calls.

    Raises:
        NotConfigured: the address cannot be listened on, or a setting is wrong.
    """
    check_settings(settings, sandbox=sandbox)
    with _listen(host, port) as listener:
        shown = f"[{host}]" if ":" in host else host
        local = f"http://{shown}:{listener.getsockname()[1]}"
        settings = _with_sandbox_token(settings) if sandbox else settings
        shutdown = ShutdownSignal()
        async with open_desk(settings, sandbox=sandbox) as desk:
            shared = sandbox or isinstance(settings.connection(), WebhookAddress)
            scopes = await granted_scopes(desk, Actor(local_user(), Face.MCP)) if shared else None
            context = AppContext(
                settings,
                desk,
                host=host,
                url=settings.public_url or local,
                scopes=scopes,
                sandbox=sandbox,
                shutdown=shutdown,
            )
            async with open_app(context) as app:
                click.echo(f"Linkdesk serves MCP at {context.url}{MCP_PATH} (listening on {local}).", err=True)
                await _Server(_config(app), shutdown).serve(sockets=[listener])
        log.info("http.ended")


def check_settings(settings: Settings, *, sandbox: bool) -> None:
    """Check that the settings of HTTP fit together.

    Raises:
        NotConfigured: a setting that another one needs is missing.
    """
    if settings.stateless and settings.secret_key is None and not sandbox:
        raise NotConfigured(
            Localized(
                en="LINKDESK_STATELESS needs LINKDESK_SECRET_KEY, the same for every replica. Generate one with "
                "`linkdesk key`.",
                ru="Для LINKDESK_STATELESS нужен LINKDESK_SECRET_KEY, общий для всех копий: создайте его командой "
                "`linkdesk key`.",
            ),
        )


def _with_sandbox_token(settings: Settings) -> Settings:
    """Generate a token for this run if the sandbox has none: without a token no tool can be called."""
    if settings.http_tokens:
        return settings
    token = f"{PREFIX}{secrets.token_urlsafe(32)}"
    click.echo(f"Token for this run: {token}", err=True)
    return settings.model_copy(update={"http_tokens": parse_api_tokens(f"sandbox:editor:{token}")})


def _listen(host: str, port: int) -> socket.socket:
    try:
        family, _, _, _, place = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listener = socket.create_server(place[:2], family=family, backlog=BACKLOG)
    except OSError as problem:
        raise NotConfigured(
            Localized(
                en=f"Linkdesk cannot listen on {host}:{port}: {problem.strerror}. Choose another port with --http.",
                ru=f"Адрес {host}:{port} занят или недоступен. Укажите в --http другой порт.",
            ),
        ) from None
    listener.setblocking(False)  # noqa: FBT003 - the standard library's own signature
    return listener


def _config(app: ASGIApp) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        http="h11",
        ws="none",
        lifespan="on",
        # uvicorn's logs would contain addresses and headers, which hold secrets.
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_keep_alive=KEEP_ALIVE_S,
        timeout_graceful_shutdown=GRACE_S,
    )


class _Server(uvicorn.Server):
    """A uvicorn server that exits with status 0 on a stop signal; a second signal stops it at once."""

    def __init__(self, config: uvicorn.Config, shutdown: ShutdownSignal) -> None:
        super().__init__(config)
        self._shutdown_signal = shutdown

    @contextmanager
    def capture_signals(self) -> Generator[None]:
        """Handle stop signals without raising them again at the end, as uvicorn does."""
        loop = asyncio.get_running_loop()
        numbers = (signal.SIGTERM, signal.SIGINT)
        try:
            for number in numbers:
                with suppress(NotImplementedError):  # on Windows
                    loop.add_signal_handler(number, self.handle_exit, number, None)
            yield
        finally:
            for number in numbers:
                with suppress(NotImplementedError):
                    loop.remove_signal_handler(number)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:  # noqa: ARG002 - uvicorn's signature
        """Stop accepting connections; on the second signal, stop at once."""
        self.force_exit = self.should_exit
        self.should_exit = True

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Close idle streams, then let running requests finish for a while."""
        self._shutdown_signal.begin()
        await super().shutdown(sockets)
