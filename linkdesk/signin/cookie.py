"""Binding a sign-in to the browser that began it: nobody else's way back is accepted."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from typing import Final

BROWSER_KEY_PREFIX: Final = "web:"
"""What the key begins with under which tokens wait until a Telegram account is linked to them."""
COOKIE_NAME: Final = "linkdesk_signin"


def new_browser_id() -> str:
    """Make what a browser is known by during one sign-in."""
    return secrets.token_urlsafe(32)


def browser_key(browser: str) -> str:
    """Give the key under which this browser's tokens wait; the cookie cannot be read off it."""
    return BROWSER_KEY_PREFIX + hashlib.sha256(browser.encode()).hexdigest()


def may_finish_in(who: str, browser: str | None) -> bool:
    """Tell whether a sign-in may end in this browser: one begun in a browser may only end there."""
    return not who.startswith(BROWSER_KEY_PREFIX) or (
        browser is not None and hmac.compare_digest(who, browser_key(browser))
    )
