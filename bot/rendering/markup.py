"""Text as plain text and as Telegram's HTML, with every value escaped."""

from __future__ import annotations

import html
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

LONGEST_NAME: Final = 80
"""How much of a name from the CRM is shown: it is not ours, and may be anything."""
MOST_READ: Final = 4000
"""How much of a text from outside is looked at."""


@dataclass(frozen=True, slots=True)
class Text:
    """A text, plain and as HTML; both have the same lines."""

    plain: str
    html: str

    @classmethod
    def of(cls, text: str | int) -> Text:
        """Build from a text without markup."""
        return cls(str(text), html.escape(str(text), quote=False))

    @classmethod
    def strong(cls, text: str | int) -> Text:
        """Build a bold text."""
        return cls(str(text), f"<b>{html.escape(str(text), quote=False)}</b>")

    def __add__(self, other: Text | str) -> Text:
        other = Text.of(other) if isinstance(other, str) else other
        return Text(self.plain + other.plain, self.html + other.html)


def filled(template: str, **parts: Text | str) -> Text:
    """Fill the `{placeholders}` of a template without markup."""
    texts = {name: part if isinstance(part, Text) else Text.of(part) for name, part in parts.items()}
    return Text(
        template.format_map({name: text.plain for name, text in texts.items()}),
        html.escape(template, quote=False).format_map({name: text.html for name, text in texts.items()}),
    )


def joined(texts: Iterable[Text], separator: str = ", ") -> Text:
    """Join texts."""
    found = list(texts)
    return Text(separator.join(text.plain for text in found), separator.join(text.html for text in found))


def bounded(name: str, longest: int = LONGEST_NAME) -> str:
    """Sanitize an untrusted text: one short line of printable characters."""
    line = "".join(letter if unicodedata.category(letter)[0] not in "CZ" else " " for letter in name[:MOST_READ])
    line = " ".join(line.split())
    return line if len(line) <= longest else f"{line[: longest - 1]}…"
