"""A process that writes is killed with SIGKILL at random points, again and again; then everything has to add up.

`make kills` runs it, outside of the tests: a portal on a socket, a record in a file or in PostgreSQL, and 200 times a
process of its own that makes random changes until it is killed. The next one clears up (and may be killed over it too).
After each point: every call that took effect belongs to exactly one change on record and the other way round, no change
stays open, what a change found is what the one before it left, and the last left what the portal holds.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import os
import random
import select
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Final

import httpx
import structlog

from linkdesk.audit import recorder as recording
from linkdesk.audit.log import Change, ChangeState
from linkdesk.auth.policy import Actor, Face, Role
from linkdesk.desk import Desk, utc_now
from linkdesk.errors.base import Trouble
from linkdesk.handlers import recovery as clearing_up
from linkdesk.portal.address import WebhookAddress
from linkdesk.portal.client import Portal
from linkdesk.runtime.processes import WORKER
from linkdesk.sandbox.app import Sandbox
from linkdesk.sandbox.server import listening_socket, server
from linkdesk.storage.audit_log import open_stored_audit_log
from linkdesk.storage.url import DatabaseAddress
from tool_specs import TOOLS
from tool_specs.recipes.changes_and_plans import ListChanges

ANNA: Final = Actor("anna", Face.CHAT, Role.EDITOR)
REQUESTS: Final[list[tuple[str, dict[str, Any]]]] = [
    *(("set_booking_links", {"booking_id": 14, "links": [number]}) for number in (1, 2, 3)),
    *(("unset_booking_links", {"booking_id": 14, "links": [number]}) for number in (1, 2, 3)),
    ("set_waitlist_links", {"waitlist_id": 4, "links": [5, 6]}),
    ("unset_waitlist_links", {"waitlist_id": 4, "links": [5]}),
    ("set_booking_clients", {"booking_id": 14, "clients": ["contact:2"]}),
    ("unset_booking_clients", {"booking_id": 14, "clients": ["contact:2"]}),
    ("add_activity_binding", {"activity_id": 70, "target": "contact:3"}),
    ("delete_activity_binding", {"activity_id": 70, "target": "contact:3"}),
    ("move_activity_binding", {"activity_id": 70, "source": "contact:3", "target": "company:2"}),
    ("move_activity_binding", {"activity_id": 70, "source": "company:2", "target": "contact:3"}),
    ("update_waitlist_entry", {"waitlist_id": 4, "note": "called"}),
    ("update_waitlist_entry", {"waitlist_id": 4, "note": "not at home"}),
    ("add_waitlist_entry", {"note": "new"}),
    ("add_resource", {"name": "Chair", "type_id": 1}),
    ("add_resource_type", {"name": "Chairs", "code": "chairs"}),
    ("undo_change", {}),
    ("undo_change", {}),
]
TOOL: Final = {tool.name(): tool for tool in TOOLS}
ASKING: Final = "asking\n"
BEGUN: Final = "begun\n"
MOST: Final = 6
"""In one of its first requests, which are this many, a process is killed,"""
LONGEST_S: Final = 0.06
"""so long after it began with it at the latest: a request takes about half of that."""
LONGEST_OPEN_S: Final = 0.03
"""Every other time it is killed so long after it began a row at the latest: half way, mostly."""
OPENING_S: Final = 60
A_WHILE: Final = 3 * clearing_up.MAX_CALL_TIME
EXPECTED: Final = frozenset({"nothing_to_undo", "cannot_be_undone", "binding_not_found", "already_bound"})
"""What random changes run into."""


@dataclass(slots=True)
class Tally:
    """What was found."""

    points: int = 0
    cleared: Counter[str] = field(default_factory=Counter[str])
    changes: int = 0
    left_open: int = 0
    """After how many kills a change was found half way."""
    wrong: list[str] = field(default_factory=list[str])


def forked(work: Callable[[int], None]) -> tuple[int, int]:
    """Do work in a process of its own; give its number, and where what it writes can be read."""
    reading, writing = os.pipe()
    number = os.fork()
    if number:
        os.close(writing)
        return number, reading
    code = 1
    try:
        os.close(reading)
        # Made when the module was read, before the fork: each process is a worker of its own.
        worker = f"{WORKER.partition(':')[0]}:{os.getpid()}:{os.urandom(4).hex()}"
        for module in (recording, clearing_up):
            vars(module)["WORKER"] = worker
        work(writing)
        code = 0
    finally:
        os._exit(code)


def serve(out: int) -> None:
    """Be the portal, which complains of every caller that goes away in the middle of a word."""
    logging.disable()
    portal = Sandbox(rate=None, operating_budget=None)
    with listening_socket(0) as socket:
        os.write(out, f"http://127.0.0.1:{socket.getsockname()[1]}{portal.webhook_path}\n".encode())
        server(portal, None).run(sockets=[socket])


async def warm_up() -> None:
    """Make every kind of change once before forking, so that the child processes start quickly."""
    sandbox = Sandbox(rate=None)
    address = WebhookAddress.parse(f"http://127.0.0.1{sandbox.webhook_path}")
    memory = open_stored_audit_log(DatabaseAddress.memory(), "kills")
    async with memory as record, Portal(address, transport=sandbox.transport()) as client:
        desk = Desk(client, record=record)
        for name, arguments in REQUESTS:
            with suppress(Trouble):
                await desk.do(TOOL[name].model_validate(arguments), ANNA)
        await desk.do(ListChanges(), ANNA)


def line_of(source: int) -> str:
    """Read one line that another process writes; nothing if it ended."""
    text = b""
    while not text.endswith(b"\n"):
        ready, _, _ = select.select([source], [], [], OPENING_S)
        more = os.read(source, 1) if ready else b""
        if not more:
            return ""
        text += more
    return text.decode()


async def write(out: int, portal: str, database: str, chance: random.Random) -> None:
    """Make random changes until killed."""
    async with open_stored_audit_log(DatabaseAddress.parse(database), "kills") as record, _client(portal) as client:
        begin = record.begin

        async def told_of(change: Change, /) -> None:
            await begin(change)
            os.write(out, BEGUN.encode())

        record.begin = told_of  # type: ignore[method-assign]
        desk = Desk(client, record=record)
        os.write(out, b"ready\n")
        while True:
            name, arguments = chance.choice(REQUESTS)
            os.write(out, ASKING.encode())
            try:
                await desk.do(TOOL[name].model_validate(arguments), ANNA)
            except Trouble as trouble:
                if trouble.failure.code not in EXPECTED:
                    os.write(out, f"{name}: {trouble.failure.code}\n".encode())


async def clear_up(out: int, portal: str, database: str) -> None:
    """Come back: look at the record, as everybody does who asks for the history; then give its rows."""
    async with open_stored_audit_log(DatabaseAddress.parse(database), "kills") as record, _client(portal) as client:
        os.write(out, f"{len(await record.unfinished())}\n".encode())
        # Asked a while later, when nothing that was sent can be in progress any more.
        await Desk(client, record=record, now=lambda: utc_now() + A_WHILE).do(ListChanges(), ANNA)
        rows = [_shown(change) for change in await record.latest(500)]
        os.write(out, f"{json.dumps(rows[::-1])}\n".encode())


def _client(portal: str) -> Portal:
    return Portal(WebhookAddress.parse(portal))


def _shown(change: Change) -> dict[str, Any]:
    names = ("id", "tool", "target_type", "target_id", "kind", "before", "planned", "after")
    return {**{name: getattr(change, name) for name in names}, "state": change.state.value}


def reap(number: int, source: int) -> None:
    """Wait for a process that ends."""
    os.waitpid(number, 0)
    os.close(source)


def killed_at(number: int, source: int, lines: Sequence[str], seconds: float) -> list[str]:
    """Kill a process some time after it said these lines, in this order; give what it complained of."""
    said: list[str] = []
    for line in lines:
        while True:
            said.append(line_of(source))
            if said[-1] in {line, ""}:
                break
    time.sleep(seconds)
    os.kill(number, signal.SIGKILL)
    os.waitpid(number, 0)
    while line := line_of(source):
        said.append(line)
    os.close(source)
    return [line for line in said if ": " in line]


def applied(portal: str) -> list[str]:
    """Return the calls that took effect, in order."""
    origin = portal.partition("/rest/")[0]
    return [call["method"] for call in httpx.get(f"{origin}/_sandbox/calls").json() if call["applied"]]


REST: Final = {
    ("booking", "links"): "booking.v1.booking.externalData.",
    ("booking", "clients"): "booking.v1.booking.client.",
    ("waitlist", "links"): "booking.v1.waitlist.externalData.",
    ("waitlist", "clients"): "booking.v1.waitlist.client.",
    ("activity", "bindings"): "crm.activity.binding.",
    ("waitlist", "record"): "booking.v1.waitlist.",
    ("resource", "record"): "booking.v1.resource.",
    ("resource_type", "record"): "booking.v1.resourceType.",
}
"""How the calls begin that change what a row is about."""


def calls_of(row: dict[str, Any]) -> range:
    """Return how many calls of a logged change may have taken effect, by its outcome."""
    whole = 1
    if row["kind"] == "bindings":
        # An item that joins and one that goes are a call each.
        whole = len({*map(as_text, row["before"])} ^ {*map(as_text, row["planned"])})
    match row["state"]:
        case ChangeState.DONE:
            return range(whole, whole + 1)
        case ChangeState.PARTLY:
            return range(1, whole)
        case ChangeState.UNKNOWN:
            return range(whole + 1)
        case _:
            return range(1)


def as_text(item: object) -> str:
    """Write an item so that it can be compared."""
    return json.dumps(item, sort_keys=True)


@dataclass(slots=True)
class Ledger:
    """What the portal's lists were when last seen, and what is wrong."""

    portal: str
    states: dict[tuple[str, int, str], Any] = field(default_factory=dict[tuple[str, int, str], Any])

    def check(self, rows: list[dict[str, Any]], calls: list[str]) -> list[str]:
        """Compare the rows of a process with the calls that took effect."""
        wrong: list[str] = []
        for row in rows:
            prefix, most = REST[row["target_type"], row["kind"]], max(calls_of(row), default=0)
            its = 0
            while its < most and its < len(calls) and calls[its].startswith(prefix):
                its += 1
            if its not in calls_of(row):
                wrong.append(f"{row['id']} {row['tool']} is {row['state']}, but of its calls {its} took effect")
            if row["state"] in {ChangeState.BEGUN, ChangeState.UNKNOWN}:
                wrong.append(f"{row['id']} {row['tool']} was left open: {row['state']}")
            del calls[:its]
            wrong += self._chained(row)
        return [*wrong, *(f"{call} took effect and is on no record" for call in calls)]

    def _chained(self, row: dict[str, Any]) -> list[str]:
        """Check that a change started from the state that the previous one left."""
        key = (row["target_type"], row["target_id"], row["kind"])
        if row["kind"] == "record" and row["before"] is None:
            return []
        found = comparable(row["kind"], row["before"])
        was = self.states.get(key, found)
        if row["state"] in {ChangeState.DONE, ChangeState.PARTLY}:
            self.states[key] = comparable(row["kind"], row["after"])
        return [] if was == found else [f"{row['id']} {row['tool']} found {found}, the one before left {was}"]

    def compare(self) -> list[str]:
        """Compare what the last changes left with what the portal holds."""
        wrong: list[str] = []
        for (kind, number, what), left in self.states.items():
            now = comparable(what, self._now(kind, number, what))
            if now != left:
                wrong.append(f"{what} of {kind} {number}: the portal holds {now}, the record says {left}")
        if CALENDAR not in self.call("booking.v1.booking.externalData.list", bookingId=14)["externalData"]:
            wrong.append("the calendar link of booking 14 is lost")
        return wrong

    def _now(self, kind: str, number: int, what: str) -> Any:  # noqa: ANN401 - JSON
        if kind == "activity":
            return self.call("crm.activity.binding.list", activityId=number)
        if what == "record":
            return {"note": self.call("booking.v1.waitlist.get", id=number)["waitList"]["note"]}
        name, owner = ("bookingId", "booking") if kind == "booking" else ("waitListId", "waitlist")
        rest = "externalData" if what == "links" else "client"
        answer = self.call(f"booking.v1.{owner}.{rest}.list", **{name: number})
        (items,) = answer.values()
        return items

    def call(self, rest: str, **parameters: object) -> Any:  # noqa: ANN401 - JSON
        """Ask the portal itself."""
        return httpx.post(f"{self.portal}{rest}", json=parameters).raise_for_status().json()["result"]


