import pytest

from tests.support.requirements import require


def test_a_test_goes_on_when_what_it_needs_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LINKDESK_REQUIRE", "node spec")
    require("node", present=True, reason="no node")


def test_a_test_is_skipped_when_something_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LINKDESK_REQUIRE", "nodes spec")
    with pytest.raises(pytest.skip.Exception, match="no node here"):
        require("node", present=False, reason="no node here")


def test_a_test_fails_when_something_promised_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LINKDESK_REQUIRE", "node spec")
    with pytest.raises(pytest.fail.Exception, match="spec is required here, but: no folder"):
        require("spec", present=False, reason="no folder")


async def test_a_coroutine_test_runs_on_asyncio(anyio_backend_name: str) -> None:
    assert anyio_backend_name == "asyncio"
