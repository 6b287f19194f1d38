"""Bindings of a CRM activity (Russian: дело) to CRM items: `crm.activity.binding.*`.

On the portal `add` does not check that the item exists, `delete` refuses the last binding, and `move` works only within
one type of items. The desk checks first, and moves across types by adding and then deleting.
"""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from tool_specs.declaration.arguments import ActivityId
from tool_specs.declaration.crm_ref import Item
from tool_specs.declaration.intents import Act, Intent
from tool_specs.declaration.list_items import Binding
from tool_specs.declaration.localized import Localized
from tool_specs.declaration.method import Effect, Method, Toolset
from tool_specs.declaration.wire import AsTypeAndId
from tool_specs.failures.booking import (
    ALREADY_BOUND,
    BINDING_CHANGE_CODES,
    BINDING_CODES,
    LAST_BINDING,
    NOT_BOUND,
    SAME_ITEM,
    TYPES_DIFFER,
)

ONE = AsTypeAndId("entityTypeId", "entityId")
SOURCE = AsTypeAndId("sourceEntityTypeId", "sourceEntityId")
TARGET = AsTypeAndId("targetEntityTypeId", "targetEntityId")


class ListActivityBindings(Method[list[Binding]]):
    """List the CRM items a CRM activity is bound to."""

    rest = "crm.activity.binding.list"
    page = "crm/timeline/activities/binding/crm-activity-binding-list.html"
    scope = "crm"
    effect = Effect.READ
    toolset = Toolset.LINKS
    title = Localized(en="List an activity's bindings", ru="Показать привязки дела")
    slash = Localized(en="bindings activity {activity_id}", ru="привязки дело {activity_id}")
    intents = (Intent(Act.SHOW, "activity", "item"),)
    fails = BINDING_CODES

    activity_id: ActivityId


class AddActivityBinding(Method[bool]):
    """Bind a CRM activity to one more CRM item. The item must exist; at most 100 bindings."""

    rest = "crm.activity.binding.add"
    page = "crm/timeline/activities/binding/crm-activity-binding-add.html"
    scope = "crm"
    effect = Effect.WRITE
    toolset = Toolset.LINKS
    title = Localized(en="Bind an activity to a CRM item", ru="Привязать дело к элементу CRM")
    slash = Localized(en="bind activity {activity_id} deal {target}", ru="привязать дело {activity_id} сделка {target}")
    intents = (Intent(Act.JOIN, "activity", "item"),)
    fails = {**BINDING_CHANGE_CODES, "ACTIVITY_IS_ALREADY_BOUND": ALREADY_BOUND}

    activity_id: ActivityId
    target: Annotated[Item, ONE]


class DeleteActivityBinding(Method[bool]):
    """Unbind a CRM activity from one CRM item. Its last binding cannot be removed: move it instead."""

    rest = "crm.activity.binding.delete"
    page = "crm/timeline/activities/binding/crm-activity-binding-delete.html"
    scope = "crm"
    effect = Effect.DESTRUCTIVE
    toolset = Toolset.LINKS
    title = Localized(en="Unbind an activity from a CRM item", ru="Отвязать дело от элемента CRM")
    slash = Localized(
        en="unbind activity {activity_id} deal {target}", ru="отвязать дело {activity_id} сделка {target}"
    )
    intents = (Intent(Act.PART, "activity", "item"),)
    fails = {
        **BINDING_CHANGE_CODES,
        "BINDING_NOT_FOUND": NOT_BOUND,
        "LAST_BINDING_CANNOT_BE_DELETED": LAST_BINDING,
    }

    activity_id: ActivityId
    target: Annotated[Item, ONE]


class MoveActivityBinding(Method[bool]):
    """Move a CRM activity's binding from one CRM item to another, of the same or another type."""

    rest = "crm.activity.binding.move"
    page = "crm/timeline/activities/binding/crm-activity-binding-move.html"
    scope = "crm"
    effect = Effect.WRITE
    toolset = Toolset.LINKS
    title = Localized(en="Move an activity to another CRM item", ru="Перенести дело в другой элемент CRM")
    slash = Localized(
        en="move activity {activity_id} from deal {source} to deal {target}",
        ru="перенести дело {activity_id} из сделки {source} в сделку {target}",
    )
    intents = (Intent(Act.MOVE, "activity", "item"),)
    fails = {
        **BINDING_CHANGE_CODES,
        "SOURCE_AND_TARGET_ENTITY_ID_ARE_EQUAL_ERROR": SAME_ITEM,
        "SOURCE_AND_TARGET_ENTITY_TYPES_ARE_NOT_EQUAL_ERROR": TYPES_DIFFER,
        "ACTIVITY_IS_ALREADY_BOUND": ALREADY_BOUND,
        "BINDING_NOT_FOUND": NOT_BOUND,
    }

    activity_id: ActivityId
    source: Annotated[Item, SOURCE, Field(description="The CRM item it is bound to now.")]
    target: Annotated[Item, TARGET, Field(description="The CRM item to bind it to.")]

    @model_validator(mode="after")
    def _somewhere_else(self) -> Self:
        if self.source == self.target:
            raise PydanticCustomError("same_item", "source and target must be different items")
        return self
