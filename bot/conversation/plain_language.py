"""Plain language in a conversation: clear requests run, guesses are confirmed first, gaps are asked about."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final, Protocol

from pydantic import ValidationError

from bot.commands import questions
from bot.commands.requests import most_of, requests_of
from bot.conversation.follow_up import (
    A_SCREENFUL,
    FREE_TEXT,
    CandidateQuestion,
    SentenceReader,
    asks_to_undo,
    complete,
    is_directed,
    picked_candidate,
    read_follow_up,
)
from bot.conversation.keep_duration import with_end
from bot.conversation.plain_language_plan import (
    candidate_list,
    choice_of_readings,
    merge_links,
    not_found,
    record_of,
    with_reading,
)
from bot.conversation.session import Context, Memory, Person, Reply, ReportProgress, Session, reply
from bot.nlu import questions as nlu_questions
from bot.nlu.result import Certainty, Grade, Proposal, Understood
from bot.rendering.dispatch import render_error
from bot.rendering.markup import Text
from linkdesk.auth.policy import Actor
from linkdesk.desk import Desk
from linkdesk.errors.base import Trouble
from linkdesk.errors.codes import linkdesk as own_errors
from linkdesk.errors.validation import collect_problems
from linkdesk.lookup.resolve import has_descriptions, resolve, with_candidate
from linkdesk.plans.model import StoredPlan, new_plan_id
from tool_specs.declaration.localized import Language, Localized
from tool_specs.declaration.method import Effect, Method
from tool_specs.methods.booking import GetBooking, ListBookings
from tool_specs.methods.crm_item import FindCrmItems, GetCrmItem
from tool_specs.methods.waitlist import GetWaitlistEntry
from tool_specs.recipes.changes_and_plans import UndoChange

if TYPE_CHECKING:
    from bot.llm.proposal import ModelProposal

NO_REQUEST: Final = Localized(
    en="I didn't understand what to do. Try rephrasing it, or see /help",
    ru="Не понимаю, что сделать. Попробуйте сказать иначе или посмотрите /помощь",
)
POINTING: Final = (GetBooking, GetWaitlistEntry, ListBookings)
"""What the words that only name a booking, an entry or a day are read as."""
NAMING: Final = (*POINTING, GetCrmItem, FindCrmItems)
"""What may as well go on from the message before: "and deal 5 too", "deal Bridal styling"."""
HOUR: Final = re.compile(r"(?<!\d)\d{1,2}:\d{2}(?!\d)")
OVER: Final = Localized(en="There is no such option.", ru="Такого варианта нет.")


class ConversationCore(Protocol):
    """What plain language needs of the conversation."""

    portal_host: str | None

    @property
    def desk(self) -> Desk:
        """The desk that it works at."""
        ...

    def memory(self, person: Person, /) -> Memory:
        """Return what is remembered of a person."""
        ...

    def remember(
        self, person: Person, /, *, asked: Understood | None = None, candidate_question: CandidateQuestion | None = None
    ) -> None:
        """Remember what the next message may go on from."""
        ...

    def language(self, person: Person, /) -> Language:
        """Return the language to speak with a person where no message tells."""
        ...

    async def waiting(self, person: Person, /, *, needed: bool) -> StoredPlan | None:
        """Return the plan that waits for the person's answer here, or None."""
        ...

    async def do(
        self,
        requests: Sequence[Method[Any]],
        session: Session,
        /,
        *,
        dropped: StoredPlan | None = None,
        guessed: bool = False,
        proposed: bool = False,
    ) -> Reply:
        """Run requests in order; those that need a confirmation become one question."""
        ...


class Proposer(Protocol):
    """The optional model."""

    async def propose(self, text: str, actor: Actor, now: datetime, zone: str, language: Language, /) -> ModelProposal:
        """Propose a request for a message that the reader could not read; never raises."""
        ...


