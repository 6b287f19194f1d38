"""The bundle for assistants that install such files, and what the registry of MCP servers is told."""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path
from typing import Any

import pytest

from linkdesk.config.settings import Settings
from server.tools.selection import select_tools
from tests.support.mcp_messages import INITIALIZE
from tests.support.paths import ROOT

PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
URL = "https://downloads.example.com/linkdesk.mcpb"
# As uv is called by the entry; this one installs by pointing at the interpreter that has everything.
STANDS_IN_FOR_UV = f"""#!{sys.executable}
import json, os, pathlib, sys
told = pathlib.Path(os.environ["TOLD"])
told.write_text((told.read_text() if told.exists() else "") + json.dumps(sys.argv[1:]) + chr(10))
if sys.argv[1] == "venv":
    binaries = pathlib.Path(sys.argv[-1], "bin")
    binaries.mkdir(parents=True)
    (binaries / "python").symlink_to({sys.executable!r})
    # A link alone would lose the packages of the environment that it points into.
    (binaries.parent / "pyvenv.cfg").write_text(pathlib.Path({sys.prefix!r}, "pyvenv.cfg").read_text())
    (binaries.parent / "lib").symlink_to(pathlib.Path({sys.prefix!r}, "lib"))
sys.exit("no network" if "refuse" in os.environ["TOLD"] and sys.argv[1] == "pip" else 0)
"""


def built(folder: Path) -> Path:
    command = [sys.executable, "-m", "bundle.build", "--to", str(folder), "--url", URL]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    return folder / "linkdesk.mcpb"


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built(tmp_path_factory.mktemp("dist"))


@pytest.fixture(scope="module")
def manifest(bundle: Path) -> dict[str, Any]:
    with zipfile.ZipFile(bundle) as archive:
        return dict(json.loads(archive.read("manifest.json")))


@pytest.fixture
def unpacked(bundle: Path, tmp_path: Path) -> Path:
    with zipfile.ZipFile(bundle) as archive:
        archive.extractall(tmp_path / "bundle")
    return tmp_path / "bundle"


def test_the_manifest_says_what_the_format_wants_and_nothing_else(manifest: dict[str, Any]) -> None:
    assert manifest["manifest_version"] == "0.4"
    required = {"manifest_version", "name", "version", "description", "author", "server"}
    allowed = {
        "display_name",
        "license",
        "keywords",
        "tools",
        "tools_generated",
        "prompts_generated",
        "compatibility",
        "user_config",
    }
    assert required <= manifest.keys() <= required | allowed
    assert (manifest["name"], manifest["version"]) == (PROJECT["name"], PROJECT["version"])
    assert manifest["server"].keys() == {"type", "entry_point", "mcp_config"}
    assert manifest["server"]["type"] == "uv"
    assert set(manifest["compatibility"]["platforms"]) <= {"darwin", "win32", "linux"}
    assert [tool["name"] for tool in manifest["tools"]] == [tool.name() for tool in select_tools()]


def test_the_portals_address_is_asked_for_as_a_secret_and_every_answer_becomes_a_setting(
    manifest: dict[str, Any],
) -> None:
    asked = manifest["user_config"]
    assert (asked["portal"]["sensitive"], asked["portal"]["required"]) == (True, True)
    for question in asked.values():
        assert {"type", "title", "description"} <= question.keys()
        assert question["type"] in {"string", "boolean"}
    env = manifest["server"]["mcp_config"]["env"]
    assert env == {f"LINKDESK_{key.upper()}": f"${{user_config.{key}}}" for key in asked}
    assert asked.keys() <= Settings.model_fields.keys()
    assert not [argument for argument in manifest["server"]["mcp_config"]["args"] if "user_config" in argument]


