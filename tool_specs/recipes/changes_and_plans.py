"""A recipe: a tool that is more than one call and stands for no single REST method.

Declared in the same form as a method (arguments, effect, title, words); a coroutine at the desk does it.
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
    """A request that no single method of the vendor's answers; it has no wire form of its own."""

    rest: ClassVar[str] = ""
    page: ClassVar[str] = ""
    scope: ClassVar[str] = ""


class Whoami(Recipe):
    """Tell whose rights Linkdesk acts with on the portal, and which permissions it was given."""

    effect = Effect.READ
    toolset = Toolset.CRM
    title = Localized(en="Who am I", ru="Кто я")
    slash = Localized(en="whoami", ru="ктоя")
    intents = (Intent(Act.SHOW, "self"),)


def _code(value: object) -> object:
    """Read the id of a change or a plan, in either case."""
    text = value.strip().lower() if isinstance(value, str) else ""
    if not re.fullmatch(r"[0-9a-hjkmnp-tv-z]{10}", text):
        raise PydanticCustomError("change_id", "must be the ten letters and digits of a change or a plan")
    return text


ChangeId: TypeAlias = Annotated[str, BeforeValidator(_code)]
PlanId: TypeAlias = Annotated[str, BeforeValidator(_code)]


class ListChanges(Recipe):
    """List the changes made through Linkdesk, newest first: who, what, before and after, and what came of it."""

    effect = Effect.READ
    toolset = Toolset.CHANGES
    title = Localized(en="Recent changes", ru="Последние изменения")
    slash = Localized(en="history", ru="история")
    intents = (Intent(Act.SHOW, "change", many=True),)

    limit: Annotated[int, Field(ge=1, le=50, description="At most this many.")] = 10
    mine: Annotated[bool, Field(description="Only those of the person asking.")] = False
    response_format: ResponseFormat = "concise"


class UndoChange(Recipe):
    """Undo a change: what was there before it is restored, if nobody changed it since.

    Where somebody did, a person is asked about the part that can still be undone. Deleted records do not come back.
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
    """Tell how a plan that waits for a person stands: whether they agreed, how far it is, what came of each part."""

    effect = Effect.READ
    toolset = Toolset.CHANGES
    title = Localized(en="A plan that waits", ru="План, который ждёт решения")
    slash = Localized(en="plan [{plan_id}]", ru="план [{plan_id}]")
    intents = (Intent(Act.SHOW, "plan"),)

    plan_id: Annotated[
        PlanId | None, Field(description="plan_id of a call that waits; left out: the person's latest plan.")
    ] = None


class ApplyPlan(Recipe):
    """Carry out a plan that a person agreed to, or go on with one that was interrupted. Until then it does nothing."""

    effect = Effect.DESTRUCTIVE
    toolset = Toolset.CHANGES
    title = Localized(en="Carry out a plan", ru="Выполнить план")
    slash = Localized(en="apply {plan_id}", ru="применить {plan_id}")
    intents = (Intent(Act.APPLY, "plan"),)

    plan_id: Annotated[PlanId, Field(description="plan_id of a call that waits.")]


class CancelPlan(Recipe):
    """Take a plan back that nobody decided yet, or stop one that is being carried out after what is begun."""

    effect = Effect.WRITE
    toolset = Toolset.CHANGES
    title = Localized(en="Cancel a plan", ru="Отказаться от плана")
    slash = Localized(en="reject {plan_id}", ru="отклонить {plan_id}")
    intents = (Intent(Act.DELETE, "plan"), Intent(Act.REJECT, "plan"))

    plan_id: Annotated[PlanId, Field(description="plan_id of a call that waits.")]
