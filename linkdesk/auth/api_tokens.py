"""Tokens that let employees in over HTTP, as `LINKDESK_HTTP_TOKENS` sets them; stored ones are in `store.bearers`."""

from __future__ import annotations

import hmac
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from linkdesk.auth.hashing import hash_secret
from linkdesk.auth.policy import Role

MIN_LENGTH: Final = 16
"""Characters of a token that somebody made up; those of `linkdesk token add` have 43 random ones."""
PREFIX: Final = "ldt_"

NAME_PATTERN: Final = re.compile(r"(?:telegram|bitrix24):[0-9]{1,19}|[^\s:,][^:,]{0,99}")
"""An employee: by name, or as Telegram or Bitrix24 knows them."""
_ENTRY: Final = re.compile(
    rf"(?P<name>{NAME_PATTERN.pattern}):(?P<role>[a-z]+):(?P<token>[!-+\--~]{{{MIN_LENGTH},500}})"
)


@dataclass(frozen=True, slots=True)
class TokenOwner:
    """The employee that an API token authenticates."""

    name: str
    """The employee: as whom their changes and plans are kept."""
    role: Role
    token_hash: str = field(repr=False)


def parse_api_tokens(text: str) -> tuple[TokenOwner, ...]:
    """Read `name:role:token,...`.

    Raises:
        ValueError: it is something else, or a token stands there twice; the text is not repeated.
    """
    entries = [_ENTRY.fullmatch(part.strip()) for part in text.split(",") if part.strip()]
    found = [_bearer(entry) for entry in entries if entry is not None]
    if len(found) < len(entries) or len({bearer.token_hash for bearer in found}) < len(found):
        raise ValueError("tokens")
    return tuple(found)


def _bearer(entry: re.Match[str]) -> TokenOwner:
    return TokenOwner(entry["name"].strip(), Role(entry["role"]), hash_secret(entry["token"]))


def find_api_token(token: str, bearers: Iterable[TokenOwner]) -> TokenOwner | None:
    """Return the owner of a token, or None, in constant time."""
    given, found = hash_secret(token), None
    for bearer in bearers:
        if hmac.compare_digest(given, bearer.token_hash):
            found = bearer
    return found
