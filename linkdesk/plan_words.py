"""A plan in plain sentences, for a question that another program shows: what goes, what comes, what stays."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, cast

from linkdesk.doing.changes import differing
from linkdesk.one_line import one_line
from linkdesk.outcome import AnyPlan, Plan, RecordPlan
from linkdesk.records import shown_as
from tool_specs.crm_ref import CrmRef
from tool_specs.said import Said, joined, plain

LONGEST_NAME: Final = 80
LONGEST_VALUE: Final = 200
MOST_ITEMS: Final = 20
MOST_PARTS: Final = 10

_HEAD: Final = Said(en="{target}{when}.", ru="{target}{when}.")
_GO: Final = Said(en="Removed: {items}.", ru="Будет убрано: {items}.")
_COME: Final = Said(en="Added: {items}.", ru="Будет добавлено: {items}.")
_STAY: Final = Said(en="Kept: {items}.", ru="Останется: {items}.")
_NOTHING_STAYS: Final = Said(en="Nothing is kept.", ru="Ничего не останется.")
_DELETED: Final = Said(en="Deleted for good: {fields}.", ru="Будет удалено безвозвратно: {fields}.")
_MADE: Final = Said(en="Created: {fields}.", ru="Будет создано: {fields}.")
_CHANGED: Final = Said(en="{name}: {old} → {new}.", ru="{name}: {old} → {new}.")
_MORE: Final = Said(en="And {count} more.", ru="И ещё {count}.")


def asked(plans: Sequence[AnyPlan]) -> Said:
    """Say what plans would do, in a few lines; names from the CRM stand in quotes."""
    told = [_one(plan) for plan in plans[:MOST_PARTS]]
    if (more := len(plans) - MOST_PARTS) > 0:
        told.append(_MORE.having({"count": more}))
    return Said(en="\n".join(said.en for said in told), ru="\n".join(said.ru for said in told))


def _one(plan: AnyPlan) -> Said:
    shown = _besides(plan) if isinstance(plan, Plan) else plain("")
    target = plan.target.said
    head = _HEAD.having({"target": Said(en=_capital(target.en), ru=_capital(target.ru)), "when": shown})
    parts = _of_list(plan) if isinstance(plan, Plan) else _of_record(plan)
    said = [head, *parts, *plan.also]
    return Said(en=" ".join(one.en for one in said), ru=" ".join(one.ru for one in said))


def _besides(plan: Plan) -> Said:
    """Say in brackets when the booking is, and whose; names from the CRM stand in quotes."""
    about = plan.about
    clients = [_item(ref, one_line(about.names.get(ref, ""), LONGEST_NAME)) for ref in about.clients[:MOST_ITEMS]]
    parts = [*([] if about.when is None else [about.when]), *clients]
    return joined([Said(en=f" ({said.en})", ru=f" ({said.ru})") for said in [joined(parts)]]) if parts else plain("")


def _of_list(plan: Plan) -> list[Said]:
    stays = tuple(ref for ref in plan.after if ref in plan.before)
    parts = [(_GO, plan.removed), (_COME, plan.added), (_STAY, stays)]
    said = [words.having({"items": _items(plan, refs)}) for words, refs in parts if refs]
    return said if stays or plan.added else [*said, _NOTHING_STAYS]


def _items(plan: Plan, refs: Sequence[CrmRef]) -> Said:
    said = [_item(ref, one_line(plan.about.names.get(ref, ""), LONGEST_NAME)) for ref in refs[:MOST_ITEMS]]
    return joined(said) if len(refs) <= MOST_ITEMS else joined([*said, plain("…")])


def _item(ref: CrmRef, name: str) -> Said:
    return Said(en=f"{ref.said.en} “{name}”", ru=f"{ref.said.ru} «{name}»") if name else ref.said


def _of_record(plan: RecordPlan) -> list[Said]:
    before, after = shown_as(plan.before), shown_as(plan.after)
    if before is None or after is None:
        known = {name: value for name, value in (before or after or {}).items() if value not in (None, [])}
        fields = [f"{name} {_value(value)}" for name, value in known.items()]
        return [(_DELETED if after is None else _MADE).having({"fields": "; ".join(fields)})]
    return [
        _CHANGED.having({"name": name, "old": _value(old), "new": _value(new)})
        for name, (old, new) in differing(before, after).items()
    ]


def _value(value: Any) -> str:  # noqa: ANN401 - JSON
    """Write a value of a record: what is named by its name, lists one after another."""
    match value:
        case None:
            return "—"
        case {"type": str(kind), "id": int(number), **rest}:
            name = one_line(str(rest.get("name") or ""), LONGEST_NAME)
            return f"{kind} {number} “{name}”" if name else f"{kind} {number}"
        case {"name": str(name)}:
            return f"“{one_line(name, LONGEST_NAME)}”"
        case dict():
            return ", ".join(f"{name} {_value(inner)}" for name, inner in cast("dict[str, Any]", value).items())
        case [*items]:
            return ", ".join(_value(inner) for inner in items[:MOST_ITEMS])
        case _:
            return one_line(str(value), LONGEST_VALUE)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
