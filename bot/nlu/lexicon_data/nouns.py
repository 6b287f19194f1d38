"""What everyday requests speak of: the records, and the things that are theirs. Dictionary forms, several words each.

A word with a star is inflected, one without stands as it is: "лист* ожидания". A single word is always inflected.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from tool_specs.declaration.crm_ref import CRM_TYPES
from tool_specs.declaration.localized import Said


@dataclass(frozen=True, slots=True)
class Noun:
    """A name that senses use, what it is called in a text, and the phrases for it, separated by commas."""

    name: str
    said: Said
    words: Said


NOUNS: Final[tuple[Noun, ...]] = (
    Noun(
        "booking",
        Said(en="booking", ru="бронирование"),
        Said(
            en="booking, reservation, appointment, visit, bkg",
            ru="бронь, бронирование, визит, запись, приём, бронька, посещение",
        ),
    ),
    Noun(
        "waitlist",
        Said(en="waitlist entry", ru="запись листа ожидания"),
        Said(
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
        Said(en="activity", ru="дело"),
        Said(
            en="activity, crm activity*, call, phone call*, task, meeting, email, e-mail, message",
            ru="дело, активность, задача, звонок, встреча, письмо, сообщение, имейл",
        ),
    ),
    Noun(
        "resource",
        Said(en="resource", ru="ресурс"),
        Said(
            en="resource, room, specialist, stylist, master, chair",
            ru="ресурс, мастер, специалист, кабинет, переговорка, зал, кресло",
        ),
    ),
    Noun(
        "resource_type",
        Said(en="resource type", ru="тип ресурсов"),
        Said(
            en="type, resource type*, type* of resource, type* of resources, kind* of resources, kind* of resource",
            ru="тип, тип* ресурса, тип* ресурсов, вид* ресурсов, вид* ресурса",
        ),
    ),
    Noun(
        "hours",
        Said(en="working hours", ru="рабочие часы"),
        Said(
            en="working hours, work hours, opening hours, business hours, schedule, hours, slots, slot, free slot*,"
            " open slot*,"
            " available slot*, working time, time slots, free time, free hours, timetable, availability",
            ru="рабочий* час*, час* работы, график* работы, рабочее* время*, график, расписание, слот, режим* работы,"
            " рабочее* расписание*, окно, окошко, свободный* слот*, свободное* окно*, свободное* окошко*, свободное*"
            " время*",
        ),
    ),
    Noun(
        "client",
        Said(en="client", ru="клиент"),
        Said(
            en="client, customer, guest, visitor, patient, student, learner, pupil, attendee",
            ru="клиент, гость, посетитель, заказчик, клиентка, пациент, пациентка, ученик, ученица,"
            " студент, студентка, посетительница, гостья, заказчица, покупатель, слушатель",
        ),
    ),
    Noun(
        "link",
        Said(en="link", ru="связь"),
        Said(
            en="link, connection, crm link*, external data, linked deal*", ru="связь, привязка, связка, внешние данные"
        ),
    ),
    Noun("binding", Said(en="binding", ru="привязка"), Said(en="binding", ru="привязка")),
    Noun(
        "change",
        Said(en="change", ru="изменение"),
        Said(
            en="change, edit, action, operation, history, history of changes, change* log, changelog, log, audit log*",
            ru="изменение, действие, операция, правка, история, история* изменений, журнал, журнал* изменений",
        ),
    ),
    Noun(
        "client_type",
        Said(en="kind of client", ru="вид клиентов"),
        Said(
            en="client type*, kind* of client, kind* of clients, type* of clients, type* of client, customer type*",
            ru="тип* клиентов, вид* клиентов, тип* клиента, вид* клиента",
        ),
    ),
    Noun(
        "crm_type",
        Said(en="CRM type", ru="тип CRM"),
        Said(
            en="crm type*, smart process, smart processes, crm item type*, type* of crm items, crm entity type*, crm"
            " entity*,"
            " type* of crm item",
            ru="тип* crm, смарт-процесс, смарт процесс*, тип* элементов crm, тип* срм, сущность* crm, вид* элементов"
            " crm",
        ),
    ),
    Noun("item", Said(en="item", ru="элемент"), Said(en="crm item*, item", ru="элемент, элемент* crm")),
    Noun(
        "note",
        Said(en="note", ru="заметка"),
        Said(en="note, comment, text", ru="заметка, примечание, комментарий, текст"),
    ),
    Noun(
        "description",
        Said(en="description", ru="описание"),
        Said(en="description, details text*", ru="описание"),
    ),
    Noun("code", Said(en="code", ru="код"), Said(en="code", ru="код")),
    Noun(
        "title",
        Said(en="name", ru="название"),
        Said(en="title, name", ru="название, наименование, имя, заголовок"),
    ),
    Noun(
        "moment",
        Said(en="time", ru="время"),
        Said(en="time, date, start time*, date and time*", ru="время, дата, дата* и время*, время* начала"),
    ),
    Noun("plan", Said(en="plan", ru="план"), Said(en="plan", ru="план")),
    *(
        Noun(kind.name, kind.said, Said(en=en, ru=ru))
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
