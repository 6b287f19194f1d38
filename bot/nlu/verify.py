"""The only door: what may run, what waits for a yes, what is chosen or asked about, and what is no order.

It is deterministic. Scores only order the readings that it may let out.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from bot.nlu.confirmations import CARDS
from bot.nlu.danger_kinds import Danger
from bot.nlu.gates import (
    ASKS,
    CHOICES,
    FAR,
    NEAR,
    keeps_only,
    left_over,
    ordered_acts,
    side_differs,
    unknown_verb,
    writing,
)
from bot.nlu.lexicon import language_of_word, listed
from bot.nlu.lexicon_data import function_words as small
from bot.nlu.ranking import Candidate, Fault, Ranking
from bot.nlu.result import Certainty, Grade
from bot.nlu.sentence import Sentence
from bot.nlu.tokens import Kind, Mood, Sort
from tool_specs.declaration.intents import READING_ACTS, Act
from tool_specs.declaration.method import Effect
from tool_specs.declaration.text import fold

READ_FORBIDDEN: Final = frozenset({Danger.NEGATION, Danger.REPORT, Danger.QUOTED, Danger.IDIOM})
NONE_LIKELY: Final = 0.97
NONE_UNORDERED: Final = 0.8
NONE_READ: Final = 0.65
NONE_UNNAMED: Final = 0.5
"""How likely "no order" has to be: in general, without a verb that orders, for a list, with nothing of ours said."""
MOST_OFFERED: Final = 3


@dataclass(frozen=True, slots=True)
class Verdict:
    """What may be done with a sentence."""

    grade: Grade
    offered: tuple[Candidate, ...] = ()
    reason: str = ""
    """Which rule decided, for `linkdesk parse --explain`."""
    certainty: Certainty = Certainty.EXACT
    words: tuple[str, ...] = ()
    """The words that the rule is about, as they were written."""


def verify(sentence: Sentence, ranked: Ranking) -> Verdict:
    """Decide what may be done with the best reading of a sentence."""
    if not ranked.candidates:
        return _nothing("no reading")
    ranked = _with_ordered_first(sentence, ranked)
    best = ranked.candidates[0]
    shows = sentence.command is not None and sentence.command.acts <= READING_ACTS
    if best.method.effect is Effect.READ and (shows or not _may_write(sentence, best)):
        return _verify_read(sentence, ranked)
    return _verify_write(sentence, ranked)


def _with_ordered_first(sentence: Sentence, ranked: Ranking) -> Ranking:
    """Prefer what the verb orders to a list that is hardly likelier."""
    acts, best = ordered_acts(sentence), ranked.candidates[0]
    if best.method.effect is not Effect.READ or not acts:
        return ranked
    near = [one for one in ranked.candidates if one.reading.acts & acts and best.score - one.score < NEAR]
    first = next((one for one in near if not left_over(one)), best)
    return replace(ranked, candidates=(first, *(one for one in ranked.candidates if one is not first)))


def _may_write(sentence: Sentence, best: Candidate) -> bool:
    """Tell whether something may be ordered though a list ranks best: "кинь лист ожидания" names no record."""
    named = any(mention.known or mention.described for mention in sentence.mentions)
    ordered = bool(writing(sentence)) and (named or not best.complete)
    return keeps_only(sentence) or ordered or unknown_verb(sentence) or sentence.command is not None


# --- what is read --------------------------------------------------------------------------------------------------


def _verify_read(sentence: Sentence, ranked: Ranking) -> Verdict:
    best = ranked.candidates[0]
    forbidden = sentence.dangers & READ_FORBIDDEN
    if forbidden or asks_of_the_past(sentence):
        return _nothing(*(_named(sentence, forbidden) if forbidden else ("past question",)))
    if ranked.none > NONE_READ or not _asks(sentence, ranked.none):
        return _nothing("no question")
    said = {noun for token in sentence.tokens for noun in token.nouns}
    command = sentence.command
    other = command is not None and bool(command.methods) and best.method not in command.methods
    odd = sentence.doubtful or tuple(token.text for token in sentence.unknown if sentence.command)
    if left_over(best) or (command and odd) or (other and best.reading.sense.about not in said):
        return Verdict(Grade.ASK, reason="doubtful" if odd else "left over", words=odd)
    if best.filled.missing:
        return Verdict(Grade.ASK, (best,), "missing")
    if offered := _near_lists(sentence, ranked) or _near_writes(sentence, ranked):
        return Verdict(Grade.CHOICE, offered, "rival", Certainty.COMPLETED)
    return Verdict(Grade.RUN, (best,), "read", _certainty(sentence, best, tolerated=False))


def _near_writes(sentence: Sentence, ranked: Ranking) -> tuple[Candidate, ...]:
    """Return the readings to choose among where something may be changed as well, and no verb or question tells."""
    best = ranked.candidates[0]
    asks = sentence.command or sentence.orders or any(token.kind is Kind.ASKS for token in sentence.tokens)
    near = tuple(one for one in ranked.candidates[1:] if one.complete and best.score - one.score < NEAR)
    writes = any(one.method.effect is not Effect.READ for one in near)
    return (best, *near)[:MOST_OFFERED] if writes and sentence.unknown and not asks else ()


def _near_lists(sentence: Sentence, ranked: Ranking) -> tuple[Candidate, ...]:
    """Return what may be shown of one record that is named by its number, with nothing said of it: "booking 14"."""
    words = [token for token in sentence.tokens if token.kind in {Kind.WORD, Kind.NUMBER, Kind.ASKS}]
    numbered = len(words) > 1 and all(token.role == "id" or token.kind is Kind.ASKS for token in words[1:])
    if not numbered or not words[0].nouns or "plan" in words[0].nouns or sentence.command:
        return ()
    return tuple(one for one in ranked.candidates if one.complete and one.reading.reads)[:MOST_OFFERED]


def _asks(sentence: Sentence, none: float) -> bool:
    """Tell whether something is asked or named: a verb of showing, a question, or nouns with little beside."""
    words = [token for token in sentence.tokens if token.kind is Kind.WORD]
    said = any(not token.has(Sort.POLITE, Sort.ORDINARY, Sort.SILENT, Sort.ASKING) for token in words)
    if not sentence.command and not said and (len(words) < 2 or none > NONE_UNNAMED):  # noqa: PLR2004 - "what?"
        return False
    if sentence.command or sentence.orders or any(token.kind is Kind.ASKS for token in sentence.tokens):
        return True
    if any(fold(token.text) in asking_words() for token in sentence.tokens[:6]):
        return True
    strange = [token for token in sentence.unknown if token.kind is Kind.WORD]
    return Danger.STATEMENT not in sentence.dangers and len(strange) <= 1 and not sentence.doubtful


def asking_words() -> frozenset[str]:
    """Return the words that ask by themselves."""
    return _ASKING


_ASKING: Final = frozenset(
    fold(phrase) for text in (small.ASKING.en, small.ASKING.ru) for phrase in listed(text) if " " not in phrase
)
_DOERS: Final = frozenset(fold(word) for text in (small.DOERS.en, small.DOERS.ru) for word in listed(text))
_WHY: Final = frozenset({"why", "зачем", "почему", "отчего"})
_WHEN: Final = frozenset({"when", "когда"})


def asks_of_the_past(sentence: Sentence) -> bool:
    """Tell whether it asks who did something, when or why: no list of what is now can answer that."""
    words = {fold(token.text) for token in sentence.tokens if token.role != "when"}
    if words & _WHY:
        return True
    done = [
        token
        for token in sentence.tokens
        if token.every_act and not token.every_act <= READING_ACTS and token.mood in {Mood.PAST, Mood.STATE}
    ]
    being = words & {"is", "are", "s", "who's", "am", "been"}
    past = any(token.mood is Mood.PAST or language_of_word(token.word) == "en" for token in done)
    linked = any(one.linking for token in done for one in token.meanings)
    return bool((words & _DOERS and past and not being) or (words & _WHEN and linked) or ("кем" in words and done))


# --- what changes something ----------------------------------------------------------------------------------------


def _verify_write(sentence: Sentence, ranked: Ranking) -> Verdict:
    forbidden, best = _forbidden(sentence), ranked.candidates[0]
    if forbidden or not _orders(sentence, ranked):
        return _nothing(*(_named(sentence, forbidden) if forbidden else ("no order",)))
    for reason, rule in ASKS:
        if (words := rule(sentence, best)) is not None:
            return Verdict(Grade.ASK, reason=reason, words=words)
    offered = _complete(ranked)
    if not offered or (best.filled.missing and not left_over(best) and not side_differs(sentence, best, FAR)):
        return _incomplete(sentence, ranked)
    best = offered[0]
    lead = best.score - offered[1].score if len(offered) > 1 else FAR
    for reason, check in CHOICES:
        if check(sentence, best, lead):
            # "Confirm booking 18" is never an offer to delete it.
            fitting = tuple(
                one for one in offered if one.reading.sense.act is not Act.DELETE or not one.has(Fault.OTHER_SIDE)
            )
            return Verdict(Grade.CHOICE, (fitting or offered)[:MOST_OFFERED], reason, _certainty(sentence, best))
    reason = next((reason for reason, rule in CARDS if rule(sentence, best) is not None), "")
    reason = reason or ("lead" if lead < NEAR else "")
    grade, certainty = (Grade.CARD, _certainty(sentence, best)) if reason else (Grade.RUN, Certainty.EXACT)
    return Verdict(grade, (best,), reason or "run", certainty)


def _forbidden(sentence: Sentence) -> frozenset[Danger]:
    """Return what forbids a write; a slash command is an order whatever its grammar looks like."""
    ordered = {Danger.EXCEPT}
    if sentence.command:
        ordered |= {Danger.QUESTION, Danger.SUBJECT, Danger.STATEMENT}
    return sentence.dangers - ordered


def _named(sentence: Sentence, kinds: frozenset[Danger]) -> tuple[str, ...]:
    """Return the first of these kinds, and the words that stand for it."""
    tokens = [token for token in sentence.tokens if token.dangers & kinds]
    kind = next((str(kind) for token in tokens for kind in sorted(token.dangers & kinds)), str(min(kinds)))
    return (kind, *(token.text for token in tokens[:1]))


def _nothing(reason: str, *words: str) -> Verdict:
    return Verdict(Grade.NONE, reason=reason, words=words)


def _orders(sentence: Sentence, ranked: Ranking) -> bool:
    """Tell whether anything orders: a verb of ours, or two records and a preposition that tells."""
    if sentence.command or unknown_verb(sentence):
        return True
    if writing(sentence):
        return ranked.none <= NONE_LIKELY
    named = [mention for mention in sentence.mentions if mention.known]
    tells = any(mention.way in {Sort.TOWARDS, Sort.AWAY} for mention in sentence.mentions)
    creates = bool(sentence.when) or bool(sentence.tail)
    return (len(named) > 1 or keeps_only(sentence) or tells or creates) and ranked.none <= NONE_UNORDERED


def _complete(ranked: Ranking) -> tuple[Candidate, ...]:
    """Return the writes and reads that leave nothing over and miss nothing, best first."""
    whole = [one for one in ranked.candidates if one.complete]
    best = ranked.candidates[0]
    # A reading that is far behind the best one does not become it only because it has no more arguments.
    return tuple(one for one in whole if best.score - one.score <= FAR or one is best)


def _incomplete(sentence: Sentence, ranked: Ranking) -> Verdict:
    """Ask for what is missing of the best reading; where something found no place, say so."""
    fitting = [one for one in ranked.candidates if not left_over(one)]
    best = fitting[0] if fitting else ranked.candidates[0]
    if not fitting or side_differs(sentence, best, FAR):
        return Verdict(Grade.ASK, reason="left over")
    return Verdict(Grade.ASK, (best,), "missing", _certainty(sentence, best))


def _certainty(sentence: Sentence, best: Candidate, *, tolerated: bool = True) -> Certainty:
    """Tell why a reading waits for a yes."""
    if best.filled.named:
        return Certainty.NAMED
    if sentence.corrected:
        return Certainty.CORRECTED
    if tolerated and sentence.unknown:
        return Certainty.TOLERATED
    return Certainty.COMPLETED if tolerated or best.filled.completed else Certainty.EXACT
