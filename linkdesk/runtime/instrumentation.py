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


class Kind(StrEnum):
    """What is watched."""

    TOOL = "tool"
    PORTAL = "portal"


@dataclass(slots=True)
class Seen:
    """One thing that happens, and how it went once that is known."""

    kind: Kind
    name: str
    outcome: str = FAILED


Watcher: TypeAlias = Callable[[Seen], AbstractContextManager[object]]
"""Is entered when a thing begins and left when it has ended, with its outcome set."""

_watchers: Final[list[Watcher]] = []


@contextmanager
def watching(watcher: Watcher) -> Generator[None]:
    """Let somebody watch this process for a while."""
    _watchers.append(watcher)
    try:
        yield
    finally:
        _watchers.remove(watcher)


@contextmanager
def watched(kind: Kind, name: str) -> Generator[Seen]:
    """Let what happens inside be watched; whoever does it says how it went."""
    seen = Seen(kind, name)
    if not _watchers:
        yield seen
        return
    with ExitStack() as stack:
        for watcher in _watchers:
            stack.enter_context(watcher(seen))
        yield seen
