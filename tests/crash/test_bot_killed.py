"""The bot as a real process that is killed while it works: every message is answered, and nothing is done twice."""

from __future__ import annotations

import os
import re
import signal
from collections import Counter
from functools import partial
from pathlib import Path

import httpx
import pytest

from linkdesk.accounts.staff import Chat
from linkdesk.sandbox.app import Sandbox
from linkdesk.storage.staff import open_stored_staff
from linkdesk.storage.url import DatabaseAddress
from tests.support.bot_process import start_bot, stop_bot
from tests.support.fake_bot_api.server import TOKEN, FakeBotApi
from tests.support.sandbox_server import sandbox_on_socket

pytestmark = pytest.mark.skipif(os.name != "posix", reason="SIGKILL is POSIX's")

GROUPS = [-1_001_000_000_000 - number for number in range(10)]
PEOPLE = [1001 + number for number in range(10)]
"""One member of staff writes in each group: together they may write as much as a test needs."""
START = 1_795_000_000


async def bookings_in(sandbox: Sandbox, count: int) -> list[int]:
    """Put bookings into the sandbox, a message's worth each, and give their ids."""
    ids: list[int] = []
    async with httpx.AsyncClient(transport=sandbox.transport(), base_url="http://127.0.0.1") as http:
        for number in range(count):
            ends = (START + 3600 * number, START + 3600 * number + 1800)
            since, until = ({"timestamp": end, "timezone": "Europe/Moscow"} for end in ends)
            fields = {"resourceIds": [1], "datePeriod": {"from": since, "to": until}}
            answer = await http.post(f"{sandbox.webhook_path}booking.v1.booking.add", json={"fields": fields})
            ids.append(int(answer.json()["result"]))
    sandbox.calls.clear()
    return ids


def texts_for(bookings: list[int]) -> list[str]:
    """Ask for something else about each booking: a link, a new waitlist entry, its links."""
    forms = ["/link@fake_bot booking {} deal 3", "/towaitlist@fake_bot booking {}", "/links@fake_bot booking {}"]
    return [forms[place % 3].format(booking) for place, booking in enumerate(bookings)]


# The two hundred take longer than the suite may: `pytest tests/crash/test_bot_killed.py` with LINKDESK_KILLED=200.
MESSAGES = int(os.environ.get("LINKDESK_KILLED", "30"))
KILLED_AT = (0.2, 0.4, 0.6) if MESSAGES > 100 else (0.4,)
"""After which share of the answers."""


async def test_killed_again_and_again_it_answers_every_message_and_writes_nothing_twice(tmp_path: Path) -> None:
    api, sandbox = FakeBotApi(), Sandbox(rate=None, operating_budget=None)
    bookings = await bookings_in(sandbox, MESSAGES)
    texts = texts_for(bookings)
    database = f"sqlite:///{tmp_path}/a.sqlite3"
    async with open_stored_staff(DatabaseAddress.parse(database)) as people:
        for group in GROUPS:
            await people.allow_chat(Chat(id=group, allowed_by="telegram:1001"))
    with sandbox_on_socket(sandbox) as portal:
        async with api.listening() as address:
            environment = {
                "telegram_token": TOKEN,
                "telegram_api": address,
                "staff": ",".join(f"{person}:editor" for person in PEOPLE),
                "confirm": "never",
                "portal": portal,
                "rate": "5000/50000",
                "database": database,
            }
            groups = [GROUPS[place % len(GROUPS)] for place in range(MESSAGES)]
            asked = [
                (group, api.user_says(text, user_id=PEOPLE[GROUPS.index(group)], chat_id=group))
                for text, group in zip(texts, groups, strict=True)
            ]
            for share in KILLED_AT:
                async with start_bot(**environment) as bot:
                    await api.until(partial(has_answered, api, int(MESSAGES * share)), 30)
                    bot.send_signal(signal.SIGKILL)
                    assert await bot.wait() == -signal.SIGKILL
            async with start_bot(**environment) as bot:
                await api.until(lambda: set(asked) <= set(answered(api)), 30)
                code, said = await stop_bot(bot)
    assert code == 0, said
    applied = [call for call in sandbox.calls if call.applied]
    made = Counter(about(call.method, call.params) for call in applied)
    assert max(made.values()) == 1, made
    assert {method for method, _ in made} == {
        "booking.v1.booking.externalData.set",
        "booking.v1.waitlist.createfrombooking",
    }
    # A write that was in flight when the process died may be missing; then the person was told that this is not known.
    wanted = sum(not text.startswith("/links") for text in texts)
    unsure = sum("interrupted" in message.text for message in api.sent)
    assert wanted - unsure <= len(applied) <= wanted
    # An answer may come twice, when its arrival was not noted any more; never out of order.
    first = list(dict.fromkeys(answered(api)))
    assert [[one for one in first if one[0] == group] for group in GROUPS] == [
        [one for one in asked if one[0] == group] for group in GROUPS
    ]


def has_answered(api: FakeBotApi, enough: int) -> bool:
    return len(set(answered(api))) >= enough


def about(method: str, params: object) -> tuple[str, int]:
    found = re.search(r"'bookingId': '?([0-9]+)", str(params))
    assert found is not None, (method, params)
    return method, int(found[1])


def answered(api: FakeBotApi) -> list[tuple[int, int]]:
    """Give the messages that were answered, in the order of the answers."""
    return [(message.chat_id, message.reply_to or 0) for message in api.sent]
