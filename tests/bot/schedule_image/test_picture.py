import io
import subprocess
import sys
from datetime import UTC, datetime
from typing import Any

import pytest
from PIL import Image

from bot.schedule_image import canvas as drawing
from bot.schedule_image.canvas import CLOSED, FAINT, FILLS, INK, OPEN, PAPER, drawn, width_of
from bot.schedule_image.content import MOST_ROWS, MOST_VISITS, content_of
from linkdesk.model.outcome import ReadResult
from linkdesk.model.views import BookingView, DayScheduleView, Named, NamedRef, PeriodView, ResourceDayView
from tests.support.paths import ROOT
from tests.support.sandbox_env import ANNA, NOW, open_sandbox_env
from tool_specs.declaration.localized import LANGUAGES, Language
from tool_specs.recipes.day_schedule import GetDaySchedule

DOCS = ROOT / "docs"
NOON = datetime(2026, 11, 20, 9, tzinfo=UTC)


def booking(**more: Any) -> BookingView:  # noqa: ANN401 - any field
    usual: dict[str, Any] = {
        "id": 14,
        "name": "Стрижка",
        "date_from": "2026-11-20T15:00+03:00",
        "date_to": "2026-11-20T16:00+03:00",
        "timezone": "Europe/Moscow",
        "resources": [Named(id=1, name="Анна")],
        "links": [],
        "clients": [],
    }
    return BookingView(**{**usual, **more})


def a_day(*bookings: BookingView, resources: int = 1) -> DayScheduleView:
    hours = [PeriodView(date_from="2026-11-20T09:00+03:00", date_to="2026-11-20T18:00+03:00")]
    lanes = [
        ResourceDayView(resource=Named(id=number, name=f"Мастер {number}"), hours=hours)
        for number in range(1, resources + 1)
    ]
    return DayScheduleView(day="2026-11-20", timezone="Europe/Moscow", resources=lanes, bookings=list(bookings))


