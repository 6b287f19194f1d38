"""What can go wrong, as a tree.

    LinkdeskError
    ├── PortalError         between us and the portal: facts only, no texts
    │   ├── Refused         it answered with an error code
    │   │   └── NoCredentials     the employee's token is missing, has ended or could not be renewed
    │   ├── Unreadable      it answered with something that is no REST answer
    │   ├── Moved           it answered that it lives elsewhere
    │   ├── NotReached      the request never got there
    │   └── LostAnswer      the request went out, no answer came back
    ├── Trouble             what a face shows: a `Failure` with the facts of this case
    └── NotConfigured       a setting is missing or wrong; nothing was started

`linkdesk.errors.translate` turns every `PortalError` into a `Trouble`, once, at the desk. The vendor's description is
kept out of every text, `str` and `repr`: it may carry markup, server paths or instructions to a model.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Self

from tool_specs.declaration.localized import Localized

if TYPE_CHECKING:
    # Whoever says that a setting is wrong does not wait for all that errors can name.
    from linkdesk.model.record_label import Known, Meant
    from tool_specs.declaration.failure import Failure
    from tool_specs.declaration.method import Method


class Changed(StrEnum):
    """The state of the world after an error."""

    NO = "no"
    YES = "yes"
    PARTLY = "partly"
    UNKNOWN = "unknown"


class LinkdeskError(Exception):
    """Anything we raise on purpose."""


class PortalError(LinkdeskError):
    """A call that brought no result."""

    may_have_applied = False
    """Whether a write may have taken effect all the same."""

    def __init__(self, rest: str) -> None:
        """Keep the vendor's name of the method that was called."""
        super().__init__(rest)
        self.rest = rest
        self.called: Method[Any] | None = None
        """The call that failed, where it was a single one."""

    def by(self, called: Method[Any]) -> Self:
        """Remember the call that failed."""
        self.called = called
        return self

    def __str__(self) -> str:
        """Say which call failed how, without anything the portal sent."""
        return f"{type(self).__name__} at {self.rest}"


class Refused(PortalError):
    """The portal answered with an error code."""

    def __init__(
        self, rest: str, *, status: int, code: str, description: str = "", retry_at: float | None = None
    ) -> None:
        """Keep the answer's facts; `retry_at` is Unix time, where the portal told it."""
        super().__init__(rest)
        self.status = status
        self.code = code
        self.description = description
        self.retry_at = retry_at
        self.may_have_applied = status >= SERVER_ERROR and code.upper() not in NOTHING_RAN

    def __str__(self) -> str:
        """Say which call was refused with which code."""
        return f"{self.rest} refused with {self.code!r} (HTTP {self.status})"


SERVER_ERROR = 500
NOTHING_RAN = frozenset({"QUERY_LIMIT_EXCEEDED", "OVERLOAD_LIMIT", "PORTAL_DELETED"})
"""Codes that come with a 5xx status although the method was never run."""


class Unreadable(PortalError):
    """The answer is no REST answer: HTML, an empty body, broken JSON, or a result of another shape."""

    def __init__(self, rest: str, *, status: int) -> None:
        """Keep the status; a page with 4xx comes from something in front of the portal, which ran nothing."""
        super().__init__(rest)
        self.status = status
        self.may_have_applied = not CLIENT_ERROR <= status < SERVER_ERROR

    def __str__(self) -> str:
        """Say which call got an answer that cannot be read."""
        return f"{self.rest}: no readable answer (HTTP {self.status})"


CLIENT_ERROR = 400


class Moved(PortalError):
    """The portal answered with a redirect; it is never followed, since a POST would lose its body."""

    def __init__(self, rest: str, *, status: int, host: str | None) -> None:
        """Keep the new host, if it was told."""
        super().__init__(rest)
        self.status = status
        self.host = host


class NotReached(PortalError):
    """The request was never sent: no address, no connection, or no certificate that can be trusted."""

    def __init__(self, rest: str, *, trusted: bool = True) -> None:
        """Keep whether the trouble was one of trust."""
        super().__init__(rest)
        self.trusted = trusted


class LostAnswer(PortalError):
    """The request went out and no answer came back: it may have been carried out."""

    may_have_applied = True


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with the arguments."""

    field: str
    problem: Localized


class Trouble(LinkdeskError):
    """What a face shows a person or a model; nothing else reaches them."""

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
        """Keep the entry of the catalogue and the facts of this case; `now` says what was read after it."""
        super().__init__(failure.code)
        self.failure = failure
        self.facts: Mapping[str, Localized | str | int] = facts or {}
        self.changed = changed
        self.vendor_code = vendor_code
        self.problems = problems
        self.retry_after_s = retry_after_s
        self.incident = incident
        self.now = now
        self.known: tuple[Known, ...] = ()
        """What the records are called that the error is about, where that is known."""
        self.meant: Meant | None = None
        """What may have been meant in place of a record that does not exist."""
        self.in_the_way: tuple[Known, ...] = ()
        """The bookings that have the time that was asked for."""
        self.looked = False
        """Whether the one look after the failure was made."""

    @property
    def what(self) -> Localized:
        """What happened, with the facts."""
        return self.failure.what.having(self.facts)

    @property
    def why(self) -> Localized | None:
        """Why, with the facts, if it is known."""
        return None if self.failure.why is None else self.failure.why.having(self.facts)

    @property
    def next(self) -> Localized:
        """What to do now, with the facts."""
        return self.failure.next.having(self.facts)


UNAUTHORIZED = 401


class NoCredentials(Refused):
    """The employee's token is missing, has ended or could not be renewed.

    Raised in place of sending a call, or after its refusal: this call was not carried out. It is a `PortalError`, so
    that a write that began before it is still read back or called unknown; it carries the entry of the catalogue.
    """

    def __init__(
        self, failure: Failure, facts: Mapping[str, Localized | str | int] | None = None, *, code: str = ""
    ) -> None:
        """Keep the entry of the catalogue, its facts, and the code of the token endpoint where it named one."""
        super().__init__("oauth.token", status=UNAUTHORIZED, code=code or failure.code)
        self.failure = failure
        self.facts: Mapping[str, Localized | str | int] = facts or {}

    def as_trouble(self) -> Trouble:
        """Say it, where nothing was to be changed yet."""
        return Trouble(self.failure, self.facts, vendor_code=None if self.code == self.failure.code else self.code)


class NotConfigured(LinkdeskError):
    """A setting is missing or wrong; the sentence says which and what to do, and holds no value of a secret."""

    def __init__(self, sentence: Localized) -> None:
        """Keep the sentence."""
        super().__init__(sentence.en)
        self.sentence = sentence


def missing_library(setting: str, library: str) -> NotConfigured:
    """Say that a setting needs a library that is not installed, and how it gets here at its pinned version."""
    return NotConfigured(
        Localized(
            en=f"{setting} needs the library {library}, which is not installed: run `make setup` in Linkdesk's folder.",
            ru=f"Для {setting} нужна библиотека {library}, но она не установлена: выполните `make setup` "
            "в папке Linkdesk.",
        ),
    )
