import json
import stat
from pathlib import Path

import pytest

from linkdesk.sandbox.app import Sandbox
from linkdesk.sandbox.state_file import StateFileError
from tests.support.sandbox_client import DEAL_1, call, links_of, new_sandbox, request, result, set_links


def kept(file: Path) -> Sandbox:
    return new_sandbox(file=file, secret=None)


async def test_state_and_secrets_survive_a_restart(tmp_path: Path) -> None:
    file = tmp_path / "portal.json"
    before = kept(file)
    await set_links(before, 17, DEAL_1)
    after = kept(file)
    assert await links_of(after, 17) == [DEAL_1]
    assert (after.webhook_path, after.editor_webhook_path) == (before.webhook_path, before.editor_webhook_path)
    assert after.store == before.store


async def test_applications_codes_and_tokens_survive_a_restart_and_a_used_one_stays_used(tmp_path: Path) -> None:
    file = tmp_path / "portal.json"
    before = kept(file)
    application = before.add_application(redirect="https://linkdesk.example/oauth/callback")
    keys = {"client_id": application.client_id, "client_secret": application.client_secret}
    page = await request(before, "GET", f"/oauth/authorize/?client_id={application.client_id}&user_id=2&auto=1")
    brought = {"grant_type": "authorization_code", "code": page.headers["location"].partition("code=")[2][:70]}
    granted = (await request(kept(file), "GET", "/oauth/token/", params={**brought, **keys})).json()
    after = kept(file)
    assert after.authorization.applications[application.client_id] == application
    assert after.authorization.member_id == before.authorization.member_id == granted["member_id"]
    assert (await request(after, "GET", "/oauth/token/", params={**brought, **keys})).json()["error"] == "invalid_grant"
    profile = await call(after, "profile", {"auth": granted["access_token"]}, path="/rest/")
    assert profile.json()["result"]["ID"] == "2"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


async def test_a_file_from_before_there_were_applications_is_taken_up(tmp_path: Path) -> None:
    file = tmp_path / "portal.json"
    before = kept(file)
    state = json.loads(file.read_text("utf-8"))
    del state["authorization"]
    file.write_text(json.dumps(state), "utf-8")
    assert kept(file).webhook_path == before.webhook_path


async def test_a_reset_is_kept_too(tmp_path: Path) -> None:
    file = tmp_path / "portal.json"
    before = kept(file)
    await set_links(before, 17, DEAL_1)
    await request(before, "POST", "/_sandbox/reset")
    assert await links_of(kept(file), 17) == []


async def test_reading_writes_nothing(tmp_path: Path) -> None:
    file = tmp_path / "portal.json"
    sandbox = kept(file)
    file.unlink()
    await result(sandbox, "booking.v1.booking.list")
    assert not file.exists()


def test_only_its_owner_may_read_the_file_and_no_draft_is_left(tmp_path: Path) -> None:
    file = tmp_path / "portal.json"
    kept(file)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [file]
    assert set(json.loads(file.read_text("utf-8"))["secrets"]) == {"1", "2"}


def test_a_file_that_holds_something_else_is_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "portal.json"
    file.write_text('{"mine": 1}')
    with pytest.raises(StateFileError, match=r"portal\.json is not a sandbox state file"):
        kept(file)
    assert file.read_text() == '{"mine": 1}'


def test_a_folder_that_is_missing_is_said(tmp_path: Path) -> None:
    with pytest.raises(StateFileError, match="cannot be written: No such file or directory"):
        kept(tmp_path / "nowhere" / "portal.json")
    with pytest.raises(StateFileError, match="cannot be read"):
        kept(tmp_path)