CALENDAR: Final = {"moduleId": "calendar", "entityTypeId": "EVENT", "value": "555"}


def comparable(kind: str, state: Any) -> Any:  # noqa: ANN401 - JSON
    """Bring what the record and what the portal hold into one form; bindings have no order."""
    if kind == "record":
        return state["note"]
    items = [as_text(item) for item in state or []]
    return sorted(items) if kind == "bindings" else items


def one_point(
    portal: str, database: str, ledger: Ledger, known: set[str], chance: random.Random
) -> tuple[list[dict[str, Any]], list[str], bool]:
    """Kill a writer at a random point; give the rows that are new, what is wrong, and whether one was left open."""
    before = len(applied(portal))
    seed = chance.random()
    number, source = forked(lambda out: asyncio.run(write(out, portal, database, random.Random(seed))))  # noqa: S311 - no secret
    line_of(source)
    lines = [ASKING] * chance.randint(1, MOST) + [BEGUN] * chance.randint(0, 1)
    wrong = killed_at(number, source, lines, chance.uniform(0, LONGEST_S if lines[-1] == ASKING else LONGEST_OPEN_S))
    calls = applied(portal)[before:]
    left_open = 0
    while chance.random() < AGAIN:
        number, source = forked(lambda out: asyncio.run(clear_up(out, portal, database)))
        left_open += int(line_of(source))
        killed_at(number, source, [], chance.uniform(0, LONGEST_S))
    number, source = forked(lambda out: asyncio.run(clear_up(out, portal, database)))
    left_open += int(line_of(source))
    rows = [row for row in json.loads(line_of(source)) if row["id"] not in known]
    reap(number, source)
    if len(applied(portal)) != before + len(calls):
        wrong.append("clearing up wrote to the portal")
    known |= {row["id"] for row in rows}
    wrong += ledger.check(rows, calls)
    wrong += ledger.compare()
    return rows, wrong, left_open > 0


