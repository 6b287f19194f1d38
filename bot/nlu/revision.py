"""The result of a stage that rewrites a text: the text after it, and every edit with its place and its reason."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Change(StrEnum):
    """Why a piece of a text was replaced or removed."""

    ENTITY = "entity"
    """`&amp;`"""
    DIGIT = "digit"
    """A digit in a keycap or a circle."""
    BULLET = "bullet"
    """What a line of a list begins with."""
    QUOTE_MARK = "quote_mark"
    """`> ` before a line."""
    QUOTED_MAIL = "quoted_mail"
    """Somebody's earlier message below the answer."""
    HEADER = "header"
    GREETING = "greeting"
    SIGNATURE = "signature"
    REMARK = "remark"
    """Words in brackets that only add to what was said."""
    NO_SIGN = "no_sign"
    """A picture that says no, put into words."""
    LOOKALIKE = "lookalike"
    """A Latin letter inside a Cyrillic word, or the other way round."""
    LAYOUT = "layout"
    """Typed with the wrong keyboard layout."""
    TRANSLITERATION = "transliteration"
    ABBREVIATION = "abbreviation"
    GLUED = "glued"
    """A number written together with its noun."""
    SIGN = "sign"
    """`+`, `->` and the like, put into words."""
    PART = "part"
    """One order of a message was written out."""
    CORRECTION = "correction"
    """What the writer took back."""


HARMLESS: Final = frozenset(
    {Change.ENTITY, Change.DIGIT, Change.BULLET, Change.GREETING, Change.SIGNATURE, Change.LOOKALIKE, Change.NO_SIGN}
)
"""Changes that leave no doubt about what was meant; after any other one nothing runs without a confirmation."""


@dataclass(frozen=True, slots=True)
class Edit:
    """A piece that was replaced; its place is counted in the text that the pass was given."""

    start: int
    end: int
    before: str
    after: str
    change: Change


@dataclass(frozen=True, slots=True)
class Revision:
    """A text after a stage, and the edits that led to it."""

    text: str
    edits: tuple[Edit, ...] = ()

    @property
    def doubtful(self) -> bool:
        """Whether a confirmation is needed after these edits."""
        return any(edit.change not in HARMLESS for edit in self.edits)

    def then(self, stage: Callable[[str], Revision]) -> Revision:
        """Apply the next pass, and keep the edits of both."""
        following = stage(self.text)
        return Revision(following.text, self.edits + following.edits)


def revised(text: str, edits: Iterable[tuple[int, int, str]], change: Change) -> Revision:
    """Replace pieces of a text: (start, end, replacement). Pieces that overlap an earlier one are left alone."""
    done: list[Edit] = []
    parts: list[str] = []
    at = 0
    for start, end, after in sorted(edits):
        if start < at or text[start:end] == after:
            continue
        parts += [text[at:start], after]
        done.append(Edit(start, end, text[start:end], after, change))
        at = end
    return Revision("".join([*parts, text[at:]]), tuple(done))
