"""Text arguments for the portal: limited in length and without control characters."""

from __future__ import annotations

import re
from typing import Annotated, Final, TypeAlias

from pydantic import AfterValidator, Field, StringConstraints
from pydantic_core import PydanticCustomError

_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_CONTROL_BUT_LINES: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_FEWEST_DIGITS: Final = 5


def fold(word: str) -> str:
    """Normalize a word for comparison."""
    return word.casefold().replace("ё", "е")


def _one_line(text: str) -> str:
    if _CONTROL.search(text):
        raise PydanticCustomError("control_characters", "must be one line without control characters")
    return text


def _lines(text: str) -> str:
    if _CONTROL_BUT_LINES.search(text):
        raise PydanticCustomError("control_characters", "must be text without control characters")
    return text


def _phone(text: str) -> str:
    if sum(char.isdigit() for char in text) < _FEWEST_DIGITS:
        raise PydanticCustomError("phone", "must be a phone number such as +79990000000")
    return text


def _email(text: str) -> str:
    if not re.fullmatch(r"[^@\s]+@[^@\s]+", text):
        raise PydanticCustomError("email", "must be an email address such as name@example.com")
    return text


def _stripped(longest: int) -> StringConstraints:
    return StringConstraints(strip_whitespace=True, min_length=1, max_length=longest)


SingleLine: TypeAlias = Annotated[str, Field(max_length=255), AfterValidator(_one_line)]
"""A name: one line."""
RequiredLine: TypeAlias = Annotated[str, _stripped(255), AfterValidator(_one_line)]
"""A name that must not be empty."""
MultiLine: TypeAlias = Annotated[str, Field(max_length=10_000), AfterValidator(_lines)]
"""A description or a note."""
SearchText: TypeAlias = Annotated[str, _stripped(255), AfterValidator(_one_line)]
"""A part of a name to look for."""
Phone: TypeAlias = Annotated[str, _stripped(40), AfterValidator(_one_line), AfterValidator(_phone)]
Email: TypeAlias = Annotated[str, _stripped(255), AfterValidator(_one_line), AfterValidator(_email)]
