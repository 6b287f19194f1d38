"""A process that opens the tokens as the settings say, and calls the portal once it is told to."""

from __future__ import annotations

import asyncio
import sys

import httpx

from linkdesk.auth.policy import Actor, Face
from linkdesk.bootstrap.signin import open_credentials
from linkdesk.config.logging import configure_logging
from linkdesk.config.settings import load_settings
from tests.support.authorization import call_profile


async def main() -> None:
    """Say that we are ready, wait for a line, call, and say whose token it was."""
    configure_logging(("debug",))
    async with open_credentials(load_settings()) as employees, httpx.AsyncClient() as http:
        way_in = await employees.credentials_for(Actor("anna", Face.CHAT))
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        await asyncio.to_thread(sys.stdin.readline)
        sys.stdout.write(f"{await call_profile(way_in, http)}\n")


asyncio.run(main())
