"""Ways of saying it that give a verb another meaning: "break the link between", "выведи контакт 6 из брони 14"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from bot.nlu.lexicon import language_of_word, meanings_of, orders_of
from bot.nlu.lexicon_data import verbs
from bot.nlu.tokens import Kind, Meaning, Mood, Sort, Unit
from tool_specs.declaration.intents import Act
from tool_specs.declaration.localized import Localized

BETWEEN: Final = frozenset({"between", "между"})
LISTS: Final = frozenset({"booking", "waitlist"})
PEOPLE: Final = frozenset({"client", "contact", "company"})
ON_A_NUMBER: Final = frozenset({"on", "at", "with", "by", "по", "с", "на"})
EXCEPT: Final = frozenset({"except", "but", "кроме", "except for", "apart from"})
"""After "everything", before a deal, they say what stays."""
ASKED: Final = frozenset({"what", "which"})
SIGN: Final = "ид"
LOSE: Final = " lose"


def _is_order(unit: Unit, said: Localized) -> bool:
    return unit.kind is Kind.WORD and not unit.corrected and unit.word in orders_of(said, language_of_word(unit.word))


def _ordering(act: Act, *, linking: bool = False) -> tuple[Meaning, ...]:
    return (Meaning(Sort.VERB, acts=frozenset({act}), mood=Mood.ORDER, linking=linking),)


def _next(units: Sequence[Unit], at: int, *sorts: Sort) -> int:
    """Give the place of the next unit that is of none of these sorts and no comma."""
    at += 1
    while at < len(units) and (
        units[at].kind is Kind.COMMA or (units[at].has(*sorts) and not units[at].has(Sort.NOUN))
    ):
        at += 1
    return at


def tell_sayings(units: list[Unit]) -> None:
    """Settle the verbs that their surroundings give another meaning."""
    for at, unit in enumerate(units):
        if unit.kind in {Kind.PHONE, Kind.EMAIL}:
            _tell_reached(units, at)
        if unit.kind is not Kind.WORD or unit.taken:
            continue
        _tell_link_between(units, at)
        _tell_leading_out(units, at)
        _tell_pointing_out(units, at)
        _tell_sending(units, at)
        _tell_state(units, at)
        _tell_hold(units, at)
        if unit.word.endswith(LOSE) and any(one.kind is Kind.ASKS for one in units):
            unit.meanings = (Meaning(Sort.UNSURE),)
        if unit.word == SIGN and at + 1 < len(units) and units[at + 1].has(Sort.NOUN):
            # Before a number it is a sign; before a noun it is rather an "из".
            unit.meanings = ()
    _tell_except(units)
    _tell_hour(units)


def _tell_reached(units: Sequence[Unit], at: int) -> None:
    """Let "on" say nothing in "the client on +44 …": it leads to nobody's booking."""
    if at > 1 and units[at - 1].word in ON_A_NUMBER and set(units[at - 2].nouns) & PEOPLE:
        units[at - 1].meanings = (Meaning(Sort.SILENT),)


def _tell_link_between(units: Sequence[Unit], at: int) -> None:
    """Read "establish a link between …" as linking, and "break the link between …" as the opposite."""
    breaks = _is_order(units[at], verbs.BREAKING)
    if not (breaks or _is_order(units[at], verbs.FORMING)):
        return
    noun = _next(units, at, Sort.SILENT, Sort.POINTING, Sort.POLITE)
    if noun >= len(units) or "link" not in units[noun].nouns or units[noun].corrected:
        return
    if any(unit.word in BETWEEN and not unit.corrected for unit in units[noun + 1 : noun + 3]):
        units[at].meanings = _ordering(Act.PART if breaks else Act.JOIN, linking=True)


def _tell_leading_out(units: Sequence[Unit], at: int) -> None:
    """Read "выведи контакт 6 из брони 14" as taking it off: a record with a number comes out of another."""
    if not _is_order(units[at], verbs.LEADING_OUT) or any(unit.kind is Kind.ASKS for unit in units):
        return
    out = [place for place in range(at + 3, len(units) - 1) if units[place].has(Sort.AWAY)]
    if len(out) != 1 or units[out[0]].corrected or not set(units[_next(units, out[0], Sort.SILENT)].nouns) & LISTS:
        return
    named = units[out[0] - 1].kind in {Kind.NUMBER, Kind.CARD} and units[at + 1].has(Sort.NOUN)
    if named and not set(units[at + 1].nouns) & LISTS:
        units[at].meanings = _ordering(Act.PART)


def _tell_pointing_out(units: Sequence[Unit], at: int) -> None:
    """Read "укажите, какие сделки …" as a question."""
    after = _next(units, at, Sort.POLITE)
    if _is_order(units[at], verbs.POINTING_OUT) and after < len(units) and units[after].has(Sort.ASKING):
        units[at].meanings = _ordering(Act.SHOW)


