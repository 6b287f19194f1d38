import itertools
import random

import pytest

from bot.schedule_image.content import A_DAY, MOST_ROWS, MOST_VISITS, Row, ScheduleContent, Visit
from bot.schedule_image.layout import HEADER, MARGIN, WIDTH, Bar, Label, Layout, Rect, lay_out, shorten
from tool_specs.declaration.localized import LANGUAGES, Language


def measure(text: str, size: int, bold: bool) -> float:
    return len(text) * size * (0.6 if bold else 0.5)


def a_scene(seed: int, rows: int, visits: int) -> ScheduleContent:
    """A day with anything on it: short and long, over midnight, at one time, with long names and none."""
    chance = random.Random(seed)  # noqa: S311 - nothing secret
    lanes: list[list[Visit]] = [[] for _ in range(rows)]
    for number in range(visits):
        start = chance.choice([0, 540, 600, 1380, chance.randrange(A_DAY)])
        end = min(A_DAY, start + chance.choice([0, 15, 60, 90, 600]))
        title = f"{number} " + "Анна-Мария фон Штернберг " * chance.randrange(6)
        lanes[chance.randrange(rows)].append(Visit(start, end, title, "x" * chance.randrange(200), number % 2 == 0))
    hours = [(), ((540, 1080),), ((0, 720), (780, A_DAY))]
    names = ["Кабинет 1", "W" * 300, ""]
    made = tuple(Row(chance.choice(names), chance.choice(hours), tuple(some)) for some in lanes)
    return ScheduleContent(
        "Пятница 20 ноября", "Бронирований: 3", made, chance.choice([None, 0, 740, A_DAY]), "" if seed % 2 else "…"
    )


def extent_of(label: Label) -> Rect:
    wide = measure(label.text, label.size, label.bold)
    return Rect(label.left, label.top, label.left + wide, label.top + label.size)


def within(inner: Rect, outer: Rect) -> bool:
    slack = 0.01
    return (
        outer.left - slack <= inner.left <= inner.right <= outer.right + slack
        and outer.top - slack <= inner.top <= inner.bottom <= outer.bottom + slack
    )


def meet(one: Rect, other: Rect) -> bool:
    return one.left < other.right and other.left < one.right and one.top < other.bottom and other.top < one.bottom


SIZES = [(rows, visits) for rows in (1, 3, 12, MOST_ROWS) for visits in (1, 8, 25, MOST_VISITS)]


@pytest.fixture(params=list(itertools.product(range(2), SIZES)), ids=str)
def layout(request: pytest.FixtureRequest) -> Layout:
    seed, (rows, visits) = request.param
    language: Language = LANGUAGES[seed % 2]
    return lay_out(a_scene(seed, rows, visits), language, measure)


def bars_of(layout: Layout) -> list[Bar]:
    return [bar for lane in layout.lanes for bar in lane.bars]


def test_no_two_bookings_of_a_resource_cover_one_another_or_each_others_words(layout: Layout) -> None:
    for lane in layout.lanes:
        assert not [pair for pair in itertools.combinations(lane.bars, 2) if meet(pair[0].extent, pair[1].extent)]


def test_everything_is_inside_the_picture_and_every_bar_in_its_row(layout: Layout) -> None:
    whole = Rect(0, 0, layout.width, layout.height)
    labels = [
        *layout.labels,
        *(lane.name for lane in layout.lanes),
        *(x for bar in bars_of(layout) for x in bar.labels),
    ]
    assert all(within(extent_of(label), whole) for label in labels)
    for lane in layout.lanes:
        assert within(lane.rect, whole)
        assert all(within(rect, lane.rect) for rect in lane.open)
        assert all(within(bar.rect, lane.rect) and within(bar.extent, lane.rect) for bar in lane.bars)
        assert all(within(extent_of(label), bar.extent) for bar in lane.bars for label in bar.labels)


def test_rows_follow_one_another_below_the_hours(layout: Layout) -> None:
    tops = [lane.rect.top for lane in layout.lanes]
    assert tops[0] > HEADER
    assert all(lane.rect.bottom < after for lane, after in zip(layout.lanes, tops[1:], strict=False))


def test_the_largest_day_is_within_what_telegram_takes(layout: Layout) -> None:
    assert layout.width + layout.height <= 10_000
    assert max(layout.width, layout.height) <= 20 * min(layout.width, layout.height)


def test_every_booking_has_a_bar_that_can_be_seen(layout: Layout) -> None:
    assert all(bar.rect.right - bar.rect.left >= 8 for bar in bars_of(layout))
    assert sum(len(lane.bars) for lane in layout.lanes) in {1, 8, 25, MOST_VISITS}


def test_a_bar_is_where_its_time_is() -> None:
    scene = ScheduleContent(
        "Friday", "", (Row("Anna", ((540, 1080),), (Visit(720, 810, "noon", "", linked=True),)),), now=720
    )
    drawn = lay_out(scene, "en", measure)
    (bar,) = bars_of(drawn)
    hour = (WIDTH - 2 * MARGIN) / 9
    assert bar.rect.left == pytest.approx(MARGIN + 3 * hour)
    assert bar.rect.right == pytest.approx(MARGIN + 4.5 * hour)
    assert drawn.now == pytest.approx(bar.rect.left)
    assert [label.text for label in drawn.labels if label.text.endswith(":00")][:2] == ["9:00", "10:00"]


def test_the_line_of_now_is_left_out_where_the_hours_do_not_show_it() -> None:
    scene = ScheduleContent("Friday", "", (Row("Anna", ((540, 1080),), ()),), now=1300)
    assert lay_out(scene, "en", measure).now is None


def test_two_at_one_time_stand_below_one_another() -> None:
    visits = (Visit(600, 660, "a", "", linked=True), Visit(630, 690, "b", "", linked=False))
    first, second = bars_of(lay_out(ScheduleContent("", "", (Row("Anna", (), visits),)), "en", measure))
    assert second.rect.top >= first.rect.bottom


def test_words_that_would_leave_the_picture_stand_before_their_bar() -> None:
    late = Visit(1020, 1080, "17:00–18:00 Константин", "", linked=True)
    (bar,) = bars_of(lay_out(ScheduleContent("", "", (Row("Anna", ((540, 1080),), (late,)),)), "ru", measure))
    assert bar.labels[0].text == late.title
    assert extent_of(bar.labels[0]).right < bar.rect.left


def test_what_is_too_long_is_cut_and_says_so() -> None:
    assert shorten("Анна", 100, 20, measure) == "Анна"
    short = shorten("Анна Иванова, мастер по волосам", 100, 20, measure)
    assert short == "Анна Иван…"
    assert measure(short, 20, False) <= 100  # noqa: FBT003 - not bold
    assert shorten("W", 1, 20, measure) == "…"
