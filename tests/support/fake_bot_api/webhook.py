"""How Telegram brings updates to a webhook: with the secret, one after another, again until it is told 200."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

import httpx

from tests.support.fake_bot_api.server import FakeBotApi

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"


@dataclass
class Deliveries:
    """What was brought so far: the number of the update, and what was answered (0: nothing)."""

    answers: list[tuple[int, int]] = field(default_factory=list)


@asynccontextmanager
async def delivering(
    api: FakeBotApi, transport: httpx.AsyncBaseTransport | None = None, *, at: str = "", twice: bool = False
) -> AsyncGenerator[Deliveries]:
    """Bring the updates that wait to the webhook that the bot has set, as long as the block lasts.

    Args:
        api: whose updates.
        transport: leads to the bot's app without a socket.
        at: the address behind the one from outside, as a reverse proxy knows it.
        twice: whether each is brought a second time, as Telegram does when an answer gets lost.
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
