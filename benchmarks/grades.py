"""How a file of sentences is read, by grade: what runs, what waits for a tap, what is asked, what is a dead end.

A row is `{"text", "now", "expect": {"tool", "arguments", "missing", "also"}}`; where that is no order, a `grade` of
`card` or `choice` says that a proposal does no harm. An answer is right when tool, arguments, what is missing and the
further orders are equal.
"""

from __future__ import annotations

import argparse
import json
import re
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from benchmarks import generated
from bot.parse_command import parse_sentence
from tool_specs import TOOLS
from tool_specs.declaration.method import Effect

UNSEEN: Final = Path(__file__).parents[1] / "tests" / "bot" / "nlu" / "corpus" / "unseen.jsonl"
ZONE: Final = "Europe/Moscow"
METHODS: Final = {method.name(): method for method in TOOLS}
NO: Final = re.compile(r"\b(?:not|never|don['’]?t|no|cannot|can['’]?t|не|ни|нельзя|незачем|нет)\b", re.IGNORECASE)
PROPOSING: Final = frozenset({"card", "choice"})
SEED: Final = 11

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of one row, and how long that took."""

    row: Row
    got: Row
    milliseconds: float = 0.0
    """In processor time."""

    @property
    def grade(self) -> str:
        """The grade; for an answer without one, what it comes to."""
        if "grade" in self.got:
            return str(self.got["grade"])
        if self.got["tool"] is None:
            return "ask" if self.got["question"] else "none"
        return "ask" if self.got["missing"] else "run"

    @property
    def expect(self) -> Row:
        """The right answer."""
        return {"tool": None, "arguments": {}, "missing": [], "also": [], **self.row["expect"]}

    @property
    def ordered(self) -> bool:
        """Whether something is asked for."""
        return self.expect["tool"] is not None

    @property
    def right(self) -> bool:
        """Whether the first answer is the right one."""
        return same(self.expect, self.got)

    @property
    def offered(self) -> bool:
        """Whether the right answer is among what is offered."""
        proposals: list[Row] = self.got.get("proposals", [])
        return self.right or any(same(self.expect, {"missing": [], "also": [], **one}) for one in proposals)

    @property
    def writes(self) -> bool:
        """Whether the answer would change something."""
        tool = self.got["tool"]
        return tool is not None and METHODS[tool].effect is not Effect.READ

    @property
    def dead(self) -> bool:
        """Whether an order is answered by nothing, or by a question with none of its own numbers."""
        if not self.ordered or self.right or self.got.get("proposals") or self.grade in {"run", *PROPOSING}:
            return False
        numbers = set(re.findall(r"\d+", self.row["text"]))
        return not numbers & set(re.findall(r"\d+", self.got["question"] or ""))


def answer(row: Row) -> Answer:
    """Read one row."""
    start = time.process_time()
    got = parse_sentence(row["text"], datetime.fromisoformat(row["now"]), ZONE)
    return Answer(row, got, 1000 * (time.process_time() - start))


def same(expect: Row, got: Row) -> bool:
    """Compare two answers, leaving out defaults and the order of lists."""
    return _plain(expect) == _plain(got)


def _plain(said: Row) -> object:
    names = ("tool", "arguments", "missing")
    return [_in_any_order(_without_defaults(one)[name]) for one in (said, *said.get("also", ())) for name in names]


def _without_defaults(said: Row) -> Row:
    """Leave out what is so by default: "find deal X" and "find X" are one and the same."""
    said = {"arguments": {}, "missing": [], **said}
    method = METHODS.get(said["tool"])
    if method is None:
        return said
    plain = {name: field.default for name, field in method.model_fields.items() if not field.is_required()}
    return {
        **said,
        "arguments": {name: value for name, value in said["arguments"].items() if plain.get(name, ...) != value},
    }


def _in_any_order(value: object) -> object:
    if isinstance(value, dict):
        return {str(name): _in_any_order(part) for name, part in value.items()}
    if isinstance(value, list):
        return sorted((_in_any_order(part) for part in value), key=repr)
    return value


def rows_of(path: Path) -> list[Row]:
    """Read the rows of a file."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def wrong_runs(answers: Iterable[Answer]) -> list[Answer]:
    """Choose what would run at once, change something, and is not what was meant."""
    return [one for one in answers if one.grade == "run" and one.writes and not one.right]


