"""Which Telegram account an employee has, by whatever key they are known elsewhere.

A key is linked where it names the account (`telegram:1001`), where a member of the staff has it, or where the account
is signed in to the portal as the same person.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from linkdesk.accounts.portal_accounts import PortalAccounts
from linkdesk.accounts.staff import StaffStore, telegram_employee
from linkdesk.auth.policy import Role


@dataclass(frozen=True, slots=True)
class TelegramAccount:
    """An account of Telegram that may use the bot."""

    number: int
    who: str
    """The employee's key in Telegram."""
    role: Role
    name: str = ""
    """What they are called, where that is known."""


class TelegramAccounts:
    """Finds the accounts of employees."""

    def __init__(self, people: StaffStore, staff: Mapping[int, Role], accounts: PortalAccounts | None) -> None:
        """Take the staff of the store and of the settings, and who is signed in; None where nobody signs in."""
        self._people = people
        self._staff = staff
        self._accounts = accounts

    async def find(self, who: str) -> TelegramAccount | None:
        """Find an employee's account; None where they have none that may use the bot.

        Raises:
            Trouble: the store does not answer.
        """
        known = await self._known()
        if who in known or self._accounts is None:
            return known.get(who)
        alike = await self._accounts.keys_of_same_person(who)
        return next((account for key, account in known.items() if key in alike), None)

    async def _known(self) -> dict[str, TelegramAccount]:
        """Return everybody who may use the bot by their key; the settings go before the store, as at the door."""
        staff = {
            number: TelegramAccount(number, telegram_employee(number), role) for number, role in self._staff.items()
        }
        members = [
            TelegramAccount(member.telegram, member.who, member.role, member.name)
            for member in await self._people.members()
            if member.telegram not in staff
        ]
        return {account.who: account for account in (*staff.values(), *members)}
