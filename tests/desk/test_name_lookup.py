"""Names to ids on the sandbox portal: what is found, what is asked, and how many requests it takes."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import httpx
import pytest

from linkdesk.auth.allowlist import AllowList
from linkdesk.auth.policy import Actor, Confirm, Face, Policy, Role
from linkdesk.desk import Desk
from linkdesk.errors.base import Trouble
from linkdesk.errors.codes import staff as people_errors
from linkdesk.lookup.resolve import Resolution, has_descriptions, resolve, with_candidate
from linkdesk.portal.address import WebhookAddress
from linkdesk.portal.client import Portal
from linkdesk.sandbox.app import Sandbox
from tests.support.paths import CORPUS
from tests.support.sandbox_env import ANNA, NOW, virtual_clock
from tool_specs import TOOLS
from tool_specs.declaration.crm_ref import CrmRef
from tool_specs.declaration.method import Method
from tool_specs.methods.booking import DeleteBooking, ListBookings
from tool_specs.methods.booking_clients import SetBookingClients
from tool_specs.methods.booking_links import SetBookingLinks

TODAY = "2026-11-20"


@dataclass
class Place:
    """A desk on a sandbox, a clock, and the requests that reached the portal."""

    desk: Desk
    sandbox: Sandbox
    requests: list[httpx.Request]
    later: timedelta = field(default_factory=timedelta)

    async def names(
        self, arguments: Mapping[str, Any], method: type[Method[Any]] = SetBookingLinks, actor: Actor = ANNA
    ) -> Resolution:
        self.requests.clear()
        return await resolve(self.desk, actor, method, arguments)

    async def client(self, name: str) -> Resolution:
        return await self.names({"booking_id": 14, "clients": [{"type": "contact", "name": name}]}, SetBookingClients)

    async def booking(self, **said: str) -> Resolution:
        return await self.names({"booking": said, "links": [{"type": "deal", "id": 1}]})


@asynccontextmanager
async def opened(policy: Policy | None = None) -> AsyncGenerator[Place]:
    # Its clock stands still, so that a bucket would never leak.
    sandbox = Sandbox(clock=lambda: NOW, rate=None)
    requests: list[httpx.Request] = []

    class Counting(httpx.AsyncBaseTransport):
        inner = sandbox.transport()

        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            requests.append(request)
            return await self.inner.handle_async_request(request)

    address = WebhookAddress.parse(f"http://127.0.0.1{sandbox.webhook_path}")
    async with Portal(address, transport=Counting(), **virtual_clock()) as portal:
        place = Place(Desk(portal, policy, zone="Europe/Moscow", now=lambda: NOW + place.later), sandbox, requests)
        yield place


def choices(resolved: Resolution, *, near: bool = False) -> list[object]:
    (question,) = resolved.unresolved
    return [choice.value for choice in (question.near_matches if near else question.candidates)]


@pytest.mark.parametrize("name", ["Иван Петров", "петров иван", "ИВАН ПЕТРОВ"])
async def test_one_client_of_a_name_is_filled_in_with_one_request(name: str) -> None:
    async with opened() as place:
        resolved = await place.client(name)
        assert resolved.arguments == {"booking_id": 14, "clients": [CrmRef(type="contact", id=3)]}
        assert resolved.unresolved == ()
        (found,) = resolved.found
        assert found.label.en == "contact 3 “Иван Петров”"
        assert found.label.ru == "контакт 3 «Иван Петров»"
        assert len(place.requests) == 1


async def test_a_womans_surname_may_be_her_husbands_in_another_case() -> None:
    async with opened() as place:
        assert choices(await place.client("Петрова")) == [CrmRef(type="contact", id=4), CrmRef(type="contact", id=3)]


async def test_a_surname_that_two_share_is_asked_about_and_the_choice_settles_it() -> None:
    async with opened() as place:
        resolved = await place.client("Петров")
        assert choices(resolved) == [CrmRef(type="contact", id=3), CrmRef(type="contact", id=4)]
        assert resolved.found == ()
        (question,) = resolved.unresolved
        assert (question.argument, question.text) == ("clients", "Петров")
        chosen = with_candidate(resolved.arguments, question, question.candidates[1])
        assert chosen == {"booking_id": 14, "clients": [CrmRef(type="contact", id=4)]}
        assert not has_descriptions(chosen)


@pytest.mark.parametrize(
    ("name", "contact"),
    [("Иван Пертов", 3), ("Ivan Petrov", 3), ("Ольга Белова", 7), ("John Smth", 2), ("Иван Сергеевич Петров", 3)],
)
async def test_a_name_that_is_merely_alike_is_asked_about(name: str, contact: int) -> None:
    async with opened() as place:
        assert choices(await place.client(name)) == [CrmRef(type="contact", id=contact)]
        assert len(place.requests) == 2


async def test_a_client_may_be_a_company_unless_the_argument_takes_none() -> None:
    async with opened() as place:
        resolved = await place.client("Ромашка")
        assert resolved.arguments["clients"] == [CrmRef(type="company", id=1)]
        resolved = await place.names({"links": [{"type": "deal", "name": "Ромашка"}]})
        assert choices(resolved) == []


async def test_a_name_that_nobody_has_is_left_open_with_what_comes_near() -> None:
    async with opened() as place:
        resolved = await place.client("Мария Сидорова")
        assert choices(resolved) == []
        assert CrmRef(type="contact", id=4) in choices(resolved, near=True)
        resolved = await place.client("Зигфрид Вурцель")
        assert choices(resolved) == choices(resolved, near=True) == []


@pytest.mark.parametrize("name", ["", " ", "%", "\n", "ё" * 500, "'\"<b>", "42"])
async def test_any_text_for_a_name_is_a_question_and_no_error(name: str) -> None:
    async with opened() as place:
        resolved = await place.client(name)
        assert len(resolved.unresolved) == 1
        assert len(resolved.unresolved[0].text) <= 100


async def test_a_phone_tells_whose_it_is_however_it_was_saved() -> None:
    async with opened() as place:
        for phone in ("+79161234503", "89161234503", "9161234503"):
            resolved = await place.names({"client": {"type": "contact", "phone": phone}}, ListBookings)
            assert resolved.arguments == {"client": CrmRef(type="contact", id=3)}
            assert len(place.requests) == 2
        resolved = await place.names({"client": {"type": "contact", "phone": "+70000000000"}}, ListBookings)
        assert choices(resolved) == []
        resolved = await place.names({"client": {"type": "contact", "email": "john.smith@example.com"}}, ListBookings)
        assert resolved.arguments == {"client": CrmRef(type="contact", id=2)}


async def test_deals_are_known_by_title_and_a_part_of_one_is_asked_about() -> None:
    async with opened() as place:
        said = [{"type": "deal", "id": 1}, {"type": "deal", "name": "педикюр"}, {"type": "deal", "name": "Маникюр"}]
        resolved = await place.names({"booking_id": 14, "links": said})
        assert resolved.arguments["links"] == [said[0], CrmRef(type="deal", id=9), said[2]]
        assert [choice.label.ru for choice in resolved.found] == ["сделка 9 «Педикюр»"]
        (question,) = resolved.unresolved
        assert choices(resolved) == [CrmRef(type="deal", id=2)]
        assert with_candidate(resolved.arguments, question, question.candidates[0])["links"][2] == CrmRef(
            type="deal", id=2
        )


async def test_two_of_the_same_title_are_told_apart_by_whose_they_are() -> None:
    async with opened() as place:
        resolved = await place.names({"links": [{"type": "deal", "name": "Стрижка"}]})
        assert [choice.label.en for choice in resolved.unresolved[0].candidates] == [
            "deal 7 “Стрижка мужская”, Анна Иванова",
            "deal 1 “Стрижка и окрашивание”, Анна Иванова",
        ]


async def test_leads_are_known_by_title() -> None:
    async with opened() as place:
        resolved = await place.names({"target": {"type": "lead", "name": "gift card request"}})
        assert resolved.arguments == {"target": CrmRef(type="lead", id=4)}


@pytest.mark.parametrize(
    ("said", "booking_id"),
    [
        ({"date": TODAY, "time": "15:00"}, 14),
        ({"date": TODAY, "client": "Анна Иванова"}, 14),
        ({"client": "Иванова"}, 14),
        ({"client": "contact 1", "time": "15:00"}, 14),
        ({"client": "+79161234501", "date": TODAY}, 14),
        ({"client": "anna.ivanova@example.com"}, 14),
        ({"date": TODAY, "resource": "Анна"}, 14),
        ({"date": TODAY, "resource": "2", "time": "18:00"}, 20),
        ({"time": "18:00"}, 20),
        ({"date": TODAY, "time": "06:00-12:00"}, 40),
        ({"date": "2026-11-18", "time": "17:00", "resource": "Кабинет 1"}, 18),
    ],
)
async def test_a_booking_is_known_by_any_of_its_day_time_client_and_resource(
    said: dict[str, str], booking_id: int
) -> None:
    async with opened() as place:
        resolved = await place.booking(**said)
        assert resolved.arguments == {"booking_id": booking_id, "links": [{"type": "deal", "id": 1}]}
        assert resolved.unresolved == ()


async def test_a_booking_is_shown_with_its_time_and_client() -> None:
    async with opened() as place:
        (found,) = (await place.booking(date=TODAY, time="15:00")).found
        assert found.label.en == "booking 14, Fri 20 Nov, 15:00–16:00, Анна Иванова"
        assert found.label.ru == "бронирование 14, пт 20 нояб., 15:00–16:00, Анна Иванова"
        assert found.value == 14


async def test_several_bookings_are_a_choice() -> None:
    async with opened() as place:
        resolved = await place.booking(date="2026-11-17")
        assert choices(resolved) == [15, 16]
        assert resolved.unresolved[0].argument == "booking_id"
        assert (
            with_candidate(resolved.arguments, resolved.unresolved[0], resolved.unresolved[0].candidates[0])[
                "booking_id"
            ]
            == 15
        )


@pytest.mark.parametrize(
    ("said", "booking_id"),
    [
        ({"date": TODAY, "time": "15:30"}, 14),  # it is going on then
        ({"date": "2026-11-18", "resource": "Ольга"}, 17),  # saved as Olga
        ({"date": TODAY, "client": "Анна Ивонова"}, 14),
        ({"time": "13:00"}, 123),  # none today, one tomorrow
        ({"client": "Иванов"}, 14),  # Иванова's
        ({"client": "Ivanova"}, 14),
    ],
)
async def test_a_booking_that_is_not_quite_what_was_said_is_asked_about(said: dict[str, str], booking_id: int) -> None:
    async with opened() as place:
        resolved = await place.booking(**said)
        assert choices(resolved) == [booking_id]
        assert resolved.found == ()


async def test_where_no_booking_fits_those_of_the_day_at_the_nearest_times_are_offered() -> None:
    async with opened() as place:
        resolved = await place.booking(date=TODAY, time="12:00")
        assert choices(resolved) == []
        assert choices(resolved, near=True) == [40, 14, 20]
        resolved = await place.booking(date=TODAY, client="Мария Петрова")
        assert choices(resolved) == []
        assert set(choices(resolved, near=True)) == {40, 14, 20}


@pytest.mark.parametrize("said", [{"date": "2026-13-45"}, {"time": "25:99"}, {"date": "soon"}])
async def test_a_day_or_time_that_is_none_is_left_open(said: dict[str, str]) -> None:
    async with opened() as place:
        assert choices(await place.booking(**said)) == []
        assert place.requests == []


async def test_a_days_bookings_are_read_once_a_minute() -> None:
    async with opened() as place:
        await place.booking(date=TODAY, time="15:00")
        assert len(place.requests) <= 4
        assert (await place.booking(date=TODAY, time="18:00")).arguments["booking_id"] == 20
        assert place.requests == []
        place.later = timedelta(seconds=61)
        await place.booking(date=TODAY, time="18:00")
        assert place.requests != []


async def test_names_of_several_arguments_are_looked_up_in_one_request() -> None:
    async with opened() as place:
        said = {"clients": [{"type": "contact", "name": name} for name in ("Иван Петров", "Emily Clark", "Иванова")]}
        resolved = await place.names({"booking_id": 14, **said}, SetBookingClients)
        assert [ref.id for ref in resolved.arguments["clients"]] == [3, 5, 1]
        assert len(place.requests) == 1


async def test_what_was_just_deleted_is_not_offered() -> None:
    async with opened(Policy(confirm=Confirm.NEVER)) as place:
        assert (await place.booking(date=TODAY, time="15:00")).arguments["booking_id"] == 14
        await place.desk.do(DeleteBooking(booking_id=14), ANNA)
        resolved = await place.booking(date=TODAY, time="15:00")
        assert choices(resolved) == []
        assert 14 not in choices(resolved, near=True)


async def test_what_one_person_looked_up_is_not_given_to_another() -> None:
    async with opened() as place:
        await place.client("Иван Петров")
        other = Actor("boris", Face.CHAT, Role.EDITOR)
        said = {"clients": [{"type": "contact", "name": "Иван Петров"}]}
        await place.names(said, SetBookingClients, other)
        assert len(place.requests) == 1


async def test_who_may_not_see_companies_finds_contacts_and_who_may_see_neither_is_told() -> None:
    said = {"clients": [{"type": "contact", "name": "Иван Петров"}]}
    async with opened(Policy(allow={"editor": AllowList(types=frozenset({"contact", "booking"}))})) as place:
        resolved = await place.names(said, SetBookingClients)
        assert resolved.arguments["clients"] == [CrmRef(type="contact", id=3)]
    async with opened(Policy(allow={"editor": AllowList(types=frozenset({"booking"}))})) as place:
        with pytest.raises(Trouble) as refused:
            await place.names(said, SetBookingClients)
        assert refused.value.failure.code == people_errors.NOT_ALLOWED.code


async def test_where_more_have_the_name_than_were_looked_at_the_only_one_seen_is_asked_about(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("linkdesk.lookup.crm_items.MAX_FOUND", 1)
    async with opened() as place:
        # Newest first: Мария Петрова hides Иван Петров, who was meant.
        assert choices(await place.client("Петрова")) == [CrmRef(type="contact", id=4)]


async def test_everything_that_the_corpus_describes_is_looked_up() -> None:
    tools = {method.name(): method for method in TOOLS}
    rows = [
        json.loads(line)["expect"]
        for path in CORPUS.glob("*.jsonl")
        for line in path.read_text(encoding="utf-8").splitlines()
    ]
    looked_up = 0
    async with opened() as place:
        for row in rows:
            values = row.get("arguments", {}).values()
            parts = [part for value in values for part in (value if isinstance(value, list) else [value])]
            without_id = sum(isinstance(part, dict) and "id" not in part for part in parts)
            if without_id:
                resolved = await place.names(row["arguments"], tools[row["tool"]])
                assert len(resolved.found) + len(resolved.unresolved) == without_id, row
                looked_up += 1
    assert looked_up > 30
