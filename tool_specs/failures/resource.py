"""Error codes of resources and their types, 1006 to 1013; several of them can mean any failure.

Sources: https://apidocs.bitrix24.com/api-reference/booking/resource/ and the types' pages below it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from tool_specs.declaration.failure import Failure, Who
from tool_specs.declaration.localized import Localized
from tool_specs.failures.booking import BOOKING_TOOL_OFF

_SEE_RESOURCES: Final = Localized(
    en="Check the number in the list of resources.", ru="Проверьте номер в списке ресурсов."
)
_SEE_TYPES: Final = Localized(
    en="Check the number in the list of resource types.", ru="Проверьте номер в списке типов ресурсов."
)

RESOURCE_NOT_FOUND: Final = Failure(
    code="resource_not_found",
    what=Localized(en="Resource {resource_id} was not found.", ru="Ресурс {resource_id} не найден."),
    next=_SEE_RESOURCES,
    call="Check the number, or call list_resources.",
)
RESOURCE_NOT_UPDATED: Final = Failure(
    code="resource_not_updated",
    what=Localized(en="Resource {resource_id} could not be changed.", ru="Не удалось изменить ресурс {resource_id}."),
    why=Localized(
        en="It may have been deleted, or a value was not accepted.",
        ru="Возможно, его удалили или какое-то значение не подошло.",
    ),
    next=_SEE_RESOURCES,
    call="Call get_resource to see whether it is there, then check the values.",
)
RESOURCE_NOT_CREATED: Final = Failure(
    code="resource_not_created",
    what=Localized(en="Bitrix24 did not create the resource.", ru="Битрикс24 не создал ресурс."),
    why=Localized(en="Most likely there is no type {type_id}.", ru="Скорее всего, типа {type_id} не существует."),
    next=_SEE_TYPES,
    call="Check type_id, or call list_resource_types.",
)
RESOURCE_NOT_DELETED: Final = Failure(
    code="resource_not_deleted",
    what=Localized(en="Resource {resource_id} could not be deleted.", ru="Не удалось удалить ресурс {resource_id}."),
    why=Localized(
        en="It may be gone already, or still be needed.", ru="Возможно, его уже нет или он ещё используется."
    ),
    next=_SEE_RESOURCES,
    call="Call get_resource to see whether it is still there.",
)
SLOTS_NOT_SET: Final = Failure(
    code="resource_slots_not_set",
    what=Localized(
        en="The working hours of resource {resource_id} could not be saved.",
        ru="Не удалось сохранить рабочие часы ресурса {resource_id}.",
    ),
    next=Localized(en="Check the hours, then try again.", ru="Проверьте часы и повторите."),
    call="Call list_resource_slots to see what is there before repeating the call.",
    who=Who.BITRIX24,
)
SETTING_REFUSED: Final = Failure(
    code="setting_refused",
    what=Localized(en="Bitrix24 did not accept one of the values.", ru="Битрикс24 не принял одно из значений."),
    next=Localized(en="Check the templates of the messages to the client.", ru="Проверьте шаблоны сообщений клиенту."),
    call="Check the ..._template arguments.",
)
RESOURCE_TYPE_NOT_FOUND: Final = Failure(
    code="resource_type_not_found",
    what=Localized(en="Resource type {type_id} was not found.", ru="Тип ресурсов {type_id} не найден."),
    next=_SEE_TYPES,
    call="Check the number, or call list_resource_types.",
)
NO_SUCH_RESOURCE_TYPE: Final = Failure(
    code="resource_type_not_found",
    what=Localized(en="There is no such resource type.", ru="Такого типа ресурсов нет."),
    next=_SEE_TYPES,
    call="Check type_id, or call list_resource_types.",
)
RESOURCE_TYPE_NOT_CREATED: Final = Failure(
    code="resource_type_not_created",
    what=Localized(en="Bitrix24 did not create the resource type.", ru="Битрикс24 не создал тип ресурсов."),
    why=Localized(en="Its code may be taken by another type.", ru="Возможно, его код уже занят другим типом."),
    next=Localized(en="Choose another code.", ru="Выберите другой код."),
    call="Call list_resource_types to see the codes that are taken.",
)
RESOURCE_TYPE_NOT_UPDATED: Final = Failure(
    code="resource_type_not_updated",
    what=Localized(
        en="Resource type {type_id} could not be changed.", ru="Не удалось изменить тип ресурсов {type_id}."
    ),
    why=Localized(
        en="It may have been deleted, or its code is taken by another type.",
        ru="Возможно, его удалили или его код занят другим типом.",
    ),
    next=_SEE_TYPES,
    call="Call list_resource_types to see whether it is there, and which codes are taken.",
)
RESOURCE_TYPE_NOT_DELETED: Final = Failure(
    code="resource_type_not_deleted",
    what=Localized(en="Resource type {type_id} could not be deleted.", ru="Не удалось удалить тип ресурсов {type_id}."),
    why=Localized(
        en="It may be gone already, or resources of it are left.",
        ru="Возможно, его уже нет или остались ресурсы этого типа.",
    ),
    next=_SEE_TYPES,
    call="Call list_resources with type_id to see whether any are left.",
)

# The page of resource.get lists 1009, and shows 1021 in its example.
RESOURCE_CODES: Final[Mapping[str, Failure]] = {
    "0": BOOKING_TOOL_OFF,
    "1009": RESOURCE_NOT_FOUND,
    "1021": RESOURCE_NOT_FOUND,
}
RESOURCE_TYPE_CODES: Final[Mapping[str, Failure]] = {"0": BOOKING_TOOL_OFF, "1013": RESOURCE_TYPE_NOT_FOUND}
