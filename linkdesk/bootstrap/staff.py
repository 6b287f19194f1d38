"""The staff, in a store that is opened at its first use: those named in the settings need no database."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import AbstractAsyncContextManager, asynccontextmanager

from linkdesk.accounts.staff import Chat, Invitation, Member, MemoryPeople, People
from linkdesk.config.settings import Settings
from linkdesk.errors.codes import staff as people_errors
from linkdesk.storage.lazy import Late
from linkdesk.storage.url import store_address


class LatePeople(Late[People]):
    """Opens the store when it is needed; one that cannot be opened is tried again next time."""

    unopened = people_errors.PEOPLE_NOT_KEPT

    async def member(self, telegram: int, /) -> Member | None:
        """Find who a Telegram account is."""
        return await (await self.ready()).member(telegram)

    async def members(self) -> list[Member]:
        """Give everybody who was let in, in the order they came."""
        return await (await self.ready()).members()

    async def keep(self, member: Member, /) -> None:
        """Let somebody in, or change what is known of them."""
        await (await self.ready()).keep(member)

    async def remove(self, telegram: int, /) -> Member | None:
        """Let somebody in no longer."""
        return await (await self.ready()).remove(telegram)

    async def invite(self, invitation: Invitation, /) -> str:
        """Keep an invitation, and give its code."""
        return await (await self.ready()).invite(invitation)

    async def redeem(self, code: str, telegram: int, name: str, /) -> Member | None:
        """Let in whoever brings a code, once."""
        return await (await self.ready()).redeem(code, telegram, name)

    async def chat(self, chat: int, /) -> Chat | None:
        """Find a group chat that was allowed."""
        return await (await self.ready()).chat(chat)

    async def allow(self, chat: Chat, /) -> None:
        """Allow a group chat, or change what it is allowed."""
        await (await self.ready()).allow(chat)

    async def disallow(self, chat: int, /) -> bool:
        """Allow a group chat no longer."""
        return await (await self.ready()).disallow(chat)

    async def setting(self, who: str, key: str, /) -> str | None:
        """Give what an employee chose."""
        return await (await self.ready()).setting(who, key)

    async def choose(self, who: str, key: str, value: str | None, /) -> None:
        """Keep what an employee chose; None forgets it."""
        await (await self.ready()).choose(who, key, value)


@asynccontextmanager
async def opening_people(settings: Settings, *, sandbox: bool = False) -> AsyncGenerator[People]:
    """Give the staff, whose store is opened at its first use; beside a sandbox they are kept in memory.

    Raises:
        NotConfigured: the address of the database is none.
    """
    if sandbox and settings.database is None:
        yield MemoryPeople()
        return
    address = store_address(settings.database.get_secret_value() if settings.database else None, sandbox=sandbox)

    def opened() -> AbstractAsyncContextManager[People]:
        from linkdesk.storage.staff import opened_people

        return opened_people(address)

    async with LatePeople(opened) as people:
        yield people
