"""Long polling: updates are confirmed to Telegram only once the inbox has stored them."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from typing import Any, Final, TypeVar

import structlog
from telegram import Bot, Update
from telegram.error import BadRequest, Conflict, InvalidToken, RetryAfter, TelegramError

from bot.telegram.request import TolerantRequest
from linkdesk.errors.base import NotConfigured, Trouble
from tool_specs.declaration.localized import Localized

log = structlog.stdlib.get_logger()

Result = TypeVar("Result")
Sleep = Callable[[float], Awaitable[object]]

UPDATES: Final = ("message", "callback_query")
"""What the bot asks Telegram for; edited messages, channel posts and business messages never run a command."""
ASKING_S: Final = 10
SOON_S: Final = 0.3
LONGEST_PAUSE_S: Final = 30.0
MOST_CONFLICTS: Final = 5
"""How often in a row a bot that never got an answer is sent away before it gives up."""

SECOND_POLLER: Final = Localized(
    en="Another program receives this bot's messages with the same token: stop it first, or use another bot's token.",
    ru="Сообщения этого бота уже получает другая программа с тем же токеном: сначала остановите её "
    "или возьмите токен другого бота.",
)
ASKS_AGAIN: Final = "Another program receives this bot's messages with the same token; asking a few times more."
KEEPS_TRYING: Final = (
    "Another program receives this bot's messages with the same token: stop it. This one keeps trying."
)


class Polling:
    """Polls one bot's updates until stopped."""

    def __init__(  # noqa: PLR0913 - the collaborators, each named
        self,
        bot: Bot,
        asking: TolerantRequest,
        keep: Callable[[Sequence[Update]], Awaitable[None]],
        stopped: asyncio.Event,
        *,
        sleep: Sleep = asyncio.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Take the bot, the wire it asks over, what keeps the updates, what tells to stop, and the time."""
        self._bot = bot
        self._asking = asking
        self._keep = keep
        self._stopped = stopped
        self._sleep = sleep
        self._clock = clock
        self._offset: int | None = None
        self._pause = 0.0
        self._conflicts = 0
        self._has_asked = False
        self._has_left_webhook = False

    @property
    def _is_over(self) -> bool:
        return self._stopped.is_set() or self._asking.token_refused.is_set()

    async def run(self) -> None:
        """Poll until stopped, or until Telegram stops accepting the token.

        Raises:
            NotConfigured: another program polls with the same token, and was there first.
        """
        while not (self._is_over or self._has_left_webhook):
            await self._repeated(self._leave_webhook)
        while not self._is_over:
            await self._repeated(self._ask)
        if self._offset is not None and not self._asking.token_refused.is_set():
            # Tells Telegram what was taken in, or the next start would be given it again.
            await self._confirmed()

    async def _ask(self) -> None:
        """Poll once, and store the updates before the next poll confirms them.

        Raises:
            TelegramError: Telegram does not answer.
            Trouble: the inbox does not take it.
        """
        began = self._clock()
        asking = self._bot.get_updates(offset=self._offset, timeout=ASKING_S, allowed_updates=UPDATES)
        updates = await self._unless_over(asking)
        if updates is None:
            return
        self._has_asked, self._conflicts, self._pause = True, 0, 0.0
        await self._keep(updates)
        if updates:
            self._offset = updates[-1].update_id + 1
        elif self._clock() - began < SOON_S:
            # A server that does not wait for an update would be asked without a pause.
            await self._rest(SOON_S)

    async def _leave_webhook(self) -> None:
        """Delete a webhook that was set before, keeping its pending updates."""
        try:
            await self._unless_over(self._bot.delete_webhook(drop_pending_updates=False))
        except (BadRequest, InvalidToken) as error:
            log.warning("telegram.webhook_not_deleted", error=type(error).__name__)
        self._has_left_webhook = True

    async def _confirmed(self) -> None:
        try:
            await self._bot.get_updates(offset=self._offset, timeout=0, limit=1, allowed_updates=UPDATES)
        except TelegramError as error:
            log.info("telegram.last_updates_not_confirmed", error=type(error).__name__)

    async def _repeated(self, step: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Run a step, with a growing pause after failures."""
        try:
            await step()
        except RetryAfter as error:
            wait = error.retry_after
            await self._rest(wait if isinstance(wait, int) else wait.total_seconds())
        except (TelegramError, Trouble, KeyError, TypeError, ValueError) as error:
            self._complain(error)
            self._pause = min(max(1.0, self._pause * 2), LONGEST_PAUSE_S)
            # One that was there first asks again soon, so that the other one gets no turn.
            await self._rest(1.0 if isinstance(error, Conflict) and self._has_asked else self._pause)

    def _complain(self, error: Exception) -> None:
        """Log a problem once, however long it lasts.

        Raises:
            NotConfigured: another program was there first.
        """
        if isinstance(error, Conflict):
            self._conflicts += 1
            if not self._has_asked and self._conflicts >= MOST_CONFLICTS:
                raise NotConfigured(SECOND_POLLER) from None
        if isinstance(error, Trouble):
            log.warning("telegram.updates_not_kept", error=error.failure.code)
        elif not self._asking.in_trouble:
            said = "Telegram does not answer; trying again."
            if isinstance(error, Conflict):
                said = KEEPS_TRYING if self._has_asked else ASKS_AGAIN
            log.warning(said, error=type(error).__name__)
        self._asking.in_trouble = True

    async def _rest(self, seconds: float) -> None:
        async def rest() -> None:
            await self._sleep(seconds)

        await self._unless_over(rest())

    async def _unless_over(self, step: Coroutine[Any, Any, Result]) -> Result | None:
        """Await something, or return None where the bot was stopped first."""
        doing = asyncio.create_task(step)
        ends = [asyncio.create_task(event.wait()) for event in (self._stopped, self._asking.token_refused)]
        try:
            await asyncio.wait([doing, *ends], return_when=asyncio.FIRST_COMPLETED)
            return doing.result() if doing.done() else None
        finally:
            for task in (doing, *ends):
                task.cancel()
            await asyncio.gather(doing, *ends, return_exceptions=True)
