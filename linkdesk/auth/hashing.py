"""Create and hash the secrets we issue; they are long enough for a plain hash, and only that is stored."""

from __future__ import annotations

import hashlib
import secrets


def new_secret(prefix: str = "") -> str:
    """Create a secret of 256 random bits; the prefix identifies it to people and secret scanners."""
    return f"{prefix}{secrets.token_urlsafe(32)}"


def hash_secret(secret: str) -> str:
    """Return the SHA-256 of a secret as hexadecimal digits."""
    return hashlib.sha256(secret.encode()).hexdigest()
