"""Which of what is mentioned is a record, an item of the CRM, a person."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.nlu.entities import NAME, QUOTE

if TYPE_CHECKING:
    from bot.nlu.sentence import Sentence

CRM: Final = frozenset({"deal", "contact", "company", "lead", "quote", "invoice"})
PEOPLE_NOUNS: Final = frozenset({"client", "contact", "company", NAME})
ITEMS: Final = CRM | PEOPLE_NOUNS | {"link", "binding", "item", QUOTE}


def records_of(sentence: Sentence) -> tuple[str, ...]:
    """Return the records that are named by number, as they are shown: "deal 5", "booking 14"."""
    refs = [
        text
        for mention in sentence.mentions
        if not mention.used
        for text in (
            *(f"{mention.noun} {number}" for number in mention.ids),
            *(f"{ref.type} {ref.id}" for ref in mention.refs),
        )
    ]
    return tuple(dict.fromkeys(refs))
