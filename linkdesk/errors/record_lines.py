"""Render the records of an error for people and models: labels, conflicts and suggestions. Pure.

To a model, names are fields of their own: what anybody wrote in the CRM never becomes a part of our sentences.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from linkdesk.errors.base import Trouble
from linkdesk.model.record_label import RecordLabel, SimilarRecords, format_alternatives
from tool_specs.declaration.localized import Localized, join_with_commas, same_in_both

Facts = Mapping[str, Localized | str | int]

MAX_RECORDS_IN_CHAT: Final = 4
"""Bookings in the way that a chat names."""
_IN_THE_WAY: Final = Localized(en="That time is taken by: {bookings}.", ru="Это время уже занимают: {bookings}.")
_OTHER_KIND: Final = Localized(en="{id} is {found}, not {wanted}.", ru="{id} — это {found}, а не {wanted}.")
_DID_YOU_MEAN: Final = Localized(en="Did you mean {candidates}?", ru="Возможно, имелось в виду: {candidates}?")
_THEN_SEND: Final = Localized(en="Then send: {command}", ru="Тогда отправьте: {command}")
_FOR_THE_FIRST: Final = Localized(en="For the first one: {command}", ru="Для первого варианта: {command}")
ASK_WHICH: Final = "Ask the person whether one of the candidates is meant; do not choose for them."


def name_records(trouble: Trouble, facts: Facts) -> Facts:
    """Add names to the facts that are records with known labels."""
    return {name: _name_record(trouble, name, fact) for name, fact in facts.items()}


def _name_record(trouble: Trouble, name: str, fact: Localized | str | int) -> Localized | str | int:
    for record in trouble.known:
        if isinstance(fact, Localized):
            if fact == record.said:
                return record.shown
        elif name == _field(record) and str(fact) == str(record.id):
            return record.after(same_in_both(record.id))
    return fact


def unnamed_record_line(trouble: Trouble) -> list[Localized]:
    """Return the record that an error is about where its own words do not: "Booking 14: Fri 20 Nov, 15:00–16:00."."""
    spoken = {name for name in trouble.failure.what.placeholders() if name in trouble.facts}
    owners = [record for record in trouble.known if record.type in _OWNERS and record.details.en]
    return [
        Localized(en=f"{_capital(one.said.en)}: {one.details.en}.", ru=f"{_capital(one.said.ru)}: {one.details.ru}.")
        for one in owners
        if not any(_name_record(trouble, name, trouble.facts[name]) != trouble.facts[name] for name in spoken)
    ][:1]


_OWNERS: Final = frozenset({"booking", "waitlist", "activity", "resource"})


def _field(record: RecordLabel) -> str:
    return f"{record.type}_id"


def suggestion_lines(trouble: Trouble, ready: str | None) -> Iterator[Localized]:
    """Return the lines about conflicts and suggestions, with a command ready to be sent."""
    if trouble.in_the_way:
        shown = join_with_commas([one.shown for one in trouble.in_the_way[:MAX_RECORDS_IN_CHAT]])
        yield _IN_THE_WAY.format_map({"bookings": shown})
    if trouble.meant is None:
        return
    yield from (_other(trouble.meant, one) for one in trouble.meant.others[:1])
    if trouble.meant.alike:
        yield _DID_YOU_MEAN.format_map({"candidates": format_alternatives(trouble.meant.alike)})
    if ready is not None:
        template = _THEN_SEND if len(trouble.meant.candidates) == 1 else _FOR_THE_FIRST
        yield template.format_map({"command": ready})


def _other(meant: SimilarRecords, found: RecordLabel) -> Localized:
    """Return the line about an id that belongs to another kind of record."""
    wanted = RecordLabel(type=meant.type, id=meant.id)
    return _OTHER_KIND.format_map(
        {"id": meant.id, "found": found.after(_one(found.kind)), "wanted": _one(wanted.kind)},
    )


def _one(kind: Localized) -> Localized:
    return Localized(en=f"{'an' if kind.en[0] in 'aeiou' else 'a'} {kind.en}", ru=kind.ru)


def record_fields(trouble: Trouble) -> dict[str, Any]:
    """Return the records as fields for a model, without empty ones."""
    lists = {
        "names": trouble.known,
        "in_the_way": trouble.in_the_way,
        "candidates": trouble.meant.candidates if trouble.meant else (),
    }
    return {name: [one.as_json() for one in records] for name, records in lists.items() if records}


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
