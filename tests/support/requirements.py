"""Requirements of tests: a test is skipped if one is missing, or fails if it was declared present."""

import os

import pytest


def require(name: str, present: bool, reason: str) -> None:
    """Skip the test when something it needs is missing.

    Where `LINKDESK_REQUIRE` names it (names are separated by spaces), as in `.ci/run`, the test fails instead.

    Args:
        name: What is needed, in one word: "node", "spec".
        present: Whether it is there.
        reason: What is missing and how to get it, for the report.
    """
    if present:
        return
    if name in os.environ.get("LINKDESK_REQUIRE", "").split():
        pytest.fail(f"{name} is required here, but: {reason}", pytrace=False)
    pytest.skip(reason)
