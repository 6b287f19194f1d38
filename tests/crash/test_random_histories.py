"""Random rows of changes, undos, other writers, failures and kills: portal, record and answers agree after each."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st

from linkdesk.audit.log import Change, ChangeState, MemoryAuditLog
from linkdesk.auth.policy import Policy
from linkdesk.desk import Desk
from linkdesk.errors.base import Changed, Trouble
from linkdesk.execution.list_plan import items_of, refs_of
from linkdesk.model.outcome import Done, Outcome, Waiting
from linkdesk.portal.address import WebhookAddress
from linkdesk.portal.client import Portal
from linkdesk.sandbox.app import Sandbox
from linkdesk.sandbox.store import CLIENT_CODES, Binding, Client, Link
from tests.support.killable_portal import KillablePortal, ProcessKilled
from tests.support.sandbox_env import ANNA, NOW, virtual_clock
from tool_specs.declaration.arguments import Mode
from tool_specs.declaration.method import Method
from tool_specs.methods.activity_binding import AddActivityBinding, DeleteActivityBinding, MoveActivityBinding
from tool_specs.methods.booking_clients import SetBookingClients, UnsetBookingClients
from tool_specs.methods.booking_links import SetBookingLinks, UnsetBookingLinks
from tool_specs.methods.waitlist_clients import SetWaitlistClients, UnsetWaitlistClients
from tool_specs.methods.waitlist_links import SetWaitlistLinks, UnsetWaitlistLinks
from tool_specs.recipes.changes_and_plans import ListChanges, UndoChange

Refs = frozenset[str]
State_ = dict[str, Refs]

LISTS: dict[str, tuple[str, int, type[Method[Any]], type[Method[Any]]]] = {
    "booking links": ("booking_id", 14, SetBookingLinks, UnsetBookingLinks),
    "booking clients": ("booking_id", 14, SetBookingClients, UnsetBookingClients),
    "waitlist links": ("waitlist_id", 4, SetWaitlistLinks, UnsetWaitlistLinks),
    "waitlist clients": ("waitlist_id", 4, SetWaitlistClients, UnsetWaitlistClients),
}
BINDINGS = "activity bindings"
LOSES = {"reset_before", "reset_after_commit", "http_500_html", "empty_body"}
KINDS = [*sorted(LOSES), "query_limit", "operation_time_limit", "no_rights"]
BINDING_WRITES: tuple[type[Method[Any]], ...] = (AddActivityBinding, DeleteActivityBinding, MoveActivityBinding)
WRITES = [method.rest for method in (*(one for row in LISTS.values() for one in row[2:]), *BINDING_WRITES)]
READS = [f"{rest.rpartition('.')[0]}.list" for rest in WRITES[::2]]
A_WHILE = timedelta(minutes=20)
CALENDAR_LINK = "calendar:EVENT:555"


@dataclass(frozen=True)
class Step:
    """What somebody does: what, to which list, with which items; what goes wrong on the way."""

    does: str
    list_: str
    items: tuple[int, ...]
    agrees: bool = True
    fault: tuple[str, str, int] | None = None
    """Which calls fail (writes, reads, or all), how, and how many times."""
    killed_after: int | None = None
    """The number of calls after which the process is gone."""
    meddled_after: int | None = None
    """The number of calls after which somebody else changes the same list, who knows nothing of locks."""

    def request(self, changes: Sequence[Change]) -> Method[Any] | None:
        """Give what the desk is asked for."""
        if self.does == "undo":
            done = [change for change in changes if change.state in {ChangeState.DONE, ChangeState.PARTLY}]
            return UndoChange(change_id=done[self.items[0] % len(done)].id) if done else None
        if self.list_ == BINDINGS:
            return self._binding()
        field_, number, sets, unsets = LISTS[self.list_]
        items = [f"{'deal' if 'links' in self.list_ else 'contact'}:{item}" for item in self.items]
        named = {field_: number, "links" if "links" in self.list_ else "clients": items}
        match self.does:
            case "add":
                return sets.model_validate(named)
            case "replace":
                return sets.model_validate({**named, "mode": "replace"})
            case "clear":
                return unsets.model_validate({field_: number, "all": True})
            case _:
                return unsets.model_validate(named)

    def _binding(self) -> Method[Any]:
        targets = [f"{('deal', 'contact')[item % 2]}:{item}" for item in self.items]
        match self.does:
            case "add":
                return AddActivityBinding.model_validate({"activity_id": 70, "target": targets[0]})
            case "remove":
                return DeleteActivityBinding.model_validate({"activity_id": 70, "target": targets[0]})
            case _:
                other = f"contact:{self.items[0] % 9 + 1}" if targets[0].startswith("deal") else "deal:12"
                named = {"activity_id": 70, "source": targets[0], "target": other}
                return MoveActivityBinding.model_validate(named)


steps = st.builds(
    Step,
    does=st.sampled_from(["add", "add", "remove", "replace", "clear", "undo", "undo", "foreign"]),
    list_=st.sampled_from([*LISTS, BINDINGS]),
    items=st.lists(st.sampled_from([1, 2, 3, 7, 8, 9]), min_size=1, max_size=3, unique=True).map(tuple),
    agrees=st.sampled_from([True, True, False]),
    fault=st.none()
    | st.none()
    | st.tuples(st.sampled_from(["writes", "reads", "all"]), st.sampled_from(KINDS), st.sampled_from([1, 2, 20])),
    killed_after=st.none() | st.none() | st.none() | st.integers(0, 4),
    meddled_after=st.none() | st.none() | st.none() | st.integers(0, 4),
)


@dataclass
class World:
    """A portal, a record, a desk that may be replaced by the next process's, and the time."""

    sandbox: Sandbox
    portal: Portal
    record: MemoryAuditLog = field(default_factory=MemoryAuditLog)
    now: datetime = NOW

    def __post_init__(self) -> None:
        self.way = KillablePortal(self.portal)
        self.start_again()

    def start_again(self) -> None:
        """Be the next process."""
        self.now += A_WHILE
        self.way = KillablePortal(self.portal)
        self.desk = Desk(self.way, Policy(), zone="Europe/Moscow", now=lambda: self.now, record=self.record)

    def seen(self) -> State_:
        """Look at what the portal holds, past every way in."""
        store = self.sandbox.store
        kinds = {number: code.lower() for number, code in CLIENT_CODES.items()} | {2: "deal"}
        owners = {"booking": store.bookings[14], "waitlist": store.waitlist[4]}
        found: State_ = {}
        for name, owner in owners.items():
            assert len(owner.links) == len({link.value for link in owner.links})
            found[f"{name} links"] = frozenset(
                f"deal:{link.value}"
                if link.module_id == "crm"
                else f"{link.module_id}:{link.entity_type_id}:{link.value}"
                for link in owner.links
            )
            found[f"{name} clients"] = frozenset(f"{client.code.lower()}:{client.id}" for client in owner.clients)
        bindings = store.activities[70].bindings
        found[BINDINGS] = frozenset(f"{kinds[binding.entity_type_id]}:{binding.entity_id}" for binding in bindings)
        return found

    def meddle(self, step: Step) -> None:
        """Be somebody else, who replaces a whole list past the desk."""
        store = self.sandbox.store
        if step.list_ == BINDINGS:
            # An activity keeps one binding at least.
            store.activities[70].bindings = [Binding(entity_type_id=2, entity_id=item) for item in step.items]
            return
        owner = store.bookings[14] if "booking" in step.list_ else store.waitlist[4]
        if "clients" in step.list_:
            owner.clients = [Client(module="crm", code="CONTACT", id=item) for item in step.items]
            return
        others = [link for link in owner.links if link.module_id != "crm"]
        theirs = [Link(module_id="crm", entity_type_id="DEAL", value=str(item)) for item in step.items]
        owner.links = [*others, *theirs]

    async def take(self, step: Step) -> None:
        """Take a step, and hold the portal, the record and the answer against each other."""
        if step.does == "foreign":
            self.meddle(step)
            return
        request = step.request(await self.record.latest(100))
        if request is None:
            return
        before, rows = self.seen(), {change.id for change in await self.record.latest(1000)}
        met: list[State_] = []
        if step.meddled_after is not None:
            self.way.meddles_in = step.meddled_after

            def meddling() -> None:
                nonlocal before
                met.append(before)
                was = self.seen()
                self.meddle(step)
                # What somebody else changed is no doing of ours.
                changed = {name: items for name, items in self.seen().items() if items != was[name]}
                before = {**before, **changed}

            self.way.meddling = meddling
        answer = await self._asked(request, step)
        self.sandbox._dispatch.faults.clear()  # noqa: SLF001 - as a portal recovers
        self.way.meddling = None
        killed = isinstance(answer, ProcessKilled)
        if killed:
            self.start_again()
            await self.desk.do(ListChanges(), ANNA)
        new = [change for change in await self.record.latest(1000) if change.id not in rows]
        assert len(new) <= 1
        row = new[0] if new else None
        now = self.seen()
        assert CALENDAR_LINK in now["booking links"]
        if row is None:
            assert killed or not (isinstance(answer, Done) and answer.changed)
            assert now == before, "changed, and on no record"
            if isinstance(answer, Trouble):
                assert answer.changed is Changed.NO
            return
        name = row.kind if row.target_type == "activity" else f"{row.target_type} {row.kind}"
        name = BINDINGS if row.target_type == "activity" else name
        undone = await self.record.get(row.undoes) if row.undoes else None
        if met:
            found = refs(row, row.before)
            assert found in {met[0][name], before[name]}
            assert refs(row, row.planned) == wanted(request, found, undone), "another plan than was asked for"
            self._agree_beside_another(row, now[name])
            return
        assert refs(row, row.planned) == wanted(request, before[name], undone), "another plan than was asked for"
        self._agree(row, name, before, now, lossy=killed or (step.fault is not None and step.fault[1] in LOSES))
        if not killed:
            self._answered(answer, row)

    def _agree(self, row: Change, name: str, before: State_, now: State_, *, lossy: bool) -> None:
        """Hold what the record says against what was and is there."""
        was, planned = refs(row, row.before), refs(row, row.planned)
        assert was == before[name]
        match row.state:
            case ChangeState.DONE:
                assert now[name] == planned
            case ChangeState.NOT_DONE | ChangeState.REFUSED:
                assert now[name] == was
            case ChangeState.PARTLY:
                assert name == BINDINGS
                assert now[name] not in {was, planned}
            case ChangeState.UNKNOWN:
                assert lossy
                assert now[name] in {was, planned} or name == BINDINGS
            case _:
                raise AssertionError(row.state)
        if row.after is not None:
            assert refs(row, row.after) == now[name]
        for other in now:
            # Only the list beside may change with it, and that has to be told; a killed process tells nobody.
            if other != name and now[other] != before[other]:
                assert other.split()[0] == name.split(maxsplit=1)[0]

    @staticmethod
    def _agree_beside_another(row: Change, now: Refs) -> None:
        """Hold what the record says against what is there, where somebody else changed the same list meanwhile."""
        was, planned = refs(row, row.before), refs(row, row.planned)
        there = [item in now for item in planned - was] + [item not in now for item in was - planned]
        match row.state:
            case ChangeState.DONE if row.after is not None:
                assert all(there), "said to be done, and is not"
            case ChangeState.NOT_DONE:
                assert not any(there), "said not to be done, and is"
            case _:
                # What was refused may be so by somebody else's doing; what was not read again is said not to be.
                pass
        if row.after is not None:
            assert refs(row, row.after) == now

    @staticmethod
    def _answered(answer: Outcome | Trouble | ProcessKilled, row: Change) -> None:
        """Hold what was answered against the record."""
        if isinstance(answer, Trouble):
            expected = {
                Changed.NO: ChangeState.REFUSED,
                Changed.YES: ChangeState.DONE,
                Changed.PARTLY: ChangeState.PARTLY,
                Changed.UNKNOWN: ChangeState.UNKNOWN,
            }[answer.changed]
            assert row.state is expected
            assert answer.changed is not Changed.YES, "what was done is no trouble"
        else:
            assert isinstance(answer, Done)
            assert (answer.changed, answer.change_id, row.state) == (True, row.id, ChangeState.DONE)

    async def _asked(self, request: Method[Any], step: Step) -> Outcome | Trouble | ProcessKilled:
        self.way.left = None if step.killed_after is None else step.killed_after * 2 + step.items[0] % 2
        agreed = None
        for _ in range(2):
            if step.fault is not None:
                self._fail(step.fault)
            try:
                outcome = await self.desk.do(request, ANNA, agreed=agreed)
            except Trouble as trouble:
                return trouble
            except ProcessKilled as killed:
                return killed
            if not isinstance(outcome, Waiting) or not step.agrees:
                return outcome
            agreed, request = outcome.plan, outcome.plan.asked
        return outcome

    def _fail(self, fault: tuple[str, str, int]) -> None:
        which, kind, times = fault
        names = {"all": ["*"], "reads": READS, "writes": WRITES}[which]
        for name in names:
            self.sandbox.add_fault(name, kind, times=times)


