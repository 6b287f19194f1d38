"""Apply a plan for a list: send its calls, read the list back, compare, and report what really happened.

Nothing is sent twice. Where a response was lost, a read decides: the change was applied, was not, or is unknown.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from linkdesk.audit.recorder import AuditEntry
from linkdesk.errors.base import Changed, PortalError, Refused, ResponseLost, Trouble
from linkdesk.errors.codes import linkdesk as own_errors
from linkdesk.errors.translate import argument_facts, join_refs, translate
from linkdesk.execution.context import PortalApi, RequestContext
from linkdesk.execution.list_plan import refs_of
from linkdesk.execution.plan_labels import NOT_CHECKED, RESPONSE_LOST, errors_labelled
from linkdesk.execution.snapshot import ListSnapshot, take_snapshot
from linkdesk.model.outcome import Done, ListKind, Plan
from tool_specs.declaration.crm_ref import CrmRef
from tool_specs.declaration.localized import Localized
from tool_specs.declaration.method import Method
from tool_specs.declaration.wire import ListItem
from tool_specs.methods.activity_binding import AddActivityBinding, DeleteActivityBinding
from tool_specs.methods.crm_item import CrmItem


@dataclass(frozen=True, slots=True)
class VerifyReads:
    """The reads that verify a write: the target's list, and its sibling list, which the portal may change by itself."""

    reading: Method[Any]
    beside: Method[Any] | None = None
    beside_kind: ListKind | None = None


async def apply_list_plan(context: RequestContext, plan: Plan, before: ListSnapshot, reads: VerifyReads) -> Done:
    """Send the plan's calls, record them in the audit log, and verify their effect.

    Raises:
        Trouble: the portal refused, or the change was not applied; the error says what is there now.
    """
    writing = context.recorder.writing(plan, as_wire(before.items), as_wire(plan.whole))
    async with errors_labelled(plan, context.zone), writing as entry:
        done = await _apply(context.portal, plan, before, reads, entry)
        entry.also = done.also
    return replace(done, change_id=entry.id)


def as_wire(items: Sequence[ListItem]) -> list[dict[str, Any]]:
    """Return the exact wire form of a list's items."""
    return [item.wire() for item in items]


async def _apply(portal: PortalApi, plan: Plan, before: ListSnapshot, reads: VerifyReads, entry: AuditEntry) -> Done:
    failed: PortalError | None = None
    sent = 0
    for step in plan.steps:
        try:
            await portal(step)
        except PortalError as error:
            if _is_already_applied(step, error):
                continue
            failed = error
            break
        sent += 1
    if failed is not None and sent == 0 and not failed.may_have_applied:
        raise translate(failed, plan.asked, changed=Changed.NO)
    try:
        after = await take_snapshot(portal, plan.target, reads.reading, beside=reads.beside, refs=list(before.deals))
    except PortalError as error:
        return _unverified(plan, failed, error)
    entry.after = as_wire(after.items)
    seen = refs_of(after.items)
    if failed is not None and _how_much_applied(plan, seen) is not Changed.YES:
        raise _not_done(plan, failed, seen)
    _check_saved(plan, seen, after.beside)
    also = (
        *plan.also,
        *_response_remark(failed),
        *_remarks_on_others(plan, after.items, before.items),
        *_sibling_remarks(reads.beside_kind, before.beside, after.beside),
        *_deal_remarks(before, after),
    )
    return Done(plan=plan, changed=sent > 0 or failed is not None, after=seen, also=also)


ALREADY_APPLIED_CODES: Final[Mapping[type[Method[bool]], str]] = {
    AddActivityBinding: "ACTIVITY_IS_ALREADY_BOUND",
    DeleteActivityBinding: "BINDING_NOT_FOUND",
}


def _is_already_applied(step: Method[bool], error: PortalError) -> bool:
    """Return whether a refusal means that the change is applied already: a list shows only readable items."""
    return isinstance(error, Refused) and ALREADY_APPLIED_CODES.get(type(step)) == error.code.upper()


def _unverified(plan: Plan, failed: PortalError | None, error: PortalError) -> Done:
    """Return the result for a list that cannot be read back."""
    if failed is not None:
        raise Trouble(own_errors.OUTCOME_UNKNOWN, argument_facts(plan.asked), changed=Changed.UNKNOWN) from error
    return Done(plan=plan, changed=True, after=plan.after, also=(*plan.also, NOT_CHECKED))


def _not_done(plan: Plan, failed: PortalError, seen: tuple[CrmRef, ...]) -> Trouble:
    """Build the error for a failure, with what was read back."""
    changed = _how_much_applied(plan, seen)
    if isinstance(failed, ResponseLost):
        trouble = Trouble(own_errors.LOST_READ, argument_facts(plan.asked), changed=changed)
    else:
        trouble = translate(failed, plan.asked, changed=changed)
    trouble.now = join_refs(seen) if seen and changed is not Changed.NO else None
    return trouble


