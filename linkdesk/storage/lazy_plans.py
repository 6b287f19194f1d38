"""Plans whose store is opened at its first use: who never has to wait needs no database."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from linkdesk.errors.codes import plans as plan_errors
from linkdesk.plans.model import Plans, PlanState, Step, StoredPlan
from linkdesk.storage.lazy import Late
from tool_specs.declaration.localized import Language


class LatePlans(Late[Plans]):
    """Opens the plans when they are needed; a store that cannot be opened is tried again next time."""

    unopened = plan_errors.NOT_KEPT

    async def keep(self, plan: StoredPlan, /) -> None:
        """Keep a plan, in place of what waited for the same person at the same place.

        Raises:
            Trouble: it cannot be kept, so nobody can be asked.
        """
        await (await self.ready()).keep(plan)

    async def find(self, plan_id: str, /) -> StoredPlan | None:
        """Find a plan by its id."""
        return await (await self.ready()).find(plan_id)

    async def at(self, who: str, place: str, /) -> StoredPlan | None:
        """Find what waits for a person at a place, its time over or not."""
        return await (await self.ready()).at(who, place)

    async def of(self, who: str, limit: int, /) -> list[StoredPlan]:
        """Give a person's plans that are not settled, newest first."""
        return await (await self.ready()).of(who, limit)

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
        return await (await self.ready()).move(plan, to, by=by, worker=worker, until=until)

    async def note(self, plan: StoredPlan, steps: Sequence[Step], /) -> PlanState | None:
        """Keep how far the parts are, and tell the state."""
        return await (await self.ready()).note(plan, steps)

    async def shown(self, plan_id: str, message: int, /) -> None:
        """Remember the message that asks."""
        await (await self.ready()).shown(plan_id, message)

    async def unasked(self, now: datetime, limit: int, /) -> list[StoredPlan]:
        """Give assistants' plans that wait and no message asks about yet."""
        return await (await self.ready()).unasked(now, limit)

    async def take_up(
        self, plan: StoredPlan, /, *, worker: str | None, message: int | None, language: Language
    ) -> bool:
        """Let one process ask about a plan that waits, or give that up."""
        return await (await self.ready()).take_up(plan, worker=worker, message=message, language=language)
