"""Error codes of bookings and activities that several methods share.

The codes are the vendor's, listed on each method's page; undocumented ones are marked in `fails` of the methods that
return them. Sources: https://apidocs.bitrix24.com/api-reference/booking/ and
https://apidocs.bitrix24.com/api-reference/crm/timeline/activities/binding/
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from tool_specs.declaration.failure import Failure, Who
from tool_specs.declaration.localized import Localized

BOOKING_NOT_FOUND: Final = Failure(
    code="booking_not_found",
    what=Localized(en="Booking {booking_id} was not found.", ru="Бронирование {booking_id} не найдено."),
    next=Localized(
        en="Check the number in the booking calendar: it may have been deleted.",
        ru="Проверьте номер в календаре бронирований: возможно, его удалили.",
    ),
    call="Check the number, or call list_bookings.",
)
WAITLIST_ENTRY_NOT_FOUND: Final = Failure(
    code="waitlist_entry_not_found",
    what=Localized(
        en="Waitlist entry {waitlist_id} was not found.", ru="Запись {waitlist_id} в листе ожидания не найдена."
    ),
    next=Localized(
        en="Check the number in the waitlist: it may have been deleted or turned into a booking.",
        ru="Проверьте номер в листе ожидания: возможно, запись удалили или сделали из неё бронирование.",
    ),
    call="Check the number, or call list_waitlist_entries.",
)
BOOKING_TOOL_OFF: Final = Failure(
    code="bookings_unavailable",
    what=Localized(
        en="Bitrix24 did not accept the request to its online booking.",
        ru="Битрикс24 не принял запрос к онлайн-записи.",
    ),
    why=Localized(
        en="It may be switched off or not be in the plan, or Linkdesk and this portal do not fit together.",
        ru="Возможно, она выключена, не входит в тариф или Linkdesk не подходит к этой версии портала.",
    ),
    next=Localized(
        en="Ask your administrator to check online booking in the portal's settings, then the plan.",
        ru="Попросите администратора проверить онлайн-запись в настройках портала, затем тариф.",
    ),
    who=Who.ADMIN,
)
CLIENT_TYPE_UNKNOWN: Final = Failure(
    code="client_type_unknown",
    what=Localized(
        en="The portal does not know this kind of client in bookings yet.",
        ru="Портал пока не знает такой вид клиента в бронированиях.",
    ),
    why=Localized(
        en="A new portal learns contacts and companies when the first booking with one is made by hand.",
        ru="Новый портал узнаёт контакты и компании, когда с ними впервые создают бронирование вручную.",
    ),
    next=Localized(
        en="Create one booking with such a client in Bitrix24, then try again.",
        ru="Создайте в Битрикс24 одно бронирование с таким клиентом и повторите.",
    ),
    who=Who.ADMIN,
)
BOOKING_NOT_UPDATED: Final = Failure(
    code="booking_not_updated",
    what=Localized(
        en="Bitrix24 could not save booking {booking_id}.",
        ru="Битрикс24 не смог сохранить бронирование {booking_id}.",
    ),
    why=Localized(
        en="It may have been deleted meanwhile, or its resource or time is no longer accepted.",
        ru="Возможно, его успели удалить либо его ресурс или время больше не подходят.",
    ),
    next=Localized(
        en="Open the booking in Bitrix24 and check its resource and time, then try again.",
        ru="Откройте бронирование в Битрикс24, проверьте ресурс и время и повторите.",
    ),
    call="Read the booking again before repeating the call.",
    who=Who.BITRIX24,
)
WAITLIST_ENTRY_NOT_UPDATED: Final = Failure(
    code="waitlist_entry_not_updated",
    what=Localized(
        en="Bitrix24 could not save waitlist entry {waitlist_id}.",
        ru="Битрикс24 не смог сохранить запись {waitlist_id} листа ожидания.",
    ),
    why=Localized(
        en="It may have been deleted or turned into a booking meanwhile.",
        ru="Возможно, её успели удалить или сделали из неё бронирование.",
    ),
    next=Localized(
        en="Open the entry in Bitrix24, check it, then try again.",
        ru="Откройте запись в Битрикс24, проверьте её и повторите.",
    ),
    call="Read the waitlist entry again before repeating the call.",
    who=Who.BITRIX24,
)
BOOKING_NOT_CREATED: Final = Failure(
    code="booking_not_created",
    what=Localized(en="Bitrix24 did not create the booking.", ru="Битрикс24 не создал бронирование."),
    why=Localized(
        en="A resource may be taken at that time, unavailable or deleted.",
        ru="Возможно, ресурс в это время занят, недоступен или удалён.",
    ),
    next=Localized(
        en="Check the resources and the time, or choose another time.",
        ru="Проверьте ресурсы и время или выберите другое время.",
    ),
    call="Check resource_ids with list_resources and the time with list_bookings.",
)
BOOKING_NOT_CHANGED: Final = Failure(
    code="booking_not_updated",
    what=BOOKING_NOT_UPDATED.what,
    why=Localized(
        en="It may have been deleted, or a resource is taken at that time or unavailable.",
        ru="Возможно, оно удалено, либо ресурс в это время занят или недоступен.",
    ),
    next=BOOKING_NOT_UPDATED.next,
    call="Call get_booking to see whether it is there; check the resources and the time.",
    who=Who.BITRIX24,
)
BOOKING_NOT_DELETED: Final = Failure(
    code="booking_not_deleted",
    what=Localized(en="Booking {booking_id} could not be deleted.", ru="Не удалось удалить бронирование {booking_id}."),
    why=Localized(en="Most likely it has been deleted already.", ru="Скорее всего, его уже удалили."),
    next=Localized(en="Check the number in the booking calendar.", ru="Проверьте номер в календаре бронирований."),
    call="Call get_booking to see whether it is still there.",
)
BOOKING_NOT_MOVED: Final = Failure(
    code="booking_not_moved",
    what=Localized(
        en="Booking {booking_id} could not be moved to the waitlist.",
        ru="Не удалось перенести бронирование {booking_id} в лист ожидания.",
    ),
    why=Localized(en="Most likely it has been deleted.", ru="Скорее всего, его удалили."),
    next=Localized(en="Check the number in the booking calendar.", ru="Проверьте номер в календаре бронирований."),
    call="Check the number, or call list_bookings.",
)
PERIOD_REFUSED: Final = Failure(
    code="period_refused",
    what=Localized(en="Bitrix24 did not accept the dates.", ru="Битрикс24 не принял даты."),
    next=Localized(
        en="Check that the end is later than the start.",
        ru="Проверьте, что окончание позже начала.",
    ),
)
RESOURCES_REFUSED: Final = Failure(
    code="resources_refused",
    what=Localized(en="Bitrix24 did not accept the resources.", ru="Битрикс24 не принял ресурсы."),
    next=Localized(en="Check that they exist.", ru="Проверьте, что они существуют."),
    call="Check resource_ids with list_resources.",
)
WAITLIST_ENTRY_NOT_CREATED: Final = Failure(
    code="waitlist_entry_not_created",
    what=Localized(
        en="Bitrix24 could not create the waitlist entry.", ru="Битрикс24 не смог создать запись листа ожидания."
    ),
    next=Localized(
        en="See in the waitlist whether it is there before you try again.",
        ru="Прежде чем повторить, проверьте, не появилась ли она в листе ожидания.",
    ),
    call="Call list_waitlist_entries before repeating the call.",
    who=Who.BITRIX24,
)
WAITLIST_ENTRY_NOT_DELETED: Final = Failure(
    code="waitlist_entry_not_deleted",
    what=Localized(
        en="Waitlist entry {waitlist_id} could not be deleted.",
        ru="Не удалось удалить запись {waitlist_id} листа ожидания.",
    ),
    why=Localized(en="Most likely it has been deleted already.", ru="Скорее всего, её уже удалили."),
    next=Localized(en="Check the number in the waitlist.", ru="Проверьте номер в листе ожидания."),
    call="Call get_waitlist_entry to see whether it is still there.",
)
WAITLIST_ENTRY_NOT_BOOKED: Final = Failure(
    code="waitlist_entry_not_booked",
    what=Localized(
        en="No booking could be made of waitlist entry {waitlist_id}.",
        ru="Не удалось сделать бронирование из записи {waitlist_id} листа ожидания.",
    ),
    why=Localized(
        en="The entry may be gone, or a resource is taken at that time or unavailable.",
        ru="Возможно, записи уже нет, либо ресурс в это время занят или недоступен.",
    ),
    next=Localized(
        en="Check the entry, the resources and the time.",
        ru="Проверьте запись, ресурсы и время.",
    ),
    call="Check the entry with get_waitlist_entry, resource_ids with list_resources.",
)
ACTIVITY_NOT_FOUND: Final = Failure(
    code="activity_not_found",
    what=Localized(en="Activity {activity_id} was not found.", ru="Дело {activity_id} не найдено."),
    next=Localized(
        en="Check the number: it is the activity's own, not that of a deal.",
        ru="Проверьте номер: нужен номер самого дела, а не сделки.",
    ),
    call="Check the number (an activity id, not a deal id), or call find_activities.",
)
ITEM_NOT_FOUND: Final = Failure(
    code="crm_item_not_found",
    what=Localized(en="Not found in the CRM: {item}.", ru="Не найдено в CRM: {item}."),
    next=Localized(en="Check the number on its card in the CRM.", ru="Проверьте номер в карточке CRM."),
    call="Check the type and number, or call find_crm_items.",
)
ACTIVITY_ACCESS_DENIED: Final = Failure(
    code="access_denied",
    what=Localized(
        en="Bitrix24 does not let you change activity {activity_id} on this card.",
        ru="Битрикс24 не разрешает менять дело {activity_id} в этой карточке.",
    ),
    why=Localized(
        en="Either you may not edit the CRM card, or the portal's plan does not include the REST API.",
        ru="Либо у вас нет права менять карточку CRM, либо тариф портала не включает REST API.",
    ),
    next=Localized(
        en="Ask your manager about rights to the card, or the administrator about the plan.",
        ru="О правах на карточку спросите руководителя, о тарифе портала: администратора.",
    ),
    who=Who.ADMIN,
)
ALREADY_BOUND: Final = Failure(
    code="already_bound",
    what=Localized(
        en="Activity {activity_id} is already bound to {target}.",
        ru="Дело {activity_id} уже привязано: {target}.",
    ),
    next=Localized(en="There is nothing to do.", ru="Ничего делать не нужно."),
)
NOT_BOUND: Final = Failure(
    code="binding_not_found",
    what=Localized(
        en="Activity {activity_id} is not bound to {item}.",
        ru="Дело {activity_id} не привязано: {item}.",
    ),
    next=Localized(
        en="See what it is bound to: /bindings {activity_id}",
        ru="Посмотрите, к чему оно привязано: /bindings {activity_id}",
    ),
    call="Call list_activity_bindings to see what it is bound to.",
)
LAST_BINDING: Final = Failure(
    code="last_binding",
    what=Localized(
        en="This is the only binding of activity {activity_id}, so it cannot be removed.",
        ru="Это единственная привязка дела {activity_id}, поэтому её нельзя убрать.",
    ),
    next=Localized(
        en="Bind the activity to another card first: /bind activity {activity_id} deal NUMBER",
        ru="Сначала привяжите дело к другой карточке: /bind дело {activity_id} сделка НОМЕР",
    ),
    call="Call add_activity_binding with another item first, or move_activity_binding.",
)
SAME_ITEM: Final = Failure(
    code="move_to_same_item",
    what=Localized(en="The source and the target are the same card.", ru="Исходная и новая карточки совпадают."),
    next=Localized(en="Name another card to move to.", ru="Назовите другую карточку, куда перенести."),
    call="Give a target that differs from the source.",
)
TYPES_DIFFER: Final = Failure(
    code="move_needs_same_type",
    what=Localized(
        en="Bitrix24 moves a binding only between cards of one type.",
        ru="Битрикс24 переносит привязку только между карточками одного типа.",
    ),
    next=Localized(
        en="Bind the activity to the new card, then unbind it from the old one.",
        ru="Привяжите дело к новой карточке, затем отвяжите от прежней.",
    ),
    call="Call add_activity_binding with the target, then delete_activity_binding with the source.",
)

BOOKING_CODES: Final[Mapping[str, Failure]] = {"0": BOOKING_TOOL_OFF, "1021": BOOKING_NOT_FOUND}
WAITLIST_CODES: Final[Mapping[str, Failure]] = {"0": BOOKING_TOOL_OFF, "1040": WAITLIST_ENTRY_NOT_FOUND}
BINDING_CODES: Final[Mapping[str, Failure]] = {
    "NOT_FOUND": ACTIVITY_NOT_FOUND,
    "ACCESS_DENIED": ACTIVITY_ACCESS_DENIED,
}
BINDING_CHANGE_CODES: Final[Mapping[str, Failure]] = {**BINDING_CODES, "OWNER_NOT_FOUND": ITEM_NOT_FOUND}
