"""The rules of the verifier: what makes it ask, what lets a person choose, what waits for a yes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Final

from bot.nlu.danger_kinds import Danger
from bot.nlu.lexicon import language_of_word
from bot.nlu.mentions import CRM, ITEMS, PEOPLE_NOUNS, records_of
from bot.nlu.ordinary_words import is_ordinary
from bot.nlu.ranking import Candidate, Fault
from bot.nlu.sentence import Sentence, Token
from bot.nlu.slips import LIKELY
from bot.nlu.tokens import Kind, Meaning, Mood, Sort
from bot.nlu.typo_weights import weight
from bot.nlu.words import lexicon
from tool_specs.declaration.intents import READING_ACTS, Act
from tool_specs.declaration.text import fold

SIDES: Final = (
    frozenset({Act.JOIN, Act.CREATE, Act.MOVE, Act.CHANGE, Act.REPLACE}),
    frozenset({Act.PART, Act.DELETE}),
    frozenset({Act.APPLY, Act.REJECT, Act.UNDO}),
    READING_ACTS,
)
"""Acts of one side are alike enough to be each other's reading; others are not."""
OWNERS: Final = frozenset({"booking", "waitlist", "activity"})
JOINING: Final = frozenset({"to", "onto", "into", "on", "in", "with", "at", "under", "к", "ко", "на", "в", "во"})
PARTING: Final = frozenset({"from", "off", "out", "от", "ото", "из", "изо", "с", "со", "у"})
BOTH_WAYS: Final = frozenset({"с", "со"})
ABOUT: Final = frozenset({"о", "об", "про", "насчет", "about"})
"""They lead to what is spoken of, and never to what is changed."""
LONGEST: Final = 5
"""Prepositions are shorter."""
FAR: Final = 3.0
"""How far behind the second reading has to be where something speaks for it."""
NEAR: Final = 1.0

Rule = Callable[[Sentence, Candidate], tuple[str, ...] | None]
"""Returns the words that it is about where it applies, else None."""


def left_over(candidate: Candidate) -> bool:
    """Tell whether something that was said found no place in a reading."""
    return candidate.has(Fault.LEFT_OVER, Fault.PAIRS, Fault.TAIL)


def writing(sentence: Sentence) -> list[Token]:
    """Return the verbs that order to change something."""
    return [token for token in sentence.orders if not token.acts <= READING_ACTS]


def ordered_acts(sentence: Sentence) -> frozenset[Act]:
    """Return what the verbs that order may mean; without any, what the command does."""
    told = frozenset(act for token in writing(sentence) for act in token.acts)
    told = told or frozenset({Act.REPLACE} if keeps_only(sentence) else ())
    return told or (sentence.command.acts if sentence.command else frozenset())


def unknown_verb(sentence: Sentence) -> bool:
    """Tell whether an unknown word stands where the verb is, before the one record that is numbered."""
    words = [token for token in sentence.tokens if token.kind is Kind.WORD and not token.has(Sort.POLITE)]
    if not words or sentence.orders or sentence.command or sentence.dangers or len(records_of(sentence)) != 1:
        return False
    first, *others = words
    begins = first.unknown and language_of_word(first.word) == "en" and bool(others) and bool(others[0].nouns)
    return begins or any(one.mood is Mood.ORDER for one in sentence.unknown)


def keeps_only(sentence: Sentence) -> bool:
    """Tell whether it says to keep only something: "keep only deal 8"."""
    keeping = [
        one for token in sentence.tokens for one in token.meanings if one.sort is Sort.KEEP and one.mood is Mood.ORDER
    ]
    return bool(keeping) and any(token.has(Sort.ONLY) for token in sentence.tokens)


# --- what is asked about --------------------------------------------------------------------------------------------


def _several_orders(sentence: Sentence, best: Candidate) -> tuple[str, ...] | None:
    """Two verbs that order different things."""
    del best
    verbs = writing(sentence)
    shared = frozenset(act for act in Act if verbs and all(act in token.acts for token in verbs))
    if len(verbs) > 1 and not shared:
        return tuple(token.text for token in verbs)
    others = [token for token in sentence.tokens[verbs[0].at + 1 :] if _tells_other(token, shared)] if verbs else []
    return tuple(token.text for token in (*verbs, *others)) if others else None


