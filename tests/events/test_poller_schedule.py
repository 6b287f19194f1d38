"""The watch as it runs: when it looks, what it survives, and that it opens nothing without need."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from linkdesk.bootstrap.desk import open_desk
from linkdesk.bootstrap.events import open_event_service
from linkdesk.config.settings import Settings, load_settings
from linkdesk.errors.base import NotConfigured, Trouble
from linkdesk.errors.codes import events as event_errors
from linkdesk.errors.codes import events as news_errors
from linkdesk.events.poller import IDLE_PAUSE_S, Poller
from linkdesk.events.store import EventStore, MemoryEventStore
from linkdesk.events.webhooks import viewer_for
from linkdesk.execution.clients import SharedPortalClient
from linkdesk.portal.address import WebhookAddress
from linkdesk.portal.client import Portal
from linkdesk.sandbox.app import Sandbox
from linkdesk.storage.lazy import Lazy
from tests.support import virtual_time
from tests.support.virtual_time import clock as virtual_clock
from tool_specs.declaration.localized import Localized
from tool_specs.methods.booking import AddBooking

ANNA = "telegram:1001"
LATER = {"resource_ids": [1], "date_from": "2099-11-21 12:00", "date_to": "2099-11-21 13:00"}


class Running:
    """A watch that runs beside a portal, in virtual time."""

    def __init__(self, every: int = 60, news: EventStore | None = None) -> None:
        self.sandbox = Sandbox(clock=virtual_clock, rate=None)
        address = WebhookAddress.parse(f"http://127.0.0.1{self.sandbox.webhook_path}")
        self.portal = Portal(address, transport=self.sandbox.transport(), clock=virtual_time.steady)
        self.news = news or MemoryEventStore()
        self.wanted: list[str] = [ANNA]
        self.watch = Poller(self.news, SharedPortalClient(self.portal), timedelta(seconds=every), now=virtual_clock)

    async def who(self) -> Sequence[str]:
        return self.wanted

    def looks(self) -> int:
        return sum(call.method == "booking.v1.booking.list" for call in self.sandbox.calls)

    def rename(self, name: str) -> None:
        """Change a booking of this evening, as somebody does in the portal."""
        number = max(self.sandbox.store.bookings, key=self.ends)
        self.sandbox.store.bookings[number].name = name

    def ends(self, number: int) -> int:
        return self.sandbox.store.bookings[number].date_period.end.timestamp

    async def names(self) -> list[str | None]:
        return [one.after.name for one in await self.news.after(0, 100) if one.after]


def running(scene: Callable[[Running], Any], **more: Any) -> None:  # noqa: ANN401 - a coroutine, and options
    async def play() -> None:
        around = Running(**more)
        task = asyncio.create_task(around.watch.run(around.who))
        try:
            await scene(around)
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
            await around.portal.aclose()

    virtual_time.run(play())


def test_it_looks_once_a_minute() -> None:
    async def scene(around: Running) -> None:
        await asyncio.sleep(599)
        assert around.looks() == 10

    running(scene)


def test_it_looks_as_often_as_was_set() -> None:
    async def scene(around: Running) -> None:
        await asyncio.sleep(3599)
        assert around.looks() == 4

    running(scene, every=900)


def test_who_begins_to_want_it_is_looked_for_within_moments() -> None:
    async def scene(around: Running) -> None:
        around.wanted = []
        await asyncio.sleep(600)
        assert around.looks() == 0
        around.wanted = [ANNA]
        await asyncio.sleep(IDLE_PAUSE_S)
        assert around.looks() == 1
        around.rename("Just after")
        await asyncio.sleep(60)
        assert await around.names() == ["Just after"]

    running(scene)


def test_a_portal_that_is_down_is_asked_again_and_nothing_is_lost_meanwhile() -> None:
    async def scene(around: Running) -> None:
        await asyncio.sleep(1)
        around.rename("Before")
        around.sandbox.add_fault("*", "http_500_html", times=200)
        await asyncio.sleep(600)
        assert await around.names() == []
        around.sandbox.clear_faults()
        await asyncio.sleep(90)
        assert await around.names() == ["Before"]

    running(scene)


def test_a_store_that_is_down_is_tried_again() -> None:
    class Failing(MemoryEventStore):
        down = False

        async def acquire_lease(self, now: datetime, /) -> bool:
            if self.down:
                raise Trouble(news_errors.NEWS_NOT_KEPT, {"reason": "x"})
            return await super().acquire_lease(now)

    news = Failing()

    async def scene(around: Running) -> None:
        await asyncio.sleep(1)
        around.rename("New")
        news.down = True
        await asyncio.sleep(300)
        looks = around.looks()
        assert looks == 1
        news.down = False
        await asyncio.sleep(60)
        assert await around.names() == ["New"]

    running(scene, news=news)


def test_a_look_that_takes_long_keeps_the_lease() -> None:
    class Counting(MemoryEventStore):
        held = 0

        async def acquire_lease(self, now: datetime, /) -> bool:
            self.held += 1
            return await super().acquire_lease(now)

    news = Counting()

    async def scene(around: Running) -> None:
        around.sandbox.add_fault("booking.v1.booking.list", "slow", seconds=50)
        await asyncio.sleep(51)
        assert around.looks() == 1
        assert news.held >= 4

    running(scene, news=news)


async def test_in_the_sandbox_news_are_kept_in_memory() -> None:
    async def who() -> list[str]:
        return [ANNA]

    settings = Settings()
    async with (
        open_desk(settings, sandbox=True) as desk,
        open_event_service(settings, desk.portals, sandbox=True) as office,
    ):
        await office.watch.poll_if_due(who)
        assert isinstance(office.log, MemoryEventStore)
        assert await office.log.snapshot() is not None
        assert list(office.routes) == []


async def test_a_sandbox_of_another_process_is_another_portal(tmp_path: Path) -> None:
    async def who() -> list[str]:
        return [ANNA]

    settings = Settings(database=SecretStr(f"sqlite:///{tmp_path}/a.sqlite3"))
    for first in (True, False):
        async with (
            open_desk(settings, sandbox=True) as desk,
            open_event_service(settings, desk.portals, sandbox=True) as office,
        ):
            if first:
                portal = await desk.portals.client_for(viewer_for(ANNA))
                await portal(AddBooking.model_validate(LATER).in_zone("Europe/Moscow"))
            await office.watch.poll_if_due(who)
            assert await office.log.latest() == 0


async def test_who_never_wants_news_opens_no_store(tmp_path: Path) -> None:
    file = tmp_path / "folder" / "a.sqlite3"
    settings = Settings(
        portal=SecretStr("https://salon.bitrix24.ru/rest/1/plantedSecret/"),
        database=SecretStr(f"sqlite:///{file}"),
    )

    async def nobody() -> list[str]:
        return []

    async with open_desk(settings) as desk, open_event_service(settings, desk.portals) as office:
        await office.watch.poll_if_due(nobody)
    assert not file.parent.exists()


async def test_a_store_that_cannot_be_opened_is_said_in_words_and_tried_again() -> None:
    opened = MemoryEventStore()
    broken = [True]

    class Opening:
        async def __aenter__(self) -> MemoryEventStore:
            if broken[0]:
                raise NotConfigured(Localized(en="It is broken.", ru="Сломано."))
            return opened

        async def __aexit__(self, *_: object) -> None:
            return

    async with Lazy[EventStore](Opening, event_errors.NEWS_NOT_KEPT) as late:
        with pytest.raises(Trouble) as trouble:
            await late.latest()
        assert trouble.value.what.en.endswith("It is broken.")
        broken[0] = False
        assert await late.latest() == 0


@pytest.mark.parametrize("wrong", ["14", "3601", "often", "-1", "60.5"])
def test_how_often_is_a_number_of_seconds(monkeypatch: pytest.MonkeyPatch, wrong: str) -> None:
    monkeypatch.setenv("LINKDESK_NEWS_EVERY", wrong)
    with pytest.raises(NotConfigured) as refused:
        load_settings()
    assert "LINKDESK_NEWS_EVERY is wrong: it should be seconds" in refused.value.sentence.en
    assert "от 15 до 3600" in refused.value.sentence.ru
    monkeypatch.setenv("LINKDESK_NEWS_EVERY", "15")
    assert load_settings().news_every == 15
