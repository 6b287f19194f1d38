"""What people call the arguments: a chat says "booking number" where a model reads `booking_id`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from tool_specs.declaration.localized import Said, plain

ARGUMENT_WORDS: Final[Mapping[str, Said]] = {
    "activity_id": Said(en="activity number", ru="номер дела"),
    "all": Said(en="all", ru="все"),
    "booking_ids": Said(en="booking numbers", ru="номера бронирований"),
    "booking_id": Said(en="booking number", ru="номер бронирования"),
    "change_id": Said(en="change number", ru="номер изменения"),
    "code": Said(en="code", ru="код"),
    "confirmation_counter_delay_seconds": Said(
        en="when staff see that a visit is unconfirmed", ru="когда показать неподтверждённый визит"
    ),
    "confirmation_delay_seconds": Said(en="when to ask to confirm", ru="когда просить подтверждение"),
    "confirmation_notification": Said(en="asking to confirm", ru="просьба подтвердить"),
    "confirmation_repetitions": Said(en="repeated requests", ru="число повторных просьб"),
    "confirmation_repetitions_interval_seconds": Said(en="time between requests", ru="промежуток между просьбами"),
    "confirmation_template": Said(en="text of the request", ru="шаблон просьбы подтвердить"),
    "created_from": Said(en="created from", ru="создано с"),
    "created_to": Said(en="created to", ru="создано по"),
    "cursor": Said(en="cursor", ru="отметка продолжения"),
    "delayed_counter_delay_seconds": Said(en="when staff see that a client is late", ru="когда показать опоздание"),
    "delayed_delay_seconds": Said(en="when to write to a late client", ru="когда писать опоздавшему"),
    "delayed_notification": Said(en="writing to late clients", ru="сообщение опоздавшему"),
    "delayed_template": Said(en="text for late clients", ru="шаблон для опоздавших"),
    "feedback_notification": Said(en="asking for feedback", ru="просьба об отзыве"),
    "feedback_template": Said(en="text of the feedback request", ru="шаблон просьбы об отзыве"),
    "info_delay_seconds": Said(en="when to tell of the booking", ru="когда сообщить о бронировании"),
    "info_notification": Said(en="telling of the booking", ru="сообщение о бронировании"),
    "info_template": Said(en="text about the booking", ru="шаблон сообщения о бронировании"),
    "is_main": Said(en="own column", ru="отдельная колонка"),
    "reminder_delay_seconds": Said(en="when to remind", ru="когда напоминать"),
    "reminder_notification": Said(en="reminder", ru="напоминание"),
    "slots": Said(en="working hours", ru="рабочие часы"),
    "timezone": Said(en="time zone", ru="часовой пояс"),
    "type_id": Said(en="resource type number", ru="номер типа ресурсов"),
    "response_format": Said(en="how much of each", ru="насколько подробно"),
    "with_clients": Said(en="with clients", ru="с клиентами"),
    "with_links": Said(en="with deals", ru="со сделками"),
    "client": Said(en="client", ru="клиент"),
    "clients": Said(en="clients", ru="клиенты"),
    "day": Said(en="day", ru="день"),
    "days": Said(en="days", ru="дни"),
    "date_from": Said(en="start", ru="начало"),
    "date_to": Said(en="end", ru="окончание"),
    "deal": Said(en="deal", ru="сделка"),
    "description": Said(en="description", ru="описание"),
    "email": Said(en="email", ru="почта"),
    "id": Said(en="number", ru="номер"),
    "item": Said(en="CRM item", ru="элемент CRM"),
    "limit": Said(en="limit", ru="сколько показать"),
    "links": Said(en="deals", ru="сделки"),
    "mine": Said(en="only mine", ru="только мои"),
    "mode": Said(en="mode", ru="способ"),
    "name": Said(en="name", ru="название"),
    "note": Said(en="note", ru="примечание"),
    "owner": Said(en="CRM item", ru="элемент CRM"),
    "phone": Said(en="phone", ru="телефон"),
    "plan_id": Said(en="plan number", ru="номер плана"),
    "resource_id": Said(en="resource number", ru="номер ресурса"),
    "resource_ids": Said(en="resources", ru="ресурсы"),
    "source": Said(en="present CRM item", ru="прежний элемент CRM"),
    "target": Said(en="CRM item", ru="элемент CRM"),
    "text": Said(en="text", ru="текст"),
    "type": Said(en="type", ru="тип"),
    "waitlist_id": Said(en="waitlist entry number", ru="номер записи листа ожидания"),
}


def in_words(argument: str) -> Said:
    """Say an argument; one without words is said by its name."""
    return ARGUMENT_WORDS.get(argument, plain(argument))
