"""Drawing a laid-out picture with Pillow."""

from __future__ import annotations

import io
from functools import cache
from pathlib import Path
from typing import Final

from PIL import Image, ImageDraw, ImageFont

from bot.schedule_image.content import ScheduleContent
from bot.schedule_image.layout import EDGE, Label, Layout, Rect, lay_out
from tool_specs.declaration.localized import Language

FONTS: Final = Path(__file__).parent / "fonts"

# Light, whatever the theme of the phone: every text is dark on each of the grounds it may stand on.
PAPER: Final = "#eef1f5"
CLOSED: Final = "#dce2ea"
OPEN: Final = "#ffffff"
GRID: Final = "#cfd6df"
INK: Final = "#16202b"
FAINT: Final = "#4a5664"
NOW: Final = "#d32f2f"
FILLS: Final = {True: ("#bfe3cf", "#1b7f4b"), False: ("#ffe0a8", "#b26a00")}
"""With a deal, and without: the ground of a bar, and the strip at its left."""
COLOURS: Final = 48


@cache
def _font(size: int, *, bold: bool) -> ImageFont.FreeTypeFont:
    name = "DejaVuSansCondensed-Bold.ttf" if bold else "DejaVuSansCondensed.ttf"
    return ImageFont.truetype(FONTS / name, size, layout_engine=ImageFont.Layout.BASIC)


def width_of(text: str, size: int, bold: bool) -> float:  # noqa: FBT001 - the form that the layout asks for
    """Return the width of a text in pixels."""
    return _font(size, bold=bold).getlength(text)


def drawn(scene: ScheduleContent, language: Language) -> bytes:
    """Draw a day as a PNG file."""
    return png_of(lay_out(scene, language, width_of))


def png_of(layout: Layout) -> bytes:
    """Draw a layout as a PNG file."""
    image = Image.new("RGB", (layout.width, layout.height), PAPER)
    draw = ImageDraw.Draw(image)
    for lane in layout.lanes:
        draw.rectangle(_corners(lane.rect), CLOSED)
        for rect in lane.open:
            draw.rectangle(_corners(rect), OPEN)
        for x in layout.ticks:
            draw.line((x, lane.rect.top, x, lane.rect.bottom - 1), GRID)
        _write(draw, lane.name)
    bars = [bar for lane in layout.lanes for bar in lane.bars]
    for bar in bars:
        fill, edge = FILLS[bar.linked]
        draw.rounded_rectangle(_corners(bar.rect), 6, fill, edge)
        strip = Rect(bar.rect.left, bar.rect.top, min(bar.rect.left + EDGE, bar.rect.right), bar.rect.bottom)
        draw.rectangle(_corners(strip), edge)
    if layout.now is not None and layout.lanes:
        top, bottom = layout.lanes[0].rect.top, layout.lanes[-1].rect.bottom
        draw.line((layout.now, top - 8, layout.now, bottom), NOW, 3)
    for rect, linked in layout.legend:
        draw.rounded_rectangle(_corners(rect), 4, *FILLS[linked])
    for label in (*(label for bar in bars for label in bar.labels), *layout.labels):
        _write(draw, label)
    out = io.BytesIO()
    # Few colours make a small file, which matters on a phone.
    image.quantize(COLOURS).save(out, "PNG", optimize=True)
    return out.getvalue()


def _corners(rect: Rect) -> tuple[float, float, float, float]:
    return rect.left, rect.top, rect.right - 1, rect.bottom - 1


def _write(draw: ImageDraw.ImageDraw, label: Label) -> None:
    font = _font(label.size, bold=label.bold)
    draw.text((label.left, label.top), label.text, FAINT if label.faint else INK, font)
