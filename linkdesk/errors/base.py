"""The exception classes, as a tree.

    LinkdeskError
    ├── PortalError              a REST call failed: carries facts, no texts
    │   ├── Refused              the portal answered with an error code
    │   │   └── NoCredentials    the employee's token is missing, has expired for good or could not be renewed
    │   ├── UnreadableResponse   the answer is not a REST answer
    │   ├── PortalMoved          the portal answered with a redirect
    │   ├── NotReached           the request was never sent
    │   └── ResponseLost         the request was sent and no answer came back
    ├── Trouble                  what a user or a model is shown: a `Failure` with the facts of this case
    └── NotConfigured            a setting is missing or wrong; nothing was started

`linkdesk.errors.translate` turns every `PortalError` into a `Trouble`, once, in the desk. The vendor's description is
kept out of every text, `str` and `repr`: it may contain markup, server paths or instructions aimed at a model.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Self

from tool_specs.declaration.localized import Localized

if TYPE_CHECKING:
    # Whoever says that a setting is wrong does not wait for all that errors can name.
    from linkdesk.model.record_label import RecordLabel, SimilarRecords
    from tool_specs.declaration.failure import Failure
    from tool_specs.declaration.method import Method


class Changed(StrEnum):
    """The state of the world after an error."""

    NO = "no"
    YES = "yes"
    PARTLY = "partly"
    UNKNOWN = "unknown"


class LinkdeskError(Exception):
    """Base class of everything Linkdesk raises on purpose."""


class PortalError(LinkdeskError):
    """A REST call returned no result."""

    may_have_applied = False
    """Whether a write may have taken effect all the same."""
    outcome = "portalerror"
    """The value of this error in metrics and traces; dashboards rely on it, so it does not follow the class name."""

    def __init__(self, rest: str) -> None:
        """Keep the vendor's name of the called method."""
        super().__init__(rest)
        self.rest = rest
        self.called: Method[Any] | None = None
        """The call that failed; None while that is unknown, as for a whole batch."""

    def for_method(self, called: Method[Any]) -> Self:
        """Record which call failed, and return the error itself."""
        self.called = called
        return self

    def __str__(self) -> str:
        """Return the error and the method, without any text from the portal."""
        return f"{type(self).__name__} at {self.rest}"


class Refused(PortalError):
    """The portal answered with an error code."""

    outcome = "refused"

    def __init__(
        self, rest: str, *, status: int, code: str, description: str = "", retry_at: float | None = None
    ) -> None:
        """Keep the facts of the answer; `retry_at` is Unix time, if the portal sent one."""
        super().__init__(rest)
        self.status = status
        self.code = code
        self.description = description
        self.retry_at = retry_at
        self.may_have_applied = status >= SERVER_ERROR and code.upper() not in NOTHING_RAN

    def __str__(self) -> str:
        """Return the method, the code and the HTTP status."""
        return f"{self.rest} refused with {self.code!r} (HTTP {self.status})"


SERVER_ERROR = 500
NOTHING_RAN = frozenset({"QUERY_LIMIT_EXCEEDED", "OVERLOAD_LIMIT", "PORTAL_DELETED"})
"""Codes that arrive with a 5xx status although the method did not run."""


class UnreadableResponse(PortalError):
    """The answer is not a REST answer: HTML, an empty body, broken JSON, or a result of an unexpected shape."""

    outcome = "unreadable"

    def __init__(self, rest: str, *, status: int) -> None:
        """Keep the HTTP status."""
        super().__init__(rest)
        self.status = status
        # A page with 4xx comes from a proxy or firewall in front of the portal, so the method did not run.
        self.may_have_applied = not CLIENT_ERROR <= status < SERVER_ERROR

    def __str__(self) -> str:
        """Return the method and the HTTP status."""
        return f"{self.rest}: no readable answer (HTTP {self.status})"


CLIENT_ERROR = 400


class PortalMoved(PortalError):
    """The portal answered with a redirect; it is not followed, since a POST would lose its body."""

    outcome = "moved"

    def __init__(self, rest: str, *, status: int, host: str | None) -> None:
        """Keep the new host, if the answer named one."""
        super().__init__(rest)
        self.status = status
        self.host = host


