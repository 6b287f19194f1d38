"""Bind a sign-in to the browser that started it; a callback in another browser is refused."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from typing import Final

BROWSER_KEY_PREFIX: Final = "web:"
"""What the key begins with under which tokens wait until a Telegram account is linked to them."""
COOKIE_NAME: Final = "linkdesk_signin"


def new_browser_id() -> str:
    """Create a random id for a browser, for one sign-in."""
    return secrets.token_urlsafe(32)


def browser_key(browser: str) -> str:
    """Return the key for this browser's pending tokens: a hash, which does not reveal the cookie."""
    return BROWSER_KEY_PREFIX + hashlib.sha256(browser.encode()).hexdigest()


def may_finish_in(who: str, browser: str | None) -> bool:
    """Return whether a sign-in may finish in this browser: one started in a browser must finish there."""
    return not who.startswith(BROWSER_KEY_PREFIX) or (
        browser is not None and hmac.compare_digest(who, browser_key(browser))
    )
