"""What every test starts from: a clean environment, an empty working directory, one event loop."""

import logging
import os
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest
import structlog

# No deadline: what takes long on a busy machine is not wrong.
hypothesis.settings.register_profile("default", max_examples=50, deadline=None)
hypothesis.settings.register_profile("thorough", max_examples=1000, deadline=None)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))

# What the tests themselves are told by the environment; see CONTRIBUTING.md.
KEPT = {
    "LINKDESK_SPEC_DIR",
    "LINKDESK_INSPECTOR",
    "LINKDESK_REQUIRE",
    "LINKDESK_TEST_DATABASE",
    "LINKDESK_TEST_REDIS",
    "LINKDESK_EXAMPLES",
}


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """More workers than cores: many tests wait for a process that starts or for a lock."""
    return (os.cpu_count() or 1) + 2


@pytest.fixture(autouse=True)
def a_clean_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No setting of the developer's own, from the environment or a `.env`, reaches a test."""
    for name in list(os.environ):
        if name.upper().startswith("LINKDESK_") and name.upper() not in KEPT:
            monkeypatch.delenv(name)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.chdir(tmp_path)


@pytest.fixture(autouse=True)
def logging_as_it_was() -> Iterator[None]:
    """A test that configures logging leaves nothing behind."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    """Coroutine tests run on asyncio: python-telegram-bot knows nothing else."""
    return "asyncio"
