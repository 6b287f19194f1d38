"""Types of CRM items: the portal's smart processes, and all types."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from tool_specs.declaration.intents import Act, Intent
from tool_specs.declaration.listing import ListMethod
from tool_specs.declaration.localized import Localized
from tool_specs.declaration.method import Effect, Method, Toolset
from tool_specs.failures.crm import CRM_TYPES_DENIED


class SmartProcess(BaseModel):
    """A smart process; `number` is the type number in references to its items, not its own id."""

    model_config = ConfigDict(frozen=True, defer_build=True)

    number: Annotated[int, Field(validation_alias="entityTypeId")]
    title: str = ""


class ListCrmTypes(ListMethod[list[SmartProcess]]):
    """List the smart processes of the portal with their type numbers. Needs a CRM administrator's rights."""

    rest = "crm.type.list"
    page = "crm/universal/user-defined-object-types/crm-type-list.html"
    scope = "crm"
    effect = Effect.READ
    toolset = Toolset.CRM
    title = Localized(en="List CRM types", ru="Показать типы CRM")
    intents = (Intent(Act.SHOW, "crm_type", many=True),)
    fails = {"ACCESS_DENIED": CRM_TYPES_DENIED}
    answer_key = "types"


class OwnerType(BaseModel):
    """A type that activities can belong to; the name is in the portal's language."""

    model_config = ConfigDict(frozen=True, defer_build=True)

    number: Annotated[int, Field(validation_alias="ID")]
    name: Annotated[str, Field(validation_alias="NAME")] = ""
    code: Annotated[str, Field(validation_alias="SYMBOL_CODE")] = ""


class ListOwnerTypes(Method[list[OwnerType]]):
    """List every type of CRM items, the vendor's own and smart processes."""

    rest = "crm.enum.ownertype"
    page = "crm/auxiliary/enum/crm-enum-owner-type.html"
    scope = "crm"
    effect = Effect.READ
    title = Localized(en="List types of CRM items", ru="Показать виды элементов CRM")
