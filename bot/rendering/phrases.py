"""Grammar of the sentences: cases of records, genders of CRM items, and the phrases of each kind of list."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from linkdesk.model.outcome import ListKind, Target, TargetType
from tool_specs.declaration.crm_ref import CrmRef
from tool_specs.declaration.localized import Localized

_GENITIVE: Final[Mapping[TargetType, str]] = {
    "booking": "бронирования",
    "waitlist": "записи листа ожидания",
    "activity": "дела",
}
_DATIVE: Final[Mapping[TargetType, str]] = {
    "booking": "бронированию",
    "waitlist": "записи листа ожидания",
    "activity": "делу",
}
_LINKED: Final[Mapping[str, str]] = {"deal": "привязана", "company": "привязана", "quote": "привязано"}


def of_target(target: Target) -> Localized:
    """Return the target after "of": "booking 14", "бронирования 14"."""
    return Localized(en=target.said.en, ru=f"{_GENITIVE[target.type]} {target.id}")


def to_target(target: Target) -> Localized:
    """Return the target after "to": "booking 14", "бронированию 14"."""
    return Localized(en=target.said.en, ru=f"{_DATIVE[target.type]} {target.id}")


_DATIVE_ITEM: Final[Mapping[str, str]] = {
    "deal": "сделке",
    "contact": "контакту",
    "company": "компании",
    "lead": "лиду",
    "quote": "предложению",
    "invoice": "счёту",
}


def to_item(ref: CrmRef) -> Localized:
    """Return a CRM item after "to": "deal 1", "сделке 1"."""
    dative = _DATIVE_ITEM.get(ref.type)
    return Localized(en=ref.said.en, ru=f"{dative} {ref.id}" if dative else f"элементу {ref.id} типа {ref.type}")


def linked(refs: tuple[CrmRef, ...]) -> str:
    """Return the Russian for "linked" in the gender and number of the items."""
    return _LINKED.get(refs[0].type, "привязан") if len(refs) == 1 else "привязаны"


@dataclass(frozen=True, slots=True)
class Phrases:
    """The phrases of one kind of list."""

    added: Localized
    removed: Localized
    now: Localized
    none_now: Localized
    all_of: Localized
    empty: Localized
    already: Localized
    not_there: Localized


PHRASES: Final[Mapping[ListKind, Phrases]] = {
    "links": Phrases(
        added=Localized(en="Linked: {target} + {items}.", ru="Привязано: {target} + {items}."),
        removed=Localized(en="Unlinked: {target} − {items}.", ru="Отвязано: {target} − {items}."),
        now=Localized(en="Deals now: {items}.", ru="Теперь сделки: {items}."),
        none_now=Localized(en="No deals are left.", ru="Сделок больше нет."),
        all_of=Localized(en="Deals of {of}{when}:", ru="Сделки {of}{when}:"),
        empty=Localized(en="{Target}{when} has no deals.", ru="У {of}{when} нет сделок."),
        already=Localized(en="{Items} {is} already linked to {to}.", ru="{Items} уже {linked} к {to}."),
        not_there=Localized(en="{Items} {is} not linked to {to}.", ru="{Items} не {linked} к {to}."),
    ),
    "clients": Phrases(
        added=Localized(en="Client added: {target} + {items}.", ru="Добавлено в клиенты: {target} + {items}."),
        removed=Localized(en="Client removed: {target} − {items}.", ru="Убрано из клиентов: {target} − {items}."),
        now=Localized(en="Clients now: {items}.", ru="Теперь клиенты: {items}."),
        none_now=Localized(en="No clients are left.", ru="Клиентов больше нет."),
        all_of=Localized(en="Clients of {of}{when}:", ru="Клиенты {of}{when}:"),
        empty=Localized(en="{Target}{when} has no clients.", ru="У {of}{when} нет клиентов."),
        already=Localized(en="Already among the clients of {of}: {items}.", ru="Уже среди клиентов {of}: {items}."),
        not_there=Localized(en="Not among the clients of {of}: {items}.", ru="Среди клиентов {of} нет: {items}."),
    ),
    "bindings": Phrases(
        added=Localized(en="Bound: {target} + {items}.", ru="Привязано: {target} + {items}."),
        removed=Localized(en="Unbound: {target} − {items}.", ru="Отвязано: {target} − {items}."),
        now=Localized(en="Bound now to: {items}.", ru="Теперь привязки: {items}."),
        none_now=Localized(en="It has no bindings now.", ru="Привязок больше нет."),
        all_of=Localized(en="{Target} is bound to:", ru="Привязки {of}:"),
        empty=Localized(en="{Target} has no bindings.", ru="У {of} нет привязок."),
        already=Localized(en="{Target} is already bound to {items}.", ru="{Items} уже {linked} к {to}."),
        not_there=Localized(en="{Target} is not bound to {items}.", ru="{Items} не {linked} к {to}."),
    ),
}

MOVED: Final = Localized(en="Moved: {target}, {source} → {goal}.", ru="Перенесено: {target}, {source} → {goal}.")
MOVED_ALREADY: Final = Localized(
    en="{Target} is already bound to {goal}, and not to {source}.",
    ru="{Target} уже привязано к {to_goal}, а к {to_source} не привязано.",
)
ALREADY_THERE: Final = Localized(en="Already there: {items}.", ru="Уже было там: {items}.")
NOTHING_CHANGED: Final = Localized(en="Nothing was changed.", ru="Ничего не изменено.")
WILL_GO: Final = Localized(en="{Target}{when} will lose: {items}.", ru="У {of}{when} будет убрано: {items}.")
WILL_GET: Final = Localized(en="{Target}{when} will get: {items}.", ru="К {to}{when} будет добавлено: {items}.")
WILL_JOIN: Final = Localized(en="Will be added: {items}.", ru="Будет добавлено: {items}.")
WILL_LOSE: Final = Localized(en="Will be removed: {items}.", ru="Будет убрано: {items}.")
WILL_STAY: Final = Localized(en="Will stay: {items}.", ru="Останется: {items}.")
NOTHING_STAYS: Final = Localized(en="Nothing will remain.", ru="Ничего не останется.")
DO_IT: Final = Localized(en="Do it? yes / no", ru="Выполнить? да / нет")
"""Typed answers are always understood; Telegram shows buttons too."""
