"""What may be watched from outside while it happens: calls of tools, and requests to the portal.

Where nobody watches, it costs nothing. Watchers learn names and outcomes: never arguments, answers or addresses, which
may hold secrets.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, TypeAlias

FAILED: Final = "failed"


class EventKind(StrEnum):
    """What is watched."""

    TOOL = "tool"
    PORTAL = "portal"


@dataclass(slots=True)
class ObservedEvent:
    """One thing that happens, and how it went once that is known."""

    kind: EventKind
    name: str
    outcome: str = FAILED


Observer: TypeAlias = Callable[[ObservedEvent], AbstractContextManager[object]]
"""Is entered when a thing begins and left when it has ended, with its outcome set."""

_observers: Final[list[Observer]] = []


@contextmanager
def observing(watcher: Observer) -> Generator[None]:
    """Let somebody watch this process for a while."""
    _observers.append(watcher)
    try:
        yield
    finally:
        _observers.remove(watcher)


@contextmanager
def observed_event(kind: EventKind, name: str) -> Generator[ObservedEvent]:
    """Let what happens inside be watched; whoever does it says how it went."""
    seen = ObservedEvent(kind, name)
    if not _observers:
        yield seen
        return
    with ExitStack() as stack:
        for watcher in _observers:
            stack.enter_context(watcher(seen))
        yield seen
