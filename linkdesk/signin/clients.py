"""Each employee's portal client: with a webhook one for all, with an application one each, behind one pace."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING, Final

from linkdesk.auth.policy import Actor
from linkdesk.execution.context import Calls
from linkdesk.portal.client import Portal
from linkdesk.portal.throttle import Pace
from linkdesk.signin.credentials import Employees

if TYPE_CHECKING:
    import httpx

MOST_OPEN: Final = 500
"""How many employees' clients are kept open; beyond that the one that was used longest ago is closed."""


class EmployeePortals:
    """A client for each way in; all of them share the portal's budget."""

    def __init__(self, employees: Employees, pace: Pace, transport: httpx.AsyncBaseTransport | None = None) -> None:
        """Take who knows the ways in, and the line in front of the portal."""
        self._employees = employees
        self._pace = pace
        self._transport = transport
        self._open: OrderedDict[str, Portal] = OrderedDict()

    async def portal_of(self, actor: Actor, /) -> Calls:
        """Give the client with this person's rights.

        Raises:
            Trouble: they have to sign in first; nothing was sent.
        """
        way = await self._employees.way_in_of(actor)
        portal = self._open.pop(way.masked, None) or Portal(way, pace=self._pace, transport=self._transport)
        self._open[way.masked] = portal
        if len(self._open) > MOST_OPEN:
            _, oldest = self._open.popitem(last=False)
            await oldest.aclose()
        return portal

    async def aclose(self) -> None:
        """Close every client."""
        while self._open:
            _, portal = self._open.popitem()
            await portal.aclose()
