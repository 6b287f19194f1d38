"""Vendor codes about the connection, for administrators: keys, permissions, application, plan.

The sentences name both causes where a code has two, and who looks into which.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from tool_specs.declaration.failure import Failure, Who
from tool_specs.declaration.localized import Localized

ACCESS_DENIED: Final = Failure(
    code="access_denied",
    what=Localized(en="Bitrix24 refused access.", ru="Битрикс24 отказал в доступе."),
    why=Localized(
        en="Either the connection's owner lacks rights to this record, or the portal's plan has no REST API.",
        ru="Либо владельцу подключения не хватает прав на эту запись, либо тариф портала не включает REST API.",
    ),
    next=Localized(
        en="Ask your manager to check the rights to the record, and the administrator to check the plan.",
        ru="Права на запись проверит руководитель, тариф портала проверит администратор.",
    ),
    who=Who.ADMIN,
)
MISSING_SCOPE: Final = Failure(
    code="missing_scope",
    what=Localized(
        en='The connection lacks the "{scope}" permission.',
        ru="У подключения к Битрикс24 нет права «{scope}».",
    ),
    next=Localized(
        en='Ask the administrator to add the "{scope}" permission to Linkdesk\'s webhook or application.',
        ru="Попросите администратора добавить право «{scope}» вебхуку или приложению Linkdesk.",
    ),
    who=Who.ADMIN,
)
CREDENTIALS_REFUSED: Final = Failure(
    code="credentials_refused",
    what=Localized(
        en="Bitrix24 does not accept Linkdesk's credentials.",
        ru="Битрикс24 не принимает данные, с которыми подключён Linkdesk.",
    ),
    why=Localized(
        en="The webhook may have been changed or deleted, or the application's access revoked.",
        ru="Возможно, вебхук изменили или удалили либо отозвали доступ приложения.",
    ),
    next=Localized(
        en="Ask the administrator to set a working webhook in LINKDESK_PORTAL or to reconnect the application.",
        ru="Попросите администратора указать действующий вебхук в LINKDESK_PORTAL или заново подключить приложение.",
    ),
    who=Who.ADMIN,
)
AUTHORIZATION_EXPIRED: Final = Failure(
    code="authorization_expired",
    what=Localized(
        en="Linkdesk's access to the portal has expired.",
        ru="Срок доступа Linkdesk к порталу истёк.",
    ),
    next=Localized(
        en="Try again. If it still fails, the administrator has to reconnect the application.",
        ru="Повторите запрос. Если не поможет, администратору нужно заново подключить приложение.",
    ),
    who=Who.ADMIN,
    retryable=True,
)
AUTHORIZATION_FAILED: Final = Failure(
    code="authorization_failed",
    what=Localized(
        en="The Bitrix24 authorization server did not confirm Linkdesk's access.",
        ru="Сервер авторизации Битрикс24 не подтвердил доступ Linkdesk.",
    ),
    next=Localized(
        en="Try again in a minute. If it still fails, the administrator has to reconnect the application.",
        ru="Повторите запрос через минуту. Если не поможет, администратору нужно заново подключить приложение.",
    ),
    who=Who.ADMIN,
    retryable=True,
)
WRONG_CLIENT: Final = Failure(
    code="wrong_application_keys",
    what=Localized(
        en="Bitrix24 does not accept the application's keys.",
        ru="Битрикс24 не принимает ключи приложения.",
    ),
    next=Localized(
        en="Ask the administrator to check LINKDESK_CLIENT_ID and LINKDESK_CLIENT_SECRET.",
        ru="Попросите администратора проверить LINKDESK_CLIENT_ID и LINKDESK_CLIENT_SECRET.",
    ),
    who=Who.ADMIN,
)
OWNER_NOT_ADMITTED: Final = Failure(
    code="connection_owner_refused",
    what=Localized(
        en="Bitrix24 refuses access to the employee whose account Linkdesk uses.",
        ru="Битрикс24 не пускает сотрудника, от имени которого подключён Linkdesk.",
    ),
    why=Localized(
        en="The employee may have left the company or been blocked.", ru="Возможно, он уволен или заблокирован."
    ),
    next=Localized(
        en="Ask the administrator to check that account or to connect Linkdesk through another one.",
        ru="Попросите администратора проверить этого сотрудника или подключить Linkdesk от имени другого.",
    ),
    who=Who.ADMIN,
)
NOT_AN_EMPLOYEE: Final = Failure(
    code="employees_only",
    what=Localized(en="Bitrix24 allows this only for employees.", ru="Битрикс24 разрешает это только сотрудникам."),
    why=Localized(
        en="Linkdesk is connected as a guest of the portal.", ru="Linkdesk подключён от имени гостя портала."
    ),
    next=Localized(
        en="Ask the administrator to connect Linkdesk as an employee.",
        ru="Попросите администратора подключить Linkdesk от имени сотрудника.",
    ),
    who=Who.ADMIN,
)
NOT_FOR_THIS_EMPLOYEE: Final = Failure(
    code="application_not_shared",
    what=Localized(
        en="The employee whose account Linkdesk uses has no access to the Linkdesk application.",
        ru="У сотрудника, от имени которого подключён Linkdesk, нет доступа к его приложению.",
    ),
    next=Localized(
        en="Ask the administrator to give that employee access to the application.",
        ru="Попросите администратора открыть этому сотруднику доступ к приложению.",
    ),
    who=Who.ADMIN,
)
NOT_INSTALLED: Final = Failure(
    code="application_not_installed",
    what=Localized(
        en="The Linkdesk application is not installed on the portal, or its installation was not finished.",
        ru="Приложение Linkdesk не установлено на портале или установлено не до конца.",
    ),
    next=Localized(
        en="Ask the administrator to install the application again.",
        ru="Попросите администратора установить приложение заново.",
    ),
    who=Who.ADMIN,
)
OTHER_CONNECTION_NEEDED: Final = Failure(
    code="other_connection_needed",
    what=Localized(
        en="Bitrix24 does not accept this request over this type of connection.",
        ru="Битрикс24 не принимает этот запрос при таком способе подключения.",
    ),
    next=Localized(
        en="Ask the administrator to connect Linkdesk the other way: as an application or by a webhook.",
        ru="Попросите администратора подключить Linkdesk другим способом: как приложение или через вебхук.",
    ),
    who=Who.ADMIN,
)
HTTPS_ONLY: Final = Failure(
    code="https_required",
    what=Localized(
        en="Bitrix24 accepts requests only over a secure connection.",
        ru="Битрикс24 принимает запросы только по защищённому соединению.",
    ),
    next=Localized(
        en="Ask the administrator to use an address that starts with https in LINKDESK_PORTAL.",
        ru="Попросите администратора указать в LINKDESK_PORTAL адрес, который начинается с https.",
    ),
    who=Who.ADMIN,
)
CONFIRMATION_WAITED_FOR: Final = Failure(
    code="waits_for_administrator",
    what=Localized(
        en="Bitrix24 is waiting for the portal's administrator to allow this request.",
        ru="Битрикс24 ждёт, пока администратор портала разрешит этот запрос.",
    ),
    next=Localized(
        en="Ask the administrator to allow it in Bitrix24, then repeat the request.",
        ru="Попросите администратора подтвердить его в Битрикс24, затем повторите.",
    ),
    who=Who.ADMIN,
    retryable=True,
)
CONFIRMATION_DENIED: Final = Failure(
    code="denied_by_administrator",
    what=Localized(
        en="The portal's administrator did not allow this request.",
        ru="Администратор портала не разрешил этот запрос.",
    ),
    next=Localized(
        en="If you need it, talk to the portal's administrator.",
        ru="Если он нужен, обсудите это с администратором портала.",
    ),
    who=Who.ADMIN,
)
SUBSCRIPTION_ENDED: Final = Failure(
    code="subscription_ended",
    what=Localized(en="The portal's subscription has ended.", ru="Подписка портала закончилась."),
    next=Localized(
        en="Ask the administrator to renew it in Bitrix24.",
        ru="Попросите администратора продлить её в Битрикс24.",
    ),
    who=Who.ADMIN,
)
LICENCE_NOT_CONFIRMED: Final = Failure(
    code="licence_not_confirmed",
    what=Localized(
        en="Bitrix24 could not confirm the portal's licence.",
        ru="Битрикс24 не подтвердил лицензию портала.",
    ),
    next=Localized(
        en="Ask the administrator to check the licence of the portal.",
        ru="Попросите администратора проверить лицензию портала.",
    ),
    who=Who.ADMIN,
)
NOT_IN_PLAN: Final = Failure(
    code="not_in_plan",
    what=Localized(en="The portal's plan does not allow this.", ru="Тариф портала этого не позволяет."),
    next=Localized(
        en="Ask the administrator what the plan includes.",
        ru="Узнайте у администратора, что входит в тариф.",
    ),
    who=Who.ADMIN,
)
FEATURE_OFF: Final = Failure(
    code="crm_feature_off",
    what=Localized(
        en="The CRM feature that this needs is switched off on the portal.",
        ru="Нужная для этого функция CRM на портале отключена.",
    ),
    next=Localized(
        en="Ask the administrator to switch it on in the CRM settings.",
        ru="Попросите администратора включить её в настройках CRM.",
    ),
    who=Who.ADMIN,
)

ACCESS: Final[Mapping[str, Failure]] = {
    "ACCESS_DENIED": ACCESS_DENIED,
    "ACCESS_ERROR": ACCESS_DENIED,
    "ALLOWED_ONLY_INTRANET_USER": NOT_AN_EMPLOYEE,
    "APPLICATION_NOT_FOUND": NOT_INSTALLED,
    "AUTHORIZATION_ERROR": OWNER_NOT_ADMITTED,
    "CREATE_DYNAMIC_ITEM_RESTRICTED": NOT_IN_PLAN,
    "ERROR_OAUTH": AUTHORIZATION_FAILED,
    "EXPIRED_TOKEN": AUTHORIZATION_EXPIRED,
    "FEATURE_DISABLED": FEATURE_OFF,
    "INSUFFICIENT_SCOPE": MISSING_SCOPE,
    "INVALID_CREDENTIALS": CREDENTIALS_REFUSED,
    "INVALID_REQUEST": HTTPS_ONLY,
    "INVALID_TOKEN": CREDENTIALS_REFUSED,
    "METHOD_CONFIRM_DENIED": CONFIRMATION_DENIED,
    "METHOD_CONFIRM_WAITING": CONFIRMATION_WAITED_FOR,
    "NOT_INSTALLED": NOT_INSTALLED,
    "NO_AUTH_FOUND": CREDENTIALS_REFUSED,
    "PAYMENT_REQUIRED": SUBSCRIPTION_ENDED,
    "RESTRICTED_BY_TARIFF": NOT_IN_PLAN,
    "SESSION_FAILED": CREDENTIALS_REFUSED,
    "USER_ACCESS_ERROR": NOT_FOR_THIS_EMPLOYEE,
    "WRONG_AUTH_TYPE": OTHER_CONNECTION_NEEDED,
    "WRONG_CLIENT": WRONG_CLIENT,
    "WRONG_LICENSE": LICENCE_NOT_CONFIRMED,
}
"""Codes in upper case; `WRONG_CLIENT` belongs to the token endpoint, yet portals answer calls with it too."""
