"""What the pages tell people to type works, and what they point to is there."""

from __future__ import annotations

import asyncio
import os
import re
import shlex
import subprocess
from asyncio.subprocess import PIPE, STDOUT
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from linkdesk.cli.main import linkdesk
from linkdesk.sandbox.app import Sandbox
from tests.support.mcp_process import LINKDESK
from tests.support.paths import ROOT
from tests.support.servers import free_socket, serving_sandbox

PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
MAPS = [ROOT / "docs" / "architecture.md", ROOT / "docs" / "language.md", ROOT / "CONTRIBUTING.md"]
EVERY_PAGE = pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
BLOCK = re.compile(r"^ *```sh\n(.*?)^ *```", re.MULTILINE | re.DOTALL)
FOLDERS = ("tool_specs", "linkdesk", "server", "bot", "tests", "benchmarks", "docs", "bundle", ".ci")
OFFLINE = ("cp ", "echo ", ".venv/bin/linkdesk doctor", ".venv/bin/linkdesk explain", ".venv/bin/linkdesk history")


def shell_lines(page: Path) -> Iterator[str]:
    for block in BLOCK.findall(page.read_text(encoding="utf-8")):
        yield from (line.strip() for line in block.splitlines() if line.strip() and not line.strip().startswith("#"))


@EVERY_PAGE
def test_every_command_on_a_page_exists_with_its_options(page: Path) -> None:
    context = click.Context(linkdesk)
    for line in shell_lines(page):
        if line.startswith(("docker ", "git ")):
            continue
        for words in re.findall(r"(?:^|[\s(/])linkdesk((?: +[^\s)`\"]+)+)", line):
            name, *options = shlex.split(words, comments=True)
            command = linkdesk.get_command(context, name)
            assert command is not None, f"{line}: there is no command {name}"
            if isinstance(command, click.Group):
                assert options[0] in command.commands, line
            else:
                command.make_parser(click.Context(command)).parse_args(options)


@EVERY_PAGE
def test_every_make_target_on_a_page_exists(page: Path) -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in re.findall(r"\bmake ([a-z]+)\b", "\n".join(shell_lines(page))):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target


@EVERY_PAGE
def test_no_setting_in_a_block_is_lost_for_want_of_an_export(page: Path) -> None:
    assert [line for line in shell_lines(page) if re.match(r"LINKDESK_\w+=\S*( *#.*)?$", line)] == []


@EVERY_PAGE
def test_every_link_to_a_file_leads_somewhere(page: Path) -> None:
    text = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    targets = [target.partition("#")[0] for target in re.findall(r"\]\(([^)\s]+)\)", text) if "://" not in target]
    assert [target for target in targets if target and not (page.parent / target).exists()] == []


@pytest.mark.parametrize("page", MAPS, ids=lambda page: page.name)
def test_every_module_that_the_maps_name_exists(page: Path) -> None:
    paths = re.findall(rf"`((?:{'|'.join(map(re.escape, FOLDERS))})/[^`\s]*)`", page.read_text(encoding="utf-8"))
    assert len(paths) > 5
    assert [path for path in paths if not any(ROOT.glob(path.rstrip("/")))] == [], "Moved or renamed? Mend the page."


@pytest.mark.parametrize("name", ["README.md", "README.ru.md"])
async def test_the_administrators_commands_work_when_pasted(name: str, tmp_path: Path) -> None:
    """Paste what needs no network and no person, in order, into the folder of a fresh clone."""
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    (tmp_path / ".venv" / "bin" / "linkdesk").symlink_to(LINKDESK)
    (tmp_path / ".env.example").write_bytes((ROOT / ".env.example").read_bytes())
    script = "\n".join(line for line in shell_lines(ROOT / name) if line.startswith(OFFLINE))
    assert "linkdesk doctor" in script
    sandbox = Sandbox(rate=None)
    async with serving_sandbox(sandbox, free_socket()) as portal:
        environment = {
            **os.environ,
            "LINKDESK_PORTAL": f"{portal}{sandbox.webhook_path}",
            "LINKDESK_DATABASE": f"sqlite:///{tmp_path}/a.sqlite3",
        }
        pasted = await asyncio.create_subprocess_exec(
            *("bash", "-euo", "pipefail", "-c", script), cwd=tmp_path, env=environment, stdout=PIPE, stderr=STDOUT
        )
        said, _ = await pasted.communicate()
    assert pasted.returncode == 0, said.decode()


@pytest.mark.parametrize("name", ["README.md", "README.ru.md"])
def test_the_chat_in_the_readme_is_what_the_program_answers(name: str) -> None:
    found = re.search(r"```text\n(.*?)```", (ROOT / name).read_text(encoding="utf-8"), re.DOTALL)
    assert found is not None
    said = "".join(line.removeprefix("> ") for line in found[1].splitlines(keepends=True) if line.startswith("> "))
    chat = subprocess.run(
        [LINKDESK, "chat", "--sandbox"], input=said, capture_output=True, encoding="utf-8", timeout=60, check=True
    )
    assert without_dates(chat.stdout) == without_dates(found[1])


def without_dates(text: str) -> str:
    """Leave out the day and time of a booking, which in the sandbox depend on today."""
    return re.sub(r"\([^()]*?[0-9]{2}:[0-9]{2}–[0-9]{2}:[0-9]{2}", "(", text)
