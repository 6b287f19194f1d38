"""What an assistant wants done, asked in Telegram: a server and a bot, each with its own desk, over one database."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from mcp import Client
from pydantic import SecretStr
from telegram.request import HTTPXRequest

from bot.app.app import OpenedBot, Transports, connect, opened_bot
from bot.app.wiring import StaffAccess
from bot.conversation.service import Conversation
from bot.telegram.polling import Polling
from bot.telegram.request import TolerantRequest
from linkdesk.accounts.staff import Member, StaffStore
from linkdesk.auth.policy import Role
from linkdesk.bootstrap.stores import open_staff
from linkdesk.config.settings import Settings
from linkdesk.desk import Desk
from linkdesk.plans.model import REMOTE_LIFETIME, Plans
from linkdesk.portal.address import WebhookAddress
from linkdesk.portal.client import Portal
from linkdesk.runtime.inbox import MemoryInbox
from linkdesk.runtime.processes import WORKER
from linkdesk.storage.plans import open_stored_plans
from linkdesk.storage.url import DatabaseAddress
from tests.support.databases import KINDS, fresh_database
from tests.support.fake_bot_api.account import BotMessage
from tests.support.fake_bot_api.server import TOKEN, USER, FakeBotApi
from tests.support.mcp_client import error, success
from tests.support.sandbox_env import CALENDAR, NOW, SandboxEnv, open_sandbox_env, virtual_clock
from tests.support.servers import address_of, app_of, client_with, free_socket, serving

ORIGIN = "https://salon.bitrix24.ru"
KATE, ANOTHER = 1002, 1003
KATES, IVANS, SETS = "kates-token-0123456789", "ivans-token-0123456789", "the-staffs-token-012345"
ALL_OF_14 = ("unset_booking_links", {"booking_id": 14, "all": True})


@dataclass
class Clock:
    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now


@dataclass
class ApprovalsEnv:
    """One installation: a server on a socket, and as many bots as are begun."""

    address: str
    settings: Settings
    sandbox_env: SandboxEnv
    people: StaffStore
    plans: Plans
    url: str
    clock: Clock
    stack: AsyncExitStack
    api: FakeBotApi = field(default_factory=FakeBotApi)

    async def bot(self, *, polls: bool = True) -> OpenedBot:
        """Begin a bot as a process of its own would: its own store, desk and inbox."""
        enter = self.stack.enter_async_context
        plans = await enter(open_stored_plans(DatabaseAddress.parse(self.address), ORIGIN))
        people = await enter(open_staff(self.settings, sandbox=True))
        sandbox = self.sandbox_env.sandbox
        webhook = WebhookAddress.parse(f"http://127.0.0.1{sandbox.webhook_path}")
        portal = await enter(Portal(webhook, transport=sandbox.transport(), **virtual_clock()))
        desk = Desk(portal, zone="Europe/Moscow", now=self.clock, plans=plans)
        through: dict[str, Any] = {"httpx_kwargs": {"transport": self.api.transport}}
        wires, stopped = Transports(HTTPXRequest(**through), TolerantRequest(**through)), asyncio.Event()
        opening = opened_bot(self.settings, Conversation(desk), wires, MemoryInbox(), staff_access=StaffAccess(people))
        bot = await enter(opening)
        await connect(bot.app, stopped)
        await enter(bot.working())
        if not polls:
            return bot
        polling = asyncio.create_task(Polling(bot.app.bot, wires.asking, bot.keep, stopped).run())

        async def stop() -> None:
            stopped.set()
            await polling

        self.stack.push_async_callback(stop)
        # A bot may write only to those who wrote to it.
        self.api.user_says("/start", user_id=KATE)
        await self.api.answer()
        return bot

    async def card(self, bot: OpenedBot) -> BotMessage:
        await bot.assistant_approvals.poll()
        (card,) = await self.api.answer()
        return card

    async def pressed(self, card: BotMessage, button: str) -> BotMessage:
        self.api.press(KATE, card.message_id, button)
        (result,) = await self.api.answer()
        return result

    @asynccontextmanager
    async def assistant(self, token: str = KATES) -> AsyncGenerator[Client]:
        async with client_with(token, self.url) as client:
            yield client


async def heard(env: ApprovalsEnv, press: str) -> None:
    await env.api.until(lambda: press in env.api.callback_answers)


@pytest.fixture(params=KINDS)
def address(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    with fresh_database(request.param, tmp_path) as given:
        yield given


@pytest.fixture
async def env(address: str) -> AsyncGenerator[ApprovalsEnv]:
    settings = Settings.model_validate(
        {
            "database": SecretStr(address),
            "telegram_token": SecretStr(TOKEN),
            "telegram_api": "http://127.0.0.1:1",
            "staff": {USER: Role.ADMIN},
            "http_tokens": f"telegram:{KATE}:editor:{KATES},ivan:editor:{IVANS},telegram:{USER}:editor:{SETS}",
        },
    )
    clock, taken = Clock(), free_socket()
    url = address_of(taken)
    async with AsyncExitStack() as stack:
        enter = stack.enter_async_context
        plans = await enter(open_stored_plans(DatabaseAddress.parse(address), ORIGIN))
        sandbox_env = await enter(open_sandbox_env(rate=None, plans=plans, now=clock))
        people = await enter(open_staff(settings, sandbox=True))
        for number, name in ((KATE, "Kate"), (ANOTHER, "Ivan")):
            await people.save_member(
                Member(telegram=number, who=f"telegram:{number}", name=name, role=Role.EDITOR, since=NOW),
            )
        app = await enter(app_of(sandbox_env.desk, settings, url))
        await enter(serving(app, taken))
        yield ApprovalsEnv(address, settings, sandbox_env, people, plans, url, clock, stack)


async def test_what_is_approved_is_done_and_the_assistant_hears_of_it(env: ApprovalsEnv) -> None:
    bot = await env.bot()
    async with env.assistant() as client:
        waiting = success(await client.call_tool(*ALL_OF_14))
        plan = {"plan_id": waiting["plan_id"]}
        card = await env.card(bot)
        early = error(await client.call_tool("apply_plan", plan))
        assert await env.sandbox_env.deals(14) == [7]
        result = await env.pressed(card, "Approve")
        shown = success(await client.call_tool("get_plan", plan))
        applied = success(await client.call_tool("apply_plan", plan))
    assert (waiting["waits_for"], waiting["changed"]) == ("Kate, in Telegram", False)
    assert early["code"] == "not_approved"
    assert card.chat_id == KATE
    assert card.text.startswith("mcp wants to do this on your behalf:\nBooking 14 (Fri 20 Nov, 15:00")
    assert "Removed: deal 7 “" in card.text
    assert "Nothing is kept." in card.text
    assert card.text.endswith("Nothing has been changed yet. You can approve or reject it until 13:00.")
    assert card.buttons == ["Approve", "Reject"]
    assert (result.message_id, result.buttons) == (card.message_id, ["Undo"])
    assert await env.sandbox_env.links(14) == [CALENDAR]
    assert (shown["state"], applied["state"]) == ("done", "done")
    assert len(await env.sandbox_env.written()) == 1


async def test_what_is_rejected_is_not_done(env: ApprovalsEnv) -> None:
    bot = await env.bot()
    async with env.assistant() as client:
        plan = {"plan_id": success(await client.call_tool(*ALL_OF_14))["plan_id"]}
        result = await env.pressed(await env.card(bot), "Reject")
        shown = success(await client.call_tool("get_plan", plan))
        refused = error(await client.call_tool("apply_plan", plan))
    assert result.text == "Cancelled. Nothing was changed."
    assert (shown["state"], refused["code"]) == ("rejected", "plan_settled")
    assert await env.sandbox_env.written() == []


async def test_nobody_else_can_press_or_type_it(env: ApprovalsEnv) -> None:
    bot = await env.bot()
    async with env.assistant() as client:
        plan = success(await client.call_tool(*ALL_OF_14))["plan_id"]
    card = await env.card(bot)
    for user in (ANOTHER, USER):
        press = env.api.press_data(user, card.message_id, f"y:{plan}", KATE)
        await heard(env, press)
        assert env.api.callback_answers[press]["text"].startswith("Only the person who was asked can answer this.")
        env.api.user_says(f"/apply {plan}", user_id=user)
        (answer,) = await env.api.answer()
        assert "Only the person who was asked" in answer.text
    assert await env.sandbox_env.written() == []


async def test_a_card_whose_time_is_over_says_so_and_loses_its_buttons(env: ApprovalsEnv) -> None:
    bot = await env.bot()
    async with env.assistant() as client:
        plan = {"plan_id": success(await client.call_tool(*ALL_OF_14))["plan_id"]}
        card = await env.card(bot)
        env.clock.now += REMOTE_LIFETIME
        result = await env.pressed(card, "Approve")
        shown = success(await client.call_tool("get_plan", plan))
    assert result.text.startswith("The question has expired.")
    assert (result.message_id, result.buttons) == (card.message_id, [])
    assert shown["state"] == "expired"
    assert await env.sandbox_env.written() == []


@asynccontextmanager
async def without_the_token(env: ApprovalsEnv) -> AsyncGenerator[Client]:
    """A client of a server that does not know the bot's token."""
    without = env.settings.model_copy(update={"telegram_token": None})
    taken = free_socket()
    async with (
        app_of(env.sandbox_env.desk, without, address_of(taken)) as app,
        serving(app, taken) as url,
        client_with(KATES, url) as client,
    ):
        yield client