def _tells_other(token: Token, acts: frozenset[Act]) -> bool:
    """Tell whether a verb form says something other than what is ordered: "… and deal 7 unlinked"."""
    told = token.every_act
    return bool(told) and not token.role and not token.nouns and not told & acts and not told <= READING_ACTS


def _excepts(sentence: Sentence, best: Candidate) -> tuple[str, ...] | None:
    del best
    return tuple(token.text for token in sentence.tokens if Danger.EXCEPT in token.dangers) or None


def _doubtful(sentence: Sentence, best: Candidate) -> tuple[str, ...] | None:
    del best
    return sentence.doubtful or None


def _two_kinds(sentence: Sentence, best: Candidate) -> tuple[str, ...] | None:
    """Say "contact" beside "company": which of them the numbers are of, nobody can tell."""
    del best
    nouns = {mention.noun for mention in sentence.mentions if not mention.used}
    both = {"contact", "company"} <= nouns or {"contact", "company"} <= {
        noun for token in sentence.tokens for noun in token.nouns
    }
    numbered = sum(1 for one in sentence.mentions if one.noun in {"contact", "company"} and one.known)
    return ("contact", "company") if both and numbered < 2 else None  # noqa: PLR2004 - each has its own


ASKS: Final[Sequence[tuple[str, Rule]]] = (
    ("several orders", _several_orders),
    ("except", _excepts),
    ("doubtful", _doubtful),
    ("two kinds", _two_kinds),
)


# --- what is chosen --------------------------------------------------------------------------------------------------

Check = Callable[[Sentence, Candidate, float], bool]


def _disagrees(sentence: Sentence, best: Candidate, lead: float) -> bool:
    """A preposition says the opposite of the reading: "link … from …"."""
    del lead
    act = best.reading.sense.act
    if act not in {Act.JOIN, Act.PART}:
        return False
    mentions = [one for one in sentence.mentions if one.preposition]
    if any(one.preposition in ABOUT for one in mentions):
        return True
    if _may_lead_elsewhere(sentence, act):
        return True
    ways = {one.way for one in mentions if one.noun in OWNERS or one.noun in ITEMS}
    if act is Act.JOIN:
        return Sort.AWAY in ways
    # "Убери привязку сделки 5 к брони 9": the link leads there.
    linked = any(one.noun in {"link", "binding"} and one.bare for one in sentence.mentions[:1])
    return Sort.TOWARDS in ways and not linked


def _may_lead_elsewhere(sentence: Sentence, act: Act) -> bool:
    """Tell whether a misspelt word before a record is rather a preposition of the other side: "attach … form …"."""
    for token, following in pairwise(sentence.tokens):
        led = bool(following.nouns) and not following.role and (token.unknown or (token.corrected and token.way))
        if not led:
            continue
        written = fold(token.text)
        near = {sort: _nearest_way(written, sort) for sort in (Sort.TOWARDS, Sort.AWAY)}
        right, wrong = (Sort.TOWARDS, Sort.AWAY) if act is Act.JOIN else (Sort.AWAY, Sort.TOWARDS)
        if near[wrong] <= LIKELY and near[wrong] < near[right]:
            return True
    return False


def _nearest_way(written: str, sort: Sort) -> float:
    """Weigh the slips between a word and the nearest preposition of a side."""
    words = lexicon(language_of_word(written)).words
    weights = (weight(written, word) for word, known in words.items() if len(word) < LONGEST and _is(known, sort))
    return min(weights, default=FAR)


def _is(meanings: Sequence[Meaning], sort: Sort) -> bool:
    return any(one.sort is sort for one in meanings)


def side_differs(sentence: Sentence, best: Candidate, lead: float) -> bool:
    """The verbs that order are of another side than the reading."""
    del lead
    acts = ordered_acts(sentence)
    sides = frozenset(act for side in SIDES if best.reading.acts & side for act in side)
    return bool(acts) and not acts & sides


