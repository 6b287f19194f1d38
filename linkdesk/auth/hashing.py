"""Secrets that we hand out: made long enough that a plain hash hides them, and kept as that hash only."""

from __future__ import annotations

import hashlib
import secrets


def new_secret(prefix: str = "") -> str:
    """Make a secret of 256 random bits; the prefix tells people, and scanners of leaks, what it is."""
    return f"{prefix}{secrets.token_urlsafe(32)}"


def hash_secret(secret: str) -> str:
    """Give what is kept of a secret: its SHA-256, in hexadecimal digits."""
    return hashlib.sha256(secret.encode()).hexdigest()
