"""Plans under stress: pressed in two processes, taken for dead, cancelled, on a store that fails. Nothing twice."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.conversation.service import Conversation
from bot.conversation.session import Person
from linkdesk.auth.policy import Confirm, Face, Policy, Role
from linkdesk.errors.base import Trouble
from linkdesk.errors.codes import plans as plan_errors
from linkdesk.errors.codes.database import STORE_BUSY
from linkdesk.model.outcome import AnyPlan
from linkdesk.plans.model import MemoryPlans, PlanState, PlanStep, StepState, StoredPlan
from linkdesk.plans.service import MIN_RUN_TIME
from linkdesk.sandbox.app import Sandbox
from linkdesk.storage.plans import open_stored_plans
from linkdesk.storage.url import DatabaseAddress
from tests.support.clock import Clock
from tests.support.databases import KINDS, fresh_database
from tests.support.desk_requests import link, waiting_plan
from tests.support.paths import PROCESSES, ROOT
from tests.support.sandbox_env import ANNA, NOW, open_sandbox_env
from tests.support.sandbox_server import sandbox_on_socket
from tool_specs.declaration.method import Method
from tool_specs.methods.waitlist import AddWaitlistEntry

PROCESS = PROCESSES / "approve.py"
ENTRIES = [AddWaitlistEntry(note=note) for note in ("one", "two", "three")]
SHOWN = Person(1, 1, "anna", Role.EDITOR, Face.CHAT)


async def thought_of(*requests: Method[Any]) -> list[AnyPlan]:
    async with open_sandbox_env(Policy(confirm=Confirm.WRITES), rate=None) as env:
        return [await waiting_plan(env, request) for request in requests]


@pytest.mark.parametrize("kind", KINDS)
async def test_a_plan_pressed_in_two_processes_at_once_is_done_once(kind: str, tmp_path: Path) -> None:
    sandbox = Sandbox(clock=lambda: NOW, rate=None)
    with fresh_database(kind, tmp_path) as database, sandbox_on_socket(sandbox) as portal:
        origin = portal.partition("/rest/")[0]
        async with (
            open_stored_plans(DatabaseAddress.parse(database), origin) as plans,
            open_sandbox_env(rate=None, plans=plans) as env,
        ):
            approvals = env.desk.approvals
            # The clock of the processes is that of the machine.
            kept = await approvals.save(await thought_of(*ENTRIES), ANNA, lifetime=timedelta(days=36_500))
            environment = {
                **os.environ,
                "PYTHONPATH": str(ROOT),
                "LINKDESK_PORTAL": portal,
                "LINKDESK_DATABASE": database,
                "LINKDESK_RATE": "100/1000",
            }
            both = await asyncio.gather(*(_started(environment, kept.id, tmp_path) for _ in range(2)))
            for process in both:
                assert process.stdin is not None
                process.stdin.write(b"go\n")
            answers = [await process.communicate() for process in both]
            done = await plans.find(kept.id)
    told = [out.decode().split() for out, _ in answers]
    assert sorted(int(one[0]) for one in told) == [0, 1], answers
    assert {code for one in told for code in one[1:]} <= {plan_errors.SETTLED.code, plan_errors.RUNNING.code}
    assert sum(call.applied for call in sandbox.calls) == len(ENTRIES)
    assert done is not None
    assert (done.state, {step.state for step in done.steps}) == (PlanState.DONE, {StepState.DONE})


async def _started(environment: dict[str, str], plan_id: str, folder: Path) -> asyncio.subprocess.Process:
    pipe = asyncio.subprocess.PIPE
    arguments = (sys.executable, str(PROCESS), plan_id)
    process = await asyncio.create_subprocess_exec(
        *arguments, stdin=pipe, stdout=pipe, stderr=pipe, env=environment, cwd=folder
    )
    assert process.stdout is not None
    assert await process.stdout.readline() == b"ready\n"
    return process


async def test_a_run_that_was_taken_for_dead_stops_where_another_goes_on() -> None:
    clock, plans = Clock(), MemoryPlans()
    async with open_sandbox_env(rate=None, plans=plans, now=clock) as env:
        approvals = env.desk.approvals
        # About one target, so that they go one after another.
        kept = await approvals.save(await thought_of(link(15, 9), link(15, 8)), ANNA, state=PlanState.APPROVED)
        others: list[StoredPlan] = []

        async def on_step(_place: int, _came: object) -> None:
            # Slow, and the clock moves on: somebody presses again.
            clock.now += MIN_RUN_TIME
            again = await approvals.decide(kept.id, ANNA, agreed=True)
            others.append(await approvals.carry_out(again, ANNA))

        done = await approvals.carry_out(kept, ANNA, on_step=on_step)
        assert [step.state for step in done.steps] == [StepState.DONE, StepState.NOT_TRIED]
        (other,) = others
        assert other.steps[1].state is StepState.DONE
        assert len(await env.written()) == 2
        now = await approvals.find(kept.id, ANNA)
        assert (now.state, now.steps) == (PlanState.DONE, other.steps)


async def test_whoever_cannot_hear_any_more_keeps_nothing_from_being_done() -> None:
    async def gone(_place: int, _came: object) -> None:
        raise ConnectionError

    async with open_sandbox_env(rate=None) as env:
        approvals = env.desk.approvals
        kept = await approvals.save(await thought_of(*ENTRIES), ANNA, state=PlanState.APPROVED)
        done = await approvals.carry_out(kept, ANNA, on_step=gone)
        assert [step.state for step in done.steps] == [StepState.DONE] * 3
        assert (await approvals.find(kept.id, ANNA)).state is PlanState.DONE


class Failing(MemoryPlans):
    """Keeps plans until its database is locked."""

    notes = 1

    async def save_progress(self, plan: StoredPlan, steps: Sequence[PlanStep], /) -> PlanState | None:
        self.notes -= 1
        if self.notes < 0:
            raise Trouble(STORE_BUSY)
        return await super().save_progress(plan, steps)


async def test_a_store_that_fails_half_way_stops_the_rest_and_what_was_done_is_told() -> None:
    async with open_sandbox_env(rate=None, plans=Failing()) as env:
        approvals = env.desk.approvals
        kept = await approvals.save(await thought_of(link(15, 9), link(15, 8)), ANNA, state=PlanState.APPROVED)
        done = await approvals.carry_out(kept, ANNA)
        assert [step.state for step in done.steps] == [StepState.DONE, StepState.NOT_TRIED]
        assert done.steps[0].change_id
        assert await env.deals(15) == [2, 9]


async def test_whoever_cancels_again_and_again_still_leaves_a_plan_that_is_stopped() -> None:
    async with open_sandbox_env(rate=None) as env:
        approvals = env.desk.approvals
        kept = await approvals.save(await thought_of(*ENTRIES), ANNA, state=PlanState.APPROVED)

        async def cancelling(_place: int, _came: object) -> None:
            running.cancel()

        running = asyncio.create_task(approvals.carry_out(kept, ANNA, on_step=cancelling))
        while not running.done():
            await asyncio.sleep(0)
            if running.cancelling():
                running.cancel()
        await env.desk.finish()
        left = await approvals.find(kept.id, ANNA)
        assert running.cancelled()
        assert left.state is PlanState.STOPPED
        assert StepState.BEGUN not in {step.state for step in left.steps}
        done = sum(step.state is StepState.DONE for step in left.steps)
        unknown = sum(step.state is StepState.UNKNOWN for step in left.steps)
        assert done <= len(await env.written()) <= done + unknown


async def test_a_plan_approved_before_a_crash_is_done_once_by_the_next_press(tmp_path: Path) -> None:
    address = DatabaseAddress.of_file(tmp_path / "a.sqlite3")
    async with open_stored_plans(address, "sandbox") as plans, open_sandbox_env(rate=None, plans=plans) as env:
        kept = await env.desk.approvals.save(await thought_of(*ENTRIES), ANNA)
        await env.desk.approvals.decide(kept.id, ANNA, agreed=True)
    async with open_stored_plans(address, "sandbox") as plans, open_sandbox_env(rate=None, plans=plans) as env:
        approvals = env.desk.approvals
        await approvals.carry_out(await approvals.decide(kept.id, ANNA, agreed=True), ANNA)
        with pytest.raises(Trouble) as trouble:
            await approvals.decide(kept.id, ANNA, agreed=True)
        assert trouble.value.failure is plan_errors.SETTLED
        assert len(await env.written()) == len(ENTRIES)


async def test_work_that_was_to_stop_when_its_process_died_is_stopped_when_asked_again() -> None:
    clock, plans = Clock(), MemoryPlans()
    async with open_sandbox_env(rate=None, plans=plans, now=clock) as env:
        kept = await env.desk.approvals.save(await thought_of(*ENTRIES), ANNA, state=PlanState.APPROVED)
        gone = await plans.change_state(kept, PlanState.STOPPING, worker="elsewhere:1:x", until=NOW)
        assert gone is not None
        clock.now += MIN_RUN_TIME
        assert (await env.desk.approvals.cancel(kept.id, ANNA)).state is PlanState.STOPPED


async def test_a_chat_tells_the_whole_of_what_an_earlier_process_began() -> None:
    plans = MemoryPlans()
    async with open_sandbox_env(rate=None, plans=plans) as env:
        parts = await thought_of(link(15, 9), ENTRIES[0])
        kept = await env.desk.approvals.save(parts, ANNA, place=SHOWN.place, state=PlanState.APPROVED)
        gone = await plans.change_state(kept, PlanState.RUNNING, worker="elsewhere:1:x", until=NOW)
        assert gone is not None
        await plans.save_progress(gone, [PlanStep(StepState.DONE), PlanStep(StepState.BEGUN)])
        talk = Conversation(env.desk)
        claimed = await talk.claim(SHOWN, kept.id, agreed=True)
        assert isinstance(claimed, StoredPlan)
        reply = await talk.settle(claimed, SHOWN)
        assert "15" in reply.text
        assert "unknown" in reply.text.lower() or "not known" in reply.text.lower(), reply.text
        assert await env.written() == []
