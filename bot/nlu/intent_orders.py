"""Which tool a sentence asks for: what is done, to what, with what. The tools' own `intents` say the rest."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from bot.nlu.analysis import Scene
from bot.nlu.entities import NAME, QUOTE, Mention
from bot.nlu.intent_cues import is_sure, is_taken_off
from bot.nlu.intent_nouns import (
    CLEARING,
    CLIENTS,
    CRM,
    ERASING,
    FOR,
    PLAIN,
    TEXTS,
    TOOL_OF,
    declared,
    item_of,
    objects,
    owner_of,
)
from bot.nlu.intent_questions import found, shown
from bot.nlu.intent_roles import appointing, exchanging
from bot.nlu.lexicon import acts_of
from bot.nlu.tokens import Kind, Mood, Sort
from tool_specs.declaration.intents import Act, Intent

BOOKS: Final = frozenset(
    {"book", "reserve", "schedule", "block", "забронировать", "забронируй", "забронируйте", "бронировать", "бронируй"}
    | {"займи", "займите", "занять"}
)
"""What makes a booking of a resource and a time by itself."""
ON: Final = frozenset({"on", "onto", "to", "into", "in"})
DROP: Final = "drop"
OFF: Final = frozenset({"off", "from", "out"})
"""What tells, after a verb of any motion, what goes on from what comes off; no misspelt word does."""


def _told_by_preposition(scene: Scene, mentions: Sequence[Mention]) -> frozenset[Act]:
    """Give what the verb asks for; one that both joins and parts does what the preposition of the owner says."""
    acts = scene.acts
    dropped = any(unit.word == DROP for unit in scene.orders)
    if not (dropped or {Act.JOIN, Act.PART} <= acts):
        return acts
    # "Out of" and "off of" are told by their first word.
    places = [one.start for one in mentions if one.preposition]
    leading = [scene.units[place] for start in places for place in (start - 1, start) if place >= 0]
    leading = [unit for unit in leading if unit.has(Sort.TOWARDS, Sort.AWAY, Sort.EITHER)]
    said = {unit.word for unit in leading if not unit.corrected} | {unit.text for unit in leading if unit.corrected}
    slipped = any(unit.corrected for unit in [*leading, *scene.orders])
    if dropped:
        # "Drop deal 5 in booking 8" may be either.
        return acts - {Act.PART} if said & ON else acts
    if said and said <= ON and not slipped:
        return acts - {Act.PART}
    if said & OFF and said <= OFF | {"of"} and not slipped:
        return frozenset({Act.PART})
    return acts - {Act.JOIN, Act.PART}


def chosen(scene: Scene) -> Intent | None:
    """Choose by the acts of the one verb that orders something; the order of the acts is that of what is clearest."""
    mentions = [mention for mention in scene.mentions if not mention.used]
    acts = _told_by_preposition(scene, mentions)
    if (sense := appointing(scene, mentions)) is not None:
        return sense
    if (one := declared([act for act in _CHOOSING if act in acts], mentions)) is not None:
        return one
    for act, choose in _CHOOSING.items():
        if act in acts and (sense := choose(scene, mentions)) is not None:
            return sense if sense in TOOL_OF else None
    return None


def _writing(scene: Scene, mentions: Sequence[Mention]) -> Intent | None:
    """Read a text that is given to a record which is there already: "add the note … to waitlist entry 4"."""
    owners = [one for one in mentions if one.noun in {"booking", "waitlist", "resource"}]
    named = [one for one in owners if one.known or (one.noun == "booking" and (one.client or scene.when))]
    if len(named) != 1 or [one for one in objects(mentions) if one.noun != QUOTE]:
        return None
    return Intent(Act.CHANGE, named[0].noun)


def _joining(scene: Scene, mentions: Sequence[Mention], act: Act = Act.JOIN) -> Intent | None:  # noqa: PLR0911 - a table of cases
    things = objects(mentions)
    if scene.of(*TEXTS):
        return _writing(scene, mentions) if act is Act.JOIN and not scene.linking else None
    added = act is Act.JOIN and things and not scene.linking and not scene.of("booking", "waitlist", "activity")
    if added and scene.when.times and all(one.noun in CLIENTS for one in things):
        # "Запиши Иванову на завтра в 15:00" makes a booking; a contact by number has no place in its name.
        named = all(one.name and not one.known and is_sure(scene, one) for one in things)
        return Intent(Act.CREATE, "booking") if named else None
    quoted = bool(things) and all(one.noun == QUOTE for one in things)
    known = any(one.known for one in scene.of("waitlist", "booking"))
    if act is Act.JOIN and quoted and not scene.linking and not known:
        return None
    if scene.of("activity"):
        unfit = [mention for mention in mentions if mention.noun in {"booking", "waitlist", NAME}]
        return None if unfit or not (things or scene.linking) else Intent(act, "activity", "item")
    if scene.of(*PLAIN, "note", "change"):
        return None
    owner = owner_of(mentions)
    if owner is None:
        return None
    if not things:
        return Intent(act, owner, "deal") if scene.linking and not scene.has(Sort.BACK) else None
    if act is Act.PART and not scene.of("booking", "waitlist") and not scene.linking and not _removes(scene, things):
        return None
    item = "deal" if quoted and scene.linking else item_of(things)
    return Intent(act, owner, item) if item else None


def _removes(scene: Scene, things: Sequence[Mention]) -> bool:
    """Tell whether a record of the CRM itself is not meant to be deleted: that we never do."""
    erases = any(unit.word.startswith(ERASING) for unit in scene.orders)
    return not erases or not all(thing.noun in CRM for thing in things)


def _parting(scene: Scene, mentions: Sequence[Mention]) -> Intent | None:
    if len(mentions) == 1 and mentions[0].noun == "waitlist" and mentions[0].known and is_taken_off(scene):
        return Intent(Act.DELETE, "waitlist")
    return _joining(scene, mentions, Act.PART)


def _replacing(scene: Scene, mentions: Sequence[Mention]) -> Intent | None:
    sense = _joining(scene, mentions, Act.JOIN)
    if sense and sense.act is Act.CHANGE:
        return sense
    return Intent(Act.REPLACE, sense.about, sense.item) if sense and sense.about != "activity" else None


def _moving(scene: Scene, mentions: Sequence[Mention]) -> Intent | None:
    if scene.of("activity"):
        bound = Act.JOIN in scene.acts and not any(mention.way is Sort.AWAY for mention in mentions)
        return None if bound or scene.of("booking", "waitlist") else Intent(Act.MOVE, "activity", "item")
    if not scene.of("waitlist", "resource", "change", "plan") and _moves_links(scene, mentions):
        return Intent(Act.MOVE, "deal", "link")
    if len(scene.of("booking")) == 1 and not scene.of("waitlist") and not objects(mentions) and _has_a_place(scene):
        made = Act.CREATE in scene.acts and not scene.of("booking")[0].known
        return None if made else Intent(Act.CHANGE, "booking")
    return _turning(scene, mentions, Act.MOVE)


def _has_a_place(scene: Scene) -> bool:
    """Tell whether a resource or a time is named that a booking may be moved to."""
    return bool(scene.when) or any(unit.has(Sort.NOUN) and "resource" in unit.nouns for unit in scene.units)


def _moves_links(scene: Scene, mentions: Sequence[Mention]) -> bool:
    """Tell whether the links of a deal are moved, and not the deal."""
    things = objects(mentions)
    things = [one for one in things if one.noun != "deal" or not one.bare]
    deals = [one for one in things if one.noun == "deal"]
    links = [one for one in things if one.noun in {"link", "binding"} and one.bare]
    if not deals or len(deals) > 2 or len(deals) + len(links) != len(things) or scene.when:  # noqa: PLR2004 - from, to
        return False
    bookings = scene.of("booking")
    if any(not one.bare or one.plural is False or one.client for one in bookings):
        return False
    if bookings:
        return len(deals) == 2  # noqa: PLR2004 - from, to
    relinks = any(unit.word.startswith(("relink", "перепривя")) for unit in scene.orders)
    return bool(links) or (relinks and len(deals) == 2)  # noqa: PLR2004 - from, to


def _turning(scene: Scene, mentions: Sequence[Mention], act: Act) -> Intent | None:
    """Read a booking that becomes a waitlist entry, or the reverse: one has a number, the other none."""
    bookings, entries = scene.of("booking"), scene.of("waitlist")
    if len(bookings) != 1 or len(entries) != 1 or objects(mentions):
        return None
    booking, entry = bookings[0], entries[0]
    if act is Act.MOVE:
        placed = entry.preposition or not scene.acts & {Act.JOIN, Act.PART}
        if (
            not entry.known
            and placed
            and entry.way is not Sort.AWAY
            and (booking.known or entry.way or not booking.way)
        ):
            return None if booking.way is Sort.TOWARDS else Intent(act, "booking", "waitlist")
        return Intent(act, "waitlist", "booking") if entry.known and not booking.known else None
    if entry.known != booking.known:
        return Intent(act, "booking", "waitlist") if entry.known else Intent(act, "waitlist", "booking")
    return None


def _creating(scene: Scene, mentions: Sequence[Mention]) -> Intent | None:  # noqa: PLR0911 - a table of cases
    if scene.of("booking") and scene.of("waitlist"):
        return _turning(scene, mentions, Act.CREATE)
    if scene.of("resource") and any(one.known for one in scene.of("resource_type")) and not scene.of("booking"):
        return Intent(Act.CREATE, "resource")
    for noun in ("resource_type", "hours"):
        if scene.of(noun) and not (noun == "hours" and scene.when):
            return Intent(Act.CREATE, noun)
    if scene.of("plan", "change", "activity"):
        return None
    books = any(unit.word in BOOKS for unit in scene.orders)
    writes = _writes(scene)
    books = books or (writes and bool(scene.of("resource")) and bool(scene.when))
    people = (
        books
        and not scene.of("booking", "waitlist")
        and all(one.name and one.preposition in FOR and is_sure(scene, one) for one in objects(mentions))
    )
    if not people and [one for one in objects(mentions) if one.noun != QUOTE or scene.of("booking")]:
        return None
    entries = scene.of("waitlist")
    if entries:
        if books and entries[0].known:
            return Intent(Act.CREATE, "booking", "waitlist")
        return None if entries[0].known else Intent(Act.CREATE, "waitlist")
    if books or any(not booking.known for booking in scene.of("booking")):
        return Intent(Act.CREATE, "booking")
    return Intent(Act.CREATE, "resource") if any(not one.known for one in scene.of("resource")) else None


def _writes(scene: Scene) -> bool:
    """Tell whether somebody is written down: "запиши"."""
    return any(unit.word.startswith(("запис", "запиш")) for unit in scene.orders)


def _planning(act: Act) -> Callable[[Scene, Sequence[Mention]], Intent | None]:
    def choose(scene: Scene, mentions: Sequence[Mention]) -> Intent | None:
        others = [mention for mention in mentions if mention.noun != "plan"]
        return Intent(act, "plan") if scene.of("plan") and not others else None

    return choose


def _deleting(scene: Scene, mentions: Sequence[Mention]) -> Intent | None:  # noqa: PLR0911 - a table of cases
    if scene.of("plan"):
        return _planning(Act.DELETE)(scene, mentions)
    if _removes_a_link(mentions):
        return _parting(scene, mentions)
    if scene.of("change", *TEXTS, "moment") or objects(mentions) or scene.of("activity"):
        return None
    if scene.of("hours"):
        return Intent(Act.DELETE, "hours")
    if scene.has(Sort.ALL):
        return None
    if scene.of("resource_type"):
        return Intent(Act.DELETE, "resource_type")
    named = [mention for mention in mentions if mention.noun in {"booking", "waitlist", "resource"}]
    if len({mention.noun for mention in named}) != 1 or any(mention.every or mention.way for mention in named):
        # "Remove … from booking 14" does not mean the booking.
        return None
    if any(unit.word.startswith(CLEARING) for unit in scene.orders):
        # "Clear booking 14" may mean what is in it.
        return None
    return Intent(Act.DELETE, named[0].noun)


def _removes_a_link(mentions: Sequence[Mention]) -> bool:
    """Tell whether it is a link that goes: "отмени привязку сделки 7 к брони 14"."""
    bare = bool(mentions) and mentions[0].noun in {"link", "binding"} and mentions[0].bare
    return bare and any(one.known for one in objects(mentions))


def _changing(scene: Scene, mentions: Sequence[Mention]) -> Intent | None:
    if (sense := exchanging(mentions)) is not None:
        return sense
    if [one for one in objects(mentions) if one.noun != QUOTE] or scene.of("plan", "change", "activity"):
        return None
    if scene.of("booking"):
        return None if scene.of("waitlist", "hours", "resource_type") else Intent(Act.CHANGE, "booking")
    for noun in ("hours", "resource_type", "resource", "waitlist"):
        if scene.of(noun):
            return Intent(Act.CHANGE, noun)
    return None


def _undoing(scene: Scene, mentions: Sequence[Mention]) -> Intent | None:
    others = [mention for mention in mentions if mention.noun != "change"]
    coded = any(unit.kind is Kind.CODE for unit in scene.units)
    plainly = all(not acts_of(unit, Mood.ORDER) & {Act.DELETE} for unit in scene.orders)
    return None if others or not (scene.of("change") or (coded and plainly)) else Intent(Act.UNDO, "change")


_CHOOSING = {
    Act.UNDO: _undoing,
    Act.REPLACE: _replacing,
    Act.PART: _parting,
    Act.MOVE: _moving,
    Act.JOIN: _joining,
    Act.DELETE: _deleting,
    Act.CREATE: _creating,
    Act.CHANGE: _changing,
    Act.APPLY: _planning(Act.APPLY),
    Act.REJECT: _planning(Act.REJECT),
    Act.FIND: found,
    Act.SHOW: shown,
}
