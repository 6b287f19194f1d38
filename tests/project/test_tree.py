import ast
import re
import shutil
import statistics
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.paths import ROOT
from tests.support.requirements import require

MODULES = sorted(
    module for package in ("tool_specs", "linkdesk", "server", "bot") for module in (ROOT / package).rglob("*.py")
)

TESTS = sorted((ROOT / "tests").rglob("*.py"))

IMPORTS_A_TEST = re.compile(r"^\s*(?:from|import) tests\.(?:\w+\.)*test_\w+", re.MULTILINE)

# Names that say nothing of what is inside.
EMPTY_NAMES = {"utils", "helpers", "common", "core", "manager"}

# In pieces, so that this file does not name them either.
REGISTRY_HOSTS = [
    ("pypi", "org"),
    ("pythonhosted", "org"),
    ("npmjs", "org"),
    ("npmjs", "com"),
    ("yarnpkg", "com"),
    ("deb", "debian", "org"),
    ("security", "debian", "org"),
    ("ftp", "debian", "org"),
]
REGISTRY = re.compile("|".join(r"\.".join(host) for host in REGISTRY_HOSTS), re.IGNORECASE)


def lines_of(module: Path) -> int:
    return len(module.read_text(encoding="utf-8").splitlines())


def files_of_git() -> Iterator[Path]:
    """Name the files that are in git, or would be with the next `git add`."""
    require(
        "git", (ROOT / ".git").exists() and shutil.which("git") is not None, "not a git clone: no list of its files"
    )
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, encoding="utf-8").stdout
    for name in listed.rstrip("\0").split("\0"):
        if (ROOT / name).is_file():
            yield ROOT / name


def test_no_module_and_no_test_file_is_longer_than_450_lines() -> None:
    assert [str(module.relative_to(ROOT)) for module in (*MODULES, *TESTS) if lines_of(module) > 450] == []


def test_no_test_file_is_imported_by_another() -> None:
    importing = [str(file.relative_to(ROOT)) for file in TESTS if IMPORTS_A_TEST.search(file.read_text("utf-8"))]
    assert importing == [], "move what they share to tests/support"


def test_the_median_module_is_shorter_than_150_lines() -> None:
    assert statistics.median(lines_of(module) for module in MODULES) < 150


def test_no_module_has_a_name_that_says_nothing() -> None:
    assert [
        str(module.relative_to(ROOT)) for module in MODULES if {module.stem, module.parent.name} & EMPTY_NAMES
    ] == []


def test_no_file_names_a_package_registry() -> None:
    naming = [
        f"{file.relative_to(ROOT)}: {found.group()}"
        for file in files_of_git()
        if (found := REGISTRY.search(file.read_bytes().decode(errors="ignore")))
    ]
    assert naming == []


@pytest.mark.parametrize("package", ["tool_specs", "linkdesk", "server", "bot"])
def test_no_two_public_classes_of_a_package_have_one_name(package: str) -> None:
    places: dict[str, list[str]] = {}
    for module in sorted((ROOT / package).rglob("*.py")):
        name = module.relative_to(ROOT).as_posix()
        for node in ast.parse(module.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                places.setdefault(node.name, []).append(name)
    assert {name: found for name, found in places.items() if len(found) > 1} == {}, "rename all but one of them"
