"""A process that makes one change on a portal and is killed on the way, at the point that it was told."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from typing import Any

from linkdesk.audit.log import Change
from linkdesk.auth.policy import Actor, Face
from linkdesk.desk import Desk
from linkdesk.portal.address import WebhookAddress
from linkdesk.portal.client import Portal
from linkdesk.storage.audit_log import open_stored_audit_log
from linkdesk.storage.url import DatabaseAddress
from tests.support.write_requests import REQUESTS
from tool_specs.declaration.method import Method


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


class Dying(Portal):
    """A client whose process is killed before or after a certain call."""

    point = ""

    async def __call__(self, method: Method[Any]) -> Any:  # noqa: ANN401 - the portal's own
        if self.point == f"before {method.name()}":
            die()
        answer = await super().__call__(method)
        if self.point == f"after {method.name()}":
            die()
        return answer


async def main(portal: str, database: str, request: str, point: str) -> None:
    async with open_stored_audit_log(DatabaseAddress.parse(database), "sandbox") as record:
        begin, close = record.begin, record.close

        async def beginning(change: Change, /) -> None:
            if point == "before begin":
                die()
            await begin(change)
            if point == "after begin":
                die()

        async def closing(change: Change, /) -> None:
            if point == "before close":
                die()
            await close(change)
            if point == "after close":
                die()

        record.begin, record.close = beginning, closing  # type: ignore[method-assign]
        async with Dying(WebhookAddress.parse(portal)) as client:
            client.point = point
            await Desk(client, record=record).do(REQUESTS[request], Actor("anna", Face.CHAT))


asyncio.run(main(*sys.argv[1:]))
