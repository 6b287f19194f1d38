"""Delivery of updates to a webhook as Telegram does it: with the secret, one by one, repeated until 200."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

import httpx

from tests.support.fake_bot_api.server import FakeBotApi

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"


@dataclass
class Deliveries:
    """The deliveries so far: the update's id and the status answered (0: none)."""

    answers: list[tuple[int, int]] = field(default_factory=list)


@asynccontextmanager
async def delivering(
    api: FakeBotApi, transport: httpx.AsyncBaseTransport | None = None, *, at: str = "", twice: bool = False
) -> AsyncGenerator[Deliveries]:
    """Deliver pending updates to the bot's webhook while the context is open.

    Args:
        api: the fake whose updates are delivered.
        transport: a transport to the bot's app within this process.
        at: the internal URL behind the public one, as a reverse proxy knows it.
        twice: whether to deliver each update twice, as Telegram does if an answer is lost.
    """
    done = Deliveries()

    async def bring() -> None:
        async with httpx.AsyncClient(transport=transport, timeout=10) as http:
            while True:
                while not (api.pending and api.webhook["url"]):
                    await api.wait_for_change()
                update = api.pending[0]
                status = 0
                for _ in range(1 + twice):
                    with suppress(httpx.HTTPError):
                        headers = {SECRET_HEADER: api.webhook.get("secret_token", "")}
                        url = httpx.URL(api.webhook["url"])
                        there = httpx.URL(at, path=url.path) if at else url
                        status = (await http.post(there, json=update, headers=headers)).status_code
                    done.answers.append((int(update["update_id"]), status))
                if status == httpx.codes.OK:
                    api.pending.remove(update)
                else:
                    await asyncio.sleep(0.02)
                api.changed()

    bringing = asyncio.create_task(bring())
    try:
        yield done
    finally:
        bringing.cancel()
        with suppress(asyncio.CancelledError):
            await bringing