AGAIN: Final = 0.3
"""How often the process that clears up is killed too."""


def main() -> None:
    """Kill, count and tell; end with 1 if anything was wrong."""
    options = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    options.add_argument("--points", type=int, default=200)
    options.add_argument("--seconds", type=int, default=600, help="stop after this time")
    options.add_argument("--seed", type=int, default=None)
    options.add_argument("--database", help="of PostgreSQL, and empty; a file of SQLite otherwise")
    asked = options.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    seed = random.randrange(10**6) if asked.seed is None else asked.seed  # noqa: S311 - no secret
    chance = random.Random(seed)  # noqa: S311 - no secret
    asyncio.run(warm_up())
    started, tally = time.monotonic(), Tally()
    number, source = forked(serve)
    try:
        with tempfile.TemporaryDirectory(prefix="linkdesk-kills-") as folder:
            database = asked.database or f"sqlite:///{folder}/linkdesk.sqlite3"
            portal, known = line_of(source).strip(), set[str]()
            ledger = Ledger(portal)
            while tally.points < asked.points and time.monotonic() - started < asked.seconds:
                rows, wrong, left_open = one_point(portal, database, ledger, known, chance)
                tally.points += 1
                tally.changes += len(rows)
                tally.left_open += left_open
                tally.cleared[rows[-1]["state"] if rows else "nothing begun"] += 1
                tally.wrong += [f"point {tally.points}: {text}" for text in wrong]
    finally:
        os.kill(number, signal.SIGKILL)
        os.waitpid(number, 0)
    sys.stdout.write(
        f"killed at {tally.points} points (seed {seed}) in {time.monotonic() - started:.0f} s, "
        f"{tally.changes} changes on record, one left half way {tally.left_open} times; "
        f"the last before each: {dict(tally.cleared)}; wrong: {len(tally.wrong)}\n"
    )
    sys.stdout.writelines(f"{text}\n" for text in tally.wrong[:20])
    sys.exit(bool(tally.wrong) or tally.points < asked.points)


if __name__ == "__main__":
    main()
