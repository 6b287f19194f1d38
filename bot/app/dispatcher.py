"""Dispatch of Telegram updates: who is answered, and what counts as addressed to the bot."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Final

from telegram import CallbackQuery, Chat, MaybeInaccessibleMessage, Message, Update, User
from telegram.constants import ChatType
from telegram.ext import ContextTypes

from bot.commands.command import Scope
from bot.commands.parser import Reading, Talk, is_command
from bot.conversation.incoming import Place
from bot.conversation.pagination import DRAWS, TURNS
from bot.conversation.service import Conversation
from bot.conversation.session import Person, Reply, ReportProgress
from bot.conversation.yes_no import yes_or_no
from bot.notifications.deal_button import BUTTON as DEAL_BUTTON
from bot.notifications.deal_button import DealButton
from bot.rendering.redaction import masked
from bot.staff.handlers import StaffHandlers
from bot.telegram.access import ANONYMOUS, AccessControl, language_of
from bot.telegram.group_redaction import for_group
from bot.telegram.outbox import Destination, request_key_prefix
from bot.telegram.rate_limit import RateDecision
from bot.telegram.sender import Sender
from linkdesk.audit.log import ID_ALPHABET, ID_LENGTH
from linkdesk.auth.policy import Face, Role
from tool_specs.declaration.localized import Localized
from tool_specs.declaration.text import fold

BUTTON: Final = re.compile(rf"([yn]):([{ID_ALPHABET}]{{{ID_LENGTH}}})")
LOOKS_ON: Final = re.compile(f"{TURNS.pattern}|{DRAWS.pattern}")
OTHER_BUTTON: Final = re.compile(rf"(c|u):([{ID_ALPHABET}]{{{ID_LENGTH}}})(?::([0-9]{{1,3}}|m))?")
"""A candidate of a question, and what undoes a change."""
BETWEEN_NEWS_S: Final = 4.0
"""How often it is told how far a long piece of work is."""

STRANGER_PRESSED: Final = Localized(en="This is for staff only.", ru="Это только для сотрудников.")
ONLY_TEXT: Final = Localized(
    en="I can only read text. All commands: /help", ru="Я понимаю только текст. Все команды: /help"
)
OLD_LIST: Final = Localized(
    en="This list is out of date. Please request it again.",
    ru="Этот список устарел: запросите его ещё раз.",
)
OLD_BUTTON: Final = Localized(
    en="This button no longer works. Nothing was changed.",
    ru="Эта кнопка больше не действует. Ничего не изменено.",
)


class Dispatcher:
    """Admits staff, reads their messages once, and passes them to the conversation."""

    def __init__(  # noqa: PLR0913 - the collaborators, each named
        self,
        conversation: Conversation,
        access: AccessControl,
        staff: StaffHandlers,
        sender: Sender,
        deals: DealButton,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Take the conversation, access control, the staff handlers, the sender, and what links new bookings.

        `clock` tells how long ago something was said.
        """
        self._deals = deals
        self._conversation = conversation
        self._access = access
        self._staff = staff
        self._sender = sender
        self._clock = clock

    async def message(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """Answer a message addressed to the bot by somebody who is admitted."""
        message = update.message
        user = message.from_user if message else None
        if message is None or user is None:
            return
        private = message.chat.type == ChatType.PRIVATE
        place = place_of(message, private=private)
        # An anonymous administrator or a channel writes under a name that is not a person's.
        sender = message.sender_chat.id if message.sender_chat else user.id
        text = await self._addressed_text(message, user, context.bot.username, context.bot.id, private=private)
        if text is None or sender not in {user.id, message.chat.id}:
            return
        reply = await self._reply(message, user, text, sender, request_key(context.bot.id, update))
        if reply is None:
            return
        if reply.strip is not None:
            await self._sender.strip(place, reply.strip)
        await self._remember(reply, await self._sender.send(place, reply if private else for_group(reply)))

    async def _reply(self, message: Message, user: User, text: str, sender: int, key: str) -> Reply | None:
        """Return the answer to a message, or None to stay silent. A stranger is refused before the message is read."""
        private = message.chat.type == ChatType.PRIVATE
        verdict = self._access.verdict(sender)
        if verdict is RateDecision.SILENT:
            return None
        if sender != user.id:
            return _in(self._conversation, ANONYMOUS, user, message.chat.id) if verdict is RateDecision.FINE else None
        person = await self._access.person(user, message.chat.id)
        if not isinstance(person, Person) and not private:
            return None
        if verdict is RateDecision.TELL:
            return self._access.too_fast(user.id, language_of(user))
        if isinstance(person, Person):
            return await self._answer(message, text, replace(person, request_key=key))
        return person or await self._staff.greet(user, text) or self._access.refusal(user)

    async def _answer(self, message: Message, text: str, person: Person) -> Reply | None:
        """Read and answer a message of the staff, in a chat where the bot may answer."""
        chat = message.chat
        destination = place_of(message, private=chat.type == ChatType.PRIVATE)
        place = Place(chat.type == ChatType.PRIVATE, chat.title or "", destination.topic)
        incoming = self._conversation.read(text, person, place, destination.answers)
        # A command that allows a group, or ends that, is heard in groups that are not allowed.
        admitted = person if self._is_for_groups(incoming.reading) else await self._access.within(person, chat)
        if not isinstance(admitted, Person):
            return admitted
        if message.text is None:
            language = self._conversation.language(admitted)
            return Reply(ONLY_TEXT.to(language), ONLY_TEXT.to(language), language)
        incoming = replace(incoming, person=admitted)
        answer = await self._staff.answer(incoming)
        return answer or await self._conversation.answer(incoming, self._progress_reporter(destination, admitted))

    def _is_for_groups(self, reading: Reading) -> bool:
        commands = self._conversation.commands.table
        return isinstance(reading, Talk) and commands[reading.command].scope is Scope.GROUP

    async def pressed(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """Answer a pressed button: once, and only for the person who was asked."""
        query = update.callback_query
        if query is None:
            return
        person = await self._access.person(query.from_user, query.message.chat.id if query.message else 0)
        if not isinstance(person, Person):
            told = person.text if isinstance(person, Reply) else STRANGER_PRESSED.to(language_of(query.from_user))
            await self._sender.answer_press(query.id, told)
            return
        person = replace(person, request_key=request_key(context.bot.id, update))
        message, data = query.message, query.data or ""
        if message is not None and (button := BUTTON.fullmatch(data)):
            await self._pressed_question(query, message, person, button)
        elif message is not None and (button := OTHER_BUTTON.fullmatch(data) or LOOKS_ON.fullmatch(data)):
            await self._pressed_other(query, person, button)
        elif isinstance(message, Message) and (button := DEAL_BUTTON.fullmatch(data)):
            await self._handle_deal_button(query, message, person, button)
        else:
            await self._sender.answer_press(query.id, OLD_BUTTON.to(language_of(query.from_user)))

    async def _pressed_question(
        self, query: CallbackQuery, message: MaybeInaccessibleMessage, person: Person, button: re.Match[str]
    ) -> None:
        """Settle a question by its button; a "no" is accepted beyond the rate limit."""
        agreed, private = button[1] == "y", message.chat.type == ChatType.PRIVATE
        admitted = await self._admitted(query, message.chat, person, limited=agreed)
        if admitted is None:
            return
        place = Destination(person.chat, topic_of(message))
        reply = await self._staff.settle(admitted, button[2], agreed=agreed)
        if reply is None:
            card = await self._conversation.claim(admitted, button[2], agreed=agreed)
            if isinstance(card, Reply):
                await self._sender.answer_press(query.id, card.text)
                if card.closes is not None:
                    # Its time is over: it is not to look as if it could still be answered.
                    await self._sender.edit(place, message.message_id, card)
                return
            await self._sender.answer_press(query.id)
            reply = await self._conversation.settle(card, admitted, self._progress_reporter(place, admitted))
        else:
            await self._sender.answer_press(query.id)
        shown = reply if private else for_group(reply)
        await self._remember(reply, await self._sender.edit(place, message.message_id, shown))

    async def _handle_deal_button(
        self, query: CallbackQuery, message: Message, person: Person, button: re.Match[str]
    ) -> None:
        """Ask which deal a new booking belongs to, or link the one that was pressed."""
        admitted = await self._admitted(query, message.chat, person)
        if admitted is None:
            return
        private = message.chat.type == ChatType.PRIVATE
        place = Destination(person.chat, topic_of(message))
        came = await self._deals.pressed(button, admitted, self._progress_reporter(place, admitted))
        alert = came.alert if private else masked(came.alert)
        await self._sender.answer_press(query.id, alert or None)
        news = message if button[2] is None and button[3] is None else message.reply_to_message
        if came.reply is not None:
            shown = came.reply if private else for_group(came.reply)
            if came.asks:
                number = await self._sender.send(replace(place, answers=message.message_id), shown)
            else:
                number = await self._sender.edit(place, message.message_id, shown)
            await self._remember(came.reply, number)
        if came.over and news is not None:
            await self._sender.remove_button(news, f"l:{button[1]}")

    async def _admitted(
        self, query: CallbackQuery, chat: Chat, person: Person, *, limited: bool = True
    ) -> Person | None:
        """Return the person where they may press a button; otherwise tell them why not and return None."""
        admitted = await self._access.within(person, chat)
        if limited and isinstance(admitted, Person) and self._access.verdict(person.user) is not RateDecision.FINE:
            admitted = self._access.too_fast(person.user, language_of(query.from_user))
        if isinstance(admitted, Person):
            return admitted
        await self._sender.answer_press(query.id, admitted.text if admitted else None)
        return None

    async def _pressed_other(self, query: CallbackQuery, person: Person, button: re.Match[str]) -> None:
        """Handle a chosen candidate, an undo, or the next page of a list."""
        message = query.message
        if message is None:
            return
        private = message.chat.type == ChatType.PRIVATE
        admitted = await self._admitted(query, message.chat, person)
        if admitted is None:
            return
        place = Destination(person.chat, topic_of(message))
        reply = await self._handle_button(button, admitted, self._progress_reporter(place, admitted))
        if reply is None:
            old = OLD_LIST if LOOKS_ON.fullmatch(button[0]) else OLD_BUTTON
            await self._sender.answer_press(query.id, old.to(self._conversation.language(admitted)))
            return
        if button[1] == "u" and reply.refused:
            # The button stays, so that it can be pressed again.
            await self._sender.answer_press(query.id, (reply if private else for_group(reply)).text)
            return
        await self._sender.answer_press(query.id)
        shown = reply if private else for_group(reply)
        # What was done stays on the screen; a question makes room for its answer, and a page for the next one.
        if DRAWS.fullmatch(button[0]):
            await self._sender.send(replace(place, answers=None if private else message.message_id), shown)
        elif button[1] == "u":
            await self._sender.strip(place, message.message_id)
            await self._remember(reply, await self._sender.send(place, shown))
        else:
            await self._remember(reply, await self._sender.edit(place, message.message_id, shown))

    async def _handle_button(self, button: re.Match[str], person: Person, tell: ReportProgress) -> Reply | None:
        """Carry out a button's action, or return None where the button is outdated."""
        if LOOKS_ON.fullmatch(button[0]):
            return await self._conversation.turn_page(button[0], person)
        if button[1] == "u":
            return await self._conversation.undo(person, button[2], tell)
        number = None if button[3] == "m" else int(button[3] or 0)
        return await self._conversation.choose(person, button[2], number, tell)

    async def overtakes(self, update: Update) -> bool:
        """Return whether an update is handled before earlier ones of its chat: a "no", or the stop command."""
        if update.callback_query is not None:
            return (update.callback_query.data or "").startswith("n:")
        message = update.message
        if message is None or message.from_user is None:
            return False
        text = message.text or ""
        if is_command(text, "stop"):
            return True
        if yes_or_no(text) is not False:
            return False
        person = await self._access.person(message.from_user, message.chat.id)
        return isinstance(person, Person) and await self._conversation.is_answer(text, person)

    async def _remember(self, reply: Reply, message_id: int | None) -> None:
        if reply.card is None or message_id is None:
            return
        if not self._staff.shown(reply.card, message_id):
            await self._conversation.shown(reply.card, message_id)

    def _progress_reporter(self, place: Destination, person: Person) -> ReportProgress:
        """Return a callback that reports progress at most every few seconds."""
        last = self._clock()

        async def tell(text: str) -> None:
            nonlocal last
            if self._clock() - last >= BETWEEN_NEWS_S:
                last = self._clock()
                await self._sender.send_progress(place, Reply(text, text, self._conversation.language(person)))

        return tell

    async def _addressed_text(
        self, message: Message, user: User, name: str, bot_id: int, *, private: bool
    ) -> str | None:
        """Return the text addressed to the bot, without its name; None where it is addressed to others."""
        text = message.text or ""
        command = re.match(r"\s*/\s*([^\s@/]+)@(\w+)", text)
        if command is not None:
            ours = command[2].casefold() == name.casefold()
            return f"/{command[1]}{text[command.end() :]}" if ours else None
        if private:
            return text
        unnamed = re.sub(rf"(?<!\w)@{re.escape(name)}\b[,:]?\s*", "", text, flags=re.IGNORECASE)
        if unnamed != text:
            return unnamed
        word = re.match(r"\s*/\s*(\S+)", text)
        if word is not None:
            # A command that is not ours may be for another bot of the group.
            return text if fold(word[1]) in self._conversation.commands.table.of_word else None
        answered = message.reply_to_message
        to_us = answered is not None and answered.from_user is not None and answered.from_user.id == bot_id
        somebody = _unverified_person(user, message.chat.id)
        return text if message.text and (to_us or await self._conversation.is_answer(text, somebody)) else None


def request_key(bot_id: int, update: Update) -> str:
    """Return the key under which the audit log keeps changes asked for by an update."""
    return f"{request_key_prefix(bot_id, update.effective_chat.id if update.effective_chat else 0)}{update.update_id}"


def place_of(message: Message, *, private: bool) -> Destination:
    """Return where the answer to a message goes."""
    return Destination(message.chat.id, topic_of(message), None if private else message.message_id)


def topic_of(message: MaybeInaccessibleMessage) -> int | None:
    """Return the topic of a message; a reply thread in a group without topics is no topic to write to."""
    return message.message_thread_id if isinstance(message, Message) and message.is_topic_message else None


def _unverified_person(user: User, chat: int) -> Person:
    """Return a person as known before any lookup."""
    return Person(chat, user.id, user.full_name, Role.VIEWER, Face.TELEGRAM, language_of(user))


def _in(conversation: Conversation, said: Localized, user: User, chat: int) -> Reply:
    language = conversation.language(_unverified_person(user, chat))
    return Reply(said.to(language), said.to(language), language)
