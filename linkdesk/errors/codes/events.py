"""Errors of booking notifications."""

from __future__ import annotations

from typing import Final

from tool_specs.declaration.failure import Failure, Who
from tool_specs.declaration.localized import Localized

NEWS_NOT_KEPT: Final = Failure(
    code="news_not_kept",
    what=Localized(
        en="Booking notifications cannot be stored. {reason}",
        ru="Уведомления о бронированиях не удаётся сохранять. {reason}",
    ),
    next=Localized(
        en="Ask the administrator to check the database.",
        ru="Попросите администратора проверить базу данных.",
    ),
    who=Who.ADMIN,
)
"""Needs `reason`."""

NEWS: Final[tuple[Failure, ...]] = (NEWS_NOT_KEPT,)
"""Every entry above, for the tests and for documentation."""
