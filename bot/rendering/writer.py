"""Formatting in one language: quoted names, records with numbers, dates and times, rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Final

from babel.dates import format_date, format_datetime

from bot.rendering.markup import LONGEST_NAME, Text, bounded, filled, joined
from bot.rendering.phrases import NOTHING_CHANGED
from linkdesk.model.views import Named, NamedRef
from linkdesk.text.quotes import quote
from tool_specs.declaration.crm_ref import CrmRef
from tool_specs.declaration.localized import Language, Localized

MOST_ROWS: Final = 20
"""How many rows of a list, or items of a line, are shown."""
MOST_IN_ROW: Final = 3
"""How many items are shown within a row."""
LONGEST_TEXT: Final = 300
"""How much of a note or a description is shown."""

_NONE: Final = Localized(en="none", ru="нет")
_NOT_READ: Final = Localized(en="could not be read", ru="прочитать не удалось")
_AND_MORE: Final = Localized(en="and {count} more", ru="и ещё {count}")
_ON: Final = Localized(en=" on {day}", ru=" на {day}")
_FROM_TO: Final = Localized(en=" from {first} to {last}", ru=" с {first} по {last}")
_FROM: Final = Localized(en=" from {first}", ru=" с {first}")
_UNTIL: Final = Localized(en=" until {last}", ru=" по {last}")


@dataclass(frozen=True, slots=True)
class Writer:
    """Formats values in one language; dates of the current year omit it."""

    language: Language
    year: int | None = None
    alone: bool = True
    """Whether nothing else is said with it, so that "nothing was changed" speaks of this alone."""

    def to(self, text: Localized) -> str:
        """Return the text in this language."""
        return text.to(self.language)

    def fill(self, template: Localized, **parts: Text | str) -> Text:
        """Fill a template in this language."""
        return filled(self.to(template), **parts)

    def quoted(self, name: str | None, longest: int = LONGEST_NAME) -> Text:
        """Quote an untrusted name; empty where there is none."""
        return Text.of(self.to(quote(bounded(name or "", longest))))

    def unchanged(self) -> str:
        """Append that nothing was changed, where nothing else is reported."""
        return f" {self.to(NOTHING_CHANGED)}" if self.alone else ""

    def numbered(self, words: Localized, number: int | None, name: str | None = None, *, strong: bool = False) -> Text:
        """Render a record: "resource 1 “Anna”"."""
        spoken = self.to(words) if number is None else f"{self.to(words)} {number}"
        head = Text.strong(capitalized(spoken)) if strong else Text.of(spoken)
        quoted = self.quoted(name)
        return head + " " + quoted if quoted.plain else head

    def ref(self, ref: NamedRef, *, strong: bool = False) -> Text:
        """Render a CRM item: "deal 7 “Haircut”"."""
        spoken = self.to(CrmRef.model_construct(type=ref.type, id=ref.id).said)
        head = Text.strong(capitalized(spoken)) if strong else Text.of(spoken)
        quoted = self.quoted(ref.name)
        return head + " " + quoted if quoted.plain else head

    def refs(self, refs: Sequence[NamedRef] | None, most: int = MOST_ROWS) -> Text:
        """Render CRM items, separated by commas; None means they could not be read."""
        if refs is None:
            return Text.of(self.to(_NOT_READ))
        return self.several([self.ref(ref) for ref in refs[:most]], len(refs))

    def resources(self, resources: Sequence[Named], most: int = MOST_ROWS) -> Text:
        """Render resources by name and number."""
        return self.several([self.resource(one) for one in resources[:most]], len(resources))

    def resource(self, one: Named) -> Text:
        """Render a resource by name and number."""
        return Text.of(f"{bounded(one.name)} ({one.id})" if one.name else str(one.id))

    def several(self, texts: Sequence[Text], count: int | None = None) -> Text:
        """Render texts separated by commas, or "none"; `count` is the total where not all are given."""
        if not texts:
            return Text.of(self.to(_NONE))
        shown = texts[:MOST_ROWS]
        rest = (len(texts) if count is None else count) - len(shown)
        return joined([*shown, *([self.fill(_AND_MORE, count=str(rest))] if rest > 0 else [])])

    def rows(self, texts: Iterable[Text]) -> Iterator[Text]:
        """Render a list, a row each, and how many are left out."""
        found = list(texts)
        for text in islice(found, MOST_ROWS):
            yield Text.of("• ") + text
        if len(found) > MOST_ROWS:
            yield self.fill(_AND_MORE, count=str(len(found) - MOST_ROWS))

    def day(self, day: date) -> str:
        """Render a date: "Fri 20 Nov", with the year unless it is the current one."""
        return format_date(day, "EEE d MMM" if day.year == self.year else "EEE d MMM y", locale=self.language)

    def moment(self, text: str) -> str:
        """Render an ISO 8601 time; anything else is returned as it is."""
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            return bounded(text)
        return f"{self.day(moment.date())}, {self.clock(moment)}"

    def clock(self, moment: datetime) -> str:
        """Render the time of day."""
        return format_datetime(moment, "HH:mm", locale=self.language)

    def period(self, start: str, end: str, *, day: bool = True) -> str:
        """Render an interval of ISO 8601 times: "Fri 20 Nov, 15:00–16:00"; optionally without the day."""
        try:
            first, last = datetime.fromisoformat(start), datetime.fromisoformat(end)
        except ValueError:
            return bounded(f"{start} – {end}")
        same = first.date() == last.date()
        head = self.moment(start) if day or not same else self.clock(first)
        return f"{head}–{self.clock(last) if same else self.moment(end)}"

    def days(self, start: str | None, end: str | None) -> tuple[str, bool]:
        """Render the days of a search after a space, and return whether it is one day; the last is included."""
        first = datetime.fromisoformat(start) if start else None
        last = datetime.fromisoformat(end) if end else None
        if first and last and (first.date() == (last - timedelta(seconds=1)).date()):
            return self.to(_ON).format(day=self.day(first.date())), True
        ends = {
            "first": "" if first is None else self._end(first, first),
            "last": "" if last is None else self._end(last, last - timedelta(seconds=1)),
        }
        template = {(True, True): _FROM_TO, (True, False): _FROM, (False, True): _UNTIL}.get((bool(first), bool(last)))
        return ("" if template is None else self.to(template).format(**ends)), False

    def _end(self, moment: datetime, day: datetime) -> str:
        """Render an end of a period: a date for whole days, otherwise a time."""
        whole = moment.hour == moment.minute == 0 or (day.hour, day.minute) == (23, 59)
        return self.day(day.date()) if whole else f"{self.day(moment.date())}, {self.clock(moment)}"


def capitalized(text: str) -> str:
    """Return the text with a capital first letter."""
    return text[:1].upper() + text[1:]
