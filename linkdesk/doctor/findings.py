"""What a check found: one line each, and what to do where something is wrong. Pure."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from linkdesk.auth.policy import Confirm
from linkdesk.config.settings import Settings
from tool_specs import TOOLS
from tool_specs.declaration.localized import Language, Localized


class CheckState(StrEnum):
    """How a check went."""

    FINE = "ok"
    NOTICE = "note"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the doctor's: what was looked at, what there is, and what to do."""

    state: CheckState
    subject: Localized
    result: Localized
    advice: Localized | None = None

    def render(self, language: Language) -> str:
        """Give the line in one language."""
        said = f"{MARKS[self.state]} {self.subject.to(language)}: {self.result.to(language)}"
        return said if self.advice is None else f"{said} {self.advice.to(language)}"


MARKS: Final = {CheckState.FINE: "ok   ", CheckState.NOTICE: "note ", CheckState.WRONG: "WRONG"}

SETTINGS: Final = Localized(en="settings", ru="настройки")
PORTAL: Final = Localized(en="portal", ru="портал")
PERMISSIONS: Final = Localized(en="permissions", ru="права")
STORE: Final = Localized(en="database", ru="база данных")
REDIS: Final = Localized(en="Redis", ru="сервер Redis")
TELEGRAM: Final = Localized(en="Telegram", ru="бот Telegram")
MODEL: Final = Localized(en="model", ru="модель")
NEWS: Final = Localized(en="news of bookings", ru="новости о бронированиях")
STAFF: Final = Localized(en="staff", ru="сотрудники")
CONSENT: Final = Localized(en="confirmation", ru="подтверждение")
ZONE: Final = Localized(en="time zone", ru="часовой пояс")

NEEDED: Final = ("booking", "crm", "user")
"""The permissions that the tools need, all of them together."""
MAX_TOOLS_NAMED: Final = 6


def check_settings(settings: Settings) -> list[Finding]:
    """Say what follows from the settings alone."""
    zone = settings.zone()
    found = [Finding(CheckState.FINE, ZONE, Localized(en=f"{zone}.", ru=f"{zone}."))]
    if settings.confirm is Confirm.NEVER:
        found.append(
            Finding(
                CheckState.NOTICE,
                CONSENT,
                Localized(
                    en="nothing asks before it removes, for assistants too (LINKDESK_CONFIRM=never).",
                    ru="ничто не спрашивает перед удалением, и у ассистентов тоже (LINKDESK_CONFIRM=never).",
                ),
            ),
        )
    if settings.telegram_token is not None and not settings.staff:
        found.append(
            Finding(
                CheckState.WRONG,
                STAFF,
                Localized(en="nobody is listed, so the bot answers nobody.", ru="список пуст, бот никому не ответит."),
                Localized(
                    en="Put Telegram ids with roles into LINKDESK_STAFF, such as 1001:admin.",
                    ru="Впишите номера в Telegram с ролями в LINKDESK_STAFF, например 1001:admin.",
                ),
            ),
        )
    return found


def check_scopes(scopes: Collection[str]) -> Finding:
    """Say which permissions are missing, and which tools they cost."""
    missing = [scope for scope in NEEDED if scope not in scopes]
    if not missing:
        names = ", ".join(NEEDED)
        return Finding(CheckState.FINE, PERMISSIONS, Localized(en=f"{names}.", ru=f"{names}."))
    lost = [tool.name() for tool in TOOLS if tool.scope in missing]
    names = ", ".join(missing)
    cost = _some(lost)
    state = CheckState.WRONG if lost else CheckState.NOTICE
    return Finding(
        state,
        PERMISSIONS,
        Localized(
            en=f"{names} missing; this costs {cost.en}.",
            ru=f"нет: {names}; без этого не работает {cost.ru}.",
        ),
        Localized(
            en="A portal administrator ticks them in the webhook's or the application's settings.",
            ru="Администратор портала отмечает их в настройках вебхука или приложения.",
        ),
    )


def _some(names: Sequence[str]) -> Localized:
    if not names:
        return Localized(en="no tool, only names of employees", ru="ничего, кроме имён сотрудников")
    shown, more = ", ".join(names[:MAX_TOOLS_NAMED]), len(names) - MAX_TOOLS_NAMED
    if more <= 0:
        return Localized(en=shown, ru=shown)
    return Localized(en=f"{shown} and {more} more tools", ru=f"{shown} и ещё {more}")


def has_errors(findings: Sequence[Finding]) -> bool:
    """Tell whether anything is wrong."""
    return any(finding.state is CheckState.WRONG for finding in findings)
