"""Bookable resources, such as a specialist or a room: `booking.v1.resource.*`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Final, Self, TypeAlias, cast

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from tool_specs.declaration.arguments import nothing_to_change
from tool_specs.declaration.crm_ref import Id
from tool_specs.declaration.intents import Act, Intent
from tool_specs.declaration.listing import Cursor, Limit, ListMethod
from tool_specs.declaration.localized import Localized
from tool_specs.declaration.method import Effect, Method, Toolset
from tool_specs.declaration.new_id import NewId
from tool_specs.declaration.text import MultiLine, RequiredLine, SearchText, SingleLine
from tool_specs.declaration.wire import As, in_fields, in_filter
from tool_specs.failures.booking import BOOKING_TOOL_OFF
from tool_specs.failures.resource import (
    NO_SUCH_RESOURCE_TYPE,
    RESOURCE_CODES,
    RESOURCE_NOT_CREATED,
    RESOURCE_NOT_DELETED,
    RESOURCE_NOT_UPDATED,
    RESOURCE_TYPE_NOT_FOUND,
    SETTING_REFUSED,
)
from tool_specs.methods.resource_settings import ResourceSettings, flag, from_yes_or_no, settings_of


class Resource(BaseModel):
    """A resource, with its messages to the client as `settings`."""

    model_config = ConfigDict(frozen=True, defer_build=True)

    id: int
    name: str | None = None
    description: str | None = None
    type_id: Annotated[int | None, Field(validation_alias="typeId")] = None
    is_main: Annotated[bool | None, BeforeValidator(from_yes_or_no), Field(validation_alias="isMain")] = None
    settings: dict[str, bool | int | str | None] = {}

    @model_validator(mode="before")
    @classmethod
    def _settings_together(cls, answer: object) -> object:
        if not isinstance(answer, Mapping):
            return answer
        given = cast("Mapping[str, Any]", answer)
        return {**given, "settings": settings_of(given)}


_ResourceId: TypeAlias = Annotated[Id, As("id"), Field(description="Resource id.")]
_NAME: Final = Field(alias="name", description="Name.")
_DESCRIPTION: Final = Field(alias="description", description="Text.")
_MAIN: Final = Field(description="true: a column of its own in the schedule; false: shown when it overlaps.")


class ListResources(ListMethod[list[Resource]]):
    """List the resources that can be booked, all or by a part of the name or a type."""

    rest = "booking.v1.resource.list"
    page = "booking/resource/booking-v1-resource-list.html"
    scope = "booking"
    effect = Effect.READ
    toolset = Toolset.RESOURCES
    title = Localized(en="List resources", ru="Показать ресурсы")
    slash = Localized(en="resources", ru="ресурсы")
    intents = (Intent(Act.SHOW, "resource", many=True),)
    fails = {"0": BOOKING_TOOL_OFF}
    answer_key = "resource"
    order = {"id": "ASC"}

    text: Annotated[SearchText | None, in_filter("searchQuery", "string"), Field(description="Part of a name.")] = None
    type_id: Annotated[Id | None, in_filter("typeId"), Field(description="Resource type id.")] = None
    limit: Limit = 20
    cursor: Cursor = None


class GetResource(Method[Resource]):
    """Get one resource by id: its name, type and messages to the client."""

    rest = "booking.v1.resource.get"
    page = "booking/resource/booking-v1-resource-get.html"
    scope = "booking"
    effect = Effect.READ
    toolset = Toolset.RESOURCES
    title = Localized(en="Show a resource", ru="Показать ресурс")
    slash = Localized(en="resource {resource_id}", ru="ресурс {resource_id}")
    intents = (Intent(Act.SHOW, "resource"),)
    fails = RESOURCE_CODES
    answer_key = "resource"

    resource_id: _ResourceId


class AddResource(ResourceSettings, Method[NewId]):
    """Create a resource. Set its working hours afterwards. Do not repeat: each call makes one more."""

    rest = "booking.v1.resource.add"
    page = "booking/resource/booking-v1-resource-add.html"
    scope = "booking"
    effect = Effect.WRITE
    creates = True
    toolset = Toolset.RESOURCES
    title = Localized(en="Create a resource", ru="Создать ресурс")
    intents = (Intent(Act.CREATE, "resource"),)
    fails = {
        "0": BOOKING_TOOL_OFF,
        "422": SETTING_REFUSED,
        "1006": RESOURCE_NOT_CREATED,
        "1013": RESOURCE_TYPE_NOT_FOUND,
    }

    name_: Annotated[RequiredLine, in_fields("name", "string", required=True), _NAME]
    type_id: Annotated[Id, in_fields("typeId", required=True), Field(description="Resource type id.")]
    description_: Annotated[MultiLine | None, in_fields("description", "string"), _DESCRIPTION] = None
    is_main: Annotated[bool | None, flag("isMain"), _MAIN] = None


class UpdateResource(ResourceSettings, Method[bool]):
    """Change a resource; what is not named stays."""

    rest = "booking.v1.resource.update"
    page = "booking/resource/booking-v1-resource-update.html"
    scope = "booking"
    effect = Effect.WRITE
    toolset = Toolset.RESOURCES
    title = Localized(en="Change a resource", ru="Изменить ресурс")
    intents = (Intent(Act.CHANGE, "resource"),)
    fails = {
        "0": BOOKING_TOOL_OFF,
        "422": SETTING_REFUSED,
        "1007": RESOURCE_NOT_UPDATED,
        "1013": NO_SUCH_RESOURCE_TYPE,
    }

    resource_id: _ResourceId
    name_: Annotated[SingleLine | None, in_fields("name", "string"), _NAME] = None
    type_id: Annotated[Id | None, in_fields("typeId"), Field(description="Resource type id.")] = None
    description_: Annotated[MultiLine | None, in_fields("description", "string"), _DESCRIPTION] = None
    is_main: Annotated[bool | None, flag("isMain"), _MAIN] = None

    @model_validator(mode="after")
    def _something_to_change(self) -> Self:
        if self.model_fields_set <= {"resource_id"}:
            raise nothing_to_change("name, description, type_id")
        return self


class DeleteResource(Method[bool]):
    """Delete a resource; it cannot be restored."""

    rest = "booking.v1.resource.delete"
    page = "booking/resource/booking-v1-resource-delete.html"
    scope = "booking"
    effect = Effect.DESTRUCTIVE
    toolset = Toolset.RESOURCES
    title = Localized(en="Delete a resource", ru="Удалить ресурс")
    slash = Localized(en="delete resource {resource_id}", ru="удалить ресурс {resource_id}")
    intents = (Intent(Act.DELETE, "resource"),)
    fails = {**RESOURCE_CODES, "1008": RESOURCE_NOT_DELETED}

    resource_id: _ResourceId
