"""Pagination for people and models: a number of rows and a cursor, independent of the portal's own pages.

The booking lists answer `total: 0` and never `next`: only a page that is not full shows the end.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import Any, Final, Generic, Protocol, TypeVar

from linkdesk.errors.base import Problem, Trouble
from linkdesk.errors.codes import linkdesk as own_errors
from linkdesk.execution.context import PortalApi, Progress, no_progress
from tool_specs.declaration.listing import PAGE_SIZE, ListMethod
from tool_specs.declaration.localized import Localized
from tool_specs.declaration.method import Method


class HasId(Protocol):
    """A row with an id."""

    @property
    def id(self) -> int:
        """The id."""
        ...


R = TypeVar("R", bound=HasId)


@dataclass(frozen=True, slots=True)
class ResultPage(Generic[R]):
    """Some rows, and the cursor of the next page."""

    rows: list[R]
    cursor: str | None


async def read_page(portal: PortalApi, method: ListMethod[list[R]], *, limit: int, cursor: str | None) -> ResultPage[R]:
    """Read the rows after a cursor, from as many of the portal's pages as that takes."""
    offset = decode_cursor(cursor, method)
    start = offset // PAGE_SIZE * PAGE_SIZE
    rows = await read_rows(portal, method, start=start, enough=offset - start + limit + 1)
    after = rows[offset - start :]
    return ResultPage(after[:limit], encode_cursor(offset + limit, method) if len(after) > limit else None)


async def read_rows(
    portal: PortalApi,
    method: ListMethod[list[R]],
    *,
    enough: int,
    start: int = 0,
    progress: Progress = no_progress,
) -> list[R]:
    """Read rows from an offset (a multiple of 50) until there are enough or a page is not full; each id once."""
    found: dict[int, R] = {}
    while len(found) < enough:
        page = await portal(method.starting_at(start))
        found.update({row.id: row for row in page})
        if len(page) < PAGE_SIZE:
            break
        await progress(len(found), None, f"{len(found)} records read, there are more")
        start += PAGE_SIZE
    return list(found.values())


def encode_cursor(offset: int, method: Method[Any]) -> str:
    """Encode an offset as a cursor, which is valid for the same query only."""
    return f"after-{offset}-{_query_hash(method)}"


def decode_cursor(cursor: str | None, method: Method[Any]) -> int:
    """Decode a cursor.

    Raises:
        Trouble: it is no cursor, or one of another query.
    """
    if cursor is None:
        return 0
    match = re.fullmatch(r"after-([0-9]{1,7})-([0-9a-f]{8})", cursor)
    if match is None:
        raise Trouble(own_errors.BAD_ARGUMENTS, problems=(Problem("cursor", _NO_CURSOR),))
    if match[2] != _query_hash(method):
        raise Trouble(own_errors.BAD_ARGUMENTS, problems=(Problem("cursor", _OTHER_QUESTION),))
    return int(match[1])


_NO_CURSOR: Final = Localized(
    en="is not a cursor of an earlier answer; leave it out to start over",
    ru="не похоже на отметку из прошлого ответа; чтобы начать сначала, не указывайте её",
)
_OTHER_QUESTION: Final = Localized(
    en="belongs to a list with other arguments; repeat those with it, or leave it out to start over",
    ru="относится к списку с другими условиями: повторите их вместе с ней или начните сначала без неё",
)


def _query_hash(method: Method[Any]) -> str:
    """Return a short hash of a query without its cursor and limit."""
    asked = method.model_dump_json(exclude={"cursor", "limit"}, exclude_none=True)
    return hashlib.sha256(f"{method.name()} {asked}".encode()).hexdigest()[:8]
