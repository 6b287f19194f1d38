"""Image service: the day is read with the requester's permissions, and drawn in a thread."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from dataclasses import dataclass, replace
from typing import Final

import structlog

from bot.schedule_image.content import content_of
from bot.schedule_image.request import ImageRequest
from linkdesk.desk import Desk
from linkdesk.errors.base import Trouble
from linkdesk.model.outcome import ReadResult
from linkdesk.model.views import DayScheduleView
from tool_specs.recipes.day_schedule import GetDaySchedule

log = structlog.stdlib.get_logger()

MOST_FRESH: Final = 32


@dataclass(frozen=True, slots=True)
class RenderedImage:
    """A picture with its caption."""

    png: bytes
    caption: str


class ImageService:
    """Draws the schedule of a day."""

    def __init__(self, desk: Desk) -> None:
        """Take the desk."""
        self._desk = desk
        self._fresh: OrderedDict[ImageRequest, DayScheduleView] = OrderedDict()

    def prepare(self, picture: ImageRequest, shown: DayScheduleView) -> None:
        """Keep a day that was just read, so that drawing it needs no second request."""
        self._fresh[replace(picture, masked=False)] = shown
        while len(self._fresh) > MOST_FRESH:
            self._fresh.popitem(last=False)

    async def draw(self, picture: ImageRequest) -> RenderedImage | None:
        """Draw a picture; None where it cannot be drawn and text has to do."""
        shown = self._fresh.pop(replace(picture, masked=False), None)
        try:
            from bot.schedule_image.canvas import drawn

            if shown is None:
                found = await self._desk.do(GetDaySchedule(day=picture.day), picture.actor)
                if not (isinstance(found, ReadResult) and isinstance(found.shown, DayScheduleView)):
                    return None
                shown = found.shown
            scene = content_of(shown, picture.language, self._desk.now(), masks=picture.masked)
            png = await asyncio.to_thread(drawn, scene, picture.language)
        except Trouble as trouble:
            log.warning("picture.day_not_read", code=trouble.failure.code)
            return None
        except Exception:
            log.warning("picture.not_drawn", exc_info=True)
            return None
        return RenderedImage(png, f"{scene.title}. {scene.remark}.")
