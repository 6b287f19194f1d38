"""Which tool a question asks for: what is shown or found, of what."""

from __future__ import annotations

from collections.abc import Sequence

from bot.nlu.analysis import Scene
from bot.nlu.entities import Mention
from bot.nlu.intent_cues import asks_for_hours, asks_for_people, asks_whether, is_coming, tied
from bot.nlu.intent_nouns import CLIENTS, TOOL_OF, declared, item_of, mentions_more, objects, owner_of
from bot.nlu.tokens import Kind, Sort
from tool_specs.declaration.intents import Act, Intent


def found(scene: Scene, mentions: Sequence[Mention]) -> Intent | None:
    """Choose what is looked for."""
    if scene.of("activity") and not any(mention.known for mention in scene.of("activity")):
        return Intent(Act.FIND, "activity")
    things = objects(mentions)
    if scene.of("booking", "waitlist", "resource", "resource_type", "hours", "activity"):
        return shown(scene, mentions)
    if any(thing.known for thing in things):
        return Intent(Act.SHOW, "item")
    return Intent(Act.FIND, "item")


def shown(scene: Scene, mentions: Sequence[Mention]) -> Intent | None:  # noqa: C901, PLR0911, PLR0912 - a table of cases
    """Choose what is shown."""
    things = objects(mentions)
    if scene.of("activity"):
        return _showing_activity(scene, things)
    if scene.of("plan"):
        coded = any(unit.kind is Kind.CODE for unit in scene.units) or scene.of("plan")[0].known
        asked = scene.orders or any(unit.has(Sort.ASKING) for unit in scene.units)
        return Intent(Act.SHOW, "plan") if not things and (coded or asked) else None
    for noun in ("client_type", "crm_type", "change"):
        if scene.of(noun):
            return Intent(Act.SHOW, noun, many=True)
    if hours := scene.of("hours"):
        # "The schedule for tomorrow" is that of the bookings.
        if not scene.of("resource") and not hours[0].known and scene.when and not scene.of("booking"):
            return Intent(Act.SHOW, "booking", many=True)
        return Intent(Act.SHOW, "hours")
    if scene.of("resource") and asks_for_hours(scene) and not scene.of("booking"):
        return Intent(Act.SHOW, "hours")
    if scene.of("resource") and any(one.known for one in scene.of("resource_type")):
        return Intent(Act.SHOW, "resource", many=True)
    for noun in ("resource_type", "resource"):
        if (named := scene.of(noun)) and not scene.of("booking", "waitlist"):
            return Intent(Act.SHOW, noun, many=not named[0].known)
    owner = owner_of(mentions)
    owners = scene.of("booking", "waitlist")
    if owner is None:
        return None
    if owners:
        return _showing_owner(scene, owner, owners, things)
    of_one = len(things) == 1 and things[0].noun in CLIENTS
    if of_one and _comes(scene) and (things[0].described or (things[0].known and is_coming(scene))):
        return Intent(Act.SHOW, "booking", many=True)
    known = [one for one in things if one.known]
    carded = len(known) == 1 and all(one.bare and one.noun == known[0].noun for one in things if one is not known[0])
    if things and not known and any(one.described for one in things) and not mentions_more(mentions, things):
        return Intent(Act.FIND, "item")
    return Intent(Act.SHOW, "item") if things and (things[0].known or carded) else None


def _showing_activity(scene: Scene, things: Sequence[Mention]) -> Intent | None:
    named = scene.of("activity")
    if not any(mention.known for mention in named):
        alone = not things and len(named) == 1 and named[0].plural is False and tied(scene)
        return Intent(Act.SHOW, "activity", "item") if alone else Intent(Act.SHOW, "activity", many=True)
    placed = any(unit.word in {"where", "где"} for unit in scene.units)
    return Intent(Act.SHOW, "activity", "item") if things or placed or tied(scene) else Intent(Act.SHOW, "activity")


def _showing_owner(scene: Scene, owner: str, owners: Sequence[Mention], things: Sequence[Mention]) -> Intent | None:  # noqa: PLR0911 - a table of cases
    known = owners[0].known
    beside = [thing for thing in things if thing.bare]
    if known or (beside and not owners[0].plural) or (beside and (scene.when.times or owners[0].client)):
        if beside or things:
            item = item_of(beside or things)
            return Intent(Act.SHOW, owner, item) if item else None
        if asks_for_people(scene):
            return Intent(Act.SHOW, owner, "client")
        if tied(scene):
            return Intent(Act.SHOW, owner, "deal")
        return Intent(Act.SHOW, owner)
    if beside and not any(thing.known or thing.described for thing in things):
        item = item_of(beside)
        return Intent(Act.SHOW, owner, item) if item and owners[0].plural is False else None
    single = owners[0].plural is False or (owners[0].plural is None and (owners[0].preposition or scene.when.times))
    if owner == "booking" and single and tied(scene) and not things and (scene.when or owners[0].client):
        return Intent(Act.SHOW, owner, "client" if asks_for_people(scene) else "deal")
    if owners[0].client and not scene.when.times and asks_whether(scene):
        return Intent(Act.SHOW, owner, many=True)
    one = owner == "booking" and single and (scene.when.times or owners[0].client) and not things
    if one and not (scene.when.times and scene.when.times[0].part):
        return Intent(Act.SHOW, owner, "client" if asks_for_people(scene) else None)
    ordered = owner == "booking" and owners[0].plural is False and bool(scene.orders) and len(owners) == 1
    if ordered and not (scene.when or things or owners[0].client or owners[0].resource or owners[0].every):
        return Intent(Act.SHOW, owner)
    return Intent(Act.SHOW, owner, many=True)


def _comes(scene: Scene) -> bool:
    """Tell whether it asks when somebody comes."""
    asked = any(unit.has(Sort.ASKING) or unit.kind is Kind.ASKS for unit in scene.units)
    return asked and (is_coming(scene) or bool(scene.when))


def showing(scene: Scene) -> Intent | None:
    """Choose what is asked for where no verb orders anything."""
    mentions = [mention for mention in scene.mentions if not mention.used]
    sense = declared([Act.SHOW], mentions) or shown(scene, mentions)
    return sense if sense in TOOL_OF else None
