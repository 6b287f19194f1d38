"""From calls to their answers: one alone, or several as the commands of one request."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from linkdesk.errors.base import NotReached, PortalError, Refused
from linkdesk.portal.batch import REST, batch_answers, batch_body, batch_times, read_result
from linkdesk.portal.retry import TRIES, may_pass
from linkdesk.portal.send import Sending, Underway, copy_of
from linkdesk.portal.time_limits import CODE as OPERATION_TIME_LIMIT
from tool_specs.declaration.method import Method

SOME_TRIES: Final = 2
"""Of a request with several reads, before it is halved."""
DOWN_AFTER: Final = 3
"""After so many halvings in which nothing succeeded, it is not one of the reads: the portal is down."""


async def answers_of(sending: Sending, methods: Sequence[Method[Any]], underway: Underway) -> list[Any | PortalError]:
    """Call methods in one request, and give the answer of each, or the error that it met.

    A read that the portal refused for the moment is made again. A write is not: those after it were carried out
    already, and the order of writes may matter.

    Raises:
        PortalError: the request brought no result.
    """
    if underway.reads and len(methods) > 1:
        answers = await _halved(sending, methods, underway)
    else:
        answers = await _once(sending, methods, underway)
    while underway.reads and (refusals := _refusals(methods, answers)):
        again = [
            place
            for places in refusals.values()
            if await sending.again(underway, answers[places[0]])
            for place in places
        ]
        if not again:
            break
        try:
            fresh = await _once(sending, [methods[place] for place in again], underway)
        except PortalError:
            break  # the others have their answers, and these keep the error they met
        for place, answer in zip(again, fresh, strict=True):
            answers[place] = answer
    return answers


async def _halved(sending: Sending, methods: Sequence[Method[Any]], underway: Underway) -> list[Any | PortalError]:
    """Read in one request; where that fails, in halves of it and so on, so that one bad read does not cost the others.

    Raises:
        PortalError: smaller requests failed as well, all of them.
    """
    answers: list[Any | PortalError] = [NotReached(method.rest).by(method) for method in methods]
    parts, failed_levels = [range(len(methods))], 0
    while parts:
        failed: list[range] = []
        last: PortalError | None = None
        for part in parts:
            tries = TRIES if len(part) == 1 else SOME_TRIES if len(part) == len(methods) else 1
            its = Underway(underway.rest, reads=True, tries=tries, has_turn=underway.has_turn)
            underway.has_turn, underway.joined = False, its
            try:
                found = await _once(sending, [methods[place] for place in part], its)
            except PortalError as error:
                if not may_pass(error):
                    raise
                last = error
                failed.append(part)
                found = [copy_of(error).by(methods[place]) for place in part]
            for place, answer in zip(part, found, strict=True):
                answers[place] = answer
        failed_levels = failed_levels + 1 if len(failed) == len(parts) else 0
        if last is not None and failed_levels == DOWN_AFTER:
            raise last
        parts = [half for part in failed if len(part) > 1 for half in _halves(part)]
    underway.joined = None
    return answers


def _halves(part: range) -> tuple[range, range]:
    middle = (part.start + part.stop) // 2
    return range(part.start, middle), range(middle, part.stop)


async def _once(sending: Sending, methods: Sequence[Method[Any]], underway: Underway) -> list[Any | PortalError]:
    if len(methods) == 1:
        (method,) = methods
        try:
            reply = await sending.send(underway, method.rest, method.wire())
        except PortalError as error:
            raise error.by(method)  # noqa: B904 - the same error, which now knows the call
        return [read_result(method, reply.result)]
    reply = await sending.send(underway, REST, batch_body(methods))
    answers = batch_answers(methods, reply.result)
    for rest, times in batch_times(methods, reply.result):
        sending.learn(rest, times)
    return answers


def _refusals(methods: Sequence[Method[Any]], answers: Sequence[Any | PortalError]) -> dict[str, list[int]]:
    """Sort by code the places of the commands that were refused; one wait is enough for those of one kind."""
    found: dict[str, list[int]] = {}
    for place, (method, answer) in enumerate(zip(methods, answers, strict=True)):
        if isinstance(answer, Refused):
            code = answer.code.upper()
            found.setdefault(f"{code} {method.rest}" if code == OPERATION_TIME_LIMIT else code, []).append(place)
    return found
