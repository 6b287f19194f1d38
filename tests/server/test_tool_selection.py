import json
import subprocess
import sys

import pytest
from click.testing import CliRunner

from linkdesk.cli.main import linkdesk
from linkdesk.errors.base import NotConfigured
from server.tools.selection import ALL, DEFAULT_TOOLS, is_default, select_tools
from tool_specs import METHODS, TOOLS
from tool_specs.declaration.method import Effect, Toolset


def names(*toolsets: str, tools: tuple[str, ...] = (), read_only: bool = False) -> list[str]:
    return [method.name() for method in select_tools(toolsets, tools, read_only=read_only)]


def test_a_method_without_a_toolset_is_no_tool() -> None:
    assert {method.name() for method in METHODS} - {method.name() for method in TOOLS} >= {"find_duplicates"}
    with pytest.raises(NotConfigured, match="There is no tool 'find_duplicates'"):
        select_tools((), ["find_duplicates"])


def test_nothing_set_gives_the_default_set_in_the_order_of_the_registry() -> None:
    assert names() == [method.name() for method in TOOLS if is_default(method)]
    assert names()[:3] == ["list_booking_links", "set_booking_links", "unset_booking_links"]
    assert len(names("links")) == 16


def test_the_default_set_is_that_of_the_design() -> None:
    assert {
        "list_bookings",
        "get_booking",
        "list_waitlist_entries",
        "find_crm_items",
        "find_activities",
    } == DEFAULT_TOOLS


def test_all_gives_every_tool() -> None:
    assert names(ALL) == [method.name() for method in TOOLS]


def test_a_single_tool_is_offered_alone() -> None:
    assert names(tools=("list_booking_links",)) == ["list_booking_links"]


def test_a_single_tool_joins_the_toolsets_named() -> None:
    assert names("links", tools=("list_booking_links",)) == names("links")


def test_read_only_leaves_what_reads() -> None:
    assert {method.effect for method in select_tools([ALL], read_only=True)} == {Effect.READ}


def test_an_unknown_toolset_is_refused_and_the_known_ones_are_named() -> None:
    with pytest.raises(NotConfigured) as refused:
        select_tools(["link"])
    assert "There is no toolset 'link'" in refused.value.sentence.en
    assert "links" in refused.value.sentence.en
    assert "links" in refused.value.sentence.ru


def test_an_unknown_tool_is_refused_and_the_nearest_are_named() -> None:
    with pytest.raises(NotConfigured, match="list_booking_links"):
        select_tools((), ["list_booking_link"])


def test_settings_that_leave_no_tool_are_refused() -> None:
    with pytest.raises(NotConfigured, match="leave no tool"):
        select_tools((), ["set_booking_links"], read_only=True)


def test_the_command_lists_every_tool_as_json() -> None:
    done = CliRunner().invoke(linkdesk, ["tools", "--json"], catch_exceptions=False)
    assert done.exit_code == 0
    rows = json.loads(done.stdout)
    assert [row["name"] for row in rows] == names(ALL)
    assert rows[1] == {
        "name": "set_booking_links",
        "rest": "booking.v1.booking.externalData.set",
        "effect": "write",
        "toolset": "links",
        "default": True,
    }
    assert {row["toolset"] for row in rows} <= set(Toolset)
    assert {row["effect"] for row in rows} <= set(Effect)


def test_the_command_lists_one_toolset_as_a_table() -> None:
    done = CliRunner().invoke(linkdesk, ["tools", "--toolsets", "links"], catch_exceptions=False)
    lines = done.stdout.splitlines()
    assert len(lines) == 17  # and what the star means
    assert lines[0].split() == ["*", "list_booking_links", "read", "links", "booking.v1.booking.externalData.list"]


def test_the_command_refuses_an_unknown_toolset_with_a_sentence() -> None:
    done = CliRunner().invoke(linkdesk, ["tools", "--toolsets", "linkz"], catch_exceptions=False)
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr.startswith("There is no toolset 'linkz'. ")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ([], "No portal is set: put your webhook's address into LINKDESK_PORTAL"),
        (["--sandbox", "--toolsets", "linkz"], "There is no toolset 'linkz'."),
        (["--sandbox", "--tools", "list_link"], "There is no tool 'list_link'."),
        (["--sandbox", "--read-only", "--tools", "set_booking_links"], "These settings leave no tool"),
    ],
)
def test_serving_with_a_wrong_setting_says_so_before_the_protocol_starts(arguments: list[str], sentence: str) -> None:
    done = CliRunner().invoke(linkdesk, ["serve", *arguments], catch_exceptions=False)
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr.startswith(sentence)


def test_the_commands_load_neither_the_sdk_nor_the_desk_before_they_run() -> None:
    watched = "import sys, server.cli; print({'mcp', 'pydantic', 'linkdesk.desk'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", watched], check=True, capture_output=True, text=True)
    assert done.stdout == "set()\n"
