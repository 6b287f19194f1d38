"""Run one call, or several as one batch, and return their results."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from linkdesk.errors.base import NotReached, PortalError, Refused
from linkdesk.portal.batch import REST, batch_body, batch_timings, decode_batch, decode_result
from linkdesk.portal.retry import TRIES, is_transient
from linkdesk.portal.send import CallState, RequestSender, copy_error
from linkdesk.portal.time_limits import CODE as OPERATION_TIME_LIMIT
from tool_specs.declaration.method import Method

MULTI_READ_TRIES: Final = 2
"""Of a request with several reads, before it is halved."""
DOWN_AFTER: Final = 3
"""After so many halvings in which nothing succeeded, it is not one of the reads: the portal is down."""


async def call_in_one_request(
    sender: RequestSender, methods: Sequence[Method[Any]], state: CallState
) -> list[Any | PortalError]:
    """Call methods in one request and return the result or the error of each.

    A read that the portal refused for the moment is made again. A write is not: those after it were carried out
    already, and the order of writes may matter.

    Raises:
        PortalError: the request brought no result.
    """
    if state.reads and len(methods) > 1:
        answers = await _read_halving(sender, methods, state)
    else:
        answers = await _call_once(sender, methods, state)
    while state.reads and (refusals := _refusals_by_code(methods, answers)):
        again = [
            place
            for places in refusals.values()
            if await sender.wait_for_retry(state, answers[places[0]])
            for place in places
        ]
        if not again:
            break
        try:
            fresh = await _call_once(sender, [methods[place] for place in again], state)
        except PortalError:
            break  # the others have their answers, and these keep the error they met
        for place, answer in zip(again, fresh, strict=True):
            answers[place] = answer
    return answers


async def _read_halving(
    sender: RequestSender, methods: Sequence[Method[Any]], state: CallState
) -> list[Any | PortalError]:
    """Read in one request; if it fails, bisect it, so that one failing read does not cost the others.

    Raises:
        PortalError: smaller requests failed as well, all of them.
    """
    answers: list[Any | PortalError] = [NotReached(method.rest).for_method(method) for method in methods]
    parts, failed_levels = [range(len(methods))], 0
    while parts:
        failed: list[range] = []
        last: PortalError | None = None
        for part in parts:
            try:
                found = await _read_part(sender, methods, part, state)
            except PortalError as error:
                if not is_transient(error):
                    raise
                last = error
                failed.append(part)
                found = [copy_error(error).for_method(methods[place]) for place in part]
            answers[part.start : part.stop] = found
        failed_levels = failed_levels + 1 if len(failed) == len(parts) else 0
        if last is not None and failed_levels == DOWN_AFTER:
            raise last
        parts = [half for part in failed if len(part) > 1 for half in _halves(part)]
    state.merged_into = None
    return answers


async def _read_part(
    sender: RequestSender, methods: Sequence[Method[Any]], part: range, state: CallState
) -> list[Any | PortalError]:
    """Read part of the methods in one request, with fewer tries while it can still be halved."""
    tries = TRIES if len(part) == 1 else MULTI_READ_TRIES if len(part) == len(methods) else 1
    part_state = CallState(state.rest, reads=True, tries=tries, acquired=state.acquired)
    state.acquired, state.merged_into = False, part_state
    return await _call_once(sender, [methods[place] for place in part], part_state)


def _halves(part: range) -> tuple[range, range]:
    middle = (part.start + part.stop) // 2
    return range(part.start, middle), range(middle, part.stop)


async def _call_once(
    sender: RequestSender, methods: Sequence[Method[Any]], state: CallState
) -> list[Any | PortalError]:
    if len(methods) == 1:
        (method,) = methods
        try:
            reply = await sender.send(state, method.rest, method.wire())
        except PortalError as error:
            raise error.for_method(method)  # noqa: B904 - the same error, which now knows the call
        return [decode_result(method, reply.result)]
    reply = await sender.send(state, REST, batch_body(methods))
    answers = decode_batch(methods, reply.result)
    for rest, times in batch_timings(methods, reply.result):
        sender.note_timing(rest, times)
    return answers


def _refusals_by_code(methods: Sequence[Method[Any]], answers: Sequence[Any | PortalError]) -> dict[str, list[int]]:
    """Group the positions of refused commands by code: one wait serves all commands of a group."""
    found: dict[str, list[int]] = {}
    for place, (method, answer) in enumerate(zip(methods, answers, strict=True)):
        if isinstance(answer, Refused):
            code = answer.code.upper()
            found.setdefault(f"{code} {method.rest}" if code == OPERATION_TIME_LIMIT else code, []).append(place)
    return found
