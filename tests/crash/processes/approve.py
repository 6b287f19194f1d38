"""A process in which a person says yes to a plan, many times at once, when it is told to."""

from __future__ import annotations

import asyncio
import sys

from linkdesk.auth.policy import Actor, Face, Role
from linkdesk.bootstrap.desk import open_desk
from linkdesk.config.logging import configure_logging
from linkdesk.config.settings import load_settings
from linkdesk.errors.base import Trouble
from linkdesk.plans.model import PlanState

PRESSES = 5


async def main(plan_id: str) -> None:
    """Say that we are ready, wait for a line, press, and say how many presses did it, and what the others were told."""
    configure_logging(("info",))
    anna = Actor("anna", Face.CHAT, Role.EDITOR)
    async with open_desk(load_settings()) as desk:
        await desk.approvals.find(plan_id, anna)
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        await asyncio.to_thread(sys.stdin.readline)

        async def press() -> str:
            try:
                done = await desk.approvals.carry_out(await desk.approvals.decide(plan_id, anna, agreed=True), anna)
            except Trouble as trouble:
                return trouble.failure.code
            return done.state

        told = await asyncio.gather(*(press() for _ in range(PRESSES)))
        others = sorted(set(told) - {PlanState.DONE})
        sys.stdout.write(f"{told.count(PlanState.DONE)} {' '.join(others)}\n")


asyncio.run(main(sys.argv[1]))