async def test_a_server_that_does_not_know_the_bots_token_asks_through_the_database(env: ApprovalsEnv) -> None:
    bot = await env.bot()
    await bot.greet(env.settings)
    async with without_the_token(env) as client:
        waiting = success(await client.call_tool(*ALL_OF_14))
        card = await env.card(bot)
        await env.pressed(card, "Approve")
        shown = success(await client.call_tool("get_plan", {"plan_id": waiting["plan_id"]}))
    assert waiting["waits_for"] == "Kate, in Telegram"
    assert shown["state"] == "done"


async def test_who_has_no_account_in_telegram_is_refused_and_so_is_everybody_without_a_bot(env: ApprovalsEnv) -> None:
    async with without_the_token(env) as client:
        refused_too = error(await client.call_tool(*ALL_OF_14))
    bot = await env.bot()
    async with env.assistant(IVANS) as client:
        refused = error(await client.call_tool(*ALL_OF_14))
    assert [refused["code"], refused_too["code"]] == ["needs_a_person", "needs_a_person"]
    await bot.assistant_approvals.poll()
    assert env.api.unheard == []


async def test_the_staff_of_the_settings_are_asked_too(env: ApprovalsEnv) -> None:
    bot = await env.bot()
    env.api.user_says("/lang ru")
    await env.api.answer()
    async with env.assistant(SETS) as client:
        waiting = success(await client.call_tool(*ALL_OF_14))
    card = await env.card(bot)
    assert waiting["waits_for"] == f"telegram:{USER}, in Telegram"
    assert card.text.startswith("mcp просит сделать это от вашего имени:\nБронирование 14 ")
    assert card.buttons == ["Одобрить", "Отклонить"]
    env.api.press(USER, card.message_id, "Одобрить")
    (result,) = await env.api.answer()
    assert result.message_id == card.message_id
    assert "сделка 7" in result.text


