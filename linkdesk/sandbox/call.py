"""One call that passed all checks, as the method's own code sees it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeAlias

from linkdesk.sandbox.store import Store, User
from tool_specs.declaration.wire import Json


@dataclass(frozen=True, slots=True)
class Access:
    """What a webhook or a token lets its bearer do."""

    user_id: int
    scopes: frozenset[str]
    application: str | None = None
    """The id of the application it is one of; None for a webhook."""


@dataclass(frozen=True, slots=True)
class Call:
    """Checked parameters, the caller, and the state to work on."""

    params: Mapping[str, Json]
    access: Access
    user: User
    store: Store
    now: datetime
    ids_in_objects: bool = False
    """Whether what was created is answered as `{"id": 1}`, as the pages show it, or as a bare number."""

    events: list[tuple[str, int]] = field(default_factory=list[tuple[str, int]])
    """What the call made happen, and to which record: whoever bound a handler is told of it."""

    def created(self, new_id: int) -> Json:
        """Answer the id of something new."""
        return {"id": new_id} if self.ids_in_objects else new_id


Handler: TypeAlias = Callable[[Call], Json]
