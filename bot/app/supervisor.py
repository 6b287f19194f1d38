"""Supervision of endless tasks: an unexpected error is reported as an incident, and the task is restarted."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Final

from linkdesk.errors.base import Changed
from linkdesk.errors.incident import report_incident

AFTER_FAULT_S: Final = 60.0
"""How long work rests that stumbled: what made it stumble may be there still."""


async def keep_running(
    event: str, work: Callable[[], Awaitable[None]], sleep: Callable[[float], Awaitable[object]]
) -> None:
    """Run a task until it returns or is cancelled; report an unexpected error as an incident and restart it.

    Args:
        event: the log's name of such an incident.
        work: begins the work.
        sleep: waits between two tries.
    """
    while True:
        try:
            await work()
        except Exception as fault:  # noqa: BLE001 - nobody would notice a dead task
            report_incident(event, fault, Changed.NO)
        else:
            return
        await sleep(AFTER_FAULT_S)
