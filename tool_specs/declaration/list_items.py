"""Items of the portal's lists in the vendor's form: external data, clients and bindings.

`ExternalItem` and `ClientItem` keep items that are not CRM items exactly as read, so that they can be sent back.
"""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import AliasChoices, BaseModel, BeforeValidator, ConfigDict, Field

from tool_specs.declaration.crm_ref import CrmRef, type_of_code
from tool_specs.declaration.wire import Json, Parameter

Text = Annotated[str, BeforeValidator(lambda value: str(value) if isinstance(value, int) else value)]
"""The documented type of ids in external data is string, but some versions return numbers."""


class ExternalItem(BaseModel):
    """One item of `externalData`: a CRM deal, or an internal link such as `calendar`/`EVENT`.

    Source: https://apidocs.bitrix24.com/api-reference/booking/booking/external-data/
    """

    model_config = ConfigDict(frozen=True, populate_by_name=True, defer_build=True)

    module_id: Annotated[str, Field(alias="moduleId")]
    entity_type_id: Annotated[str, Field(alias="entityTypeId")]
    value: Text

    @property
    def crm(self) -> CrmRef | None:
        """The CRM item, or None if this is something else."""
        kind = type_of_code(self.entity_type_id) if self.module_id == "crm" else None
        if kind is None or not self.value.isdecimal() or int(self.value) < 1:
            return None
        return CrmRef.model_construct(type=kind, id=int(self.value))

    def wire(self) -> dict[str, Json]:
        """Return the wire form."""
        return self.model_dump(by_alias=True)


EXTERNAL_FIELDS = tuple(Parameter(name, "string") for name in ("moduleId", "entityTypeId", "value"))


def external(ref: CrmRef) -> ExternalItem:
    """Build the external data item of a CRM item."""
    return ExternalItem(module_id="crm", entity_type_id=ref.code, value=str(ref.id))


class ClientType(BaseModel):
    """The vendor's type of a client: `{"module": "crm", "code": "CONTACT"}`."""

    model_config = ConfigDict(frozen=True, defer_build=True)

    module: str
    code: str


class ClientItem(BaseModel):
    """One client of a booking or waitlist entry.

    Source: https://apidocs.bitrix24.com/api-reference/booking/booking/client/
    """

    model_config = ConfigDict(frozen=True, defer_build=True)

    id: int
    type: ClientType

    @property
    def crm(self) -> CrmRef | None:
        """The CRM item, or None if this is something else."""
        kind = type_of_code(self.type.code) if self.type.module == "crm" else None
        return CrmRef.model_construct(type=kind, id=self.id) if kind is not None and self.id > 0 else None

    def wire(self) -> dict[str, Json]:
        """Return the wire form."""
        return self.model_dump()


CLIENT_FIELDS = (
    Parameter("id", "integer"),
    Parameter("type", "object", fields=(Parameter("module", "string"), Parameter("code", "string"))),
)


def client(ref: CrmRef) -> ClientItem:
    """Build the client item of a contact or company."""
    return ClientItem(id=ref.id, type=ClientType(module="crm", code=ref.code))


class Binding(BaseModel):
    """One CRM item an activity is bound to; portals answer either case of the keys.

    Source: https://apidocs.bitrix24.com/api-reference/crm/timeline/activities/binding/crm-activity-binding-list.html
    """

    model_config = ConfigDict(frozen=True, defer_build=True)

    entity_type_id: Annotated[int, Field(validation_alias=AliasChoices("entityTypeId", "ENTITY_TYPE_ID"))]
    entity_id: Annotated[int, Field(validation_alias=AliasChoices("entityId", "ENTITY_ID"))]

    @property
    def crm(self) -> CrmRef:
        """The CRM item."""
        return CrmRef.of(self.entity_type_id, self.entity_id)

    def wire(self) -> dict[str, Any]:
        """Return the wire form."""
        return {"entityTypeId": self.entity_type_id, "entityId": self.entity_id}


def binding(ref: CrmRef) -> Binding:
    """Build the binding to a CRM item."""
    return Binding.model_construct(entity_type_id=ref.number, entity_id=ref.id)
