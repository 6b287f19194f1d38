"""What a person may do: every tool, both ways, by role, by allow list and by chat, before anything is read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from linkdesk.auth.allowlist import ALL, NOT_CRM, TYPE_NAMES, AllowList, parse_allow_lists, record_types_of
from linkdesk.auth.policy import Actor, Face, Policy, Role
from linkdesk.config.settings import load_settings
from linkdesk.errors.base import NotConfigured, Trouble
from linkdesk.errors.codes import linkdesk as own_errors
from linkdesk.errors.codes import staff as people_errors
from tests.support.documented_requests import REQUESTS
from tests.support.sandbox_env import open_sandbox_env
from tool_specs import METHODS, TOOLS
from tool_specs.declaration.method import Effect, Method, Toolset
from tool_specs.methods.booking import GetBooking
from tool_specs.methods.booking_links import ListBookingLinks, SetBookingLinks
from tool_specs.methods.crm_item import FindCrmItems
from tool_specs.methods.resource_type import AddResourceType
from tool_specs.recipes.changes_and_plans import ListChanges, Recipe, UndoChange, Whoami

RECIPES: Mapping[str, dict[str, Any]] = {
    "link_bookings": {"booking_ids": [14, 15], "links": ["deal:1"]},
    "move_deal_links": {"source": "deal:1", "target": "deal:2"},
    **{key: {"plan_id": "0123456789"} for key in ("get_plan", "apply_plan", "cancel_plan")},
}
WITHOUT_TARGET = {"whoami", "list_changes", "undo_change", "list_crm_types", "get_plan", "apply_plan", "cancel_plan"}
"""Requests that name no record of one kind."""


def asked(method: type[Method[Any]]) -> Method[Any]:
    """Make a request as the vendor's page has it."""
    given = RECIPES.get(method.name(), {}) if issubclass(method, Recipe) else REQUESTS[method.rest][0]
    return method.model_validate(given)


def actor(role: Role = Role.EDITOR, *, who: str = "", within: frozenset[Toolset] | None = None) -> Actor:
    return Actor("Anna", Face.TELEGRAM, role, who, toolsets=within)


def refusal(policy: Policy, method: Method[Any], by: Actor) -> str | None:
    try:
        policy.check(method, by)
    except Trouble as trouble:
        refused = trouble
    else:
        return None
    assert refused.what.en != refused.what.ru
    assert "{" not in refused.what.en + refused.what.ru
    return refused.failure.code


def lists(text: str) -> Mapping[str, AllowList]:
    read = parse_allow_lists(text)
    assert read is not None
    return read


every_tool = pytest.mark.parametrize("method", TOOLS, ids=lambda method: method.name())


@every_tool
def test_without_lists_a_viewer_reads_and_everybody_else_writes_too(method: type[Method[Any]]) -> None:
    request, reads = asked(method), method.effect is Effect.READ
    assert refusal(Policy(), request, actor(Role.VIEWER)) == (None if reads else "role_not_enough")
    assert refusal(Policy(), request, actor(Role.EDITOR)) is None
    assert refusal(Policy(), request, actor(Role.ADMIN)) is None


@every_tool
def test_read_only_lets_everybody_read_and_nobody_write(method: type[Method[Any]]) -> None:
    expected = None if method.effect is Effect.READ else "read_only"
    assert [refusal(Policy(read_only=True), asked(method), actor(role)) for role in Role] == [expected] * 3


@every_tool
def test_a_toolset_is_allowed_or_it_is_not(method: type[Method[Any]]) -> None:
    toolset = method.toolset
    assert toolset is not None
    others = "+".join(name for name in Toolset if name is not toolset)
    assert refusal(Policy(allow=lists(f"editor:{toolset}")), asked(method), actor()) is None
    assert refusal(Policy(allow=lists(f"editor:{others}")), asked(method), actor()) == "not_allowed"


@every_tool
def test_a_chat_limits_even_administrators(method: type[Method[Any]]) -> None:
    here = frozenset({method.toolset or Toolset.LINKS})
    elsewhere = frozenset(Toolset) - here
    assert refusal(Policy(), asked(method), actor(Role.ADMIN, within=here)) is None
    assert refusal(Policy(), asked(method), actor(Role.ADMIN, within=elsewhere)) == "not_allowed_here"


@every_tool
def test_a_kind_of_record_is_allowed_or_it_is_not(method: type[Method[Any]]) -> None:
    request = asked(method)
    types = record_types_of(request)
    assert bool(types) is (method.name() not in WITHOUT_TARGET)
    assert types <= set(TYPE_NAMES)
    allowed = Policy(allow=lists(f"editor:all@{'+'.join(types) or 'booking'}"))
    assert refusal(allowed, request, actor()) is None
    for kind in types:
        others = "+".join(set(TYPE_NAMES) - {kind, "crm"})
        assert refusal(Policy(allow=lists(f"editor:all@{others}")), request, actor()) == "not_allowed"
        if kind not in NOT_CRM:
            cards = Policy(allow=lists(f"editor:all@{'+'.join([*NOT_CRM, 'crm'])}"))
            assert refusal(cards, request, actor()) is None


@every_tool
def test_whoever_no_list_names_may_nothing_but_administrators_everything(method: type[Method[Any]]) -> None:
    policy = Policy(allow=lists("kate:all"))
    assert refusal(policy, asked(method), actor(Role.VIEWER)) == "not_allowed"
    assert refusal(policy, asked(method), actor(Role.EDITOR)) == "not_allowed"
    assert refusal(policy, asked(method), actor(Role.EDITOR, who="kate")) is None
    assert refusal(policy, asked(method), actor(Role.ADMIN)) is None


