"""Draws docs/schedule-en.png and docs/schedule-ru.png from the sandbox's data: `make pictures`.

A Friday of the sandbox's week is filled as a day may be, through the same door as everybody's bookings, and drawn as it
looks at a fixed time.
"""

from __future__ import annotations

import asyncio
from datetime import datetime
from pathlib import Path
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from bot.schedule_image.canvas import drawn
from bot.schedule_image.content import content_of
from linkdesk.auth.policy import Actor, Confirm, Face, Policy, Role
from linkdesk.desk import Desk
from linkdesk.model.outcome import ReadResult, RecordDone
from linkdesk.model.views import DayScheduleView
from linkdesk.portal.address import WebhookAddress
from linkdesk.portal.client import Portal
from linkdesk.sandbox.app import Sandbox
from tool_specs.declaration.crm_ref import CrmRef
from tool_specs.declaration.localized import LANGUAGES
from tool_specs.methods.booking import AddBooking
from tool_specs.methods.booking_clients import SetBookingClients
from tool_specs.methods.booking_links import SetBookingLinks
from tool_specs.recipes.day_schedule import GetDaySchedule

HERE: Final = Path(__file__).parent
ZONE: Final = "Europe/Moscow"
NOW: Final = datetime(2026, 11, 20, 12, 20, tzinfo=ZoneInfo(ZONE))
ME: Final = Actor("docs", Face.CHAT, Role.ADMIN)


class Visit(NamedTuple):
    """A booking to be made."""

    start: str
    end: str
    resource: int
    name: str
    contact: int
    deal: int | None


VISITS: Final = (
    Visit("09:30", "11:00", 1, "Окрашивание", 5, 8),
    Visit("11:00", "12:00", 1, "Стрижка", 3, 12),
    Visit("17:30", "19:00", 1, "Bridal styling", 7, 5),
    Visit("10:00", "11:30", 2, "Маникюр", 4, 2),
    Visit("11:00", "12:00", 2, "Haircut", 8, None),
    Visit("13:30", "15:00", 2, "Наращивание", 9, 11),
    Visit("12:00", "13:30", 3, "Массаж", 6, 4),
    Visit("14:00", "16:00", 3, "Spa day", 2, 3),
)


async def main() -> None:
    """Draw both."""
    sandbox = Sandbox(clock=lambda: NOW, rate=None)
    address = WebhookAddress.parse(f"http://127.0.0.1{sandbox.webhook_path}")
    async with Portal(address, transport=sandbox.transport()) as portal:
        desk = Desk(portal, Policy(confirm=Confirm.NEVER), zone=ZONE, now=lambda: NOW)
        for visit in VISITS:
            await _book(desk, visit)
        found = await desk.do(GetDaySchedule(), ME)
        if not (isinstance(found, ReadResult) and isinstance(found.shown, DayScheduleView)):
            raise SystemExit("the desk did not show the day")
        for language in LANGUAGES:
            png = drawn(content_of(found.shown, language, NOW), language)
            path = HERE / f"schedule-{language}.png"
            path.write_bytes(png)
            print(f"{path.name}: {len(png)} bytes")


async def _book(desk: Desk, visit: Visit) -> None:
    day = NOW.date().isoformat()
    start, end = f"{day} {visit.start}", f"{day} {visit.end}"
    asked = AddBooking(resource_ids=[visit.resource], date_from=start, date_to=end, name=visit.name)
    made = await desk.do(asked, ME)
    if not isinstance(made, RecordDone):
        raise SystemExit(f"{visit.name} was not booked")
    number = made.target.id
    await desk.do(SetBookingClients(booking_id=number, clients=[CrmRef(type="contact", id=visit.contact)]), ME)
    if visit.deal is not None:
        await desk.do(SetBookingLinks(booking_id=number, links=[CrmRef(type="deal", id=visit.deal)]), ME)


if __name__ == "__main__":
    asyncio.run(main())
