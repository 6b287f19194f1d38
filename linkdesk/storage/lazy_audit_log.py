"""A record whose store is opened at its first use: who only reads the portal needs no database."""

from __future__ import annotations

from collections.abc import Sequence

from linkdesk.audit.log import Change, Record
from linkdesk.errors.codes import linkdesk as own_errors
from linkdesk.storage.lazy import Late


class LateRecord(Late[Record]):
    """Opens the record when it is needed; one that cannot be opened is tried again next time."""

    unopened = own_errors.RECORD_NOT_KEPT

    async def begin(self, change: Change, /) -> None:
        """Keep a change that is about to be sent.

        Raises:
            Trouble: it cannot be kept, so nothing may be sent.
        """
        await (await self.ready()).begin(change)

    async def close(self, change: Change, /) -> None:
        """Keep what came of a change.

        Raises:
            Trouble: it cannot be kept.
        """
        await (await self.ready()).close(change)

    async def find(self, change_id: str, /) -> Change | None:
        """Find a change by its id."""
        return await (await self.ready()).find(change_id)

    async def latest(self, limit: int, /, *, who: str | None = None) -> list[Change]:
        """Give the changes, newest first; those of one employee where one is named."""
        return await (await self.ready()).latest(limit, who=who)

    async def unfinished(self) -> list[Change]:
        """Give the changes of which it is not known what came of them."""
        return await (await self.ready()).unfinished()

    async def undoing(self, change_ids: Sequence[str], /) -> list[Change]:
        """Give the changes that undid these."""
        return await (await self.ready()).undoing(change_ids)

    async def requested(self, request_key: str, /) -> list[Change]:
        """Give the changes that one message asked for, oldest first."""
        return await (await self.ready()).requested(request_key)
