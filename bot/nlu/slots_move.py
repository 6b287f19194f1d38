"""Two days or times in an order to move a booking: the first tell which one it is, those after "to" or "на" are new."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from bot.nlu.dates import Days, When
from bot.nlu.entities import Mention
from bot.nlu.intent_nouns import TEXTS, renames
from bot.nlu.scene import Scene

LEADING: Final = frozenset({"to", "на", "until", "till"})
"""What stands before the new day or time."""
BETWEEN: Final = frozenset({"the", "a"})


@dataclass(frozen=True, slots=True)
class Move:
    """What was said of the booking as it is, and what of where it goes."""

    old: When
    new: When


def move_of(scene: Scene) -> Move | None:
    """Tell the old days and times from the new ones; None where there is nothing to tell apart, or no telling."""
    when, bookings = scene.when, scene.of("booking")
    if len(bookings) != 1 or bookings[0].known:
        return None
    if len(when.days) == 1 and when.days[0].first != when.days[0].last and len(when.times) < 2:  # noqa: PLR2004 - one new time
        return _from_day_to_day(when)
    if _tells_which(scene, bookings[0]) or (scene.extends and _is_one(when)):
        return Move(When(days=when.days[:1], times=when.times[:1]), When()) if _is_one(when) else None
    places = sorted({*when.days_at, *when.times_at})
    leads = [place for place in places if _is_led(scene, place)]
    described = any(place < bookings[0].at for place in when.days_at)
    if len(when.days) < 2 and len(when.times) < 2 and not described:  # noqa: PLR2004 - an old and a new one
        return None
    for lead in leads:
        old, new = _part(when, lead, before=True), _part(when, lead, before=False)
        if max(len(old.days), len(old.times), len(new.days), len(new.times)) <= 1 and old:
            new.days = new.days or old.days
            return Move(old, new)
    return None


def _is_one(when: When) -> bool:
    return bool(when) and len(when.days) < 2 and len(when.times) < 2  # noqa: PLR2004 - at most one of each


def _tells_which(scene: Scene, booking: Mention) -> bool:
    """Tell whether days and times only tell which booking it is: its text is changed, or it goes to a resource."""
    if scene.of(*TEXTS) or renames(scene):
        return True
    when = scene.when
    resources = [one.at for one in scene.mentions if one.noun == "resource" and one.preposition in LEADING]
    places = [*when.days_at, *when.times_at]
    return bool(resources) and all(at < resources[0] and (at < booking.at or not _is_led(scene, at)) for at in places)


def _is_led(scene: Scene, place: int) -> bool:
    units = scene.units
    if units[place].word in LEADING:
        return True
    before = place - 1
    while before > 0 and units[before].word in BETWEEN:
        before -= 1
    return before >= 0 and units[before].word in LEADING


def _part(when: When, lead: int, *, before: bool) -> When:
    days = [day for day, at in zip(when.days, when.days_at, strict=True) if (at < lead) is before]
    times = [time for time, at in zip(when.times, when.times_at, strict=True) if (at < lead) is before]
    return When(days=days, times=times, lengths=[] if before else when.lengths)


def _from_day_to_day(when: When) -> Move:
    """Read "from Tuesday to Friday at 11" as an old day and a new one."""
    old, new = when.days[0].first, when.days[0].last
    return Move(When(days=[Days(old, old)]), When(days=[Days(new, new)], times=when.times, lengths=when.lengths))
