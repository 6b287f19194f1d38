"""Updates that Telegram brings to our own address, in one process with other routes."""

import asyncio
import json
import re
import sqlite3
from collections.abc import AsyncIterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import pytest
from pydantic import SecretStr
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from structlog.testing import capture_logs
from telegram import Update

from bot.app.app import application
from bot.http_routes import routes
from bot.telegram.webhook import LARGEST_UPDATE, Webhook
from bot.telegram.webhook import serve_webhook as served_alone
from linkdesk.bootstrap.desk import open_desk
from linkdesk.bootstrap.routes import RouteContext
from linkdesk.runtime.inbox import MemoryInbox
from tests.support.fake_bot_api.server import USER, FakeBotApi
from tests.support.fake_bot_api.webhook import delivering
from tests.support.servers import free_socket
from tests.support.telegram_env import Clock, Sleeper, bot_settings, run_bot, telegram_transports
from tests.support.webhook_bot import PUBLIC_URL, ServedBot, run_webhook_bot


@pytest.fixture
async def serve_webhook() -> AsyncIterator[ServedBot]:
    async with run_webhook_bot() as here:
        yield here


def an_update(number: int, text: str = "/links 14") -> bytes:
    person = {"id": USER, "is_bot": False, "first_name": "X"}
    chat = {"id": USER, "type": "private", "first_name": "X"}
    message = {"message_id": number, "date": 1, "chat": chat, "from": person, "text": text}
    return json.dumps({"update_id": number, "message": message}).encode()


async def test_a_command_a_card_and_its_button_work_without_polling(serve_webhook: ServedBot) -> None:
    async with delivering(serve_webhook.api, serve_webhook.transport):
        serve_webhook.api.user_says("/unlink booking 14 all")
        (card,) = await serve_webhook.api.answer()
        serve_webhook.api.press(USER, card.message_id, "Do it")
        (done,) = await serve_webhook.api.answer()
    assert done.text.startswith("Unlinked: booking 14")
    assert done.message_id == card.message_id
    assert not serve_webhook.api.called("getUpdates")
    assert serve_webhook.api.called("setWebhook")[0]["allowed_updates"] == {"message", "callback_query"}
    assert serve_webhook.url.startswith(f"{PUBLIC_URL}/telegram/")


async def test_what_telegram_brings_twice_is_answered_once(serve_webhook: ServedBot) -> None:
    async with delivering(serve_webhook.api, serve_webhook.transport, twice=True) as brought:
        for number in range(14, 18):
            serve_webhook.api.user_says(f"/links {number}")
        said = await serve_webhook.api.answer(4)
        await serve_webhook.api.until(lambda: not serve_webhook.api.pending)
    assert len(brought.answers) == 8
    assert {status for _, status in brought.answers} == {200}
    assert [re.findall(r"ooking (\d+)", message.text)[0] for message in said] == ["14", "15", "16", "17"]
    assert serve_webhook.api.unheard == []


@pytest.mark.parametrize("secret", ["", "wrong", "x" * 64, "секрет".encode().decode("latin-1")])
async def test_without_the_secret_nobody_is_let_in(serve_webhook: ServedBot, secret: str) -> None:
    assert await serve_webhook.post(an_update(1), secret) == 403
    assert (await serve_webhook.http.post(serve_webhook.url, content=an_update(1))).status_code == 403
    assert await serve_webhook.post(an_update(2)) == 200
    (answer,) = await serve_webhook.api.answer()
    assert answer.reply_to is None
    assert serve_webhook.api.unheard == []


async def test_what_is_no_update_is_refused_and_what_cannot_be_read_is_skipped(serve_webhook: ServedBot) -> None:
    with capture_logs() as logged:
        assert await serve_webhook.post(b"no json") == 400
        assert await serve_webhook.post(b" " * (LARGEST_UPDATE + 1)) == 413
        assert await serve_webhook.post(b"[]") == 200
        assert await serve_webhook.post(b'{"update_id": 7, "message": {"message_id": 1}}') == 200
        assert await serve_webhook.post(an_update(8)) == 200
        assert (await serve_webhook.api.answer())[0].text.startswith("Deals of booking 14")
    assert {line["event"] for line in logged} >= {"telegram.update_skipped", "telegram.update_without_number"}


