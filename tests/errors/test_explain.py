import json
import os
from pathlib import Path

import pytest
from click.testing import CliRunner

from linkdesk.cli.main import linkdesk
from linkdesk.errors.base import Changed, Refused
from linkdesk.errors.codes import linkdesk as own_errors
from linkdesk.errors.codes.booking import BOOKING
from linkdesk.errors.codes.rest import SYSTEM
from linkdesk.errors.lookup import all_entries, find_entries, nearest_code
from linkdesk.errors.lookup_text import explain, explain_for_chat
from linkdesk.errors.translate import translate
from tests.support.paths import ROOT
from tests.support.requirements import require
from tool_specs import METHODS
from tool_specs.declaration.localized import LANGUAGES, Language
from tool_specs.methods.booking_links import SetBookingLinks

LONGEST_MESSAGE = 4096


def run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(linkdesk, ["explain", *arguments])
    return result.exit_code, result.output


def test_a_code_of_ours_and_the_vendors_lead_to_the_same_words() -> None:
    status, by_vendors = run("last_binding_cannot_be_deleted")
    assert (status, run("last_binding")) == (0, (0, by_vendors))
    assert by_vendors == (
        "last_binding (Bitrix24: LAST_BINDING_CANNOT_BE_DELETED)\n"
        "This is the only binding of activity N, so it cannot be removed.\n"
        "What to do: Bind the activity to another card first: /bind activity N deal NUMBER\n"
        "Who can fix it: you\n"
        "Will retrying help: no\n"
        "Could anything have changed: no\n"
        "Returned by: delete_activity_binding\n"
    )


def test_every_meaning_of_a_code_is_told_with_the_methods_it_comes_from() -> None:
    _, told = run("1021")
    assert "booking_not_found" in told
    assert "resource_not_found" in told
    assert "list_booking_links, set_booking_links, unset_booking_links" in told


def test_the_language_is_the_one_that_is_set_or_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "What to do:" in run("1021")[1]
    assert "Что делать:" in run("1021", "--lang", "ru")[1]
    monkeypatch.setenv("LINKDESK_LANG", "ru")
    assert "Что делать:" in run("1021")[1]
    assert "What to do:" in run("1021", "--lang", "en")[1]


def test_an_unknown_code_is_answered_with_the_nearest_one() -> None:
    status, said = run("ACCES_DENID")
    assert (status, said) == (1, "Linkdesk does not know the code “ACCES_DENID”. Did you mean ACCESS_DENIED?\n")
    assert run("boking_not_found")[1].endswith("Did you mean booking_not_found?\n")
    assert run("zzzzzzzzzzzzzzzz") == (1, "Linkdesk does not know the code “zzzzzzzzzzzzzzzz”.\n")
    assert nearest_code("я" * 10_000) is None
    assert len(explain_for_chat("\x1b[2J" + "q" * 10_000, "ru")) < 200


def test_the_empty_code_of_the_vendors_can_be_asked_for() -> None:
    assert run('""') == run("")
    assert "activity_not_found" in run('""')[1]


def codes() -> set[str]:
    ours = {entry.failure.code for entry in all_entries()}
    return ours | SYSTEM.keys() | BOOKING.keys() | {code for method in METHODS for code in method.fails}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_code_is_explained_whole_and_within_a_message(language: Language) -> None:
    for code in sorted(codes() - {""}):
        told = explain(code, language)
        assert told is not None, code
        assert "{" not in told, code
        assert len(explain_for_chat(code, language)) <= LONGEST_MESSAGE, code


def test_every_entry_of_the_catalogue_can_be_found() -> None:
    known = {entry.failure for entry in all_entries()}
    assert {failure for method in METHODS for failure in method.fails.values()} <= known
    assert {*SYSTEM.values(), *BOOKING.values(), *own_errors.OWN} <= known
    for method in METHODS:
        for code, failure in method.fails.items():
            name = method.name() if method.toolset is not None else method.rest
            there = [entry for entry in find_entries(code or '""') if entry.failure == failure]
            assert any(name in entry.methods for entry in there)


def test_what_may_have_changed_something_is_what_the_codes_own_status_says() -> None:
    folder = os.environ.get("LINKDESK_SPEC_DIR", "")
    require("spec", bool(folder), "LINKDESK_SPEC_DIR names no folder of the vendor's descriptions")
    listed = json.loads((Path(folder).parent / "errors.json").read_text(encoding="utf-8"))["errors"]
    asked = SetBookingLinks.model_validate({"booking_id": 14, "links": ["deal:1"]})
    for error in listed:
        if error["group"] != "system" or not isinstance(error["status"], int):
            continue
        trouble = translate(Refused(asked.rest, status=error["status"], code=error["code"]), asked)
        meant = [entry for entry in find_entries(error["code"]) if entry.failure == trouble.failure]
        assert {entry.can_have_changed for entry in meant} == {trouble.changed is Changed.UNKNOWN}, error["code"]


def test_the_page_of_errors_has_every_code_and_message() -> None:
    page = (ROOT / "docs" / "errors.md").read_text(encoding="utf-8")
    assert [code for code in sorted(codes() - {""}) if f"`{code}`" not in page] == []
    for entry in all_entries():
        assert entry.with_placeholders(entry.failure.what).ru in page
        assert entry.with_placeholders(entry.failure.next).en in page.replace("&lt;", "<").replace("&gt;", ">")
