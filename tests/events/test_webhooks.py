"""News by events: bound for those who want to be told, let in by a secret, kept before the portal is told so."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from pathlib import Path

import pytest
import structlog

from linkdesk.bootstrap.event_routes import MAX_EVENT_BYTES, read_event
from linkdesk.config.logging import redact
from linkdesk.events.model import EventKind
from tests.support.databases import content_of
from tests.support.events_env import ANNA, BORIS, open_bot_events, open_events_env, sign_in
from tests.support.polling_env import kinds_and_ids, period
from tool_specs.methods.event import BOOKING_EVENTS

CREATED, CHANGED, DELETED = EventKind.CREATED, EventKind.CHANGED, EventKind.DELETED
DAY = timedelta(days=1)


async def test_what_happens_on_the_portal_is_told_at_once(tmp_path: Path) -> None:
    async with open_events_env(tmp_path) as watched:
        assert await watched.turn() == []
        assert sorted(one.event for one in watched.handlers) == sorted(BOOKING_EVENTS)
        number = await watched.add(name="Haircut")
        (made,) = await watched.hinted()
        assert (made.kind, made.booking_id) == (CREATED, number)
        await watched.call(
            "booking.v1.booking.update", id=number, fields={"datePeriod": period(watched.clock.now + 2 * DAY)}
        )
        assert kinds_and_ids(await watched.hinted()) == [(CHANGED, number)]
        deal = {"moduleId": "crm", "entityTypeId": "DEAL", "value": "5"}
        await watched.call("booking.v1.booking.externalData.set", bookingId=number, externalData=[deal])
        (linked,) = await watched.hinted()
        assert linked.after is not None
        assert [ref.id for ref in linked.after.deals] == [5]
        await watched.call("booking.v1.booking.delete", id=number)
        assert kinds_and_ids(await watched.hinted()) == [(DELETED, number)]
        assert set(watched.statuses) == {200}
        assert await watched.turn() == []


async def test_nothing_is_bound_until_somebody_wants_to_be_told_and_nothing_after_nobody_does(tmp_path: Path) -> None:
    async with open_events_env(tmp_path) as watched:
        wanted, watched.wanted = watched.wanted, []
        await watched.turn()
        assert watched.handlers == []
        watched.wanted = wanted
        await watched.turn()
        assert len(watched.handlers) == 3
        watched.wanted = []
        await watched.turn()
        assert watched.handlers == []
        assert (await watched.state()).binding is None
        assert await watched.store.snapshot() is None


async def test_what_an_earlier_process_bound_is_taken_back_when_nobody_wants_to_be_told_any_more(
    tmp_path: Path,
) -> None:
    async with open_events_env(tmp_path) as watched:
        await watched.turn()
        await watched.store.release_lease()
        watched.wanted = []
        async with open_bot_events(watched.oauth_env.settings, watched.clock) as another:
            await another.watch.poll_if_due(watched.who)
        assert watched.handlers == []


async def test_what_is_bound_is_bound_once_whoever_looks(tmp_path: Path) -> None:
    async with open_events_env(tmp_path) as watched:
        await watched.turn()
        before = [one.id for one in watched.handlers]
        watched.wanted = [BORIS, ANNA]
        async with open_bot_events(watched.oauth_env.settings, watched.clock) as another:
            await watched.store.release_lease()
            await another.watch.poll_if_due(watched.who)
        await watched.turn(timedelta(hours=1))
        assert [one.id for one in watched.handlers] == before


async def test_what_is_missing_on_the_portal_is_bound_again_to_the_same_address(tmp_path: Path) -> None:
    async with open_events_env(tmp_path) as watched:
        await watched.turn()
        handler = watched.handler
        del watched.oauth_env.sandbox.store.handlers[watched.handlers[0].id]
        await watched.turn(timedelta(minutes=5))
        assert len(watched.handlers) == 2
        await watched.turn(timedelta(minutes=15))
        assert len(watched.handlers) == 3
        assert watched.handler == handler
        watched.oauth_env.sandbox.store.handlers.clear()
        await watched.turn(timedelta(minutes=15))
        assert len(watched.handlers) == 3
        assert watched.handler != handler


async def test_who_is_no_administrator_can_have_events_too_and_somebody_else_takes_over(tmp_path: Path) -> None:
    async with open_events_env(tmp_path) as watched:
        watched.wanted = [BORIS]
        await watched.turn()
        assert {one.auth_type for one in watched.handlers} == {2}
        number = await watched.add()
        assert kinds_and_ids(await watched.hinted()) == [(CREATED, number)]
        watched.oauth_env.sandbox.store.users.pop(2)
        watched.wanted = [BORIS, ANNA]
        await watched.turn(timedelta(minutes=16))
        bound = (await watched.state()).binding
        assert bound is not None
        await watched.call("booking.v1.booking.delete", id=number)
        assert kinds_and_ids([*await watched.hinted(), *await watched.turn(timedelta(minutes=16))]) == [
            (DELETED, number)
        ]


async def test_an_address_of_ours_that_nobody_answers_at_any_more_is_taken_away(tmp_path: Path) -> None:
    async with open_events_env(tmp_path) as watched:
        await watched.turn()
        handler = watched.handler
        await watched.store.delete_binding()
        await watched.turn(timedelta(minutes=16))
        assert len(watched.handlers) == 3
        assert watched.handler != handler


async def test_without_events_the_bookings_are_looked_at_as_often_as_without_an_application(tmp_path: Path) -> None:
    async with open_events_env(tmp_path) as watched:
        watched.oauth_env.sandbox.add_fault("event.bind", "no_rights", times=1)
        await watched.turn()
        assert (await watched.state()).refused == "ACCESS_DENIED"
        number = await watched.add()
        assert kinds_and_ids(await watched.turn()) == [(CREATED, number)]
        await watched.turn(timedelta(minutes=16))
        state = await watched.state()
        assert (state.refused, len(watched.handlers)) == (None, 3)


async def test_events_are_no_longer_relied_on_when_a_look_finds_what_none_had_told_of(tmp_path: Path) -> None:
    async with open_events_env(tmp_path) as watched:
        await watched.turn()
        await watched.add()
        await watched.hinted()
        assert await watched.turn() == []
        watched.oauth_env.sandbox.store.handlers.clear()
        silent = await watched.add(2 * DAY)
        assert await watched.turn() == []
        assert kinds_and_ids(await watched.turn(timedelta(minutes=15))) == [(CREATED, silent)]
        watched.oauth_env.sandbox.store.handlers.clear()
        await watched.call("booking.v1.booking.delete", id=silent)
        assert kinds_and_ids(await watched.turn()) == [(DELETED, silent)]


async def test_an_event_that_came_while_nobody_looked_is_looked_at_after_a_restart(tmp_path: Path) -> None:
    async with open_events_env(tmp_path) as watched:
        await watched.turn()
        await watched.store.release_lease()
        number = await watched.add()
        await watched.oauth_env.sandbox.event_sender.wait_until_sent()
        assert [one.booking_id for one in await watched.store.hints(10)] == [number]
        async with open_bot_events(watched.oauth_env.settings, watched.clock) as another:
            await another.watch.poll_if_due(watched.who)
        assert kinds_and_ids(await watched.told()) == [(CREATED, number)]
        assert list(await watched.store.hints(10)) == []


async def test_while_the_portal_does_not_answer_what_was_told_waits(tmp_path: Path) -> None:
    async with open_events_env(tmp_path) as watched:
        await watched.turn()
        number = await watched.add()
        await watched.oauth_env.sandbox.event_sender.wait_until_sent()
        watched.oauth_env.sandbox.add_fault("booking.v1.booking.get", "no_rights", times=1)
        await watched.hinted()
        assert kinds_and_ids(await watched.turn()) == [(CREATED, number)]


async def test_the_same_event_again_tells_nothing_new(tmp_path: Path) -> None:
    async with open_events_env(tmp_path) as watched:
        await watched.turn()
        await watched.add()
        assert len(await watched.hinted()) == 1
        for _ in range(3):
            assert (await watched.post(watched.form())).status_code == 200
        assert await watched.hinted() == []
        assert list(await watched.store.hints(10)) == []


async def test_an_event_may_be_json(tmp_path: Path) -> None:
    async with open_events_env(tmp_path) as watched:
        await watched.turn()
        await watched.add()
        await watched.hinted()
        form = watched.form(15)
        auth = {name[5:-1]: value for name, value in form.items() if name.startswith("auth[")}
        body = {"event": form["event"], "data": {"ID": 15}, "auth": auth}
        assert (await watched.post(json=body)).status_code == 200
        assert [one.booking_id for one in await watched.store.hints(10)] == [15]


async def test_who_does_not_know_the_address_is_told_that_nothing_is_there(tmp_path: Path) -> None:
    async with open_events_env(tmp_path) as watched:
        await watched.turn()
        for wrong in (watched.handler[:-1], f"{watched.handler}x", watched.handler.rpartition("/")[0]):
            assert (await watched.post(watched.form(), address=wrong)).status_code == 404
        handler = watched.handler
        watched.wanted = []
        await watched.turn()
        assert (await watched.post(watched.form(), address=handler)).status_code == 404
        assert list(await watched.store.hints(10)) == []


async def test_who_knows_the_address_and_not_the_token_is_refused(tmp_path: Path) -> None:
    async with open_events_env(tmp_path) as watched:
        await watched.turn()
        assert (await watched.post({**watched.form(), "auth[member_id]": "another"})).status_code == 403
        await watched.add()
        await watched.hinted()
        assert (await watched.post({**watched.form(), "auth[application_token]": "guessed"})).status_code == 403
        assert (await watched.post({**watched.form(), "auth[member_id]": "another"})).status_code == 403
        assert (await watched.post(watched.form())).status_code == 200


GARBAGE = [
    {"data[ID]": ""},
    {"data[ID]": "0"},
    {"data[ID]": "-1"},
    {"data[ID]": "1e3"},
    {"data[ID]": "٣"},
    {"data[ID]": "9" * 500},
    {"event": "ONCRMLEADADD"},
    {"event": ""},
    {"auth[application_token]": ""},
    {"auth[application_token]": "x" * 101},
    {"auth[member_id]": "x" * 101},
]


async def test_what_is_no_event_is_refused_and_nothing_of_it_is_kept(tmp_path: Path) -> None:
    async with open_events_env(tmp_path) as watched:
        await watched.turn()
        for wrong in GARBAGE:
            assert (await watched.post({**watched.form(), **wrong})).status_code == 400, wrong
        headers = {"content-type": "application/json"}
        for body in (b"", b"{", b"[]", b"null", b'"x"', b"[" * 60_000, b"\xff\xfe", json.dumps({"event": 1}).encode()):
            assert (await watched.post(content=body, headers=headers)).status_code == 400, body[:20]
        assert (await watched.post(content=b"\xff%FF&&&=")).status_code == 400
        assert (await watched.post(content=b"a&" * (MAX_EVENT_BYTES // 2 + 1))).status_code == 413
        assert list(await watched.store.hints(10)) == []
        bound = (await watched.state()).binding
        assert bound is not None
        assert bound.token_hash is None


def test_a_field_that_stands_there_twice_makes_it_no_event() -> None:
    form = "event=ONBOOKINGADD&data[ID]=14&auth[member_id]=m&auth[application_token]=t"
    assert read_event(form.encode(), as_json=False) is not None
    assert read_event(f"{form}&data[ID]=15".encode(), as_json=False) is None


async def test_no_secret_is_kept_or_logged(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    structlog.reset_defaults()
    async with open_events_env(tmp_path) as watched:
        await watched.turn()
        await watched.add()
        await watched.hinted()
        await watched.post(watched.form())
        await watched.post({**watched.form(), "auth[application_token]": "planted-forged"})
        await watched.turn(timedelta(minutes=20))
        secret = watched.handler.rpartition("/")[2]
        form = watched.form()
        database = watched.oauth_env.settings.database
        assert database is not None
        kept = content_of(database.get_secret_value()).decode("latin-1")
        written = capsys.readouterr()
    logged = written.out + written.err
    assert "news.looked" in logged
    tokens = [*watched.oauth_env.sandbox.authorization.access, *watched.oauth_env.sandbox.authorization.refresh]
    for planted in (secret, form["auth[application_token]"], "planted-access", "planted-refresh", "planted-forged"):
        assert planted not in kept
        assert planted not in logged
    assert not [token for token in tokens if token in kept or token in logged]
    assert re.search(r"[0-9a-f]{64}", kept)


def test_whoever_logs_an_event_logs_no_secret_of_it() -> None:
    line = "POST /bitrix24/events/planted-Secret_1 auth[access_token]=planted1&auth%5Bapplication_token%5D=planted2&t=1"
    assert redact(line) == "POST /bitrix24/events/*** auth[access_token]=***&auth%5Bapplication_token%5D=***&t=1"


async def test_a_person_who_signed_out_is_replaced_by_the_next_who_wants_to_be_told(tmp_path: Path) -> None:
    async with open_events_env(tmp_path) as watched:
        watched.wanted = ["telegram:1003", ANNA]
        assert await watched.turn() == []
        assert len(watched.handlers) == 3
        await sign_in(watched.oauth_env, "telegram:1003", 2)
        number = await watched.add()
        assert kinds_and_ids(await watched.hinted()) == [(CREATED, number)]
