"""Codes of online booking, and the fixed sentences that distinguish the meanings of ambiguous codes.

A method's own `fails` says more and comes first; this is for codes that its page does not list, yet the module has.
A few codes stand for any failure of a kind. Where the vendor's server writes one fixed English sentence for one of
them, that sentence chooses the entry: compared as a whole, never shown. Any other text chooses nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from linkdesk.errors.codes.connection import NOT_IN_PLAN
from linkdesk.errors.codes.rest import NOT_FOUND, PORTAL_BROKEN, REQUEST_NOT_ACCEPTED
from tool_specs.declaration.failure import Failure, Who
from tool_specs.declaration.localized import Localized
from tool_specs.failures.booking import CLIENT_TYPE_UNKNOWN, RESOURCES_REFUSED
from tool_specs.failures.resource import NO_SUCH_RESOURCE_TYPE

BOOKING_DENIED: Final = Failure(
    code="booking_access_denied",
    what=Localized(
        en="Bitrix24 does not allow this in online booking.",
        ru="Битрикс24 не разрешает этого в онлайн-записи.",
    ),
    why=Localized(
        en="The connection's owner may lack rights to online booking.",
        ru="Возможно, владельцу подключения не хватает прав на онлайн-запись.",
    ),
    next=Localized(
        en="Ask the administrator to check the rights to online booking.",
        ru="Попросите администратора проверить права на онлайн-запись.",
    ),
    who=Who.ADMIN,
)
BOOKING_VALUE_REFUSED: Final = Failure(
    code="booking_value_refused",
    what=Localized(
        en="Bitrix24 online booking did not accept one of the values.",
        ru="Битрикс24 не принял одно из значений в запросе к онлайн-записи.",
    ),
    next=Localized(
        en="Check the dates, numbers and names you gave.", ru="Проверьте указанные даты, номера и названия."
    ),
)
SLOTS_REFUSED: Final = Failure(
    code="slots_refused",
    what=Localized(en="Bitrix24 did not accept the working hours.", ru="Битрикс24 не принял рабочие часы."),
    next=Localized(en="Check the resource's hours and try again.", ru="Проверьте часы работы ресурса и повторите."),
    call="Call list_resource_slots to see what is there.",
)
TIME_TAKEN: Final = Failure(
    code="time_taken",
    what=Localized(en="The resource is already booked at that time.", ru="В это время ресурс занят."),
    next=Localized(en="Choose another time or another resource.", ru="Выберите другое время или другой ресурс."),
    call="Look for a free time with list_bookings.",
)
BOOKING_SWITCHED_OFF: Final = Failure(
    code="bookings_switched_off",
    what=Localized(
        en="Online booking is switched off on the portal.",
        ru="Онлайн-запись на портале выключена.",
    ),
    next=Localized(
        en="Ask your administrator to switch it on in the portal's tool settings.",
        ru="Попросите администратора включить её в настройках инструментов портала.",
    ),
    who=Who.ADMIN,
)
ONE_RESOURCE_ONLY: Final = Failure(
    code="one_resource_only",
    what=Localized(
        en="The portal's plan allows only one resource per booking.",
        ru="Тариф портала допускает только один ресурс в бронировании.",
    ),
    next=Localized(
        en="Name one resource, or ask the administrator about the plan.",
        ru="Укажите один ресурс или спросите администратора о тарифе.",
    ),
)
NO_REST_IN_PLAN: Final = Failure(
    code="rest_not_in_plan",
    what=Localized(
        en="The portal's plan does not include the REST API.",
        ru="Тариф портала не включает REST API.",
    ),
    next=Localized(
        en="Ask the administrator to check the portal's plan and subscription.",
        ru="Попросите администратора проверить тариф и подписку портала.",
    ),
    who=Who.ADMIN,
)

_INTERNAL: Final = (
    *("1001", "1022", "1023", "1024", "1027", "1028", "1029", "1030", "1031", "1032", "1033", "1039", "1041", "1042"),
    *("1043", "1044", "1045", "1046", "1047", "1048"),
)
BOOKING: Final[Mapping[str, Failure]] = {
    "403": BOOKING_DENIED,
    "422": BOOKING_VALUE_REFUSED,
    "1009": NOT_FOUND,
    "1013": NOT_FOUND,
    "1017": SLOTS_REFUSED,
    "1021": NOT_FOUND,
    "1025": CLIENT_TYPE_UNKNOWN,
    "1026": TIME_TAKEN,
    "1037": NOT_FOUND,
    "1038": NOT_FOUND,
    "1040": NOT_FOUND,
    **dict.fromkeys(_INTERNAL, PORTAL_BROKEN),
}
"""Codes of the booking module, for its methods only."""

ENTRIES_BY_SENTENCE: Final[Mapping[str, Mapping[str, Failure]]] = {
    "0": {
        "booking tool is disabled. please contact your administrator": BOOKING_SWITCHED_OFF,
        "feature is not available": NOT_IN_PLAN,
        "multi-resource booking feature is not available": ONE_RESOURCE_ONLY,
    },
    "1006": {"resourcetype not found": NO_SUCH_RESOURCE_TYPE},
    "1018": {"empty resource collection": RESOURCES_REFUSED},
}
"""By code, then by the whole description in lower case without the full stop; for the booking's methods only."""
WITH_ANY_METHOD: Final[Mapping[str, Mapping[str, Failure]]] = {
    "ACCESS_DENIED": {"rest api is available only on commercial plans": NO_REST_IN_PLAN},
}
"""The same, where the answer comes before any method is looked at."""

REQUIRED_FIELDS: Final = "required fields: "
"""How the booking begins when keys of an object are missing, under code 0; the names of the keys follow."""


def entry_by_sentence(code: str, description: str, *, booking: bool) -> Failure | None:
    """Return the entry of an ambiguous code by the vendor's fixed sentence, or None.

    Args:
        code: in upper case.
        description: the vendor's; it is compared and nothing else.
        booking: whether a method of the booking was called.
    """
    said = " ".join(description.split()).rstrip(".").casefold()
    if found := WITH_ANY_METHOD.get(code, {}).get(said):
        return found
    if not booking:
        return None
    if code == "0" and said.startswith(REQUIRED_FIELDS):
        return REQUEST_NOT_ACCEPTED
    return ENTRIES_BY_SENTENCE.get(code, {}).get(said)
