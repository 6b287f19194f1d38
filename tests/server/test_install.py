"""Setting Linkdesk up in an assistant: what is written, what is kept, what is refused; and the page about it."""

from __future__ import annotations

import json
import re
import stat
import tomllib
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

from linkdesk.cli.main import linkdesk
from linkdesk.errors.base import NotConfigured
from server.clients import jsonc as json_text
from server.clients import toml as toml_text
from server.clients.edit import plan_change, write
from server.clients.jsonc import UnreadableError
from server.clients.registry import BY_KEY, CLIENTS, NAME, Folders, LocalServer, RemoteServer, System
from tests.support.mcp_process import LINKDESK
from tests.support.paths import ROOT

PAGE = (ROOT / "docs" / "clients.md").read_text(encoding="utf-8")
PORTAL = "https://example.bitrix24.com/rest/1/s3cr3tplanted/"
EVERY_CLIENT = pytest.mark.parametrize("key", BY_KEY)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    found = tmp_path / "home"
    found.mkdir()
    monkeypatch.setenv("HOME", str(found))
    monkeypatch.setattr("sys.platform", "linux")
    return found


def installed(*words: str, answer: str = "", **env: str) -> Result:
    return CliRunner().invoke(linkdesk, ["install", *words], input=answer, env=env, catch_exceptions=False)


def file_of(key: str, home: Path) -> Path:
    return BY_KEY[key].path(Folders(home=home, system="linux"))


def parsed(path: Path) -> dict[str, Any]:
    text = path.read_text(encoding="utf-8")
    return tomllib.loads(text) if path.suffix == ".toml" else json_text.read(text)


@EVERY_CLIENT
def test_a_client_is_set_up_with_the_program_and_its_settings(home: Path, key: str) -> None:
    done = installed(key, "--yes", LINKDESK_PORTAL=PORTAL)
    assert done.exit_code == 0, done.output
    assert "s3cr3tplanted" not in done.output
    path = file_of(key, home)
    entry = parsed(path)[BY_KEY[key].under][NAME]
    assert (entry["command"], entry["args"], entry["env"]) == (LINKDESK, ["serve"], {"LINKDESK_PORTAL": PORTAL})
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    again = installed(key, "--yes", LINKDESK_PORTAL=PORTAL)
    assert again.output == "Already set up; nothing to change.\n"


@EVERY_CLIENT
def test_what_is_there_is_kept_and_copied_and_the_new_file_is_for_the_owner_alone(home: Path, key: str) -> None:
    path = file_of(key, home)
    path.parent.mkdir(parents=True, exist_ok=True)
    under = BY_KEY[key].under
    before = (
        f'# mine\nmodel = "x"\n\n[{under}.other]\ncommand = "other" # keep\n'
        if path.suffix == ".toml"
        else f'{{\n  // mine\n  "theme": "dark",\n  "{under}": {{"other": {{"command": "o"}}, /* keep */ }},\n}}\n'
    )
    path.write_text(before, encoding="utf-8")
    path.chmod(0o644)
    old = parsed(path)
    done = installed(key, "--yes", LINKDESK_PORTAL=PORTAL)
    assert done.exit_code == 0, done.output
    new = parsed(path)
    del new[under][NAME]
    assert new == old
    text = path.read_text(encoding="utf-8")
    assert "mine" in text
    assert "keep" in text
    backup = path.with_name(f"{path.name}.before-linkdesk")
    assert backup.read_text(encoding="utf-8") == before
    assert {stat.S_IMODE(file.stat().st_mode) for file in (path, backup)} == {0o600}
    assert [file for file in path.parent.iterdir() if file.suffix == ".tmp"] == []


def test_what_is_forbidden_here_is_forbidden_there(home: Path) -> None:
    rules = {"LINKDESK_READ_ONLY": "1", "LINKDESK_CONFIRM": "writes", "LINKDESK_ALLOW": "editor:links"}
    assert installed("cursor", "--yes", LINKDESK_PORTAL=PORTAL, **rules).exit_code == 0
    env = parsed(file_of("cursor", home))["mcpServers"][NAME]["env"]
    assert env == {"LINKDESK_PORTAL": PORTAL, **rules}


