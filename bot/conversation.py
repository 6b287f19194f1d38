"""The conversation that the terminal and Telegram share: a message in, a reply out, and never an exception."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from bot import answers, guide, speech
from bot.answers import yes_or_no
from bot.cards import Card, Cards, Gone, Where
from bot.slash import Reading, Requests, Talk, Unclear, read
from bot.telling import Telling
from bot.tongue import tongue_of
from bot.wording import Text, joined
from linkdesk.access import Actor, Face, Role
from linkdesk.desk import Desk
from linkdesk.errors import Changed, Trouble
from linkdesk.explain.words import for_chat
from linkdesk.incident import incident
from linkdesk.outcome import AnyPlan, Found, Outcome, Waiting
from linkdesk.shown import ShownChanges
from tool_specs.failure import Who
from tool_specs.method import Effect, Method
from tool_specs.recipe import ListChanges
from tool_specs.said import Language, Said
from tool_specs.words import fold

MOST_REMEMBERED: Final = 10_000

NOTHING_WAITS: Final = Said(
    en="There is nothing to answer: no question is waiting. Nothing was changed.",
    ru="Сейчас ни один вопрос не ждёт ответа. Ничего не изменено.",
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
BEGUN_BEFORE: Final = Said(
    en="I was interrupted while I worked on this. Nothing was done twice; this is what came of it. "
    "Whatever is missing, please ask for again.",
    ru="Работа над этим сообщением прервалась. Дважды ничего не выполнено; вот что получилось. "
    "Если чего-то не хватает, отправьте команду ещё раз.",
)
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
    request_key: str | None = None
    """The update that they wrote it in, where it may be delivered a second time."""

    @property
    def where(self) -> Where:
        """The chat and the person: what is remembered is remembered for both together."""
        return self.chat, self.user

    @property
    def actor(self) -> Actor:
        """The person as the desk knows them."""
        # Someone in Telegram is known by their number there: the name beside it is what they call themselves.
        employee = f"telegram:{self.user}" if self.face is Face.TELEGRAM else self.name
        return Actor(self.name, self.face, self.role, employee, request_key=self.request_key)


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
        portal_host: str | None = None,
        clock: Callable[[], float] = time.monotonic,
        year: Callable[[], int] = _this_year,
    ) -> None:
        """Take the desk to work at.

        Args:
            desk: what does what is asked.
            language: the language of the installation, if one is set.
            portal_host: the host that pasted addresses of cards have to have; None for any.
            clock: what expiry goes by, in seconds.
            year: gives the year that goes without saying.
        """
        self._desk = desk
        self._portal_host = portal_host
        self._year = year
        self._language: Language | None = language
        self._cards = Cards(clock)
        self._memories: OrderedDict[Where, _Memory] = OrderedDict()

    async def say(self, text: str, person: Person) -> Reply:
        """Answer a message; whatever goes wrong is an answer too."""
        language: Language = "en"
        try:
            agreed, reading = yes_or_no(text), read(text, self._portal_host)
            card = self._cards.at(person.where)
            if card is not None and (agreed is not None or (isinstance(reading, Unclear) and reading.talk)):
                # What is said to a question is answered in its language, and changes no other.
                language = card.language
            else:
                language = self._language_for(text, person)
            # A word for "no" may also be a command: "/отмена" answers a question, and undoes where none waits.
            command = text.lstrip().startswith("/") and isinstance(reading, Requests)
            if agreed is not None and (card is not None or not command):
                return await self._answered(person, agreed=agreed)
            return await self._answer(reading, person, language)
        except Exception as fault:  # noqa: BLE001 - the outermost edge of the conversation
            return _reply(speech.said_trouble(_internal(fault, Changed.NO), language, write=False), language)

    async def told_before(self, request_key: str, language: Language) -> Reply | None:
        """Say what a message changed when it was begun before; None where it changed nothing.

        Raises:
            Trouble: the record cannot be read.
        """
        changes = await self._desk.begun(request_key)
        if not changes:
            return None
        shown = Found(asked=ListChanges(), shown=ShownChanges(changes=changes))
        listed = speech.said(shown, language, year=self._year())
        return _reply(joined([Text.of(BEGUN_BEFORE.to(language)), listed], "\n"), language)

    @property
    def desk(self) -> Desk:
        """The desk that it works at."""
        return self._desk

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
        return yes_or_no(text) is not None and self._cards.at(person.where) is not None

    def language(self, person: Person) -> Language:
        """Give the language to speak with a person where no message tells."""
        memory = self._memories.get(person.where, _Memory())
        return memory.chosen or self._language or memory.last or person.language or "en"

    def _language_for(self, text: str, person: Person) -> Language:
        memory = self._memory(person)
        memory.last = tongue_of(text) or memory.last
        return self.language(person)

    def _memory(self, person: Person) -> _Memory:
        memory = self._memories.setdefault(person.where, _Memory())
        self._memories.move_to_end(person.where)
        while len(self._memories) > MOST_REMEMBERED:
            self._memories.popitem(last=False)
        return memory

    async def _answered(self, person: Person, *, agreed: bool) -> Reply:
        claimed = self.claim(person)
        return claimed if isinstance(claimed, Reply) else await self.settle(claimed, person, agreed=agreed)

    async def _answer(self, reading: Reading, person: Person, language: Language) -> Reply:
        waiting = self._cards.waiting(person.where)
        match reading:
            case Requests(methods):
                dropped = None
                if any(method.effect is not Effect.READ for method in methods):
                    dropped = waiting
                    self._cards.drop(person.where)
                return await self._do([(method, None) for method in methods], person, language, dropped=dropped)
            case Talk("more", ""):
                more = self._memory(person).more
                if more is None:
                    return _reply(Text.of(NO_MORE.to(language)), language)
                return await self._do([(more, None)], person, language)
            case Talk(command, rest):
                return self._talk(command, rest, person, language)
            case Unclear(talk=True) if waiting is not None:
                return _reply(Text.of(answers.waits(waiting).to(language)), language)
            case Unclear(question):
                return _reply(Text.of(question.to(language)), language)

    def _talk(self, command: str, rest: str, person: Person, language: Language) -> Reply:
        if command == "start":
            return _reply(guide.start(language), language)
        if command in {"help", "more"}:
            return _reply(guide.about(rest, language), language)
        if command == "explain":
            return _reply(Text.of(for_chat(rest or self._memory(person).failed, language)), language)
        memory, wanted = self._memory(person), fold(rest).strip(" .!")
        if wanted in guide.LANGUAGE_NAMES:
            memory.chosen = guide.LANGUAGE_NAMES[wanted]
            language = memory.chosen or language
        elif wanted:
            return _reply(Text.of(guide.LANGUAGE_UNKNOWN.to(language)), language)
        said = guide.LANGUAGE_IS if memory.chosen is None else guide.LANGUAGE_SET
        return _reply(Text.of(said.to(language)), language)

    async def _do(
        self,
        requests: Sequence[tuple[Method[Any], AnyPlan | None]],
        person: Person,
        language: Language,
        *,
        closes: str | None = None,
        dropped: Card | None = None,
    ) -> Reply:
        """Do one request after another; what has to wait becomes one question."""
        telling = Telling([method for method, _ in requests], language, self._year())
        waiting: list[AnyPlan] = []
        memory = self._memory(person)
        memory.more = None
        for place, (method, agreed) in enumerate(requests):
            go_on = True
            try:
                outcome = await self._desk.do(method, person.actor, agreed=agreed)
                telling.outcome(outcome)
                memory.more = _more_of(outcome) or memory.more
                if isinstance(outcome, Waiting):
                    waiting.append(outcome.plan)
            except Trouble as trouble:
                memory.failed = trouble.failure.code
                telling.trouble(place, trouble)
                go_on = trouble.failure.who is Who.YOU
            except Exception as fault:  # noqa: BLE001 - what was begun has to be told of, with what was done before
                writes = method.effect is not Effect.READ
                telling.trouble(place, _internal(fault, Changed.UNKNOWN if writes else Changed.NO))
                go_on = False
            if not go_on:
                telling.not_tried(place + 1)
                break
        if dropped is not None:
            closes = dropped.id
            if [plan.asked for plan in dropped.plans] != [method for method, _ in requests]:
                telling.remark(answers.dropped(dropped))
        card = None
        if waiting:
            telling.question()
            card = self._cards.put(person.where, tuple(waiting), language).id
        return _reply(telling.text(), language, card=card, closes=closes)


def _reply(text: Text, language: Language, *, card: str | None = None, closes: str | None = None) -> Reply:
    return Reply(text.plain, text.html, language, card, closes)


def _more_of(outcome: Outcome) -> Method[Any] | None:
    """Give the request for the rest of a list that was shown in part."""
    cursor = getattr(outcome.shown, "cursor", None) if isinstance(outcome, Found) else None
    return outcome.asked.model_copy(update={"cursor": cursor}) if isinstance(outcome, Found) and cursor else None


def _internal(fault: Exception, changed: Changed) -> Trouble:
    """Make the fault ours, with a number under which the log tells more."""
    return incident("conversation.failed", fault, changed)
