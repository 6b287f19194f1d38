"""What a setting declares about itself: docs/settings.md, `.env.example` and error messages are made from it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from pydantic_settings import BaseSettings, SettingsConfigDict

from tool_specs.declaration.localized import Localized

PREFIX: Final = "LINKDESK_"
ON_OR_OFF: Final = Localized(en="1 or 0", ru="1 или 0")


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """The texts of one setting; its field carries them in the annotation."""

    what: Localized
    """What it is for, in whole sentences. The docs add the default where `example` is the default."""
    form: Localized
    """What a value looks like: finishes the sentences "it should be ..." and «ожидается: ...»."""
    example: str
    """A value that is accepted, for `.env.example`; empty for a secret, which everybody has to make for themselves."""
    blank: bool = False
    """Whether `.env.example` has it empty, to be filled in, instead of commented out."""


class SettingsGroup(BaseSettings):
    """Settings of one subject, as fields; `Settings` inherits from all groups and is the only one that is built."""

    model_config = SettingsConfigDict(defer_build=True)


def variable(field: str) -> str:
    """Name the environment variable of a field."""
    return f"{PREFIX}{field.upper()}"