def _tell_sending(units: Sequence[Unit], at: int) -> None:
    """Read "кинь лист ожидания" as asking for the list: there is nothing that could be put anywhere."""
    if not _is_order(units[at], verbs.SENDING):
        return
    if any(unit.kind not in {Kind.WORD, Kind.NUMBER, Kind.DAY, Kind.CLOCK, Kind.COMMA, Kind.STOP} for unit in units):
        return
    if any(unit.kind is Kind.WORD and (not unit.meanings or unit.corrected) for unit in units):
        return
    nouns = [place for place, unit in enumerate(units) if unit.has(Sort.NOUN)]
    if len(nouns) != 1 or not set(units[nouns[0]].nouns) & LISTS:
        return
    listed = any(
        one.value == "waitlist" or one.plural is not False for one in units[nouns[0]].meanings if one.sort is Sort.NOUN
    )
    led = nouns[0] and units[nouns[0] - 1].has(Sort.TOWARDS, Sort.AWAY, Sort.EITHER)
    beside = [units[place] for place in (nouns[0] - 1, nouns[0] + 1) if 0 <= place < len(units)]
    if listed and not led and not any(unit.kind is Kind.NUMBER for unit in beside):
        units[at].meanings = _ordering(Act.SHOW)


def _tell_state(units: Sequence[Unit], at: int) -> None:
    """Read "what deals hang on booking 16" as what is so: after a question and its noun nothing is ordered."""
    verb = units[at].meaning(Sort.VERB)
    if verb is None or verb.mood is not Mood.ORDER or not at or not units[at - 1].has(Sort.NOUN):
        return
    first = _next(units, -1, Sort.POLITE)
    if first < at - 1 and units[first].word in ASKED and not units[first].corrected and not units[at].has(Sort.NOUN):
        units[at].meanings = (replace(verb, mood=Mood.STATE),)


def _tell_hold(units: Sequence[Unit], at: int) -> None:
    """Take "hang on, …" for a doubt: what follows is not said to be done yet."""
    closed = at + 2 >= len(units) or units[at + 2].kind in {Kind.COMMA, Kind.STOP, Kind.DASH}
    if units[at].word == "hang" and at + 1 < len(units) and units[at + 1].word == "on" and closed:
        units[at].meanings = (Meaning(Sort.UNSURE),)


def _tell_hour(units: list[Unit]) -> None:
    """Read "move tomorrow's 3pm to Friday" as speaking of the booking at that time, where no record is named."""
    at = next((at for at, unit in enumerate(units) if _moves(unit)), len(units))
    if any(unit.has(Sort.NOUN) or unit.kind in {Kind.CARD, Kind.CODE, Kind.QUOTE} for unit in units):
        return
    if at + 3 < len(units) and units[at + 1].text.lower().endswith(("'s", "’s")) and _is_day(units[at + 1]):
        timed = units[at + 2].kind is Kind.CLOCK and units[at + 3].word in {"to", "till", "until"}
        if timed and not any(unit.corrected for unit in units[at : at + 4]):
            units.insert(at + 3, Unit(Kind.WORD, "booking", word="booking", meanings=meanings_of("booking")))


def _moves(unit: Unit) -> bool:
    return any(one.mood is Mood.ORDER and Act.MOVE in one.acts for one in unit.meanings if one.sort is Sort.VERB)


def _is_day(unit: Unit) -> bool:
    return any(one.sort is Sort.SIGN and one.value.startswith(("D:", "W:")) for one in unit.meanings)


def _tell_except(units: Sequence[Unit]) -> None:
    """Read "take everything off booking 8 except deal 2" as leaving deal 2 alone there."""
    orders = [unit for unit in units if any(one.mood is Mood.ORDER for one in unit.meanings if one.sort is Sort.VERB)]
    everything = [unit for unit in units if unit.has(Sort.ALL)]
    places = [at for at, unit in enumerate(units) if unit.word in EXCEPT and not unit.corrected]
    if len(orders) != 1 or len(everything) != 1 or len(places) != 1 or everything[0].corrected or orders[0].corrected:
        return
    acts = frozenset(act for one in orders[0].meanings if one.mood is Mood.ORDER for act in one.acts)
    at = places[0]
    kept = at + 2 < len(units) and "deal" in units[at + 1].nouns and units[at + 2].kind is Kind.NUMBER
    later = units.index(everything[0]) < at and _names_an_owner(units, everything[0])
    if Act.PART in acts and Act.JOIN not in acts and kept and later:
        orders[0].meanings = _ordering(Act.REPLACE)
        everything[0].meanings = (Meaning(Sort.SILENT),)
        units[at].meanings = (Meaning(Sort.ONLY),)


def _names_an_owner(units: Sequence[Unit], everything: Unit) -> bool:
    """Tell whether a booking or an entry has a number, and it is not bookings that all go."""
    lists = [at for at, unit in enumerate(units) if set(unit.nouns) & LISTS]
    numbered = any(any(one.kind is Kind.NUMBER for one in units[at + 1 : at + 4]) for at in lists)
    after = units[units.index(everything) + 1 :]
    return len(lists) == 1 and numbered and not (after and set(after[0].nouns) & LISTS)


def leaves_one(units: Sequence[Unit]) -> bool:
    """Tell whether it says what stays by what does not go: "everything except deal 2"."""
    return any(unit.word in EXCEPT and unit.has(Sort.ONLY) for unit in units)


def extends(units: Sequence[Unit]) -> bool:
    """Tell whether a booking is made longer: then only its end is asked for."""
    return any(_is_order(unit, verbs.EXTENDING) for unit in units)
