"""A plan as plain text, for a question that another program shows: what is removed, added and kept.

Texts from records are data: they are quoted, put on one line, and shortened.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final, cast

from linkdesk.errors.argument_labels import argument_label
from linkdesk.execution.apply_record import view_as_json
from linkdesk.handlers.changes import differing_fields
from linkdesk.model.outcome import AnyPlan, Plan, RecordPlan, SkippedPart, merge_by_target
from linkdesk.text.intervals import format_interval
from linkdesk.text.quotes import quote
from linkdesk.text.sanitize import one_line
from tool_specs.declaration.crm_ref import CrmRef
from tool_specs.declaration.localized import Localized, join_with_commas, same_in_both

MAX_NAME_LENGTH: Final = 80
MAX_VALUE_LENGTH: Final = 200
MAX_ITEMS: Final = 20
MAX_FIELDS: Final = 12
MAX_PARTS: Final = 10

_HEAD: Final = Localized(en="{target}{when}.", ru="{target}{when}.")
_REMOVED: Final = Localized(en="Removed: {items}.", ru="Будет убрано: {items}.")
_ADDED: Final = Localized(en="Added: {items}.", ru="Будет добавлено: {items}.")
_KEPT: Final = Localized(en="Kept: {items}.", ru="Останется: {items}.")
_NOTHING_KEPT: Final = Localized(en="Nothing is kept.", ru="Ничего не останется.")
_DELETED: Final = Localized(en="Deleted for good: {fields}.", ru="Будет удалено безвозвратно: {fields}.")
_CREATED: Final = Localized(en="Created: {fields}.", ru="Будет создано: {fields}.")
_CHANGED: Final = Localized(en="{name}: {old} → {new}.", ru="{name}: {old} → {new}.")
_FIELD: Final = Localized(en="{name} {value}", ru="{name} {value}")
_MORE: Final = Localized(en="And {count} more.", ru="И ещё {count}.")
_ALREADY: Final = Localized(en="{target}: already so.", ru="{target}: уже так.")
_LEFT_OUT: Final = Localized(en="{target}, left out: {why}", ru="{target}, не войдёт: {why}")
_NOTHING: Final = same_in_both("—")
_YES: Final = Localized(en="yes", ru="да")
_NO: Final = Localized(en="no", ru="нет")
_OTHERS: Final[Mapping[str, Localized]] = {
    "resources": Localized(en="resources", ru="ресурсы"),
    "type": Localized(en="resource type", ru="тип ресурсов"),
    "time": Localized(en="time", ru="время"),
    "resource": Localized(en="resource", ru="ресурс"),
}
_PLAIN: Final = frozenset({"timezone", "start", "end", "weekdays"})
"""Fields with our own texts, which need no quotation marks."""


def confirmation_question(
    plans: Sequence[AnyPlan], unfit: Sequence[SkippedPart] = (), also: Sequence[Localized] = ()
) -> Localized:
    """Format what plans would do, in a few lines, and which records are skipped and why."""
    merged = merge_by_target(plans)
    told = [_one(plan) for plan in merged[:MAX_PARTS]]
    told += _more(len(merged) - MAX_PARTS)
    told += [_skipped(one) for one in unfit[:MAX_PARTS]]
    told += _more(len(unfit) - MAX_PARTS)
    return _join([*told, *also], "\n")


def _more(count: int) -> list[Localized]:
    return [_MORE.format_map({"count": count})] if count > 0 else []


def _skipped(one: SkippedPart) -> Localized:
    facts: dict[str, Localized | str | int] = {"target": _capital(one.target.said), "why": one.why or ""}
    return (_ALREADY if one.why is None else _LEFT_OUT).format_map(facts)


def _one(plan: AnyPlan) -> Localized:
    shown = _besides(plan) if isinstance(plan, Plan) else same_in_both("")
    head = _HEAD.format_map({"target": _capital(plan.target.said), "when": shown})
    parts = _list_lines(plan) if isinstance(plan, Plan) else _record_lines(plan)
    return _join([head, *parts, *plan.also], " ")


def _besides(plan: Plan) -> Localized:
    """Format in parentheses when the booking is and whose, with names from the CRM in quotes."""
    about = plan.about
    clients = [_item(ref, one_line(about.names.get(ref, ""), MAX_NAME_LENGTH)) for ref in about.clients[:MAX_ITEMS]]
    parts = [*([] if about.when is None else [about.when]), *clients]
    return (
        join_with_commas([Localized(en=f" ({said.en})", ru=f" ({said.ru})") for said in [join_with_commas(parts)]])
        if parts
        else same_in_both("")
    )


def _list_lines(plan: Plan) -> list[Localized]:
    stays = tuple(ref for ref in plan.after if ref in plan.before)
    parts = [(_REMOVED, plan.removed), (_ADDED, plan.added), (_KEPT, stays)]
    said = [words.format_map({"items": _items(plan, refs)}) for words, refs in parts if refs]
    return said if stays or plan.added else [*said, _NOTHING_KEPT]


def _items(plan: Plan, refs: Sequence[CrmRef]) -> Localized:
    said = [_item(ref, plan.about.names.get(ref, "")) for ref in refs[:MAX_ITEMS]]
    return join_with_commas(said) if len(refs) <= MAX_ITEMS else join_with_commas([*said, same_in_both("…")])


def _item(ref: CrmRef, name: str) -> Localized:
    return _join([ref.said, _text(name, MAX_NAME_LENGTH)], " ") if name else ref.said


def _record_lines(plan: RecordPlan) -> list[Localized]:
    before, after = _fields(view_as_json(plan.before)), _fields(view_as_json(plan.after))
    if before is None or after is None:
        known = {name: value for name, value in (before or after or {}).items() if value not in (None, "", [], {})}
        told = [
            _FIELD.format_map({"name": _named(name), "value": _value(name, value)})
            for name, value in list(known.items())[:MAX_FIELDS]
        ]
        told += [same_in_both("…")] if len(known) > MAX_FIELDS else []
        return [(_DELETED if after is None else _CREATED).format_map({"fields": _join(told, "; ")})]
    return [
        _CHANGED.format_map({"name": _capital(_named(name)), "old": _value(name, old), "new": _value(name, new)})
        for name, (old, new) in differing_fields(before, after).items()
    ]


def _fields(record: dict[str, Any] | None) -> dict[str, Any] | None:
    """Return the fields that matter to a person, with the period as one."""
    if record is None:
        return None
    fields = {name: value for name, value in record.items() if name != "id"}
    match fields:
        case {"date_from": str(start), "date_to": str(end)}:
            rest = {name: value for name, value in fields.items() if name not in {"date_from", "date_to", "timezone"}}
            return {"time": format_interval(datetime.fromisoformat(start), datetime.fromisoformat(end)), **rest}
        case _:
            return fields


def _named(name: str) -> Localized:
    return _OTHERS.get(name) or argument_label(name)


def _value(name: str, value: Any) -> Localized:  # noqa: ANN401, PLR0911 - JSON, and each of its kinds
    """Format a value of a record: references by name, lists joined, texts in quotation marks."""
    match value:
        case Localized():
            return value
        case None | "" | []:
            return _NOTHING
        case bool():
            return _YES if value else _NO
        case {"type": str(kind), "id": int(number), **rest}:
            return _item(CrmRef.model_construct(type=kind, id=number), str(rest.get("name") or ""))
        case {"name": str(called)}:
            return _text(called, MAX_NAME_LENGTH)
        case dict():
            inner = cast("dict[str, Any]", value)
            return join_with_commas(
                [_FIELD.format_map({"name": _named(key), "value": _value(key, inner[key])}) for key in inner]
            )
        case [*items]:
            said = [_value(name, one) for one in items[:MAX_ITEMS]]
            return join_with_commas(said if len(items) <= MAX_ITEMS else [*said, same_in_both("…")])
        case str() if name not in _PLAIN:
            return _text(value, MAX_VALUE_LENGTH)
        case _:
            return same_in_both(one_line(str(value), MAX_VALUE_LENGTH))


def _text(text: str, longest: int) -> Localized:
    """Quote a text that anybody may have written."""
    return quote(one_line(text, longest))


def _join(said: Sequence[Localized], between: str) -> Localized:
    return Localized(en=between.join(one.en for one in said), ru=between.join(one.ru for one in said))


def _capital(said: Localized) -> Localized:
    return Localized(en=said.en[:1].upper() + said.en[1:], ru=said.ru[:1].upper() + said.ru[1:])
