"""Sending to Telegram: replies are split, sent to the right topic, retried, and never raise for what cannot be sent."""

from __future__ import annotations

import asyncio
import html
import re
from collections.abc import Awaitable, Callable, Iterator
from datetime import timedelta
from typing import Final, Protocol, TypeVar
from weakref import WeakValueDictionary

import structlog
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, LinkPreviewOptions, Message, ReplyParameters
from telegram.constants import CallbackQueryLimit, MessageLimit, ParseMode
from telegram.error import BadRequest, NetworkError, RetryAfter, TelegramError

from bot.conversation.buttons import Button
from bot.conversation.session import Reply
from bot.schedule_image.request import ImageRequest
from bot.schedule_image.service import RenderedImage
from bot.telegram.outbox import Destination, Outgoing, open_outbox
from tool_specs.declaration.localized import Language, Localized

log = structlog.stdlib.get_logger()

Result = TypeVar("Result")


class SendPiece(Protocol):
    """Sends one piece by a call, or returns None where it cannot be sent."""

    async def __call__(
        self, call: Callable[[str, str | None], Awaitable[Message]], piece: tuple[str, str], /
    ) -> Message | None:
        """Send a message."""
        ...


MOST_IN_ALERT: Final = CallbackQueryLimit.ANSWER_CALLBACK_QUERY_TEXT_LENGTH
MOST_TRIES: Final = 3
"""How often something that may be missed is tried."""
LONGEST_SHORT_WAIT_S: Final = 5
LONGEST_PAUSE_S: Final = 60.0
LONGEST_TRYING_S: Final = 24 * 3600.0
"""For how long an answer is tried to be sent; after that nobody waits for it."""
DO_IT: Final = Localized(en="Do it", ru="Выполнить")
CANCEL: Final = Localized(en="Cancel", ru="Отмена")
APPROVE: Final = Localized(en="Approve", ru="Одобрить")
REJECT: Final = Localized(en="Reject", ru="Отклонить")


class UndeliveredError(Exception):
    """The bot is stopping while Telegram is unreachable: the rest is sent after the next start."""


async def draw_nothing(_picture: ImageRequest) -> RenderedImage | None:
    """Draw nothing: everything is sent as text."""
    return None