def brightness(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_a_bar_says_when_who_and_which_deal() -> None:
    deal, client = (
        NamedRef(type="deal", id=7, name="Стрижка мужская"),
        NamedRef(type="contact", id=1, name="Анна Иванова"),
    )
    scene = content_of(a_day(booking(links=[deal], clients=[client])), "ru", NOON)
    ((visit,),) = [row.visits for row in scene.rows]
    assert (visit.title, visit.detail, visit.linked) == ("15:00–16:00 Анна Иванова", "Стрижка мужская", True)
    assert (visit.start, visit.end) == (900, 960)
    assert (scene.title, scene.now) == ("Пятница 20 ноября", 720)


@pytest.mark.parametrize(("language", "said"), [("en", "no deal"), ("ru", "без сделки")])
def test_a_booking_without_a_deal_says_so_not_by_its_colour_alone(language: Language, said: str) -> None:
    ((visit,),) = [row.visits for row in content_of(a_day(booking()), language, NOON).rows]
    assert (visit.title, visit.detail, visit.linked) == ("15:00–16:00 Стрижка", said, False)


def test_a_group_sees_no_phone_numbers_or_addresses() -> None:
    day = a_day(booking(name="Анна +7 916 123-45-01 anna@example.com"))
    ((visit,),) = [row.visits for row in content_of(day, "ru", NOON, masks=True).rows]
    assert "916" not in visit.title
    assert "anna@" not in visit.title
    ((visit,),) = [row.visits for row in content_of(day, "ru", NOON).rows]
    assert "916" in visit.title


def test_a_booking_over_midnight_is_on_the_day_up_to_its_end() -> None:
    late = booking(date_from="2026-11-20T23:00+03:00", date_to="2026-11-21T01:00+03:00")
    early = booking(date_from="2026-11-19T22:00+03:00", date_to="2026-11-20T02:00+03:00")
    ((first, second),) = [row.visits for row in content_of(a_day(late, early), "en", NOON).rows]
    assert (first.start, first.end, first.title[:11]) == (1380, 1440, "23:00–01:00")
    assert (second.start, second.end) == (0, 120)


def test_a_time_of_another_zone_is_shown_by_the_business_clock() -> None:
    abroad = booking(date_from="2026-11-20T12:00+00:00", date_to="2026-11-20T13:00+00:00", timezone="UTC")
    ((visit,),) = [row.visits for row in content_of(a_day(abroad), "en", NOON).rows]
    assert (visit.start, visit.title[:11]) == (900, "15:00–16:00")


def test_a_booking_of_two_resources_is_in_both_rows_and_one_of_an_unknown_resource_in_a_row_of_its_own() -> None:
    both = booking(resources=[Named(id=1), Named(id=2), Named(id=77)])
    scene = content_of(a_day(both, resources=2), "ru", NOON)
    assert [(row.name, len(row.visits)) for row in scene.rows] == [("Мастер 1", 1), ("Мастер 2", 1), ("Ресурс 77", 1)]


def test_letters_that_the_font_has_not_leave_no_boxes() -> None:
    named = booking(name="💇\u200d♀️ Стрижка 東京 \u202eevil")
    ((visit,),) = [row.visits for row in content_of(a_day(named), "ru", NOON).rows]
    assert visit.title == "15:00–16:00 Стрижка evil"


def test_a_crowded_day_is_cut_with_a_remark_and_busy_resources_stay() -> None:
    last = Named(id=40, name="Мастер 40")
    day = a_day(*(booking(id=number, resources=[last]) for number in range(1, 80)), resources=40)
    scene = content_of(day, "ru", NOON)
    assert len(scene.rows) == MOST_ROWS
    assert sum(len(row.visits) for row in scene.rows) == MOST_VISITS
    assert scene.rows[-1].name == "Мастер 40"
    assert scene.left_out == "На картинке не всё; остальное в списке."


@pytest.mark.parametrize("language", LANGUAGES)
async def test_the_salons_day_becomes_a_small_png(language: Language) -> None:
    async with open_sandbox_env(rate=None) as env:
        found = await env.desk.do(GetDaySchedule(), ANNA)
    assert isinstance(found, ReadResult)
    assert isinstance(found.shown, DayScheduleView)
    png = drawn(content_of(found.shown, language, NOW), language)
    with Image.open(io.BytesIO(png)) as image:
        assert image.format == "PNG"
        assert image.width == 1080
        colours = [colour for _, colour in image.convert("RGB").getcolors(100_000) or [] if isinstance(colour, tuple)]
    green = tuple(int(FILLS[True][0][at : at + 2], 16) for at in (1, 3, 5))
    assert any(all(abs(one - other) < 12 for one, other in zip(colour, green, strict=True)) for colour in colours)
    assert len(png) < 100_000


def test_the_largest_day_is_drawn_within_telegrams_limits() -> None:
    day = a_day(*(booking(id=number, name="Очень длинное название " * 5) for number in range(70)), resources=40)
    png = drawn(content_of(day, "ru", NOON), "ru")
    with Image.open(io.BytesIO(png)) as image:
        assert image.width + image.height <= 10_000
    assert len(png) < 1_000_000


def test_an_empty_portal_is_drawn_too() -> None:
    assert drawn(content_of(a_day(resources=0), "en", NOON), "en").startswith(b"\x89PNG")


def test_the_font_has_every_letter_of_both_languages() -> None:
    nothing = width_of("\uffff", 40, False)  # noqa: FBT003 - not bold
    missing = drawing._font(40, bold=False).getmask("\uffff")  # noqa: SLF001 - what stands for a letter it has not
    letters = "".join(map(chr, (*range(0x21, 0x7F), *range(0x410, 0x450)))) + "ЁёҐґЄєІіЇїҢңӘәҚқ₽₸€№«»“”–—…·äöüßéñçşğ"
    for bold in (False, True):
        font = drawing._font(40, bold=bold)  # noqa: SLF001 - as above
        boxes = [letter for letter in letters if bytes(font.getmask(letter)) == bytes(missing)]
        assert boxes == []
    assert nothing > 0


def test_words_can_be_read_on_every_ground_they_may_stand_on() -> None:
    grounds = [PAPER, CLOSED, OPEN, *(fill for fill, _ in FILLS.values())]
    for ground in grounds:
        assert (brightness(ground) + 0.05) / (brightness(INK) + 0.05) >= 7
    assert (brightness(PAPER) + 0.05) / (brightness(FAINT) + 0.05) >= 4.5


def test_the_pictures_of_the_docs_are_there_and_small() -> None:
    for language in LANGUAGES:
        path = DOCS / f"schedule-{language}.png"
        assert path.stat().st_size < 100_000
        with Image.open(path) as image:
            assert image.width == 1080


def test_the_bot_starts_without_the_library_for_drawing() -> None:
    code = "import bot.app.app, sys; assert not [name for name in sys.modules if name.partition('.')[0] == 'PIL']"
    subprocess.run([sys.executable, "-c", code], check=True)
