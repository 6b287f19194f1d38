"""What a fresh sandbox holds: a small salon, in Russian and English.

Days are counted within the week in which the sandbox starts (0 is Monday); None is the very day.
"""

from __future__ import annotations

from typing import Final, NamedTuple


class Visit(NamedTuple):
    """A booking to be."""

    id: int
    day: int | None
    start: str
    end: str
    resource: int
    name: str
    description: str | None = None


class Person(NamedTuple):
    """A contact or lead to be."""

    id: int
    name: str
    last_name: str
    phone: str = ""
    email: str = ""
    title: str = ""


VISITS: Final = (
    Visit(14, None, "15:00", "16:00", 1, "Стрижка и окрашивание, Анна Иванова"),
    Visit(15, 1, "11:00", "12:00", 2, "Маникюр", "Просила тихую комнату"),
    Visit(16, 1, "11:30", "12:30", 3, "Massage, first visit"),
    Visit(17, 2, "10:00", "11:00", 2, "Педикюр"),
    Visit(18, 2, "17:00", "18:30", 3, "Массаж спины"),
    Visit(19, 3, "12:00", "13:00", 2, "Haircut and styling"),
    Visit(20, 4, "18:00", "19:00", 2, "Укладка"),
    Visit(21, 5, "10:30", "11:30", 3, "Face care"),
    Visit(40, 4, "09:30", "10:30", 3, "Окрашивание бровей", "Patch test done"),
    Visit(123, 5, "13:00", "14:00", 2, "Wedding hairstyle, rehearsal"),
)

# Notes of the entries in the waitlist.
WAITING: Final = {
    4: "Стрижка, любой вечер на этой неделе",
    6: "Massage, only with Olga",
    14: "Маникюр, позвонить, если освободится утро",
}

# Deals by id; 99 was deleted.
DEALS: Final = {
    1: "Стрижка и окрашивание",
    2: "Маникюр с покрытием",
    3: "Spa day for two",
    4: "Абонемент на массаж, 10 сеансов",
    5: "Bridal styling",
    6: "Уход за лицом",
    7: "Стрижка мужская",
    8: "Hair colouring, balayage",
    9: "Педикюр",
    10: "Corporate gift cards",
    11: "Наращивание ресниц",
    12: "Haircut",
}
LAST_DEAL: Final = 99
LAST_EVENT: Final = 555
CONTACT_OF_DEAL: Final = {1: 1, 7: 1}

CONTACTS: Final = (
    Person(1, "Анна", "Иванова", "+79161234501", "anna.ivanova@example.com"),
    Person(2, "John", "Smith", "+442079460958", "john.smith@example.com"),
    Person(3, "Иван", "Петров", "+79161234503", "ivan.petrov@example.com"),
    Person(4, "Мария", "Петрова", "+79161234504", "maria.petrova@example.com"),
    Person(5, "Emily", "Clark", "+442079460960", "emily.clark@example.com"),
    Person(6, "Сергей", "Кузнецов", "+79161234506", "s.kuznetsov@example.com"),
    Person(7, "Olga", "Belova", "+79161234507", "olga.belova@example.com"),
    Person(8, "David", "Brown", "+442079460963", "david.brown@example.com"),
    Person(9, "Елена", "Соколова", "+79161234509", "elena.sokolova@example.com"),
)

COMPANIES: Final = {
    1: ("ООО «Ромашка»", "+74951234501", "office@romashka.example.com"),
    2: ("Northwind Events", "+442079460970", "hello@northwind.example.com"),
    3: ("Студия «Лотос»", "+74951234503", "studio@lotos.example.com"),
    4: ("Bright Ideas Ltd", "+442079460972", "team@bright.example.com"),
}

LEADS: Final = (
    Person(1, "Ольга", "Смирнова", "+79161234511", title="Заявка с сайта: стрижка"),
    Person(2, "Peter", "Jones", "+442079460981", title="Call back about massage"),
    Person(3, "Дарья", "Орлова", "+79161234513", title="Вопрос об абонементе"),
    Person(4, "Laura", "Green", "", "laura.green@example.com", title="Gift card request"),
)

RESOURCE_TYPES: Final = {1: ("Мастера", "staff"), 2: ("Rooms", "rooms")}

WORKDAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri")
ALL_WEEK: Final = (*WORKDAYS, "Sat", "Sun")

# Resources by id: type, name, working hours in minutes from midnight, days.
RESOURCES: Final = {
    1: (1, "Анна, мастер по волосам", 540, 1260, ALL_WEEK),
    2: (1, "Olga, nails and styling", 600, 1200, (*WORKDAYS, "Sat")),
    3: (2, "Кабинет 1", 540, 1200, ALL_WEEK),
}
SLOT_SIZE: Final = 60

# Links as module, type, value; clients as contacts.
LINKS_OF_BOOKING: Final = {
    14: (("crm", "DEAL", "7"), ("calendar", "EVENT", "555")),
    15: (("crm", "DEAL", "2"),),
}
CONTACT_OF_BOOKING: Final = {14: 1}
CONTACT_OF_WAITLIST_ENTRY: Final = {4: 2}

# Activities by id: subject, and the type number and id of what they are bound to.
ACTIVITIES: Final = {
    70: ("Согласовать цвет окрашивания", ((2, 8), (2, 9))),
    71: ("Call back about the subscription", ((1, 3),)),
    999: ("Позвонить и подтвердить запись", ((2, 7),)),
}

# A smart process (its own id, the number of its type, title), and its items by id: title, contact.
SMART_PROCESS: Final = (3, 130, "Абонементы")
SMART_ITEMS: Final = {
    1: ("Абонемент «Массаж», 10 сеансов", 3),
    2: ("Nail care, 5 visits", 5),
}

# Users by id: name, last name, email, whether administrator, CRM types they may not edit.
USERS: Final = {
    1: ("Алексей", "Волков", "a.volkov@salon.example.com", True, ()),
    2: ("Kate", "Miller", "kate.miller@salon.example.com", False, (2,)),
}
