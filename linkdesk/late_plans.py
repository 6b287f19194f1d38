"""Plans whose store is opened at its first use: who never has to wait needs no database."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from datetime import datetime
from types import TracebackType
from typing import Self

from linkdesk import plan_errors
from linkdesk.errors import NotConfigured, Trouble
from linkdesk.plans import Plans, PlanState, Step, StoredPlan
from tool_specs.said import Language


class LatePlans:
    """Opens the plans when they are needed; a store that cannot be opened is tried again next time."""

    def __init__(self, opened: Callable[[], AbstractAsyncContextManager[Plans]]) -> None:
        """Take what opens the plans."""
        self._opened = opened
        self._plans: Plans | None = None
        self._opening = asyncio.Lock()
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> Self:
        """Open nothing yet."""
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the store, if it was opened."""
        await self._stack.aclose()

    async def keep(self, plan: StoredPlan, /) -> None:
        """Keep a plan, in place of what waited for the same person at the same place.

        Raises:
            Trouble: it cannot be kept, so nobody can be asked.
        """
        await (await self._ready()).keep(plan)

    async def find(self, plan_id: str, /) -> StoredPlan | None:
        """Find a plan by its id."""
        return await (await self._ready()).find(plan_id)

    async def at(self, who: str, place: str, /) -> StoredPlan | None:
        """Find what waits for a person at a place, its time over or not."""
        return await (await self._ready()).at(who, place)

    async def of(self, who: str, limit: int, /) -> list[StoredPlan]:
        """Give a person's plans that are not settled, newest first."""
        return await (await self._ready()).of(who, limit)

    async def move(
        self,
        plan: StoredPlan,
        to: PlanState,
        /,
        *,
        by: str | None = None,
        worker: str | None = None,
        until: datetime | None = None,
    ) -> StoredPlan | None:
        """Move a plan from the state it was seen in, by the worker it was seen with.

        Raises:
            Trouble: the store does not take it.
        """
        return await (await self._ready()).move(plan, to, by=by, worker=worker, until=until)

    async def note(self, plan: StoredPlan, steps: Sequence[Step], /) -> PlanState | None:
        """Keep how far the parts are, and tell the state."""
        return await (await self._ready()).note(plan, steps)

    async def shown(self, plan_id: str, message: int, /) -> None:
        """Remember the message that asks."""
        await (await self._ready()).shown(plan_id, message)

    async def unasked(self, now: datetime, limit: int, /) -> list[StoredPlan]:
        """Give assistants' plans that wait and no message asks about yet."""
        return await (await self._ready()).unasked(now, limit)

    async def take_up(
        self, plan: StoredPlan, /, *, worker: str | None, message: int | None, language: Language
    ) -> bool:
        """Let one process ask about a plan that waits, or give that up."""
        return await (await self._ready()).take_up(plan, worker=worker, message=message, language=language)

    async def _ready(self) -> Plans:
        async with self._opening:
            if self._plans is None:
                try:
                    self._plans = await self._stack.enter_async_context(self._opened())
                except NotConfigured as error:
                    raise Trouble(plan_errors.NOT_KEPT, {"reason": error.sentence}) from None
            return self._plans
