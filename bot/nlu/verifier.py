"""What forbids to take a sentence for an order, and what of it was not understood."""

from __future__ import annotations

from collections.abc import Sequence

from bot.nlu.analysis import Scene
from bot.nlu.entities import Mention
from bot.nlu.lexicon import acts_of, language_of_word, meanings_of
from bot.nlu.morphology import participle_of
from bot.nlu.tokenizer import units_of
from bot.nlu.tokens import Kind, Mood, Sort, Unit
from tool_specs.declaration.intents import READING_ACTS, Act

ALLOWED = (
    Sort.NOUN,
    Sort.TOWARDS,
    Sort.AWAY,
    Sort.EITHER,
    Sort.ALL,
    Sort.ONLY,
    Sort.INSTEAD,
    Sort.POLITE,
    Sort.SILENT,
    Sort.POINTING,
    Sort.AND,
    Sort.NUMBER_SIGN,
    Sort.NAMED,
    Sort.BACK,
)
"""What an order may be made of, beside its verb."""
PLACED = (Sort.ALL, Sort.TOWARDS, Sort.AWAY, Sort.EITHER)
"""What a misspelt word is only where something claimed it."""
STRAY = frozenset({"on", "in", "at", "by", "of", "about", "within", "inside"})
"""Prepositions that no item has that is joined to something."""
NEEDING = frozenset(
    {"надо", "нужно", "необходимо", "нам надо", "нам нужно", "мне надо", "мне нужно", "need to", "we need to"}
)
ABOUT = frozenset({"о", "об", "про", "насчет", "about"})
"""Prepositions that lead to what is spoken of, and never to what is changed."""
WHEN_ASKING = (*ALLOWED, Sort.ASKING, Sort.FOR_ASKING, Sort.LAST, Sort.MINE, Sort.VERB, Sort.SIGN)
SILENT_KINDS = frozenset({Kind.COMMA, Kind.COLON, Kind.STOP, Kind.ASKS, Kind.DASH})
JOINING = frozenset({Act.JOIN})
PARTING = frozenset({Act.PART})


def forbids(scene: Scene) -> bool:
    """Tell whether something says that this is no order: a no, a doubt, a condition, somebody's words, the past."""
    units = [unit for unit in scene.units if not unit.taken or unit.taken == "preposition"]
    for unit in units:
        if unit.has(Sort.POLITE, Sort.INSTEAD):
            continue
        if unit.has(Sort.NOT, Sort.UNSURE, Sort.SAYING):
            return True
        if unit.has(Sort.ASKING) and not unit.has(Sort.SILENT, Sort.ALL):
            return True
        if unit.has(Sort.VERB) and not acts_of(unit, Mood.ORDER) and not _is_adjective(unit):
            return True
    return has_quoted_order(scene.units) or _has_subject(scene) or _asks_whether(units)


def _asks_whether(units: Sequence[Unit]) -> bool:
    """Tell whether it asks if something is needed: "надо удалить бронь 14?"."""
    needs = any(unit.has(Sort.POLITE) and unit.word in NEEDING for unit in units)
    return needs and any(unit.kind is Kind.ASKS for unit in units)


def _is_adjective(unit: Unit) -> bool:
    return acts_of(unit, Mood.STATE) != frozenset() and language_of_word(unit.word) == "ru"


def _has_subject(scene: Scene) -> bool:
    """Tell whether somebody stands before an English verb: "Anna put deal 8 on booking 21"."""
    first = next((at for at, unit in enumerate(scene.units) if unit in scene.orders), 0)
    before = [unit for unit in scene.units[:first] if language_of_word(unit.word) == "en" and unit.kind is Kind.WORD]
    verb = scene.units[first] if scene.units else None
    if verb is not None and verb.passive:
        # What stands before it is what is worked on.
        return any(not (unit.meanings or unit.taken) for unit in before)
    if verb is None or language_of_word(verb.word) != "en":
        return False
    return any(unit.taken == "name" or not (unit.meanings or unit.taken) for unit in before)


def has_quoted_order(units: Sequence[Unit]) -> bool:
    """Tell whether a quotation has a verb of ours in it."""
    for unit in units:
        if unit.kind is not Kind.QUOTE:
            continue
        for inner in units_of(unit.value):
            verbs = [one for one in meanings_of(inner.word) if one.sort is Sort.VERB]
            if verbs and not all(one.acts <= READING_ACTS for one in verbs):
                return True
    return False


def not_understood(scene: Scene, *, asking: bool) -> list[Unit]:
    """Give the units that no meaning fits here."""
    sorts = WHEN_ASKING if asking else ALLOWED
    return [
        unit
        for unit in scene.units
        if not unit.taken
        and unit.kind not in SILENT_KINDS
        and unit not in scene.orders
        and not unit.used
        and not _is_read(unit, sorts)
    ]


def _is_read(unit: Unit, sorts: Sequence[Sort]) -> bool:
    if unit.kind in {Kind.CARD, Kind.PHONE, Kind.EMAIL, Kind.QUOTE}:
        return True
    if unit.kind is Kind.NUMBER:
        return unit.weak and not unit.ordinal
    # A number in words is easily taken for a misspelt "all", and a verb for "in": what leads nowhere is no such word.
    if unit.kind is Kind.CODE or (unit.corrected and not unit.fitted and unit.has(*PLACED)):
        return False
    if language_of_word(unit.word) == "ru" and participle_of(unit.word) and unit.has(Sort.VERB):
        return True
    return unit.has(*sorts)


def _leads_nowhere(mentions: Sequence[Mention]) -> bool:
    """Tell whether an "on" stands before the item, and the owner is led too: "link on deal 8 to booking 21"."""
    owners = [
        one for one in mentions if one.noun in {"booking", "waitlist"} and one.preposition in {"to", "onto", "into"}
    ]
    items = [one for one in mentions if one.way is Sort.EITHER and one.preposition in STRAY]
    return any(item.at < owner.at for item in items for owner in owners)


def disagrees(act: Act, mentions: Sequence[Mention]) -> bool:
    """Tell whether a preposition says the opposite of the verb: "link … from …"."""
    if act in {Act.JOIN, Act.PART} and any(mention.preposition in ABOUT for mention in mentions):
        return True
    if act is Act.JOIN and _leads_nowhere(mentions):
        return True
    ways = {mention.way for mention in mentions if mention.noun in {"booking", "waitlist", "activity"} or mention.way}
    if act is Act.JOIN:
        return Sort.AWAY in ways
    # "Убери привязку сделки 5 к брони 9": the link leads there.
    linked = any(mention.noun in {"link", "binding"} and mention.bare for mention in mentions[:1])
    return act is Act.PART and Sort.TOWARDS in ways and not linked