class Sender:
    """Sends replies through one bot.

    What is said to a chat goes out one after another; a chat that Telegram wants left alone for a while keeps nobody
    else waiting. An answer is sent until it arrives, or until Telegram says that it never will.
    """

    def __init__(
        self,
        bot: Bot,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
        draw: Callable[[ImageRequest], Awaitable[RenderedImage | None]] = draw_nothing,
    ) -> None:
        """Take the bot, what waits when Telegram says to wait, and what draws pictures."""
        self._bot = bot
        self._draw = draw
        self._sleep = sleep
        self._turns: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()
        self.stopping = asyncio.Event()
        """Set when nothing is to be tried again."""

    async def send(self, place: Destination, reply: Reply) -> int | None:
        """Send a reply and return the number of the message that carries its buttons, the last one."""
        return await self._enqueue(Outgoing(place, reply))

    async def send_progress(self, place: Destination, reply: Reply) -> None:
        """Send a short progress message, which may get lost."""
        await self._tried(lambda: self._send_message(place, reply.html, ParseMode.HTML, None))

    async def send_notification(self, place: Destination, reply: Reply) -> int | None:
        """Send an unsolicited message and return the id of the message with its buttons.

        Raises:
            UndeliveredError: the bot is to stop before it arrived.
            TelegramError: it never will arrive: the bot was blocked or thrown out, or the chat has another number.
        """
        session = self._turns.setdefault(place.chat, asyncio.Lock())
        async with session:
            return await self._send_pieces(place, reply, self._send_html_or_plain)

    async def edit(self, place: Destination, message_id: int, reply: Reply) -> int | None:
        """Edit a message; what is too long, or cannot be edited, is sent as a new message."""
        return await self._enqueue(Outgoing(place, reply, message_id))

    async def deliver(self, outgoing: Outgoing) -> int | None:
        """Send what was kept and return the number of the message that carries its buttons.

        Raises:
            UndeliveredError: the bot is to stop before it arrived.
        """
        session = self._turns.setdefault(outgoing.place.chat, asyncio.Lock())
        async with session:
            if outgoing.instead_of is None:
                return await self._send(outgoing.place, outgoing.reply)
            return await self._edit(outgoing.place, outgoing.instead_of, outgoing.reply)

    async def strip(self, place: Destination, message_id: int) -> None:
        """Remove the buttons of a message."""
        await self._tried(lambda: self._bot.edit_message_reply_markup(place.chat, message_id, reply_markup=None))

    async def remove_button(self, message: Message, data: str) -> None:
        """Remove one button of a message, by its data."""
        markup = message.reply_markup
        if markup is None:
            return
        rows = [[key for key in row if key.callback_data != data] for row in markup.inline_keyboard]
        left = [row for row in rows if row]
        await self._tried(
            lambda: self._bot.edit_message_reply_markup(
                message.chat.id, message.message_id, reply_markup=InlineKeyboardMarkup(left) if left else None
            )
        )

    async def answer_press(self, query_id: str, text: str | None = None) -> None:
        """Acknowledge a pressed button, with an optional text to show."""
        shown = None if text is None else _fitting(text, MOST_IN_ALERT)
        await self._tried(lambda: self._bot.answer_callback_query(query_id, shown, show_alert=text is not None))

    async def _enqueue(self, outgoing: Outgoing) -> int | None:
        outbox = open_outbox()
        if outbox is None:
            return await self.deliver(outgoing)
        await outbox.put(outgoing)
        message_id = await self.deliver(outgoing)
        outbox.sent(outgoing)
        return message_id

    async def _send(self, place: Destination, reply: Reply) -> int | None:
        if reply.picture is not None and (number := await self._send_picture(place, reply, reply.picture)) is not None:
            return number
        return await self._send_pieces(place, reply, self._formatted)

    async def _send_pieces(self, place: Destination, reply: Reply, said: SendPiece) -> int | None:
        """Send a reply in as many messages as it needs."""
        sent: Message | None = None
        pieces = list(pieces_of(reply))
        for number, piece in enumerate(pieces):
            buttons = _buttons(reply) if number == len(pieces) - 1 else None

            async def say(text: str, mode: str | None, buttons: InlineKeyboardMarkup | None = buttons) -> Message:
                return await self._send_message(place, text, mode, buttons)

            sent = await said(say, piece)
            if sent is None:
                return None
        return sent.message_id if sent else None

    async def _send_picture(self, place: Destination, reply: Reply, picture: ImageRequest) -> int | None:
        """Send a picture; None where it cannot be drawn or Telegram does not take it, and words have to do.

        Raises:
            UndeliveredError: the bot is to stop.
        """
        drawn = await self._draw(picture)
        if drawn is None:
            return None
        try:
            sent = await self._until_it_arrives(
                lambda: self._bot.send_photo(
                    place.chat,
                    drawn.png,
                    caption=drawn.caption,
                    message_thread_id=place.topic,
                    reply_parameters=_answered(place),
                    reply_markup=_buttons(reply),
                    filename=f"{picture.day}.png",
                )
            )
        except TelegramError as error:
            _note(error)
            return None
        return sent.message_id

    async def _edit(self, place: Destination, message_id: int, reply: Reply) -> int | None:
        pieces = list(pieces_of(reply))
        if len(pieces) == 1:

            async def change(text: str, mode: str | None) -> int:
                try:
                    await self._bot.edit_message_text(
                        text,
                        place.chat,
                        message_id,
                        parse_mode=mode,
                        reply_markup=_buttons(reply),
                        link_preview_options=LinkPreviewOptions(is_disabled=True),
                    )
                except BadRequest as error:
                    if not _is_there(error):
                        raise
                return message_id

            if await self._formatted(change, pieces[0]) is not None:
                return message_id
        await self.strip(place, message_id)
        return await self._send(place, reply)

    async def _send_message(
        self, place: Destination, text: str, mode: str | None, keyboard: InlineKeyboardMarkup | None
    ) -> Message:
        return await self._bot.send_message(
            place.chat,
            text,
            parse_mode=mode,
            message_thread_id=place.topic,
            reply_parameters=_answered(place),
            reply_markup=keyboard,
            link_preview_options=LinkPreviewOptions(is_disabled=True),
        )

    async def _formatted(
        self,
        call: Callable[[str, str | None], Awaitable[Result]],
        piece: tuple[str, str],
    ) -> Result | None:
        """Send a message; None where Telegram rejects it for good, which is logged."""
        try:
            return await self._send_html_or_plain(call, piece)
        except TelegramError as error:
            _note(error)
        return None

    async def _send_html_or_plain(
        self, call: Callable[[str, str | None], Awaitable[Result]], piece: tuple[str, str]
    ) -> Result:
        """Send a message as HTML; as plain text where Telegram cannot parse it.

        Raises:
            UndeliveredError: the bot is to stop.
            TelegramError: Telegram will never take it.
        """
        plain, formatted = piece
        try:
            return await self._until_it_arrives(lambda: call(formatted, ParseMode.HTML))
        except BadRequest as error:
            if "parse entities" not in error.message.lower():
                raise
            log.warning("telegram.html_refused")
            return await self._until_it_arrives(lambda: call(plain, None))

    async def _until_it_arrives(self, call: Callable[[], Awaitable[Result]]) -> Result:
        """Retry a call until Telegram accepts it or never will.

        A lost answer is sent again, too: to be told twice is better than not to be told.

        Raises:
            UndeliveredError: the bot is to stop.
        """
        waited, pause = 0.0, 1.0
        while True:
            try:
                return await call()
            except TelegramError as error:
                seconds = _pause_after(error, pause)
                if seconds is None or waited > LONGEST_TRYING_S:
                    raise
                log.info("telegram.sending_again", error=type(error).__name__, seconds=seconds)
            await self._rest(seconds)
            waited += seconds
            pause = min(pause * 2, LONGEST_PAUSE_S)

    async def _rest(self, seconds: float) -> None:
        """Sleep, unless the bot is stopping.

        Raises:
            UndeliveredError: it is.
        """
        ends = [asyncio.ensure_future(self._sleep(seconds)), asyncio.create_task(self.stopping.wait())]
        try:
            await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for end in ends:
                end.cancel()
        if self.stopping.is_set():
            raise UndeliveredError

    async def _tried(self, call: Callable[[], Awaitable[Result]]) -> Result | None:
        """Try a call that may be lost a few times at most."""
        for left in reversed(range(MOST_TRIES)):
            try:
                return await call()
            except TelegramError as error:
                seconds = _pause_after(error, 1)
                if seconds is None or not left or seconds > LONGEST_SHORT_WAIT_S:
                    _note(error)
                    return None
            await self._sleep(seconds)
        return None


