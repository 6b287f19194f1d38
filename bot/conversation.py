"""The conversation that the terminal and Telegram share: a message in, a reply out, and never an exception."""

from __future__ import annotations

import re
import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from bot import guide, speech
from bot.cards import Card, Cards, Gone, Where
from bot.forms import form_of
from bot.slash import Requests, Talk, Unclear, read
from bot.tokens import cleaned
from bot.wording import Text, joined
from linkdesk.access import Actor, Face, Role
from linkdesk.desk import Desk
from linkdesk.errors import Changed, Trouble
from linkdesk.explain.words import for_chat
from linkdesk.incident import incident
from linkdesk.outcome import AnyPlan, Found, Outcome, Waiting
from linkdesk.speaking import language_of
from tool_specs.crm_ref import CARD_ADDRESS
from tool_specs.failure import Who
from tool_specs.method import Effect, Method
from tool_specs.said import Language, Said
from tool_specs.words import NO, YES, fold

MOST_REMEMBERED: Final = 10_000

NOTHING_WAITS: Final = Said(
    en="There is nothing to answer: no question is waiting. Nothing was changed.",
    ru="Отвечать не на что: ни один вопрос не ждёт ответа. Ничего не изменено.",
)
EXPIRED: Final = Said(
    en="The question has expired, nothing was changed. Send the command again.",
    ru="Вопрос устарел, ничего не изменено. Отправьте команду ещё раз.",
)
NOT_YOURS: Final = Said(
    en="Only the person who was asked can answer this.",
    ru="Ответить может только тот, кому задан вопрос.",
)
CANCELLED: Final = Said(en="Cancelled. Nothing was changed.", ru="Отменено. Ничего не изменено.")
NO_MORE: Final = Said(
    en="There is nothing more to show.",
    ru="Больше показывать нечего.",
)
NOT_TRIED: Final = Said(en="Not tried after that: {rest}.", ru="После этого не выполнялось: {rest}.")
_GONE: Final = {Gone.NOTHING_WAITS: NOTHING_WAITS, Gone.EXPIRED: EXPIRED, Gone.NOT_YOURS: NOT_YOURS}


@dataclass(frozen=True, slots=True)
class Person:
    """Who writes, and where; `language` is the one their program speaks, if it said."""

    chat: int
    user: int
    name: str
    role: Role
    face: Face
    language: Language | None = None

    @property
    def where(self) -> Where:
        """The chat and the person: what is remembered is remembered for both together."""
        return self.chat, self.user

    @property
    def actor(self) -> Actor:
        """The person as the desk knows them."""
        return Actor(self.name, self.face, self.role)


@dataclass(frozen=True, slots=True)
class Reply:
    """The answer, plain and as HTML; `card` is the id of the question it asks, `closes` of the one it answers."""

    text: str
    html: str
    language: Language
    card: str | None = None
    closes: str | None = None


@dataclass(slots=True)
class _Memory:
    """What is remembered of a person in a chat."""

    chosen: Language | None = None
    last: Language | None = None
    more: Method[Any] | None = None
    """What shows the rest of the last list."""
    failed: str = ""
    """The code of the last error, which a bare `/explain` explains."""


def _this_year() -> int:
    return datetime.now(UTC).year


