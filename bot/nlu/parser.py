"""Reading a sentence of plain language: which tool, which arguments, what is missing, and how sure that is."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from itertools import pairwise
from typing import Any, Final
from zoneinfo import ZoneInfo

from bot.nlu import questions as asking
from bot.nlu.analysis import Scene, scene_of
from bot.nlu.disambiguation import doubtful, fitting, may_order
from bot.nlu.explanation import words_of
from bot.nlu.free_text import free_text, without_stop
from bot.nlu.intent_fixed import lone_tool
from bot.nlu.intent_nouns import TOOL_OF, objects
from bot.nlu.intent_orders import chosen
from bot.nlu.intent_questions import showing
from bot.nlu.lexicon import meanings_of
from bot.nlu.message_text import is_readable
from bot.nlu.result import Certainty, Understood
from bot.nlu.rewrite_context import asks_of_the_past, orders_anew
from bot.nlu.rewrite_idioms import leaves_one
from bot.nlu.slot_result import Filled
from bot.nlu.slot_table import filled
from bot.nlu.spelling import SHORT
from bot.nlu.tokenizer import cleaned
from bot.nlu.tokens import Kind, Mood, Sort, Unit
from bot.nlu.typo_weights import OTHER
from bot.nlu.verifier import disagrees, forbids, has_quoted_order, not_understood
from linkdesk.text.language import detect_language
from tool_specs.declaration.intents import Act, Intent
from tool_specs.declaration.localized import Language, Localized
from tool_specs.declaration.method import Effect, Method
from tool_specs.declaration.text import fold

MOST_TEXT: Final = 600
PLAINLY: Final = frozenset({"only", "только"})
"""Words of replacing that are known even where they are misspelt."""
TEXTUAL: Final = frozenset({"moment", "title", "description", "plan"})
"""Nouns that no misspelt word is taken for in an order: each of them says what is overwritten or carried out."""
LED: Final = frozenset({Act.JOIN, Act.PART, Act.MOVE, Act.REPLACE})
"""Acts in which a short misspelt word can only be a preposition."""
INTO: Final = frozenset({"в", "во"})
"""Between a deal and a booking they lead to the booking: "сделку 5 в бронь 16"."""
EMPTY: Final = (Sort.SILENT, Sort.POINTING, Sort.EITHER, Sort.AND)
AUXILIARY: Final = frozenset({"is", "are", "do", "does", "has", "have", "was", "were", "any", "есть", "где", "ли"})
"""Words that ask only at the beginning."""
_TAIL: Final = re.compile(
    r"^(?P<head>.*?(?:note|comment|заметк\w*|примечани\w*|комментари\w*|ожидани\w*|wait\w*|queue|очеред\w*|description|описани\w*|titl\w*|названи\w*)"
    r"[^:]{0,40}?)(?::\s+|\s+[-–—]\s+)(?P<tail>\S.*)$"
    r"|^(?P<head2>.*?(?:note|comment|description|titl\w*|описани\w*|названи\w*|заметк\w*|примечани\w*|комментари\w*)\b[^:]*?\d+)\s+(?:to|на|read|reads|as|with)\s+(?P<tail2>\S.*)$"
    r"|^(?P<head3>.*?(?:rename|переимен\w*|назов\w*)\b[^:]*?\d+)\s+(?:(?:to|в|на|as|into)\s+)?(?P<tail3>\S.*)$",
    re.IGNORECASE | re.DOTALL,
)


def read(text: str, now: datetime, zone: str = "UTC", portal_host: str | None = None) -> Understood:
    """Read a sentence. It never raises, and gives a tool only where nothing that was said is left over.

    Args:
        text: the sentence, as it was written.
        now: the present time; without an offset it is that of the zone.
        zone: the business's time zone, in which days and times are meant.
        portal_host: the host that addresses of cards have to have; None for any.
    """
    whole = cleaned(text)
    language: Language = detect_language(whole) or "en"
    if not whole or len(whole) > MOST_TEXT or not is_readable(whole):
        return Understood(text, language)
    here = ZoneInfo(zone)
    now = now.replace(tzinfo=here) if now.tzinfo is None else now.astimezone(here)
    languages: tuple[Language, ...] = ("en", "ru") if language == "ru" else ("en",)
    if (match := _TAIL.match(whole)) is not None and not _takes_back(match, whole):
        head = match["head"] or match["head2"] or match["head3"]
        tail = match["tail"] or match["tail2"] or match["tail3"]
        tail = free_text(tail)
        understood = _read(text, scene_of(head, language, languages, now), portal_host, tail)
        if "name" in understood.arguments:
            understood.arguments["name"] = without_stop(understood.arguments["name"])
        if understood.tool is not None and {"note", "name", "description"} & understood.arguments.keys():
            return understood
    scene = scene_of(whole, language, languages, now)
    understood = _read(text, scene, portal_host)
    unit = doubtful(scene) if understood.tool is None else None
    places = (
        [] if unit is None else [found.start() for found in re.finditer(rf"(?<!\w){re.escape(unit.text)}(?!\w)", whole)]
    )
    if unit is None or len(places) != 1:
        return understood

    def reading(word: str) -> tuple[Understood, Scene]:
        """Read it with another word in place of the doubtful one, or without it and all that follows."""
        kept = whole if word else whole[: places[0]]
        other = scene_of(kept, language, languages, now, (unit.text, word))
        return _read(text, other, portal_host), other

    return fitting(scene, unit, reading) or understood


def _takes_back(match: re.Match[str], whole: str) -> bool:
    """Tell whether what follows is no text but a no or a condition: "add a waitlist entry - no, don't"."""
    name = next(name for name in ("tail", "tail2", "tail3") if match[name])
    dashed = name == "tail" and ":" not in whole[match.end("head") : match.start("tail")]
    if not (dashed or name == "tail3"):
        return False
    first = re.match(r"[\s–—-]*([^\W\d_]+(?:['’][^\W\d_]+)*)", match[name])
    word = fold(first[1]) if first else ""
    doubts = {Sort.NOT, Sort.UNSURE, Sort.SAYING}
    return word in {"no", "нет"} or any(one.sort in doubts for one in meanings_of(word))


def _read(text: str, scene: Scene, portal_host: str | None, tail: str = "") -> Understood:  # noqa: PLR0911 - one way out for each kind of sentence
    read_as = _lone(text, scene) if not tail else None
    if read_as is not None:
        return read_as
    others = [
        unit.text for unit in scene.units if unit.host and portal_host and unit.host.lower() != portal_host.lower()
    ]
    if others:
        return _asked(text, scene, asking.of_texts(asking.OTHER_PORTAL, others))
    if not _speaks_of_records(scene):
        return Understood(text, scene.language, words=words_of(scene.units))
    rivals = [unit for unit in scene.units if unit.rivals and not unit.taken]
    if rivals:
        return _asked(text, scene, asking.of_rivals(rivals[0].text, rivals[0].rivals))
    if scene.writes or _keeps(scene):
        return _order(text, scene, tail)
    if scene.orders or _asks(scene):
        return _question(text, scene)
    return _without_a_verb(text, scene)


def _lone(text: str, scene: Scene) -> Understood | None:
    """Read a whole request that names no record: "who am i", "undo that"."""
    tool = lone_tool(scene)
    if tool is None:
        return None
    sense = next(sense for sense in tool.intents)
    done = filled(scene, sense, tool)
    if done.left_over or done.missing:
        return None
    return _answer(text, scene, tool, done)


def _speaks_of_records(scene: Scene) -> bool:
    """Tell whether there is anything of ours in it at all."""
    return bool(scene.mentions) or any(unit.has(Sort.VERB) for unit in scene.units)


def _asks(scene: Scene) -> bool:
    words = [unit for unit in scene.units if unit.kind is Kind.WORD and not unit.has(Sort.POLITE)]
    asking_words = [unit for unit in words if unit.has(Sort.ASKING) and not unit.taken]
    return any(unit.word not in AUXILIARY or unit is words[0] for unit in asking_words) or any(
        unit.kind is Kind.ASKS for unit in scene.units
    )


def _keeps(scene: Scene) -> bool:
    """Tell whether it says to keep only something: "keep only deal 8", "оставь только сделку 8"."""
    keeping = [at for at, unit in enumerate(scene.units) if _orders_to_keep(unit)]
    before = any(at and scene.units[at - 1].has(Sort.ONLY) for at in keeping)
    return bool(keeping) and (before or any(mention.only for mention in scene.mentions))


def _orders_to_keep(unit: Unit) -> bool:
    return not unit.taken and any(one.sort is Sort.KEEP and one.mood is Mood.ORDER for one in unit.meanings)


def _order(text: str, scene: Scene, tail: str) -> Understood:  # noqa: PLR0911 - one way out for each doubt
    """Read an order to change something; whatever casts a doubt on it makes it a question."""
    if forbids(scene):
        return _asked(text, scene, asking.NOT_AN_ORDER)
    if len(scene.orders) > 1 or (scene.orders and _keeps(scene)):
        return _asked(
            text, scene, asking.ONE_ORDER.format_map({"verbs": ", ".join(unit.text for unit in scene.orders)})
        )
    sense = _kept(scene) if not scene.orders else chosen(scene)
    if sense is None or sense not in TOOL_OF:
        return _asked(text, scene, asking.UNCLEAR)
    if disagrees(sense.act, scene.mentions):
        return _asked(text, scene, asking.OPPOSITE)
    slips = [
        unit.text for unit in scene.doubted if unit.has(Sort.TOWARDS, Sort.AWAY, Sort.EITHER) and unit.taken != "when"
    ]
    destroying = [unit.text for unit in scene.doubted if unit.has(Sort.ONLY, Sort.INSTEAD) and unit.word not in PLAINLY]
    destroying += [unit.text for unit in scene.doubted if TEXTUAL & set(unit.nouns)]
    # "ионь 17" is rather a booking than the 17th of June.
    destroying += [unit.text for unit in scene.corrected if any(one.value.startswith("M:") for one in unit.meanings)]
    # "В 14 бронеь" is rather booking 14 than an hour.
    destroying += [
        unit.text
        for before, unit in pairwise(scene.units)
        if unit.corrected and unit.has(Sort.NOUN) and before.kind is Kind.NUMBER and before.taken == "when"
    ]
    if sense.act is Act.DELETE:
        # "Удали и ресурсов 2": what stood before the "and" is not there.
        places = [scene.units.index(unit) + 1 for unit in scene.orders]
        destroying += [unit.text for at in places for unit in scene.units[at : at + 1] if unit.has(Sort.AND)]
        # "Удали слоыо ресурса 3" may be about its slots.
        destroying += [unit.text for unit in scene.corrected if _is_empty(unit)]
    destroying += _unled(scene.units) if sense == Intent(Act.DELETE, "waitlist") else []
    led = sense.act in LED or Act.MOVE in scene.acts or sense == Intent(Act.CREATE, "booking")
    if destroying or (slips and not led):
        return _asked(text, scene, asking.of_texts(asking.NOT_UNDERSTOOD, [*destroying, *slips]))
    done = filled(scene, sense, TOOL_OF[sense], tail)
    unknown = not_understood(scene, asking=False)
    unknown = [
        unit
        for unit in unknown
        if not (unit.has(Sort.LAST, Sort.MINE) and sense.about == "change") and not unit.has(Sort.KEEP)
    ]
    if unknown:
        return _asked(text, scene, asking.of_texts(asking.NOT_UNDERSTOOD, [unit.text for unit in unknown]))
    if done.left_over or (sense.act is Act.REPLACE and _replaces_unclearly(scene)):
        return _asked(text, scene, asking.UNCLEAR)
    if (
        _replaces(done)
        and not done.missing
        and sum(1 for one in objects(scene.mentions) if not one.bare) > 1
        and _moves_between(scene)
    ):
        return _asked(text, scene, asking.UNCLEAR)
    # What only stays in other words is never done without a card.
    done.completed = done.completed or orders_anew(scene.orders) or leaves_one(scene.units)
    return _answer(text, scene, *_of_many(sense, done))


def _is_empty(unit: Unit) -> bool:
    """Tell whether a misspelt word says nothing by itself: where something is deleted, it may be what has to go."""
    short = unit.has(Sort.POLITE) and len(unit.word) <= SHORT
    return (short or unit.has(*EMPTY)) and not unit.has(Sort.NOUN, Sort.VERB)


def _unled(units: Sequence[Unit]) -> list[str]:
    """Give a misspelt waitlist with no number after it and no preposition before: "убери запись 14 личт ожидания"."""
    found: list[str] = []
    for at, unit in enumerate(units):
        before = at - 1
        while before > 0 and units[before].has(Sort.SILENT):
            before -= 1
        led = before >= 0 and units[before].has(Sort.AWAY, Sort.EITHER) and not units[before].corrected
        numbered = at + 1 < len(units) and units[at + 1].kind is Kind.NUMBER
        if unit.corrected and "waitlist" in unit.nouns and not led and not numbered:
            found.append(unit.text)
    return found


def _of_many(sense: Intent, done: Filled) -> tuple[type[Method[Any]], Filled]:
    """Give the tool that takes several records at once, where several are named and there is one."""
    many = TOOL_OF.get(replace(sense, many=True))
    names = [name for name in done.missing if many is None or f"{name}s" not in many.model_fields]
    if many is None or not done.each or names or not done.arguments.keys() <= many.model_fields.keys():
        return TOOL_OF[sense], done
    arguments = {f"{done.missing[0]}s": list(done.each), **done.arguments}
    return many, replace(done, arguments=arguments, missing=[], each=())


def _replaces(done: Filled) -> bool:
    return done.arguments.get("mode") == "replace"


def _moves_between(scene: Scene) -> bool:
    """Tell whether the items may be old and new ones: "replace deal 7 with deal 5"."""
    things = [one for one in objects(scene.mentions) if not one.bare]
    return any(one.preposition for one in things) and any(not one.preposition for one in things)


def _replaces_unclearly(scene: Scene) -> bool:
    things = [one for one in objects(scene.mentions) if not one.bare]
    return len(things) > 1 and len({one.preposition for one in things}) > 1


def _kept(scene: Scene) -> Intent | None:
    owner = "waitlist" if scene.of("waitlist") else "booking"
    if scene.of("activity") or (scene.of("waitlist") and scene.of("booking")):
        return None
    nouns = {mention.noun for mention in objects(scene.mentions) if not mention.used}
    if nouns <= {"deal", "link", "binding"} and nouns:
        return Intent(Act.REPLACE, owner, "deal")
    return Intent(Act.REPLACE, owner, "client") if nouns and nouns <= {"client", "contact", "company", "name"} else None


def _question(text: str, scene: Scene) -> Understood:
    """Read a question about what is; one about doing is answered by nothing."""
    if asks_of_the_past(scene.units):
        return _asked(text, scene, asking.OF_THE_PAST)
    doing = [
        unit for unit in scene.units if unit.has(Sort.NOT, Sort.SAYING) and not unit.taken and not unit.has(Sort.POLITE)
    ]
    if doing or has_quoted_order(scene.units):
        return _asked(text, scene, asking.NOT_AN_ORDER)
    sense = chosen(scene) if scene.orders else showing(scene)
    if sense is None or sense not in TOOL_OF or TOOL_OF[sense].effect is not Effect.READ:
        return _asked(text, scene, asking.UNCLEAR)
    done = filled(scene, sense, TOOL_OF[sense])
    unknown = not_understood(scene, asking=True)
    allowed = 1 if any(mention.known for mention in scene.mentions) and (scene.orders or _asks(scene)) else 0
    if len(unknown) > allowed or any(unit.kind is not Kind.WORD or may_order(unit.word, OTHER) for unit in unknown):
        return _asked(text, scene, asking.of_texts(asking.NOT_UNDERSTOOD, [unit.text for unit in unknown]))
    if done.left_over:
        return _asked(text, scene, asking.UNCLEAR)
    return _answer(text, scene, TOOL_OF[sense], done)


def _without_a_verb(text: str, scene: Scene) -> Understood:  # noqa: PLR0911 - one way out for each kind of nouns
    """Read nouns alone: a list that is named, or a booking and a deal side by side."""
    past = any(unit.has(Sort.VERB) for unit in scene.units)
    unknown = [unit for unit in not_understood(scene, asking=True) if unit.kind is not Kind.CODE]
    if past or unknown or forbids(scene):
        return _asked(text, scene, asking.NOT_AN_ORDER)
    sense = showing(scene)
    implied = _implied(scene)
    if implied is not None:
        done = filled(scene, implied, TOOL_OF[implied])
        if not done.left_over and not done.missing and not not_understood(scene, asking=False):
            done.completed = True
            return _answer(text, scene, TOOL_OF[implied], done)
        return _asked(text, scene, asking.UNCLEAR)
    if _says_all_of_a_booking(scene):
        made = Intent(Act.CREATE, "booking")
        done = filled(scene, made, TOOL_OF[made])
        if not done.left_over and not done.missing and not not_understood(scene, asking=False):
            done.completed = True
            return _answer(text, scene, TOOL_OF[made], done)
    if sense is None or sense not in TOOL_OF or not _names_a_list(scene, sense):
        return _asked(text, scene, asking.NOT_AN_ORDER)
    done = filled(scene, sense, TOOL_OF[sense])
    if done.left_over or done.missing or not_understood(scene, asking=True):
        return _asked(text, scene, asking.UNCLEAR)
    return _answer(text, scene, TOOL_OF[sense], done)


def _implied(scene: Scene) -> Intent | None:
    """Read "бронь 14 сделка 1": every word understood, both by number, no preposition between."""
    things, owners = objects(scene.mentions), scene.of("booking", "waitlist")
    plain = len(owners) == 1 and owners[0].known and things and all(one.known for one in things)
    if not plain or scene.when or any(one.every or one.only for one in scene.mentions):
        return None
    led = owners[0].way in {None, Sort.TOWARDS} or (owners[0].preposition in INTO and owners[0].at > things[-1].at)
    if any(one.preposition for one in things) or not led:
        return None
    if any(one.kind is Kind.ASKS for one in scene.units) or {one.noun for one in things} != {"deal"}:
        return None
    if any(unit.corrected for unit in scene.units) or len(scene.mentions) != len(things) + 1:
        return None
    return Intent(Act.JOIN, owners[0].noun, "deal")


def _says_all_of_a_booking(scene: Scene) -> bool:
    """Tell whether nouns alone say all that a new booking needs: its resource, its start, and how long it takes."""
    bookings = scene.of("booking")
    resources = [one for one in scene.mentions if one.noun == "resource" and one.known]
    plain = len(bookings) == 1 and not bookings[0].known and bookings[0].plural is not True and not bookings[0].client
    asks = any(unit.kind is Kind.ASKS for unit in scene.units)
    bare = not asks and not objects(scene.mentions) and not scene.corrected
    return plain and bare and bool(resources) and bool(scene.when.lengths)


def _names_a_list(scene: Scene, sense: Intent) -> bool:
    """Tell whether nouns alone ask for a list: a plural, the waitlist, something of a record."""
    if sense.item is not None:
        return any(one.bare and one.noun != "booking" for one in objects(scene.mentions))
    named = scene.of(sense.about)
    if sense.about == "hours":
        return True
    if sense.about == "plan":
        return named[0].known or any(unit.kind is Kind.CODE for unit in scene.units)
    if not sense.many or not named:
        return False
    if sense.about == "waitlist":
        return True
    return (
        named[0].plural is not False or sense.about == "change" or (bool(scene.when) and named[0].plural is not False)
    )


def _answer(text: str, scene: Scene, tool: type[Method[Any]], done: Filled) -> Understood:
    missing = tuple(done.missing)
    question = asking.for_missing(missing, done.each) if missing else None
    if done.named:
        certainty = Certainty.NAMED
    elif scene.corrected:
        certainty = Certainty.CORRECTED
    elif done.completed or any(unit.spelled for unit in scene.units):
        # A number in words may have lost a part of it on the way: "twenty on[e]".
        certainty = Certainty.COMPLETED
    else:
        certainty = Certainty.EXACT
    names = [name for name in ("booking", *tool.arguments()) if name in done.arguments]
    arguments = {name: done.arguments[name] for name in names}
    return Understood(
        text, scene.language, tool, arguments, missing, question, certainty, words_of(scene.units), done.each
    )


def _asked(text: str, scene: Scene, question: Localized) -> Understood:
    return Understood(text, scene.language, question=question, words=words_of(scene.units))
