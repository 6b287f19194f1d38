"""References to CRM items in our canonical form: `{"type": "deal", "id": 1}`.

Bitrix24 writes the same item in three ways: `{"moduleId": "crm", "entityTypeId": "DEAL", "value": "1"}`,
`{"id": 1, "type": {"module": "crm", "code": "CONTACT"}}` and `entityTypeId: 2, entityId: 1`. `CrmRef` reads all of
them, as well as `deal:1`, `deal 1`, `сделка 1` and the pasted URL of a card.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Final, TypeAlias, cast

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationInfo,
    WithJsonSchema,
    model_validator,
)
from pydantic_core import PydanticCustomError

from tool_specs.declaration.localized import Localized

MAX_ID: Final = 2_147_483_647
"""Ids on the portal are signed 32-bit database keys."""


def _whole_number(value: object) -> object:
    """Read an id as people and clients write it: `14`, `"14"`, `"#14"`, `"№ 14"`; a boolean is not an id."""
    if isinstance(value, str) and (match := re.fullmatch(r"\s*[#№]?\s*([0-9]{1,30})\s*", value)):
        value = int(match[1])
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int):
        raise PydanticCustomError("id_not_a_number", "must be a number such as 14")
    if value < 1:
        raise PydanticCustomError("id_too_small", "must be 1 or more")
    if value > MAX_ID:
        raise PydanticCustomError("id_too_large", "is too large for a Bitrix24 id")
    return value


Id: TypeAlias = Annotated[
    int,
    BeforeValidator(_whole_number),
    # The maximum is checked but left out of the schemas, where it would cost tokens and tell models nothing.
    WithJsonSchema({"type": "integer", "minimum": 1}),
]


@dataclass(frozen=True, slots=True)
class CrmType:
    """A type of CRM item: our name, the vendor's number and code, the path of its card, and its words."""

    name: str
    number: int
    code: str
    card: str
    said: Localized
    words: frozenset[str]


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


CRM_TYPES: Final[tuple[CrmType, ...]] = (
    CrmType(
        name="deal",
        number=2,
        code="DEAL",
        card="/crm/deal/details/{id}/",
        said=Localized(en="deal", ru="сделка"),
        words=_words("deal deals сделка сделки сделке сделку сделкой сделок сделкам сделками сделках"),
    ),
    CrmType(
        name="contact",
        number=3,
        code="CONTACT",
        card="/crm/contact/details/{id}/",
        said=Localized(en="contact", ru="контакт"),
        words=_words("contact contacts контакт контакта контакту контактом контакты контактов контактам контактами"),
    ),
    CrmType(
        name="company",
        number=4,
        code="COMPANY",
        card="/crm/company/details/{id}/",
        said=Localized(en="company", ru="компания"),
        words=_words("company companies компания компании компанию компанией компаний компаниям компаниями"),
    ),
    CrmType(
        name="lead",
        number=1,
        code="LEAD",
        card="/crm/lead/details/{id}/",
        said=Localized(en="lead", ru="лид"),
        words=_words("lead leads лид лида лиду лидом лиде лиды лидов лидам лидами"),
    ),
    CrmType(
        name="quote",
        number=7,
        code="QUOTE",
        card="/crm/type/7/details/{id}/",
        said=Localized(en="quote", ru="предложение"),
        words=_words("quote quotes предложение предложения предложению предложением предложений предложениям"),
    ),
    CrmType(
        name="invoice",
        number=31,
        code="SMART_INVOICE",
        card="/crm/type/31/details/{id}/",
        said=Localized(en="invoice", ru="счёт"),
        words=_words("invoice invoices счёт счет счёта счета счёту счету счётом счетом счетов счетам"),
    ),
)

_TYPE_BY_NAME: Final[Mapping[str, CrmType]] = {kind.name: kind for kind in CRM_TYPES}
_TYPE_BY_NUMBER: Final[Mapping[int, CrmType]] = {kind.number: kind for kind in CRM_TYPES}
_TYPE_BY_CODE: Final[Mapping[str, CrmType]] = {kind.code: kind for kind in CRM_TYPES}
TYPE_BY_WORD: Final[Mapping[str, CrmType]] = {word: kind for kind in CRM_TYPES for word in kind.words}

