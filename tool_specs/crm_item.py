"""CRM items of every type, by one family of methods: `crm.item.*`."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from tool_specs.crm_ref import Item
from tool_specs.method import Effect, Method
from tool_specs.said import Said
from tool_specs.vendor_errors import ITEM_NOT_FOUND
from tool_specs.wire import AsTypeAndId

Blank = Annotated[str, BeforeValidator(lambda value: "" if value is None else value)]


class CrmItem(BaseModel):
    """What we read of a CRM item: enough to name it. Keys the portal sends beside are left unread."""

    model_config = ConfigDict(frozen=True)

    id: int
    title: Blank = ""
    name: Blank = ""
    last_name: Annotated[Blank, Field(validation_alias="lastName")] = ""
    contact_id: Annotated[int | None, Field(validation_alias="contactId")] = None
    company_id: Annotated[int | None, Field(validation_alias="companyId")] = None

    @property
    def label(self) -> str:
        """The name people know it by: a deal's title, a contact's first and last name."""
        return self.title.strip() or f"{self.name} {self.last_name}".strip()


class GetCrmItem(Method[CrmItem]):
    """Get one CRM item by type and id."""

    rest = "crm.item.get"
    page = "crm/universal/crm-item-get.html"
    scope = "crm"
    effect = Effect.READ
    title = Said(en="Show a CRM item", ru="Показать элемент CRM")
    fails = {"NOT_FOUND": ITEM_NOT_FOUND}
    answer_key = "item"

    item: Annotated[Item, AsTypeAndId("entityTypeId", "id")]
