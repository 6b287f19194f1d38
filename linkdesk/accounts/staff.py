"""The staff: who they are, as whom Telegram knows them, how they were let in, and which group chats they may work in.

An employee is known by the key `who`, under which their tokens, plans and changes are kept. Codes are kept as hashes:
what the store holds lets nobody in.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final, Protocol

from linkdesk.auth.policy import Role
from tool_specs.declaration.method import Toolset

INVITATION_LIFETIME: Final = timedelta(hours=24)
INVITATION_PREFIX: Final = "i-"
"""What the code of an invitation begins with."""
INSTALLATION: Final = "*"
"""In place of an employee: what is set for the whole installation."""


def now_utc() -> datetime:
    """Give the time, with its zone."""
    return datetime.now(UTC)


def telegram_employee(number: int) -> str:
    """Name the employee that a Telegram account is, unless something else was said."""
    return f"telegram:{number}"


def new_code(prefix: str) -> str:
    """Make a code that fits into a deep link of Telegram: letters and digits, at most 64."""
    return prefix + secrets.token_hex(24)


def hash_code(code: str) -> str:
    """Give what the store keeps of a code."""
    return hashlib.sha256(code.encode()).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """An employee and their Telegram account."""

    telegram: int
    who: str
    """The employee's key."""
    name: str
    role: Role
    let_in_by: str = ""
    """The employee who invited them."""
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """A way in for one person, once."""

    role: Role
    name: str = ""
    """For whom it is; may be left open."""
    created_by: str
    expires: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Chat:
    """A group chat that the bot answers in."""

    id: int
    title: str = ""
    toolsets: frozenset[Toolset] | None = None
    """What may be asked for there; None: whatever the person may."""
    allowed_by: str


class StaffStore(Protocol):
    """Keeps the staff. Every method may raise `Trouble`: the store does not answer."""

    async def member(self, telegram: int, /) -> Member | None:
        """Find who a Telegram account is."""
        ...

    async def members(self) -> list[Member]:
        """Give everybody who was let in, in the order they came."""
        ...

    async def save_member(self, member: Member, /) -> None:
        """Let somebody in, or change what is known of them."""
        ...

    async def remove_member(self, telegram: int, /) -> Member | None:
        """Let somebody in no longer; their settings and invitations that they made are gone too."""
        ...

    async def invite(self, invitation: Invitation, /) -> str:
        """Keep an invitation, and give its code, which is told to nobody else."""
        ...

    async def redeem(self, code: str, telegram: int, name: str, /) -> Member | None:
        """Let in whoever brings a code, once; None if the code is unknown, used up or too old."""
        ...

    async def chat(self, chat: int, /) -> Chat | None:
        """Find a group chat that was allowed."""
        ...

    async def allow_chat(self, chat: Chat, /) -> None:
        """Allow a group chat, or change what it is allowed."""
        ...

    async def disallow_chat(self, chat: int, /) -> bool:
        """Allow a group chat no longer; tell whether it was allowed."""
        ...

    async def setting(self, who: str, key: str, /) -> str | None:
        """Give what an employee chose."""
        ...

    async def save_setting(self, who: str, key: str, value: str | None, /) -> None:
        """Keep what an employee chose; None forgets it."""
        ...


def member_from_invitation(invitation: Invitation, telegram: int, name: str, now: datetime) -> Member:
    """Give whom an invitation makes of a Telegram account: the name in the invitation goes first."""
    return Member(
        telegram=telegram,
        who=telegram_employee(telegram),
        name=invitation.name or name,
        role=invitation.role,
        let_in_by=invitation.created_by,
        since=now,
    )


class MemoryStaffStore:
    """The staff of a process without a database."""

    def __init__(self, now: Callable[[], datetime] = now_utc) -> None:
        """Begin with nobody; take a clock."""
        self._now = now
        self._members: dict[int, Member] = {}
        self._invitations: dict[str, Invitation] = {}
        self._chats: dict[int, Chat] = {}
        self._settings: dict[tuple[str, str], str] = {}

    async def member(self, telegram: int, /) -> Member | None:
        """Find who a Telegram account is."""
        return self._members.get(telegram)

    async def members(self) -> list[Member]:
        """Give everybody who was let in, in the order they came."""
        return sorted(self._members.values(), key=lambda member: (member.since, member.telegram))

    async def save_member(self, member: Member, /) -> None:
        """Let somebody in, or change what is known of them."""
        self._members[member.telegram] = member

    async def remove_member(self, telegram: int, /) -> Member | None:
        """Let somebody in no longer."""
        member = self._members.pop(telegram, None)
        if member is not None:
            self._settings = {key: value for key, value in self._settings.items() if key[0] != member.who}
            self._invitations = {
                code: invitation
                for code, invitation in self._invitations.items()
                if invitation.created_by != member.who
            }
        return member

    async def invite(self, invitation: Invitation, /) -> str:
        """Keep an invitation, and give its code."""
        now = self._now()
        self._invitations = {code: kept for code, kept in self._invitations.items() if now < kept.expires}
        code = new_code(INVITATION_PREFIX)
        self._invitations[hash_code(code)] = invitation
        return code

    async def redeem(self, code: str, telegram: int, name: str, /) -> Member | None:
        """Let in whoever brings a code, once."""
        invitation = self._invitations.pop(hash_code(code), None)
        if invitation is None or self._now() >= invitation.expires:
            return None
        member = member_from_invitation(invitation, telegram, name, self._now())
        await self.save_member(member)
        return member

    async def chat(self, chat: int, /) -> Chat | None:
        """Find a group chat that was allowed."""
        return self._chats.get(chat)

    async def allow_chat(self, chat: Chat, /) -> None:
        """Allow a group chat, or change what it is allowed."""
        self._chats[chat.id] = chat

    async def disallow_chat(self, chat: int, /) -> bool:
        """Allow a group chat no longer."""
        return self._chats.pop(chat, None) is not None

    async def setting(self, who: str, key: str, /) -> str | None:
        """Give what an employee chose."""
        return self._settings.get((who, key))

    async def save_setting(self, who: str, key: str, value: str | None, /) -> None:
        """Keep what an employee chose; None forgets it."""
        if value is None:
            self._settings.pop((who, key), None)
        else:
            self._settings[who, key] = value