def test_what_is_no_tool_is_never_on_a_list() -> None:
    inner = [method for method in METHODS if method.toolset is None]
    assert inner
    for method in inner:
        assert refusal(Policy(allow=lists("editor:links+crm")), asked(method), actor()) == "not_allowed"


def test_a_persons_own_list_goes_before_that_of_their_role() -> None:
    policy = Policy(allow=lists("editor:links,telegram:1002:bookings,admin:crm"))
    assert refusal(policy, GetBooking(booking_id=14), actor(who="telegram:1002")) is None
    assert refusal(policy, ListBookingLinks(booking_id=14), actor(who="telegram:1002")) == "not_allowed"
    assert refusal(policy, ListBookingLinks(booking_id=14), actor(who="telegram:1003")) is None
    assert refusal(policy, ListBookingLinks(booking_id=14), actor(Role.ADMIN)) == "not_allowed"


def test_a_list_gives_nobody_more_than_their_role() -> None:
    policy = Policy(allow=lists("viewer:all"))
    assert refusal(policy, asked(AddResourceType), actor(Role.VIEWER)) == "role_not_enough"


def test_a_smart_process_goes_by_its_number() -> None:
    request = FindCrmItems.model_validate({"type": "128", "text": "x"})
    assert refusal(Policy(allow=lists("editor:crm@128")), request, actor()) is None
    assert refusal(Policy(allow=lists("editor:crm@deal")), request, actor()) == "not_allowed"


def test_the_sentence_names_what_is_not_allowed() -> None:
    with pytest.raises(Trouble) as trouble:
        Policy(allow=lists("editor:links@booking")).check(asked(SetBookingLinks), actor())
    assert trouble.value.what.en == "You are not allowed to use this in Linkdesk: deal."
    assert trouble.value.what.ru == "В Linkdesk вам это не разрешено: сделка."


async def test_what_is_not_allowed_is_refused_before_anything_is_read() -> None:
    async with open_sandbox_env(Policy(allow=lists("viewer:links"))) as env:
        with pytest.raises(Trouble) as trouble:
            await env.desk.do(asked(SetBookingLinks), actor())
        assert trouble.value.failure is people_errors.NOT_ALLOWED
        assert env.sandbox.calls == []


async def test_changes_of_other_kinds_of_records_are_neither_shown_nor_undone() -> None:
    link = SetBookingLinks.model_validate({"booking_id": 14, "links": ["deal:1"]})
    policy = Policy(allow=lists("editor:all@waitlist+crm,telegram:1002:all"))
    async with open_sandbox_env(policy) as env:
        done: Any = await env.desk.do(link, actor(who="telegram:1002"))
        seen: Any = await env.desk.do(ListChanges(), actor(who="telegram:1002"))
        assert [change.change_id for change in seen.shown.changes] == [done.change_id]
        hidden: Any = await env.desk.do(ListChanges(), actor(who="telegram:1003"))
        assert hidden.shown.changes == []
        with pytest.raises(Trouble) as trouble:
            await env.desk.do(UndoChange(change_id=done.change_id), actor(who="telegram:1003"))
        assert trouble.value.failure in {people_errors.NOT_ALLOWED, own_errors.NOT_YOUR_CHANGE}
        limited = Policy(allow=lists("telegram:1002:all@waitlist"))
        with pytest.raises(Trouble):
            limited.check_type("booking", actor(who="telegram:1002"))
        assert await env.deals(14) == [7, 1]


@pytest.mark.parametrize(
    "wrong",
    ["viewer", "viewer:", ":links", "viewer:nope", "viewer:links@", "viewer:links@nope", "a:links,a:crm", "a:links+"],
)
def test_a_list_that_cannot_be_read_is_refused_with_a_sentence(monkeypatch: pytest.MonkeyPatch, wrong: str) -> None:
    monkeypatch.setenv("LINKDESK_ALLOW", wrong)
    with pytest.raises(NotConfigured) as refused:
        load_settings()
    assert "LINKDESK_ALLOW" in refused.value.sentence.en
    assert "viewer:links+bookings" in refused.value.sentence.ru


def test_the_lists_are_part_of_the_policy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LINKDESK_ALLOW", f"viewer:links+bookings, editor:{ALL}")
    policy = load_settings().policy()
    assert refusal(policy, ListBookingLinks(booking_id=14), actor(Role.VIEWER)) is None
    assert refusal(policy, Whoami(), actor(Role.VIEWER)) == "not_allowed"
    assert refusal(policy, Whoami(), actor()) is None


async def test_a_read_only_desk_reads_everything_and_sends_no_write_of_any_tool() -> None:
    async with open_sandbox_env(Policy(read_only=True), rate=None) as env:
        came: dict[str, str] = {}
        for method in TOOLS:
            await env.forget_calls()
            try:
                await env.desk.do(asked(method), actor(Role.ADMIN))
                came[method.name()] = "done"
            except Trouble as trouble:
                came[method.name()] = trouble.failure.code
            # What is refused for writing is refused before anything is asked of the portal.
            assert method.effect is Effect.READ or not env.sandbox.calls, method.name()
            assert await env.written() == []
        refused = {name for name, code in came.items() if code == "read_only"}
    assert refused == {method.name() for method in TOOLS if method.effect is not Effect.READ}
    assert {"list_bookings", "list_booking_links", "find_crm_items", "whoami"} <= {
        name for name, code in came.items() if code == "done"
    }
