"""Reading a command that may name a change by its id: "undo 7k2m9q4x1z". Pure."""

from __future__ import annotations

from typing import Any

from bot.commands.arguments import requested
from bot.commands.questions import Asked
from bot.commands.table import Form
from tool_specs.declaration.method import Method


def asked_by_code(form: Form, argument: str, rest: str) -> tuple[Method[Any], ...] | Asked:
    """Read the rest of the line as the id, or as none."""
    request = requested(form, {argument: rest.strip()} if rest.strip() else {})
    return request if isinstance(request, Asked) else (request,)
