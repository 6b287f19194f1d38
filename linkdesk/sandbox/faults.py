"""Injected failures and the list of recorded calls, for tests and demos."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated, Final

import httpx
from pydantic import BaseModel, ConfigDict, Field

from tool_specs.declaration.wire import Json


class FaultKind(StrEnum):
    """What goes wrong."""

    QUERY_LIMIT = "query_limit"
    OPERATION_TIME_LIMIT = "operation_time_limit"
    HTTP_500_HTML = "http_500_html"
    EMPTY_BODY = "empty_body"
    SLOW = "slow"
    RESET_BEFORE = "reset_before"
    RESET_AFTER_COMMIT = "reset_after_commit"
    EXPIRED_TOKEN = "expired_token"  # noqa: S105 - the name of a failure
    NO_RIGHTS = "no_rights"


TOKEN_ENDPOINT: Final = "oauth.token"  # noqa: S105 - a name
"""Goes by this name among the failures, and is not meant by `*`."""


class Fault(BaseModel):
    """A failure to come: of which method (`*` is any), of what kind, how many times.

    All kinds but `slow` and `reset_after_commit` come in place of the method, which does nothing then. A `slow` call is
    done at once and answered `seconds` later. `*` meets a batch as a whole; a method's name, its command in a batch.
    """

    model_config = ConfigDict(extra="forbid", strict=True)

    method: Annotated[str, Field(min_length=1)]
    kind: Annotated[FaultKind, Field(strict=False)]
    times: Annotated[int, Field(ge=1)] = 1
    seconds: Annotated[float, Field(ge=0, allow_inf_nan=False)] = 0

    def matches(self, method: str) -> bool:
        """Return whether this failure is meant for a method."""
        return self.method == "*" or self.method.lower() == method.lower()


class ConnectionBroken(httpx.ReadError):
    """The connection breaks without an answer.

    It is httpx's own error, so that a client on `httpx.ASGITransport` sees what it would see on a socket; on a socket
    `linkdesk.sandbox.server` closes the connection.
    """


@dataclass(slots=True)
class Faults:
    """Failures that wait for their call."""

    _waiting: list[Fault] = field(default_factory=list[Fault])

    def add(self, fault: Fault) -> None:
        """Let a failure wait; those that came first come first."""
        self._waiting.append(fault.model_copy())

    def take(self, method: str, *, by_name: bool = False) -> Fault | None:
        """Return the failure meant for this call, if there is one; with `by_name`, those of any method are not."""
        meant = (fault for fault in self._waiting if fault.matches(method) and not (by_name and fault.method == "*"))
        fault = next(meant, None)
        if fault is not None:
            fault.times -= 1
            if fault.times == 0:
                self._waiting.remove(fault)
        return fault

    def clear(self) -> None:
        """Let nothing fail any more."""
        self._waiting.clear()


@dataclass(slots=True)
class RecordedCall:
    """One call as the portal saw it; `status` is None when the connection broke."""

    method: str
    params: Json
    status: int | None = None
    fault: FaultKind | None = None
    applied: bool = False

    def as_json(self) -> dict[str, Json]:
        """Return the call as `GET /_sandbox/calls` answers it."""
        return {
            "method": self.method,
            "params": self.params,
            "status": self.status,
            "fault": self.fault,
            "applied": self.applied,
        }
