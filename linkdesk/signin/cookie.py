"""Binding a sign-in to the browser that began it: nobody else's way back is accepted."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from typing import Final

WEB: Final = "web:"
"""What the key begins with under which tokens wait until a Telegram account is linked to them."""
COOKIE: Final = "linkdesk_signin"


def new_browser() -> str:
    """Make what a browser is known by during one sign-in."""
    return secrets.token_urlsafe(32)


def holder_of(browser: str) -> str:
    """Give the key under which this browser's tokens wait; the cookie cannot be read off it."""
    return WEB + hashlib.sha256(browser.encode()).hexdigest()


def is_of(who: str, browser: str | None) -> bool:
    """Tell whether a sign-in may end in this browser: one begun in a browser may only end there."""
    return not who.startswith(WEB) or (browser is not None and hmac.compare_digest(who, holder_of(browser)))