def _old_and_new(sentence: Sentence, best: Candidate, lead: float) -> bool:
    """Old and new items in a replacement: which go and which come, a list of items does not tell."""
    del lead
    replacing = best.reading.sense.act is Act.REPLACE or best.filled.arguments.get("mode") == "replace"
    items = [one for one in sentence.mentions if one.noun in ITEMS and not one.bare and not one.used]
    return replacing and len(items) > 1 and len({one.preposition for one in items}) > 1


def _tells_nothing(sentence: Sentence, best: Candidate, lead: float) -> bool:
    """A verb that joins and parts, or none of ours, with no preposition that tells."""
    acts = ordered_acts(sentence)
    plain = not {Act.JOIN, Act.PART} <= acts if acts else not sentence.unknown
    if plain or lead >= FAR or best.reading.sense.act not in {Act.JOIN, Act.PART}:
        return False
    wanted = JOINING if best.reading.sense.act is Act.JOIN else PARTING
    return not any(one.preposition in wanted for one in sentence.mentions)


def _noun_without_place(sentence: Sentence, best: Candidate, lead: float) -> bool:
    """A noun that the reading has no place for."""
    stray = stray_nouns(sentence, best)
    return "waitlist" in stray or (bool(stray) and (lead < FAR or best.reading.sense.act is Act.DELETE))


def stray_nouns(sentence: Sentence, best: Candidate) -> set[str]:
    """Return the nouns without a number of the ordering clause that the reading has no place for."""
    # "Booking 9 has the wrong deal, remove it": what is said before may be what goes.
    begins = 0 if best.reading.sense.act is Act.DELETE else sentence.clause
    bare = [one for one in sentence.mentions if one.bare and not one.used and one.at >= begins]
    about = best.reading.sense.about
    twice = any(one.noun == about and one.known for one in sentence.mentions)
    return {one.noun for one in bare if not _fits(one.noun, best) or (twice and one.noun == about)}


def _fits(noun: str, best: Candidate) -> bool:
    sense = best.reading.sense
    names = {sense.about, sense.item or "", "item", "moment", *_ALIKE.get(sense.item or "", ())}
    arguments = best.method.model_fields
    if sense.about == "booking" or sense.item:
        names |= {"deal", "link", "binding"} if sense.item in {"deal", "item"} else set()
    texts = {"note": "note", "description": "description", "title": "name", "resource": "resource_ids"}
    return noun in names or (noun in texts and texts[noun] in arguments) or noun in sense.about


_ALIKE: Final = {
    "deal": frozenset({"link", "binding"}),
    "client": PEOPLE_NOUNS,
    "item": CRM | PEOPLE_NOUNS | {"link", "binding"},
}


def _strange_before_verb(sentence: Sentence, best: Candidate, lead: float) -> bool:
    """An unknown non-word right before the verb: "Dinnae delete"."""
    del best, lead
    return any(
        before.unknown and not is_ordinary(fold(before.text))
        for before, token in zip(sentence.tokens, sentence.tokens[1:], strict=False)
        if token in writing(sentence)
    )


def _unknown_verb(sentence: Sentence, best: Candidate, lead: float) -> bool:
    """An unknown verb with one numbered record: "грохни запись 22" may cancel it or show it."""
    del best, lead
    return unknown_verb(sentence)


def _opposite(sentence: Sentence, best: Candidate, lead: float) -> bool:
    """A misspelt verb may as well be one of another side."""
    del best, lead
    return sentence.opposite


def _rival(sentence: Sentence, best: Candidate, lead: float) -> bool:
    """A second reading is near, and no verb tells which."""
    del best
    return lead < NEAR and not (writing(sentence) and sentence.command)


def _completed_otherwise(sentence: Sentence, best: Candidate, lead: float) -> bool:
    """A lone number was given a place by a reading of an act that the verb does not have: "move deals 3 to 6"."""
    del lead
    acts = ordered_acts(sentence)
    return best.filled.completed and bool(acts) and not acts & best.reading.acts


CHOICES: Final[Sequence[tuple[str, Check]]] = (
    ("preposition", _disagrees),
    ("old and new", _old_and_new),
    ("opposite", _opposite),
    ("side", side_differs),
    ("no telling", _tells_nothing),
    ("stray noun", _noun_without_place),
    ("strange word", _strange_before_verb),
    ("unknown verb", _unknown_verb),
    ("completed", _completed_otherwise),
    ("rival", _rival),
)
