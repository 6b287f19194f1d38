"""Validation of the Host and Origin headers, which protects against DNS rebinding.

The specification asks for it on every request:
https://modelcontextprotocol.io/specification/2026-07-28/basic/transports
"""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Final
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

LOCAL_HOSTS: Final = ("localhost", "127.0.0.1", "[::1]")
WILDCARD_HOSTS: Final = frozenset({"", "0.0.0.0", "[::]"})  # noqa: S104 - compared with, not listened on

_HOST: Final = re.compile(r"(?P<name>\[[0-9a-f:.]+\]|[a-z0-9_.\-]+)(?::[0-9]{1,5})?")
_ORIGIN: Final = re.compile(r"https?://(?P<host>[^/?#]+)")

MISDIRECTED: Final = 421
FORBIDDEN: Final = 403


def allowed_hosts(listening: str, public_url: str | None) -> frozenset[str]:
    """Return the accepted host names: loopback, the one listened on, and that of the public URL."""
    shown = f"[{listening}]" if ":" in listening and not listening.startswith("[") else listening
    public = _host_name(urlsplit(public_url or "").netloc)
    return frozenset({*LOCAL_HOSTS, *({shown.lower()} - WILDCARD_HOSTS), *({public} if public else ())})


class HostCheckMiddleware:
    """Refuses requests for other hosts (421) and from pages of other origins (403)."""

    def __init__(self, app: ASGIApp, hosts: Collection[str], probes: Collection[str] = ()) -> None:
        """Store the app, the accepted hosts, and the probe paths, which are requested by IP address."""
        self._app = app
        self._hosts = hosts
        self._probes = probes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it before its body is read."""
        if scope["type"] != "http" or scope["path"] in self._probes:
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        refusal: PlainTextResponse | None = None
        if _host_name(headers.get("host", "")) not in self._hosts:
            refusal = PlainTextResponse(
                "This server does not serve this host. Set LINKDESK_PUBLIC_URL to the address that clients use.\n",
                MISDIRECTED,
            )
        elif (origin := headers.get("origin")) is not None and self._is_foreign(origin):
            refusal = PlainTextResponse("Web pages of other hosts may not call this server.\n", FORBIDDEN)
        await (refusal or self._app)(scope, receive, send)

    def _is_foreign(self, origin: str) -> bool:
        found = _ORIGIN.fullmatch(origin.lower())
        return found is None or _host_name(found["host"]) not in self._hosts


def _host_name(host: str) -> str | None:
    found = _HOST.fullmatch(host.strip().lower())
    return found["name"] if found else None
