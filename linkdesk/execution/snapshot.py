"""The snapshot before and after a write, read in one request: the list, its sibling list, and names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from linkdesk.errors.base import PortalError, Refused, Trouble
from linkdesk.errors.translate import join_refs, translate
from linkdesk.execution.context import PortalApi
from linkdesk.model.outcome import Plan, PlanDetails, Target
from linkdesk.text.intervals import format_booking_period
from tool_specs.declaration.crm_ref import CrmRef
from tool_specs.declaration.localized import Localized
from tool_specs.declaration.method import Method
from tool_specs.declaration.wire import ListItem
from tool_specs.failures.booking import ITEM_NOT_FOUND
from tool_specs.methods.booking import Booking, GetBooking
from tool_specs.methods.crm_item import CrmItem, GetCrmItem

MAX_NAMES: Final = 20
"""Maximum number of items whose names are read."""


@dataclass(frozen=True, slots=True)
class ListSnapshot:
    """A list's items, those of its sibling list (None if unreadable), the booking, and the named items."""

    items: Sequence[ListItem]
    beside: Sequence[ListItem] | None
    booking: Booking | None
    looked: Mapping[CrmRef, CrmItem | PortalError]
    zone: str | None = None
    """The business's time zone, so that a booking's own zone is named where it differs."""

    @property
    def deals(self) -> dict[CrmRef, CrmItem]:
        """The deals that were read: the portal may fill in their contact or company when a link changes."""
        return {ref: item for ref, item in self.looked.items() if ref.type == "deal" and isinstance(item, CrmItem)}

    @property
    def about(self) -> PlanDetails:
        """Details of the target to show with a plan."""
        when = None if self.booking is None else format_booking_period(self.booking.period, self.zone)
        return PlanDetails(when=when, names=item_names(self.looked))


async def take_snapshot(  # noqa: PLR0913 - what to look at, each named
    portal: PortalApi,
    target: Target,
    reading: Method[Any],
    *,
    beside: Method[Any] | None = None,
    refs: Sequence[CrmRef] = (),
    zone: str | None = None,
) -> ListSnapshot:
    """Read a list, its sibling list, the booking it belongs to and some CRM items, in one request.

    Args:
        portal: reads the portal.
        target: the owner of the list.
        reading: the call that reads the list.
        beside: the call that reads the sibling list.
        refs: the CRM items to read.
        zone: the business's time zone, so that the booking's own zone is named where it differs.

    Raises:
        PortalError: the list itself cannot be read.
    """
    looks: list[Method[Any]] = [GetCrmItem.model_construct(item=ref) for ref in refs]
    others: list[Method[Any]] = [] if beside is None else [beside]
    bookings: list[Method[Any]] = [GetBooking(booking_id=target.id)] if target.type == "booking" else []
    answers = iter(await portal.batch([reading, *others, *bookings, *looks]))
    items = next(answers)
    if isinstance(items, PortalError):
        raise items
    there = next(answers) if others else None
    booking = next(answers) if bookings else None
    return ListSnapshot(
        items=items,
        beside=None if isinstance(there, PortalError) else there,
        booking=booking if isinstance(booking, Booking) else None,
        looked=dict(zip(refs, answers, strict=True)),
        zone=zone,
    )


async def read_names(portal: PortalApi, refs: Sequence[CrmRef]) -> dict[CrmRef, str]:
    """Read the names of items; those that cannot be read have none."""
    asked = list(dict.fromkeys(refs))[:MAX_NAMES]
    if not asked:
        return {}
    try:
        found = await portal.batch([GetCrmItem.model_construct(item=ref) for ref in asked])
    except PortalError:
        return {}
    return item_names(dict(zip(asked, found, strict=True)))


def item_names(looked: Mapping[CrmRef, CrmItem | PortalError]) -> dict[CrmRef, str]:
    """Return the names of the items that were found."""
    return {ref: item.label for ref, item in looked.items() if isinstance(item, CrmItem) and item.label}


def check_added(plan: Plan, seen: ListSnapshot) -> tuple[Localized, ...]:
    """Check that every added item exists, as the portal does not; return a remark on items that could not be checked.

    Raises:
        Trouble: an item does not exist, or may not be seen.
    """
    added = {ref: seen.looked[ref] for ref in plan.added if ref in seen.looked}
    missing = [ref for ref, item in added.items() if _is_refused_with(item, "NOT_FOUND")]
    if missing:
        raise Trouble(ITEM_NOT_FOUND, {"item": join_refs(missing)}, vendor_code="NOT_FOUND")
    unseen = [ref for ref, item in added.items() if _is_refused_with(item, "INSUFFICIENT_SCOPE")]
    for ref, item in added.items():
        if isinstance(item, PortalError) and ref not in unseen:
            raise translate(item, GetCrmItem(item=ref))
    if not unseen:
        return ()
    return (NOT_VERIFIED.format_map({"items": join_refs(unseen)}),)


async def check_exists(portal: PortalApi, ref: CrmRef) -> None:
    """Check that an item exists, so that an empty result does not hide a wrong id.

    Raises:
        Trouble: it does not exist.
    """
    (found,) = await portal.batch([GetCrmItem.model_construct(item=ref)])
    if _is_refused_with(found, "NOT_FOUND"):
        raise Trouble(ITEM_NOT_FOUND, {"item": ref.said}, vendor_code="NOT_FOUND")


NOT_VERIFIED: Final = Localized(
    en="Could not check that it exists: {items}. The connection lacks the crm permission.",
    ru="Не удалось проверить, существует ли: {items}. У подключения нет права crm.",
)


def _is_refused_with(item: CrmItem | PortalError, code: str) -> bool:
    return isinstance(item, Refused) and item.code.upper() == code
