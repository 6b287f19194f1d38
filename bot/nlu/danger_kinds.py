"""The reasons for which a sentence may be no order."""

from __future__ import annotations

from enum import StrEnum


class Danger(StrEnum):
    """Why a sentence may be no order. The first twelve are words of the closed class; the rest follow from grammar."""

    NEGATION = "negation"
    IDIOM = "idiom"
    """A no without a "no": "forget it", "забей"."""
    CONDITION = "condition"
    DOUBT = "doubt"
    OR = "or"
    REPORT = "report"
    """Somebody else's words or wish."""
    PAST = "past"
    LATER = "later"
    SUBJECT = "subject"
    """Somebody who does it: "he", "кто-то"; also a name or a noun before the verb."""
    HOW = "how"
    HOLD = "hold"
    """Takes back what was said: "wait", "стой"."""
    EXCEPT = "except"
    STATEMENT = "statement"
    """A verb in a form that says what was, is or will be done."""
    QUESTION = "question"
    """A question about doing it."""
    QUOTED = "quoted"
    """A verb of ours inside a quotation."""


TELLING = frozenset({Danger.STATEMENT, Danger.PAST, Danger.SUBJECT})
"""What in a clause of its own, before the one that orders, only tells something."""
