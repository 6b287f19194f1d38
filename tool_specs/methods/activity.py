"""CRM activities (Russian: дела): `crm.activity.*`. Ids are strings here, keys in upper case."""

from __future__ import annotations

from typing import Annotated, Any, Final, Self, cast

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from tool_specs.declaration.crm_ref import CrmRef, Id, Item
from tool_specs.declaration.intents import Act, Intent
from tool_specs.declaration.listing import ListMethod, SmallLimit
from tool_specs.declaration.localized import Localized
from tool_specs.declaration.method import Effect, Method, Toolset
from tool_specs.declaration.text import SearchText
from tool_specs.declaration.wire import As, Json
from tool_specs.failures.booking import ACTIVITY_NOT_FOUND
from tool_specs.methods.resource_settings import from_yes_or_no


class Activity(BaseModel):
    """The fields of an activity that we read; bindings are a separate list."""

    model_config = ConfigDict(frozen=True, defer_build=True)

    id: Annotated[int, Field(validation_alias="ID")]
    subject: Annotated[str | None, Field(validation_alias="SUBJECT")] = None
    owner_type: Annotated[int | None, Field(validation_alias="OWNER_TYPE_ID")] = None
    owner_id: Annotated[int | None, Field(validation_alias="OWNER_ID")] = None
    completed: Annotated[bool | None, BeforeValidator(from_yes_or_no), Field(validation_alias="COMPLETED")] = None
    deadline: Annotated[str | None, Field(validation_alias="DEADLINE")] = None

    @property
    def owner(self) -> CrmRef | None:
        """The CRM item it was made for."""
        return CrmRef.of(self.owner_type, self.owner_id) if self.owner_type and self.owner_id else None


def _bindings(ref: CrmRef) -> Json:
    return [{"OWNER_TYPE_ID": ref.number, "OWNER_ID": ref.id}]


def _one_binding(value: object) -> object:
    """Read the vendor's filter by binding, where it names one whole item."""
    match cast("Any", value):
        case [{"OWNER_TYPE_ID": kind, "OWNER_ID": number}]:
            return {"type": kind, "id": number}
        case _:
            return value


_OWNER: Final = As(
    "BINDINGS", "array", required=False, inside="filter", inside_any=True, to=_bindings, back=_one_binding
)


class FindActivities(ListMethod[list[Activity]]):
    """Find CRM activities of a CRM item, or by a part of the subject. Newest first."""

    rest = "crm.activity.list"
    page = "crm/timeline/activities/activity-base/crm-activity-list.html"
    scope = "crm"
    effect = Effect.READ
    toolset = Toolset.CRM
    title = Localized(en="Find activities", ru="Найти дела")
    slash = Localized(en="activities deal {owner}", ru="дела сделка {owner}")
    intents = (Intent(Act.FIND, "activity"), Intent(Act.SHOW, "activity", many=True))
    select = ("ID", "SUBJECT", "OWNER_TYPE_ID", "OWNER_ID", "COMPLETED", "DEADLINE")
    order = {"ID": "DESC"}

    owner: Annotated[Item | None, _OWNER, Field(description="The CRM item.")] = None
    text: Annotated[
        SearchText | None,
        As("%SUBJECT", "string", required=False, inside="filter", inside_any=True),
        Field(description="Part of the subject."),
    ] = None
    limit: SmallLimit = 10

    @model_validator(mode="after")
    def _something_to_find(self) -> Self:
        if self.owner is None and self.text is None:
            raise PydanticCustomError("one_of", "give at least one of: {fields}", {"fields": "owner, text"})
        return self

    @classmethod
    def read_answer(cls, result: Json) -> list[Activity]:
        """Read the list; a filter by binding may give an activity twice."""
        return list({activity.id: activity for activity in super().read_answer(result)}.values())


class GetActivity(Method[Activity]):
    """Get one CRM activity by id: its subject, CRM item and deadline."""

    rest = "crm.activity.get"
    page = "crm/timeline/activities/activity-base/crm-activity-get.html"
    scope = "crm"
    effect = Effect.READ
    toolset = Toolset.CRM
    title = Localized(en="Show an activity", ru="Показать дело")
    slash = Localized(en="activity {activity_id}", ru="дело {activity_id}")
    intents = (Intent(Act.SHOW, "activity"),)
    fails = {"": ACTIVITY_NOT_FOUND}

    activity_id: Annotated[Id, As("id"), Field(description="Activity id.")]
