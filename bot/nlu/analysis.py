"""A sentence taken apart, with everything that later steps need to know of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.nlu.dates import When, when_of
from bot.nlu.entities import Mention, mentions_of
from bot.nlu.id_assignment import Ids, claimed
from bot.nlu.lexical_analysis import understood
from bot.nlu.lexicon import acts_of
from bot.nlu.lexicon_data.command_words import NO
from bot.nlu.numerals import with_numbers
from bot.nlu.rewrite_context import frame
from bot.nlu.rewrite_pos import settle
from bot.nlu.tokenizer import remarks_of, units_of
from bot.nlu.tokens import Kind, Mood, Sort, Unit
from tool_specs.declaration.intents import READING_ACTS, Act
from tool_specs.declaration.localized import Language

_WAITING = frozenset({"wait", "later", "oops", "стой", "постой", "подожди", "погоди", "подождите", "позже"})
"""Words that take back what was just said."""
_OF_BOOKINGS = frozenset({"booking", "resource"})


@dataclass(slots=True)
class Scene:
    """The units, what they mention, when, and what is ordered."""

    text: str
    language: Language
    units: list[Unit]
    when: When
    mentions: list[Mention]
    orders: list[Unit] = field(default_factory=list)
    now: datetime = field(default_factory=datetime.now)

    @property
    def acts(self) -> frozenset[Act]:
        """What the verbs may ask for."""
        return frozenset(act for unit in self.orders for act in acts_of(unit, Mood.ORDER))

    @property
    def writes(self) -> list[Unit]:
        """The verbs that ask to change something."""
        return [unit for unit in self.orders if not acts_of(unit, Mood.ORDER) <= READING_ACTS]

    @property
    def linking(self) -> bool:
        """Whether a verb speaks of links by itself."""
        return any(one.linking for unit in self.orders for one in unit.meanings if one.mood is Mood.ORDER)

    @property
    def corrected(self) -> list[Unit]:
        """The words that were misspelt."""
        return [unit for unit in self.units if unit.corrected]

    @property
    def doubted(self) -> list[Unit]:
        """The words that were misspelt, but for one that alone fits the sentence."""
        return [unit for unit in self.corrected if not unit.fitted]

    def has(self, *sorts: Sort) -> bool:
        """Tell whether a word of one of these sorts is there that no day or name claimed."""
        return any(unit.has(*sorts) for unit in self.units if not unit.taken)

    def of(self, *nouns: str) -> list[Mention]:
        """Give the mentions of some nouns that are not parts of others."""
        return [mention for mention in self.mentions if mention.noun in nouns and not mention.used]

    @property
    def bare_numbers(self) -> list[Unit]:
        """The numbers that nothing claimed."""
        numbers = [(at, unit) for at, unit in enumerate(self.units) if unit.kind is Kind.NUMBER and not unit.taken]
        return [unit for at, unit in numbers if not _counts(self.units, at)]


def _counts(units: Sequence[Unit], at: int) -> bool:
    """Tell whether a number counts instead of naming; in a list of numbers none does: "deal twenty and one"."""
    unit = units[at]
    joined = at > 1 and (units[at - 1].has(Sort.AND) or units[at - 1].kind is Kind.COMMA)
    listed = joined and units[at - 2].kind is Kind.NUMBER
    return unit.weak and not unit.ordinal and not unit.marked and not listed


def scene_of(
    text: str,
    language: Language,
    languages: Sequence[Language],
    now: datetime,
    meant: tuple[str, str] | None = None,
) -> Scene:
    """Take a sentence apart, and give its pieces their meanings.

    Args:
        text: the sentence, cleaned.
        language: the language of most of it.
        languages: those that its letters may belong to.
        now: the time in the business's zone.
        meant: a word as it was written, and the one to read in its place.
    """
    for whole, inner in remarks_of(text):
        if _is_remark(inner, languages):
            text = text.replace(whole, " ", 1)
    units = units_of(text)
    for unit in units:
        if meant and unit.kind is Kind.WORD and unit.text == meant[0]:
            unit.word = unit.corrected = meant[1]
            unit.fitted = True
    units = with_numbers(units, cyrillic="ru" in languages)
    units = understood(units, languages)
    frame(units)
    settle(units)
    ids = claimed(units)
    of_bookings = any(noun in _OF_BOOKINGS for unit in units for noun in unit.nouns)
    when = when_of(units, now, of_bookings=of_bookings, moves=_moves(units), numbered=_numbered(units, ids))
    mentions = mentions_of(units, ids)
    _point_weekdays(units)
    orders = [unit for unit in units if not unit.taken and acts_of(unit, Mood.ORDER)]
    return Scene(text, language, units, when, mentions, orders, now)


def _numbered(units: Sequence[Unit], ids: Mapping[int, Ids]) -> bool:
    """Tell whether a booking or an entry is named by its number."""
    return any({"booking", "waitlist"} & set(units[at].nouns) for at in ids)


def _moves(units: Sequence[Unit]) -> bool:
    """Tell whether a verb moves or changes something."""
    acts = {act for unit in units for act in acts_of(unit, Mood.ORDER)}
    return bool(acts & {Act.MOVE, Act.CHANGE}) and Act.CREATE not in acts


def _is_remark(inner: str, languages: Sequence[Language]) -> bool:
    """Tell whether what stands in brackets only adds to what was said: a name, a word of no meaning to us."""
    units = understood(units_of(inner), languages)
    said = tuple(unit.word for unit in units if unit.kind is Kind.WORD)
    if any(said[: len(phrase)] == phrase for phrase in NO) or _WAITING & set(said):
        return False
    telling = (Sort.VERB, Sort.NOUN, Sort.NOT, Sort.UNSURE, Sort.ALL, Sort.ONLY, Sort.INSTEAD, Sort.SAYING)
    return not any(unit.has(*telling) or unit.kind is not Kind.WORD for unit in units if unit.kind is not Kind.COMMA)


def _point_weekdays(units: Sequence[Unit]) -> None:
    """Let go of prepositions and articles that stand before a day: they lead nowhere else."""
    for at, unit in enumerate(units[:-1]):
        following = units[at + 1]
        if following.taken == "when" and not unit.taken and unit.has(Sort.EITHER, Sort.TOWARDS):
            unit.taken = "when"