def wanted(request: Method[Any], before: Refs, undone: Change | None) -> Refs:
    """Say by hand what a request makes of a list."""
    match request:
        case AddActivityBinding(target=target):
            return before | {f"{target.type}:{target.id}"}
        case DeleteActivityBinding(target=target):
            return before - {f"{target.type}:{target.id}"}
        case MoveActivityBinding(source=source, target=target):
            return before - {f"{source.type}:{source.id}"} | {f"{target.type}:{target.id}"}
        case UndoChange():
            assert undone is not None
            was, left = refs(undone, undone.before), refs(undone, undone.left)
            return before - (left - was) | (was - left)
        case _:
            pass
    named = {f"{ref.type}:{ref.id}" for ref in request.refs}  # type: ignore[attr-defined]
    others = {item for item in before if item == CALENDAR_LINK}
    if isinstance(request, SetBookingLinks | SetWaitlistLinks | SetBookingClients | SetWaitlistClients):
        return frozenset((others if request.mode is Mode.REPLACE else before) | named)
    return frozenset(others if request.all else before - named)  # type: ignore[attr-defined]


def refs(row: Change, state: Any) -> Refs:  # noqa: ANN401 - JSON
    """Name the items of a list that is on record, those that are none of the CRM's too."""
    items = items_of(row, state)
    others = {":".join(item.wire().values()) for item in items if item.crm is None}
    return frozenset({f"{ref.type}:{ref.id}" for ref in refs_of(items)} | others)


@given(st.lists(steps, min_size=1, max_size=7))
@example([Step("add", "booking links", (1,), killed_after=1)])
@example([Step("replace", "booking links", (1,))])
@example([Step("add", "booking links", (1,)), Step("foreign", "booking links", (1, 8)), Step("undo", "", (0,))])
@example([Step("add", "booking links", (1,), fault=("writes", "reset_after_commit", 1))])
@example([Step("clear", "booking links", (1,)), Step("undo", "", (0,)), Step("undo", "", (0,))])
@example([Step("add", "booking links", (1,), meddled_after=1)])
@example([Step("remove", "booking clients", (1,), meddled_after=2)])
def test_after_every_step_the_portal_the_record_and_the_answer_agree(row: list[Step]) -> None:
    async def run() -> None:
        sandbox = Sandbox(clock=lambda: NOW, rate=None, operating_budget=None)
        address = WebhookAddress.parse(f"http://127.0.0.1{sandbox.webhook_path}")
        async with Portal(address, transport=sandbox.transport(), **virtual_clock()) as portal:
            world = World(sandbox, portal)
            for step in row:
                await world.take(step)

    asyncio.run(run())
