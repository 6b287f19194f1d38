"""Layout of the picture: rectangles and texts in pixels. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from bot.schedule_image.content import A_DAY, NO_DEAL, WITH_DEAL, Row, ScheduleContent, Visit
from tool_specs.declaration.localized import Language

WIDTH: Final = 1080
"""A phone's width, so that letters are not made smaller than they are drawn."""
MARGIN: Final = 24
TITLE: Final = 36
NAME: Final = 26
TEXT: Final = 23
SMALL: Final = 20
HEADER: Final = 112
AXIS: Final = 34
NAME_HEIGHT: Final = 42
BAR_HEIGHT: Final = 64
LINE: Final = 28
GAP: Final = 6
PAD: Final = 12
EDGE: Final = 6
"""How wide the strip is that tells the kind of a bar in its full colour."""
FOOT: Final = 36
LONGEST_LABEL: Final = 460
SHORTEST_BAR: Final = 8
OPENS: Final = 9 * 60
CLOSES: Final = 18 * 60
"""The hours shown where nothing is known of the day."""
MOST_TICKS: Final = 12

Measure: TypeAlias = Callable[[str, int, bool], float]
"""Measures the width of a text in pixels: the text, its size, whether it is bold."""


@dataclass(frozen=True, slots=True)
class Rect:
    """A rectangle; right and bottom are exclusive."""

    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Label:
    """A line of text, by its upper left corner."""

    text: str
    left: float
    top: float
    size: int = TEXT
    bold: bool = False
    faint: bool = False


@dataclass(frozen=True, slots=True)
class Bar:
    """A booking; its text may go beyond the rectangle, and nothing else is within `extent`."""

    rect: Rect
    extent: Rect
    labels: tuple[Label, ...]
    linked: bool


@dataclass(frozen=True, slots=True)
class Lane:
    """A resource's row: `open` are its working hours."""

    name: Label
    rect: Rect
    open: tuple[Rect, ...]
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class Layout:
    """The whole picture."""

    width: int
    height: int
    labels: tuple[Label, ...]
    ticks: tuple[float, ...]
    legend: tuple[tuple[Rect, bool], ...]
    """The samples of the two kinds of bars."""
    lanes: tuple[Lane, ...]
    now: float | None
    """Where the line of the present time goes, if it is on the picture."""


def shorten(text: str, most: float, size: int, measure: Measure, *, bold: bool = False) -> str:
    """Shorten a text to a width with an ellipsis."""
    if measure(text, size, bold) <= most:
        return text
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (
            (middle, high) if measure(f"{text[:middle].rstrip()}\u2026", size, bold) <= most else (low, middle - 1)
        )
    return f"{text[:low].rstrip()}\u2026"


