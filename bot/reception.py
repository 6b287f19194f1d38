"""Who is answered in Telegram, and what counts as said to the bot."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

from telegram import Message, Update, User
from telegram.constants import ChatType
from telegram.ext import ContextTypes

from bot.answers import yes_or_no
from bot.conversation import Conversation, Person, Reply, Tell
from bot.delivery import Delivery
from bot.forms import COMMANDS_OF_WORD
from bot.outbox import Place
from bot.slash import Talk, read
from bot.status import COMMAND, ONLY_ADMINS, Status
from bot.wording import Text, bounded, filled
from linkdesk.access import Face, Role
from linkdesk.record import LENGTH, LETTERS
from tool_specs.said import Language, Said
from tool_specs.words import fold

BUTTON: Final = re.compile(rf"([yn]):([{LETTERS}]{{{LENGTH}}})")
BETWEEN_NEWS_S: Final = 4.0
"""How often it is told how far a long piece of work is."""

STRANGER: Final = Said(
    en="I work for staff only. Your Telegram id is {id}: give it to the administrator to be let in.",
    ru="Я отвечаю только сотрудникам. Ваш номер в Telegram: {id}. Передайте его администратору, чтобы получить доступ.",
)
STRANGER_PRESSED: Final = Said(en="This is for staff only.", ru="Это только для сотрудников.")
ONLY_TEXT: Final = Said(en="I read text only. All commands: /help", ru="Я понимаю только текст. Все команды: /help")
OLD_BUTTON: Final = Said(
    en="This button no longer works. Nothing was changed.",
    ru="Эта кнопка больше не действует. Ничего не изменено.",
)


class Reception:
    """Lets staff in and gives their words to the conversation."""

    def __init__(
        self,
        conversation: Conversation,
        staff: Mapping[int, Role],
        delivery: Delivery,
        status: Status | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Take the conversation, who may talk, what says the answers, what tells how we are, and a clock in seconds."""
        self._status = status
        self._conversation = conversation
        self._staff = staff
        self._delivery = delivery
        self._clock = clock

    async def message(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """Answer a message, if it is said to the bot by somebody who may."""
        message = update.message
        user = message.from_user if message else None
        # An anonymous administrator or a channel writes under a name that is not a person's.
        if message is None or user is None or message.sender_chat is not None:
            return
        private = message.chat.type == ChatType.PRIVATE
        place = place_of(message, private=private)
        role = self._staff.get(user.id)
        if role is None:
            if private:
                language = language_of_user(user)
                refusal = filled(STRANGER.to(language), id=Text.strong(user.id))
                await self._delivery.send(place, Reply(refusal.plain, refusal.html, language))
            return
        person = replace(_person(user, role, message.chat.id), request_key=request_key(context.bot.id, update))
        text = await self._said_to_bot(message, person, context.bot.username, context.bot.id, private=private)
        if text is None:
            return
        if message.text is None:
            language = self._conversation.language(person)
            await self._delivery.send(place, Reply(ONLY_TEXT.to(language), ONLY_TEXT.to(language), language))
            return
        if self._status is not None and COMMAND.fullmatch(text):
            await self._delivery.send(place, await self._status_for(person))
            return
        reply = await self._conversation.say(text, person, self._telling(place, person))
        if reply.strip is not None:
            await self._delivery.strip(place, reply.strip)
        await self._remember(reply, await self._delivery.send(place, reply))

    async def pressed(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """Answer a button: once, and only to the person who was asked."""
        query = update.callback_query
        if query is None:
            return
        role = self._staff.get(query.from_user.id)
        if role is None:
            await self._delivery.answer_press(query.id, STRANGER_PRESSED.to(language_of_user(query.from_user)))
            return
        button = BUTTON.fullmatch(query.data or "")
        if button is None or query.message is None:
            await self._delivery.answer_press(query.id, OLD_BUTTON.to(language_of_user(query.from_user)))
            return
        person = _person(query.from_user, role, query.message.chat.id)
        person = replace(person, request_key=request_key(context.bot.id, update))
        card = await self._conversation.claim(person, button[2], agreed=button[1] == "y")
        if isinstance(card, Reply):
            await self._delivery.answer_press(query.id, card.text)
            return
        await self._delivery.answer_press(query.id)
        topic = query.message.message_thread_id if isinstance(query.message, Message) else None
        place = Place(person.chat, topic)
        reply = await self._conversation.settle(card, person, self._telling(place, person))
        await self._remember(reply, await self._delivery.edit(place, query.message.message_id, reply))

    async def _status_for(self, person: Person) -> Reply:
        language = self._conversation.language(person)
        if self._status is None or person.role is not Role.ADMIN:
            return Reply(ONLY_ADMINS.to(language), ONLY_ADMINS.to(language), language)
        said = await self._status.said(person.actor, person.chat, language)
        return Reply(said.plain, said.html, language)

    async def overtakes(self, update: Update) -> bool:
        """Tell whether an update is not to wait for what the chat is at: a "no", or the word to stop."""
        if update.callback_query is not None:
            return (update.callback_query.data or "").startswith("n:")
        message = update.message
        if message is None or message.from_user is None or message.from_user.id not in self._staff:
            return False
        text = message.text or ""
        if read(text) == Talk("stop", ""):
            return True
        person = _person(message.from_user, Role.VIEWER, message.chat.id)
        return yes_or_no(text) is False and await self._conversation.awaits(text, person)

    async def _remember(self, reply: Reply, message_id: int | None) -> None:
        if reply.card is not None and message_id is not None:
            await self._conversation.shown(reply.card, message_id)

    def _telling(self, place: Place, person: Person) -> Tell:
        """Give what says, now and then, how far a long piece of work is."""
        last = self._clock()

        async def tell(text: str) -> None:
            nonlocal last
            if self._clock() - last >= BETWEEN_NEWS_S:
                last = self._clock()
                await self._delivery.mention(place, Reply(text, text, self._conversation.language(person)))

        return tell

    async def _said_to_bot(
        self, message: Message, person: Person, name: str, bot_id: int, *, private: bool
    ) -> str | None:
        """Give what was said to the bot, without its name; None where it was said to others."""
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
            return text if fold(word[1]) in COMMANDS_OF_WORD else None
        answered = message.reply_to_message
        to_us = answered is not None and answered.from_user is not None and answered.from_user.id == bot_id
        return text if message.text and (to_us or await self._conversation.awaits(text, person)) else None


def request_key(bot_id: int, update: Update) -> str:
    """Name an update, as changes that it asks for are put on record."""
    return f"telegram:{bot_id}:{update.update_id}"


def place_of(message: Message, *, private: bool) -> Place:
    """Say where the answer to a message goes."""
    topic = message.message_thread_id if message.is_topic_message else None
    return Place(message.chat.id, topic, None if private else message.message_id)


def _person(user: User, role: Role, chat: int) -> Person:
    name = bounded(f"{user.id} {user.full_name}")
    return Person(chat=chat, user=user.id, name=name, role=role, face=Face.TELEGRAM, language=language_of_user(user))


def language_of_user(user: User) -> Language:
    """Take the language of the person's Telegram; whoever has none set, or another, is spoken to in English."""
    return "ru" if (user.language_code or "").lower().startswith("ru") else "en"
