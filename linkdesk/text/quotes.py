"""Names in quotation marks, as each language has them, also where the name holds quotation marks itself."""

from __future__ import annotations

from typing import Final

from tool_specs.declaration.localized import Localized

_MARKS: Final = frozenset('"«»„“”')


def quote(name: str) -> Localized:
    """Put a name in quotation marks; return an empty text if there is no name."""
    if not name:
        return Localized(en="", ru="")
    return Localized(en=f"“{nest_quotes(name, '‘', '’')}”", ru=f"«{nest_quotes(name, '„', '“')}»")


def nest_quotes(text: str, opening: str, closing: str) -> str:
    """Replace a text's quotation marks with inner ones; leave it unchanged if they do not pair."""
    found: list[str] = []
    depth = 0
    for place, letter in enumerate(text):
        if letter not in _MARKS:
            found.append(letter)
            continue
        begins = letter in "«„" or (letter in '"“' and (place == 0 or not (text[place - 1].isalnum() or depth)))
        depth += 1 if begins else -1
        if depth < 0:
            return text
        found.append(opening if begins else closing)
    return text if depth else "".join(found)
