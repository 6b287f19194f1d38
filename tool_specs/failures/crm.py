"""Error codes of CRM lookups that several methods share.

Source: https://apidocs.bitrix24.com/api-reference/crm/
"""

from __future__ import annotations

from typing import Final

from tool_specs.declaration.failure import Failure, Who
from tool_specs.declaration.localized import Localized

CRM_TYPE_NOT_FOUND: Final = Failure(
    code="crm_type_not_found",
    what=Localized(en="The portal has no CRM items of this type.", ru="На портале нет элементов CRM такого типа."),
    next=Localized(en="Choose another type.", ru="Выберите другой тип."),
    call="Call list_crm_types for the numbers of smart processes.",
)
CRM_TYPES_DENIED: Final = Failure(
    code="access_denied",
    what=Localized(
        en="Bitrix24 shows the smart processes to CRM administrators only.",
        ru="Битрикс24 показывает смарт-процессы только администраторам CRM.",
    ),
    next=Localized(
        en="Ask a CRM administrator for the number of the smart process.",
        ru="Узнайте номер смарт-процесса у администратора CRM.",
    ),
    who=Who.ADMIN,
)
CRM_DENIED: Final = Failure(
    code="access_denied",
    what=Localized(
        en="Bitrix24 does not let this connection search the CRM.",
        ru="Битрикс24 не разрешает этому подключению искать в CRM.",
    ),
    next=Localized(
        en="Ask your administrator about rights to read the CRM.",
        ru="Спросите администратора о правах на чтение CRM.",
    ),
    who=Who.ADMIN,
)
