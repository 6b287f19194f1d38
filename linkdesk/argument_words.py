"""What people call the arguments: a chat says "booking number" where a model reads `booking_id`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from tool_specs.said import Said, plain

ARGUMENT_WORDS: Final[Mapping[str, Said]] = {
    "activity_id": Said(en="activity number", ru="номер дела"),
    "all": Said(en="all", ru="все"),
    "booking_id": Said(en="booking number", ru="номер бронирования"),
    "change_id": Said(en="change number", ru="номер изменения"),
    "client": Said(en="client", ru="клиент"),
    "clients": Said(en="clients", ru="клиенты"),
    "date_from": Said(en="start", ru="начало"),
    "date_to": Said(en="end", ru="окончание"),
    "deal": Said(en="deal", ru="сделка"),
    "description": Said(en="description", ru="описание"),
    "email": Said(en="email", ru="почта"),
    "id": Said(en="number", ru="номер"),
    "item": Said(en="CRM item", ru="элемент CRM"),
    "limit": Said(en="limit", ru="сколько показать"),
    "links": Said(en="deals", ru="сделки"),
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