async def test_two_bots_that_look_at_once_send_one_card(env: ApprovalsEnv) -> None:
    bot, other = await env.bot(), await env.bot(polls=False)
    async with env.assistant() as client:
        first = success(await client.call_tool(*ALL_OF_14))["plan_id"]
        second = success(await client.call_tool("unset_booking_links", {"booking_id": 15, "all": True}))["plan_id"]
    await asyncio.gather(*(one.assistant_approvals.poll() for one in (bot, other, bot, other)))
    cards = await env.api.answer(2)
    await asyncio.gather(bot.assistant_approvals.poll(), other.assistant_approvals.poll())
    assert {card.keys[0]["callback_data"] for card in cards} == {f"y:{first}", f"y:{second}"}
    assert env.api.unheard == []


@pytest.mark.parametrize("left", ["given up", "killed"])
async def test_a_card_that_another_process_did_not_get_to_send_is_sent_by_the_next(
    env: ApprovalsEnv, left: str
) -> None:
    async with env.assistant() as client:
        await client.call_tool(*ALL_OF_14)
    approvals, plans = env.sandbox_env.desk.approvals, env.plans
    (plan,) = await approvals.without_question()
    taken = await approvals.claim_question(plan, "en")
    assert taken is not None
    bot = await env.bot()
    await bot.assistant_approvals.poll()
    assert env.api.unheard == []
    if left == "killed":
        dead = f"{WORKER.partition(':')[0]}:{2**22 + 1}:0"
        assert await plans.claim_question(taken, worker=dead, message=taken.message, language="en")
    else:
        await approvals.release_question(taken)
    assert (await env.card(bot)).buttons == ["Approve", "Reject"]


async def test_who_cannot_be_written_to_is_not_waited_for(env: ApprovalsEnv) -> None:
    bot = await env.bot()
    env.api.block(KATE)
    async with env.assistant() as client:
        plan = {"plan_id": success(await client.call_tool(*ALL_OF_14))["plan_id"]}
        await bot.assistant_approvals.poll()
        await env.api.until(lambda: len(env.api.called("sendMessage")) > 1)
        states = [success(await client.call_tool("get_plan", plan))["state"] for _ in range(5)]
    assert states[-1] == "cancelled"
    assert await env.sandbox_env.written() == []


async def test_who_may_no_longer_use_the_bot_is_not_asked(env: ApprovalsEnv) -> None:
    bot = await env.bot()
    async with env.assistant() as client:
        plan = {"plan_id": success(await client.call_tool(*ALL_OF_14))["plan_id"]}
        await env.people.remove_member(KATE)
        await bot.assistant_approvals.poll()
        shown = success(await client.call_tool("get_plan", plan))
    assert shown["state"] == "cancelled"
    assert env.api.unheard == []