def _pause_after(error: TelegramError, pause: float) -> float | None:
    """Return the seconds to wait before a retry; None where a retry would not help."""
    if isinstance(error, RetryAfter):
        wait = error.retry_after
        return wait.total_seconds() if isinstance(wait, timedelta) else float(wait)
    # A refusal is a NetworkError to python-telegram-bot, too.
    temporary = isinstance(error, NetworkError) and not isinstance(error, BadRequest)
    return pause if temporary else None


def _is_there(error: TelegramError) -> bool:
    return "not modified" in error.message.lower()


def _note(error: TelegramError) -> None:
    """Log that something could not be sent: blocked by the person, not modified, gone."""
    if not _is_there(error):
        log.warning("telegram.not_sent", error=type(error).__name__, reason=error.message)


def _answered(place: Destination) -> ReplyParameters | None:
    return None if place.answers is None else ReplyParameters(place.answers, allow_sending_without_reply=True)


def _buttons(reply: Reply) -> InlineKeyboardMarkup | None:
    asked = [_question_row(reply.card, reply.language, approves=reply.approves)] if reply.card else []
    rows = [*asked, *([_button(button)] for button in reply.buttons)]
    return InlineKeyboardMarkup(rows) if rows else None


def _button(button: Button) -> InlineKeyboardButton:
    return InlineKeyboardButton(button.label, callback_data=button.data or None, url=button.url or None)


def _question_row(card: str, language: Language, *, approves: bool) -> list[InlineKeyboardButton]:
    """Return the two buttons of a question: the person's own, or an assistant's."""
    yes, no = (APPROVE, REJECT) if approves else (DO_IT, CANCEL)
    return [
        InlineKeyboardButton(yes.to(language), callback_data=f"y:{card}"),
        InlineKeyboardButton(no.to(language), callback_data=f"n:{card}"),
    ]


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


def _fitting(text: str, most: int) -> str:
    """Return as many whole lines, and else words, of a text as there is room for."""
    if _units(text) <= most:
        return text
    kept = ""
    for part in re.findall(r"\S+\s*", text):
        if _units((kept + part).rstrip()) > most - 1:
            break
        kept += part
    lines = kept.rpartition("\n")[0]
    return lines or f"{kept.rstrip() or text[: most // 2 - 1]}…"


def _units(text: str) -> int:
    """Return the length in UTF-16 units, as Telegram counts."""
    return len(text.encode("utf-16-le")) // 2
