"""Buttons below a list: other pages, and the day as a picture."""

from __future__ import annotations

import re
from collections import OrderedDict
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from bot.conversation.buttons import Button
from bot.conversation.session import ConversationKey, Person, Reply
from bot.conversation.session import reply as reply_of
from bot.rendering.dispatch import render_error, render_outcome
from bot.schedule_image.request import ImageRequest, can_be_drawn
from bot.schedule_image.service import ImageService
from linkdesk.audit.log import ID_ALPHABET, ID_LENGTH
from linkdesk.auth.policy import Face
from linkdesk.desk import Desk
from linkdesk.errors.base import Changed, Trouble
from linkdesk.errors.incident import report_incident
from linkdesk.model.outcome import Outcome, ReadResult
from linkdesk.model.views import BookingsView, DayScheduleView
from linkdesk.plans.model import new_plan_id
from tool_specs.declaration.localized import LANGUAGES, Language, Localized
from tool_specs.declaration.method import Method
from tool_specs.methods.booking import ListBookings
from tool_specs.recipes.day_schedule import GetDaySchedule

MOST_LISTS: Final = 1000
TURNS: Final = re.compile(rf"(?P<list>g):(?P<id>[{ID_ALPHABET}]{{{ID_LENGTH}}}):(?P<page>[0-9]{{1,4}})")
DRAWS: Final = re.compile(
    rf"(?P<picture>p):(?P<day>[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}):(?P<language>{'|'.join(LANGUAGES)})"
)

MORE: Final = Localized(en="More", ru="Ещё")
BACK: Final = Localized(en="Back", ru="Назад")
AGAIN: Final = Localized(en="Try again", ru="Повторить")
AS_A_PICTURE: Final = Localized(en="As a picture", ru="Картинкой")


@dataclass(slots=True)
class _List:
    """A list that somebody pages through, with the request of each known page."""

    conversation_key: ConversationKey
    language: Language
    pages: list[Method[Any]]


@dataclass(frozen=True, slots=True)
class TurnedPage:
    """The page that a button leads to, and the request for the rest."""

    reply: Reply
    more: Method[Any] | None = None


class Pagination:
    """The lists that people page through, kept in memory; buttons of forgotten lists are outdated."""

    def __init__(self, desk: Desk, images: ImageService) -> None:
        """Take the desk and the image service."""
        self._desk = desk
        self._images = images
        self._lists: OrderedDict[str, _List] = OrderedDict()

    def with_buttons(self, reply: Reply, outcome: Outcome | None, person: Person) -> Reply:
        """Return the answer to one request with its buttons or its picture, where the chat can show any."""
        if person.face is not Face.TELEGRAM or not isinstance(outcome, ReadResult):
            return reply
        if isinstance(outcome.shown, DayScheduleView):
            return self._with_picture(reply, outcome.shown, person)
        keys = _picture_keys(outcome, reply.language)
        if (rest := rest_of(outcome)) is not None:
            number = new_plan_id()
            self._lists[number] = _List(person.conversation_key, reply.language, [outcome.asked, rest])
            while len(self._lists) > MOST_LISTS:
                self._lists.popitem(last=False)
            keys = (_key(MORE, number, 1, reply.language), *keys)
        return replace(reply, buttons=(*reply.buttons, *keys))

    async def turn_page(self, data: str, person: Person, year: int) -> TurnedPage | None:
        """Carry out a button's action, or return None where it is unknown, somebody else's, or outdated."""
        if (match := DRAWS.fullmatch(data)) is not None:
            language: Language = "ru" if match["language"] == "ru" else "en"
            return await self._drawn(match["day"], language, person, year)
        match = TURNS.fullmatch(data)
        found = self._lists.get(match["id"]) if match is not None else None
        if (
            match is None
            or found is None
            or found.conversation_key != person.conversation_key
            or int(match["page"]) >= len(found.pages)
        ):
            return None
        self._lists.move_to_end(match["id"])
        return await self._page(match["id"], found, int(match["page"]), person, year)

    async def _page(self, number: str, found: _List, page: int, person: Person, year: int) -> TurnedPage:
        outcome = await self._asked(found.pages[page], person)
        if isinstance(outcome, Trouble):
            again = (_key(AGAIN, number, page, found.language),)
            said = render_error(outcome, found.language, write=False)
            return TurnedPage(replace(reply_of(said, found.language), buttons=again))
        rest = rest_of(outcome)
        found.pages[page + 1 :] = [] if rest is None else [rest]
        keys = (*([_key(BACK, number, page - 1, found.language)] if page else []),)
        keys += (_key(MORE, number, page + 1, found.language),) if rest is not None else ()
        reply = reply_of(render_outcome(outcome, found.language, year=year), found.language)
        return TurnedPage(replace(reply, buttons=(*keys, *_picture_keys(outcome, found.language))), rest)

    async def _drawn(self, day: str, language: Language, person: Person, year: int) -> TurnedPage | None:
        try:
            asked = GetDaySchedule(day=date.fromisoformat(day))
        except ValueError:
            return None
        outcome = await self._asked(asked, person)
        if isinstance(outcome, Trouble):
            return TurnedPage(reply_of(render_error(outcome, language, write=False), language))
        reply = reply_of(render_outcome(outcome, language, year=year), language)
        return TurnedPage(self.with_buttons(reply, outcome, person))

    async def _asked(self, method: Method[Any], person: Person) -> Outcome | Trouble:
        try:
            return await self._desk.do(method, person.actor)
        except Trouble as trouble:
            return trouble
        except Exception as fault:  # noqa: BLE001 - a press is answered whatever happens
            return report_incident("conversation.failed", fault, Changed.NO)

    def _with_picture(self, reply: Reply, shown: DayScheduleView, person: Person) -> Reply:
        if not can_be_drawn():
            return reply
        # A reading is no change: it is the same picture whichever message asked for it.
        actor = replace(person.actor, request_key=None)
        picture = ImageRequest(date.fromisoformat(shown.day), reply.language, actor)
        self._images.prepare(picture, shown)
        return replace(reply, picture=picture)


def rest_of(outcome: Outcome) -> Method[Any] | None:
    """Return the request for the rest of a list that was shown in part."""
    cursor = getattr(outcome.shown, "cursor", None) if isinstance(outcome, ReadResult) else None
    return outcome.asked.model_copy(update={"cursor": cursor}) if isinstance(outcome, ReadResult) and cursor else None


def _picture_keys(outcome: Outcome, language: Language) -> tuple[Button, ...]:
    """Add the picture button below the bookings of one day."""
    if not isinstance(outcome, ReadResult) or not isinstance(outcome.shown, BookingsView) or not can_be_drawn():
        return ()
    asked, shown = outcome.asked, outcome.shown
    first, last = (shown.date_from or "")[:10], (shown.date_to or "")[:10]
    whole = isinstance(asked, ListBookings) and asked.client is None and asked.deal is None
    if not whole or not first or first != last:
        return ()
    return (Button(AS_A_PICTURE.to(language), f"p:{first}:{language}"),)


def _key(said: Localized, number: str, page: int, language: Language) -> Button:
    return Button(said.to(language), f"g:{number}:{page}")
