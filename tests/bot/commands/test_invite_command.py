"""What `/invite` is understood to ask for."""

from __future__ import annotations

import pytest

from bot.staff.invitations import UnknownRole, role_and_name
from linkdesk.auth.policy import Role


@pytest.mark.parametrize(
    ("text", "role", "name"),
    [
        ("viewer Kate Smith", Role.VIEWER, "Kate Smith"),
        ("Kate Smith viewer", Role.VIEWER, "Kate Smith"),
        ("Катя наблюдателем", Role.VIEWER, "Катя"),
        ("ADMIN", Role.ADMIN, ""),
        ("Kate", None, "Kate"),
        ("Вера Админова", None, "Вера Админова"),
        ("", None, ""),
        ("viwer Kate", UnknownRole("viwer"), ""),
        ("Kate viewr", UnknownRole("viewr"), ""),
        ("наблюдатедь Катя", UnknownRole("наблюдатедь"), ""),
        ("viewer admin", UnknownRole("admin"), ""),
    ],
)
def test_an_invitation_gives_the_role_that_was_named_and_never_one_that_was_misspelt(
    text: str, role: Role | UnknownRole | None, name: str
) -> None:
    assert role_and_name(text) == (role, name)
