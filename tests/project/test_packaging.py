import configparser
import re
import subprocess
import sys
import zipfile

import pytest

from tests.support.paths import ROOT

PACKAGES = {"tool_specs", "linkdesk", "server", "bot"}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.Path:
    """Build the wheel with the installed hatchling; nothing is fetched."""
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    (built,) = folder.glob("*.whl")
    return zipfile.Path(built)


def metadata(wheel: zipfile.Path, name: str) -> str:
    (folder,) = (entry for entry in wheel.iterdir() if entry.name.endswith(".dist-info"))
    return (folder / name).read_text(encoding="utf-8")


def test_the_wheel_holds_the_four_packages_and_nothing_else(wheel: zipfile.Path) -> None:
    assert {entry.name for entry in wheel.iterdir()} == PACKAGES | {"linkdesk-0.1.0.dist-info"}


@pytest.mark.parametrize("package", sorted(PACKAGES))
def test_the_wheel_says_that_its_packages_are_typed(wheel: zipfile.Path, package: str) -> None:
    assert (wheel / package / "py.typed").exists()


def test_the_wheel_holds_every_module(wheel: zipfile.Path) -> None:
    modules = {module.relative_to(ROOT).as_posix() for package in PACKAGES for module in (ROOT / package).rglob("*.py")}
    assert modules == {name for name in wheel.root.namelist() if name.endswith(".py")}


def test_the_console_script_and_the_commands_are_declared(wheel: zipfile.Path) -> None:
    declared = configparser.ConfigParser()
    declared.read_string(metadata(wheel, "entry_points.txt"))
    assert dict(declared["console_scripts"]) == {"linkdesk": "linkdesk.cli.main:main"}
    assert dict(declared["linkdesk.commands"]) == {
        "bot": "bot.cli:bot",
        "chat": "bot.cli:chat",
        "doctor": "linkdesk.cli.doctor:doctor",
        "explain": "linkdesk.cli.explain:explain",
        "history": "linkdesk.cli.database:history",
        "install": "server.clients.cli:install",
        "key": "linkdesk.cli.database:key",
        "parse": "bot.cli:parse",
        "sandbox": "linkdesk.cli.sandbox:sandbox",
        "serve": "server.cli:serve",
        "signin": "linkdesk.cli.signin:signin",
        "signout": "linkdesk.cli.signin:signout",
        "token": "linkdesk.cli.database:token",
        "tools": "server.cli:tools",
    }


def test_no_registry_would_take_the_wheel(wheel: zipfile.Path) -> None:
    assert "Classifier: Private :: Do Not Upload" in metadata(wheel, "METADATA").splitlines()


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-run.lock"])
def test_a_lock_file_names_versions_and_hashes_and_no_host(name: str) -> None:
    line = re.compile(r"[\w.-]+(\[[\w,-]+\])?==[\w.+]+( ; [\w\s.()<>=!']+)? \\|    --hash=sha256:[0-9a-f]{64}( \\)?")
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    assert [text for text in lines if not line.fullmatch(text)] == []


def pins(name: str) -> dict[str, str]:
    text = (ROOT / name).read_text(encoding="utf-8")
    return dict(re.findall(r"^([\w.-]+)==([\w.+]+)", text, flags=re.MULTILINE))


def test_the_image_gets_the_versions_that_were_tested() -> None:
    assert pins("requirements-run.lock").items() <= pins("requirements.lock").items()


def test_the_c_parser_of_uvicorn_stays_out() -> None:
    assert "httptools" not in pins("requirements.lock")
