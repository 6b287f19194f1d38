"""MCP resources: bookings, waitlist entries and deals with their links, and the catalogues of methods and errors.

Their content is that of the tools, for hosts whose users attach resources to a conversation. A resource template is
offered if a tool that reads the same data is offered.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final
from urllib.parse import unquote

from mcp.types import Resource, ResourceTemplate

from linkdesk.errors.base import Trouble
from linkdesk.errors.codes import mcp as protocol_errors
from server.tools.arguments import RequestRunner, parse_request
from server.tools.results import result_data
from tool_specs.declaration.localized import Language, Localized
from tool_specs.declaration.method import Method
from tool_specs.methods.booking import GetBooking, ListBookings
from tool_specs.methods.booking_clients import ListBookingClients
from tool_specs.methods.booking_links import ListBookingLinks
from tool_specs.methods.waitlist import GetWaitlistEntry
from tool_specs.methods.waitlist_clients import ListWaitlistClients
from tool_specs.methods.waitlist_links import ListWaitlistLinks

JSON: Final = "application/json"
SCHEME: Final = "linkdesk://"
METHODS_URI: Final = "linkdesk://methods"
METHOD_TEMPLATE: Final = "linkdesk://methods/{tool}"
ERRORS_URI: Final = "linkdesk://errors"
ERROR_TEMPLATE: Final = "linkdesk://errors/{code}"
MAX_URI_LENGTH: Final = 300
EXAMPLES: Final = "linkdesk://booking/14, linkdesk://booking/14/links, linkdesk://deal/7, "


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateSpec:
    """A resource template with one variable; `method` reads it, with the variable as its `argument`."""

    template: str
    name: str
    title: Localized
    description: Localized
    method: type[Method[Any]] | None = None
    argument: str = ""
    also: Mapping[str, Any] = field(default_factory=dict[str, Any])
    """The other arguments of the method."""
    tools: frozenset[str] = frozenset()
    """Other tools that read the same data: the template is offered if one of them is."""

    @property
    def variable(self) -> str:
        """The name between the braces."""
        return self.template.partition("{")[2].partition("}")[0]

    def value_in(self, address: str) -> str | None:
        """Extract the variable from a URI; None if the URI does not match the template."""
        before, _, rest = self.template.partition("{")
        after = rest.partition("}")[2]
        found = re.fullmatch(f"{re.escape(before)}([^/?#]+){re.escape(after)}", address)
        return None if found is None else unquote(found[1])

    def offered_with(self, tools: Collection[str]) -> bool:
        """Return whether the template is offered with these tools; the catalogues always are."""
        return self.method is None or self.method.name() in tools or bool(self.tools & set(tools))


TEMPLATES: Final = (
    TemplateSpec(
        template="linkdesk://booking/{booking_id}",
        name="booking",
        title=Localized(en="Booking", ru="Бронирование"),
        description=Localized(
            en="The time, resources, deals and clients of a booking.",
            ru="Время, ресурсы, сделки и клиенты бронирования.",
        ),
        method=GetBooking,
        argument="booking_id",
        tools=frozenset({"list_bookings"}),
    ),
    TemplateSpec(
        template="linkdesk://booking/{booking_id}/links",
        name="booking_links",
        title=Localized(en="Deals of a booking", ru="Сделки бронирования"),
        description=Localized(en="The deals linked to a booking.", ru="Сделки, привязанные к бронированию."),
        method=ListBookingLinks,
        argument="booking_id",
    ),
    TemplateSpec(
        template="linkdesk://booking/{booking_id}/clients",
        name="booking_clients",
        title=Localized(en="Clients of a booking", ru="Клиенты бронирования"),
        description=Localized(en="The contacts and companies of a booking.", ru="Контакты и компании бронирования."),
        method=ListBookingClients,
        argument="booking_id",
    ),
    TemplateSpec(
        template="linkdesk://waitlist/{waitlist_id}",
        name="waitlist_entry",
        title=Localized(en="Waitlist entry", ru="Запись листа ожидания"),
        description=Localized(
            en="The note, deals and clients of a waitlist entry.",
            ru="Заметка, сделки и клиенты записи листа ожидания.",
        ),
        method=GetWaitlistEntry,
        argument="waitlist_id",
        tools=frozenset({"list_waitlist_entries"}),
    ),
    TemplateSpec(
        template="linkdesk://waitlist/{waitlist_id}/links",
        name="waitlist_links",
        title=Localized(en="Deals of a waitlist entry", ru="Сделки записи листа ожидания"),
        description=Localized(
            en="The deals linked to a waitlist entry.", ru="Сделки, привязанные к записи листа ожидания."
        ),
        method=ListWaitlistLinks,
        argument="waitlist_id",
    ),
    TemplateSpec(
        template="linkdesk://waitlist/{waitlist_id}/clients",
        name="waitlist_clients",
        title=Localized(en="Clients of a waitlist entry", ru="Клиенты записи листа ожидания"),
        description=Localized(
            en="The contacts and companies of a waitlist entry.", ru="Контакты и компании записи листа ожидания."
        ),
        method=ListWaitlistClients,
        argument="waitlist_id",
    ),
    TemplateSpec(
        template="linkdesk://deal/{deal_id}",
        name="deal",
        title=Localized(en="Where a deal is linked", ru="Где привязана сделка"),
        description=Localized(
            en="The bookings of the last 30 and the next 90 days that a deal is linked to.",
            ru="Бронирования за последние 30 и ближайшие 90 дней, к которым привязана сделка.",
        ),
        method=ListBookings,
        argument="deal",
        also={"limit": 50, "with_clients": True},
    ),
    TemplateSpec(
        template=METHOD_TEMPLATE,
        name="method",
        title=Localized(en="A method", ru="Метод"),
        description=Localized(
            en="The full declaration of one tool: its REST method, documentation page, arguments and errors.",
            ru="Полное описание инструмента: метод REST, страница документации, параметры и ошибки.",
        ),
    ),
    TemplateSpec(
        template=ERROR_TEMPLATE,
        name="error",
        title=Localized(en="An error", ru="Ошибка"),
        description=Localized(
            en="All meanings of an error code, ours or Bitrix24's: what to do, who can do it, whether a retry helps.",
            ru="Все значения кода ошибки, нашего или Битрикс24: что делать, кто может помочь, поможет ли повтор.",
        ),
    ),
)
CATALOGUES: Final[Mapping[str, tuple[str, Localized, Localized]]] = {
    METHODS_URI: (
        "methods",
        Localized(en="All methods and tools", ru="Все методы и инструменты"),
        Localized(
            en="Every tool with its REST method, permission, effect and toolset, and whether it is offered here.",
            ru="Каждый инструмент: метод REST, разрешение, действие, набор и доступность на этом сервере.",
        ),
    ),
    ERRORS_URI: (
        "errors",
        Localized(en="All errors", ru="Все ошибки"),
        Localized(
            en="Every error code, ours and Bitrix24's, with what it means.",
            ru="Каждый код ошибки, наш и Битрикс24, и его значение.",
        ),
    ),
}


class Resources:
    """The resources of one server."""

    def __init__(
        self, do: RequestRunner, offered: Iterable[str], host: str | None = None, language: Language = "en"
    ) -> None:
        """Store the request runner, the offered tools, the portal's host and the language of titles."""
        self._do = do
        self.tools: Final = frozenset(offered)
        self._host = host
        self._language: Language = language

    @cached_property
    def addresses(self) -> tuple[TemplateSpec, ...]:
        """The templates that are offered."""
        return tuple(address for address in TEMPLATES if address.offered_with(self.tools))

    def listed(self) -> list[Resource]:
        """List the resources without a variable: the catalogues."""
        return [
            Resource(
                uri=address,
                name=name,
                title=title.to(self._language),
                description=description.to(self._language),
                mime_type=JSON,
            )
            for address, (name, title, description) in CATALOGUES.items()
        ]

    def templates(self) -> list[ResourceTemplate]:
        """List the offered resource templates."""
        return [
            ResourceTemplate(
                uri_template=address.template,
                name=address.name,
                title=address.title.to(self._language),
                description=address.description.to(self._language),
                mime_type=JSON,
            )
            for address in self.addresses
        ]

    async def read(self, address: str) -> str:
        """Read a resource as compact JSON.

        Raises:
            Trouble: there is no such resource, or it cannot be read.
        """
        if len(address) <= MAX_URI_LENGTH:
            if address in CATALOGUES:
                return _as_json(self._catalogue(address))
            for one in self.addresses:
                if (value := one.value_in(address)) is not None:
                    return _as_json(await self._value(one, value))
        raise Trouble(protocol_errors.UNKNOWN_ADDRESS, {"addresses": f"{EXAMPLES}{METHODS_URI}, {ERRORS_URI}"})

    async def _value(self, address: TemplateSpec, value: str) -> object:
        if address.method is not None:
            request = parse_request(address.method, {address.argument: value, **address.also}, self._host)
            return result_data(await self._do(request))
        # Imported here because the catalogues load every error text.
        from server.resources.catalogs import error_details, method_details

        return method_details(value, self.tools) if address.template == METHOD_TEMPLATE else error_details(value)

    def _catalogue(self, address: str) -> object:
        from server.resources.catalogs import error_list, method_list

        return method_list(self.tools) if address == METHODS_URI else error_list()


def _as_json(data: object) -> str:
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))
