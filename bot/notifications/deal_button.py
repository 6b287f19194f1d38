"""The button "Link to deal…" below a new booking: which deals may be meant, and linking the one that is pressed.

The data of a button is the number of the news, and of the deal where one is offered: it works after a restart, and for
as long as the news are kept. Who presses is looked at with every press.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from bot.conversation.buttons import Button
from bot.conversation.follow_up import A_SCREENFUL
from bot.conversation.plain_language_plan import LONGEST_LABEL, MORE
from bot.conversation.service import Conversation
from bot.conversation.session import Person, Reply, ReportProgress, Session
from bot.nlu.result import Understood
from bot.rendering.dispatch import render_error
from bot.rendering.markup import Text, bounded
from linkdesk.errors.base import Trouble
from linkdesk.errors.codes import linkdesk as own_errors
from linkdesk.errors.codes import staff as people_errors
from linkdesk.events.model import EventLog
from linkdesk.lookup.deals import open_deals
from linkdesk.lookup.queries import Candidate
from linkdesk.model.outcome import ReadResult
from linkdesk.model.views import BookingView
from linkdesk.text.intervals import format_local_interval
from tool_specs.declaration.crm_ref import MAX_ID, CrmRef
from tool_specs.declaration.localized import Language, Localized
from tool_specs.failures.booking import BOOKING_NOT_FOUND
from tool_specs.methods.booking import GetBooking
from tool_specs.methods.booking_links import SetBookingLinks

BUTTON: Final = re.compile(r"l:([0-9]{1,15})(?::(?:d([0-9]{1,15})|m([0-9]{1,3})))?")
"""A new booking, by the number of its news; with a deal to link, or from which place on to show more deals."""
LONGEST_ALERT: Final = 200
"""Characters of what a press is answered with, as Telegram takes them."""

TOO_OLD: Final = Localized(
    en="This message is too old for its button. Write: /link booking NUMBER deal NUMBER",
    ru="Это сообщение устарело, кнопка больше не действует. Напишите: /связать бронь НОМЕР сделка НОМЕР",
)
ALREADY: Final = Localized(
    en="Booking {id} is already linked: {deals}. To add another deal: /link booking {id} deal NUMBER",
    ru="Бронирование {id} уже привязано: {deals}. Добавить ещё одну сделку: /связать бронь {id} сделка НОМЕР",
)
WHICH: Final = Localized(
    en="Which deal does booking {id} ({when}) belong to? Choose one, or write the number or name of another.",
    ru="К какой сделке привязать бронирование {id} ({when})? Нажмите на неё или напишите номер или название другой.",
)
WRITE_IT: Final = Localized(
    en="Which deal does booking {id} ({when}) belong to? {why} Write its number or name.",
    ru="К какой сделке привязать бронирование {id} ({when})? {why} Напишите номер или название сделки.",
)
NO_CLIENT: Final = Localized(en="It has no client yet.", ru="Клиента у него пока нет.")
NO_DEALS: Final = Localized(en="Its client has no open deals.", ru="Открытых сделок у клиента нет.")
NOT_READ: Final = Localized(en="I can't show deals here.", ru="Показать сделки здесь не могу.")
IN_A_GROUP: Final = Localized(en="In a group, reply to this message.", ru="В группе ответьте на это сообщение.")
_ASKED: Final = Localized(en="link booking {id}", ru="привяжи к брони {id}")
NO_MORE_RIGHTS: Final = frozenset({people_errors.NOT_ALLOWED.code, people_errors.NOT_ALLOWED_IN_CHAT.code})


@dataclass(frozen=True, slots=True)
class PressResult:
    """The result of a press: an alert for the person, or a reply in the chat."""

    alert: str = ""
    reply: Reply | None = None
    asks: bool = False
    """Whether what is said asks for the deal, beside the news; else it takes the place of that question."""
    over: bool = False
    """Whether the button of the news has nothing to do any more."""


class DealButton:
    """Answers presses of "Link to deal…" and of the deals offered then."""

    def __init__(self, conversation: Conversation, log: EventLog) -> None:
        """Take the conversation, and the event log that bookings are looked up in."""
        self._conversation = conversation
        self._desk = conversation.desk
        self._log = log

    async def pressed(self, button: re.Match[str], person: Person, tell: ReportProgress) -> PressResult:
        """Ask for the deal, or link the one that was chosen."""
        language = self._conversation.language(person)
        sample = SetBookingLinks(booking_id=1, links=[CrmRef(type="deal", id=1)])
        try:
            self._desk.check(sample, person.actor)
            news = await self._log.after(int(button[1]) - 1, 1)
            never_offered = button[2] is not None and not 0 < int(button[2]) <= MAX_ID
            if not news or news[0].number != int(button[1]) or never_offered:
                return PressResult(_alert(TOO_OLD.to(language)), over=True)
            booking = await self._booking(news[0].booking_id, person)
        except Trouble as trouble:
            gone = trouble.failure.code == BOOKING_NOT_FOUND.code
            said = render_error(trouble, language, write=False).plain
            return PressResult(_alert(said), over=gone)
        number = news[0].booking_id
        if booking.links:
            deals = ", ".join(_named(one.id, one.name or "").to(language) for one in booking.links)
            return PressResult(_alert(ALREADY.format_map({"id": number, "deals": deals}).to(language)), over=True)
        if button[2] is not None:
            return await self._linked(number, CrmRef(type="deal", id=int(button[2])), person, tell)
        try:
            reply = await self._question(button[1], booking, int(button[3] or 0), person)
        except Trouble as trouble:
            return PressResult(_alert(render_error(trouble, language, write=False).plain))
        return PressResult(reply=reply, asks=button[3] is None)

    async def _booking(self, number: int, person: Person) -> BookingView:
        outcome = await self._desk.do(GetBooking(booking_id=number), person.actor)
        if not isinstance(outcome, ReadResult) or not isinstance(outcome.shown, BookingView):
            raise Trouble(own_errors.UNREADABLE_ANSWER)
        return outcome.shown

    async def _linked(self, number: int, deal: CrmRef, person: Person, tell: ReportProgress) -> PressResult:
        """Link a deal that was offered by name, like any chosen candidate."""
        session = Session(person, self._conversation.language(person), None, tell)
        reply = await self._conversation.do([SetBookingLinks(booking_id=number, links=[deal])], session)
        self._conversation.remember(person)
        done = any(one.data.startswith("u:") for one in reply.buttons)
        return PressResult(reply=reply, over=done)

    async def _question(self, news: str, booking: BookingView, first: int, person: Person) -> Reply:
        """Ask which deal is meant; what is written next by this person answers it, too."""
        language, number = self._conversation.language(person), booking.id or 0
        clients = [CrmRef(type=one.type, id=one.id) for one in booking.clients or ()]
        why = NO_DEALS if clients else NO_CLIENT
        try:
            deals = await open_deals(self._desk, person.actor, clients)
        except Trouble as trouble:
            if trouble.failure.code not in NO_MORE_RIGHTS:
                raise
            deals, why = [], NOT_READ
        when = format_local_interval(booking.date_from, booking.date_to, self._desk.zone)
        question = (WHICH if deals else WRITE_IT).format_map({"id": number, "when": when, "why": why})
        asked = Understood(
            text=_ASKED.format_map({"id": number}).to(language),
            language=language,
            tool=SetBookingLinks,
            arguments={"booking_id": number},
            missing=("links",),
            question=question,
            by_name=True,
        )
        self._conversation.remember(person, asked=asked)
        said = question.to(language)
        if person.chat != person.user:
            said = f"{said} {IN_A_GROUP.to(language)}"
        text = Text.of(said)
        return Reply(text.plain, text.html, language, buttons=_offered(news, deals, first, language))


def _offered(news: str, deals: Sequence[Candidate], first: int, language: Language) -> tuple[Button, ...]:
    """Return a button for each deal of a screenful, and one for the next; the last is followed by the first again."""
    first = first if first < len(deals) else 0
    found = [
        Button(bounded(deal.label.to(language), LONGEST_LABEL), data=f"l:{news}:d{deal.value.id}")
        for deal in deals[first : first + A_SCREENFUL]
        if isinstance(deal.value, CrmRef)
    ]
    if len(deals) > A_SCREENFUL:
        then = first + A_SCREENFUL if first + A_SCREENFUL < len(deals) else 0
        found.append(Button(MORE.to(language), data=f"l:{news}:m{then}"))
    return tuple(found)


def _named(number: int, name: str) -> Localized:
    title = bounded(name, LONGEST_LABEL)
    said = CrmRef(type="deal", id=number).said
    return Localized(en=f"{said.en} “{title}”", ru=f"{said.ru} «{title}»") if title else said


def _alert(text: str) -> str:
    return bounded(text, LONGEST_ALERT)
