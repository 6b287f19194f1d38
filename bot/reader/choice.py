"""Which tool a sentence asks for: what is done, to what, with what. The tools' own `senses` say the rest."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final

from bot.reader.appointing import appointing, exchanging
from bot.reader.lexicon import acts_of
from bot.reader.mentions import NAME, QUOTE, Mention
from bot.reader.scene import Scene
from bot.reader.telling import (
    asks_for_hours,
    asks_for_people,
    asks_whether,
    is_coming,
    is_sure,
    is_taken_off,
    tied,
)
from bot.reader.units import Kind, Mood, Sort
from tool_specs import TOOLS
from tool_specs.method import Method
from tool_specs.speech import Act, Sense

TOOL_OF: Final[Mapping[Sense, type[Method[Any]]]] = {sense: method for method in TOOLS for sense in method.senses}

CRM: Final = frozenset({"deal", "contact", "company", "lead", "quote", "invoice"})
DEALS: Final = frozenset({"deal", "link", "binding"})
CLIENTS: Final = frozenset({"client", "contact", "company", NAME})
OTHERS: Final = frozenset({"lead", "quote", "invoice"})
ERASING: Final = ("delet", "eras", "удал", "стер", "сотр", "снес")
"""How the verbs begin that would delete a record of the CRM itself."""
CLEARING: Final = ("reset", "сбро", "сбра", "clear", "wipe", "очи", "сним", "снять", "снимать", "drop")
RENAMING: Final = ("rename", "переимен", "назов", "назва", "назыв")
FOR: Final = frozenset({"", "for", "для"})
"""What may lead to whom a booking is made for."""
TEXTS: Final = ("note", "description", "title")
"""What is written down as it is."""
PLAIN: Final = ("resource_type", "hours", "resource")


TABLED: Final = (
    CRM
    | DEALS
    | CLIENTS
    | {
        QUOTE,
        "item",
        *TEXTS,
        *PLAIN,
        "booking",
        "waitlist",
        "activity",
        "client_type",
        "crm_type",
        "change",
        "plan",
        "moment",
    }
)
"""The nouns that the tables below tell apart."""


def _declared(acts: Iterable[Act], mentions: Sequence[Mention]) -> Sense | None:
    """Choose the tool of a noun that no table speaks of, as it is declared: a new method brings its words."""
    nouns = {mention.noun for mention in mentions}
    if len(nouns) != 1 or nouns & TABLED:
        return None
    noun = next(iter(nouns))
    many = not any(mention.known for mention in mentions)
    senses = [Sense(act, noun, many=several) for act in acts for several in (many, False)]
    return next((sense for sense in senses if sense in TOOL_OF), None)


def chosen(scene: Scene) -> Sense | None:
    """Choose by the acts of the one verb that orders something; the order of the acts is that of what is clearest."""
    acts = scene.acts
    mentions = [mention for mention in scene.mentions if not mention.used]
    if (sense := appointing(scene, mentions)) is not None:
        return sense
    if (declared := _declared([act for act in _CHOOSING if act in acts], mentions)) is not None:
        return declared
    for act, choose in _CHOOSING.items():
        if act in acts and (sense := choose(scene, mentions)) is not None:
            return sense if sense in TOOL_OF else None
    return None


def objects(mentions: Sequence[Mention]) -> list[Mention]:
    """Give what is joined, parted or asked about, owners aside."""
    return [mention for mention in mentions if mention.noun in CRM | DEALS | CLIENTS | {"item", QUOTE}]


def owner_of(mentions: Sequence[Mention]) -> str | None:
    """Name the kind of owner: a booking, unless a waitlist entry is named; None where both are."""
    named = {mention.noun for mention in mentions if mention.noun in {"booking", "waitlist"}}
    return None if len(named) > 1 else next(iter(named), "booking")


def _item_of(things: Sequence[Mention]) -> str | None:
    """Name what stands beside the owner: deals or clients; None where it is both or neither."""
    deals = [thing for thing in things if thing.noun in DEALS | {QUOTE}]
    clients = [thing for thing in things if thing.noun in CLIENTS]
    if [thing for thing in things if thing.noun in OTHERS | {"item", QUOTE}] or bool(deals) == bool(clients):
        return None
    return "deal" if deals else "client"


def mentions_more(mentions: Sequence[Mention], things: Sequence[Mention]) -> bool:
    """Tell whether anything but these is mentioned."""
    return any(all(mention is not thing for thing in things) for mention in mentions)


def renames(scene: Scene) -> bool:
    """Tell whether a verb speaks of a name by itself."""
    return any(unit.word.startswith(RENAMING) for unit in scene.orders)


def _writing(scene: Scene, mentions: Sequence[Mention]) -> Sense | None:
    """Read a text that is given to a record which is there already: "add the note … to waitlist entry 4"."""
    owners = [one for one in mentions if one.noun in {"booking", "waitlist", "resource"}]
    named = [one for one in owners if one.known or (one.noun == "booking" and (one.client or scene.when))]
    if len(named) != 1 or [one for one in objects(mentions) if one.noun != QUOTE]:
        return None
    return Sense(Act.CHANGE, named[0].noun)


def _joining(scene: Scene, mentions: Sequence[Mention], act: Act = Act.JOIN) -> Sense | None:  # noqa: PLR0911 - a table of cases
    things = objects(mentions)
    if scene.of(*TEXTS):
        return _writing(scene, mentions) if act is Act.JOIN and not scene.linking else None
    added = act is Act.JOIN and things and not scene.linking and not scene.of("booking", "waitlist", "activity")
    if added and scene.when.times and all(one.noun in CLIENTS for one in things):
        # "Запиши Иванову на завтра в 15:00" makes a booking; a contact by number has no place in its name.
        named = all(one.name and not one.known and is_sure(scene, one) for one in things)
        return Sense(Act.CREATE, "booking") if named else None
    quoted = bool(things) and all(one.noun == QUOTE for one in things)
    known = any(one.known for one in scene.of("waitlist", "booking"))
    if act is Act.JOIN and quoted and not scene.linking and not known:
        return None
    if scene.of("activity"):
        unfit = [mention for mention in mentions if mention.noun in {"booking", "waitlist", NAME}]
        return None if unfit or not (things or scene.linking) else Sense(act, "activity", "item")
    if scene.of(*PLAIN, "note", "change"):
        return None
    owner = owner_of(mentions)
    if owner is None:
        return None
    if not things:
        return Sense(act, owner, "deal") if scene.linking and not scene.has(Sort.BACK) else None
    if act is Act.PART and not scene.of("booking", "waitlist") and not scene.linking and not _removes(scene, things):
        return None
    item = "deal" if quoted and scene.linking else _item_of(things)
    return Sense(act, owner, item) if item else None


def _removes(scene: Scene, things: Sequence[Mention]) -> bool:
    """Tell whether a record of the CRM itself is not meant to be deleted: that we never do."""
    erases = any(unit.word.startswith(ERASING) for unit in scene.orders)
    return not erases or not all(thing.noun in CRM for thing in things)


def _parting(scene: Scene, mentions: Sequence[Mention]) -> Sense | None:
    if len(mentions) == 1 and mentions[0].noun == "waitlist" and mentions[0].known and is_taken_off(scene):
        return Sense(Act.DELETE, "waitlist")
    return _joining(scene, mentions, Act.PART)


def _replacing(scene: Scene, mentions: Sequence[Mention]) -> Sense | None:
    sense = _joining(scene, mentions, Act.JOIN)
    if sense and sense.act is Act.CHANGE:
        return sense
    return Sense(Act.REPLACE, sense.about, sense.item) if sense and sense.about != "activity" else None


def _moving(scene: Scene, mentions: Sequence[Mention]) -> Sense | None:
    if scene.of("activity"):
        bound = Act.JOIN in scene.acts and not any(mention.way is Sort.AWAY for mention in mentions)
        return None if bound or scene.of("booking", "waitlist") else Sense(Act.MOVE, "activity", "item")
    if not scene.of("waitlist", "resource", "change", "plan") and _moves_links(scene, mentions):
        return Sense(Act.MOVE, "deal", "link")
    if len(scene.of("booking")) == 1 and not scene.of("waitlist") and not objects(mentions) and _has_a_place(scene):
        made = Act.CREATE in scene.acts and not scene.of("booking")[0].known
        return None if made else Sense(Act.CHANGE, "booking")
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


def _turning(scene: Scene, mentions: Sequence[Mention], act: Act) -> Sense | None:
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
            return None if booking.way is Sort.TOWARDS else Sense(act, "booking", "waitlist")
        return Sense(act, "waitlist", "booking") if entry.known and not booking.known else None
    if entry.known != booking.known:
        return Sense(act, "booking", "waitlist") if entry.known else Sense(act, "waitlist", "booking")
    return None


def _creating(scene: Scene, mentions: Sequence[Mention]) -> Sense | None:  # noqa: PLR0911 - a table of cases
    if scene.of("booking") and scene.of("waitlist"):
        return _turning(scene, mentions, Act.CREATE)
    if scene.of("resource") and any(one.known for one in scene.of("resource_type")) and not scene.of("booking"):
        return Sense(Act.CREATE, "resource")
    for noun in ("resource_type", "hours"):
        if scene.of(noun) and not (noun == "hours" and scene.when):
            return Sense(Act.CREATE, noun)
    if scene.of("plan", "change", "activity"):
        return None
    verbs = {"book", "reserve", "забронировать", "забронируй", "забронируйте", "бронировать", "бронируй", "schedule"}
    books = any(unit.word in verbs for unit in scene.orders)
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
            return Sense(Act.CREATE, "booking", "waitlist")
        return None if entries[0].known else Sense(Act.CREATE, "waitlist")
    if books or any(not booking.known for booking in scene.of("booking")):
        return Sense(Act.CREATE, "booking")
    return Sense(Act.CREATE, "resource") if any(not one.known for one in scene.of("resource")) else None


def _writes(scene: Scene) -> bool:
    """Tell whether somebody is written down: "запиши"."""
    return any(unit.word.startswith(("запис", "запиш")) for unit in scene.orders)


def _planning(act: Act) -> Callable[[Scene, Sequence[Mention]], Sense | None]:
    def choose(scene: Scene, mentions: Sequence[Mention]) -> Sense | None:
        others = [mention for mention in mentions if mention.noun != "plan"]
        return Sense(act, "plan") if scene.of("plan") and not others else None

    return choose


def _deleting(scene: Scene, mentions: Sequence[Mention]) -> Sense | None:  # noqa: PLR0911 - a table of cases
    if scene.of("plan"):
        return _planning(Act.DELETE)(scene, mentions)
    if _removes_a_link(mentions):
        return _parting(scene, mentions)
    if scene.of("change", *TEXTS, "moment") or objects(mentions) or scene.of("activity"):
        return None
    if scene.of("hours"):
        return Sense(Act.DELETE, "hours")
    if scene.has(Sort.ALL):
        return None
    if scene.of("resource_type"):
        return Sense(Act.DELETE, "resource_type")
    named = [mention for mention in mentions if mention.noun in {"booking", "waitlist", "resource"}]
    if len({mention.noun for mention in named}) != 1 or any(mention.every or mention.way for mention in named):
        # "Remove … from booking 14" does not mean the booking.
        return None
    if any(unit.word.startswith(CLEARING) for unit in scene.orders):
        # "Clear booking 14" may mean what is in it.
        return None
    return Sense(Act.DELETE, named[0].noun)


def _removes_a_link(mentions: Sequence[Mention]) -> bool:
    """Tell whether it is a link that goes: "отмени привязку сделки 7 к брони 14"."""
    bare = bool(mentions) and mentions[0].noun in {"link", "binding"} and mentions[0].bare
    return bare and any(one.known for one in objects(mentions))


def _changing(scene: Scene, mentions: Sequence[Mention]) -> Sense | None:
    if (sense := exchanging(mentions)) is not None:
        return sense
    if [one for one in objects(mentions) if one.noun != QUOTE] or scene.of("plan", "change", "activity"):
        return None
    if scene.of("booking"):
        return None if scene.of("waitlist", "hours", "resource_type") else Sense(Act.CHANGE, "booking")
    for noun in ("hours", "resource_type", "resource", "waitlist"):
        if scene.of(noun):
            return Sense(Act.CHANGE, noun)
    return None


def _undoing(scene: Scene, mentions: Sequence[Mention]) -> Sense | None:
    others = [mention for mention in mentions if mention.noun != "change"]
    coded = any(unit.kind is Kind.CODE for unit in scene.units)
    plainly = all(not acts_of(unit, Mood.ORDER) & {Act.DELETE} for unit in scene.orders)
    return None if others or not (scene.of("change") or (coded and plainly)) else Sense(Act.UNDO, "change")


def _finding(scene: Scene, mentions: Sequence[Mention]) -> Sense | None:
    if scene.of("activity") and not any(mention.known for mention in scene.of("activity")):
        return Sense(Act.FIND, "activity")
    things = objects(mentions)
    if scene.of("booking", "waitlist", "resource", "resource_type", "hours", "activity"):
        return _showing(scene, mentions)
    if any(thing.known for thing in things):
        return Sense(Act.SHOW, "item")
    return Sense(Act.FIND, "item")


def _showing(scene: Scene, mentions: Sequence[Mention]) -> Sense | None:  # noqa: C901, PLR0911, PLR0912 - a table of cases
    things = objects(mentions)
    if scene.of("activity"):
        return _showing_activity(scene, things)
    if scene.of("plan"):
        coded = any(unit.kind is Kind.CODE for unit in scene.units) or scene.of("plan")[0].known
        asked = scene.orders or any(unit.has(Sort.ASKING) for unit in scene.units)
        return Sense(Act.SHOW, "plan") if not things and (coded or asked) else None
    for noun in ("client_type", "crm_type", "change"):
        if scene.of(noun):
            return Sense(Act.SHOW, noun, many=True)
    if hours := scene.of("hours"):
        # "The schedule for tomorrow" is that of the bookings.
        if not scene.of("resource") and not hours[0].known and scene.when and not scene.of("booking"):
            return Sense(Act.SHOW, "booking", many=True)
        return Sense(Act.SHOW, "hours")
    if scene.of("resource") and asks_for_hours(scene) and not scene.of("booking"):
        return Sense(Act.SHOW, "hours")
    if scene.of("resource") and any(one.known for one in scene.of("resource_type")):
        return Sense(Act.SHOW, "resource", many=True)
    for noun in ("resource_type", "resource"):
        if (named := scene.of(noun)) and not scene.of("booking", "waitlist"):
            return Sense(Act.SHOW, noun, many=not named[0].known)
    owner = owner_of(mentions)
    owners = scene.of("booking", "waitlist")
    if owner is None:
        return None
    if owners:
        return _showing_owner(scene, owner, owners, things)
    of_one = len(things) == 1 and things[0].noun in CLIENTS
    if of_one and _comes(scene) and (things[0].described or (things[0].known and is_coming(scene))):
        return Sense(Act.SHOW, "booking", many=True)
    known = [one for one in things if one.known]
    carded = len(known) == 1 and all(one.bare and one.noun == known[0].noun for one in things if one is not known[0])
    if things and not known and any(one.described for one in things) and not mentions_more(mentions, things):
        return Sense(Act.FIND, "item")
    return Sense(Act.SHOW, "item") if things and (things[0].known or carded) else None


def _showing_activity(scene: Scene, things: Sequence[Mention]) -> Sense | None:
    named = scene.of("activity")
    if not any(mention.known for mention in named):
        alone = not things and len(named) == 1 and named[0].plural is False and tied(scene)
        return Sense(Act.SHOW, "activity", "item") if alone else Sense(Act.SHOW, "activity", many=True)
    placed = any(unit.word in {"where", "где"} for unit in scene.units)
    return Sense(Act.SHOW, "activity", "item") if things or placed or tied(scene) else Sense(Act.SHOW, "activity")


def _showing_owner(scene: Scene, owner: str, owners: Sequence[Mention], things: Sequence[Mention]) -> Sense | None:  # noqa: PLR0911 - a table of cases
    known = owners[0].known
    beside = [thing for thing in things if thing.bare]
    if known or (beside and not owners[0].plural) or (beside and (scene.when.times or owners[0].client)):
        if beside or things:
            item = _item_of(beside or things)
            return Sense(Act.SHOW, owner, item) if item else None
        if asks_for_people(scene):
            return Sense(Act.SHOW, owner, "client")
        if tied(scene):
            return Sense(Act.SHOW, owner, "deal")
        return Sense(Act.SHOW, owner)
    if beside and not any(thing.known or thing.described for thing in things):
        item = _item_of(beside)
        return Sense(Act.SHOW, owner, item) if item and owners[0].plural is False else None
    single = owners[0].plural is False or (owners[0].plural is None and (owners[0].preposition or scene.when.times))
    if owner == "booking" and single and tied(scene) and not things and (scene.when or owners[0].client):
        return Sense(Act.SHOW, owner, "client" if asks_for_people(scene) else "deal")
    if owners[0].client and not scene.when.times and asks_whether(scene):
        return Sense(Act.SHOW, owner, many=True)
    one = owner == "booking" and single and (scene.when.times or owners[0].client) and not things
    if one and not (scene.when.times and scene.when.times[0].part):
        return Sense(Act.SHOW, owner, "client" if asks_for_people(scene) else None)
    ordered = owner == "booking" and owners[0].plural is False and bool(scene.orders) and len(owners) == 1
    if ordered and not (scene.when or things or owners[0].client or owners[0].resource or owners[0].every):
        return Sense(Act.SHOW, owner)
    return Sense(Act.SHOW, owner, many=True)


def _comes(scene: Scene) -> bool:
    """Tell whether it asks when somebody comes."""
    asked = any(unit.has(Sort.ASKING) or unit.kind is Kind.ASKS for unit in scene.units)
    return asked and (is_coming(scene) or bool(scene.when))


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
    Act.FIND: _finding,
    Act.SHOW: _showing,
}


def showing(scene: Scene) -> Sense | None:
    """Choose what is asked for where no verb orders anything."""
    mentions = [mention for mention in scene.mentions if not mention.used]
    sense = _declared([Act.SHOW], mentions) or _showing(scene, mentions)
    return sense if sense in TOOL_OF else None
