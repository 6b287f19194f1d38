"""Sending what is said to Telegram: split, in the right topic, and never an exception for what cannot be sent."""

from __future__ import annotations

import asyncio
import html
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, TypeVar

import httpx
import structlog
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, LinkPreviewOptions, Message, ReplyParameters
from telegram.constants import MessageLimit, ParseMode
from telegram.error import BadRequest, NetworkError, RetryAfter, TelegramError

from bot.conversation import Reply
from tool_specs.said import Language, Said

log = structlog.stdlib.get_logger()

Result = TypeVar("Result")

MOST_TRIES: Final = 4
LONGEST_WAIT_S: Final = 120
DO_IT: Final = Said(en="Do it", ru="Выполнить")
CANCEL: Final = Said(en="Cancel", ru="Отмена")


@dataclass(frozen=True, slots=True)
class Place:
    """Where an answer goes: the chat, its topic, and in groups the message it answers."""

    chat: int
    topic: int | None = None
    answers: int | None = None


class Delivery:
    """Says things through one bot."""

    def __init__(self, bot: Bot, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep) -> None:
        """Take the bot, and what waits when Telegram says to wait."""
        self._bot = bot
        self._sleep = sleep

    async def send(self, place: Place, reply: Reply) -> int | None:
        """Send a reply; give the number of the message that carries its buttons, the last one."""
        sent: Message | None = None
        pieces = list(pieces_of(reply))
        for number, piece in enumerate(pieces):
            buttons = _buttons(reply) if number == len(pieces) - 1 else None

            async def say(text: str, mode: str | None, buttons: InlineKeyboardMarkup | None = buttons) -> Message:
                return await self._send(place, text, mode, buttons)

            sent = await self._formatted(say, piece)
            if sent is None:
                return None
        return sent.message_id if sent else None

    async def edit(self, place: Place, message_id: int, reply: Reply) -> int | None:
        """Put a reply in place of a message; what is too long for one, or cannot be put there, is sent anew."""
        pieces = list(pieces_of(reply))
        if len(pieces) == 1:
            edited = await self._formatted(
                lambda text, mode: self._bot.edit_message_text(
                    text,
                    place.chat,
                    message_id,
                    parse_mode=mode,
                    reply_markup=_buttons(reply),
                    link_preview_options=LinkPreviewOptions(is_disabled=True),
                ),
                pieces[0],
            )
            if edited is not None:
                return message_id
        await self.strip(place, message_id)
        return await self.send(place, reply)

    async def strip(self, place: Place, message_id: int) -> None:
        """Take the buttons off a message."""
        await self._tried(lambda: self._bot.edit_message_reply_markup(place.chat, message_id, reply_markup=None))

    async def answer_press(self, query_id: str, text: str | None = None) -> None:
        """Tell Telegram that a press was noticed, with a text to show where there is one."""
        await self._tried(lambda: self._bot.answer_callback_query(query_id, text, show_alert=text is not None))

    async def _send(self, place: Place, text: str, mode: str | None, keyboard: InlineKeyboardMarkup | None) -> Message:
        answered = None
        if place.answers is not None:
            answered = ReplyParameters(place.answers, allow_sending_without_reply=True)
        return await self._bot.send_message(
            place.chat,
            text,
            parse_mode=mode,
            message_thread_id=place.topic,
            reply_parameters=answered,
            reply_markup=keyboard,
            link_preview_options=LinkPreviewOptions(is_disabled=True),
        )

    async def _formatted(
        self,
        call: Callable[[str, str | None], Awaitable[Result]],
        piece: tuple[str, str],
    ) -> Result | None:
        """Say it in HTML; where Telegram cannot read that, plainly."""
        plain, formatted = piece
        try:
            return await self._patiently(lambda: call(formatted, ParseMode.HTML))
        except BadRequest as error:
            if "parse entities" in error.message.lower():
                log.warning("telegram.html_refused")
                return await self._tried(lambda: call(plain, None))
            _note(error)
        except TelegramError as error:
            _note(error)
        return None

    async def _tried(self, call: Callable[[], Awaitable[Result]]) -> Result | None:
        try:
            return await self._patiently(call)
        except TelegramError as error:
            _note(error)
        return None

    async def _patiently(self, call: Callable[[], Awaitable[Result]]) -> Result:
        """Call again after the time that Telegram asks for, and where the call never reached it."""
        for _ in range(MOST_TRIES - 1):
            try:
                return await call()
            except RetryAfter as error:
                wait = error.retry_after
                seconds = wait.total_seconds() if isinstance(wait, timedelta) else float(wait)
                if seconds > LONGEST_WAIT_S:
                    raise
                await self._sleep(seconds)
            except NetworkError as error:
                if not isinstance(error.__cause__, httpx.ConnectError | httpx.ConnectTimeout):
                    raise
                await self._sleep(1)
        return await call()


def _note(error: TelegramError) -> None:
    """Note that something could not be said: blocked by the person, not modified, gone."""
    if "not modified" not in error.message.lower():
        log.warning("telegram.not_sent", error=type(error).__name__, reason=error.message)


def _buttons(reply: Reply) -> InlineKeyboardMarkup | None:
    return None if reply.card is None else keyboard_of(reply.card, reply.language)


def keyboard_of(card: str, language: Language) -> InlineKeyboardMarkup:
    """Give the two buttons of a question."""
    return InlineKeyboardMarkup(
        [
            [
                InlineKeyboardButton(DO_IT.to(language), callback_data=f"y:{card}"),
                InlineKeyboardButton(CANCEL.to(language), callback_data=f"n:{card}"),
            ],
        ],
    )


def pieces_of(reply: Reply, most: int = MessageLimit.MAX_TEXT_LENGTH) -> Iterator[tuple[str, str]]:
    """Split a reply into messages, plain and HTML, at the ends of lines; markup never spans a line."""
    lines: list[tuple[str, str]] = []
    length = 0
    for plain, formatted in zip(reply.text.split("\n"), reply.html.split("\n"), strict=True):
        if lines and length + _units(plain) + 1 > most:
            yield _together(lines)
            lines, length = [], 0
        if _units(plain) > most:
            # A character is at most two units.
            chunks = [plain[at : at + most // 2] for at in range(0, len(plain), most // 2)]
            yield from ((chunk, html.escape(chunk, quote=False)) for chunk in chunks)
            continue
        lines.append((plain, formatted))
        length += _units(plain) + 1
    if lines:
        yield _together(lines)


def _together(lines: list[tuple[str, str]]) -> tuple[str, str]:
    return "\n".join(plain for plain, _ in lines), "\n".join(formatted for _, formatted in lines)


def _units(text: str) -> int:
    """Count as Telegram counts: in UTF-16 units."""
    return len(text.encode("utf-16-le")) // 2