class Conversation:
    """One desk's conversations with everybody; what waits and what was chosen is kept in memory."""

    def __init__(
        self,
        desk: Desk,
        *,
        language: Language | None = None,
        clock: Callable[[], float] = time.monotonic,
        year: Callable[[], int] = _this_year,
    ) -> None:
        """Take the desk to work at, the language of the installation if one is set, the clock of expiry, the year."""
        self._desk = desk
        self._year = year
        self._language: Language | None = language
        self._cards = Cards(clock)
        self._memories: OrderedDict[Where, _Memory] = OrderedDict()

    async def say(self, text: str, person: Person) -> Reply:
        """Answer a message; whatever goes wrong is an answer too."""
        language: Language = "en"
        try:
            language = self._language_for(text, person)
            return await self._answer(text, person, language)
        except Exception as fault:  # noqa: BLE001 - the outermost edge of the conversation
            return _reply(_internal(fault, language, Changed.NO), language)

    def claim(self, person: Person, card_id: str | None = None) -> Card | Reply:
        """Take the person's waiting card out to answer it, or say why there is none; who comes second gets none."""
        claimed = self._cards.claim(person.where, card_id)
        if isinstance(claimed, Card):
            return claimed
        language = self.language(person)
        return _reply(Text.of(_GONE[claimed].to(language)), language)

    async def settle(self, card: Card, person: Person, *, agreed: bool) -> Reply:
        """Do what a claimed card asks, or let it be."""
        if not agreed:
            return _reply(Text.of(CANCELLED.to(card.language)), card.language, closes=card.id)
        return await self._do([(plan.asked, plan) for plan in card.plans], person, card.language, closes=card.id)

    def awaits(self, text: str, person: Person) -> bool:
        """Tell whether a text answers a question that waits for the person."""
        return _yes_or_no(text) is not None and self._cards.at(person.where) is not None

    def language(self, person: Person) -> Language:
        """Give the language to speak with a person where no message tells."""
        memory = self._memories.get(person.where, _Memory())
        return memory.chosen or self._language or memory.last or person.language or "en"

    def _language_for(self, text: str, person: Person) -> Language:
        memory = self._memory(person)
        memory.last = language_of(_telling(text)) or memory.last
        return self.language(person)

    def _memory(self, person: Person) -> _Memory:
        memory = self._memories.setdefault(person.where, _Memory())
        self._memories.move_to_end(person.where)
        while len(self._memories) > MOST_REMEMBERED:
            self._memories.popitem(last=False)
        return memory

    async def _answer(self, text: str, person: Person, language: Language) -> Reply:
        if (agreed := _yes_or_no(text)) is not None:
            claimed = self.claim(person)
            return claimed if isinstance(claimed, Reply) else await self.settle(claimed, person, agreed=agreed)
        match read(text):
            case Requests(methods):
                if any(method.effect is not Effect.READ for method in methods):
                    self._cards.drop(person.where)
                return await self._do([(method, None) for method in methods], person, language)
            case Talk("more", ""):
                more = self._memory(person).more
                if more is None:
                    return _reply(Text.of(NO_MORE.to(language)), language)
                return await self._do([(more, None)], person, language)
            case Talk(command, rest):
                return self._talk(command, rest, person, language)
            case Unclear(question):
                return _reply(Text.of(question.to(language)), language)

    def _talk(self, command: str, rest: str, person: Person, language: Language) -> Reply:
        if command == "start":
            return _reply(guide.start(language), language)
        if command in {"help", "more"}:
            return _reply(guide.about(rest, language), language)
        if command == "explain":
            return _reply(Text.of(for_chat(rest or self._memory(person).failed, language)), language)
        wanted = fold(rest).strip()
        if not wanted:
            return _reply(Text.of(guide.LANGUAGE_IS.to(language)), language)
        if wanted not in guide.LANGUAGE_NAMES:
            return _reply(Text.of(guide.LANGUAGE_UNKNOWN.to(language)), language)
        chosen = self._memory(person).chosen = guide.LANGUAGE_NAMES[wanted]
        said = guide.LANGUAGE_IS if chosen is None else guide.LANGUAGE_SET
        return _reply(Text.of(said.to(chosen or language)), chosen or language)

    async def _do(
        self,
        requests: Sequence[tuple[Method[Any], AnyPlan | None]],
        person: Person,
        language: Language,
        closes: str | None = None,
    ) -> Reply:
        """Do one request after another; what has to wait becomes one question."""
        lines: list[Text] = []
        waiting: list[AnyPlan] = []
        memory = self._memory(person)
        memory.more = None
        for place, (method, agreed) in enumerate(requests):
            writes = method.effect is not Effect.READ
            go_on = True
            try:
                outcome = await self._desk.do(method, person.actor, agreed=agreed)
                lines.append(speech.said(outcome, language, year=self._year()))
                memory.more = _more_of(outcome) or memory.more
                if isinstance(outcome, Waiting):
                    waiting.append(outcome.plan)
            except Trouble as trouble:
                memory.failed = trouble.failure.code
                lines.append(speech.said_trouble(trouble, language, write=writes))
                go_on = trouble.failure.who is Who.YOU
            except Exception as fault:  # noqa: BLE001 - what was begun has to be told of, with what was done before
                lines.append(_internal(fault, language, Changed.UNKNOWN if writes else Changed.NO))
                go_on = False
            rest = [method for method, _ in requests[place + 1 :]]
            if rest and not go_on:
                lines.append(_not_tried(rest, language))
                break
        card = None
        if waiting:
            lines.append(speech.question(language))
            card = self._cards.put(person.where, tuple(waiting), language).id
        return _reply(joined(lines, "\n"), language, card=card, closes=closes)


def _reply(text: Text, language: Language, *, card: str | None = None, closes: str | None = None) -> Reply:
    return Reply(text.plain, text.html, language, card, closes)


def _yes_or_no(text: str) -> bool | None:
    """Read an answer to a card: yes, no, or neither."""
    words = tuple(fold(cleaned(text).strip("/.!")).split()) if len(text) < MOST_ANSWER else ()
    if words in YES:
        return True
    return False if words in NO else None


MOST_ANSWER: Final = 40


_COMMAND: Final = re.compile(
    r"^\s*/\s*(?:(?:help|start|lang)\b.*|find\b[^\u0400-\u04ff]*$|[a-z_]+(?:@\w+)?)",
    re.IGNORECASE | re.ASCII,
)
"""A Latin command, which the menu gives to everybody; a Latin name to find tells no language either."""


def _telling(text: str) -> str:
    """Leave of a message what tells its language: no Latin command, no address, no "ok"."""
    text = CARD_ADDRESS.sub(" ", text[:4000])
    text = _COMMAND.sub(" ", text)
    return "" if fold(text).strip(" .!") in {"ok", "okay"} else text


def _not_tried(methods: Sequence[Method[Any]], language: Language) -> Text:
    """Name the bookings and the like whose turn did not come."""
    left = [form.about(method).to(language) for method in methods if (form := form_of(method)) is not None]
    return Text.of(NOT_TRIED.having({"rest": ", ".join(dict.fromkeys(left))}).to(language))


def _more_of(outcome: Outcome) -> Method[Any] | None:
    """Give the request for the rest of a list that was shown in part."""
    cursor = getattr(outcome.shown, "cursor", None) if isinstance(outcome, Found) else None
    return outcome.asked.model_copy(update={"cursor": cursor}) if isinstance(outcome, Found) and cursor else None


def _internal(fault: Exception, language: Language, changed: Changed) -> Text:
    """Say that the fault is ours, with a number under which the log tells more."""
    trouble = incident("conversation.failed", fault, changed)
    return speech.said_trouble(trouble, language, write=changed is not Changed.NO)
