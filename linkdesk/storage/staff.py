"""The staff list in the database."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Final

from sqlalchemy import CursorResult, Select, delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from linkdesk.accounts.staff import (
    INVITATION_PREFIX,
    Chat,
    Invitation,
    Member,
    hash_code,
    member_from_invitation,
    new_code,
    now_utc,
)
from linkdesk.auth.policy import Role
from linkdesk.storage.database import Database
from linkdesk.storage.tables import ChatRow, EmployeeRow, InvitationRow, SettingRow, TelegramAccountRow
from linkdesk.storage.url import DatabaseAddress
from tool_specs.declaration.method import Toolset

MAX_NAME_LENGTH: Final = 200


class StoredStaff:
    """The staff list, in the database."""

    def __init__(self, store: Database, *, now: Callable[[], datetime] = now_utc) -> None:
        """Take the database and a clock."""
        self._store = store
        self._now = now

    async def member(self, telegram: int, /) -> Member | None:
        """Return the member with a Telegram account, or None."""
        async with self._store.read_session() as session:
            found = (await session.execute(_members().where(TelegramAccountRow.telegram == telegram))).first()
        return None if found is None else _member(*found)

    async def members(self) -> list[Member]:
        """Return all members, in the order in which they were admitted."""
        query = _members().order_by(TelegramAccountRow.since, TelegramAccountRow.telegram)
        async with self._store.read_session() as session:
            return [_member(*found) for found in await session.execute(query)]

    async def save_member(self, member: Member, /) -> None:
        """Store a member, or update one."""
        async with self._store.transaction() as session:
            await _keep(session, member)

    async def remove_member(self, telegram: int, /) -> Member | None:
        """Remove a member, with their settings and the invitations they made."""
        async with self._store.transaction() as session:
            found = (await session.execute(_members().where(TelegramAccountRow.telegram == telegram))).first()
            if found is None:
                return None
            member = _member(*found)
            await session.execute(delete(TelegramAccountRow).where(TelegramAccountRow.telegram == telegram))
            await session.execute(delete(SettingRow).where(SettingRow.who == member.who))
            await session.execute(delete(InvitationRow).where(InvitationRow.made_by == member.who))
            await session.execute(delete(EmployeeRow).where(EmployeeRow.who == member.who))
        return member

    async def invite(self, invitation: Invitation, /) -> str:
        """Store an invitation and return its code; purge unused ones that expired."""
        code = new_code(INVITATION_PREFIX)
        async with self._store.transaction() as session:
            await session.execute(delete(InvitationRow).where(InvitationRow.expires < self._now()))
            session.add(
                InvitationRow(
                    code_hash=hash_code(code),
                    role=invitation.role.value,
                    name=invitation.name[:MAX_NAME_LENGTH],
                    made_by=invitation.created_by,
                    expires=invitation.expires,
                ),
            )
        return code

    async def redeem(self, code: str, telegram: int, name: str, /) -> Member | None:
        """Redeem an invitation code, once, and return the new member; None if it is unknown, used or expired."""
        # Deleting the row is the claim: of two that redeem the same code, one gets it.
        claim = delete(InvitationRow).where(InvitationRow.code_hash == hash_code(code)).returning(InvitationRow)
        async with self._store.transaction() as session:
            row = await session.scalar(claim)
            if row is None or self._now() >= row.expires:
                return None
            invitation = Invitation(role=Role(row.role), name=row.name, created_by=row.made_by, expires=row.expires)
            member = member_from_invitation(invitation, telegram, name, self._now())
            await _keep(session, member)
        return member

    async def chat(self, chat: int, /) -> Chat | None:
        """Return an allowed group chat, or None."""
        async with self._store.read_session() as session:
            row = await session.get(ChatRow, chat)
        if row is None:
            return None
        # A toolset that no longer exists allows nothing.
        known = None if row.toolsets is None else frozenset(Toolset(name) for name in row.toolsets if name in _TOOLSETS)
        return Chat(id=row.chat, title=row.title, toolsets=known, allowed_by=row.allowed_by)

    async def allow_chat(self, chat: Chat, /) -> None:
        """Allow a group chat, or update its permissions."""
        row = ChatRow(
            chat=chat.id,
            title=chat.title[:MAX_NAME_LENGTH],
            toolsets=None if chat.toolsets is None else sorted(chat.toolsets),
            allowed_by=chat.allowed_by,
        )
        async with self._store.transaction() as session:
            await session.merge(row)

    async def disallow_chat(self, chat: int, /) -> bool:
        """Disallow a group chat; return whether it was allowed."""
        async with self._store.transaction() as session:
            result = await session.execute(delete(ChatRow).where(ChatRow.chat == chat))
            return isinstance(result, CursorResult) and result.rowcount > 0

    async def setting(self, who: str, key: str, /) -> str | None:
        """Return an employee's setting, or None."""
        async with self._store.read_session() as session:
            row = await session.get(SettingRow, (who, key))
        return None if row is None else row.value

    async def save_setting(self, who: str, key: str, value: str | None, /) -> None:
        """Store an employee's setting; None deletes it."""
        async with self._store.transaction() as session:
            if value is None:
                await session.execute(delete(SettingRow).where(SettingRow.who == who, SettingRow.key == key))
            else:
                await session.merge(SettingRow(who=who, key=key, value=value))


@asynccontextmanager
async def open_stored_staff(address: DatabaseAddress) -> AsyncGenerator[StoredStaff]:
    """Open the database with the staff list.

    Raises:
        NotConfigured: it cannot be opened.
    """
    async with await Database.open(address) as store:
        yield StoredStaff(store)


_TOOLSETS: Final = frozenset(Toolset)


def _members() -> Select[TelegramAccountRow, EmployeeRow]:
    return select(TelegramAccountRow, EmployeeRow).join(EmployeeRow, TelegramAccountRow.who == EmployeeRow.who)


async def _keep(session: AsyncSession, member: Member) -> None:
    await session.merge(EmployeeRow(who=member.who, name=member.name[:MAX_NAME_LENGTH], role=member.role.value))
    await session.flush()
    account = TelegramAccountRow(
        telegram=member.telegram, who=member.who, let_in_by=member.let_in_by, since=member.since
    )
    await session.merge(account)


def _member(account: TelegramAccountRow, employee: EmployeeRow) -> Member:
    return Member(
        telegram=account.telegram,
        who=employee.who,
        name=employee.name,
        role=Role(employee.role),
        let_in_by=account.let_in_by,
        since=account.since,
    )
