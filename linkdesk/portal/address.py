"""The address of an incoming webhook, which is a password: it is never shown whole."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass, field
from typing import Final

from linkdesk.errors.base import NotConfigured
from tool_specs.declaration.localized import Localized

_PATH: Final = re.compile(r"/rest/(?P<user>[1-9][0-9]{0,9})/(?P<secret>[A-Za-z0-9_-]{4,128})/?")
_ADDRESS: Final = re.compile(
    r"(?P<scheme>https?)://(?P<host>[A-Za-z0-9.\-]+|\[[0-9A-Fa-f:]+\])(?P<port>:[0-9]{1,5})?(?P<path>/\S*)?"
)

MAX_PORT: Final = 65535
EXAMPLE: Final = "https://example.bitrix24.com/rest/1/SECRET/"


@dataclass(frozen=True, slots=True)
class WebhookAddress:
    """An incoming webhook: where the portal is, whose rights it has, and the secret."""

    origin: str
    user_id: int
    secret: str = field(repr=False)

    @classmethod
    def parse(cls, text: str) -> WebhookAddress:
        """Read `https://HOST/rest/USER/SECRET/`; plain http is for this machine only.

        Raises:
            NotConfigured: the address is not one; the sentence does not repeat it, as it may hold the secret.
        """
        address = _ADDRESS.fullmatch(text.strip())
        if address is None or not 0 < int((address["port"] or ":443")[1:]) <= MAX_PORT:
            raise _invalid_address("is not a web address", "не похожа на веб-адрес")
        if address["scheme"] == "http" and not is_loopback(address["host"]):
            raise _invalid_address("must begin with https://", "должна начинаться с https://")
        path = _PATH.fullmatch(address["path"] or "")
        if path is None:
            raise _invalid_address(
                "lacks the webhook's user number and secret", "не содержит номер пользователя и секрет вебхука"
            )
        origin = f"{address['scheme']}://{address['host']}{address['port'] or ''}".lower()
        return cls(origin=origin, user_id=int(path["user"]), secret=path["secret"])

    def url(self, rest: str) -> str:
        """Return the URL of a method, which contains the secret."""
        return f"{self.origin}/rest/{self.user_id}/{self.secret}/{rest}"

    @property
    def masked(self) -> str:
        """The address without the secret."""
        return f"{self.origin}/rest/{self.user_id}/***/"


def is_loopback(host: str) -> bool:
    """Return whether a host is this machine."""
    bare = host.strip("[]").lower()
    if bare == "localhost":
        return True
    try:
        return ipaddress.ip_address(bare).is_loopback
    except ValueError:
        return False


def _invalid_address(en: str, ru: str) -> NotConfigured:
    return NotConfigured(
        Localized(
            en=f"LINKDESK_PORTAL {en}. It should look like {EXAMPLE}",
            ru=f"Настройка LINKDESK_PORTAL {ru}. Она должна выглядеть так: {EXAMPLE}",
        ),
    )