class PlainLanguage:
    """Answers messages that are not commands."""

    def __init__(self, talk: ConversationCore, model: Proposer | None = None) -> None:
        """Take the conversation, and the model, if one is set."""
        self._talk = talk
        self._model = model

    async def completing(self, session: Session, methods: Sequence[Method[Any]]) -> Reply | None:
        """Read a message that is also a command as the answer to an earlier question; None if it is no answer."""
        if not all(isinstance(method, POINTING) for method in methods):
            # "Links booking 14" asks to see something; "booking 14" and "tomorrow" only say which is meant.
            return None
        context = self._context(session.person)
        if context is None or context.asked is None or session.typed.lstrip().startswith("/"):
            return None
        if context.asked.missing and context.asked.missing[0] in FREE_TEXT:
            return None
        found = complete(context.asked, session.typed, self._reader())
        return None if found is None else await self._understood(found, session)

    async def answer(self, session: Session, otherwise: Localized, *, talk: bool) -> Reply:
        """Answer words that are no command: they may answer a question, go on from the last request, or ask for one.

        Args:
            session: the message and its surroundings.
            otherwise: what to answer where nothing is understood.
            talk: whether they do not even begin as a command does.
        """
        context, reader = self._context(session.person), self._reader()
        slash = session.typed.lstrip().startswith("/")
        if (known := await self._picked_or_undone(session, context, slash=slash)) is not None:
            return known
        understood, instead = self._interpret(session, None if slash else context, reader)
        if not slash and understood.tool is None and (proposal := await self._proposed(session, context)) is not None:
            self._talk.memory(session.person).why = proposal
            return await self._understood(proposal, session)
        # Words that begin as a command does and do not fit it are asked about as the command would ask.
        # A sentence with an hour in it is none: "15:00" would be taken for the numbers of records.
        talk = talk or (not slash and HOUR.search(session.typed) is not None)
        if slash or (understood.tool is None and (not talk or understood.question is None)):
            if understood.missing:
                self._talk.remember(session.person, asked=understood)
            return reply(Text.of(otherwise.to(session.language)), session.language)
        self._talk.memory(session.person).why = understood
        return await self._understood(understood, session, instead=instead)

    async def answer_command(self, session: Session, understood: Understood) -> Reply:
        """Answer a slash command that waits for a yes, for a choice, or for what is missing."""
        self._talk.memory(session.person).why = understood
        return await self._understood(understood, session)

    async def _picked_or_undone(self, session: Session, context: Context | None, *, slash: bool) -> Reply | None:
        """Answer a typed pick of a candidate, or words such as "undo that"; None for anything else."""
        question = None if context is None else context.candidate_question
        if question is not None and (place := picked_candidate(question, session.typed)) is not None:
            return await self._pick(question, place, session)
        if slash or not asks_to_undo(session.typed):
            return None
        if session.card is not None:
            await self._talk.desk.approvals.withdraw(session.card)
        return await self._talk.do([UndoChange()], session, dropped=session.card)

    async def _proposed(self, session: Session, context: Context | None) -> Understood | None:
        """Ask the model, if one is set; an answer to its question goes with what it was about."""
        if self._model is None:
            return None
        asked = None if context is None else context.asked
        about = f"{asked.text}\n" if asked is not None and asked.certainty is Certainty.GUESSED else ""
        desk, actor = self._talk.desk, session.person.actor
        proposal = await self._model.propose(about + session.typed, actor, desk.now(), desk.zone, session.language)
        return proposal.understood if proposal.helps else None

    def _reader(self) -> SentenceReader:
        desk = self._talk.desk
        return SentenceReader(desk.now(), desk.zone, self._talk.portal_host)

    def _context(self, person: Person) -> Context | None:
        context = self._talk.memory(person).context
        return context if context is not None and context.until > self._talk.desk.now() else None

    def _interpret(self, session: Session, context: Context | None, reader: SentenceReader) -> tuple[Understood, bool]:
        """Read a message in its context; also return whether it replaces the last request."""
        alone = reader(session.typed.lstrip().removeprefix("/"))
        if context is None:
            return alone, False
        names = not alone.complete or alone.tool in NAMING
        if names and context.asked is not None:
            found = complete(context.asked, session.typed, reader)
            if found is not None:
                return found, False
        if (names or is_directed(session.typed)) and context.last is not None:
            followed = read_follow_up(context.last, session.typed, session.language, reader)
            if followed is not None:
                return followed.understood, followed.instead
        return alone, False

    async def _understood(self, understood: Understood, session: Session, *, instead: bool = False) -> Reply:
        """Run the request of a sentence; guesses and records found by name are confirmed first."""
        language = session.language
        numbers = understood.each if understood.tool is not None and len(understood.missing) == 1 else ()
        if understood.tool is not None and len(numbers) > (most := most_of(understood.tool)):
            return reply(Text.of(questions.TOO_MANY.format_map({"most": most}).to(language)), language)
        if understood.grade is Grade.CHOICE and understood.proposals:
            if (record := record_of(understood.proposals)) is not None:
                return await self._understood(with_reading(understood, record), session)
            return self._offered(choice_of_readings(new_plan_id(), understood), session)
        if understood.tool is None or (not understood.complete and not numbers):
            goes_on = understood.missing or understood.certainty is Certainty.GUESSED
            self._talk.remember(session.person, asked=understood if goes_on else None)
            question = understood.question or NO_REQUEST
            return reply(Text.of(question.to(language)), language)
        return await self._settled(understood, understood.arguments, session, instead=instead)

    async def _settled(
        self, understood: Understood, arguments: Mapping[str, Any], session: Session, *, instead: bool = False
    ) -> Reply:
        """Resolve described records; ask where several match, run the request where one does."""
        tool = understood.tool
        if tool is None:
            return reply(Text.of(NO_REQUEST.to(session.language)), session.language)
        if has_descriptions(arguments):
            resolved = await resolve(self._talk.desk, session.person.actor, tool, arguments)
            if resolved.unresolved:
                candidate_question = CandidateQuestion(
                    new_plan_id(), understood, resolved.arguments, resolved.unresolved[0], instead=instead
                )
                return self._offered(candidate_question, session)
            arguments = resolved.arguments
        arguments = await with_end(self._talk.desk, session.person.actor, tool, arguments)
        try:
            methods = requests_of(understood, arguments)
        except ValidationError as error:
            raise Trouble(own_errors.BAD_ARGUMENTS, problems=collect_problems(error, tool)) from None
        for further in understood.also:
            found = await self._further(further, session)
            if isinstance(found, Reply):
                return found
            methods = (*methods, found)
        memory = self._talk.memory(session.person)
        back = memory.context.change_id if instead and memory.context is not None else None
        if back is not None:
            methods = (UndoChange(change_id=back), *methods)
        guessed = understood.certainty is not Certainty.EXACT or bool(understood.also)
        dropped = session.card if any(method.effect is not Effect.READ for method in methods) else None
        if dropped is not None:
            await self._talk.desk.approvals.withdraw(dropped)
        proposed = understood.certainty is Certainty.GUESSED
        return await self._talk.do(merge_links(methods), session, dropped=dropped, guessed=guessed, proposed=proposed)

    async def _further(self, order: Proposal, session: Session) -> Method[Any] | Reply:
        """Build the request of a further order of the same message; a question where it is not clear as it stands.

        Raises:
            Trouble: its arguments do not fit together.
        """
        language = session.language
        if order.missing:
            return reply(Text.of(nlu_questions.for_missing(order.missing, ()).to(language)), language)
        resolved = await resolve(self._talk.desk, session.person.actor, order.tool, order.arguments)
        if resolved.unresolved:
            # One card shows all orders by name: until each record is known there is nothing to agree to.
            unclear = CandidateQuestion(new_plan_id(), Understood(session.typed, language), {}, resolved.unresolved[0])
            if not unclear.candidates:
                return reply(not_found(unclear.open, language), language)
            return reply(candidate_list(unclear, language)[0], language)
        arguments = dict(await with_end(self._talk.desk, session.person.actor, order.tool, resolved.arguments))
        try:
            return order.tool.model_validate(arguments)
        except ValidationError as error:
            raise Trouble(own_errors.BAD_ARGUMENTS, problems=collect_problems(error, order.tool)) from None

    def _offered(self, candidate_question: CandidateQuestion, session: Session) -> Reply:
        """Ask which of several is meant."""
        if not candidate_question.candidates:
            return reply(not_found(candidate_question.open, session.language), session.language)
        self._talk.remember(session.person, candidate_question=candidate_question)
        text, buttons = candidate_list(candidate_question, session.language)
        return replace(reply(text, session.language), buttons=buttons)

    async def choose(
        self, person: Person, question_id: str, place: int | None, tell: ReportProgress | None = None
    ) -> Reply | None:
        """Handle a pressed candidate (None: show more); return None where the question is outdated."""
        context = self._talk.memory(person).context
        candidate_question = None if context is None else context.candidate_question
        if (
            candidate_question is None
            or candidate_question.id != question_id
            or context is None
            or context.until <= self._talk.desk.now()
        ):
            return None
        session = Session(person, self._talk.language(person), await self._talk.waiting(person, needed=False), tell)
        try:
            return await self._pick(candidate_question, place, session)
        except Trouble as trouble:
            return reply(render_error(trouble, session.language, write=True), session.language)

    async def _pick(self, candidate_question: CandidateQuestion, place: int | None, session: Session) -> Reply:
        """Continue with the chosen candidate; None shows the next ones."""
        if place is None:
            return self._offered(
                replace(
                    candidate_question, first=candidate_question.first + A_SCREENFUL if candidate_question.more else 0
                ),
                session,
            )
        if place >= len(candidate_question.candidates):
            return reply(Text.of(OVER.to(session.language)), session.language)
        self._talk.remember(session.person)
        picked = candidate_question.candidates[place].value
        if isinstance(picked, Proposal):
            # Who picks a reading has seen what it does with which records; what has to be looked up is shown first.
            chosen = with_reading(candidate_question.understood, picked)
            return await self._understood(chosen, session)
        arguments = with_candidate(
            candidate_question.arguments, candidate_question.open, candidate_question.candidates[place]
        )
        # Whoever picks a button has seen the record; other guesses are still confirmed.
        return await self._settled(
            candidate_question.understood, arguments, session, instead=candidate_question.instead
        )
