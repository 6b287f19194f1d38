"""`linkdesk doctor` on news of bookings: by events or by looking, and what keeps events away."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from linkdesk.config.settings import Settings
from linkdesk.doctor.events import check_event_delivery, check_notifications
from linkdesk.doctor.findings import CheckState
from linkdesk.events.store import EventBinding, PollerStatus
from linkdesk.storage.cipher import new_key
from tests.support.events_env import open_events_env
from tool_specs.declaration.localized import LANGUAGES

TOKEN = "123456:AAH-planted_token_0123456789abc"
WEBHOOK = "https://example.bitrix24.com/rest/1/plantedSecret1/"
BOUND = EventBinding(secret_hash="a", who="telegram:1001", member_id="m", token_hash="b")


def settings(**more: Any) -> Settings:  # noqa: ANN401 - settings
    return Settings(**{"telegram_token": TOKEN, "portal": WEBHOOK, **more})


def signed_in_to(tmp_path: Path, **more: Any) -> Settings:  # noqa: ANN401 - settings
    return settings(
        portal="https://example.bitrix24.com",
        client_id="local.1",
        client_secret="planted-secret",
        secret_key=new_key(),
        database=f"sqlite:///{tmp_path}/a.sqlite3",
        **more,
    )


async def test_without_a_bot_nothing_is_said_and_without_a_portal_neither() -> None:
    assert await check_notifications(Settings(portal=WEBHOOK)) is None  # type: ignore[arg-type]
    assert await check_notifications(Settings(telegram_token=TOKEN)) is None  # type: ignore[arg-type]


async def test_with_a_webhook_the_bookings_are_looked_at() -> None:
    finding = await check_notifications(settings(news_every=90))
    assert finding is not None
    assert finding.state is CheckState.FINE
    assert "every 90 seconds" in finding.render("en")
    assert "каждые 90 с" in finding.render("ru")


async def test_without_a_public_address_it_is_said_what_to_set(tmp_path: Path) -> None:
    finding = await check_notifications(signed_in_to(tmp_path))
    assert finding is not None
    assert finding.state is CheckState.NOTICE
    assert "LINKDESK_PUBLIC_URL" in finding.render("en")


async def test_with_a_public_address_it_is_said_what_is_bound(tmp_path: Path) -> None:
    finding = await check_notifications(signed_in_to(tmp_path, public_url="https://linkdesk.example.com"))
    assert finding is not None
    assert (finding.state, "no chat is subscribed" in finding.render("en")) == (CheckState.FINE, True)
    async with open_events_env(tmp_path, telegram_token=TOKEN) as watched:
        await watched.turn()
        bound = await check_notifications(watched.oauth_env.settings)
        assert bound is not None
        assert (bound.state, "none has arrived yet" in bound.render("en")) == (CheckState.NOTICE, True)
        await watched.add()
        await watched.hinted()
        came = await check_notifications(watched.oauth_env.settings)
        assert came is not None
        assert (came.state, "subscribed by telegram:1001" in came.render("en")) == (CheckState.FINE, True)


@pytest.mark.parametrize(
    ("code", "says"),
    [
        ("ACCESS_DENIED", "plan"),
        ("ERROR_EVENT_NOT_FOUND", "does not know this event"),
        ("PAYMENT_REQUIRED", "subscription"),
        ("NEVER_HEARD_OF", "NEVER_HEARD_OF"),
    ],
)
def test_a_refusal_is_said_with_what_to_do_and_what_is_done_instead(code: str, says: str) -> None:
    finding = check_event_delivery(PollerStatus(None, BOUND, code), 60)
    assert finding.state is CheckState.WRONG
    assert says in finding.render("en")
    for language in LANGUAGES:
        assert "60" in finding.render(language)
        assert "{" not in finding.render(language)


async def test_a_database_that_cannot_be_opened_is_said(tmp_path: Path) -> None:
    broken = signed_in_to(tmp_path, public_url="https://linkdesk.example.com")
    (tmp_path / "a.sqlite3").mkdir()
    finding = await check_notifications(broken)
    assert finding is not None
    assert (finding.state, "cannot be used" in finding.render("en")) == (CheckState.WRONG, True)
