"""News told by a bot that is a route beside the server: subscribed over its webhook, told from the shared store."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from pydantic import SecretStr

from linkdesk.events.diff import BookingChange, SnapshotDiff
from linkdesk.events.model import BookingState, EventKind
from linkdesk.storage.database import Database
from linkdesk.storage.events import StoredEvents
from linkdesk.storage.url import DatabaseAddress
from tests.support.fake_bot_api.webhook import delivering
from tests.support.webhook_bot import run_webhook_bot


async def test_a_chat_that_subscribed_over_the_webhook_is_told_of_what_another_process_noticed(tmp_path: Path) -> None:
    database = f"sqlite:///{tmp_path}/linkdesk.sqlite3"
    async with run_webhook_bot(database=SecretStr(database)) as served, delivering(served.api, served.transport):
        served.api.user_says("/notify on")
        (answer,) = await served.api.answer()
        async with await Database.open(DatabaseAddress.parse(database)) as store:
            news = StoredEvents(store, "sandbox", worker="elsewhere:1:0")
            now = datetime.now(UTC)
            starts = now + timedelta(days=1)
            seen = BookingState(14, "Haircut", starts, starts + timedelta(hours=1), (1,), (), ())
            while not await news.acquire_lease(now):
                # The bot's own watch looks for a moment; nothing is noticed before its lease is over.
                now += timedelta(minutes=2)
            assert await news.save(
                SnapshotDiff((BookingChange(EventKind.CREATED, None, seen),)), now=now, looked=None, done=()
            )
        (told,) = await served.api.answer(timeout=10)
    assert answer.text.startswith("Booking notifications arrive here")
    assert told.text.startswith("New booking 14: ")
    assert "Haircut, Анна, мастер по волосам" in told.text
    assert told.buttons == ["Link to deal…"]