def wrong_cards(answers: Iterable[Answer]) -> list[Answer]:
    """Choose the orders that are shown as a card of another write."""
    return [one for one in answers if one.grade == "card" and one.ordered and one.writes and not one.right]


def cards_on_no_order(answers: Iterable[Answer]) -> list[Answer]:
    """Choose what orders nothing and is proposed all the same."""
    proposed = [one for one in answers if not one.ordered and one.grade in PROPOSING]
    return [one for one in proposed if one.row.get("grade") not in PROPOSING]


def table(answers: Sequence[Answer]) -> list[tuple[str, str]]:
    """Make the table: the name of each measure, and its figure."""
    orders = [one for one in answers if one.ordered and not one.expect["missing"]]
    asked = [one for one in answers if one.ordered and one.expect["missing"]]
    cards = cards_on_no_order(answers)
    return [
        ("RUN right", _part(orders, lambda one: one.right and one.grade == "run")),
        ("RUN or CARD right", _part(orders, lambda one: one.right and one.grade in {"run", "card"})),
        ("right in the top 3", _part(orders, lambda one: one.offered)),
        ("ASK right", f"{_count(asked, lambda one: one.right and one.grade == 'ask')}/{len(asked)}"),
        ("wrong RUN writes", str(len(wrong_runs(answers)))),
        ("wrong write CARDs", _share(len(wrong_cards(answers)), len(answers))),
        ("proposals on no order", f"{len(cards)} of {_count(answers, lambda one: not one.ordered)}"),
        ('of them on a "don\'t"', str(_count(cards, lambda one: NO.search(one.row["text"]) is not None))),
        ("dead ends", _share(_count(answers, lambda one: one.dead), len(orders) + len(asked))),
        ("ms p50/p95", _times(answers)),
    ]


def _count(answers: Iterable[Answer], chosen: Callable[[Answer], bool]) -> int:
    return sum(map(chosen, answers))


def _part(answers: Sequence[Answer], chosen: Callable[[Answer], bool]) -> str:
    return _share(_count(answers, chosen), len(answers))


def _times(answers: Iterable[Answer]) -> str:
    spent = sorted(one.milliseconds for one in answers)
    return f"{spent[len(spent) // 2]:.1f}/{spent[int(len(spent) * 0.95)]:.1f}"


def _share(count: int, of: int) -> str:
    return f"{count}/{of} = {100 * count / max(of, 1):.1f} %"


def main() -> None:
    """Print the table for each file, and with --wrong what is not right."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="*", type=Path, default=[UNSEEN])
    parser.add_argument("--wrong", action="store_true", help="print the rows that are not right")
    parser.add_argument(
        "--generated", type=int, default=0, metavar="COUNT", help="so many sentences made of the corpus"
    )
    chosen = parser.parse_args()
    parse_sentence("привяжи deal", datetime.fromisoformat("2026-11-20T12:00:00+03:00"), ZONE)
    for path in chosen.files:
        _report(path.name, rows_of(path), wrong=chosen.wrong)
    for make in generated.KINDS if chosen.generated else ():
        _report(make.__name__, list(make(chosen.generated, SEED)), wrong=chosen.wrong)


def _report(title: str, rows: Sequence[Row], *, wrong: bool) -> None:
    answers = [answer(row) for row in rows]
    print(f"{title}, {len(answers)} sentences")
    for name, figure in table(answers):
        print(f"  {name:24} {figure}")
    for one in answers if wrong else ():
        if not one.right or one.grade == "choice" or (not one.ordered and one.grade in PROPOSING):
            print(f"  {one.grade}: {one.row['text']!r}\n    {one.got}\n    expected {one.row['expect']}")


if __name__ == "__main__":
    main()
