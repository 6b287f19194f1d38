"""Tools offered to the model: those the person may use, plus "ask" and "none"."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final, cast

from linkdesk.auth.policy import Actor, Policy
from linkdesk.model.json_schema import Schema, plain
from tool_specs import TOOLS
from tool_specs.declaration.method import Effect, Method
from tool_specs.recipes.changes_and_plans import ApplyPlan, CancelPlan, GetPlan

Tools = Mapping[str, type[Method[Any]]]

ASK: Final = "ask_the_person"
NO_REQUEST: Final = "no_request"
NEVER: Final = (GetPlan, ApplyPlan, CancelPlan)
"""A plan is a person's to decide."""

BOOKING: Final = "booking"
"""Stands in place of `booking_id`, as in what the reader hands over."""
BOOKING_ID: Final = "booking_id"
_DESCRIBED_BOOKING: Final[Schema] = {
    "type": "object",
    "description": "In place of booking_id, where no number was said: what was said of the booking.",
    "properties": {
        "date": {"type": "string", "description": "Day such as 2026-11-21."},
        "time": {"type": "string", "description": "Start such as 15:00, or a part of the day such as 12:00-18:00."},
        "client": {"type": "string", "description": "Name in its dictionary form, or phone."},
        "resource": {"type": "string", "description": "Name."},
    },
    "additionalProperties": False,
}
_DESCRIBED_ITEM: Final[Schema] = {
    "name": {"type": "string", "description": "In place of id, where no number was said: dictionary form."},
    "phone": {"type": "string", "description": "In place of id: such as +79990000000."},
}


@dataclass(frozen=True, slots=True)
class ToolChoice:
    """One choice of the model: name, description, and the JSON schema of its arguments."""

    name: str
    description: str
    parameters: Schema


WAYS_OUT: Final = (
    ToolChoice(
        ASK,
        "Ask the person one short question: what they want is unclear, or something needed was not said.",
        {
            "type": "object",
            "properties": {"question": {"type": "string", "maxLength": 200}},
            "required": ["question"],
            "additionalProperties": False,
        },
    ),
    ToolChoice(
        NO_REQUEST,
        "The message asks for nothing that these tools do.",
        {"type": "object", "properties": {}, "additionalProperties": False},
    ),
)


def offered_tools(policy: Policy, actor: Actor, *, writes: bool) -> Tools:
    """Return the tools that a person may use, by name.

    Args:
        policy: what the installation allows.
        actor: who asks.
        writes: whether those that change something are among them.
    """
    return {
        tool.name(): tool
        for tool in TOOLS
        if tool not in NEVER and policy.may_use(tool, actor) and (writes or tool.effect is Effect.READ)
    }


def tool_choices(tools: Tools) -> list[ToolChoice]:
    """Build the model's choices from the tools, with "ask" and "none"."""
    return [*(_choice(tool) for tool in tools.values()), *WAYS_OUT]


@cache
def _choice(tool: type[Method[Any]]) -> ToolChoice:
    schema = cast("Schema", _with_descriptions(plain(tool.model_json_schema())))
    properties: Schema = schema["properties"]
    if BOOKING_ID in properties:
        needed = [name for name in schema.get("required", []) if name != BOOKING_ID]
        schema = {**schema, "properties": {**properties, BOOKING: _DESCRIBED_BOOKING}, "required": needed}
    return ToolChoice(tool.name(), tool.description(), schema)


def _with_descriptions(schema: object) -> object:
    """Extend the schema so that a CRM item may be described instead of given by id."""
    if isinstance(schema, list):
        return [_with_descriptions(part) for part in cast("list[object]", schema)]
    if not isinstance(schema, dict):
        return schema
    parts = {key: _with_descriptions(part) for key, part in cast("Schema", schema).items()}
    properties = parts.get("properties")
    if isinstance(properties, dict) and properties.keys() == {"type", "id"}:
        return {**parts, "properties": {**cast("Schema", properties), **_DESCRIBED_ITEM}, "required": ["type"]}
    return parts
