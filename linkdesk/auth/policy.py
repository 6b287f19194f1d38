"""The access policy: roles, allow lists and confirmation; a forbidden request is refused before anything is read."""

from __future__ import annotations

import getpass
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from linkdesk.auth.allowlist import EVERYTHING, NOTHING, AllowList, record_type
from linkdesk.errors.base import Trouble
from linkdesk.errors.codes import linkdesk as own_errors
from linkdesk.errors.codes import staff as people_errors
from tool_specs.declaration.method import Effect, Method, Toolset


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
    toolsets: frozenset[Toolset] | None = None
    """What may be asked for where they ask, such as in a group chat; None: whatever they may."""
    request_key: str | None = None
    """What they asked by: the same message, delivered a second time, has the same key. At most 100 characters."""
    place: str = ""
    """The chat where they ask; empty where there is none, such as for an assistant."""

    @property
    def who(self) -> str:
        """Return the employee, as their tokens, plans and changes are kept."""
        return self.employee or self.name


def local_user() -> str:
    """Return the name of the user who runs the process."""
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):  # in a container without a user database
        return "local"


class Confirm(StrEnum):
    """Which plans need a person's confirmation."""

    NEVER = "never"
    DESTRUCTIVE = "destructive"
    WRITES = "writes"


@dataclass(frozen=True, slots=True)
class Policy:
    """The access rules of the installation."""

    confirm: Confirm = Confirm.DESTRUCTIVE
    read_only: bool = False
    allow: Mapping[str, AllowList] = field(default_factory=dict[str, AllowList])
    """Allow lists by the name of a role or an employee's key; empty: everybody may do what their role lets them."""

    def check(self, method: Method[Any], actor: Actor) -> None:
        """Check that the actor may make the request.

        Raises:
            Trouble: the installation is read-only, the person may only look, or may not work with this here.
        """
        if actor.toolsets is not None and method.toolset not in actor.toolsets:
            what = AllowList(actor.toolsets).first_disallowed(method)
            raise Trouble(people_errors.NOT_ALLOWED_IN_CHAT, {"what": what or ""})
        if (refused := self.allow_list_of(actor).first_disallowed(method)) is not None:
            raise Trouble(people_errors.NOT_ALLOWED, {"what": refused})
        if method.effect is Effect.READ:
            return
        if self.read_only:
            raise Trouble(own_errors.READ_ONLY_MODE)
        if actor.role is Role.VIEWER:
            raise Trouble(own_errors.ROLE_NOT_ENOUGH)

    def may_use(self, tool: type[Method[Any]], actor: Actor) -> bool:
        """Return whether an actor may use a tool at all; `check` then decides with the arguments."""
        toolsets = self.allow_list_of(actor).toolsets
        listed = toolsets is None or tool.toolset in toolsets
        here = actor.toolsets is None or tool.toolset in actor.toolsets
        writes = not self.read_only and actor.role is not Role.VIEWER
        return listed and here and (tool.effect is Effect.READ or writes)

    def check_type(self, kind: str, actor: Actor) -> None:
        """Check a target type that becomes known only later, such as that of a change to undo.

        Raises:
            Trouble: the person may not work with records of this kind.
        """
        if (refused := self.allow_list_of(actor).disallowed_types([record_type(kind)])) is not None:
            raise Trouble(people_errors.NOT_ALLOWED, {"what": refused})

    def allow_list_of(self, actor: Actor) -> AllowList:
        """Return an actor's allow list: their own, else their role's; once any list is set, others may do nothing."""
        if not self.allow:
            return EVERYTHING
        unlisted = EVERYTHING if actor.role is Role.ADMIN else NOTHING
        return self.allow.get(actor.who) or self.allow.get(actor.role.value) or unlisted

    def needs_approval(self, *, destroys: bool) -> bool:
        """Return whether a plan needs a person's confirmation."""
        return self.confirm is Confirm.WRITES or (destroys and self.confirm is Confirm.DESTRUCTIVE)
