"""Labels of arguments for people: a chat says "booking number" where a model reads `booking_id`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from tool_specs.declaration.localized import Localized, same_in_both

ARGUMENT_LABELS: Final[Mapping[str, Localized]] = {
    "activity_id": Localized(en="activity number", ru="номер дела"),
    "all": Localized(en="all", ru="все"),
    "booking_ids": Localized(en="booking numbers", ru="номера бронирований"),
    "booking_id": Localized(en="booking number", ru="номер бронирования"),
    "change_id": Localized(en="change number", ru="номер изменения"),
    "code": Localized(en="code", ru="код"),
    "confirmation_counter_delay_seconds": Localized(
        en="when staff see that a visit is unconfirmed", ru="когда показать неподтверждённый визит"
    ),
    "confirmation_delay_seconds": Localized(en="when to ask to confirm", ru="когда просить подтверждение"),
    "confirmation_notification": Localized(en="asking to confirm", ru="просьба подтвердить"),
    "confirmation_repetitions": Localized(en="repeated requests", ru="число повторных просьб"),
    "confirmation_repetitions_interval_seconds": Localized(en="time between requests", ru="промежуток между просьбами"),
    "confirmation_template": Localized(en="text of the request", ru="шаблон просьбы подтвердить"),
    "created_from": Localized(en="created from", ru="создано с"),
    "created_to": Localized(en="created to", ru="создано по"),
    "cursor": Localized(en="cursor", ru="отметка продолжения"),
    "delayed_counter_delay_seconds": Localized(
        en="when staff see that a client is late", ru="когда показать опоздание"
    ),
    "delayed_delay_seconds": Localized(en="when to write to a late client", ru="когда писать опоздавшему"),
    "delayed_notification": Localized(en="writing to late clients", ru="сообщение опоздавшему"),
    "delayed_template": Localized(en="text for late clients", ru="шаблон для опоздавших"),
    "feedback_notification": Localized(en="asking for feedback", ru="просьба об отзыве"),
    "feedback_template": Localized(en="text of the feedback request", ru="шаблон просьбы об отзыве"),
    "info_delay_seconds": Localized(en="when to tell of the booking", ru="когда сообщить о бронировании"),
    "info_notification": Localized(en="telling of the booking", ru="сообщение о бронировании"),
    "info_template": Localized(en="text about the booking", ru="шаблон сообщения о бронировании"),
    "is_main": Localized(en="own column", ru="отдельная колонка"),
    "reminder_delay_seconds": Localized(en="when to remind", ru="когда напоминать"),
    "reminder_notification": Localized(en="reminder", ru="напоминание"),
    "slots": Localized(en="working hours", ru="рабочие часы"),
    "timezone": Localized(en="time zone", ru="часовой пояс"),
    "type_id": Localized(en="resource type number", ru="номер типа ресурсов"),
    "response_format": Localized(en="how much of each", ru="насколько подробно"),
    "with_clients": Localized(en="with clients", ru="с клиентами"),
    "with_links": Localized(en="with deals", ru="со сделками"),
    "client": Localized(en="client", ru="клиент"),
    "clients": Localized(en="clients", ru="клиенты"),
    "day": Localized(en="day", ru="день"),
    "days": Localized(en="days", ru="дни"),
    "date_from": Localized(en="start", ru="начало"),
    "date_to": Localized(en="end", ru="окончание"),
    "deal": Localized(en="deal", ru="сделка"),
    "description": Localized(en="description", ru="описание"),
    "email": Localized(en="email", ru="почта"),
    "id": Localized(en="number", ru="номер"),
    "item": Localized(en="CRM item", ru="элемент CRM"),
    "limit": Localized(en="limit", ru="сколько показать"),
    "links": Localized(en="deals", ru="сделки"),
    "mine": Localized(en="only mine", ru="только мои"),
    "mode": Localized(en="mode", ru="способ"),
    "name": Localized(en="name", ru="название"),
    "note": Localized(en="note", ru="примечание"),
    "owner": Localized(en="CRM item", ru="элемент CRM"),
    "phone": Localized(en="phone", ru="телефон"),
    "plan_id": Localized(en="plan number", ru="номер плана"),
    "resource_id": Localized(en="resource number", ru="номер ресурса"),
    "resource_ids": Localized(en="resources", ru="ресурсы"),
    "source": Localized(en="present CRM item", ru="прежний элемент CRM"),
    "target": Localized(en="CRM item", ru="элемент CRM"),
    "text": Localized(en="text", ru="текст"),
    "type": Localized(en="type", ru="тип"),
    "waitlist_id": Localized(en="waitlist entry number", ru="номер записи листа ожидания"),
}


def argument_label(argument: str) -> Localized:
    """Return an argument's label, or its name if it has none."""
    return ARGUMENT_LABELS.get(argument, same_in_both(argument))
