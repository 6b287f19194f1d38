from collections.abc import AsyncIterator

import pytest
from telegram import Bot

from tests.support.fake_bot import start_bot
from tests.support.fake_bot_api.server import FakeBotApi


@pytest.fixture
def api() -> FakeBotApi:
    return FakeBotApi()


@pytest.fixture
async def bot(api: FakeBotApi) -> AsyncIterator[Bot]:
    async with start_bot(api) as started:
        yield started
