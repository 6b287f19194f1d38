"""Reading a command that may name a change by its id: "undo 7k2m9q4x1z". Pure."""

from __future__ import annotations

from typing import Any

from bot.commands.forms import CommandForm
from bot.commands.questions import Clarification
from bot.commands.requests import make_request
from tool_specs.declaration.method import Method


def read_change_id(form: CommandForm, argument: str, rest: str) -> tuple[Method[Any], ...] | Clarification:
    """Read the rest of the line as the id, or as none."""
    request = make_request(form, {argument: rest.strip()} if rest.strip() else {})
    return request if isinstance(request, Clarification) else (request,)
