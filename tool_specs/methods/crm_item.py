"""CRM items of every type: `crm.item.*`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Final, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PrivateAttr, model_validator
from pydantic_core import PydanticCustomError

from tool_specs.declaration.crm_ref import CrmRef, CrmTypeName, Item, type_number
from tool_specs.declaration.intents import Act, Intent
from tool_specs.declaration.listing import WITHOUT_TOTAL, ListMethod, ResponseFormat, SmallLimit
from tool_specs.declaration.localized import Localized
from tool_specs.declaration.method import Effect, Method, Toolset
from tool_specs.declaration.text import Email, Phone, SearchText
from tool_specs.declaration.wire import As, AsTypeAndId, Json
from tool_specs.failures.booking import ITEM_NOT_FOUND
from tool_specs.failures.crm import CRM_TYPE_NOT_FOUND

Blank = Annotated[str, BeforeValidator(lambda value: "" if value is None else value)]


class CrmItem(BaseModel):
    """The fields of a CRM item that we read to name it; other keys are ignored."""

    model_config = ConfigDict(frozen=True, defer_build=True)

    id: int
    title: Blank = ""
    name: Blank = ""
    last_name: Annotated[Blank, Field(validation_alias="lastName")] = ""
    contact_id: Annotated[int | None, Field(validation_alias="contactId")] = None
    company_id: Annotated[int | None, Field(validation_alias="companyId")] = None

    @property
    def owners(self) -> tuple[CrmRef, ...]:
        """The contact and the company it belongs to."""
        ids = (("contact", self.contact_id), ("company", self.company_id))
        return tuple(CrmRef(type=kind, id=number) for kind, number in ids if number)

    @property
    def label(self) -> str:
        """The name people know it by: a deal's title, a contact's first and last name."""
        return self.title.strip() or f"{self.name} {self.last_name}".strip()


class FindCrmItems(ListMethod[list[CrmItem]]):
    """Find CRM items of one type by a part of the name, by phone or by email. Newest first. Deals by default."""

    rest = "crm.item.list"
    page = "crm/universal/crm-item-list.html"
    scope = "crm"
    effect = Effect.READ
    toolset = Toolset.CRM
    title = Localized(en="Find CRM items", ru="Найти элементы CRM")
    slash = Localized(en="find [{type}] {text}", ru="найти [{type}] {text}")
    intents = (Intent(Act.FIND, "item"),)
    fails = {"NOT_FOUND": CRM_TYPE_NOT_FOUND}
    answer_key = "items"
    select = ("id", "title", "name", "lastName", "contactId", "companyId")
    order = {"id": "DESC"}
    first = WITHOUT_TOTAL

    type: Annotated[CrmTypeName, As("entityTypeId", to=type_number)] = "deal"
    text: Annotated[
        SearchText | None,
        As("%title", "string", required=False, inside="filter", inside_any=True),
        Field(description="Part of a title; of a contact's first or last name."),
    ] = None
    phone: Annotated[Phone | None, Field(description="Of a client.")] = None
    email: Annotated[Email | None, Field(description="Of a client.")] = None
    limit: SmallLimit = 10
    response_format: ResponseFormat = "concise"

    _also: Mapping[str, Json] | None = PrivateAttr(default=None)

    @model_validator(mode="after")
    def _something_to_find(self) -> Self:
        if self.text is None and self.phone is None and self.email is None:
            raise PydanticCustomError("one_of", "give at least one of: {fields}", {"fields": "text, phone, email"})
        return self

    def where(self, conditions: Mapping[str, Json]) -> Self:
        """Return a copy with additional conditions in the vendor's form, such as `{"@contactId": [1, 2]}`."""
        call = self.model_copy()
        call._also = conditions  # noqa: SLF001 - our own copy
        return call

    def wire(self) -> dict[str, Json]:
        """Return the parameters to send; phone and email are looked up with `FindDuplicates` instead."""
        sent = super().wire()
        conditions = {**_by_text(self.type, self.text), **(self._also or {})}
        sent["select"] = [column for column in self.select if column in _COLUMNS.get(self.type, _COLUMNS["deal"])]
        return {**sent, "filter": conditions} if conditions else sent


class GetCrmItem(Method[CrmItem]):
    """Get one CRM item by type and id: its name, its contact and company."""

    rest = "crm.item.get"
    page = "crm/universal/crm-item-get.html"
    scope = "crm"
    effect = Effect.READ
    toolset = Toolset.CRM
    title = Localized(en="Show a CRM item", ru="Показать элемент CRM")
    slash = Localized(en="deal {item}", ru="сделка {item}")
    intents = (Intent(Act.SHOW, "item"),)
    fails = {"NOT_FOUND": ITEM_NOT_FOUND}
    answer_key = "item"

    item: Annotated[Item, AsTypeAndId("entityTypeId", "id")]
    with_links: Annotated[
        bool, Field(description="Also give the bookings and waitlist entries of a deal, contact or company.")
    ] = False


_COLUMNS: Final[Mapping[str, frozenset[str]]] = {
    "deal": frozenset({"id", "title", "contactId", "companyId"}),
    "lead": frozenset({"id", "title", "name", "lastName", "contactId", "companyId"}),
    "contact": frozenset({"id", "name", "lastName", "companyId"}),
    "company": frozenset({"id", "title"}),
}
"""The columns that a type has; quotes, invoices and smart processes have those of deals."""


def _by_text(kind: str, text: str | None) -> dict[str, Json]:
    """Build the filter by name; each word of a person's name may match the first or the last name."""
    if text is None:
        return {}
    if kind != "contact":
        return {"%title": text}
    return {
        str(place): {"logic": "OR", "0": {"%name": word}, "1": {"%lastName": word}}
        for place, word in enumerate(text.split())
    }
