"""Days and times in both languages. Now is Friday, 2026-11-20, noon in Moscow."""

from __future__ import annotations

from datetime import datetime

import pytest

from bot.nlu.parser import read

NOW = datetime.fromisoformat("2026-11-20T12:00:00+03:00")
DAYS = """
сегодня=11-20 завтра=11-21 послезавтра=11-22 вчера=11-19 в_пятницу=11-20 в_среду=11-25 в_следующий_понедельник=11-23
в_прошлый_вторник=11-10 в_эту_субботу=11-21 5_декабря=12-05 5-го_декабря=12-05 5-7_декабря=12-05..12-07
с_5_по_7_декабря=12-05..12-07 двадцать_пятого_ноября=11-25 21.11=11-21 15_числа=12-15 через_3_дня=11-23
через_неделю=11-27 через_две_недели=12-04 на_этой_неделе=11-16..11-22 на_следующей_неделе=11-23..11-29
на_прошлой_неделе=11-09..11-15 в_следующем_месяце=12-01..12-31 в_декабре=12-01..12-31 на_выходных=11-21..11-22
с_понедельника_по_среду=11-23..11-25 ближайшие_3_дня=11-20..11-22 today=11-20 tomorrow=11-21 yesterday=11-19
the_day_after_tomorrow=11-22 on_Friday=11-20 next_Monday=11-23 next_Friday=11-27 this_Friday=11-20 December_5=12-05
5_December=12-05 the_5th_of_December=12-05 5-7_December=12-05..12-07 from_5_to_7_December=12-05..12-07
December_5-7=12-05..12-07 in_2_days=11-22 in_a_week=11-27 3_days_ago=11-17 this_week=11-16..11-22
next_week=11-23..11-29 this_month=11-01..11-30 this_weekend=11-21..11-22 from_Monday_to_Wednesday=11-23..11-25
the_next_3_days=11-20..11-22 2026-11-21=11-21
"""
TIMES = """
завтра_в_3=21T15:00 завтра_в_три=21T15:00 завтра_в_15.30=21T15:30 послезавтра_в_9_утра=22T09:00
в_пятницу_в_18:00=20T18:00 завтра_в_7_вечера=21T19:00 завтра_в_полдень=21T12:00 завтра_в_полтретьего=21T14:30
завтра_в_половине_третьего=21T14:30 завтра_без_четверти_пять=21T16:45 завтра_без_пятнадцати_пять=21T16:45
завтра_в_четверть_шестого=21T17:15 завтра_в_три_часа_дня=21T15:00 через_час=20T13:00 через_полчаса=20T12:30
через_2_часа=20T14:00 в_15:00=20T15:00 tomorrow_at_3=21T15:00 tomorrow_at_3_pm=21T15:00 3_pm_tomorrow=21T15:00
tomorrow_at_half_past_3=21T15:30 tomorrow_at_quarter_to_5=21T16:45 tomorrow_at_quarter_past_5=21T17:15
tomorrow_at_noon=21T12:00 tomorrow_at_9:30_am=21T09:30 in_an_hour=20T13:00 in_30_minutes=20T12:30
tomorrow_at_10_in_the_morning=21T10:00 tomorrow_at_15=21T15:00
"""


def cases(table: str) -> list[tuple[str, str]]:
    pairs = [pair.rpartition("=") for pair in table.split()]
    return [(phrase.replace("_", " "), expected) for phrase, _, expected in pairs]


def lists(text: str) -> str:
    return f"покажи брони {text}" if any("а" <= letter <= "я" for letter in text) else f"show bookings {text}"


@pytest.mark.parametrize(("text", "expected"), cases(DAYS))
def test_days(text: str, expected: str) -> None:
    first, _, last = expected.partition("..")
    said = read(lists(text), NOW, "Europe/Moscow").arguments
    assert said == {"date_from": f"2026-{first}", "date_to": f"2026-{last or first}"}


@pytest.mark.parametrize(("text", "expected"), cases(TIMES))
def test_times(text: str, expected: str) -> None:
    day, _, clock = expected.partition("T")
    words = "отмени бронь" if any("а" <= letter <= "я" for letter in text) else "cancel the booking"
    said = read(f"{words} {text}", NOW, "Europe/Moscow").arguments
    assert said == {"booking": {"date": f"2026-11-{day}", "time": clock}}


@pytest.mark.parametrize(
    ("zone", "day"), [("Europe/Moscow", "2026-11-21"), ("America/New_York", "2026-11-20"), ("Asia/Tokyo", "2026-11-21")]
)
def test_today_is_that_of_the_business(zone: str, day: str) -> None:
    late = datetime.fromisoformat("2026-11-21T00:30:00+03:00")
    assert read("брони на сегодня", late, zone).arguments["date_from"] == day


@pytest.mark.parametrize(
    "text", ["покажи бронь 14", "в 14 брони покажи сделки", "show booking 5", "may I see booking 5"]
)
def test_the_number_of_a_record_is_no_day_and_no_hour(text: str) -> None:
    assert set(read(text, NOW, "Europe/Moscow").arguments) == {"booking_id"}
