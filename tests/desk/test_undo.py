"""Undo: what comes back, what does not, who may, and what is said when the state has moved on."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest.mock import ANY

import pytest

from linkdesk.audit.log import MAX_STATE_BYTES, Change, MemoryAuditLog
from linkdesk.auth.policy import Actor, Confirm, Face, Policy, Role
from linkdesk.errors.base import Changed, Trouble
from linkdesk.model.outcome import Done, ReadResult, RecordDone, Waiting
from linkdesk.model.views import BookingView, ChangesView, ChangeView
from linkdesk.storage.audit_log import open_stored_audit_log
from linkdesk.storage.url import DatabaseAddress
from server.tools.results import tool_result
from tests.support.desk_requests import MONDAY, build_request, deals, link, unlink
from tests.support.sandbox_env import ANNA, CALENDAR, SandboxEnv, open_sandbox_env
from tool_specs.declaration.method import Method
from tool_specs.methods.activity_binding import AddActivityBinding, DeleteActivityBinding, MoveActivityBinding
from tool_specs.methods.booking import AddBooking, CreateBookingFromWaitlist, DeleteBooking, GetBooking, UpdateBooking
from tool_specs.methods.booking_clients import SetBookingClients
from tool_specs.methods.booking_links import UnsetBookingLinks
from tool_specs.methods.resource import GetResource, UpdateResource
from tool_specs.methods.resource_slots import ListResourceSlots, UnsetResourceSlots
from tool_specs.methods.resource_type import GetResourceType, UpdateResourceType
from tool_specs.methods.waitlist import GetWaitlistEntry, UpdateWaitlistEntry
from tool_specs.recipes.changes_and_plans import ListChanges, UndoChange

LINKDESK = Path(sys.executable).with_name("linkdesk")
BORIS = Actor("1002 Boris", Face.TELEGRAM, employee="telegram:1002")
ADMIN = Actor("1001 Ada", Face.TELEGRAM, Role.ADMIN, "telegram:1001")


async def do(env: SandboxEnv, method: Method[Any], actor: Actor = ANNA) -> Any:  # noqa: ANN401 - any outcome
    """Do a request, and say yes where a person is asked."""
    outcome = await env.desk.do(method, actor)
    if isinstance(outcome, Waiting):
        outcome = await env.desk.do(outcome.plan.asked, actor, agreed=outcome.plan)
    return outcome


async def undo(env: SandboxEnv, change_id: str | None = None, actor: Actor = ANNA) -> Any:  # noqa: ANN401 - any outcome
    return await env.desk.do(UndoChange(change_id=change_id), actor)


async def refused(env: SandboxEnv, change_id: str | None = None, actor: Actor = ANNA) -> Trouble:
    with pytest.raises(Trouble) as trouble:
        await undo(env, change_id, actor)
    return trouble.value


async def history(env: SandboxEnv, **arguments: Any) -> list[ChangeView]:  # noqa: ANN401 - as a caller gives them
    outcome = await env.desk.do(ListChanges(**arguments), ANNA)
    assert isinstance(outcome, ReadResult)
    assert isinstance(outcome.shown, ChangesView)
    return outcome.shown.changes


@pytest.mark.parametrize(
    "request_",
    [
        link(14, 1),
        unlink(14, 7),
        link(14, 2, mode="replace"),
        UnsetBookingLinks.model_validate({"booking_id": 14, "all": True}),
    ],
)
async def test_an_undone_change_leaves_the_list_to_the_letter_and_undoing_that_does_it_again(
    env: SandboxEnv, request_: Method[Any]
) -> None:
    before = await env.links(14)
    changed = await do(env, request_)
    after = await env.links(14)
    assert after != before
    undone = await undo(env, changed.change_id)
    assert isinstance(undone, Done)
    assert await env.links(14) == before
    assert CALENDAR in before
    again = await do(env, UndoChange(change_id=undone.change_id))
    assert again.changed
    assert await env.links(14) == after
    await do(env, UndoChange(change_id=again.change_id))
    assert await env.links(14) == before


async def test_removing_again_what_an_undo_put_back_asks_as_the_first_time(env: SandboxEnv) -> None:
    cleared = await do(env, UnsetBookingLinks.model_validate({"booking_id": 14, "all": True}))
    undone = await undo(env, cleared.change_id)
    assert isinstance(undone, Done)
    assert isinstance(await undo(env, undone.change_id), Waiting)
    linked = await do(env, link(14, 1))
    assert isinstance(await undo(env, (await undo(env, linked.change_id)).change_id), Done)


async def test_clients_and_bindings_are_undone_too(env: SandboxEnv) -> None:
    clients = await env.clients(14)
    added = await do(env, SetBookingClients.model_validate({"booking_id": 14, "clients": ["contact:2"]}))
    await undo(env, added.change_id)
    assert await env.clients(14) == clients
    for request in (
        AddActivityBinding.model_validate({"activity_id": 999, "target": "deal:1"}),
        DeleteActivityBinding.model_validate({"activity_id": 70, "target": "deal:8"}),
        MoveActivityBinding.model_validate({"activity_id": 71, "source": "lead:3", "target": "contact:2"}),
    ):
        changed = await do(env, request)
        undone = await undo(env, changed.change_id)
        assert set(undone.after) == set(changed.plan.before)
        again = await undo(env, undone.change_id)
        assert set(again.after) == set(changed.after)


async def test_without_an_id_the_last_change_goes_and_then_the_one_before(env: SandboxEnv) -> None:
    before = await env.links(14)
    await do(env, link(14, 1))
    await do(env, link(14, 2))
    await do(env, link(15, 5), BORIS)
    assert (await undo(env)).plan.removed == deals(2)
    assert (await undo(env)).plan.removed == deals(1)
    assert await env.links(14) == before
    assert (await refused(env)).failure.code == "nothing_to_undo"
    assert await env.deals(15) == [2, 5]


async def test_what_is_undone_already_is_said_and_nothing_is_sent(env: SandboxEnv) -> None:
    linked = await do(env, link(14, 1))
    await undo(env, linked.change_id)
    await env.forget_calls()
    again = await undo(env, linked.change_id)
    assert (again.changed, again.change_id) == (False, None)
    assert await env.written() == []


async def test_when_others_changed_it_since_the_part_that_can_be_undone_waits_for_a_person(env: SandboxEnv) -> None:
    linked = await do(env, link(14, 1, 2))
    await do(env, link(14, 5), BORIS)
    await do(env, unlink(14, 2), BORIS)
    await env.forget_calls()
    waiting = await undo(env, linked.change_id)
    assert isinstance(waiting, Waiting)
    assert await env.written() == []
    assert (waiting.plan.before, waiting.plan.after) == (deals(7, 1, 5), deals(7, 5))
    assert "left deal 7, deal 1, deal 2, before this undo there was deal 7, deal 1, deal 5" in waiting.plan.also[0].en
    told = json.loads(tool_result(waiting).content[0].text)  # type: ignore[union-attr]
    assert (told["error"]["code"], told["error"]["changed"]) == ("needs_a_person", "no")
    assert told["after"] == [{"type": "deal", "id": 7}, {"type": "deal", "id": 5}]
    done = await env.desk.do(waiting.plan.asked, ANNA, agreed=waiting.plan)
    assert isinstance(done, Done)
    assert await env.deals(14) == [7, 5]
    assert CALENDAR in await env.links(14)


async def test_what_was_taken_away_comes_back_beside_what_others_added_once_agreed(env: SandboxEnv) -> None:
    cleared = await do(env, UnsetBookingLinks.model_validate({"booking_id": 14, "all": True}))
    await do(env, link(14, 3), BORIS)
    await do(env, UndoChange(change_id=cleared.change_id))
    assert await env.deals(14) == [3, 7]


async def test_a_deal_that_is_gone_meanwhile_is_not_linked_again(env: SandboxEnv) -> None:
    await env.call("booking.v1.booking.externalData.set", bookingId=16, externalData=[_deal(99), _deal(3)])
    unlinked = await do(env, unlink(16, 99))
    trouble = await refused(env, unlinked.change_id)
    assert (trouble.failure.code, trouble.changed) == ("crm_item_not_found", Changed.NO)


def _deal(number: int) -> dict[str, str]:
    return {"moduleId": "crm", "entityTypeId": "DEAL", "value": str(number)}


async def test_only_who_made_a_change_or_an_administrator_may_undo_it(env: SandboxEnv) -> None:
    linked = await do(env, link(14, 1))
    trouble = await refused(env, linked.change_id, BORIS)
    assert (trouble.failure.code, trouble.changed) == ("not_your_change", Changed.NO)
    viewer = Actor(ANNA.name, ANNA.face, Role.VIEWER)
    assert (await refused(env, linked.change_id, viewer)).failure.code == "role_not_enough"
    assert await env.deals(14) == [7, 1]
    assert (await undo(env, linked.change_id, Actor("anna", Face.MCP))).changed
    assert (await undo(env, (await do(env, link(14, 2))).change_id, ADMIN)).changed
    assert (await history(env))[0].who == "1001 Ada"


async def test_what_is_not_on_record_or_did_not_happen_is_not_undone(env: SandboxEnv) -> None:
    assert (await refused(env, "0123456789")).failure.code == "change_not_found"
    await env.fault("booking.v1.booking.externalData.set", "no_rights")
    with pytest.raises(Trouble):
        await do(env, link(14, 1))
    (change,) = await history(env)
    assert change.state == "refused"
    assert (await refused(env, change.change_id)).failure.code == "nothing_to_undo"


@pytest.mark.parametrize(
    ("change", "reading"),
    [
        (build_request(UpdateWaitlistEntry, waitlist_id=4, note="call"), GetWaitlistEntry(waitlist_id=4)),
        (build_request(UpdateBooking, booking_id=14, name="Cut", description="x", **MONDAY), GetBooking(booking_id=14)),
        (build_request(UpdateBooking, booking_id=14, resource_ids=[2]), GetBooking(booking_id=14)),
        (
            build_request(
                UpdateResource, resource_id=1, name="Anna", type_id=2, is_main=False, reminder_notification=False
            ),
            GetResource(resource_id=1),
        ),
        (build_request(UpdateResourceType, type_id=1, name="Chairs", code="chair"), GetResourceType(type_id=1)),
        (build_request(UnsetResourceSlots, resource_id=1, all=True), ListResourceSlots(resource_id=1)),
    ],
)
async def test_changed_fields_of_a_record_get_their_old_values_back(
    env: SandboxEnv, change: Method[Any], reading: Method[Any]
) -> None:
    before = (await do(env, reading)).shown
    changed = await do(env, change)
    after = (await do(env, reading)).shown
    assert after != before
    undone = await undo(env, changed.change_id)
    assert isinstance(undone, RecordDone)
    assert (await do(env, reading)).shown == before
    assert (await undo(env, changed.change_id)).changed is False
    await do(env, UndoChange(change_id=undone.change_id))
    assert (await do(env, reading)).shown == after


async def test_a_field_that_changed_again_since_is_left_and_named(env: SandboxEnv) -> None:
    first = await do(env, UpdateWaitlistEntry(waitlist_id=4, note="one"))
    await do(env, UpdateWaitlistEntry(waitlist_id=4, note="two"), BORIS)
    trouble = await refused(env, first.change_id)
    assert (trouble.failure.code, trouble.changed) == ("changed_since", Changed.NO)
    assert trouble.what.en == "Not undone: waitlist entry 4 has changed again since (note)."
    assert (await do(env, GetWaitlistEntry(waitlist_id=4))).shown.note == "two"


async def test_of_fields_that_changed_again_in_part_the_rest_is_offered(env: SandboxEnv) -> None:
    first = await do(env, build_request(UpdateBooking, booking_id=14, name="Cut", description="x", **MONDAY))
    later = {"date_from": "2026-11-23 15:00", "date_to": "2026-11-23 16:00"}
    await do(env, build_request(UpdateBooking, booking_id=14, description="y", **later), BORIS)
    was = first.plan.before
    waiting = await undo(env, first.change_id)
    assert isinstance(waiting, Waiting)
    assert waiting.plan.destroys
    assert waiting.plan.asked == UndoChange(change_id=first.change_id)
    # A start or an end alone would make no sense: both are left.
    (remark,) = waiting.plan.also
    assert remark.en.startswith("Changed again since, and left as it is: description, start, end")
    assert isinstance(waiting.plan.after, BookingView)
    assert (waiting.plan.after.name, waiting.plan.after.description) == (was.name, "y")
    done = await env.desk.do(waiting.plan.asked, ANNA, agreed=waiting.plan)
    assert isinstance(done, RecordDone)
    assert remark in done.also
    shown = (await do(env, GetBooking(booking_id=14))).shown
    assert (shown.name, shown.description) == (was.name, "y")
    assert shown.date_from.startswith("2026-11-23T15:00")


async def test_a_part_that_moved_on_after_the_offer_is_not_undone(env: SandboxEnv) -> None:
    first = await do(env, build_request(UpdateBooking, booking_id=14, name="Cut", description="x"))
    await do(env, build_request(UpdateBooking, booking_id=14, description="y"), BORIS)
    assert isinstance(await undo(env, first.change_id), Waiting)
    await do(env, build_request(UpdateBooking, booking_id=14, name="Wash"), BORIS)
    assert (await refused(env, first.change_id)).failure.code == "changed_since"


async def test_what_the_offer_does_not_touch_may_change_after_it(env: SandboxEnv) -> None:
    first = await do(env, build_request(UpdateBooking, booking_id=14, name="Cut", description="x"))
    await do(env, build_request(UpdateBooking, booking_id=14, description="y"), BORIS)
    waiting = await undo(env, first.change_id)
    await do(env, link(14, 1), BORIS)
    assert isinstance(await env.desk.do(waiting.plan.asked, ANNA, agreed=waiting.plan), RecordDone)
    assert await env.deals(14) == [7, 1]


async def test_a_field_that_has_its_old_value_again_needs_no_question(env: SandboxEnv) -> None:
    first = await do(env, build_request(UpdateBooking, booking_id=14, name="Cut", description="x"))
    await do(env, build_request(UpdateBooking, booking_id=14, name=first.plan.before.name or ""), BORIS)
    assert isinstance(await undo(env, first.change_id), RecordDone)
    assert (await do(env, GetBooking(booking_id=14))).shown == first.plan.before


async def test_other_fields_may_change_meanwhile(env: SandboxEnv) -> None:
    named = await do(env, build_request(UpdateBooking, booking_id=14, name="Cut"))
    await do(env, build_request(UpdateBooking, booking_id=14, description="bring the card"), BORIS)
    await do(env, link(14, 1), BORIS)
    await undo(env, named.change_id)
    shown = (await do(env, GetBooking(booking_id=14))).shown
    assert (shown.name, shown.description) == (named.plan.before.name, "bring the card")
    assert await env.deals(14) == [7, 1]


async def test_undoing_what_was_made_asks_a_person_and_deletes_it(env: SandboxEnv) -> None:
    made = await do(env, build_request(AddBooking, resource_ids=[1], **MONDAY))
    waiting = await undo(env, made.change_id)
    assert isinstance(waiting, Waiting)
    assert waiting.plan.destroys
    deleted = await env.desk.do(waiting.plan.asked, ANNA, agreed=waiting.plan)
    assert isinstance(deleted, RecordDone)
    assert (deleted.after, deleted.target) == (None, made.target)
    trouble = await refused(env, deleted.change_id)
    assert (trouble.failure.code, trouble.changed) == ("cannot_be_undone", Changed.NO)


@pytest.mark.parametrize(
    "request_",
    [DeleteBooking(booking_id=14), build_request(CreateBookingFromWaitlist, waitlist_id=4, resource_ids=[1], **MONDAY)],
)
async def test_what_was_deleted_does_not_come_back_and_that_is_said(env: SandboxEnv, request_: Method[Any]) -> None:
    done = await do(env, request_)
    trouble = await refused(env, done.change_id)
    assert (trouble.failure.code, trouble.changed) == ("cannot_be_undone", Changed.NO)


async def test_a_record_that_was_too_large_to_keep_is_never_taken_for_a_new_one(env: SandboxEnv) -> None:
    record = MemoryAuditLog()
    async with open_sandbox_env(rate=None, record=record) as other:
        changed = await do(other, UpdateWaitlistEntry(waitlist_id=4, note="call"))
        (change,) = await record.latest(1)
        assert len(json.dumps(change.before)) < MAX_STATE_BYTES
        record._changes[change.id] = _without_before(change)  # noqa: SLF001 - as if it had been too large
        assert (await refused(other, changed.change_id)).failure.code == "cannot_be_undone"
        assert (await do(other, GetWaitlistEntry(waitlist_id=4))).shown.note == "call"
    assert await env.deals(14) == [7]


def _without_before(change: Change) -> Change:
    return replace(change, before=None)


async def test_where_every_write_asks_an_undo_asks_too() -> None:
    async with open_sandbox_env(Policy(confirm=Confirm.WRITES), rate=None) as env:
        noted = await do(env, UpdateWaitlistEntry(waitlist_id=4, note="call"))
        waiting = await undo(env, noted.change_id)
        assert isinstance(waiting, Waiting)
        done = await env.desk.do(waiting.plan.asked, ANNA, agreed=waiting.plan)
        assert isinstance(done, RecordDone)
        assert (await history(env))[0].undoes == noted.change_id


async def test_the_record_shows_who_did_what_and_what_is_undone(env: SandboxEnv) -> None:
    await do(env, link(16, 1))
    await do(env, UpdateWaitlistEntry(waitlist_id=4, note="call"), BORIS)
    await undo(env)
    undoing, noted, linked = await history(env)
    assert (linked.tool, linked.target.model_dump(), linked.undone) == (
        "set_booking_links",
        {"type": "booking", "id": 16},
        True,
    )
    assert [item.id for item in linked.after or []] == [1]
    assert linked.started == "2026-11-20T12:00:00+03:00"
    assert (noted.who, noted.face, noted.fields) == ("1002 Boris", "telegram", {"note": [ANY, "call"]})
    assert (undoing.tool, undoing.undoes, undoing.undone) == ("undo_change", linked.change_id, None)
    assert [change.tool for change in await history(env, mine=True)] == ["undo_change", "set_booking_links"]
    assert len(await history(env, limit=1)) == 1


@pytest.mark.parametrize("given", ["7K2M9Q4X1Z", " 7k2m9q4x1z "])
def test_an_id_is_read_in_either_case(given: str) -> None:
    assert UndoChange.model_validate({"change_id": given}).change_id == "7k2m9q4x1z"


@pytest.mark.parametrize("given", ["", "1", 5, "iiiiiiiiii", "7k2m9q4x1z1"])
def test_what_is_no_id_is_refused(given: object) -> None:
    with pytest.raises(ValueError, match="ten letters and digits"):
        UndoChange.model_validate({"change_id": given})


async def test_the_command_history_shows_the_record(tmp_path: Path) -> None:
    database = f"sqlite:///{tmp_path}/a.sqlite3"
    address = DatabaseAddress.parse(database)
    async with open_stored_audit_log(address, "sandbox") as record, open_sandbox_env(rate=None, record=record) as env:
        linked = await do(env, link(14, 1))
    as_json = await asyncio.to_thread(history_command, database, "--sandbox", "--json")
    (row,) = json.loads(as_json.stdout)
    assert (row["change_id"], row["state"]) == (linked.change_id, "done")
    plain = await asyncio.to_thread(history_command, database, "--sandbox")
    assert f"{linked.change_id}  done      anna  set_booking_links  booking 14" in plain.stdout


def test_the_command_history_needs_to_know_the_portal() -> None:
    ran = history_command(None)
    assert (ran.returncode, ran.stdout) == (2, "")
    assert "LINKDESK_PORTAL" in ran.stderr


def history_command(database: str | None, *options: str) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": "", **({"LINKDESK_DATABASE": database} if database else {})}
    command = [str(LINKDESK), "history", *options]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)
