"""The booking module's collections and the verbs they share: `booking.v1.<collection>.<verb>`.

Most methods of the module are a few verbs over a few collections; here is what the collections differ in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, MutableMapping
from dataclasses import dataclass
from functools import partial
from typing import Final, Generic, TypeVar

from linkdesk.sandbox.call import Call, Handler
from linkdesk.sandbox.refusal import Refusal
from linkdesk.sandbox.store import Booking, Record, Store, WaitlistEntry
from tool_specs.wire import Json

R = TypeVar("R", bound=Record)


@dataclass(frozen=True)  # slots break subscripted generics on Python 3.11
class Collection(Generic[R]):
    """One collection: how it is called on the wire, where it is kept, what its errors are."""

    prefix: str
    answer_key: str
    reference: str
    """The parameter by which methods of parts name a record of it."""
    not_found: tuple[str, str]
    not_updated: str
    """The code that stands for every failure of an update."""
    table: Callable[[Store], MutableMapping[int, R]]

    def find(self, call: Call, parameter: str = "id") -> R:
        """Find the record a call is about.

        Raises:
            Refusal: there is none.
        """
        record = self.table(call.store).get(call.params[parameter])
        if record is None:
            raise Refusal(*self.not_found)
        return record


BOOKINGS: Final = Collection[Booking](
    prefix="booking.v1.booking",
    answer_key="booking",
    reference="bookingId",
    not_found=("1021", "Booking not found"),
    not_updated="1019",
    table=lambda store: store.bookings,
)
WAITLIST: Final = Collection[WaitlistEntry](
    prefix="booking.v1.waitlist",
    answer_key="waitList",
    reference="waitListId",
    not_found=("1040", "Wait list not found"),
    not_updated="1035",
    table=lambda store: store.waitlist,
)


def get(collection: Collection[R], call: Call) -> Json:
    """Answer `get`."""
    return {collection.answer_key: collection.find(call).shown()}


def handlers() -> Iterator[tuple[str, Handler]]:
    """Name the methods that are a verb over a collection."""
    yield f"{BOOKINGS.prefix}.get", partial(get, BOOKINGS)
    yield f"{WAITLIST.prefix}.get", partial(get, WAITLIST)
