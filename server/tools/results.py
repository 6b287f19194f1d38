"""Tool results: an outcome as compact JSON, both structured and as text, or an error as text only.

Hosts show a model either the structured content or the text, so both are the same. An error has no structured
content: some clients would validate it against the output schema and discard it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, Final, cast

from mcp.types import CallToolResult, TextContent
from pydantic import BaseModel

from linkdesk.errors.base import Trouble
from linkdesk.errors.codes import linkdesk as own_errors
from linkdesk.errors.render import render_for_model
from linkdesk.handlers.plans import plan_view, skipped_part_view
from linkdesk.handlers.registry import handler_of
from linkdesk.model.json_schema import Schema, plain
from linkdesk.model.outcome import (
    AnyPlan,
    Done,
    Listing,
    Outcome,
    Plan,
    PlanDetails,
    ReadResult,
    RecordDone,
    SkippedPart,
    Waiting,
    WaitingMany,
    merge_by_target,
    pending_plans,
)
from linkdesk.model.views import PlanView
from linkdesk.plans.model import StoredPlan
from linkdesk.text.sanitize import one_line
from server.tools.concise import apply_response_format
from tool_specs.declaration.crm_ref import CrmRef
from tool_specs.declaration.failure import Failure
from tool_specs.declaration.method import Effect, Method, Toolset
from tool_specs.recipes.changes_and_plans import UndoChange

MAX_NAME_LENGTH: Final = 80
"""The longest name from the CRM, which is untrusted text."""
NO_LABELS: Final = PlanDetails()
MAX_TEXT_LENGTH: Final = 500
"""The longest other text from the CRM."""

_TOOL_NAME: Final = re.compile(r"\b(?:add|delete|find|get|list|move|set|undo|unset|update)_[a-z_]+")


def tool_result(outcome: Outcome) -> CallToolResult:
    """Build the tool result of an outcome."""
    data = result_data(outcome)
    return _error(data) if isinstance(outcome, Waiting | WaitingMany) else _success(data)


def result_data(outcome: Outcome) -> Schema:
    """Build the JSON data of an outcome, for tools and resources alike."""
    match outcome:
        case Listing():
            return _listing(outcome)
        case Done():
            return _done(outcome)
        case ReadResult():
            return _record(apply_response_format(outcome.asked, outcome.shown))
        case RecordDone():
            return _record_done(outcome)
        case Waiting() | WaitingMany():
            return refusal_data(Trouble(waiting_reason(outcome)), outcome)


def waiting_reason(waiting: Waiting | WaitingMany) -> Failure:
    """Return the failure that says why a plan needs a person and where that person can carry it out."""
    if isinstance(waiting, WaitingMany):
        return own_errors.NEEDS_A_PERSON
    plan = waiting.plan
    if not plan.destroys:
        return own_errors.WRITES_NEED_A_PERSON
    if isinstance(plan.asked, UndoChange):
        return own_errors.UNDO_NEEDS_A_PERSON
    if isinstance(plan, Plan):
        return own_errors.NEEDS_A_PERSON
    return own_errors.NEEDS_BITRIX24 if plan.asked.slash is None else own_errors.DELETING_NEEDS_A_PERSON


def refusal_data(trouble: Trouble, waiting: Waiting | WaitingMany) -> Schema:
    """Build the error data of a plan for which nobody can be asked, with a preview of the changes."""
    unfit = waiting.unfit if isinstance(waiting, WaitingMany) else ()
    return {
        **render_for_model(trouble),
        **_preview(pending_plans(waiting), unfit, many=isinstance(waiting, WaitingMany)),
    }


def _preview(plans: Sequence[AnyPlan], unfit: Sequence[SkippedPart], *, many: bool) -> Schema:
    """Build the preview: the change of one record, or the parts of a bulk request including those left out."""
    parts = [_plan(one) for one in merge_by_target(plans)]
    return {"parts": [*parts, *(_record(skipped_part_view(one)) for one in unfit)]} if many else parts[0]


def plan_result(plan: StoredPlan) -> CallToolResult:
    """Build the result of a carried-out plan, part by part."""
    return _success(_record(plan_view(plan, "UTC")))


def returns_plan(method: type[Method[Any]]) -> bool:
    """Return whether a tool answers with a plan and its parts."""
    return handler_of(method).shows is PlanView


def waiting_plan_result(plan: StoredPlan, where: str, *, many: bool) -> CallToolResult:
    """Build the result of a plan that waits for a person; nothing was changed."""
    return _success(
        {
            "plan_id": plan.id,
            "changed": False,
            "waits_for": where,
            "expires": plan.until.isoformat(timespec="seconds"),
            "state": plan.state.value,
            "also": [_WAITING_NOTE, *(said.en for said in plan.also)],
            **_preview(plan.plans, plan.unfit, many=many),
        }
    )


_WAITING_NOTE: Final = "Nothing was changed yet: a person has to agree first. Look again with get_plan."


def error_result(trouble: Trouble, offered: Collection[str] = ()) -> CallToolResult:
    """Build an error result; its next step is replaced where it would name a tool that is not offered."""
    named = set(_TOOL_NAME.findall(trouble.failure.call or ""))
    return _error(render_for_model(trouble, None if named <= set(offered) else trouble.next.en))


def output_schema(method: type[Method[Any]]) -> Schema:
    """Build the output schema of a tool, kept short because some hosts show it to the model."""
    if (shows := handler_of(method).shows) is not None:
        return _view_schema(shows)
    if method.effect is Effect.READ and method.toolset is not Toolset.LINKS:
        return {"type": "object"}
    if method.effect is Effect.READ:
        # The key is the last word of the tool's name: list_booking_links answers with "links".
        return _object({"target": _TARGET, method.name().rpartition("_")[2]: _NAMED, "when": _TEXT}, "when")
    if method is UndoChange:
        # "before" and "after" are left out: they are lists or records, depending on the undone change. A plan is
        # undone part by part.
        undone = {"target": _TARGET, "changed": _BOOLEAN, "also": _TEXTS, "change_id": _TEXT, "parts": _REFS}
        return _object(undone, *undone)
    if method.toolset is Toolset.LINKS:
        return _object(
            {
                "target": _TARGET,
                "changed": _BOOLEAN,
                "before": _REFS,
                "after": _REFS,
                "also": _TEXTS,
                "names": _NAMED,
                "change_id": _TEXT,
            },
            "change_id",
        )
    record: Schema = {"type": "object"}
    return _object(
        {
            "target": _TARGET,
            "changed": _BOOLEAN,
            "before": record,
            "after": record,
            "also": _TEXTS,
            "change_id": _TEXT,
        },
        "before",
        "after",
        "change_id",
    )


def _view_schema(shows: type[BaseModel]) -> Schema:
    if shows is PlanView:
        return _object({"plan_id": _TEXT, "state": _TEXT, "parts": _REFS})
    return _shallow(_lenient(plain(shows.model_json_schema(mode="serialization"))), SCHEMA_DEPTH)


SCHEMA_DEPTH: Final = 1
"""Levels of nesting that the schema describes; the rows of a list count as one."""


def _shallow(schema: Schema, depth: int) -> Schema:
    """Reduce deeper levels to their type, which keeps the schema short."""
    if depth < 0:
        return {"type": schema["type"]} if "type" in schema else {}
    inner: Schema = dict(schema)
    if isinstance(schema.get("properties"), dict):
        inner["properties"] = {
            name: _shallow(cast("Schema", value), depth - 1) for name, value in schema["properties"].items()
        }
    if isinstance(schema.get("items"), dict):
        inner["items"] = _shallow(cast("Schema", schema["items"]), depth)
    return inner


def _object(properties: Mapping[str, Schema], *optional: str) -> Schema:
    required = [name for name in properties if name not in optional]
    return {"type": "object", "properties": dict(properties), "required": required}


def _lenient(schema: Schema) -> Schema:
    """Allow additional properties, so that clients do not reject newer answers, and drop descriptions."""
    prose = {"description"} if isinstance(schema.get("description"), str) else set[str]()
    dropped = {"additionalProperties", "default"} | prose
    return {key: _lenient_part(value) for key, value in schema.items() if key not in dropped}


def _lenient_part(value: object) -> object:
    return _lenient(cast("Schema", value)) if isinstance(value, dict) else value


_TEXT: Final[Schema] = {"type": "string"}
_TEXTS: Final[Schema] = {"type": "array", "items": _TEXT}
_BOOLEAN: Final[Schema] = {"type": "boolean"}
_TARGET: Final[Schema] = {"type": "object"}
_REFS: Final[Schema] = {"type": "array", "items": {"type": "object"}}
_NAMED: Final = _REFS


def _listing(listing: Listing) -> Schema:
    shown = {"target": listing.target.as_json(), listing.kind: _items(listing.items, listing.about)}
    return shown if listing.about.when is None else {**shown, "when": listing.about.when.en}


def _done(done: Done) -> Schema:
    """Build the data of a change: `before` and `after` are bare references, names are listed separately."""
    return {
        "target": done.plan.target.as_json(),
        "changed": done.changed,
        "before": _items(done.plan.before),
        "after": _items(done.after),
        "also": [said.en for said in done.also],
        "names": [item for item in _items((*done.after, *done.plan.removed), done.plan.about) if "name" in item],
        **_change_id(done.change_id),
    }


def _change_id(change_id: str | None) -> Schema:
    return {} if change_id is None else {"change_id": change_id}


def _record_done(done: RecordDone) -> Schema:
    states = {"before": _record(done.plan.before), "after": _record(done.after)}
    return {
        "target": done.target.as_json(),
        "changed": done.changed,
        **{name: state for name, state in states.items() if state},
        "also": [said.en for said in done.also],
        **_change_id(done.change_id),
    }


def _plan(plan: AnyPlan) -> Schema:
    target = {name: value for name, value in plan.target.as_json().items() if value is not None}
    if isinstance(plan, Plan):
        return {
            "target": target,
            "before": _items(plan.before),
            "after": _items(plan.after),
            "names": _items(plan.about.names, plan.about),
        }
    return {"target": target, "before": _record(plan.before), "after": _record(plan.after)}


def _record(record: BaseModel | None) -> Schema:
    """Dump a record without empty fields, its texts sanitized."""
    shown = {} if record is None else record.model_dump(mode="json", exclude_none=True)
    return cast("Schema", _sanitize(shown))


def _sanitize(value: object) -> object:
    match value:
        case str():
            return one_line(value, MAX_TEXT_LENGTH)
        case dict():
            return {name: _sanitize(inner) for name, inner in cast("Schema", value).items()}
        case list():
            return [_sanitize(inner) for inner in cast("list[object]", value)]
        case _:
            return value


def _items(items: Iterable[CrmRef], about: PlanDetails = NO_LABELS) -> list[Schema]:
    return [_item(ref, one_line(about.names.get(ref, ""), MAX_NAME_LENGTH)) for ref in items]


def _item(ref: CrmRef, name: str) -> Schema:
    item: Schema = {"type": ref.type, "id": ref.id}
    return {**item, "name": name} if name else item


def _success(data: Schema) -> CallToolResult:
    return CallToolResult(structured_content=data, content=[_text(data)])


def _error(data: Schema) -> CallToolResult:
    return CallToolResult(is_error=True, content=[_text(data)])


def _text(data: Schema) -> TextContent:
    return TextContent(type="text", text=json.dumps(data, ensure_ascii=False, separators=(",", ":")))
