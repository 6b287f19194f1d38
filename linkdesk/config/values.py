"""Validators of single settings: each returns the value, or raises `ValueError` without repeating it.

What the value should be is said by the field's own declaration, so the errors carry no text.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import partial
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, SecretStr

from linkdesk.auth.allowlist import AllowList, parse_allow_lists
from linkdesk.auth.api_tokens import NAME_PATTERN, TokenOwner, parse_api_tokens
from linkdesk.auth.policy import Role
from linkdesk.config.llm import LlmLimits, is_model_address, read_limits
from linkdesk.portal.address import is_loopback
from linkdesk.portal.application import is_bare_origin, origin_of
from linkdesk.portal.rate import Rate
from tool_specs.declaration.method import Toolset

LARGEST_TELEGRAM_ID: Final = 2**52
"""Telegram says its ids have at most 52 significant bits."""


def comma_separated(value: object) -> object:
    """Read `a,b,c`; anything but a text is returned as it is, as by every reader here."""
    return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value


def staff(value: object) -> object | Mapping[int, Role]:
    """Read `1001:admin,1002:editor`."""
    if not isinstance(value, str):
        return value
    return dict(_staff_member(entry) for entry in value.split(",") if entry.strip())


def _staff_member(entry: str) -> tuple[int, Role]:
    number, _, role = (part.strip() for part in entry.partition(":"))
    if not (number.isascii() and number.isdigit() and 0 < int(number) <= LARGEST_TELEGRAM_ID):
        raise ValueError
    return int(number), Role(role.lower())


def allow_lists(value: object) -> object | Mapping[str, AllowList]:
    """Read `viewer:links+bookings,editor:all@booking+deal`."""
    return _present(parse_allow_lists(value)) if isinstance(value, str) else value


def http_tokens(value: object) -> object | tuple[TokenOwner, ...]:
    """Read `name:role:token,...`; of a token only its hash is kept."""
    return parse_api_tokens(value) if isinstance(value, str) else value


def rate(value: object) -> object | Rate:
    """Read `2/50`: requests that leak out a second, and the size of the bucket."""
    if not isinstance(value, str):
        return value
    found = re.fullmatch(r"\s*([0-9]{1,4}(?:\.[0-9]{1,3})?)\s*/\s*([0-9]{1,5})\s*", value)
    if found is None or float(found[1]) <= 0 or int(found[2]) < 1:
        raise ValueError
    return Rate(leak=float(found[1]), bucket=int(found[2]))


def llm_limits(value: object) -> object | LlmLimits:
    """Read `person:30,all:200,seconds:20,tokens:2500000`."""
    return _present(read_limits(value)) if isinstance(value, str) else value


def _present(value: object) -> object:
    if value is None:
        raise ValueError
    return value


def employee(value: str) -> str:
    """Accept an employee's key."""
    return _matching(NAME_PATTERN, value)


def telegram_token(value: SecretStr) -> SecretStr:
    """Accept `123456:ABC-DEF`: the bot's number and its secret."""
    text = value.get_secret_value().strip()
    number, _, secret = text.partition(":")
    if not (number.isascii() and number.isdigit() and secret):
        raise ValueError
    return SecretStr(text)


def telegram_api(value: str) -> str:
    """Accept the address of a Bot API server: https, or plain http on this machine."""
    address = value.strip().rstrip("/")
    scheme, _, rest = address.partition("://")
    host = rest.partition("/")[0].rpartition(":")[0] or rest.partition("/")[0]
    if not rest or (scheme != "https" and not (scheme == "http" and is_loopback(host))):
        raise ValueError
    return address


def oauth_url(value: str) -> str:
    """Accept the address of a token endpoint."""
    if origin_of(value) is None:
        raise ValueError
    return _matching(re.compile(r"[^\s?#]+"), value)


def public_url(value: str) -> str | None:
    """Accept an address without a path, and return its origin."""
    if not is_bare_origin(value):
        raise ValueError
    return origin_of(value)


def llm_url(value: str) -> str:
    """Accept the address of a language model."""
    if not is_model_address(value.strip()):
        raise ValueError
    return value.strip().rstrip("/")


def toolsets(value: tuple[str, ...]) -> tuple[str, ...]:
    """Accept names of toolsets, and `all`."""
    return _subset(value, {"all", *Toolset})


def log_words(value: tuple[str, ...]) -> tuple[str, ...]:
    """Accept a level and a format."""
    return _subset(value, {"info", "debug", "json", "console"})


def time_zone(value: str) -> str:
    """Accept the name of a time zone that this machine knows."""
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, OSError):
        raise ValueError from None
    return value


def text_like(pattern: str) -> AfterValidator:
    """Make the validator of a text that matches a pattern; space around it is dropped."""
    return AfterValidator(partial(_matching, re.compile(pattern)))


def secret_like(pattern: str) -> AfterValidator:
    """Make the validator of a secret that matches a pattern; space around it is dropped."""
    compiled = re.compile(pattern)

    def validate(value: SecretStr) -> SecretStr:
        return SecretStr(_matching(compiled, value.get_secret_value()))

    return AfterValidator(validate)


def _matching(pattern: re.Pattern[str], value: str) -> str:
    text = value.strip()
    if not pattern.fullmatch(text):
        raise ValueError
    return text


def _subset(value: tuple[str, ...], known: set[str]) -> tuple[str, ...]:
    if not set(value) <= known:
        raise ValueError
    return value
