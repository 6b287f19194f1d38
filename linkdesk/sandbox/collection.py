"""The booking module's collections and the verbs they share: `booking.v1.<collection>.<verb>`.

Most methods of the module are a few verbs over a few collections; a `Collection` says what one differs in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, MutableMapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final, Generic, TypeVar, cast

from linkdesk.sandbox.call import Call, Handler
from linkdesk.sandbox.paging import uncounted_page
from linkdesk.sandbox.rest_error import RestError
from linkdesk.sandbox.store import Record, Store
from tool_specs.declaration.wire import Json

R = TypeVar("R", bound=Record)
LONG_TEXTS: Final = frozenset({"description", "note"})
LONGEST_TEXT, LONGEST_NAME = 65_535, 255


@dataclass(frozen=True, slots=True)
class Codes:
    """The codes of a collection's errors; `not_created` and so on stand for every failure of their verb."""

    not_found: str
    not_created: str
    not_updated: str
    not_deleted: str
    nothing_to_update: str
    """The code of `update` for a record that is missing."""


@dataclass(frozen=True)  # slots break subscripted generics on Python 3.11
class Collection(Generic[R]):
    """One collection: how it is called on the wire, where it is kept, what its errors are, what is special about it."""

    prefix: str
    answer_key: str
    reference: str
    """The parameter by which methods of parts name a record of it."""
    noun: str
    codes: Codes
    record: type[R]
    ids: str
    """The name of its counter in the store."""
    table: Callable[[Store], MutableMapping[int, R]]
    fields: Callable[[Call, Mapping[str, Json], R | None], dict[str, Json]]
    """Check the fields of a new record, or those to change, and give what is stored of them."""
    filters: Mapping[str, Callable[[Call, R, Json], bool]] = field(default_factory=dict[str, Any])
    orders: Mapping[str, Callable[[R], Any]] = field(default_factory=dict[str, Any])
    created: Callable[[Call, R], None] = lambda _call, _record: None
    changed: Callable[[Call, R], None] = lambda _call, _record: None
    """Is told when a record changes, or one of its lists."""
    deleted: Callable[[Call, R], None] = lambda _call, _record: None

    def find(self, call: Call, parameter: str = "id", code: str | None = None) -> R:
        """Find the record a call is about.

        Raises:
            Refusal: there is none.
        """
        record = self.table(call.store).get(call.params[parameter])
        if record is None:
            raise RestError(code or self.codes.not_found, f"{self.noun} not found")
        return record

    def add(self, call: Call, fields: Mapping[str, Json]) -> R:
        """Store a new record."""
        record = self.record.model_validate({"id": call.store.new_id(self.ids), **fields})
        self.table(call.store)[cast("Any", record).id] = record
        self.created(call, record)
        return record

    def remove(self, call: Call, record: R) -> None:
        """Take a record out of the store."""
        del self.table(call.store)[cast("Any", record).id]
        self.deleted(call, record)


def get(collection: Collection[R], call: Call) -> Json:
    """Answer `get`."""
    return {collection.answer_key: collection.find(call).as_json()}


def list_page(collection: Collection[R], call: Call) -> Json:
    """Answer `list`: filters and orders that are not known change nothing."""
    conditions = cast("dict[str, Json]", call.params.get("filter") or {})
    rows = [
        record
        for record in collection.table(call.store).values()
        if all(collection.filters[name](call, record, value) for name, value in conditions.items())
    ]
    rows.sort(key=lambda record: cast("Any", record).id)
    order: Json = call.params.get("order") or {}
    wanted = list(cast("dict[str, Json]", order).items()) if isinstance(order, dict) else []
    for name, direction in reversed(wanted):
        if name in collection.orders:
            rows.sort(key=collection.orders[name], reverse=str(direction).upper() == "DESC")
    return uncounted_page([record.as_json() for record in rows], collection.answer_key, call.params.get("start", 0))


def add(collection: Collection[R], call: Call) -> Json:
    """Answer `add`."""
    given = call.params["fields"]
    fields = collection.fields(call, given, None)
    _not_too_long(given, collection.codes.not_created)
    return call.created(cast("Any", collection.add(call, fields)).id)


def update(collection: Collection[R], call: Call) -> Json:
    """Answer `update`: what is not named stays, and a missing record has a code of its own."""
    known = collection.find(call, code=collection.codes.nothing_to_update)
    given = call.params["fields"]
    fields = collection.fields(call, given, known)
    _not_too_long(given, collection.codes.not_updated)
    changed = collection.record.model_validate({**known.model_dump(by_alias=True), **fields})
    collection.table(call.store)[call.params["id"]] = changed
    collection.changed(call, changed)
    return True


def delete(collection: Collection[R], call: Call) -> Json:
    """Answer `delete`: a missing record has a code of its own, a second call meets it."""
    collection.remove(call, collection.find(call, code=collection.codes.not_deleted))
    return True


def _not_too_long(fields: Mapping[str, Json], code: str) -> None:
    for name, text in fields.items():
        if isinstance(text, str) and len(text) > (LONGEST_TEXT if name in LONG_TEXTS else LONGEST_NAME):
            raise RestError(code, f"Mysql query error: (1406) Data too long for column '{name.upper()}' at row 1")


def crud_methods(collection: Collection[R]) -> Iterator[tuple[str, Handler]]:
    """Return the five methods of a collection."""
    yield f"{collection.prefix}.get", partial(get, collection)
    yield f"{collection.prefix}.list", partial(list_page, collection)
    yield f"{collection.prefix}.add", partial(add, collection)
    yield f"{collection.prefix}.update", partial(update, collection)
    yield f"{collection.prefix}.delete", partial(delete, collection)