def _how_much_applied(plan: Plan, seen: Sequence[CrmRef]) -> Changed:
    """Return how much of a plan was applied, ignoring what others did to the list meanwhile."""
    there = [ref in seen for ref in plan.added] + [ref not in seen for ref in plan.removed]
    if all(there):
        return Changed.YES
    return Changed.PARTLY if any(there) else Changed.NO


def _check_saved(plan: Plan, seen: tuple[CrmRef, ...], beside: Sequence[ListItem] | None) -> None:
    """Check that the items to add are there and the items to remove are gone.

    Raises:
        Trouble: they are not.
    """
    came_back = [ref for ref in plan.removed if ref in seen]
    wrong = [ref for ref in plan.added if ref not in seen] + came_back
    if not wrong:
        return
    failure = own_errors.NOT_SAVED
    if plan.kind == "clients" and wrong == came_back and beside:
        failure = own_errors.CLIENT_CAME_BACK
    raise Trouble(
        failure,
        {"items": join_refs(tuple(wrong)), "target": plan.target.said},
        changed=_how_much_applied(plan, seen),
        now=join_refs(seen) if seen else None,
    )


def _response_remark(failed: PortalError | None) -> tuple[Localized, ...]:
    if failed is None:
        return ()
    return (RESPONSE_LOST,)


def _remarks_on_others(plan: Plan, seen: Sequence[ListItem], before: Sequence[ListItem]) -> tuple[Localized, ...]:
    """Return remarks on other differences from the plan, made by another writer or by the portal itself."""
    there = refs_of(seen)
    joined = tuple(ref for ref in there if ref not in plan.after and ref not in plan.removed)
    gone = tuple(ref for ref in plan.after if ref not in there and ref not in plan.added)
    lost = [item for item in before if item.crm is None and item not in seen]
    remarks: list[Localized] = []
    if joined:
        said = join_refs(joined)
        remarks.append(
            Localized(en=f"Also there now, added by others: {said.en}.", ru=f"Кроме того, появились: {said.ru}.")
        )
    if gone:
        said = join_refs(gone)
        remarks.append(
            Localized(en=f"No longer there, removed by others: {said.en}.", ru=f"Кто-то другой убрал: {said.ru}.")
        )
    if lost:
        remarks.append(
            Localized(
                en="An internal link of the booking (its calendar event) is gone; check the booking in Bitrix24.",
                ru="Пропала внутренняя связь бронирования (событие календаря): проверьте его в Битрикс24.",
            ),
        )
    return tuple(remarks)


_SIBLING_TEXTS: Final[dict[ListKind, tuple[Localized, Localized]]] = {
    "clients": (
        Localized(en="Bitrix24 also added as client: {items}.", ru="Битрикс24 также добавил в клиенты: {items}."),
        Localized(en="Bitrix24 also took off the clients: {items}.", ru="Битрикс24 также убрал из клиентов: {items}."),
    ),
    "links": (
        Localized(en="Bitrix24 also linked: {items}.", ru="Битрикс24 также привязал: {items}."),
        Localized(en="Bitrix24 also unlinked: {items}.", ru="Битрикс24 также отвязал: {items}."),
    ),
}


def _sibling_remarks(
    kind: ListKind | None,
    before: Sequence[ListItem] | None,
    after: Sequence[ListItem] | None,
) -> tuple[Localized, ...]:
    if kind is None or before is None or after is None:
        return ()
    was, now = refs_of(before), refs_of(after)
    came = tuple(ref for ref in now if ref not in was)
    went = tuple(ref for ref in was if ref not in now)
    words = zip(_SIBLING_TEXTS[kind], (came, went), strict=True)
    return tuple(said.format_map({"items": join_refs(refs)}) for said, refs in words if refs)


_DEAL: Final = Localized(en="deal {id}", ru="сделку {id}")
_FILLED_IN: Final = Localized(
    en="Bitrix24 also put {items} into {deal}.", ru="Битрикс24 также вписал в {deal}: {items}."
)


def _deal_remarks(before: ListSnapshot, after: ListSnapshot) -> Iterator[Localized]:
    """Yield remarks on the contacts and companies that the portal filled into linked deals."""
    for deal, was in before.deals.items():
        now = after.looked.get(deal)
        if isinstance(now, CrmItem) and (filled := [ref for ref in now.owners if ref not in was.owners]):
            yield _FILLED_IN.format_map({"items": join_refs(filled), "deal": _DEAL.format_map({"id": deal.id})})
