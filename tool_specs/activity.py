"""CRM activities (Russian: дела): `crm.activity.*`. Ids are strings here, keys in upper case."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from tool_specs.crm_ref import Id
from tool_specs.method import Effect, Method
from tool_specs.said import Said
from tool_specs.vendor_errors import ACTIVITY_NOT_FOUND
from tool_specs.wire import As


class Activity(BaseModel):
    """What we read of an activity; its bindings are a list of their own."""

    model_config = ConfigDict(frozen=True)

    id: Annotated[int, Field(validation_alias="ID")]
    subject: Annotated[str | None, Field(validation_alias="SUBJECT")] = None


class GetActivity(Method[Activity]):
    """Get one CRM activity by id."""

    rest = "crm.activity.get"
    page = "crm/timeline/activities/activity-base/crm-activity-get.html"
    scope = "crm"
    effect = Effect.READ
    title = Said(en="Show an activity", ru="Показать дело")
    fails = {"": ACTIVITY_NOT_FOUND}

    activity_id: Annotated[Id, As("id"), Field(description="Activity id.")]
