"""The label of a record in an error: its type and id, its time, and its name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, cast

from linkdesk.model.outcome import RecordTarget, RecordType, Target
from linkdesk.text.quotes import quote
from linkdesk.text.sanitize import one_line
from tool_specs.declaration.crm_ref import CrmRef
from tool_specs.declaration.localized import Localized, same_in_both

MAX_NAME_LENGTH: Final = 50
"""Maximum number of characters of a name, which anybody may have written."""

_RECORDS: Final = frozenset({"booking", "waitlist", "resource", "resource_type"})


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordLabel:
    """A record; `name` is the client's for a booking or waitlist entry, else the title or subject."""

    type: str
    id: int
    name: str = ""
    when: Localized | None = None

    @property
    def said(self) -> Localized:
        """The record without its name: "booking 14", "бронирование 14"."""
        if self.type == "activity":
            return Target("activity", self.id).said
        if self.type in _RECORDS:
            return RecordTarget(cast("RecordType", self.type), self.id).said
        return CrmRef.model_construct(type=self.type, id=self.id).said

    @property
    def kind(self) -> Localized:
        """The type alone: "booking", "бронирование"."""
        words = self.said
        number = f" {self.id}"
        return Localized(en=words.en.replace(number, "", 1), ru=words.ru.replace(number, "", 1))

    @property
    def details(self) -> Localized:
        """Time and name: "Fri 20 Nov, 15:00–16:00, Anna Petrova"; empty if unknown."""
        name = one_line(self.name, MAX_NAME_LENGTH)
        if self.when is None:
            return same_in_both(name)
        return Localized(en=_comma(self.when.en, name), ru=_comma(self.when.ru, name))

    @property
    def shown(self) -> Localized:
        """The record with time or name: "booking 14 (Fri 20 Nov, 15:00–16:00)", "deal 12 “Haircut”"."""
        return self.after(self.said)

    def after(self, words: Localized) -> Localized:
        """Append time or name to a text that names the record."""
        if self.when is not None:
            return Localized(en=f"{words.en} ({self.details.en})", ru=f"{words.ru} ({self.details.ru})")
        name = quote(one_line(self.name, MAX_NAME_LENGTH))
        return words if not name.en else Localized(en=f"{words.en} {name.en}", ru=f"{words.ru} {name.ru}")

    def as_json(self) -> dict[str, Any]:
        """Return it as JSON for models, without unknown fields."""
        name = one_line(self.name, MAX_NAME_LENGTH)
        shown: dict[str, Any] = {"type": self.type, "id": self.id}
        if name:
            shown["name"] = name
        return shown if self.when is None else {**shown, "when": self.when.en}


def _comma(*parts: str) -> str:
    return ", ".join(part for part in parts if part)


@dataclass(frozen=True, slots=True)
class SimilarRecords:
    """A record that does not exist, and the candidates that may have been meant, likeliest first."""

    type: str
    id: int
    candidates: tuple[RecordLabel, ...]

    @property
    def others(self) -> tuple[RecordLabel, ...]:
        """The candidates of another type with the same id."""
        return tuple(one for one in self.candidates if one.type != self.type)

    @property
    def alike(self) -> tuple[RecordLabel, ...]:
        """The candidates of the requested type."""
        return tuple(one for one in self.candidates if one.type == self.type)


def format_alternatives(records: Sequence[RecordLabel]) -> Localized:
    """Format alternatives: "booking 14 or booking 15"."""
    shown = [one.shown for one in records]
    return Localized(en=_either([one.en for one in shown], "or"), ru=_either([one.ru for one in shown], "или"))


def _either(texts: Sequence[str], word: str) -> str:
    *first, last = texts
    return f"{', '.join(first)} {word} {last}" if first else last