async def test_telegram_is_not_told_that_an_update_arrived_unless_it_is_kept(tmp_path: Path) -> None:
    database = SecretStr(f"sqlite:///{tmp_path}/a.sqlite3")
    async with run_webhook_bot(database=database) as serve_webhook:
        with closing(sqlite3.connect(tmp_path / "a.sqlite3", check_same_thread=False)) as connection, capture_logs():
            # In a thread: the bot itself may be writing, and could not end that while its loop waits.
            await asyncio.to_thread(connection.execute, "ALTER TABLE inbox RENAME TO gone")
            assert await serve_webhook.post(an_update(1)) == 503
            await asyncio.to_thread(connection.execute, "ALTER TABLE gone RENAME TO inbox")
        assert await serve_webhook.post(an_update(1)) == 200
        assert (await serve_webhook.api.answer())[0].text.startswith("Deals of booking 14")


async def test_what_else_is_to_be_served_stands_beside_the_webhook() -> None:
    async def beside(_request: Request) -> Response:
        return Response("beside")

    async def keep(_updates: Sequence[Update]) -> None:
        return

    api, given, stopped = FakeBotApi(), bot_settings(public_url=PUBLIC_URL), asyncio.Event()
    webhook = Webhook.of(given)
    assert webhook is not None
    with free_socket() as taken:
        at = ("127.0.0.1", taken.getsockname()[1])
    app = application(given, telegram_transports(api))
    await app.initialize()
    also = [Route("/beside", beside)]
    serving = asyncio.create_task(
        served_alone(webhook, app.bot, keep, MemoryInbox(), at=at, stopped=stopped, also=also)
    )
    try:
        await api.until(lambda: api.webhook["url"])
        async with httpx.AsyncClient(base_url="http://{}:{}".format(*at), trust_env=False) as http:
            assert (await http.get("/beside")).text == "beside"
            assert (await http.get("/health")).json() == {"status": "ok"}
    finally:
        stopped.set()
        await serving
        await app.shutdown()


async def test_telegram_is_asked_again_until_it_knows_the_address() -> None:
    waited: list[float] = []

    async def at_once(seconds: float) -> None:
        waited.append(seconds)

    api = FakeBotApi()
    api.fail_next("setWebhook", 500, "Internal Server Error", times=2)
    api.fail_next("setWebhook", 429, "Too Many Requests: retry after 7", retry_after=7)
    given = bot_settings(public_url=PUBLIC_URL)
    async with open_desk(given, sandbox=True) as desk:
        with capture_logs():
            async with routes(RouteContext(given, desk, PUBLIC_URL, sandbox=True), telegram_transports(api), at_once):
                await api.until(lambda: api.webhook["url"])
    assert waited == [1, 2, 7]


async def test_an_address_that_telegram_refuses_is_said_and_the_other_routes_stay() -> None:
    api = FakeBotApi()
    given = bot_settings(public_url="http://127.0.0.1:9")
    async with open_desk(given, sandbox=True) as desk:
        with capture_logs() as logged:
            async with routes(RouteContext(given, desk, PUBLIC_URL, sandbox=True), telegram_transports(api)) as found:
                await api.until(lambda: any(call.status == 400 for call in api.calls))
                assert len(found) == 1
                for _ in range(20):
                    await asyncio.sleep(0)
    assert "LINKDESK_PUBLIC_URL" in logged[-1]["event"]


@pytest.mark.parametrize("more", [{}, {"public_url": PUBLIC_URL, "telegram_token": None}])
async def test_without_a_bot_or_an_address_there_is_no_route(more: dict[str, Any]) -> None:
    given = bot_settings(**more)
    async with open_desk(given, sandbox=True) as desk, routes(RouteContext(given, desk, PUBLIC_URL)) as found:
        assert list(found) == []


def test_the_secret_is_the_same_in_every_replica_and_another_for_another_token_or_key() -> None:
    def of(**more: Any) -> Webhook:  # noqa: ANN401 - any setting
        found = Webhook.of(bot_settings(public_url=PUBLIC_URL, **more))
        assert found is not None
        return found

    assert of() == of()
    others = [of(telegram_token=SecretStr("99999:other")), of(secret_key=SecretStr(f"{'A' * 43}="))]
    assert len({one.secret for one in [of(), *others]}) == 3
    assert len({one.path for one in [of(), *others]}) == 3
    assert of().secret not in repr(of())
    assert of().secret not in of().url


async def test_polling_takes_the_webhook_away_and_keeps_what_waits() -> None:
    api = FakeBotApi()
    api.webhook = {"url": f"{PUBLIC_URL}/telegram/old"}
    api.user_says("/links 14")
    async with run_bot(api, Clock(), Sleeper()):
        assert (await api.answer())[0].text.startswith("Deals of booking 14")
    assert api.webhook["url"] == ""
