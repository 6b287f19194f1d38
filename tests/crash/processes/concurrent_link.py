"""A process that links deals to one booking, all at once, when it is told to."""

from __future__ import annotations

import asyncio
import sys

from linkdesk.auth.policy import Actor, Face, Role
from linkdesk.bootstrap.desk import open_desk
from linkdesk.config.logging import configure_logging
from linkdesk.config.settings import load_settings
from linkdesk.model.outcome import Done
from tool_specs.methods.booking_links import SetBookingLinks
from tool_specs.recipes.changes_and_plans import ListChanges


async def main(numbers: list[int]) -> None:
    """Say that we are ready, wait for a line, link, and say how many times that changed anything."""
    configure_logging(("info",))
    anna = Actor("anna", Face.CHAT, Role.EDITOR)
    async with open_desk(load_settings()) as desk:
        await desk.do(ListChanges(), anna)
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        await asyncio.to_thread(sys.stdin.readline)
        linking = [SetBookingLinks.model_validate({"booking_id": 14, "links": [number]}) for number in numbers]
        outcomes = await asyncio.gather(*(desk.do(method, anna) for method in linking))
        sys.stdout.write(f"{sum(isinstance(outcome, Done) and outcome.changed for outcome in outcomes)}\n")


asyncio.run(main([int(number) for number in sys.argv[1:]]))
