"""What is changed of a record: which text, which resources, which times; and what is missing where nothing is said."""

from __future__ import annotations

from typing import Final

from bot.nlu.intent_nouns import renames
from bot.nlu.slots import Filler
from bot.nlu.tokens import Kind, Sort
from tool_specs.declaration.intents import Act

TEXTS: Final = {"description": "description", "note": "note", "title": "name"}
"""The argument that a noun speaks of."""
TARGETS: Final = frozenset({"на", "к", "ко", "to", "onto", "into", "on", "over"})
"""Prepositions before what something is moved to."""
OF_CHANGE: Final = {
    "booking": ("date_from", "date_to"),
    "resource": ("name",),
    "resource_type": ("name",),
}
"""What is asked for where a change is wanted and nothing tells which."""


def text_of(filler: Filler, name: str) -> None:
    """Fill one of the texts of a record, if it is the one that is spoken of."""
    wanted = _wanted(filler)
    if wanted == name:
        missing = len(filler.done.missing)
        filler.text(name)
        named = filler.scene.of(*(noun for noun, argument in TEXTS.items() if argument == name))
        if name not in filler.done.arguments and len(filler.done.missing) == missing and (named or _renames(filler)):
            filler.done.missing.append(name)
    elif not filler.optional(name):
        filler.done.missing.append(name)


def _renames(filler: Filler) -> bool:
    return filler.sense.act is Act.CHANGE and renames(filler.scene)


def _wanted(filler: Filler) -> str:
    """Name the text that is spoken of: by its noun, by "rename", else the one that the tool cannot do without."""
    names = filler.method.arguments()
    for noun, name in TEXTS.items():
        if name in names and filler.scene.of(noun):
            return name
    if filler.scene.of("note") and "note" not in names:
        # A note that a booking has no place for must not become its name.
        return ""
    if filler.sense.act is not Act.CREATE and "note" not in names and not _renames(filler) and not filler.tail:
        return "name" if filler.sense.about != "booking" else ""
    return "note" if "note" in names else "name"


def resources_of(filler: Filler) -> None:
    """Fill the resources of a booking; those it is moved from are left out."""
    mentions = [mention for mention in filler.scene.mentions if mention.noun == "resource"]
    changes = filler.sense.act is Act.CHANGE
    targets = [one for one in mentions if not changes or one.preposition in TARGETS]
    if changes and not targets:
        targets = [one for one in mentions if not one.used and one.way is not Sort.AWAY]
    for mention in mentions:
        filler.done.left_over = filler.done.left_over or bool(mention.name)
        if mention in targets or not mention.used:
            filler.use(mention)
    ids = [number for mention in targets for number in mention.ids]
    if ids:
        filler.done.arguments["resource_ids"] = list(dict.fromkeys(ids))
    elif not filler.optional("resource_ids") or (changes and targets):
        filler.done.missing.append("resource_ids")


def relinked(filler: Filler) -> None:
    """Fill the deal whose links are moved, and the deal they are moved to: the one after "to", "на"."""
    deals = [(mention, refs) for mention, refs in filler.all_items() if mention.noun == "deal"]
    for noun in ("link", "binding", "booking"):
        for mention in filler.scene.of(noun):
            filler.use(mention)
    for mention, refs in deals:
        filler.use(mention)
        name = "target" if mention.preposition in TARGETS else "source"
        if len(refs) != 1 or name in filler.done.arguments or mention.every:
            filler.done.left_over = True
        filler.done.arguments[name] = refs[0]
    filler.done.missing += [name for name in ("source", "target") if name not in filler.done.arguments]


def code_of(filler: Filler, noun: str, name: str) -> None:
    """Fill the id of a plan or of a change: ten letters and digits, or a number; the desk tells if there is one."""
    for unit in filler.scene.units:
        if unit.kind is Kind.CODE and not unit.taken:
            filler.done.left_over = filler.done.left_over or name in filler.done.arguments
            filler.done.arguments[name] = unit.value
            unit.taken = "id"
    for mention in filler.scene.of(noun):
        if len(mention.ids) == 1 and name not in filler.done.arguments:
            filler.done.arguments[name] = str(mention.ids[0])
        else:
            filler.done.left_over = filler.done.left_over or bool(mention.ids)
        filler.done.left_over = filler.done.left_over or mention.every
        filler.use(mention)
    if not filler.optional(name) and name not in filler.done.arguments:
        filler.done.missing.append(name)


def wants_more(filler: Filler) -> list[str]:
    """Name what is missing of a change that says nothing but the record."""
    done, about = filler.done, filler.sense.about
    if filler.sense.act is not Act.CHANGE or about not in OF_CHANGE:
        return []
    owner = {"booking": {"booking_id", "booking"}, "resource": {"resource_id"}, "resource_type": {"type_id"}}[about]
    if about == "booking" and filler.scene.extends:
        return [] if "date_to" in done.arguments.keys() | set(done.missing) else ["date_to"]
    changed = (done.arguments.keys() | set(done.missing)) - owner
    return [] if changed else list(OF_CHANGE[about])


def resources_listed(filler: Filler) -> None:
    """Fill the words by which resources are looked for."""
    names = [mention.name for mention in filler.scene.of("resource") if mention.name]
    if len(names) == 1:
        filler.done.arguments["text"] = names[0]
        for mention in filler.scene.of("resource"):
            filler.use(mention)
