"""A bot on the fake Bot API: settings, transports, and a running bot."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

from pydantic import SecretStr
from telegram.request import HTTPXRequest

from bot.app.app import Transports, serve
from bot.app.wiring import StaffAccess
from bot.conversation.service import Conversation
from bot.telegram.request import TolerantRequest
from linkdesk.accounts.staff import Chat, MemoryStaffStore
from linkdesk.auth.policy import Role
from linkdesk.bootstrap.desk import open_desk
from linkdesk.config.settings import Settings
from tests.support.fake_bot_api.server import TOKEN, USER, FakeBotApi

EDITOR = 1002

GROUP = -1_001_000_000_007


class Clock:
    def __init__(self) -> None:
        self.now = datetime.now(UTC)

    def __call__(self) -> datetime:
        return self.now

    def seconds(self) -> float:
        return self.now.timestamp()


class Sleeper:
    def __init__(self) -> None:
        self.slept: list[float] = []

    async def __call__(self, seconds: float) -> None:
        self.slept.append(seconds)


def bot_settings(**more: Any) -> Settings:  # noqa: ANN401 - any setting
    staff = {USER: Role.ADMIN, EDITOR: Role.EDITOR}
    return Settings(
        **{"telegram_token": SecretStr(TOKEN), "telegram_api": "http://127.0.0.1:1", "staff": staff, **more}
    )


def telegram_transports(api: FakeBotApi) -> Transports:
    through: dict[str, Any] = {"httpx_kwargs": {"transport": api.transport}}
    return Transports(HTTPXRequest(**through), TolerantRequest(**through))


async def staff_allowing_chat(chat: int) -> MemoryStaffStore:
    people = MemoryStaffStore()
    await people.allow_chat(Chat(id=chat, allowed_by="telegram:1001"))
    return people


@asynccontextmanager
async def run_bot(api: FakeBotApi, clock: Clock, sleeper: Sleeper) -> AsyncIterator[None]:
    stopped = asyncio.Event()
    async with open_desk(bot_settings(), sandbox=True, now=clock) as desk:
        serving = asyncio.create_task(
            serve(
                bot_settings(),
                Conversation(desk),
                telegram_transports(api),
                stopped,
                sleeper,
                staff_access=StaffAccess(await staff_allowing_chat(GROUP), clock=clock.seconds),
            ),
        )
        await api.until(lambda: serving.done() or api.called("getUpdates"))
        try:
            yield
        finally:
            stopped.set()
            await serving