FIRST_SMART_PROCESS: Final = 128
"""Smart processes are numbered from 128 up; the numbers below are the vendor's own types."""

CARD_ADDRESS: Final = re.compile(
    r"(?:https?://(?P<host>[^/\s]+)(?:/\S*?)?)?/crm/(?:type/(?P<number>[0-9]{1,6})|(?P<name>deal|contact|company|lead|quote))"
    r"/(?:details|show|edit)/(?P<id>[0-9]{1,30})(?:[/?#]\S*)?",
    re.IGNORECASE,
)
_PAIR: Final = re.compile(r"\s*(?P<word>[^\W_]+)\s*[:\s]\s*[#№]?(?P<id>[0-9]{1,30})\s*")
_DYNAMIC: Final = re.compile(r"DYNAMIC_([0-9]{1,6})")


class CrmRef(BaseModel):
    """One CRM item: its type and id."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    type: Annotated[
        str,
        WithJsonSchema({"type": "string", "description": "deal, contact, company, lead, quote, invoice or a number"}),
    ]
    id: Id

    @model_validator(mode="before")
    @classmethod
    def _any_spelling(cls, value: object, info: ValidationInfo) -> object:
        context: object = info.context
        host = cast("Mapping[str, object]", context).get(PORTAL_HOST) if isinstance(context, Mapping) else None
        if isinstance(value, str) and isinstance(host, str):
            check_host(value, host)
        return read_crm_ref(value)

    @property
    def number(self) -> int:
        """The vendor's number of the type, as `crm.item.get` and the bindings want it."""
        return type_number(self.type)

    @property
    def code(self) -> str:
        """The vendor's code of the type, as external data and clients want it."""
        return _TYPE_BY_NAME[self.type].code if self.type in _TYPE_BY_NAME else f"DYNAMIC_{self.type}"

    @property
    def card(self) -> str:
        """The path of the item's card on the portal."""
        template = (
            _TYPE_BY_NAME[self.type].card if self.type in _TYPE_BY_NAME else f"/crm/type/{self.type}/details/{{id}}/"
        )
        return template.format(id=self.id)

    @property
    def said(self) -> Localized:
        """The item in words: "deal 1", "сделка 1"."""
        if self.type in _TYPE_BY_NAME:
            kind = _TYPE_BY_NAME[self.type].said
            return Localized(en=f"{kind.en} {self.id}", ru=f"{kind.ru} {self.id}")
        return Localized(en=f"item {self.id} of type {self.type}", ru=f"элемент {self.id} типа {self.type}")

    @classmethod
    def of(cls, number: int, item_id: int) -> CrmRef:
        """Build a reference from the vendor's type number."""
        return cls(type=type_name(number), id=item_id)


def type_name(number: int) -> str:
    """Return our name for a vendor type number: 2 is `deal`, 128 is `128`."""
    return _TYPE_BY_NUMBER[number].name if number in _TYPE_BY_NUMBER else str(number)


def type_number(name: str) -> int:
    """Return the vendor's number for our name of a type."""
    return _TYPE_BY_NAME[name].number if name in _TYPE_BY_NAME else int(name)


def type_of_code(code: str) -> str | None:
    """Return our name for a vendor type code such as `DEAL` or `DYNAMIC_128`; None if it is not a CRM type."""
    if code in _TYPE_BY_CODE:
        return _TYPE_BY_CODE[code].name
    match = _DYNAMIC.fullmatch(code)
    return match[1] if match else None


PORTAL_HOST: Final = "portal_host"
"""The key of the portal's host in pydantic's validation context."""


def check_host(text: str, host: str) -> None:
    """Check that the URL of a card belongs to this portal: on another one the same id is a different item.

    Raises:
        PydanticCustomError: the URL belongs to another portal.
    """
    match = CARD_ADDRESS.fullmatch(text.strip())
    if match is not None and match["host"] is not None and match["host"].lower() != host.lower():
        raise PydanticCustomError("other_portal", "must be an address on the portal {host}", {"host": host})


