"""Filters and orders of the CRM's lists: prefixes before the field's name, groups joined by `logic`.

Source: https://apidocs.bitrix24.com/api-reference/crm/universal/crm-item-list.html
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Any, Final, TypeAlias, cast

from pydantic.alias_generators import to_camel

from linkdesk.sandbox.php_array import NUMBER, values_of
from linkdesk.sandbox.rest_error import RestError
from tool_specs.declaration.wire import Json

Row: TypeAlias = Mapping[str, Json]
CONDITION: Final = re.compile(r"(!=%|!%=|!=|!%|!@|!|=%|%=|>=|<=|>|<|@|%|=|)([A-Za-z_0-9.]+)")
UPPER: Final = re.compile(r"[A-Z][A-Z0-9_]*")
LOGIC: Final = "logic"
MAX_DEPTH: Final = 20
TRUE: Final = frozenset({"true", "1", "y"})


def filter_rows(rows: Sequence[Row], conditions: Json, fields: Mapping[str, Json] | None) -> list[Row]:
    """Return the rows that meet a filter.

    Args:
        rows: All rows.
        conditions: The filter as sent.
        fields: The fields that may be filtered by, each with a value of its type; None: unknown ones change nothing.

    Raises:
        Refusal: the filter names another field, or holds a value that is none of the field's.
    """
    tested = _group(conditions, fields, 0)
    return [row for row in rows if tested(row)]


def sort_rows(rows: Sequence[Row], order: Json, fields: Mapping[str, Json] | None) -> list[Row]:
    """Return the rows in an order.

    Raises:
        Refusal: the order names a field that is not known, or a direction that is none.
    """
    found = list(rows)
    wanted = list(cast("dict[str, Json]", order).items()) if isinstance(order, dict) else []
    for spelled, direction in reversed(wanted):
        name = _name(spelled, fields)
        if fields is not None and (name not in fields or str(direction).upper() not in {"ASC", "DESC"}):
            raise RestError("INVALID_ARG_VALUE", f"Invalid order: field '{spelled}' is not allowed in order")
        found.sort(key=partial(_place, name), reverse=str(direction).upper() == "DESC")
    return found


def _group(conditions: Json, fields: Mapping[str, Json] | None, depth: int) -> Callable[[Row], bool]:
    """Make one test of a filter; keys that are numbers hold groups."""
    if depth > MAX_DEPTH:
        raise RestError("INVALID_ARG_VALUE", "Invalid filter: it is nested too deep")
    if isinstance(conditions, list):
        conditions = {str(place): inner for place, inner in enumerate(values_of(conditions))}
    if not isinstance(conditions, dict):
        return lambda _row: True
    tests: list[Callable[[Row], bool]] = []
    for key, value in cast("dict[str, Json]", conditions).items():
        if NUMBER.fullmatch(key):
            tests.append(_group(value, fields, depth + 1))
        elif key.lower() != LOGIC:
            tests.append(_condition(key, value, fields))
    joined = any if str(cast("dict[str, Json]", conditions).get(LOGIC)).upper() == "OR" and tests else all
    return lambda row: joined(test(row) for test in tests)


def _condition(key: str, value: Json, fields: Mapping[str, Json] | None) -> Callable[[Row], bool]:
    match = CONDITION.fullmatch(key)
    prefix, name = (match[1], _name(match[2], fields)) if match else ("", key)
    if fields is None:
        return lambda row: name not in row or _meets(row[name], prefix, value)
    if name not in fields:
        raise RestError("INVALID_ARG_VALUE", f"Invalid filter: field '{name}' is not allowed in filter")
    if not _fits(fields[name], value, prefix):
        raise RestError("INVALID_ARG_VALUE", f"Invalid filter: field '{name}' has invalid value")
    return lambda row: _meets(row[name], prefix, value)


def _name(spelled: str, fields: Mapping[str, Json] | None) -> str:
    """Return a field's name; the older spelling in capitals is understood too."""
    if fields is None or spelled in fields or not UPPER.fullmatch(spelled):
        return spelled
    return to_camel(spelled.lower())


def _fits(sample: Json, value: Json, prefix: str) -> bool:
    """Return whether a value can be compared with the field: a field of numbers takes numbers."""
    if "%" in prefix or not isinstance(sample, int) or isinstance(sample, bool):
        return True
    return all(_number(one) is not None for one in _several(value))


def _meets(actual: Json, prefix: str, value: Json) -> bool:
    """Compare as the database does: texts without case, lists by any of their items."""
    if prefix.startswith("!"):
        return not _meets(actual, prefix[1:], value)
    if isinstance(actual, list):
        return any(_meets(one, prefix, value) for one in values_of(actual))
    if "%" in prefix:
        return any(_like(actual, one, whole="=" in prefix) for one in _several(value))
    if prefix[:1] in {">", "<"}:
        return _compares(actual, prefix, value)
    return any(_same(actual, one) for one in _several(value))


def _like(actual: Json, pattern: Json, *, whole: bool) -> bool:
    """Look for a part; `=%` takes the place of the part from the caller, as in `%part`."""
    text = str(pattern).casefold()
    parts = text.split("%") if whole else ["", text, ""]
    return re.fullmatch(".*".join(map(re.escape, parts)), _text(actual), re.DOTALL) is not None


def _compares(actual: Json, prefix: str, value: Json) -> bool:
    one, other = _ordered(actual), _ordered(value)
    if one is None or other is None:
        return False
    try:
        greater, less = bool(one > other), bool(one < other)
    except TypeError:
        return False
    return (greater if prefix[0] == ">" else less) or ("=" in prefix and not greater and not less)


def _ordered(value: Json) -> Any:  # noqa: ANN401 - a number, a time or a text
    number = _number(value)
    if number is not None:
        return number
    try:
        at = datetime.fromisoformat(str(value))
    except ValueError:
        return _text(value)
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _same(actual: Json, value: Json) -> bool:
    if isinstance(actual, bool):
        return actual == (_text(value) in TRUE)
    one, other = _number(actual), _number(value)
    if one is not None and other is not None:
        return one == other
    return _text(actual) == _text(value)


def _number(value: Json) -> float | None:
    if isinstance(value, int | float):
        return value
    try:
        return float(value) if isinstance(value, str) else 0 if value is None else None
    except ValueError:
        return None


def _text(value: Json) -> str:
    return "" if value is None else str(value).casefold()


def _several(value: Json) -> list[Json]:
    return values_of(value) if isinstance(value, dict | list) else [value]


def _place(name: str, row: Row) -> tuple[int, float, str]:
    """Return what a row is sorted by: numbers before texts."""
    value = row.get(name)
    number = _number(value) if not isinstance(value, list) else None
    return (0, number, "") if number is not None else (1, 0, _text(value))