class NotReached(PortalError):
    """The request was never sent: no address, no connection, or a certificate that is not trusted."""

    outcome = "notreached"

    def __init__(self, rest: str, *, trusted: bool = True) -> None:
        """Keep whether the certificate was trusted."""
        super().__init__(rest)
        self.trusted = trusted


class ResponseLost(PortalError):
    """The request was sent and no answer came back: it may have been carried out."""

    may_have_applied = True
    outcome = "lostanswer"


@dataclass(frozen=True, slots=True)
class Problem:
    """One invalid argument and what is wrong with it."""

    field: str
    problem: Localized


class Trouble(LinkdeskError):
    """The only error that a user or a model ever sees: a catalogue entry with the facts of this case."""

    def __init__(  # noqa: PLR0913 - the facts of an error, each named by the caller
        self,
        failure: Failure,
        facts: Mapping[str, Localized | str | int] | None = None,
        *,
        changed: Changed = Changed.NO,
        vendor_code: str | None = None,
        problems: tuple[Problem, ...] = (),
        retry_after_s: int | None = None,
        incident: str | None = None,
        now: Localized | None = None,
    ) -> None:
        """Keep the catalogue entry and the facts; `now` describes the state that was read after the failure."""
        super().__init__(failure.code)
        self.failure = failure
        self.facts: Mapping[str, Localized | str | int] = facts or {}
        self.changed = changed
        self.vendor_code = vendor_code
        self.problems = problems
        self.retry_after_s = retry_after_s
        self.incident = incident
        self.now = now
        self.known: tuple[RecordLabel, ...] = ()
        """The labels of the records that the error is about, where they are known."""
        self.meant: SimilarRecords | None = None
        """Suggestions in place of a record that does not exist."""
        self.in_the_way: tuple[RecordLabel, ...] = ()
        """The bookings that occupy the requested time."""
        self.looked = False
        """Whether the portal was already read once for this error; it is read at most once."""

    @property
    def what(self) -> Localized:
        """What happened, with the facts."""
        return self.failure.what.format_map(self.facts)

    @property
    def why(self) -> Localized | None:
        """Why it happened, with the facts; None if unknown."""
        return None if self.failure.why is None else self.failure.why.format_map(self.facts)

    @property
    def next(self) -> Localized:
        """What to do now, with the facts."""
        return self.failure.next.format_map(self.facts)


UNAUTHORIZED = 401


class NoCredentials(Refused):
    """The employee's token is missing, has expired for good or could not be renewed.

    Raised instead of sending a call, or after it was refused: this call was not carried out. It is a `PortalError` so
    that an earlier write of the same request is still verified or reported as unknown.
    """

    def __init__(
        self, failure: Failure, facts: Mapping[str, Localized | str | int] | None = None, *, code: str = ""
    ) -> None:
        """Keep the catalogue entry, its facts, and the token endpoint's code, if it sent one."""
        super().__init__("oauth.token", status=UNAUTHORIZED, code=code or failure.code)
        self.failure = failure
        self.facts: Mapping[str, Localized | str | int] = facts or {}

    def as_trouble(self) -> Trouble:
        """Build the user-facing error for a request that had not changed anything yet."""
        return Trouble(self.failure, self.facts, vendor_code=None if self.code == self.failure.code else self.code)


class NotConfigured(LinkdeskError):
    """A setting is missing or wrong; the sentence says which one and what to do, and never contains a secret."""

    def __init__(self, sentence: Localized) -> None:
        """Keep the sentence."""
        super().__init__(sentence.en)
        self.sentence = sentence


def missing_library(setting: str, library: str) -> NotConfigured:
    """Report that a setting needs a library that is not installed, and how to install its pinned version."""
    return NotConfigured(
        Localized(
            en=f"{setting} needs the library {library}, which is not installed: run `make setup` in Linkdesk's folder.",
            ru=f"Для {setting} нужна библиотека {library}, но она не установлена: выполните `make setup` "
            "в папке Linkdesk.",
        ),
    )
