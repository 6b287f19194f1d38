"""Plain language in a conversation: what is clear is done, what was guessed is shown first, the rest is asked."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final, Protocol

from pydantic import ValidationError

from bot.commands import questions
from bot.conversation import keep_duration as lasting
from bot.conversation import plain_language_plan as plainly
from bot.conversation.follow_up import A_SCREENFUL, FREE_TEXT, Choosing, Reads, completed, following, picked, takes_back
from bot.conversation.session import Context, Memory, Person, Reply, Tell, Turn, reply
from bot.nlu.result import Certainty, Understood
from bot.rendering import dispatch as speech
from bot.rendering.markup import Text
from linkdesk.auth.policy import Actor
from linkdesk.desk import Desk
from linkdesk.errors.base import Trouble
from linkdesk.errors.codes import linkdesk as own_errors
from linkdesk.errors.validation import problems_of
from linkdesk.lookup.resolve import described, resolve, settled
from linkdesk.plans.model import StoredPlan, new_plan_id
from tool_specs.declaration.localized import Language, Localized
from tool_specs.declaration.method import Effect, Method
from tool_specs.methods.booking import GetBooking, ListBookings, UpdateBooking
from tool_specs.methods.waitlist import GetWaitlistEntry
from tool_specs.recipes.changes_and_plans import UndoChange

if TYPE_CHECKING:
    from bot.llm.proposal import Proposal

NO_REQUEST: Final = Localized(
    en="I did not understand what to do. Say it otherwise, or see /help",
    ru="Не понимаю, что сделать. Скажите иначе или посмотрите /помощь",
)
POINTING: Final = (GetBooking, GetWaitlistEntry, ListBookings)
"""What the words that only name a booking, an entry or a day are read as."""
HOUR: Final = re.compile(r"(?<!\d)\d{1,2}:\d{2}(?!\d)")
OVER: Final = Localized(en="There is no such row.", ru="Такой строки нет.")


class Talks(Protocol):
    """The conversation that this is a part of."""

    portal_host: str | None

    @property
    def desk(self) -> Desk:
        """The desk that it works at."""
        ...

    def memory(self, person: Person, /) -> Memory:
        """Give what is remembered of a person."""
        ...

    def remember(self, person: Person, /, *, asked: Understood | None = None, choosing: Choosing | None = None) -> None:
        """Remember what the next message may go on from."""
        ...

    def language(self, person: Person, /) -> Language:
        """Give the language to speak with a person where no message tells."""
        ...

    async def waiting(self, person: Person, /, *, needed: bool) -> StoredPlan | None:
        """Look at what waits for the person here."""
        ...

    async def do(
        self,
        requests: Sequence[Method[Any]],
        turn: Turn,
        /,
        *,
        dropped: StoredPlan | None = None,
        guessed: bool = False,
        proposed: bool = False,
    ) -> Reply:
        """Do one request after another; what has to wait becomes one question."""
        ...


class Proposes(Protocol):
    """The optional model."""

    async def propose(self, text: str, actor: Actor, now: datetime, zone: str, language: Language, /) -> Proposal:
        """Say what a message means that the reader cannot read; it never raises."""
        ...


class PlainTalk:
    """Answers what is no command."""

    def __init__(self, talk: Talks, model: Proposes | None = None) -> None:
        """Take the conversation, and the model, if one is set."""
        self._talk = talk
        self._model = model

    async def completing(self, turn: Turn, methods: Sequence[Method[Any]]) -> Reply | None:
        """Take a message as the answer to what was asked before, although it reads as a command; None if it is none."""
        if not all(isinstance(method, POINTING) for method in methods):
            # "Links booking 14" asks to see something; "booking 14" and "tomorrow" only say which is meant.
            return None
        context = self._context(turn.person)
        if context is None or context.asked is None or turn.typed.lstrip().startswith("/"):
            return None
        if context.asked.missing and context.asked.missing[0] in FREE_TEXT:
            return None
        found = completed(context.asked, turn.typed, self._reads())
        return None if found is None else await self._understood(found, turn)

    async def answer(self, turn: Turn, otherwise: Localized, *, talk: bool) -> Reply:
        """Answer words that are no command: they may answer a question, go on from the last request, or ask for one.

        Args:
            turn: the message.
            otherwise: what to answer where nothing is understood.
            talk: whether they do not even begin as a command does.
        """
        context, reads = self._context(turn.person), self._reads()
        choosing = None if context is None else context.choosing
        if choosing is not None and (place := picked(choosing, turn.typed)) is not None:
            return await self._pick(choosing, place, turn)
        slash = turn.typed.lstrip().startswith("/")
        if not slash and takes_back(turn.typed):
            if turn.card is not None:
                await self._talk.desk.approvals.drop(turn.card)
            return await self._talk.do([UndoChange()], turn, dropped=turn.card)
        understood, instead = self._heard(turn, None if slash else context, reads)
        if not slash and understood.tool is None and (proposal := await self._proposed(turn, context)) is not None:
            self._talk.memory(turn.person).why = proposal
            return await self._understood(proposal, turn)
        # Words that begin as a command does and do not fit it are asked about as the command would ask.
        # A sentence with an hour in it is none: "15:00" would be taken for the numbers of records.
        talk = talk or (not slash and HOUR.search(turn.typed) is not None)
        if slash or (understood.tool is None and (not talk or understood.question is None)):
            if understood.missing:
                self._talk.remember(turn.person, asked=understood)
            return reply(Text.of(otherwise.to(turn.language)), turn.language)
        self._talk.memory(turn.person).why = understood
        return await self._understood(understood, turn, instead=instead)

    async def _proposed(self, turn: Turn, context: Context | None) -> Understood | None:
        """Ask the model, if one is set; an answer to its question goes with what it was about."""
        if self._model is None:
            return None
        asked = None if context is None else context.asked
        about = f"{asked.text}\n" if asked is not None and asked.certainty is Certainty.GUESSED else ""
        desk, actor = self._talk.desk, turn.person.actor
        proposal = await self._model.propose(about + turn.typed, actor, desk.now(), desk.zone, turn.language)
        return proposal.understood if proposal.helps else None

    def _reads(self) -> Reads:
        desk = self._talk.desk
        return Reads(desk.now(), desk.zone, self._talk.portal_host)

    def _context(self, person: Person) -> Context | None:
        context = self._talk.memory(person).context
        return context if context is not None and context.until > self._talk.desk.now() else None

    def _heard(self, turn: Turn, context: Context | None, reads: Reads) -> tuple[Understood, bool]:
        """Read a message in its context; tell whether it takes the place of the last request."""
        alone = reads(turn.typed.lstrip().removeprefix("/"))
        if context is not None and not alone.complete:
            if context.asked is not None and (found := completed(context.asked, turn.typed, reads)) is not None:
                return found, False
            if (
                context.last is not None
                and (followed := following(context.last, turn.typed, turn.language, reads)) is not None
            ):
                return followed.understood, followed.instead
        return alone, False

    async def _understood(self, understood: Understood, turn: Turn, *, instead: bool = False) -> Reply:
        """Do what a sentence asks for; what was guessed or looked up by name is shown first."""
        language, understood = turn.language, lasting.moved(understood)
        numbers = understood.each if understood.tool is not None and len(understood.missing) == 1 else ()
        if understood.tool is not None and len(numbers) > (most := plainly.most_of(understood.tool)):
            return reply(Text.of(questions.TOO_MANY.having({"most": most}).to(language)), language)
        if understood.tool is None or (not understood.complete and not numbers):
            goes_on = understood.missing or understood.certainty is Certainty.GUESSED
            self._talk.remember(turn.person, asked=understood if goes_on else None)
            question = understood.question or NO_REQUEST
            return reply(Text.of(question.to(language)), language)
        return await self._settled(understood, understood.arguments, turn, instead=instead)

    async def _settled(
        self, understood: Understood, arguments: Mapping[str, Any], turn: Turn, *, instead: bool = False
    ) -> Reply:
        """Look up what is described; ask where several fit, do it where one does."""
        tool = understood.tool
        if tool is None:
            return reply(Text.of(NO_REQUEST.to(turn.language)), turn.language)
        if described(arguments):
            resolved = await resolve(self._talk.desk, turn.person.actor, tool, arguments)
            if resolved.open:
                choosing = Choosing(new_plan_id(), understood, resolved.arguments, resolved.open[0], instead=instead)
                return self._offered(choosing, turn)
            arguments = resolved.arguments
        if tool is UpdateBooking and "date_from" in arguments and "date_to" not in arguments:
            arguments = await lasting.with_an_end(self._talk.desk, turn.person.actor, arguments)
        try:
            methods = plainly.requests(understood, arguments)
        except ValidationError as error:
            raise Trouble(own_errors.BAD_ARGUMENTS, problems=problems_of(error, tool)) from None
        memory = self._talk.memory(turn.person)
        if instead and memory.context is not None and memory.context.change_id is not None:
            methods = (UndoChange(change_id=memory.context.change_id), *methods)
        guessed = understood.certainty is not Certainty.EXACT
        dropped = turn.card if any(method.effect is not Effect.READ for method in methods) else None
        if dropped is not None:
            await self._talk.desk.approvals.drop(dropped)
        proposed = understood.certainty is Certainty.GUESSED
        return await self._talk.do(plainly.as_one(methods), turn, dropped=dropped, guessed=guessed, proposed=proposed)

    def _offered(self, choosing: Choosing, turn: Turn) -> Reply:
        """Ask which of several is meant."""
        if not choosing.candidates:
            return reply(plainly.not_found(choosing.open, turn.language), turn.language)
        self._talk.remember(turn.person, choosing=choosing)
        text, buttons = plainly.choices(choosing, turn.language)
        return replace(reply(text, turn.language), buttons=buttons)

    async def choose(
        self, person: Person, choosing_id: str, place: int | None, tell: Tell | None = None
    ) -> Reply | None:
        """Take a pressed candidate, or None for more of them; gives None where the question is over."""
        context = self._talk.memory(person).context
        choosing = None if context is None else context.choosing
        if choosing is None or choosing.id != choosing_id or context is None or context.until <= self._talk.desk.now():
            return None
        turn = Turn(person, self._talk.language(person), await self._talk.waiting(person, needed=False), tell)
        try:
            return await self._pick(choosing, place, turn)
        except Trouble as trouble:
            return reply(speech.said_trouble(trouble, turn.language, write=True), turn.language)

    async def _pick(self, choosing: Choosing, place: int | None, turn: Turn) -> Reply:
        """Go on with the candidate that was picked; None shows the next ones."""
        if place is None:
            return self._offered(replace(choosing, first=choosing.first + A_SCREENFUL if choosing.more else 0), turn)
        if place >= len(choosing.candidates):
            return reply(Text.of(OVER.to(turn.language)), turn.language)
        self._talk.remember(turn.person)
        arguments = settled(choosing.arguments, choosing.open, choosing.candidates[place])
        # Who picks a button has seen which record it is; what else was guessed is shown all the same.
        return await self._settled(choosing.understood, arguments, turn, instead=choosing.instead)
