"""The optional language model: its address, its key, and the limits of its use."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from urllib.parse import SplitResult, urlsplit

from pydantic import SecretStr

from linkdesk.errors.base import NotConfigured
from linkdesk.portal.address import is_loopback
from tool_specs.declaration.localized import Localized

ANTHROPIC_VERSION: Final = "2023-06-01"
_LOCAL_SUFFIXES: Final = (".localhost", ".local", ".internal", ".lan", ".home.arpa")
"""Suffixes of host names that do not exist on the internet."""


class Provider(StrEnum):
    """The wire format of the model's API."""

    OPENAI = "openai"
    ANTHROPIC = "anthropic"


@dataclass(frozen=True, slots=True)
class LlmLimits:
    """Limits: calls per person and in total per day, seconds per response, and tokens in total per day."""

    person: int = 30
    all: int = 200
    seconds: int = 20
    tokens: int = 2_500_000


LARGEST: Final = LlmLimits(person=100_000, all=1_000_000, seconds=120, tokens=10_000_000_000)
LIMIT_NAMES: Final = ("person", "all", "seconds", "tokens")


def read_limits(text: str) -> LlmLimits | None:
    """Parse any of `person:30,all:200,seconds:20,tokens:2500000`; None if it is invalid."""
    given: dict[str, int] = {}
    for entry in text.split(","):
        name, _, number = (part.strip() for part in entry.partition(":"))
        if name not in LIMIT_NAMES or name in given or not re.fullmatch(r"[0-9]{1,11}", number):
            return None
        given[name] = int(number)
        if not 1 <= given[name] <= getattr(LARGEST, name):
            return None
    return LlmLimits(**given)


@dataclass(frozen=True, slots=True)
class Llm:
    """A configured model."""

    provider: Provider
    url: str
    model: str
    key: SecretStr | None
    limits: LlmLimits

    @property
    def host(self) -> str:
        """The host that messages are sent to, with its port if one is given."""
        return urlsplit(self.url).netloc

    @property
    def answers(self) -> str:
        """The URL that messages are sent to."""
        end = "chat/completions" if self.provider is Provider.OPENAI else "messages"
        return self.url if self.url.endswith(f"/{end}") else f"{self._base}/{end}"

    @property
    def models(self) -> str:
        """The URL that lists the models."""
        return f"{self._base}/models"

    @property
    def _base(self) -> str:
        """The base URL; if only the host is given, the path of the API's version is added."""
        base = re.sub(r"/(chat/completions|messages)$", "", self.url)
        bare = not urlsplit(base).path or (self.provider is Provider.ANTHROPIC and not re.search(r"/v[0-9]+$", base))
        return f"{base}/v1" if bare else base

    def headers(self) -> Mapping[str, str]:
        """Return the headers of a request, which hold the key."""
        key = None if self.key is None else self.key.get_secret_value()
        if self.provider is Provider.OPENAI:
            return {} if key is None else {"Authorization": f"Bearer {key}"}
        version = {"anthropic-version": ANTHROPIC_VERSION}
        return version if key is None else {**version, "x-api-key": key}


def is_model_address(text: str) -> bool:
    """Return whether a URL is allowed: https anywhere, http only on this machine and its own network."""
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        return False
    plain = not (parts.username or parts.password or parts.query or parts.fragment) and "@" not in parts.netloc
    fine = plain and bool(parts.hostname) and port != 0 and re.fullmatch(r"[!-~]+", text) is not None
    return fine and (parts.scheme == "https" or (parts.scheme == "http" and _is_near(parts)))


def _is_near(parts: SplitResult) -> bool:
    host = parts.hostname or ""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        # A name without a dot belongs to this network, such as "ollama" in the same compose file.
        return is_loopback(host) or "." not in host or host.endswith(_LOCAL_SUFFIXES)
    # Metadata services of cloud machines, which hold their keys, are link-local.
    return address.is_loopback or (address.is_private and not address.is_link_local and not address.is_unspecified)


def incomplete_model(missing: list[str]) -> NotConfigured:
    """Build the error for missing settings of the model."""
    names = ", ".join(missing)
    return NotConfigured(
        Localized(
            en=f"A model is set by half: set {names} too, or remove every LINKDESK_LLM_ setting to do without one.",
            ru=f"Модель задана наполовину: задайте ещё {names} "
            "или уберите все настройки LINKDESK_LLM_, чтобы работать без модели.",
        ),
    )