def test_the_bundle_pins_every_package_by_hash_and_holds_our_own(unpacked: Path) -> None:
    lines = (unpacked / "requirements.txt").read_text(encoding="utf-8").splitlines()
    assert "\n".join(lines[:-1]) + "\n" == (ROOT / "requirements-run.lock").read_text(encoding="utf-8")
    found = re.fullmatch(r"\./(linkdesk-[\d.]+-py3-none-any\.whl) --hash=sha256:([0-9a-f]{64})", lines[-1])
    assert found is not None
    assert hashlib.sha256((unpacked / found[1]).read_bytes()).hexdigest() == found[2]
    assert tomllib.loads((unpacked / "pyproject.toml").read_text())["project"]["requires-python"] == ">=3.11"
    assert {entry.name for entry in unpacked.iterdir()} == {
        "LICENSE",
        "main.py",
        "manifest.json",
        "pyproject.toml",
        "requirements.txt",
        found[1],
    }


def test_two_builds_of_one_tree_are_the_same_file(bundle: Path, tmp_path: Path) -> None:
    assert built(tmp_path / "again").read_bytes() == bundle.read_bytes()


def test_the_registry_is_told_where_the_bundle_is_and_what_it_hashes_to(bundle: Path) -> None:
    told = json.loads(bundle.with_name("server.json").read_text(encoding="utf-8"))
    (package,) = told["packages"]
    assert (package["registryType"], package["identifier"]) == ("mcpb", URL)
    assert package["fileSha256"] == hashlib.sha256(bundle.read_bytes()).hexdigest()
    assert package["transport"] == {"type": "stdio"}
    assert {key: told[key] for key in told if key != "packages"} == json.loads((ROOT / "server.json").read_text())


def test_what_the_registry_is_told_keeps_to_its_rules() -> None:
    told = json.loads((ROOT / "server.json").read_text(encoding="utf-8"))
    assert re.fullmatch(r"[a-zA-Z0-9.-]+/[a-zA-Z0-9._-]+", told["name"])
    assert 1 <= len(told["description"]) <= 100
    assert 1 <= len(told["title"]) <= 100
    assert told["version"] == PROJECT["version"]
    (remote,) = told["remotes"]
    assert remote["type"] == "streamable-http"
    assert set(re.findall(r"{(\w+)}", remote["url"])) == remote["variables"].keys()


def entered(unpacked: Path, told: Path, lines: str = "", **env: str) -> subprocess.CompletedProcess[str]:
    uv = told.with_name("uv")
    uv.write_text(STANDS_IN_FOR_UV)
    uv.chmod(0o755)
    return subprocess.run(
        [sys.executable, str(unpacked / "main.py")],
        input=lines,
        env={**os.environ, "UV": str(uv), "TOLD": str(told), **env},
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )


def test_the_entry_installs_once_by_hash_and_serves(unpacked: Path, tmp_path: Path) -> None:
    told = tmp_path / "told"
    hello = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": INITIALIZE}) + "\n"
    # Settings that nobody filled in come as nothing, or as they stand in the manifest.
    env = {
        "LINKDESK_PORTAL": "http://127.0.0.1:1/rest/1/secretsecret/",
        "LINKDESK_TOOLSETS": "",
        "LINKDESK_TIMEZONE": "${user_config.timezone}",
    }
    done = entered(unpacked, told, hello, **env)
    assert json.loads(done.stdout)["result"]["serverInfo"]["name"] == "linkdesk", done.stderr
    venv, sync = (json.loads(line) for line in told.read_text().splitlines())
    assert (venv[0], venv[-1]) == ("venv", str(unpacked / "runtime"))
    assert sync[:2] == ["pip", "sync"]
    assert "--require-hashes" in sync
    again = entered(unpacked, told, LINKDESK_PORTAL="${user_config.portal}")
    assert "No portal is set" in again.stderr
    assert len(told.read_text().splitlines()) == 2


def test_what_could_not_be_installed_is_not_served_and_tried_again(unpacked: Path, tmp_path: Path) -> None:
    done = entered(unpacked, tmp_path / "refuse")
    assert (done.returncode, done.stdout) == (1, "")
    assert "Linkdesk could not be installed" in done.stderr
    assert not (unpacked / "runtime" / "installed").exists()
