"""How likely one word is a slip of another: what fingers do, weighed; a whole letter that has no reason weighs most."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import Final

from rapidfuzz.distance import OSA

KEYBOARDS: Final = (("qwertyuiop", "asdfghjkl", "zxcvbnm"), ("йцукенгшщзхъ", "фывапролджэ", "ячсмитьбю"))
DOUBLED: Final = 0.3
"""A letter that is there twice."""
SWAPPED: Final = 0.7
"""Two letters in the wrong order."""
BESIDE: Final = 0.7
"""A letter for its neighbour on the keyboard."""
LEFT_OUT: Final = 0.8
SINGLED: Final = 0.5
"""One letter of two that are the same left out: "aply"."""
OTHER: Final = 1.2
"""Any other letter, or one too many."""


@cache
def beside() -> frozenset[tuple[str, str]]:
    """Give the pairs of letters that are neighbours on a keyboard."""
    places = [
        {letter: (x + y / 2, y) for y, row in enumerate(rows) for x, letter in enumerate(row)} for rows in KEYBOARDS
    ]
    return frozenset(
        (one, other)
        for keys in places
        for one, (x, y) in keys.items()
        for other, (a, b) in keys.items()
        if one != other and abs(x - a) <= 1 and abs(y - b) <= 1
    )


@lru_cache(maxsize=50_000)
def weight(written: str, meant: str) -> float:
    """Weigh the slips that make what is written of what was meant: 0 where there is none, below 1 for a likely one."""
    near = beside()
    rows = [[0.0] * (len(meant) + 1) for _ in range(len(written) + 1)]
    for at, letter in enumerate(written, 1):
        doubled = at > 1 and letter == written[at - 2]
        rows[at][0] = rows[at - 1][0] + (DOUBLED if doubled else OTHER)
    for place, letter in enumerate(meant, 1):
        singled = place > 1 and letter == meant[place - 2]
        rows[0][place] = rows[0][place - 1] + (SINGLED if singled else LEFT_OUT)
    for at, letter in enumerate(written, 1):
        doubled = at > 1 and letter == written[at - 2]
        for place, other in enumerate(meant, 1):
            singled = place > 1 and other == meant[place - 2]
            replaced = 0.0 if letter == other else BESIDE if (letter, other) in near else OTHER
            best = min(
                rows[at - 1][place - 1] + replaced,
                rows[at - 1][place] + (DOUBLED if doubled else OTHER),
                rows[at][place - 1] + (SINGLED if singled else LEFT_OUT),
            )
            if at > 1 and place > 1 and letter == meant[place - 2] and other == written[at - 2] and letter != other:
                best = min(best, rows[at - 2][place - 2] + SWAPPED)
            rows[at][place] = best
    return rows[-1][-1]


def is_within(written: str, meant: str, most: float) -> bool:
    """Tell whether the slips weigh no more than that; what has too many wrong letters is not weighed at all."""
    letters = int(most / DOUBLED)
    return OSA.distance(written, meant, score_cutoff=letters) <= letters and weight(written, meant) <= most
