"""From what is mentioned to the arguments of the tool: which filler fills which argument."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from bot.nlu.entities import QUOTE
from bot.nlu.intent_nouns import CLIENTS, DEALS, objects
from bot.nlu.scene import Scene
from bot.nlu.slot_result import CONTACT, Filled
from bot.nlu.slots import Filler
from bot.nlu.slots_move import move_of
from bot.nlu.slots_update import code_of, relinked, resources_listed, resources_of, text_of, wants_more
from bot.nlu.tokens import Kind, Sort
from tool_specs.declaration.intents import READING_ACTS, Act, Intent
from tool_specs.declaration.method import Method

MOST_SHOWN: Final = 50


def _changes(filler: Filler) -> None:
    filler.done.arguments |= {"mine": True} if filler.scene.has(Sort.MINE) else {}
    bare = filler.scene.bare_numbers
    if len(bare) == 1 and len(bare[0].ids) == 1 and bare[0].ids[0] <= MOST_SHOWN:
        bare[0].taken = "limit"
        filler.done.arguments["limit"] = bare[0].ids[0]
    for mention in filler.scene.of("change"):
        filler.use(mention).every = False


def _resource(filler: Filler) -> None:
    if filler.sense.about == "hours":
        for mention in filler.scene.of("hours"):
            if mention.ids and not filler.scene.of("resource"):
                mention.noun = "resource"
            filler.use(mention)
    filler.owner("resource", "resource_id")


def _type_of_resource(filler: Filler) -> None:
    named = any(mention.known for mention in filler.scene.of("resource_type"))
    if filler.sense.about == "resource_type" or named:
        filler.owner("resource_type", "type_id")
    elif not filler.optional("type_id"):
        filler.done.missing.append("type_id")


def _all_hours(filler: Filler) -> None:
    if filler.sense.about == "hours":
        filler.done.arguments["all"] = True


FILLERS: Final[Mapping[str, Callable[[Filler], None]]] = {
    "booking_id": lambda filler: filler.owner("booking", "booking_id"),
    "waitlist_id": lambda filler: filler.owner("waitlist", "waitlist_id"),
    "activity_id": lambda filler: filler.owner("activity", "activity_id"),
    "resource_id": _resource,
    "resource_ids": resources_of,
    "type_id": _type_of_resource,
    "links": lambda filler: filler.items("links", DEALS | {QUOTE}, "deal"),
    "clients": lambda filler: filler.items("clients", CLIENTS, CONTACT),
    "source": lambda filler: relinked(filler) if filler.sense.about == "deal" else filler.from_and_to(),
    "target": lambda filler: None if "source" in filler.method.model_fields else filler.one_item("target"),
    "item": lambda filler: filler.one_item("item"),
    "owner": lambda filler: filler.one_item("owner"),
    "client": lambda filler: filler.whose(),
    "date_from": lambda filler: filler.days("date_from", "date_to"),
    "created_from": lambda filler: filler.days("created_from", "created_to"),
    "phone": lambda filler: filler.searched(),
    "mine": _changes,
    "change_id": lambda filler: code_of(filler, "change", "change_id"),
    "plan_id": lambda filler: code_of(filler, "plan", "plan_id"),
    "note": lambda filler: text_of(filler, "note"),
    "name": lambda filler: text_of(filler, "name"),
    "description": lambda filler: text_of(filler, "description"),
}
"""How each argument is filled, by its name; one filler may fill several."""


def filled(scene: Scene, sense: Intent, method: type[Method[Any]], tail: str = "") -> Filled:  # noqa: C901 - one step for each kind of arguments
    """Fill the arguments of the tool that was chosen."""
    filler = Filler(scene, sense, method, tail)
    filler.move = move_of(scene) if sense == Intent(Act.CHANGE, "booking") else None
    names = method.arguments()
    fillers = [FILLERS[name] for name in names if name in FILLERS]
    if sense == Intent(Act.CHANGE, "booking") and not scene.when and not filler.tail:
        fillers = [one for one in fillers if one is not FILLERS["date_from"]]
    for fill in fillers:
        fill(filler)
    if (number := f"{sense.about}_id") in names and number not in FILLERS:
        filler.owner(sense.about, number)
    if sense.about == "hours" and "all" in names:
        _all_hours(filler)
    if method.name() == "list_resources":
        resources_listed(filler)
    if method.name() == "find_activities":
        _activities(filler)
    if "slots" in names:
        filler.done.missing.append("slots")
    if "code" in names:
        _code(filler)
    if "mode" in names and (sense.act is Act.REPLACE or scene.has(Sort.INSTEAD, Sort.ONLY) or _only(scene)):
        filler.done.arguments["mode"] = "replace"
    if sense.about in {"booking", "waitlist"} and sense.act in READING_ACTS and sense.item:
        _asked_of_one(filler)
    if sense.many:
        _list_of(filler)
    done = filler.done
    done.missing += wants_more(filler)
    done.missing = [name for name in names if name in done.missing]
    done.left_over = done.left_over or filler.left() or bool(scene.bare_numbers)
    return done


def _code(filler: Filler) -> None:
    """Fill the code of a type: the word or the quotation after "code"."""
    units = filler.scene.units
    for mention in filler.scene.of("code"):
        filler.use(mention)
        at = mention.end
        while at < len(units) and (units[at].kind in {Kind.COLON, Kind.DASH} or units[at].has(Sort.NUMBER_SIGN)):
            at += 1
        if at < len(units) and units[at].kind is Kind.WORD and not units[at].taken and units[at].text.isascii():
            filler.done.arguments["code"], units[at].taken = units[at].text, "text"
    if not filler.optional("code") and "code" not in filler.done.arguments:
        filler.done.missing.append("code")


def _only(scene: Scene) -> bool:
    return any(mention.only for mention in scene.mentions)


def _activities(filler: Filler) -> None:
    filler.done.arguments.pop("text", None)
    for mention in filler.scene.of("activity"):
        filler.use(mention)
    quotes = [one for one in filler.scene.mentions if one.noun == QUOTE]
    words = filler.use(quotes[0]).name if len(quotes) == 1 else filler.leftover_words()
    if words:
        filler.done.arguments["text"] = words
    elif "owner" not in filler.done.arguments:
        filler.done.missing.append("owner")


def _asked_of_one(filler: Filler) -> None:
    """Let go of the items in a question such as "is deal 8 linked to booking 21": the list tells."""
    for mention in objects(filler.scene.mentions):
        filler.use(mention)


def _list_of(filler: Filler) -> None:
    for mention in filler.scene.of(filler.sense.about, "resource_type", "note", "link"):
        filler.use(mention)
        filler.done.left_over = filler.done.left_over or (mention.known and mention.noun == filler.sense.about)
