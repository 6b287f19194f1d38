"""Who is acting, and what they may do; what is not allowed here is refused before anything is read."""

from __future__ import annotations

import getpass
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from linkdesk import own_errors
from linkdesk.errors import Trouble
from tool_specs.method import Effect, Method


class Role(StrEnum):
    """What a person may do, each including the one before."""

    VIEWER = "viewer"
    EDITOR = "editor"
    ADMIN = "admin"


class Face(StrEnum):
    """Where a request came from."""

    MCP = "mcp"
    TELEGRAM = "telegram"
    CHAT = "chat"


@dataclass(frozen=True, slots=True)
class Actor:
    """The person, or the assistant working for them, behind a request."""

    name: str
    """What they are called."""
    face: Face
    role: Role = Role.EDITOR
    employee: str = ""
    """As whom their tokens, plans and changes are kept; their name where nothing else is said."""
    client: str | None = None
    """What the program that asks for them calls itself: an assistant's."""
    request_key: str | None = None
    """What they asked by: the same message, delivered a second time, has the same key. At most 100 characters."""

    @property
    def who(self) -> str:
        """Name the employee, as their tokens, plans and changes are kept."""
        return self.employee or self.name


def local_user() -> str:
    """Name who runs the process: over a terminal or standard input and output that is who is asking."""
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):  # in a container without a user database
        return "local"


class Confirm(StrEnum):
    """Which plans wait for a person's yes."""

    NEVER = "never"
    DESTRUCTIVE = "destructive"
    WRITES = "writes"


@dataclass(frozen=True, slots=True)
class Policy:
    """What the installation allows."""

    confirm: Confirm = Confirm.DESTRUCTIVE
    read_only: bool = False

    def check(self, method: Method[Any], actor: Actor) -> None:
        """Let the request pass.

        Raises:
            Trouble: the installation is read-only, or the person may only look.
        """
        if method.effect is Effect.READ:
            return
        if self.read_only:
            raise Trouble(own_errors.READ_ONLY_MODE)
        if actor.role is Role.VIEWER:
            raise Trouble(own_errors.ROLE_NOT_ENOUGH)

    def asks(self, *, destroys: bool) -> bool:
        """Tell whether a plan has to wait for a person."""
        return self.confirm is Confirm.WRITES or (destroys and self.confirm is Confirm.DESTRUCTIVE)
