"""Vendor codes that any method can return: those of the REST system and of the CRM.

A method's own `fails` comes first. Source: https://apidocs.bitrix24.com/api-reference/error-codes.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from linkdesk.errors.codes.connection import ACCESS
from tool_specs.declaration.failure import Failure, Who
from tool_specs.declaration.localized import Localized

PORTAL_FAILED: Final = Failure(
    code="portal_failed",
    what=Localized(
        en="Bitrix24 failed while handling the request.", ru="При выполнении запроса в Битрикс24 произошёл сбой."
    ),
    next=Localized(
        en="Try again in a few minutes. If it still fails, tell your administrator.",
        ru="Повторите запрос через несколько минут. Если не поможет, сообщите администратору.",
    ),
    who=Who.BITRIX24,
    retryable=True,
)
PORTAL_BROKEN: Final = Failure(
    code="portal_broken",
    what=Localized(
        en="Bitrix24 could not handle the request because of an internal error.",
        ru="Битрикс24 не смог выполнить запрос из-за внутренней ошибки.",
    ),
    next=Localized(
        en="Tell your administrator: Bitrix24 support will need the code {vendor_code}.",
        ru="Сообщите администратору: поддержке Битрикс24 нужен код {vendor_code}.",
    ),
    who=Who.BITRIX24,
)
RATE_LIMITED: Final = Failure(
    code="rate_limited",
    what=Localized(
        en="The portal is receiving too many requests right now.",
        ru="Портал сейчас получает слишком много запросов.",
    ),
    next=Localized(en="Try again a little later.", ru="Повторите запрос чуть позже."),
    retryable=True,
)
OPERATION_TIME_LIMIT: Final = Failure(
    code="operation_time_limit",
    what=Localized(
        en="The portal has used up its time limit for requests of this kind.",
        ru="Портал исчерпал лимит времени на такие запросы.",
    ),
    next=Localized(
        en="Try again later: the limit resets within 10 minutes.",
        ru="Повторите запрос позже: ограничение снимается само в течение 10 минут.",
    ),
    retryable=True,
)
REST_BLOCKED: Final = Failure(
    code="rest_blocked",
    what=Localized(
        en="Bitrix24 has blocked the REST API of this portal because of overload.",
        ru="Битрикс24 заблокировал REST API этого портала из-за перегрузки.",
    ),
    next=Localized(
        en="Ask the administrator to contact Bitrix24 support.",
        ru="Попросите администратора обратиться в поддержку Битрикс24.",
    ),
    who=Who.BITRIX24,
)
AUTHORIZATION_UNREACHABLE: Final = Failure(
    code="authorization_unreachable",
    what=Localized(
        en="The portal could not reach the Bitrix24 authorization server.",
        ru="Портал не смог связаться с сервером авторизации Битрикс24.",
    ),
    next=Localized(en="Try again in a minute.", ru="Повторите запрос через минуту."),
    who=Who.BITRIX24,
    retryable=True,
)
PORTAL_CLOSED: Final = Failure(
    code="portal_closed",
    what=Localized(
        en="The portal reports that it is closed or deleted.",
        ru="Портал сообщает, что он закрыт или удалён.",
    ),
    next=Localized(
        en="Ask the administrator to check that the portal opens and that LINKDESK_PORTAL is right.",
        ru="Попросите администратора проверить, открывается ли портал и верен ли адрес в LINKDESK_PORTAL.",
    ),
    who=Who.ADMIN,
)
METHOD_NOT_FOUND: Final = Failure(
    code="method_not_found",
    what=Localized(
        en="This portal does not support this request.",
        ru="Этот портал не поддерживает такой запрос.",
    ),
    why=Localized(
        en="The module it needs may be missing on the portal or out of date.",
        ru="Возможно, нужный модуль не установлен или устарел.",
    ),
    next=Localized(
        en='Ask the administrator to check the portal\'s modules and the "{scope}" permission.',
        ru="Попросите администратора проверить модули портала и право «{scope}».",
    ),
    who=Who.ADMIN,
)
REQUEST_NOT_ACCEPTED: Final = Failure(
    code="request_not_accepted",
    what=Localized(
        en="Bitrix24 did not accept the request as Linkdesk sent it.",
        ru="Битрикс24 не принял запрос в том виде, в каком его отправил Linkdesk.",
    ),
    next=Localized(
        en="Give your administrator the code {vendor_code}: Linkdesk needs a fix or an update.",
        ru="Сообщите администратору код {vendor_code}: нужно исправить или обновить Linkdesk.",
    ),
    who=Who.LINKDESK,
)
NO_REASON_GIVEN: Final = Failure(
    code="refused_without_reason",
    what=Localized(
        en="Bitrix24 did not carry out the request and gave no clear reason.",
        ru="Битрикс24 не выполнил запрос и не назвал точной причины.",
    ),
    next=Localized(
        en="Try the same in Bitrix24 itself. If it works there, tell your administrator.",
        ru="Попробуйте сделать то же в самом Битрикс24. Если там получится, сообщите администратору.",
    ),
    who=Who.BITRIX24,
)
NOT_FOUND: Final = Failure(
    code="not_found",
    what=Localized(
        en="Bitrix24 has no such record or CRM item type.",
        ru="В Битрикс24 нет такой записи или такого типа элементов CRM.",
    ),
    next=Localized(
        en="Check the number and the type on the card in the CRM.",
        ru="Проверьте номер и тип в карточке CRM.",
    ),
)
CRM_ITEM_NOT_FOUND: Final = Failure(
    code="crm_item_not_found",
    what=Localized(en="There is no such item in the CRM.", ru="Такого элемента в CRM нет."),
    next=Localized(en="Check the number on its card in the CRM.", ru="Проверьте номер в карточке CRM."),
    call="Check the type and number, or call find_crm_items.",
)
VALUE_NOT_ALLOWED: Final = Failure(
    code="value_not_allowed",
    what=Localized(
        en="Bitrix24 does not accept the value of one of the fields on the CRM card.",
        ru="Битрикс24 не принимает значение одного из полей карточки CRM.",
    ),
    next=Localized(
        en="Check the fields on the card; the administrator knows the rules for them.",
        ru="Проверьте поля карточки; какие для них заданы правила, знает администратор.",
    ),
)
TYPE_NOT_SUPPORTED: Final = Failure(
    code="crm_type_not_supported",
    what=Localized(
        en="Bitrix24 does not allow this for CRM items of this type.",
        ru="Битрикс24 не позволяет этого для элементов CRM такого типа.",
    ),
    next=Localized(en="Choose an item of another type.", ru="Выберите элемент другого типа."),
)
SEVERAL_BINDINGS: Final = Failure(
    code="several_bindings",
    what=Localized(
        en="The activity is bound to several CRM items, but the request works with only one.",
        ru="Дело привязано к нескольким элементам CRM, а запрос рассчитан на один.",
    ),
    next=Localized(
        en="Look at the activity's bindings and decide which one you mean.",
        ru="Посмотрите привязки дела и решите, какая из них нужна.",
    ),
    call="Call list_activity_bindings, then ask the person which item is meant.",
)

SYSTEM: Final[Mapping[str, Failure]] = {
    **ACCESS,
    # errors without a reason
    "": NO_REASON_GIVEN,
    "0": NO_REASON_GIVEN,
    "ERROR_CORE": NO_REASON_GIVEN,
    "GENERAL_ERROR": NO_REASON_GIVEN,
    # the portal's own faults and limits
    "CONNECTION_ERROR": AUTHORIZATION_UNREACHABLE,
    "ERROR_METHOD_NOT_FOUND": METHOD_NOT_FOUND,
    "ERROR_UNEXPECTED_ANSWER": PORTAL_FAILED,
    "INTERNAL_SERVER_ERROR": PORTAL_FAILED,
    "INTERNAL_WRONG_HANDLER_CLASS": PORTAL_BROKEN,
    "INTERNAL_WRONG_TRANSPORT": PORTAL_BROKEN,
    "OPERATION_TIME_LIMIT": OPERATION_TIME_LIMIT,
    "OVERLOAD_LIMIT": REST_BLOCKED,
    "PORTAL_DELETED": PORTAL_CLOSED,
    "QUERY_LIMIT_EXCEEDED": RATE_LIMITED,
    # requests that we must not have sent like this
    "100": REQUEST_NOT_ACCEPTED,
    "ERROR_ARGUMENT": REQUEST_NOT_ACCEPTED,
    "ERROR_BATCH_LENGTH_EXCEEDED": REQUEST_NOT_ACCEPTED,
    "ERROR_BATCH_METHOD_NOT_ALLOWED": REQUEST_NOT_ACCEPTED,
    "ERROR_MANIFEST_IS_NOT_AVAILABLE": REQUEST_NOT_ACCEPTED,
    "INVALID_ARG_VALUE": REQUEST_NOT_ACCEPTED,
    "MAIN_CONTROLLER_22001": REQUEST_NOT_ACCEPTED,
    "MAIN_CONTROLLER_22002": REQUEST_NOT_ACCEPTED,
    "REQUIRED_ARG_MISSING": REQUEST_NOT_ACCEPTED,
    "WRONG_DATETIME_FORMAT": REQUEST_NOT_ACCEPTED,
    "WRONG_ENCODING": REQUEST_NOT_ACCEPTED,
    # the CRM
    "CRM_FIELD_ERROR_VALUE_NOT_VALID": VALUE_NOT_ALLOWED,
    "ENTITY_TYPE_NOT_SUPPORTED": TYPE_NOT_SUPPORTED,
    "MULTIPLE_BINDINGS": SEVERAL_BINDINGS,
    "NOT_FOUND": NOT_FOUND,
    "OWNER_NOT_FOUND": CRM_ITEM_NOT_FOUND,
}
"""The vendor's codes in upper case. Texts may use `{scope}` (the method's) and `{vendor_code}`, always supplied."""
