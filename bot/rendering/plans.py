"""Rendering of plans for many records: the changes, the progress, and the outcomes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Final

from bot.rendering.linked_lists import LinkListWriter
from bot.rendering.markup import Text
from bot.rendering.phrases import WILL_JOIN, WILL_LOSE
from bot.rendering.writer import Writer
from linkdesk.model.outcome import Plan, RecordPlan, SkippedPart, WaitingMany, format_target
from linkdesk.model.views import NamedRef, PlanPartView, PlanView
from linkdesk.plans.model import PlanState, StepState
from tool_specs.declaration.localized import Localized
from tool_specs.failures.booking import ACTIVITY_NOT_FOUND, BOOKING_NOT_FOUND, WAITLIST_ENTRY_NOT_FOUND
from tool_specs.failures.resource import RESOURCE_NOT_FOUND, RESOURCE_TYPE_NOT_FOUND

MOST_PROBLEMS: Final = 4
"""How many different problems are told one by one."""

_WILL_CHANGE: Final = Localized(en="Will be changed: {targets}.", ru="Будет изменено: {targets}.")
_STATES: Final[Mapping[str, Localized]] = {
    StepState.DONE: Localized(en="Done: {targets}.", ru="Выполнено: {targets}."),
    StepState.ALREADY_SO: Localized(en="Already set up: {targets}.", ru="Уже так: {targets}."),
    StepState.TO_DO: Localized(en="Still to do: {targets}.", ru="Ещё не начато: {targets}."),
    StepState.BEGUN: Localized(en="In progress: {targets}.", ru="Выполняется: {targets}."),
    StepState.MOVED_ON: Localized(
        en="Changed by someone else in the meantime, left as is: {targets}.",
        ru="За это время изменено кем-то другим, оставлено как есть: {targets}.",
    ),
    StepState.UNKNOWN: Localized(
        en="Outcome unknown, check in Bitrix24: {targets}.",
        ru="Итог неизвестен, проверьте в Битрикс24: {targets}.",
    ),
    StepState.NOT_TRIED: Localized(en="Not attempted: {targets}.", ru="Не выполнялось: {targets}."),
}
MISSING: Final = frozenset(
    {
        BOOKING_NOT_FOUND.code,
        WAITLIST_ENTRY_NOT_FOUND.code,
        ACTIVITY_NOT_FOUND.code,
        RESOURCE_NOT_FOUND.code,
        RESOURCE_TYPE_NOT_FOUND.code,
    }
)
"""Problems whose sentence names the record that was asked for: of several, their numbers are told together."""
NOT_FOUND: Final = Localized(en="Not found: {targets}.", ru="Не найдено: {targets}.")
_PROBLEM: Final = Localized(en="Not done, {targets}: {problem}", ru="Не выполнено, {targets}: {problem}")
_BESIDE: Final = Localized(en="{problem} ({targets})", ru="{problem} ({targets})")
_MORE_PROBLEMS: Final = Localized(en="Not done for other reasons: {targets}.", ru="По другим причинам: {targets}.")
_PLAN: Final[Mapping[str, Localized]] = {
    "waiting": Localized(
        en="Waiting for an answer. To do it: /apply {id}, to cancel: /reject {id}",
        ru="Ждёт ответа. Выполнить: /apply {id}, отказаться: /reject {id}",
    ),
    "approved": Localized(
        en="Approved, not started. To start: /apply {id}", ru="Согласовано, не начато. Начать: /apply {id}"
    ),
    "running": Localized(en="In progress. To stop: /stop", ru="Выполняется. Остановить: /stop"),
    "stopping": Localized(en="Stopping.", ru="Останавливается."),
    "stopped": Localized(en="Stopped before it was finished.", ru="Остановлено до окончания."),
    "rejected": Localized(en="Declined. Nothing was changed.", ru="Отклонено. Ничего не изменено."),
    "cancelled": Localized(en="Cancelled. Nothing was changed.", ru="Отменено. Ничего не изменено."),
    "expired": Localized(en="Expired. Nothing was changed.", ru="Время вышло. Ничего не изменено."),
}
_NOTHING: Final = Localized(en="There is nothing to change.", ru="Менять нечего.")


def many(writer: Writer, waiting: WaitingMany) -> Iterator[Text]:
    """Render a plan's changes: one example of each kind in full, with the records it is for."""
    speech = LinkListWriter(writer)
    shapes: dict[object, list[Plan | RecordPlan]] = {}
    for plan in waiting.plans:
        shape = (plan.kind, plan.added, plan.removed) if isinstance(plan, Plan) else type(plan.asked)
        shapes.setdefault(shape, []).append(plan)
    for plans in shapes.values():
        first = plans[0]
        if isinstance(first, Plan):
            yield from speech.change_to_come(first)
        yield writer.fill(_WILL_CHANGE, targets=_targets(writer, [_key(plan.target) for plan in plans]))
    yield from _unfit(writer, waiting.unfit)


