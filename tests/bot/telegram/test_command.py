import asyncio
import socket

import httpx
import pytest
from click.testing import CliRunner

from bot.cli import bot as bot_command
from tests.support.bot_process import STAFF, start_bot, stop_bot, wait_for_end
from tests.support.fake_bot_api.server import TOKEN, USER, FakeBotApi
from tests.support.fake_bot_api.webhook import delivering

SECRET = "plantedwebhooksecret12345"


async def test_the_bot_answers_and_stops_when_told_without_a_secret_in_its_logs() -> None:
    api = FakeBotApi()
    async with (
        api.listening() as address,
        start_bot("--sandbox", telegram_token=TOKEN, telegram_api=address, staff=STAFF, log="debug") as bot,
    ):
        api.user_says("/link booking 14 deal 1")
        assert (await api.answer(timeout=20))[0].text.startswith("Linked: booking 14")
        api.user_says("/unlink booking 14 all")
        (card,) = await api.answer()
        api.press(USER, card.message_id, "Do it")
        assert (await api.answer())[0].text.startswith("Unlinked")
        code, said = await stop_bot(bot)
    assert code == 0
    assert "telegram.started" in said
    assert "Traceback" not in said
    assert TOKEN.partition(":")[2] not in said


async def test_what_was_begun_is_carried_out_before_the_bot_stops() -> None:
    api = FakeBotApi()
    async with (
        api.listening() as address,
        start_bot("--sandbox", telegram_token=TOKEN, telegram_api=address, staff=STAFF) as bot,
    ):
        await api.until(lambda: api.called("getUpdates"), 20)
        for number in range(5):
            api.user_says(f"/links {14 + number}")
        await api.until(lambda: len(api.called("getUpdates")) > 1)
        code, _ = await stop_bot(bot)
    assert code == 0
    assert len(api.sent) == 5


async def test_neither_secret_is_written_when_everything_fails() -> None:
    api = FakeBotApi()
    settings = {"telegram_token": TOKEN, "staff": STAFF, "log": "debug"}
    async with api.listening() as address:
        portal = f"http://127.0.0.1:9/rest/1/{SECRET}/"
        async with start_bot(telegram_api=address, portal=portal, **settings) as bot:
            api.fail_next("sendMessage", 500, "Internal Server Error")
            api.user_says("/links 14")
            api.user_says("/link 14 1")
            answers = await api.answer(timeout=20)
            code, said = await stop_bot(bot)
    assert code == 0
    assert answers[0].text.startswith("Bitrix24 could not be reached.")
    assert TOKEN.partition(":")[2] not in said + answers[0].text
    assert SECRET not in said + answers[0].text


async def test_a_refused_token_is_one_sentence_and_exit_2() -> None:
    api = FakeBotApi(token="123456789:another-token-for-tests-000000")
    async with (
        api.listening() as address,
        start_bot("--sandbox", telegram_token=TOKEN, telegram_api=address, staff=STAFF, log="debug,json") as bot,
    ):
        code, said = await wait_for_end(bot)
    assert code == 2
    assert said.startswith("Telegram does not accept the bot's token: check LINKDESK_TELEGRAM_TOKEN")
    assert said.count("\n") == 1
    assert TOKEN.partition(":")[2] not in said


@pytest.mark.parametrize(
    ("options", "settings", "named"),
    [
        (["--sandbox"], {}, "LINKDESK_TELEGRAM_TOKEN"),
        ([], {"telegram_token": TOKEN}, "LINKDESK_PORTAL"),
    ],
)
async def test_a_missing_setting_is_one_sentence_and_exit_2(
    options: list[str], settings: dict[str, str], named: str
) -> None:
    async with start_bot(*options, **settings) as bot:
        code, said = await wait_for_end(bot)
    assert code == 2
    assert named in said
    assert said.count("\n") == 1


async def test_a_telegram_that_cannot_be_reached_is_waited_for_until_told_to_stop() -> None:
    async with start_bot("--sandbox", telegram_token=TOKEN, telegram_api="http://127.0.0.1:9", staff=STAFF) as bot:
        assert bot.stderr is not None
        async with asyncio.timeout(20):
            line = await bot.stderr.readline()
        assert b"Telegram cannot be reached" in line
        code, said = await stop_bot(bot)
    assert code == 0
    assert "Traceback" not in said


async def test_with_a_public_address_telegram_brings_the_updates_and_the_bot_says_that_it_is_well() -> None:
    api = FakeBotApi()
    with socket.create_server(("127.0.0.1", 0)) as free:
        here = f"127.0.0.1:{free.getsockname()[1]}"
    settings = {"telegram_token": TOKEN, "staff": STAFF, "log": "debug", "public_url": "https://linkdesk.example.com"}
    async with (
        api.listening() as address,
        start_bot("--sandbox", "--http", here, telegram_api=address, **settings) as bot,
        httpx.AsyncClient(base_url=f"http://{here}") as http,
    ):
        await api.until(lambda: api.webhook["url"], 20)
        assert (await http.get("/health")).json() == {"status": "ok"}
        assert (await http.post(httpx.URL(api.webhook["url"]).path, json={})).status_code == 403
        async with delivering(api, at=f"http://{here}"):
            api.user_says("/link booking 14 deal 1")
            assert (await api.answer(timeout=20))[0].text.startswith("Linked: booking 14")
        code, said = await stop_bot(bot)
    assert code == 0
    assert "Traceback" not in said
    assert TOKEN.partition(":")[2] not in said
    assert api.webhook["secret_token"] not in said
    assert not api.called("getUpdates")


@pytest.mark.parametrize("here", ["8081", "127.0.0.1:99999", "127.0.0.1:x", ":1"])
def test_an_address_to_listen_on_that_is_none_is_one_sentence(here: str) -> None:
    refused = CliRunner().invoke(bot_command, ["--sandbox", "--http", here])
    assert refused.exit_code == 2
    assert "HOST:PORT is wanted" in refused.output


async def test_an_address_that_is_taken_is_one_sentence_and_exit_2() -> None:
    api = FakeBotApi()
    settings = {"telegram_token": TOKEN, "staff": STAFF, "public_url": "https://linkdesk.example.com"}
    with socket.create_server(("127.0.0.1", 0)) as taken:
        here = f"127.0.0.1:{taken.getsockname()[1]}"
        async with (
            api.listening() as address,
            start_bot("--sandbox", "--http", here, telegram_api=address, **settings) as bot,
        ):
            code, said = await wait_for_end(bot)
    assert code == 2
    assert f"cannot listen on {here}" in said
