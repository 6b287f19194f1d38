"""The bot against a Bot API server that nobody here wrote, and that leaves out much; it needs Node."""

from __future__ import annotations

import asyncio
import os
import shutil
import time
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from tests.support.bot_process import STAFF, start_bot, stop_bot
from tests.support.fake_bot_api.server import TOKEN
from tests.support.paths import SUPPORT
from tests.support.requirements import require

MODULES = os.environ.get("LINKDESK_SDK_NODE_MODULES", "")
EMULATOR = SUPPORT / "emulator.mjs"
PERSON = {"id": 1001, "first_name": "Anna", "username": "anna", "is_bot": False}
CHAT = {"id": 1001, "title": "Anna", "first_name": "Anna", "username": "anna", "type": "private"}


@dataclass
class Emulator:
    http: httpx.AsyncClient

    async def says(self, text: str, *, is_command: bool = False) -> None:
        message: dict[str, Any] = {"botToken": TOKEN, "date": int(time.time()), "from": PERSON, "chat": CHAT}
        if is_command:
            message["entities"] = [{"offset": 0, "length": len(text.split(maxsplit=1)[0]), "type": "bot_command"}]
        await self.http.post("/sendCommand" if is_command else "/sendMessage", json={**message, "text": text})

    async def presses(self, message_id: int, data: str) -> None:
        message = {"message_id": message_id, "date": int(time.time()), "chat": CHAT, "text": "card"}
        await self.http.post(
            "/sendCallback", json={"botToken": TOKEN, "from": PERSON, "message": message, "data": data}
        )

    async def seen(self, start: str, *, with_buttons: bool = False) -> dict[str, Any]:
        """Wait for a message of the bot's that begins so, new or edited."""
        async with asyncio.timeout(20):
            while True:
                history = (await self.http.post("/getUpdatesHistory", json={"token": TOKEN})).json()["result"]
                for found in history:
                    message = found.get("message", {})
                    buttons = (message.get("reply_markup") or {}).get("inline_keyboard", [])
                    wanted = message.get("text", "").startswith(start) and (buttons or not with_buttons)
                    if wanted and "chat_id" in message:
                        return {**message, "number": found["messageId"]}
                await asyncio.sleep(0.05)


@asynccontextmanager
async def an_emulator() -> AsyncIterator[tuple[str, Emulator]]:
    node = shutil.which("node")
    present = node is not None and (Path(MODULES) / "telegram-test-api").is_dir()
    require("node", present, "no telegram-test-api: see .ci/run for how to install it")
    process = await asyncio.create_subprocess_exec(str(node), str(EMULATOR), MODULES, stdout=PIPE)
    assert process.stdout is not None
    try:
        async with asyncio.timeout(20):
            address = (await process.stdout.readline()).decode().strip()
        async with httpx.AsyncClient(base_url=address) as http:
            yield address, Emulator(http)
    finally:
        process.kill()
        await process.wait()


async def test_start_text_command_button_and_edit_work_against_an_emulator_of_others() -> None:
    async with (
        an_emulator() as (address, emulator),
        start_bot("--sandbox", telegram_token=TOKEN, telegram_api=address, staff=STAFF) as bot,
    ):
        await emulator.says("/start", is_command=True)
        await emulator.seen("Linkdesk links deals")
        await emulator.says("links booking 14")
        await emulator.seen("Deals of <b>booking 14")
        await emulator.says("/link booking 14 deal 1", is_command=True)
        await emulator.seen("Linked: <b>booking 14")
        await emulator.says("/unlink booking 14 all", is_command=True)
        card = await emulator.seen("<b>Booking 14", with_buttons=True)
        (yes, _no) = card["reply_markup"]["inline_keyboard"][0]
        await emulator.presses(card["number"], yes["callback_data"])
        done = await emulator.seen("Unlinked: <b>booking 14")
        assert done["number"] == card["number"]
        code, said = await stop_bot(bot)
    assert code == 0
    assert "Traceback" not in said