def lay_out(scene: ScheduleContent, language: Language, measure: Measure) -> Layout:
    """Compute the position of everything on the picture."""
    scale = _Scale(*_hours(scene.rows))
    top = float(HEADER + AXIS)
    lanes: list[Lane] = []
    for row in scene.rows:
        lane = _lane(row, top, scale, measure)
        lanes.append(lane)
        top = lane.rect.bottom + GAP
    step = next(step for step in (1, 2, 3, 4) if (scale.last - scale.first) // 60 <= step * MOST_TICKS)
    hours = range(scale.first // 60, scale.last // 60 + 1, step)
    labels = [
        Label(shorten(scene.title, WIDTH - 2 * MARGIN, TITLE, measure, bold=True), MARGIN, 18, TITLE, bold=True),
        Label(scene.remark, MARGIN, 70, TEXT, faint=True),
    ]
    for hour in hours:
        text = f"{hour}:00"
        wide = measure(text, SMALL, False)  # noqa: FBT003 - not bold
        left = min(max(scale.at(hour * 60) - wide / 2, 0), WIDTH - wide)
        labels.append(Label(text, left, HEADER + 4, SMALL, faint=True))
    legend, texts = _legend(language, measure)
    if scene.left_out:
        texts = (*texts, Label(scene.left_out, MARGIN, top + 4, SMALL, faint=True))
        top += FOOT
    shown_now = scene.now is not None and scale.first <= scene.now <= scale.last
    return Layout(
        width=WIDTH,
        height=int(top + MARGIN),
        labels=(*labels, *texts),
        ticks=tuple(scale.at(hour * 60) for hour in hours),
        legend=legend,
        lanes=tuple(lanes),
        now=scale.at(scene.now) if shown_now and scene.now is not None else None,
    )


@dataclass(frozen=True, slots=True)
class _Scale:
    """The horizontal time scale, in minutes of the day."""

    first: int
    last: int

    def at(self, minute: float) -> float:
        return MARGIN + (minute - self.first) / (self.last - self.first) * (WIDTH - 2 * MARGIN)


def _hours(rows: Sequence[Row]) -> tuple[int, int]:
    """Return the full hours that contain all working hours and bookings."""
    spans = [span for row in rows for span in (*row.open, *((visit.start, visit.end) for visit in row.visits))]
    first = min((start for start, _ in spans), default=OPENS) // 60 * 60
    last = -(-max((end for _, end in spans), default=CLOSES) // 60) * 60
    return (first, last) if first < last else (max(first - 60, 0), min(first + 60, A_DAY))


def _lane(row: Row, top: float, scale: _Scale, measure: Measure) -> Lane:
    name = Label(shorten(row.name, WIDTH - 2 * MARGIN, NAME, measure, bold=True), MARGIN, top + 6, NAME, bold=True)
    inside = top + NAME_HEIGHT
    rows: list[list[Bar]] = []
    for visit in sorted(row.visits, key=lambda visit: (visit.start, visit.end)):
        # What is beside one another in time, or whose texts would meet, goes below.
        for depth in range(len(rows) + 1):
            bar = _bar(visit, inside + GAP + depth * (BAR_HEIGHT + GAP), scale, measure)
            if depth == len(rows):
                rows.append([bar])
                break
            if all(_apart(bar, other) for other in rows[depth]):
                rows[depth].append(bar)
                break
    bottom = inside + GAP + max(len(rows) * (BAR_HEIGHT + GAP), BAR_HEIGHT // 2)
    return Lane(
        name=name,
        rect=Rect(MARGIN, inside, WIDTH - MARGIN, bottom),
        open=tuple(Rect(scale.at(start), inside, scale.at(end), bottom) for start, end in row.open),
        bars=tuple(bar for some in rows for bar in some),
    )


def _apart(one: Bar, other: Bar) -> bool:
    return one.extent.left >= other.extent.right + GAP or one.extent.right + GAP <= other.extent.left


def _bar(visit: Visit, top: float, scale: _Scale, measure: Measure) -> Bar:
    left = min(scale.at(visit.start), WIDTH - MARGIN - SHORTEST_BAR)
    right = max(scale.at(visit.end), left + SHORTEST_BAR)
    wanted = max(measure(visit.title, TEXT, True), measure(visit.detail, TEXT, False))  # noqa: FBT003 - bold or not
    inset = EDGE + PAD
    room = WIDTH - MARGIN - left - inset - PAD
    wide = min(wanted, max(LONGEST_LABEL, right - left - inset - PAD))
    if wide <= room or left - MARGIN < wide + PAD:
        wide, start = min(wide, room), left + inset
    else:
        # A text that would go beyond the edge stands before its bar.
        start = left - PAD - wide
    texts = ((visit.title, True), (visit.detail, False))
    labels = tuple(
        Label(shorten(text, wide, TEXT, measure, bold=bold), start, top + 4 + place * LINE, TEXT, bold=bold)
        for place, (text, bold) in enumerate(texts)
        if text
    )
    return Bar(
        rect=Rect(left, top, right, top + BAR_HEIGHT),
        extent=Rect(min(start, left), top, max(start + wide, right), top + BAR_HEIGHT),
        labels=labels,
        linked=visit.linked,
    )


def _legend(language: Language, measure: Measure) -> tuple[tuple[tuple[Rect, bool], ...], tuple[Label, ...]]:
    """Lay out the legend of the two kinds of bars, right of the remark."""
    samples: list[tuple[Rect, bool]] = []
    labels: list[Label] = []
    right = float(WIDTH - MARGIN)
    for said, linked in ((NO_DEAL, False), (WITH_DEAL, True)):
        text = said.to(language)
        left = right - measure(text, TEXT, False)  # noqa: FBT003 - not bold
        labels.append(Label(text, left, 70, TEXT, faint=True))
        samples.append((Rect(left - 34, 72, left - 10, 96), linked))
        right = left - 34 - 2 * PAD
    return tuple(samples), tuple(labels)