@EVERY_CLIENT
def test_who_can_be_asked_in_telegram_goes_along_and_the_bots_token_does_not(home: Path, key: str) -> None:
    asked = {"LINKDESK_EMPLOYEE": "telegram:1001", "LINKDESK_STAFF": "1001:admin"}
    more = {"LINKDESK_DATABASE": "sqlite:///x.db", "LINKDESK_TELEGRAM_TOKEN": "1234567:token-of-a-bot-0123456789"}
    done = installed(key, "--yes", LINKDESK_PORTAL=PORTAL, **asked, **more)
    assert done.exit_code == 0
    path = file_of(key, home)
    # The assistant starts the program in a folder of its own.
    database = {"LINKDESK_DATABASE": f"sqlite:///{Path.cwd()}/x.db"}
    assert parsed(path)[BY_KEY[key].under][NAME]["env"] == {"LINKDESK_PORTAL": PORTAL, **asked, **database}
    assert "token-of-a-bot" not in done.output
    assert "token-of-a-bot" not in path.read_text(encoding="utf-8")


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize("key", ["cursor", "codex"])
def test_what_is_secret_in_the_old_file_is_not_shown_either(key: str) -> None:
    assert installed(key, "--yes", LINKDESK_PORTAL=PORTAL).exit_code == 0
    done = installed(key, "--sandbox", "--yes")
    assert (done.exit_code, "s3cr3tplanted" in done.output) == (0, False)


def test_it_asks_first_and_no_means_no(home: Path) -> None:
    for answer in ("n\n", "\n"):
        done = installed("cursor", "--sandbox", answer=answer)
        assert "+" in done.output
        assert "serve" in done.output
        assert "Nothing was changed." in done.output
    assert not file_of("cursor", home).exists()
    assert "Записать эти изменения?" in installed("cursor", "--sandbox", answer="y\n", LINKDESK_LANG="ru").output
    assert parsed(file_of("cursor", home))["mcpServers"][NAME]["args"] == ["serve", "--sandbox"]


@EVERY_CLIENT
def test_a_file_that_cannot_be_read_is_left_alone(home: Path, key: str) -> None:
    path = file_of(key, home)
    path.parent.mkdir(parents=True, exist_ok=True)
    under = BY_KEY[key].under
    wrong = f"{under} = 3" if path.suffix == ".toml" else f'{{"{under}": 3}}'
    for broken in (b"{ not = [", b"\xff\xfe", wrong.encode()):
        path.write_bytes(broken)
        done = installed(key, "--yes", "--sandbox")
        assert done.exit_code == 2
        assert "the file was not changed" in done.stderr
        assert path.read_bytes() == broken


def test_a_file_that_changed_meanwhile_is_not_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "mcp.json"
    path.write_text("{}", encoding="utf-8")
    change = plan_change(BY_KEY["cursor"], path, {"command": "x"})
    path.write_text('{"theirs": 1}', encoding="utf-8")
    with pytest.raises(NotConfigured, match="has changed in the meantime"):
        write(change)
    assert path.read_text(encoding="utf-8") == '{"theirs": 1}'


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["emacs"], "Linkdesk does not support the assistant 'emacs'. Supported: claude-desktop, "),
        (["cursor"], "No portal is set"),
        (["cursor", "--http", "linkdesk"], "--http takes the server's URL"),
        (["cursor", "--http", "http://linkdesk.example.com/mcp"], "--http takes the server's URL"),
        (["cursor", "--http", "http://[::1"], "--http takes the server's URL"),
        (["cursor", "--http", "https://linkdesk.example.com:99999/mcp"], "--http takes the server's URL"),
        (
            ["claude-desktop", "--http", "https://linkdesk.example.com/mcp"],
            "Claude Desktop accepts remote servers only",
        ),
    ],
)
def test_what_cannot_be_set_up_is_refused_with_a_sentence(home: Path, words: list[str], sentence: str) -> None:
    done = installed(*words, "--yes")
    assert done.exit_code == 2
    assert done.stderr.startswith(sentence)
    assert list(home.iterdir()) == []


