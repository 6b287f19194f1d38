"""The conversation shared by the terminal and Telegram: one message in, one reply out, never an exception."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Final

from bot.commands.command import CommandTable
from bot.commands.language import language_of_message
from bot.commands.parser import Reading, Requests, Talk, Unclear, read_command
from bot.commands.table import COMMANDS
from bot.conversation.basic_commands import BasicCommands
from bot.conversation.command_handlers import CommandHandlers
from bot.conversation.command_request import CommandRequest
from bot.conversation.follow_up import LIFETIME as DIALOGUE_LIFETIME
from bot.conversation.follow_up import CandidateQuestion, asks_to_undo
from bot.conversation.incoming import PRIVATE, Incoming, Place
from bot.conversation.pagination import Pagination, rest_of
from bot.conversation.plain_language import PlainLanguage, Proposer
from bot.conversation.plain_language_plan import expand_command
from bot.conversation.progress import progress_reporter
from bot.conversation.report import Report, report_of
from bot.conversation.session import Context, ConversationKey, Memory, Person, Reply, ReportProgress, Session, reply
from bot.conversation.show_names import with_names
from bot.conversation.undo_button import with_undo_button
from bot.conversation.yes_no import question_dropped, question_waits, yes_or_no
from bot.nlu.result import Understood
from bot.rendering.dispatch import render_error, render_outcome
from bot.rendering.markup import Text, joined
from bot.schedule_image.service import ImageService
from linkdesk.desk import Desk
from linkdesk.errors.base import Changed, Trouble
from linkdesk.errors.codes import plans as plan_errors
from linkdesk.errors.incident import report_incident
from linkdesk.model.outcome import AnyPlan, Done, Outcome, ReadResult, RecordDone, Waiting, pending_plans
from linkdesk.model.views import ChangesView
from linkdesk.plans.model import PlanState, StepState, StoredPlan
from linkdesk.plans.runner import MAX_INTERACTIVE_PARTS, StepOutcome
from tool_specs.declaration.failure import Who
from tool_specs.declaration.localized import Language, Localized
from tool_specs.declaration.method import Effect, Method
from tool_specs.recipes.changes_and_plans import ApplyPlan, CancelPlan, ListChanges, UndoChange

MOST_REMEMBERED: Final = 10_000
FAILED: Final = "conversation.failed"
NOTHING_WAITS: Final = Localized(
    en="No question is waiting for an answer. Nothing was changed.",
    ru="Сейчас ни один вопрос не ждёт ответа. Ничего не изменено.",
)
NOTHING_TO_CANCEL: Final = Localized(
    en="No question is waiting, so there is nothing to cancel. Nothing was changed. To undo your last change: /undo",
    ru="Сейчас ни один вопрос не ждёт ответа. Ничего не изменено. Вернуть последнее изменение: /отмена",
)
CANCELLED: Final = Localized(en="Cancelled. Nothing was changed.", ru="Отменено. Ничего не изменено.")
BEGUN_BEFORE: Final = Localized(
    en="I was interrupted while working on this. Nothing was done twice; here is the result. If "
    "something is missing, please send the request again.",
    ru="Работа над этим сообщением прервалась. Дважды ничего не выполнено; вот что получилось. "
    "Если чего-то не хватает, отправьте команду ещё раз.",
)
STOPPING: Final = Localized(
    en="Stopping: the current step will be finished, nothing else will be started.",
    ru="Останавливаюсь: начатое закончу, нового не начну.",
)
NOTHING_RUNS: Final = Localized(en="Nothing is running.", ru="Сейчас ничего не выполняется.")
STOP: Final = Talk("stop", "")


def _this_year() -> int:
    return datetime.now(UTC).year


class Conversation:
    """Conversations with everybody at one desk; waiting plans are stored by the desk, the rest is in memory."""

    def __init__(  # noqa: PLR0913 - the collaborators, each named
        self,
        desk: Desk,
        *,
        language: Language | None = None,
        portal_host: str | None = None,
        year: Callable[[], int] = _this_year,
        model: Proposer | None = None,
        commands: CommandTable = COMMANDS,
    ) -> None:
        """Take the desk to work at.

        Args:
            desk: what does what is asked.
            language: the language of the installation, if one is set.
            portal_host: the host that pasted addresses of cards have to have; None for any.
            year: gives the year that goes without saying.
            model: is asked what a message means that cannot be read, if one is set.
            commands: the slash commands there are.
        """
        self._desk = desk
        self.portal_host = portal_host
        self._year = year
        self._language: Language | None = language
        self._approvals = desk.approvals
        self._memories: OrderedDict[ConversationKey, Memory] = OrderedDict()
        self._plainly = PlainLanguage(self, model)
        self.images: Final = ImageService(desk)
        self._pages = Pagination(desk, self.images)
        self.basic_commands: Final = BasicCommands(self)
        self.commands: Final = CommandHandlers(commands)
        self.commands.register(self.basic_commands)

    def read(self, text: str, person: Person, place: Place = PRIVATE, reply_to: int | None = None) -> Incoming:
        """Parse a message of an admitted person, once; in a group the answer refers to the message `reply_to`."""
        reading = read_command(text, self.portal_host, self.commands.table, self._desk.now(), self._desk.zone)
        return Incoming(text, reading, yes_or_no(text), person, place, reply_to)

    async def say(self, text: str, person: Person, tell: ReportProgress | None = None) -> Reply:
        """Read and answer a message."""
        return await self.answer(self.read(text, person), tell)

    async def answer(self, incoming: Incoming, tell: ReportProgress | None = None) -> Reply:
        """Answer a message; errors become answers, too.

        Args:
            incoming: the message.
            tell: reports the progress of long operations.
        """
        person, language = incoming.person, self.language(incoming.person)
        try:
            undoes = not incoming.text.lstrip().startswith("/") and asks_to_undo(incoming.text)
            card = await self.waiting(person, needed=incoming.agreed is not None or undoes)
            # "Undo that" to a question is a no to it, and takes back nothing that was done before it.
            agreed = False if undoes and self._asks(person, card) else incoming.agreed
            language = self._language_for(incoming, card, agreed=agreed)
            if agreed is not None and (card is not None or not _is_command(incoming)):
                return await self._answered(card, person, tell, agreed=agreed)
            session = Session(person, language, card, tell, incoming.text)
            return await self._answer(incoming.reading, session, incoming.place)
        except Trouble as trouble:
            return reply(render_error(trouble, language, write=_may_write(incoming)), language)
        except Exception as fault:  # noqa: BLE001 - the outermost edge of the conversation
            return reply(render_error(report_incident(FAILED, fault, Changed.NO), language, write=False), language)

    def _language_for(self, incoming: Incoming, card: StoredPlan | None, *, agreed: bool | None) -> Language:
        """Return the language to answer in: a question's own for what is said to it, which changes no other."""
        reading = incoming.reading
        if card is not None and (agreed is not None or (isinstance(reading, Unclear) and reading.talk)):
            return card.language
        return self.language_of(incoming.text, incoming.person)

    async def report_interrupted(self, request_key: str, language: Language) -> Reply | None:
        """Report what an interrupted message had changed; None where it changed nothing.

        Raises:
            Trouble: the record cannot be read.
        """
        changes = await self._desk.changes_requested_by(request_key)
        if not changes:
            return None
        shown = ReadResult(asked=ListChanges(), shown=ChangesView(changes=changes))
        listed = render_outcome(shown, language, year=self._year())
        return reply(joined([Text.of(BEGUN_BEFORE.to(language)), listed], "\n"), language)

    @property
    def desk(self) -> Desk:
        """The desk that it works at."""
        return self._desk

    async def claim(self, person: Person, card_id: str, *, agreed: bool) -> StoredPlan | Reply:
        """Claim a question for an answer, or return why it cannot be answered any more."""
        try:
            return await self._approvals.decide(card_id, person.actor, agreed=agreed)
        except Trouble as trouble:
            language = self.language(person)
            over = card_id if trouble.failure.code == plan_errors.EXPIRED.code else None
            # What was decided before may have changed something.
            settled = trouble.failure.code in {plan_errors.SETTLED.code, plan_errors.RUNNING.code}
            said = reply(render_error(trouble, language, write=not settled), language)
            return replace(said, closes=over)

    async def settle(self, card: StoredPlan, person: Person, tell: ReportProgress | None = None) -> Reply:
        """Run an approved plan, or report that it was rejected."""
        if card.state is PlanState.REJECTED:
            return reply(Text.of(CANCELLED.to(card.language)), card.language, closed=card)
        came: dict[int, StepOutcome] = {}
        progress = progress_reporter(tell, card.language, len(card.plans))

        async def on_step(place: int, one: StepOutcome) -> None:
            came[place] = one
            await progress(len(came), len(card.plans), "")

        try:
            done = await self._approvals.carry_out(card, person.actor, on_step=on_step)
        except Trouble as trouble:
            return reply(render_error(trouble, card.language, write=False), card.language, closed=card)
        report = Report([plan.asked for plan in card.plans], card.language, self._year())
        if any(place not in came and step.state is not StepState.NOT_TRIED for place, step in enumerate(done.steps)):
            # An earlier process began with it: what came of those parts stands in the report of the whole.
            return reply(report_of(done, self._year()), done.language, closed=done)
        report.parts(done, came)
        troubles = [one for _, one in sorted(came.items()) if isinstance(one, Trouble)]
        if troubles:
            self.memory(person).failed = troubles[-1].failure.code
        waiting = [one.plan for _, one in sorted(came.items()) if isinstance(one, Waiting)]
        outcomes = [one for one in came.values() if not isinstance(one, Trouble)]
        self._go_on_from([plan.asked for plan in card.plans], outcomes, person)
        told = await self._build_reply(report, waiting, Session(person, card.language, None, tell), closed=card)
        return with_undo_button(told, outcomes, self._desk.host)

    def _go_on_from(self, requests: Sequence[Method[Any]], came: Sequence[Outcome], person: Person) -> None:
        """Remember a write, so that the next message may add to it or correct it."""
        writes = [method for method in requests if method.effect is not Effect.READ]
        if writes:
            changes = [one.change_id for one in came if isinstance(one, Done | RecordDone) and one.change_id]
            # A correction that is not done yet: what it takes back is what the next correction takes back.
            back = [method.change_id for method in writes if isinstance(method, UndoChange) and len(writes) > 1]
            self.remember(person, last=writes[-1], change_id=changes[-1] if changes else (*back, None)[0])

    async def turn_page(self, data: str, person: Person) -> Reply | None:
        """Return the page or picture that a button leads to, or None where the button is outdated."""
        turn_page = await self._pages.turn_page(data, person, self._year())
        if turn_page is None:
            return None
        self.memory(person).more = turn_page.more
        return turn_page.reply

    async def shown(self, card_id: str, message: int) -> None:
        """Remember the message that asks a question."""
        with suppress(Trouble):
            await self._approvals.set_message(card_id, message)

    async def stop(self, person: Person) -> Reply:
        """Stop the person's running plans after the current step."""
        language = self.language(person)
        running = [plan for plan in await self._approvals.open_of(person.actor) if plan.state is PlanState.RUNNING]
        for plan in running:
            with suppress(Trouble):
                await self._approvals.cancel(plan.id, person.actor)
        if not running and self._asks(person, None):
            self.remember(person)
            return reply(Text.of(CANCELLED.to(language)), language)
        return reply(Text.of((STOPPING if running else NOTHING_RUNS).to(language)), language)

    async def is_answer(self, text: str, person: Person) -> bool:
        """Return whether a text answers a question that waits for the person."""
        return yes_or_no(text) is not None and (
            await self._approvals.waiting_at(person.actor, person.place) is not None
        )

    async def waiting(self, person: Person, *, needed: bool) -> StoredPlan | None:
        """Return the plan that waits for the person here; a failing store counts as none unless `needed`."""
        try:
            return await self._approvals.waiting_at(person.actor, person.place)
        except Trouble:
            if needed:
                raise
            return None

    def language(self, person: Person) -> Language:
        """Return the language to speak with a person where no message tells."""
        memory = self._memories.get(person.conversation_key, Memory())
        return memory.chosen or person.chosen or self._language or memory.last or person.language or "en"

    def language_of(self, text: str, person: Person) -> Language:
        """Return the language to answer a message in, and remember the language of the message."""
        memory = self.memory(person)
        memory.last = language_of_message(text, person.language) or memory.last
        return self.language(person)

    def memory(self, person: Person) -> Memory:
        """Return what is remembered of a person in a chat."""
        memory = self._memories.setdefault(person.conversation_key, Memory())
        self._memories.move_to_end(person.conversation_key)
        while len(self._memories) > MOST_REMEMBERED:
            self._memories.popitem(last=False)
        return memory

    async def _answered(
        self, card: StoredPlan | None, person: Person, tell: ReportProgress | None, *, agreed: bool
    ) -> Reply:
        if card is None:
            language = self.language(person)
            if agreed:
                return reply(Text.of(NOTHING_WAITS.to(language)), language)
            asks = self._asks(person, None)
            if asks:
                self.remember(person)
            return reply(Text.of((CANCELLED if asks else NOTHING_TO_CANCEL).to(language)), language)
        claimed = await self.claim(person, card.id, agreed=agreed)
        if isinstance(claimed, Reply):
            await self._approvals.withdraw(card)
            return replace(claimed, closes=card.id, strip=card.message)
        return await self.settle(claimed, person, tell)

    async def _decided(self, method: ApplyPlan | CancelPlan, session: Session) -> Reply:
        """Answer a question by its id, as its buttons do; rejecting a running plan stops it.

        Raises:
            Trouble: there is no such question of theirs.
        """
        agreed, person = isinstance(method, ApplyPlan), session.person
        plan = await self._approvals.find(method.plan_id, person.actor)
        if not agreed and plan.state is not PlanState.WAITING:
            return await self.do([method], session)
        claimed = await self.claim(person, plan.id, agreed=agreed)
        if isinstance(claimed, Reply):
            return replace(claimed, strip=plan.message if claimed.closes else None)
        return await self.settle(claimed, person, session.tell)

    def _asks(self, person: Person, card: StoredPlan | None) -> bool:
        """Return whether a question waits for the person: a card, a choice, or what was missing."""
        context = self.memory(person).context
        asks = context is not None and (context.asked is not None or context.candidate_question is not None)
        in_time = context is not None and context.until > self._desk.now()
        return (card is not None and card.state is PlanState.WAITING) or (asks and in_time)

    async def _answer(self, reading: Reading, session: Session, place: Place) -> Reply:
        waiting = session.card if session.card is not None and session.card.state is PlanState.WAITING else None
        match reading:
            case Requests((ApplyPlan() | CancelPlan() as decision,)):
                return await self._decided(decision, session)
            case Requests(methods):
                if (completed := await self._plainly.completing(session, methods)) is not None:
                    return completed
                dropped = None
                if _writes(methods):
                    dropped = waiting
                    if session.card is not None:
                        await self._approvals.withdraw(session.card)
                return await self.do(expand_command(methods), session, dropped=dropped)
            case Talk(command, arguments):
                return await self.commands.run(command, CommandRequest(session, arguments, place))
            case Unclear(understood=Understood() as understood):
                return await self._plainly.answer_command(session, understood)
            case Unclear(question, talk=talk):
                return await self._plainly.answer(
                    session, question_waits(waiting) if talk and waiting is not None else question, talk=talk
                )

    async def choose(
        self, person: Person, question_id: str, place: int | None, tell: ReportProgress | None = None
    ) -> Reply | None:
        """Handle a pressed candidate (None: show more); return None where the question is outdated."""
        return await self._plainly.choose(person, question_id, place, tell)

    async def undo(self, person: Person, change_id: str, tell: ReportProgress | None = None) -> Reply:
        """Undo a change whose button was pressed."""
        session = Session(person, self.language(person), None, tell)
        return await self.do([UndoChange(change_id=change_id)], session)

    def remember(
        self,
        person: Person,
        *,
        asked: Understood | None = None,
        candidate_question: CandidateQuestion | None = None,
        last: Method[Any] | None = None,
        change_id: str | None = None,
    ) -> None:
        """Remember what the next message may continue; the last request is kept unless a new one is given."""
        memory = self.memory(person)
        if last is None and memory.context is not None:
            last, change_id = memory.context.last, memory.context.change_id
        memory.context = Context(self._desk.now() + DIALOGUE_LIFETIME, asked, candidate_question, last, change_id)

    async def do(
        self,
        requests: Sequence[Method[Any]],
        session: Session,
        *,
        dropped: StoredPlan | None = None,
        guessed: bool = False,
        proposed: bool = False,
    ) -> Reply:
        """Run requests in order; those that need a confirmation become one question."""
        report = Report(requests, session.language, self._year(), session.typed)
        waiting: list[AnyPlan] = []
        memory = self.memory(session.person)
        memory.more = None
        came: list[Outcome] = []
        for place, method in enumerate(requests):
            go_on = True
            try:
                progress = progress_reporter(session.tell, session.language, MAX_INTERACTIVE_PARTS + 1)
                outcome = await self._desk.do(
                    with_names(method), session.person.actor, progress=progress, guessed=guessed, proposed=proposed
                )
                report.outcome(outcome)
                came.append(outcome)
                memory.more = rest_of(outcome) or memory.more
                waiting += pending_plans(outcome)
            except Trouble as trouble:
                memory.failed = trouble.failure.code
                report.trouble(place, trouble)
                go_on = trouble.failure.who is Who.YOU
            except Exception as fault:  # noqa: BLE001 - the report has to name what was begun and done before
                writes = method.effect is not Effect.READ
                report.trouble(place, report_incident(FAILED, fault, Changed.UNKNOWN if writes else Changed.NO))
                go_on = False
            if not go_on:
                report.not_tried(place + 1)
                break
        if dropped is not None and [plan.asked for plan in dropped.plans] != list(requests):
            report.add_line(question_dropped(dropped))
        self._go_on_from(requests, came, session.person)
        told = with_undo_button(
            await self._build_reply(report, waiting, session, closed=dropped), came, self._desk.host
        )
        told = self._pages.with_buttons(told, came[0] if len(requests) == len(came) == 1 else None, session.person)
        return replace(told, refused=not came)

    async def _build_reply(
        self, report: Report, waiting: Sequence[AnyPlan], session: Session, *, closed: StoredPlan | None
    ) -> Reply:
        """Build the reply, with a question where a plan needs a confirmation."""
        card = None
        if waiting:
            person = session.person
            try:
                kept = await self._approvals.save(
                    waiting, person.actor, place=person.place, language=session.language, unfit=report.unfit
                )
            except Trouble as trouble:
                report.not_asked(trouble)
            else:
                report.question()
                card = kept.id
        return reply(report.text(), session.language, card=card, closed=closed)


def _may_write(incoming: Incoming) -> bool:
    reading = incoming.reading
    return incoming.agreed is not None or (isinstance(reading, Requests) and _writes(reading.methods))


def _is_command(incoming: Incoming) -> bool:
    """Return whether a word for "no" is also a command: "/отмена" undoes a change where no question waits."""
    reading = incoming.reading
    return reading == STOP or (isinstance(reading, Requests) and incoming.text.lstrip().startswith("/"))


def _writes(methods: Sequence[Method[Any]]) -> bool:
    return any(method.effect is not Effect.READ for method in methods)
