"""The base class of recipes, and the recipes for changes and plans.

A recipe is a tool that corresponds to no single REST method. It is declared like one (arguments, effect, title,
intents) and carried out by a handler.
"""

from __future__ import annotations

import re
from typing import Annotated, ClassVar, TypeAlias

from pydantic import BeforeValidator, Field
from pydantic_core import PydanticCustomError

from tool_specs.declaration.intents import Act, Intent
from tool_specs.declaration.listing import ResponseFormat
from tool_specs.declaration.localized import Localized
from tool_specs.declaration.method import Effect, Method, Toolset


class Recipe(Method[None]):
    """A request that corresponds to no single REST method and has no wire form."""

    rest: ClassVar[str] = ""
    page: ClassVar[str] = ""
    scope: ClassVar[str] = ""


class Whoami(Recipe):
    """Show whose permissions Linkdesk uses on the portal, and which scopes it was granted."""

    effect = Effect.READ
    toolset = Toolset.CRM
    title = Localized(en="Your account and permissions", ru="Ваша учётная запись и права")
    slash = Localized(en="whoami", ru="ктоя")
    intents = (Intent(Act.SHOW, "self"),)


def _code(value: object) -> object:
    """Parse the id of a change or a plan, case-insensitively."""
    text = value.strip().lower() if isinstance(value, str) else ""
    if not re.fullmatch(r"[0-9a-hjkmnp-tv-z]{10}", text):
        raise PydanticCustomError("change_id", "must be the ten letters and digits of a change or a plan")
    return text


ChangeId: TypeAlias = Annotated[str, BeforeValidator(_code)]
PlanId: TypeAlias = Annotated[str, BeforeValidator(_code)]


class ListChanges(Recipe):
    """List the changes made through Linkdesk, newest first: who, what, before and after, and the outcome."""

    effect = Effect.READ
    toolset = Toolset.CHANGES
    title = Localized(en="Recent changes", ru="Последние изменения")
    slash = Localized(en="history", ru="история")
    intents = (Intent(Act.SHOW, "change", many=True),)

    limit: Annotated[int, Field(ge=1, le=50, description="At most this many.")] = 10
    mine: Annotated[bool, Field(description="Only those of the person asking.")] = False
    response_format: ResponseFormat = "concise"


class UndoChange(Recipe):
    """Undo a change: restore what was there before, if nobody has changed it since.

    Otherwise a person is asked about the part that can still be undone. Deleted records cannot be restored.
    """

    effect = Effect.DESTRUCTIVE
    toolset = Toolset.CHANGES
    title = Localized(en="Undo a change", ru="Отменить изменение")
    slash = Localized(en="undo [{change_id}]", ru="отмена [{change_id}]")
    intents = (Intent(Act.UNDO, "change"),)

    change_id: Annotated[
        ChangeId | None,
        Field(description="change_id of a write, or plan_id: all its parts; left out: the last of the person asking."),
    ] = None


class GetPlan(Recipe):
    """Get the state of a plan that waits for a person: their decision, its progress and the outcome of each part."""

    effect = Effect.READ
    toolset = Toolset.CHANGES
    title = Localized(en="A plan waiting for a decision", ru="План, который ждёт решения")
    slash = Localized(en="plan [{plan_id}]", ru="план [{plan_id}]")
    intents = (Intent(Act.SHOW, "plan"),)

    plan_id: Annotated[
        PlanId | None, Field(description="plan_id of a call that waits; left out: the person's latest plan.")
    ] = None


class ApplyPlan(Recipe):
    """Carry out a plan that a person approved, or resume an interrupted one. Does nothing without approval."""

    effect = Effect.DESTRUCTIVE
    toolset = Toolset.CHANGES
    title = Localized(en="Carry out a plan", ru="Выполнить план")
    slash = Localized(en="apply {plan_id}", ru="применить {plan_id}")
    intents = (Intent(Act.APPLY, "plan"),)

    plan_id: Annotated[PlanId, Field(description="plan_id of a call that waits.")]


class CancelPlan(Recipe):
    """Withdraw a plan that nobody has decided yet, or stop a running one after the parts already begun."""

    effect = Effect.WRITE
    toolset = Toolset.CHANGES
    title = Localized(en="Cancel a plan", ru="Отказаться от плана")
    slash = Localized(en="reject {plan_id}", ru="отклонить {plan_id}")
    intents = (Intent(Act.DELETE, "plan"), Intent(Act.REJECT, "plan"))

    plan_id: Annotated[PlanId, Field(description="plan_id of a call that waits.")]
