"""The command `linkdesk parse`."""

from __future__ import annotations

import json
from typing import Any

import pytest
from click.testing import CliRunner

from linkdesk.cli.main import linkdesk

NOW = "2026-11-20T12:00:00+03:00"


def run(*arguments: str, given: str = "", zone: str = "Europe/Moscow") -> list[dict[str, object]]:
    environment = {"LINKDESK_TIMEZONE": zone}
    result = CliRunner().invoke(linkdesk, ["parse", *arguments], input=given, env=environment)
    assert result.exit_code == 0
    return [json.loads(line) for line in result.stdout.splitlines()]


def link(booking: int, deal: int) -> dict[str, Any]:
    arguments = {"booking_id": booking, "links": [{"type": "deal", "id": deal}]}
    return {"tool": "set_booking_links", "arguments": arguments, "missing": []}


def test_a_sentence_becomes_a_line_of_json() -> None:
    assert run("--now", NOW, "link", "deal", "8", "to", "booking", "21") == [
        {
            "text": "link deal 8 to booking 21",
            **link(21, 8),
            "question": None,
            "grade": "run",
            "proposals": [link(21, 8)],
            "also": [],
        }
    ]


def test_further_orders_stand_beside_the_first_and_wait_for_a_tap() -> None:
    (row,) = run("link deal 5 to booking 15 and deal 6 to booking 16")
    assert row == {
        "text": "link deal 5 to booking 15 and deal 6 to booking 16",
        **link(15, 5),
        "question": None,
        "grade": "card",
        "proposals": [link(15, 5)],
        "also": [link(16, 6)],
    }


def test_a_choice_names_no_tool_and_proposes_several() -> None:
    (row,) = run("Bin booking 17")
    assert (row["grade"], row["tool"], row["arguments"], row["missing"]) == ("choice", None, {}, [])
    proposals: Any = row["proposals"]
    assert {"get_booking", "delete_booking"} <= {one["tool"] for one in proposals}
    assert "booking 17" in str(row["question"])


@pytest.mark.parametrize("text", ["don't link deal 1 to booking 14", "/help", "thanks!"])
def test_what_is_no_order_is_graded_none(text: str) -> None:
    (row,) = run(text)
    assert (row["grade"], row["tool"], row["proposals"], row["also"]) == ("none", None, [], [])


def test_lines_of_standard_input_are_answered_line_by_line_whatever_they_are() -> None:
    rows = run(given="waitlist\n\nпривяжи сделку 8\n/help\n\x00\n")
    assert [row["tool"] for row in rows] == ["list_waitlist_entries", None, "set_booking_links", None, None]
    assert (rows[2]["missing"], "бронирование" in str(rows[2]["question"])) == (["booking_id"], True)


@pytest.mark.parametrize(
    ("text", "tool", "arguments", "missing"),
    [
        ("/link booking 21 deal 8", "set_booking_links", {"booking_id": 21, "links": [{"type": "deal", "id": 8}]}, []),
        (
            "/связать бронь 21 сделка 8",
            "set_booking_links",
            {"booking_id": 21, "links": [{"type": "deal", "id": 8}]},
            [],
        ),
        ("/link booking 21", "set_booking_links", {"booking_id": 21}, ["links"]),
        ("/link bookings 14, 15 deal 1", "set_booking_links", {"links": [{"type": "deal", "id": 1}]}, ["booking_id"]),
        ("/note waitlist 4 call", "update_waitlist_entry", {"waitlist_id": 4, "note": "call"}, []),
        ("/link booking 21 urgently", "set_booking_links", {"booking_id": 21}, ["links"]),
        ("/nonsense", None, {}, []),
    ],
)
def test_slash_commands_go_by_their_own_grammar(
    text: str, tool: str | None, arguments: dict[str, object], missing: list[str]
) -> None:
    row = run("--now", NOW, text)[0]
    assert (row["tool"], row["arguments"], row["missing"]) == (tool, arguments, missing)


@pytest.mark.parametrize(
    ("now", "zone", "day"),
    [
        ("2026-11-20T23:30:00", "Europe/Moscow", "2026-11-20"),
        ("2026-11-20T23:30:00+03:00", "Asia/Tokyo", "2026-11-21"),
        ("2026-11-20T01:30:00Z", "America/New_York", "2026-11-19"),
    ],
)
def test_days_are_those_of_the_business(now: str, zone: str, day: str) -> None:
    assert run("--now", now, "bookings for today", zone=zone)[0]["arguments"] == {"date_from": day, "date_to": day}


def test_a_time_that_is_none_is_named() -> None:
    result = CliRunner().invoke(linkdesk, ["parse", "--now", "noon", "waitlist"])
    assert (result.exit_code, "noon" in result.stderr) == (2, True)
