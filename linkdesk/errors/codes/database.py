"""Errors of Linkdesk's database; without it no change is made, since none could be recorded."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from tool_specs.declaration.failure import Failure, Who
from tool_specs.declaration.localized import Localized

STORE_BUSY: Final = Failure(
    code="store_busy",
    what=Localized(
        en="Linkdesk's database is locked by another program.",
        ru="База данных Linkdesk занята другой программой.",
    ),
    next=Localized(
        en="Try again in a minute. If it still fails, ask the administrator which program is using it.",
        ru="Повторите запрос через минуту. Если не поможет, попросите администратора выяснить, чем занята база.",
    ),
    who=Who.ADMIN,
    retryable=True,
)
STORE_FULL: Final = Failure(
    code="store_full",
    what=Localized(
        en="There is no disk space left for Linkdesk's database.",
        ru="Для базы данных Linkdesk не осталось места.",
    ),
    next=Localized(
        en="Ask the administrator to free some disk space: without the history, nothing is changed.",
        ru="Попросите администратора освободить место на диске: без журнала изменения не вносятся.",
    ),
    who=Who.ADMIN,
)
STORE_READ_ONLY: Final = Failure(
    code="store_read_only",
    what=Localized(
        en="Linkdesk's database is read-only.",
        ru="База данных Linkdesk доступна только для чтения.",
    ),
    next=Localized(
        en="Ask the administrator to let Linkdesk write to it: without the history, nothing is changed.",
        ru="Попросите администратора разрешить Linkdesk запись в базу данных: без журнала изменения не вносятся.",
    ),
    who=Who.ADMIN,
)

STORE: Final = (STORE_BUSY, STORE_FULL, STORE_READ_ONLY)
"""Every entry above, for the tests and for documentation."""

OF_SQLITE: Final[Mapping[int, Failure]] = {5: STORE_BUSY, 6: STORE_BUSY, 8: STORE_READ_ONLY, 13: STORE_FULL}
"""By SQLite's primary result code. Source: https://sqlite.org/rescode.html"""
OF_POSTGRESQL: Final[Mapping[str, Failure]] = {
    "25006": STORE_READ_ONLY,
    "42501": STORE_READ_ONLY,
    "53100": STORE_FULL,
    "55P03": STORE_BUSY,
    "40P01": STORE_BUSY,
}
"""By SQLSTATE. Source: https://www.postgresql.org/docs/current/errcodes-appendix.html"""
