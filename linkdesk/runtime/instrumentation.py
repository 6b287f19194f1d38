"""Instrumentation hooks: observers see tool calls and portal requests as they happen.

Without observers it costs nothing. Observers get names and outcomes, never arguments, answers or addresses, which
may hold secrets.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, TypeAlias

FAILED: Final = "failed"


class OperationKind(StrEnum):
    """The kind of an observed event."""

    TOOL = "tool"
    PORTAL = "portal"


@dataclass(slots=True)
class Operation:
    """One event, and its outcome once that is known."""

    kind: OperationKind
    name: str
    outcome: str = FAILED


Observer: TypeAlias = Callable[[Operation], AbstractContextManager[object]]
"""A context manager around each event, which is left with the outcome set."""

_observers: Final[list[Observer]] = []


@contextmanager
def observing(watcher: Observer) -> Generator[None]:
    """Register an observer within the block."""
    _observers.append(watcher)
    try:
        yield
    finally:
        _observers.remove(watcher)


@contextmanager
def observed(kind: OperationKind, name: str) -> Generator[Operation]:
    """Show the block to the observers; the block sets the outcome."""
    seen = Operation(kind, name)
    if not _observers:
        yield seen
        return
    with ExitStack() as stack:
        for watcher in _observers:
            stack.enter_context(watcher(seen))
        yield seen
