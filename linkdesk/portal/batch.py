"""Encode several calls as one `batch` request and decode their results. Pure.

Source: https://apidocs.bitrix24.com/api-reference/how-to-call-rest-api/batch.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, cast
from urllib.parse import urlencode

from pydantic import ValidationError

from linkdesk.errors.base import PortalError, Refused, UnreadableResponse
from linkdesk.portal.decode import decode_error
from linkdesk.portal.time_limits import Timing, parse_timing
from tool_specs.declaration.method import Effect, Method

MAX_COMMANDS: Final = 50
REST: Final = "batch"
MAX_PAIRS: Final = 900
"""Names and values of one command: PHP drops, without a word, what goes beyond `max_input_vars`, 1000 unless set."""

_NAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
_KEY: Final = re.compile(r"[^\[\]\x00]+")
_REFERENCE: Final = "$result"
_STATUSES: Final[Mapping[str, int]] = {
    "EXPIRED_TOKEN": 401,
    "OPERATION_TIME_LIMIT": 429,
    "QUERY_LIMIT_EXCEEDED": 503,
    "OVERLOAD_LIMIT": 503,
    "INTERNAL_SERVER_ERROR": 500,
    "ERROR_UNEXPECTED_ANSWER": 500,
}
"""The HTTP status that a code comes with when it is no part of a batch."""
_BAD_REQUEST: Final = 400


class NotEncodableError(ValueError):
    """The value cannot be encoded in a query string."""


def batch_body(methods: Sequence[Method[Any]]) -> dict[str, Any]:
    """Encode calls as the commands of one batch, keyed by position."""
    return commands_body([encode_command(method.rest, method.wire()) for method in methods])


def commands_body(commands: Sequence[str], *, halt: bool = False) -> dict[str, Any]:
    """Build the body of a batch; with `halt`, the portal stops at the first error."""
    return {"halt": int(halt), "cmd": {command_key(place): command for place, command in enumerate(commands)}}


def command_key(place: int) -> str:
    """Name a command so that PHP keeps the map a map: keys 0, 1, 2 would come back as a list."""
    return f"c{place}"


def encode_command(rest: str, parameters: Mapping[str, Any]) -> str:
    """Encode one call as a batch command.

    Raises:
        ValueError: a value cannot be written in a query.
    """
    return f"{rest}?{urlencode(_all_pairs(parameters))}"


def fits_batch(method: Method[Any]) -> bool:
    """Return whether a call can be a batch command: no empty lists or null, and no literal `$result`, a reference."""
    try:
        pairs = _all_pairs(method.wire())
    except NotEncodableError:
        return False
    return not any(_REFERENCE in value for _, value in pairs)


def split_into_requests(methods: Sequence[Method[Any]]) -> Iterator[Sequence[Method[Any]]]:
    """Split calls into requests, keeping their order; a call that cannot be a command gets a request of its own."""
    run: list[Method[Any]] = []
    for method in methods:
        if not (fits := fits_batch(method)) or len(run) == MAX_COMMANDS:
            if run:
                yield run
            run = []
        if fits:
            run.append(method)
        else:
            yield [method]
    if run:
        yield run


def all_reads(methods: Sequence[Method[Any]]) -> bool:
    """Return whether all calls are reads."""
    return all(method.effect is Effect.READ for method in methods)


def decode_batch(methods: Sequence[Method[Any]], result: Any) -> list[Any | PortalError]:  # noqa: ANN401 - JSON
    """Return the typed result or the error of each call, in order.

    Raises:
        Unreadable: the result is not that of a batch.
    """
    results, errors = (batch_section(result, name) for name in ("result", "result_error"))
    answers = [_answer(method, command_key(place), results, errors) for place, method in enumerate(methods)]
    return [
        answer.for_method(method) if isinstance(answer, PortalError) else answer
        for method, answer in zip(methods, answers, strict=True)
    ]


def batch_timings(methods: Sequence[Method[Any]], result: Any) -> Iterator[tuple[str, Timing | None]]:  # noqa: ANN401 - JSON
    """Return the method and timing of each call in a batch."""
    times = batch_section(result, "result_time")
    for place, method in enumerate(methods):
        yield method.rest, parse_timing(times.get(command_key(place)))


def batch_section(result: Any, name: str) -> Mapping[str, Any]:  # noqa: ANN401 - JSON
    """Return one map of a batch result; PHP sends an empty map as a list.

    Raises:
        Unreadable: the result is not that of a batch.
    """
    if not isinstance(result, Mapping):
        raise UnreadableResponse(REST, status=200)
    part = cast("Mapping[str, Any]", result).get(name)
    return cast("Mapping[str, Any]", part) if isinstance(part, Mapping) else {}


def decode_result(method: Method[Any], result: Any) -> Any | PortalError:  # noqa: ANN401 - typed by the method
    """Validate a result against its method's type, or return an error if the shape differs."""
    try:
        return type(method).read_answer(result)
    except ValidationError:
        return UnreadableResponse(method.rest, status=200).for_method(method)


def command_error(method: Method[Any], error: Any) -> Refused:  # noqa: ANN401 - JSON
    """Decode the error of one command, with the HTTP status that the code has outside a batch."""
    answer = cast("Mapping[str, Any]", error) if isinstance(error, Mapping) else {"error": error}
    found = decode_error(method.rest, _BAD_REQUEST, {"error": "", **answer})
    status = _STATUSES.get(found.code.upper(), _BAD_REQUEST)
    return decode_error(method.rest, status, {"error": "", **answer}).for_method(method)


def _answer(
    method: Method[Any],
    key: str,
    results: Mapping[str, Any],
    errors: Mapping[str, Any],
) -> Any | PortalError:  # noqa: ANN401 - typed by the method
    if key in errors:
        return command_error(method, errors[key])
    if key not in results:
        return UnreadableResponse(method.rest, status=200)
    return decode_result(method, results[key])


def _all_pairs(parameters: Mapping[str, Any]) -> list[tuple[str, str]]:
    for name in parameters:
        if not _NAME.fullmatch(name):  # PHP itself rewrites other names: `a.b` becomes `a_b`
            raise NotEncodableError(name)
    pairs = [pair for name, value in parameters.items() for pair in _pairs(name, value)]
    if len(pairs) > MAX_PAIRS:
        raise NotEncodableError(str(len(pairs)))
    return pairs


def _pairs(name: str, value: object) -> Iterator[tuple[str, str]]:
    """Flatten a nested value into PHP query pairs: `filter[client][entities][0][id]=1`."""
    match value:
        case Mapping() if value:
            for key, inner in cast("Mapping[str, Any]", value).items():
                if not _KEY.fullmatch(key):
                    raise NotEncodableError(name)
                yield from _pairs(f"{name}[{key}]", inner)
        case list() | tuple() if value:
            for place, inner in enumerate(cast("Sequence[Any]", value)):
                yield from _pairs(f"{name}[{place}]", inner)
        case bool():
            yield name, "1" if value else "0"
        case str() | int() | float():
            yield name, str(value)
        case _:
            raise NotEncodableError(name)
