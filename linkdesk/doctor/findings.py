"""The findings of the doctor's checks. Pure."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from linkdesk.auth.policy import Confirm
from linkdesk.config.settings import Settings
from tool_specs import TOOLS
from tool_specs.declaration.localized import Language, Localized, same_in_both


class CheckState(StrEnum):
    """The outcome of a check."""

    FINE = "ok"
    NOTICE = "note"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the report: subject, result and advice."""

    state: CheckState
    subject: Localized
    result: Localized
    advice: Localized | None = None

    def render(self, language: Language) -> str:
        """Render the line in one language."""
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
NEWS: Final = Localized(en="booking notifications", ru="уведомления о бронированиях")
STAFF: Final = Localized(en="staff", ru="сотрудники")
CONSENT: Final = Localized(en="confirmation", ru="подтверждение")
ZONE: Final = Localized(en="time zone", ru="часовой пояс")

NEEDED: Final = ("booking", "crm", "user")
"""The permissions that the tools need, all of them together."""
MAX_TOOLS_NAMED: Final = 6


def check_settings(settings: Settings) -> list[Finding]:
    """Check the settings that need no connection."""
    zone = settings.zone()
    found = [Finding(CheckState.FINE, ZONE, Localized(en=f"{zone}.", ru=f"{zone}."))]
    if settings.confirm is Confirm.NEVER:
        found.append(
            Finding(
                CheckState.NOTICE,
                CONSENT,
                Localized(
                    en="nothing is confirmed before it is deleted, for assistants too (LINKDESK_CONFIRM=never).",
                    ru="удаление не требует подтверждения, в том числе у ассистентов (LINKDESK_CONFIRM=never).",
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
                    en="Add Telegram ids with roles to LINKDESK_STAFF, such as 1001:admin.",
                    ru="Впишите номера в Telegram с ролями в LINKDESK_STAFF, например 1001:admin.",
                ),
            ),
        )
    return found


def check_scopes(scopes: Collection[str]) -> Finding:
    """Report which permissions are missing, and which tools do not work without them."""
    missing = [scope for scope in NEEDED if scope not in scopes]
    if not missing:
        names = ", ".join(NEEDED)
        return Finding(CheckState.FINE, PERMISSIONS, Localized(en=f"{names}.", ru=f"{names}."))
    lost = [tool.name() for tool in TOOLS if tool.scope in missing]
    names = ", ".join(missing)
    if lost:
        cost = _tool_list(lost)
        found = Localized(
            en=f"missing {names}. These tools won't work: {cost.en}.",
            ru=f"нет прав: {names}. Не будут работать: {cost.ru}.",
        )
    else:
        found = Localized(
            en=f"missing {names}. All tools work, but names of employees are not shown.",
            ru=f"нет прав: {names}. Все инструменты работают, но имена сотрудников не показываются.",
        )
    return Finding(
        CheckState.WRONG if lost else CheckState.NOTICE,
        PERMISSIONS,
        found,
        Localized(
            en="Ask a portal administrator to tick them in the settings of the webhook or application.",
            ru="Попросите администратора портала отметить их в настройках вебхука или приложения.",
        ),
    )


def _tool_list(names: Sequence[str]) -> Localized:
    shown, more = ", ".join(names[:MAX_TOOLS_NAMED]), len(names) - MAX_TOOLS_NAMED
    if more <= 0:
        return same_in_both(shown)
    return Localized(en=f"{shown} and {more} more", ru=f"{shown} и ещё {more}")


def has_errors(findings: Sequence[Finding]) -> bool:
    """Return whether any check failed."""
    return any(finding.state is CheckState.WRONG for finding in findings)