@pytest.mark.parametrize("given", ["https://linkdesk.example.com", " https://linkdesk.example.com/ "])
def test_an_address_without_a_path_is_that_of_the_server(home: Path, given: str) -> None:
    assert installed("cursor", "--http", given, "--yes").exit_code == 0
    assert parsed(file_of("cursor", home))["mcpServers"][NAME]["url"] == "https://linkdesk.example.com/mcp"


def test_without_a_client_all_are_listed_with_their_files(home: Path) -> None:
    lines = installed().output.splitlines()
    assert [line.split()[0] for line in lines] == list(BY_KEY)
    assert all(str(home) in line for line in lines)


@pytest.mark.parametrize("system", ["darwin", "linux", "win32"])
def test_every_system_has_its_own_folder(system: System) -> None:
    at = Folders(home=Path("/home/anna"), system=system, app_data=Path("/roaming"))
    folder = {"darwin": "/home/anna/Library/Application Support", "linux": "/home/anna/.config", "win32": "/roaming"}
    assert BY_KEY["vscode"].path(at) == Path(folder[system]) / "Code" / "User" / "mcp.json"
    assert BY_KEY["codex"].path(at) == Path("/home/anna/.codex/config.toml")


json_objects = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@given(
    data=st.dictionaries(st.text(max_size=6), json_objects, max_size=4),
    servers=st.none() | st.dictionaries(st.sampled_from([NAME, "other", 'qu"ote', "a//b"]), json_objects, max_size=3),
    indent=st.sampled_from([None, 2, "\t"]),
)
def test_an_entry_is_put_into_any_json_and_nothing_else_changes(
    data: dict[str, Any], servers: dict[str, Any] | None, indent: int | str | None
) -> None:
    data.pop("servers", None)
    before = data if servers is None else {**data, "servers": servers}
    text = json.dumps(before, indent=indent, ensure_ascii=False)
    made = json_text.with_entry(text, "servers", NAME, {"command": "x", "args": []})
    assert json.loads(made) == {**before, "servers": {**(servers or {}), NAME: {"command": "x", "args": []}}}


@pytest.mark.parametrize("text", ["[]", "3", '{"servers": []}', '{"servers": {}', '{"a": 1 "b": 2}', "{'a': 1}"])
def test_what_is_no_json_object_is_refused(text: str) -> None:
    with pytest.raises(UnreadableError):
        json_text.with_entry(text, "servers", NAME, {})


def test_every_block_of_the_page_is_what_would_be_written() -> None:
    env = {"LINKDESK_PORTAL": "https://example.bitrix24.com/rest/1/SECRET/"}
    local = LocalServer(command="/path/to/linkdesk/.venv/bin/linkdesk", args=("serve",), env=env)
    remote = RemoteServer(url="https://linkdesk.example.com/mcp", token=True)
    for client in CLIENTS:
        part = PAGE.partition(f"## {client.name}\n")[2].partition("\n## ")[0]
        assert f"linkdesk install {client.key}" in part
        blocks = re.findall(r"```(json|toml)\n(.*?)```", part, re.DOTALL)
        entries = [client.local(local), *([client.remote(remote)] if client.remote else [])]
        assert len(blocks) == len(entries)
        for (kind, block), entry in zip(blocks, entries, strict=True):
            found = tomllib.loads(block) if kind == "toml" else json.loads(block)
            assert found == {client.under: {NAME: entry}}


def test_every_command_of_the_page_is_understood(home: Path) -> None:
    commands = re.findall(r"^linkdesk install ([^#\n]+)", PAGE, re.MULTILINE)
    assert len(commands) == 4
    for command in commands:
        assert installed(*command.split(), "--yes", LINKDESK_PORTAL=PORTAL).exit_code == 0
    assert len(list(home.rglob("*.json")) + list(home.rglob("*.toml"))) == 4


def test_toml_in_any_form_is_kept() -> None:
    for text in ('[mcp_servers]\nother = { command = "o" }\n', 'mcp_servers = { other = { command = "o" } }\n', ""):
        made = tomllib.loads(toml_text.with_entry(text, "mcp_servers", NAME, {"command": "x", "args": ["a"]}))
        assert made["mcp_servers"][NAME] == {"command": "x", "args": ["a"]}
        assert ("other" in made["mcp_servers"]) is bool(text)