def plan(writer: Writer, shown: PlanView) -> Iterator[Text]:
    """Render the state of a plan and the outcomes of its parts, grouped."""
    if not shown.parts:
        yield Text.of(writer.to(_NOTHING))
    for state, words in _STATES.items():
        if alike := [_part_key(part) for part in shown.parts if part.state == state]:
            yield writer.fill(words, targets=_targets(writer, alike))
    if shown.state == PlanState.WAITING:
        yield from _differences(writer, shown.parts)
    yield from _problems(writer, [part for part in shown.parts if part.state == StepState.REFUSED])
    beside = [(_part_key(part), said.to(writer.language)) for part in shown.parts for said in part.beside]
    yield from _grouped(writer, beside, _BESIDE)
    yield from (Text.of(said.to(writer.language)) for said in shown.remarks)
    if (standing := _PLAN.get(shown.state)) is not None:
        yield writer.fill(standing, id=shown.plan_id)


def _differences(writer: Writer, parts: Sequence[PlanPartView]) -> Iterator[Text]:
    """Render the differences, each kind of change once."""
    shapes: dict[tuple[tuple[NamedRef, ...], tuple[NamedRef, ...]], None] = {}
    for part in parts:
        before, after = part.before or [], part.after or []
        gone = tuple(ref for ref in before if ref not in after)
        shapes[gone, tuple(ref for ref in after if ref not in before)] = None
    for gone, comes in list(shapes)[:MOST_PROBLEMS]:
        for words, refs in ((WILL_LOSE, gone), (WILL_JOIN, comes)):
            if refs:
                yield writer.fill(words, items=writer.refs(refs))


def _problems(writer: Writer, parts: Sequence[PlanPartView]) -> Iterator[Text]:
    if missing := [_part_key(part) for part in parts if part.code in MISSING]:
        yield writer.fill(NOT_FOUND, targets=_targets(writer, missing))
    told = [(_part_key(part), part) for part in parts if part.code not in MISSING]
    yield from _grouped(
        writer, [(key, part.said.to(writer.language) if part.said else part.problem or "") for key, part in told]
    )


def _unfit(writer: Writer, unfit: Sequence[SkippedPart]) -> Iterator[Text]:
    if already := [_key(one.target) for one in unfit if one.why is None]:
        yield writer.fill(_STATES[StepState.ALREADY_SO], targets=_targets(writer, already))
    if missing := [_key(one.target) for one in unfit if one.code in MISSING]:
        yield writer.fill(NOT_FOUND, targets=_targets(writer, missing))
    others = [one for one in unfit if one.code not in MISSING]
    yield from _grouped(writer, [(_key(one.target), writer.to(one.why)) for one in others if one.why is not None])


def _grouped(writer: Writer, told: Sequence[tuple[_Key, str]], words: Localized | None = None) -> Iterator[Text]:
    """Render each problem once, with all its records."""
    by_problem: dict[str, list[_Key]] = {}
    for key, problem in told:
        by_problem.setdefault(problem, []).append(key)
    groups = list(by_problem.items())
    for problem, keys in groups[:MOST_PROBLEMS]:
        yield writer.fill(words or _PROBLEM, targets=_targets(writer, keys), problem=problem)
    if rest := [key for _, keys in groups[MOST_PROBLEMS:] for key in keys]:
        yield writer.fill(_MORE_PROBLEMS, targets=_targets(writer, rest))


_Key = tuple[str, int | None]


def _key(target: object) -> _Key:
    return getattr(target, "type", ""), getattr(target, "id", None)


def _part_key(part: PlanPartView) -> _Key:
    return part.target.type, part.target.id


def _targets(writer: Writer, keys: Sequence[_Key]) -> str:
    """Render records, the numbers of one kind together: "booking 14, 15, 20-40"."""
    kinds: dict[str, list[int]] = {}
    for kind, number in keys:
        kinds.setdefault(kind, []).extend([] if number is None else [number])
    return "; ".join(_kind(writer, kind, numbers) for kind, numbers in kinds.items())


def _kind(writer: Writer, kind: str, numbers: Sequence[int]) -> str:
    words = writer.to(format_target(kind, None))
    return f"{words} {ranges(numbers)}" if numbers else words


def ranges(numbers: Sequence[int]) -> str:
    """Write numbers in order, those in a row as a range: "14, 15, 20-40"."""
    found: list[list[int]] = []
    distinct = sorted(set(numbers))
    for before, number in pairwise([distinct[0] - 2, *distinct]):
        if number == before + 1 and found:
            found[-1].append(number)
        else:
            found.append([number])
    return ", ".join(
        f"{run[0]}-{run[-1]}" if len(run) > 2 else ", ".join(map(str, run))  # noqa: PLR2004 - two are no range
        for run in found
    )
