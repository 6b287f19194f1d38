"""Types of resources: `booking.v1.resourceType.*`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Final, Self, TypeAlias, cast

from pydantic import BaseModel, ConfigDict, Field, model_validator

from tool_specs.declaration.arguments import nothing_to_change
from tool_specs.declaration.crm_ref import Id
from tool_specs.declaration.intents import Act, Intent
from tool_specs.declaration.listing import Cursor, Limit, ListMethod
from tool_specs.declaration.localized import Localized
from tool_specs.declaration.method import Effect, Method, Toolset
from tool_specs.declaration.new_id import NewId
from tool_specs.declaration.text import RequiredLine, SearchText, SingleLine
from tool_specs.declaration.wire import As, Json, in_fields, in_filter
from tool_specs.failures.booking import BOOKING_TOOL_OFF
from tool_specs.failures.resource import (
    RESOURCE_TYPE_CODES,
    RESOURCE_TYPE_NOT_CREATED,
    RESOURCE_TYPE_NOT_DELETED,
    RESOURCE_TYPE_NOT_FOUND,
    RESOURCE_TYPE_NOT_UPDATED,
    SETTING_REFUSED,
)
from tool_specs.methods.resource_settings import MessageSettings, settings_of


class ResourceType(BaseModel):
    """A type of resources, with the message settings that new resources of it inherit."""

    model_config = ConfigDict(frozen=True, defer_build=True)

    id: int
    name: str | None = None
    code: str | None = None
    settings: dict[str, bool | int | str | None] = {}

    @model_validator(mode="before")
    @classmethod
    def _settings_together(cls, answer: object) -> object:
        if not isinstance(answer, Mapping):
            return answer
        given = cast("Mapping[str, Any]", answer)
        return {**given, "settings": settings_of(given)}


_TypeId: TypeAlias = Annotated[Id, As("id"), Field(description="Resource type id.")]
_NAME: Final = Field(alias="name", description="Name.")
_CODE: Final = Field(description="A code of its own, such as specialist.")


class ListResourceTypes(ListMethod[list[ResourceType]]):
    """List the types of resources, all or by a part of the name."""

    rest = "booking.v1.resourceType.list"
    page = "booking/resource/resource-type/booking-v1-resourcetype-list.html"
    scope = "booking"
    effect = Effect.READ
    toolset = Toolset.RESOURCES
    title = Localized(en="List resource types", ru="Показать типы ресурсов")
    intents = (Intent(Act.SHOW, "resource_type", many=True),)
    fails = {"0": BOOKING_TOOL_OFF}
    answer_key = "resourceType"
    order = {"id": "ASC"}

    text: Annotated[SearchText | None, in_filter("searchQuery", "string"), Field(description="Part of a name.")] = None
    limit: Limit = 20
    cursor: Cursor = None

    @classmethod
    def read_answer(cls, result: Json) -> list[ResourceType]:
        """Read the list, which the documentation's example has under the key `resource`."""
        if isinstance(result, Mapping) and "resource" in result and "resourceType" not in result:
            result = {"resourceType": cast("Mapping[str, Json]", result)["resource"]}
        return super().read_answer(result)


class GetResourceType(Method[ResourceType]):
    """Get one type of resources by id: its name, code and messages to the client."""

    rest = "booking.v1.resourceType.get"
    page = "booking/resource/resource-type/booking-v1-resourcetype-get.html"
    scope = "booking"
    effect = Effect.READ
    toolset = Toolset.RESOURCES
    title = Localized(en="Show a resource type", ru="Показать тип ресурсов")
    slash = Localized(en="resource type {type_id}", ru="тип ресурсов {type_id}")
    intents = (Intent(Act.SHOW, "resource_type"),)
    fails = RESOURCE_TYPE_CODES
    answer_key = "resourceType"

    type_id: _TypeId


class AddResourceType(MessageSettings, Method[NewId]):
    """Create a type of resources. Do not repeat: each call makes one more."""

    rest = "booking.v1.resourceType.add"
    page = "booking/resource/resource-type/booking-v1-resourcetype-add.html"
    scope = "booking"
    effect = Effect.WRITE
    creates = True
    toolset = Toolset.RESOURCES
    title = Localized(en="Create a resource type", ru="Создать тип ресурсов")
    intents = (Intent(Act.CREATE, "resource_type"),)
    fails = {"0": BOOKING_TOOL_OFF, "422": SETTING_REFUSED, "1010": RESOURCE_TYPE_NOT_CREATED}

    name_: Annotated[RequiredLine, in_fields("name", "string", required=True), _NAME]
    code: Annotated[RequiredLine, in_fields("code", "string", required=True), _CODE]


class UpdateResourceType(MessageSettings, Method[bool]):
    """Change a type of resources; what is not named stays."""

    rest = "booking.v1.resourceType.update"
    page = "booking/resource/resource-type/booking-v1-resourcetype-update.html"
    scope = "booking"
    effect = Effect.WRITE
    toolset = Toolset.RESOURCES
    title = Localized(en="Change a resource type", ru="Изменить тип ресурсов")
    intents = (Intent(Act.CHANGE, "resource_type"),)
    fails = {
        **RESOURCE_TYPE_CODES,
        "422": SETTING_REFUSED,
        "1007": RESOURCE_TYPE_NOT_FOUND,
        "1011": RESOURCE_TYPE_NOT_UPDATED,
    }

    type_id: _TypeId
    name_: Annotated[SingleLine | None, in_fields("name", "string"), _NAME] = None
    code: Annotated[SingleLine | None, in_fields("code", "string"), _CODE] = None

    @model_validator(mode="after")
    def _something_to_change(self) -> Self:
        if self.model_fields_set <= {"type_id"}:
            raise nothing_to_change("name, code")
        return self


class DeleteResourceType(Method[bool]):
    """Delete a type of resources; it cannot be restored."""

    rest = "booking.v1.resourceType.delete"
    page = "booking/resource/resource-type/booking-v1-resourcetype-delete.html"
    scope = "booking"
    effect = Effect.DESTRUCTIVE
    toolset = Toolset.RESOURCES
    title = Localized(en="Delete a resource type", ru="Удалить тип ресурсов")
    slash = Localized(en="delete resource type {type_id}", ru="удалить тип ресурсов {type_id}")
    intents = (Intent(Act.DELETE, "resource_type"),)
    fails = {**RESOURCE_TYPE_CODES, "1012": RESOURCE_TYPE_NOT_DELETED}

    type_id: _TypeId
