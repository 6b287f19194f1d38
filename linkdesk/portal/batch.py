"""Several calls in one request: how they are written, and what each of them answered. Pure.

Source: https://apidocs.bitrix24.com/api-reference/how-to-call-rest-api/batch.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, cast
from urllib.parse import urlencode

from pydantic import ValidationError

from linkdesk.errors import PortalError, Refused, Unreadable
from tool_specs.method import Method

MOST_COMMANDS: Final = 50
REST: Final = "batch"


def batch_body(methods: Sequence[Method[Any]]) -> dict[str, Any]:
    """Write calls as the commands of one batch; each is named by its place."""
    commands = {_key(place): f"{method.rest}?{_query(method.wire())}" for place, method in enumerate(methods)}
    return {"halt": 0, "cmd": commands}


def batch_answers(methods: Sequence[Method[Any]], result: Any) -> list[Any | PortalError]:  # noqa: ANN401 - JSON
    """Give each call its typed answer, or the error it met, in the order of the calls.

    Raises:
        Unreadable: the result is not that of a batch.
    """
    if not isinstance(result, Mapping):
        raise Unreadable(REST, status=200)
    parts = cast("Mapping[str, Any]", result)
    results, errors = _by_key(parts.get("result")), _by_key(parts.get("result_error"))
    answers = [_answer(method, _key(place), results, errors) for place, method in enumerate(methods)]
    return [
        answer.by(method) if isinstance(answer, PortalError) else answer
        for method, answer in zip(methods, answers, strict=True)
    ]


def _answer(
    method: Method[Any],
    key: str,
    results: Mapping[str, Any],
    errors: Mapping[str, Any],
) -> Any | PortalError:  # noqa: ANN401 - typed by the method
    if key in errors:
        error = errors[key]
        code = cast("Mapping[str, Any]", error).get("error", "") if isinstance(error, Mapping) else error
        return Refused(method.rest, status=400, code=str(code) if isinstance(code, str | int) else "")
    if key not in results:
        return Unreadable(method.rest, status=200)
    try:
        return type(method).read_answer(results[key])
    except ValidationError:
        return Unreadable(method.rest, status=200)


def _key(place: int) -> str:
    """Name a command so that PHP keeps the map a map: keys 0, 1, 2 would come back as a list."""
    return f"c{place}"


def _by_key(part: object) -> Mapping[str, Any]:
    """Read a map of the answer; an empty one comes as a list."""
    return cast("Mapping[str, Any]", part) if isinstance(part, Mapping) else {}


def _query(parameters: Mapping[str, Any]) -> str:
    return urlencode([pair for name, value in parameters.items() for pair in _pairs(name, value)])


def _pairs(name: str, value: object) -> Iterator[tuple[str, str]]:
    """Write a nested value as PHP reads it: `filter[client][entities][0][id]=1`."""
    if isinstance(value, Mapping):
        for key, inner in cast("Mapping[str, Any]", value).items():
            yield from _pairs(f"{name}[{key}]", inner)
    elif isinstance(value, list | tuple):
        for place, inner in enumerate(cast("Sequence[Any]", value)):
            yield from _pairs(f"{name}[{place}]", inner)
    elif isinstance(value, bool):
        yield name, "1" if value else "0"
    elif value is not None:
        yield name, str(value)
