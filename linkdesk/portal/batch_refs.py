"""Dependent calls in one batch: a later call may refer to the result of an earlier one.

Source: https://apidocs.bitrix24.com/api-reference/how-to-call-rest-api/batch.html
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Generic, TypeVar, cast
from urllib.parse import quote

from linkdesk.errors.base import NotReached, PortalError, UnreadableResponse
from linkdesk.portal.batch import (
    MAX_COMMANDS,
    batch_section,
    command_error,
    command_key,
    decode_result,
    encode_command,
    fits_batch,
)
from tool_specs.declaration.method import Method

Answer = TypeVar("Answer")
_KEY: Final = re.compile(r"[A-Za-z0-9_]+")


class NotRun(NotReached):
    """An earlier step failed, so the portal did not run this one."""

    outcome = "notrun"


@dataclass(frozen=True, slots=True)
class Reference:
    """A value within the answer of an earlier step, by the vendor's names: `step.answer["booking"]["id"]`."""

    key: str
    path: tuple[str, ...] = ()

    def __getitem__(self, key: str | int) -> Reference:
        """Return a reference to a key of this value.

        Raises:
            ValueError: no such name can stand in a reference.
        """
        if not _KEY.fullmatch(str(key)):
            message = f"{key!r} cannot be referred to"
            raise ValueError(message)
        return Reference(self.key, (*self.path, str(key)))

    def __str__(self) -> str:
        """Format the reference in the portal's `$result[...]` syntax."""
        return f"$result[{self.key}]" + "".join(f"[{key}]" for key in self.path)


@dataclass(frozen=True, slots=True)
class Step(Generic[Answer]):
    """One call of a step batch; its type parameter is the result type."""

    method: Method[Answer]
    place: int
    references: Mapping[str, Reference]

    @property
    def answer(self) -> Reference:
        """A reference to this step's future result, for later steps."""
        return Reference(command_key(self.place))


@dataclass(slots=True)
class Steps:
    """Calls of one request, run in order; by default none runs after the first failure."""

    halt: bool = True
    steps: list[Step[Any]] = field(default_factory=list[Step[Any]])

    def add(self, method: Method[Answer], **references: Reference) -> Step[Answer]:
        """Add a call; the references replace its parameters of those names, in the vendor's spelling.

        Raises:
            ValueError: the call cannot be part of a batch, the batch is full, or a reference is to no earlier step.
        """
        earlier = {command_key(step.place) for step in self.steps}
        if len(earlier) == MAX_COMMANDS or not fits_batch(method):
            message = f"{method.rest} does not fit in this batch"
            raise ValueError(message)
        if strange := [name for name, reference in references.items() if reference.key not in earlier]:
            message = f"not an earlier step: {', '.join(strange)}"
            raise ValueError(message)
        step = Step(method, len(self.steps), references)
        self.steps.append(step)
        return step

    def commands(self) -> list[str]:
        """Return the commands of the batch by key."""
        return [_command(step) for step in self.steps]


@dataclass(frozen=True, slots=True)
class StepResults:
    """The results of the steps."""

    result: Any = field(repr=False)
    halt: bool

    def __getitem__(self, step: Step[Answer]) -> Answer:
        """Return the typed result of a step, or raise its error.

        Raises:
            PortalError: it was refused, not run, or its answer cannot be read.
        """
        results, errors = (batch_section(self.result, name) for name in ("result", "result_error"))
        key = command_key(step.place)
        if key in errors:
            raise command_error(step.method, errors[key])
        if key not in results:
            unseen = NotRun if self.halt and errors else None
            raise (
                UnreadableResponse(step.method.rest, status=200) if unseen is None else unseen(step.method.rest)
            ).for_method(step.method)
        answer = decode_result(step.method, results[key])
        if isinstance(answer, PortalError):
            raise answer
        return cast("Answer", answer)


def _command(step: Step[Any]) -> str:
    parameters = {name: value for name, value in step.method.wire().items() if name not in step.references}
    command = encode_command(step.method.rest, parameters)
    more = "&".join(f"{quote(name)}={quote(str(reference))}" for name, reference in step.references.items())
    return f"{command}{'&' if parameters and more else ''}{more}"
