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
    """Return the current time in UTC."""
    return datetime.now(UTC)


def telegram_employee(number: int) -> str:
    """Return the default employee key of a Telegram account."""
    return f"telegram:{number}"


def new_code(prefix: str) -> str:
    """Create a code that fits into a Telegram deep link: at most 64 letters and digits."""
    return prefix + secrets.token_hex(24)


def hash_code(code: str) -> str:
    """Return the hash under which a code is stored."""
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
    """A single-use invitation for one person."""

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
    """Stores staff, invitations, chats and settings. Every method raises `Trouble` if the store does not answer."""

    async def member(self, telegram: int, /) -> Member | None:
        """Return the member with this Telegram account, or None."""
        ...

    async def members(self) -> list[Member]:
        """Return all members in the order they joined."""
        ...

    async def save_member(self, member: Member, /) -> None:
        """Create or update a member."""
        ...

    async def remove_member(self, telegram: int, /) -> Member | None:
        """Delete a member with their settings and the invitations they created."""
        ...

    async def invite(self, invitation: Invitation, /) -> str:
        """Store an invitation and return its code, which only the caller gets."""
        ...

    async def redeem(self, code: str, telegram: int, name: str, /) -> Member | None:
        """Redeem an invitation code, once; return None if it is unknown, used or expired."""
        ...

    async def chat(self, chat: int, /) -> Chat | None:
        """Return an allowed group chat, or None."""
        ...

    async def allow_chat(self, chat: Chat, /) -> None:
        """Allow a group chat, or change its toolsets."""
        ...

    async def disallow_chat(self, chat: int, /) -> bool:
        """Disallow a group chat; return whether it was allowed."""
        ...

    async def setting(self, who: str, key: str, /) -> str | None:
        """Return an employee's setting, or None."""
        ...

    async def save_setting(self, who: str, key: str, value: str | None, /) -> None:
        """Store an employee's setting; None deletes it."""
        ...


def member_from_invitation(invitation: Invitation, telegram: int, name: str, now: datetime) -> Member:
    """Build the member for a redeemed invitation; the invitation's name takes precedence."""
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
        """Start empty; keep a clock."""
        self._now = now
        self._members: dict[int, Member] = {}
        self._invitations: dict[str, Invitation] = {}
        self._chats: dict[int, Chat] = {}
        self._settings: dict[tuple[str, str], str] = {}

    async def member(self, telegram: int, /) -> Member | None:
        """Return the member with this Telegram account, or None."""
        return self._members.get(telegram)

    async def members(self) -> list[Member]:
        """Return all members in the order they joined."""
        return sorted(self._members.values(), key=lambda member: (member.since, member.telegram))

    async def save_member(self, member: Member, /) -> None:
        """Create or update a member."""
        self._members[member.telegram] = member

    async def remove_member(self, telegram: int, /) -> Member | None:
        """Delete a member."""
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
        """Store an invitation and return its code."""
        now = self._now()
        self._invitations = {code: kept for code, kept in self._invitations.items() if now < kept.expires}
        code = new_code(INVITATION_PREFIX)
        self._invitations[hash_code(code)] = invitation
        return code

    async def redeem(self, code: str, telegram: int, name: str, /) -> Member | None:
        """Redeem an invitation code, once."""
        invitation = self._invitations.pop(hash_code(code), None)
        if invitation is None or self._now() >= invitation.expires:
            return None
        member = member_from_invitation(invitation, telegram, name, self._now())
        await self.save_member(member)
        return member

    async def chat(self, chat: int, /) -> Chat | None:
        """Return an allowed group chat, or None."""
        return self._chats.get(chat)

    async def allow_chat(self, chat: Chat, /) -> None:
        """Allow a group chat, or change its toolsets."""
        self._chats[chat.id] = chat

    async def disallow_chat(self, chat: int, /) -> bool:
        """Disallow a group chat."""
        return self._chats.pop(chat, None) is not None

    async def setting(self, who: str, key: str, /) -> str | None:
        """Return an employee's setting, or None."""
        return self._settings.get((who, key))

    async def save_setting(self, who: str, key: str, value: str | None, /) -> None:
        """Store an employee's setting; None deletes it."""
        if value is None:
            self._settings.pop((who, key), None)
        else:
            self._settings[who, key] = value
