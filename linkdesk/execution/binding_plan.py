"""Plan a change of an activity's bindings: add, delete or move one. Pure.

The portal moves a binding within one type of item only, and not to an item the activity is bound to already; across
types the new binding is added first and the old one deleted then, since the last binding is protected.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, TypeAlias

from linkdesk.errors.base import Trouble
from linkdesk.errors.codes import linkdesk as own_errors
from linkdesk.errors.translate import argument_facts
from linkdesk.model.outcome import Plan, Target
from tool_specs.declaration.crm_ref import CrmRef
from tool_specs.declaration.list_items import binding
from tool_specs.declaration.method import Method
from tool_specs.failures.booking import NOT_BOUND
from tool_specs.methods.activity_binding import (
    AddActivityBinding,
    DeleteActivityBinding,
    ListActivityBindings,
    MoveActivityBinding,
)

BindingChange: TypeAlias = AddActivityBinding | DeleteActivityBinding | MoveActivityBinding

MAX_BINDINGS: Final = 100
"""Beyond that the portal drops bindings silently."""


def target_of(method: BindingChange | ListActivityBindings) -> Target:
    """Return the activity that a request is about."""
    return Target("activity", method.activity_id)


def plan_of(method: BindingChange, before: Sequence[CrmRef]) -> Plan:
    """Plan a change of bindings; `before` are the current ones.

    Raises:
        Trouble: the activity has the maximum of bindings, or the binding to move does not exist.
    """
    match method:
        case AddActivityBinding(target=target):
            after = [*before, target] if target not in before else [*before]
            steps: list[Method[bool]] = [method]
            if len(after) > MAX_BINDINGS:
                raise Trouble(own_errors.BINDING_LIMIT, argument_facts(method))
        case DeleteActivityBinding(target=target):
            after = [ref for ref in before if ref != target]
            steps = [method]
        case MoveActivityBinding():
            after, steps = _moved(method, before)
    return Plan(
        asked=method,
        target=target_of(method),
        kind="bindings",
        before=tuple(before),
        after=tuple(after),
        named=(method.source, method.target) if isinstance(method, MoveActivityBinding) else (method.target,),
        steps=() if list(after) == list(before) else tuple(steps),
        whole=tuple(binding(ref) for ref in after),
    )


def _moved(method: MoveActivityBinding, before: Sequence[CrmRef]) -> tuple[list[CrmRef], list[Method[bool]]]:
    source, target, activity_id = method.source, method.target, method.activity_id
    rest = [ref for ref in before if ref != source]
    deleting = DeleteActivityBinding(activity_id=activity_id, target=source)
    if source not in before:
        if target in before:
            return rest, []
        raise Trouble(NOT_BOUND, argument_facts(method))
    if target in before:
        return rest, [deleting]
    if source.type == target.type:
        return [*rest, target], [method]
    return [*rest, target], [AddActivityBinding(activity_id=activity_id, target=target), deleting]
