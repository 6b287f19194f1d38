"""What everyday requests speak of: the records, and the things that are theirs. Dictionary forms, several words each.

A word with a star is inflected, one without stands as it is: "лист* ожидания". A single word is always inflected.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from tool_specs.declaration.crm_ref import CRM_TYPES
from tool_specs.declaration.localized import Localized


@dataclass(frozen=True, slots=True)
class Noun:
    """A name that intents use, what it is called in a text, and the phrases for it, separated by commas."""

    name: str
    said: Localized
    words: Localized


NOUNS: Final[tuple[Noun, ...]] = (
    Noun(
        "booking",
        Localized(en="booking", ru="бронирование"),
        Localized(
            en="booking, reservation, appointment, visit, bkg",
            ru="бронь, броня, бронирование, визит, запись, приём, бронька, посещение",
        ),
    ),
    Noun(
        "waitlist",
        Localized(en="waitlist entry", ru="запись листа ожидания"),
        Localized(
            en="waitlist, wait-list, wait list, waiting list, waitlist* entry, wait list* entry, waiting list* entry,"
            " wait-list* entry, entry, queue, queue* entry, queue* item, waitlist* item, waiting list* item,"
            " waitlist* record",
            ru="лист* ожидание*, список* ожидание*, ожидание, очередь, запись* лист* ожидание*, запись* в лист*"
            " ожидание*,"
            " запись* из лист* ожидание*, запись* в лист* ожидание*, запись* список* ожидание*, запись* в список*"
            " ожидание*,"
            " запись* из список* ожидание*, запись* очереди, запись* в очереди, запись* из очереди, запись* ожидания,"
            " лист* ожиданий, листок* ожидания",
        ),
    ),
    Noun(
        "activity",
        Localized(en="activity", ru="дело"),
        Localized(
            en="activity, crm activity*, call, phone call*, task, meeting, email, e-mail, message",
            ru="дело, активность, задача, звонок, встреча, письмо, сообщение, имейл",
        ),
    ),
    Noun(
        "resource",
        Localized(en="resource", ru="ресурс"),
        Localized(
            en="resource, room, specialist, stylist, master, chair",
            ru="ресурс, мастер, специалист, кабинет, переговорка, зал, кресло",
        ),
    ),
    Noun(
        "resource_type",
        Localized(en="resource type", ru="тип ресурсов"),
        Localized(
            en="type, resource type*, type* of resource, type* of resources, kind* of resources, kind* of resource",
            ru="тип, тип* ресурса, тип* ресурсов, вид* ресурсов, вид* ресурса",
        ),
    ),
    Noun(
        "hours",
        Localized(en="working hours", ru="рабочие часы"),
        Localized(
            en="working hours, work hours, opening hours, business hours, schedule, hours, slots, slot, free slot*,"
            " open slot*,"
            " available slot*, working time, time slots, free time, free hours, timetable, availability",
            ru="рабочий* час*, час* ресурса, час* работы, график* работы, рабочее* время*, график, расписание, слот,"
            " режим* работы,"
            " рабочее* расписание*, окно, окошко, свободный* слот*, свободное* окно*, свободное* окошко*, свободное*"
            " время*",
        ),
    ),
    Noun(
        "client",
        Localized(en="client", ru="клиент"),
        Localized(
            en="client, customer, guest, visitor, patient, student, learner, pupil, attendee",
            ru="клиент, гость, посетитель, заказчик, клиентка, пациент, пациентка, ученик, ученица,"
            " студент, студентка, посетительница, гостья, заказчица, покупатель, слушатель",
        ),
    ),
    Noun(
        "link",
        Localized(en="link", ru="связь"),
        Localized(
            en="link, connection, crm link*, external data, linked deal*", ru="связь, привязка, связка, внешние данные"
        ),
    ),
    Noun("binding", Localized(en="binding", ru="привязка"), Localized(en="binding", ru="привязка")),
    Noun(
        "change",
        Localized(en="change", ru="изменение"),
        Localized(
            en="change, edit, action, operation, history, history of changes, change* log, changelog, log, audit log*",
            ru="изменение, действие, операция, правка, история, история* изменений, журнал, журнал* изменений",
        ),
    ),
    Noun(
        "client_type",
        Localized(en="kind of client", ru="вид клиентов"),
        Localized(
            en="client type*, kind* of client, kind* of clients, type* of clients, type* of client, customer type*",
            ru="тип* клиентов, вид* клиентов, тип* клиента, вид* клиента",
        ),
    ),
    Noun(
        "crm_type",
        Localized(en="CRM type", ru="тип CRM"),
        Localized(
            en="crm type*, smart process, smart processes, crm item type*, type* of crm items, crm entity type*, crm"
            " entity*,"
            " type* of crm item",
            ru="тип* crm, смарт-процесс, смарт процесс*, тип* элементов crm, тип* срм, сущность* crm, вид* элементов"
            " crm",
        ),
    ),
    Noun("item", Localized(en="item", ru="элемент"), Localized(en="crm item*, item", ru="элемент, элемент* crm")),
    Noun(
        "note",
        Localized(en="note", ru="заметка"),
        Localized(en="note, comment, text", ru="заметка, примечание, комментарий, текст"),
    ),
    Noun(
        "description",
        Localized(en="description", ru="описание"),
        Localized(en="description, details text*", ru="описание"),
    ),
    Noun("code", Localized(en="code", ru="код"), Localized(en="code", ru="код")),
    Noun(
        "title",
        Localized(en="name", ru="название"),
        Localized(en="title, name", ru="название, наименование, имя, заголовок"),
    ),
    Noun(
        "moment",
        Localized(en="time", ru="время"),
        Localized(en="time, date, start time*, date and time*", ru="время, дата, дата* и время*, время* начала"),
    ),
    Noun("plan", Localized(en="plan", ru="план"), Localized(en="plan", ru="план")),
    *(
        Noun(kind.name, kind.said, Localized(en=en, ru=ru))
        for kind, en, ru in zip(
            CRM_TYPES,
            (
                "deal, opportunity, crm deal*",
                "contact, contact person*",
                "company, firm, organization, organisation",
                "lead",
                "quote, estimate",
                "invoice, bill",
            ),
            (
                "сделка, сделочка",
                "контакт, контактное лицо",
                "компания, фирма, организация",
                "лид",
                "предложение, коммерческое* предложение*, кп",
                "счёт",
            ),
            strict=True,
        )
    ),
)
"""A word may stand for several of them: what is named beside it decides."""
