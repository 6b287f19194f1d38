"""The local application that employees sign in through, as the installation sets it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode, urlsplit

from pydantic import SecretStr

from linkdesk.errors.base import NotConfigured
from linkdesk.portal.address import is_loopback
from tool_specs.declaration.localized import Localized

TOKEN_URL: Final = "https://oauth.bitrix24.tech/oauth/token/"  # noqa: S105 - an address
"""The vendor's token endpoint. Source: https://apidocs.bitrix24.com/settings/oauth/index.html"""

CALLBACK_PATH: Final = "/oauth/callback"
LOCAL_URL: Final = "http://127.0.0.1:8391"
"""Where `linkdesk signin` listens while no public address is set."""

DEFAULT_PORTS: Final = {"https": 443, "http": 80}


@dataclass(frozen=True, slots=True)
class Application:
    """A local application of one portal: its keys, and the addresses around it."""

    origin: str
    """The portal."""
    client_id: str
    client_secret: SecretStr
    token_url: str = TOKEN_URL
    public_url: str = LOCAL_URL
    """Our own address from outside, without the path."""

    @property
    def callback_url(self) -> str:
        """Where the portal sends the browser after a sign-in; the application's settings there have to name it."""
        return f"{self.public_url}{CALLBACK_PATH}"

    @property
    def is_local(self) -> bool:
        """Whether the callback URL is on this machine."""
        return is_loopback(urlsplit(self.public_url).hostname or "")

    def authorize_address(self, state: str) -> str:
        """Return the URL that an employee opens to sign in.

        The client secret is no part of it: the portal never sees that.
        """
        return f"{self.origin}/oauth/authorize/?{urlencode({'client_id': self.client_id, 'state': state})}"


def origin_of(address: str) -> str | None:
    """Return scheme, host and port of a URL: https, or plain http on this machine; None for anything else."""
    try:
        parts = urlsplit(address.strip())
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return None
    if not re.fullmatch(r"[a-z0-9.\-]+|[0-9a-f:]+", host) or parts.username is not None or parts.password is not None:
        return None
    if parts.scheme != "https" and not (parts.scheme == "http" and is_loopback(host)):
        return None
    shown = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{shown}" + ("" if port in {None, DEFAULT_PORTS[parts.scheme]} else f":{port}")


def is_bare_origin(address: str) -> bool:
    """Return whether a URL is `https://HOST` alone, the form of LINKDESK_PORTAL when employees sign in."""
    parts = urlsplit(address.strip()) if origin_of(address) else None
    return parts is not None and parts.path in {"", "/"} and not parts.query and not parts.fragment


def endpoint_within(origin: str, client_endpoint: str) -> str | None:
    """Return the REST endpoint if it belongs to the portal, else None."""
    if origin_of(client_endpoint) != origin:
        return None
    path = urlsplit(client_endpoint).path
    return f"{origin}{path}" if re.fullmatch(r"/(?:[\w-]+/)*rest/", path) else f"{origin}/rest/"


def incomplete_application(missing: list[str]) -> NotConfigured:
    """Build the error for an application with missing settings."""
    names = ", ".join(missing)
    return NotConfigured(
        Localized(
            en=f"To let employees sign in to the portal, set {names} too; "
            "or put a webhook's address into LINKDESK_PORTAL.",
            ru=f"Чтобы сотрудники входили на портал сами, задайте ещё {names}; "
            "или впишите в LINKDESK_PORTAL адрес вебхука.",
        ),
    )


def conflicting_connections() -> NotConfigured:
    """Build the error for a webhook and an application set at the same time."""
    return NotConfigured(
        Localized(
            en="LINKDESK_CLIENT_ID or LINKDESK_CLIENT_SECRET is set, so LINKDESK_PORTAL should be https://HOST alone; "
            "with a webhook's address, remove the two.",
            ru="Заданы LINKDESK_CLIENT_ID или LINKDESK_CLIENT_SECRET, поэтому в LINKDESK_PORTAL нужен только "
            "https://HOST; с адресом вебхука уберите эти две настройки.",
        ),
    )
