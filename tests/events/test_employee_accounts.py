"""Events where every employee is signed in to the portal with their own account."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr
from telegram.request import HTTPXRequest

from bot.app.app import OpenedBot, Transports, connect, opened_bot, staff_access_of
from bot.conversation.service import Conversation
from bot.notifications.sender import LOOKED_OVER
from bot.notifications.sources import NotificationSources
from bot.telegram.polling import Polling
from bot.telegram.request import TolerantRequest
from linkdesk.auth.policy import Role
from linkdesk.bootstrap.desk import open_desk
from linkdesk.bootstrap.stores import open_staff, open_subscriptions
from linkdesk.errors.base import NoCredentials, Trouble
from linkdesk.runtime.inbox import MemoryInbox
from tests.support.events_env import EventsEnv, open_events_env
from tests.support.fake_bot_api.server import TOKEN, FakeBotApi

ANNA, BORIS = 1001, 1002


@dataclass
class Staff:
    """The environment with its bot and chats."""

    watched: EventsEnv
    bot: OpenedBot
    api: FakeBotApi

    async def said(self, text: str, user: int) -> str:
        self.api.user_says(text, user_id=user)
        (message,) = await self.api.answer()
        return message.text

    async def told(self) -> dict[int, str]:
        """Poll the portal and return the notifications of each chat."""
        self.watched.clock.now += timedelta(minutes=1)
        await self.watched.office.watch.poll_if_due(self.bot.sources.chats.subscribers)
        return await told_by(self)


@pytest.fixture
async def staff(tmp_path: Path) -> AsyncIterator[Staff]:
    api, stopped = FakeBotApi(), asyncio.Event()
    through: dict[str, Any] = {"httpx_kwargs": {"transport": api.transport}}
    wires = Transports(HTTPXRequest(**through), TolerantRequest(**through))
    given = {"telegram_token": SecretStr(TOKEN), "staff": {ANNA: Role.ADMIN, BORIS: Role.EDITOR}}
    async with open_events_env(tmp_path, **given) as watched, AsyncExitStack() as stack:
        settings = watched.oauth_env.settings
        desk = await stack.enter_async_context(open_desk(settings, now=watched.clock))
        people = await stack.enter_async_context(open_staff(settings))
        chats = await stack.enter_async_context(open_subscriptions(settings))
        opening = opened_bot(
            settings.model_copy(update={"public_url": None, "telegram_api": "http://127.0.0.1:1"}),
            Conversation(desk),
            wires,
            MemoryInbox(),
            staff_access=staff_access_of(settings, desk, people, sandbox=False),
            sources=NotificationSources(watched.office.log, chats),
        )
        bot = await stack.enter_async_context(opening)
        await connect(bot.app, stopped)
        await stack.enter_async_context(bot.working())
        polling = asyncio.create_task(Polling(bot.app.bot, wires.asking, bot.keep, stopped).run())
        yield Staff(watched, bot, api)
        stopped.set()
        await polling


async def test_names_are_read_with_the_rights_of_whoever_switched_the_news_on(staff: Staff) -> None:
    for user in (ANNA, BORIS):
        await staff.said("/notify on", user)
    await staff.told()
    may_not_read_contacts(staff)
    number = await staff.watched.add(name="")
    one = {"id": 1, "type": {"module": "crm", "code": "CONTACT"}}
    await staff.watched.call("booking.v1.booking.client.set", bookingId=number, clients=[one])
    told = await staff.told()
    assert told[ANNA].splitlines()[1] == "Анна Иванова, Кабинет 1"
    assert told[BORIS].splitlines()[1] == "contact 1, Кабинет 1"


def may_not_read_contacts(staff: Staff) -> None:
    store = staff.watched.oauth_env.sandbox.store
    store.users[2] = store.users[2].model_copy(update={"may_not_read": {3}})


async def test_who_signed_out_is_told_so_once_and_the_others_go_on(staff: Staff) -> None:
    for user in (ANNA, BORIS):
        await staff.said("/notify on", user)
    await staff.told()
    assert await staff.said("/logout", BORIS)
    await staff.watched.add(name="First")
    told = await staff.told()
    assert told[ANNA].startswith("New booking")
    assert told[BORIS].startswith(
        "Booking notifications stop here: the person who turned them on can no longer see bookings"
    )
    await staff.watched.add(timedelta(days=2), name="Second")
    assert set(await staff.told()) == {ANNA}
    assert await staff.bot.sources.chats.subscribers() == [f"telegram:{ANNA}"]


async def test_whose_sign_in_the_portal_ended_is_told_so_once(staff: Staff) -> None:
    for user in (ANNA, BORIS):
        await staff.said("/notify on", user)
    await staff.told()
    ended(staff, 2)
    await staff.watched.add(name="First")
    told = await staff.told()
    assert told[ANNA].startswith("New booking")
    assert told[BORIS].startswith("Booking notifications stop here")


def ended(staff: Staff, user_id: int) -> None:
    authorization = staff.watched.oauth_env.sandbox.authorization
    for token, grant in list(authorization.access.items()):
        if grant.user_id == user_id:
            authorization.access[token] = grant.model_copy(update={"until": time.time() - 1})
    for token, grant in list(authorization.refresh.items()):
        if grant.user_id == user_id:
            del authorization.refresh[token]


async def test_who_is_not_signed_in_is_told_to_do_that_first(staff: Staff) -> None:
    assert await staff.said("/logout", BORIS)
    assert (await staff.said("/notify on", BORIS)).startswith("You have not signed in to Bitrix24 here yet.")
    assert await staff.bot.sources.chats.subscribers() == []


async def test_where_the_portal_does_not_answer_news_are_switched_on_all_the_same(staff: Staff) -> None:
    staff.watched.oauth_env.sandbox.add_fault("*", "http_500_html", times=20)
    assert (await staff.said("/notify on", BORIS)).startswith("Booking notifications arrive here")


@pytest.mark.parametrize("how", ["signed out", "ended by the portal"])
async def test_the_only_one_who_asks_and_signed_out_is_told_so_without_any_news(staff: Staff, how: str) -> None:
    await staff.said("/notify on", BORIS)
    await staff.told()
    if how == "signed out":
        assert await staff.said("/logout", BORIS)
    else:
        ended(staff, 2)
    with pytest.raises((Trouble, NoCredentials)):
        await staff.told()
    staff.watched.clock.now += LOOKED_OVER
    assert (await told_by(staff)).keys() == {BORIS}
    assert await staff.bot.sources.chats.subscribers() == []
    staff.watched.clock.now += LOOKED_OVER
    assert await told_by(staff) == {}


async def told_by(staff: Staff) -> dict[int, str]:
    await staff.bot.notifier.poll()
    await staff.bot.notifier.wait_until_sent()
    return {message.chat_id: message.text for message in await staff.api.answer(len(staff.api.unheard))}