def read_crm_ref(value: object) -> object:
    """Convert any known form of a CRM item to `{"type", "id"}`; leave anything else for validation.

    Raises:
        PydanticCustomError: the text or the type cannot be parsed.
    """
    if isinstance(value, str):
        return _parse_text(value)
    if not isinstance(value, Mapping):
        if isinstance(value, CrmRef):
            return value
        raise PydanticCustomError("crm_ref", 'must be an object such as {"type": "deal", "id": 1}')
    given = {str(name): part for name, part in cast("Mapping[object, Any]", value).items()}
    if given.get("moduleId") == "crm" and {"entityTypeId", "value"} <= given.keys():
        given = {"type": given.pop("entityTypeId"), "id": given.pop("value"), **_strip_module(given, "moduleId")}
    elif {"entityTypeId", "entityId"} <= given.keys():
        given = {"type": given.pop("entityTypeId"), "id": given.pop("entityId"), **given}
    if isinstance(given.get("type"), Mapping) and given["type"].get("module") == "crm":
        given["type"] = given["type"].get("code")
    if "type" in given:
        given["type"] = _type(given["type"])
    return given


def _strip_module(given: dict[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in given.items() if key != name}


def _parse_text(text: str) -> dict[str, Any]:
    if match := CARD_ADDRESS.fullmatch(text.strip()):
        return {
            "type": type_name(int(match["number"])) if match["number"] else match["name"].lower(),
            "id": match["id"],
        }
    if match := _PAIR.fullmatch(text):
        return {"type": _type(match["word"]), "id": match["id"]}
    raise PydanticCustomError("crm_ref", 'must be an object such as {"type": "deal", "id": 1}')


def _type(value: object) -> str:
    """Return our name of a CRM type given as a name, a word, a vendor code or a number."""
    if isinstance(value, int) and not isinstance(value, bool) and 0 < value <= MAX_ID:
        return type_name(value)
    if isinstance(value, str):
        word = value.strip().casefold()
        if word in TYPE_BY_WORD:
            return TYPE_BY_WORD[word].name
        if (name := type_of_code(value.strip().upper())) is not None:
            return name
        if re.fullmatch(r"[0-9]{1,6}", word) and int(word) > 0:
            return type_name(int(word))
    raise PydanticCustomError("crm_type", "must be deal, contact, company, lead, quote, invoice or a number")


def only(*names: str, smart: bool = False) -> AfterValidator:
    """Build a validator that allows these types of CRM items and, with `smart`, smart processes."""

    def check(ref: CrmRef) -> CrmRef:
        if ref.type in names or (smart and ref.type.isdigit() and int(ref.type) >= FIRST_SMART_PROCESS):
            return ref
        raise PydanticCustomError("crm_type_not_allowed", "must be one of: {allowed}", {"allowed": ", ".join(names)})

    return AfterValidator(check)


def ref_schema(*names: str, smart: bool = False) -> WithJsonSchema:
    """Build the schema of one item for models: flat, with one type per field and no references."""
    kind: dict[str, Any] = {"type": "string", "enum": list(names)}
    if smart:
        kind = {"type": "string", "description": f"{', '.join(names)}, or a smart process number such as 128"}
    return WithJsonSchema(
        {
            "type": "object",
            "properties": {"type": kind, "id": {"type": "integer", "minimum": 1}},
            "required": ["type", "id"],
            "additionalProperties": False,
        },
    )


def in_context(name: str) -> BeforeValidator:
    """Build a validator that reads a bare number (`#1`, `1`) as an item of the type this argument expects."""

    def read(value: object) -> object:
        bare = isinstance(value, int) or (isinstance(value, str) and re.fullmatch(r"\s*[#№]?\s*[0-9]+\s*", value))
        return {"type": name, "id": value} if bare and not isinstance(value, bool) else value

    return BeforeValidator(read)


Deal: TypeAlias = Annotated[CrmRef, only("deal"), in_context("deal"), ref_schema("deal")]
Client: TypeAlias = Annotated[CrmRef, only("contact", "company"), ref_schema("contact", "company")]
Item: TypeAlias = Annotated[
    CrmRef,
    only("deal", "contact", "company", "lead", "quote", "invoice", smart=True),
    ref_schema("deal", "contact", "company", "lead", "quote", "invoice", smart=True),
    Field(description="A CRM item."),
]
CrmTypeName: TypeAlias = Annotated[
    str,
    BeforeValidator(_type),
    WithJsonSchema({"type": "string", "description": "deal (default), contact, company, lead, quote, invoice, 128…"}),
]
"""A type of CRM items alone: its name, or the number of a smart process."""
