"""Slips of the finger: a neighbouring key, a letter dropped, doubled or swapped."""

from __future__ import annotations

import random
from typing import Final

KEYBOARDS: Final = (("qwertyuiop", "asdfghjkl", "zxcvbnm"), ("йцукенгшщзхъ", "фывапролджэ", "ячсмитьбю"))


def _neighbours() -> dict[str, str]:
    near: dict[str, str] = {}
    for rows in KEYBOARDS:
        places = {letter: (x + y / 2, y) for y, row in enumerate(rows) for x, letter in enumerate(row)}
        for letter, (x, y) in places.items():
            others = (other for other, (a, b) in places.items() if other != letter and abs(x - a) <= 1 >= abs(y - b))
            near[letter] = "".join(sorted(others))
    return near


NEAR: Final = _neighbours()


def slip(text: str, dice: random.Random) -> str:
    """Make one slip in one of the words."""
    letters = [at for at, letter in enumerate(text) if letter.lower() in NEAR]
    if not letters:
        return text
    at = dice.choice(letters)
    match dice.choice(("replace", "drop", "double", "swap")):
        case "replace":
            return text[:at] + dice.choice(NEAR[text[at].lower()]) + text[at + 1 :]
        case "drop":
            return text[:at] + text[at + 1 :]
        case "swap" if at + 1 in letters and text[at] != text[at + 1]:
            return text[:at] + text[at + 1] + text[at] + text[at + 2 :]
        case _:
            return text[:at] + text[at] + text[at:]
