"""Leads, contacts and companies by phone or email: `crm.duplicate.findbycomm`."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from tool_specs.declaration.crm_ref import CrmRef
from tool_specs.declaration.localized import Localized
from tool_specs.declaration.method import Effect, Method
from tool_specs.declaration.wire import As
from tool_specs.failures.crm import CRM_DENIED


class Duplicates(BaseModel):
    """The items found; the portal stops at 20 of a type and then leaves later types out."""

    model_config = ConfigDict(frozen=True, defer_build=True)

    leads: Annotated[list[int], Field(validation_alias="LEAD")] = []
    contacts: Annotated[list[int], Field(validation_alias="CONTACT")] = []
    companies: Annotated[list[int], Field(validation_alias="COMPANY")] = []

    @model_validator(mode="before")
    @classmethod
    def _nothing_is_a_list(cls, answer: object) -> object:
        return answer or {}

    @property
    def refs(self) -> tuple[CrmRef, ...]:
        """The CRM items found, contacts first."""
        found = (("contact", self.contacts), ("company", self.companies), ("lead", self.leads))
        return tuple(CrmRef(type=kind, id=number) for kind, ids in found for number in ids)


class FindDuplicates(Method[Duplicates]):
    """Find leads, contacts and companies by phone numbers or email addresses."""

    rest = "crm.duplicate.findbycomm"
    page = "crm/duplicates/crm-duplicate-find-by-comm.html"
    scope = "crm"
    effect = Effect.READ
    title = Localized(en="Find by phone or email", ru="Найти по телефону или почте")
    fails = {"ACCESS DENIED": CRM_DENIED}

    kind: Annotated[Literal["PHONE", "EMAIL"], As("type", "string")]
    values: Annotated[list[str], As("values", "array"), Field(min_length=1, max_length=20)]
    entity_type: Annotated[
        Literal["LEAD", "CONTACT", "COMPANY"] | None, As("entity_type", "string", required=False)
    ] = None
