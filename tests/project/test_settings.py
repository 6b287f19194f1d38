"""What an installation sets, and what is said of half a setting."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from linkdesk.auth.policy import Confirm, Role
from linkdesk.config.settings import Settings, load_settings, machine_zone
from linkdesk.errors.base import NotConfigured
from linkdesk.portal.application import Application

LINKDESK = Path(sys.executable).with_name("linkdesk")
SECRET = "plantedSecret12345"
KEY = "planted0planted0planted0planted0planted0pla="
TOKEN = "123456:AAH-planted_token_0123456789abc"


def test_every_setting_is_read_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    values = {
        "PORTAL": f"https://example.bitrix24.com/rest/1/{SECRET}/",
        "TELEGRAM_TOKEN": TOKEN,
        "TELEGRAM_API": "http://127.0.0.1:8081",
        "STAFF": "1001:admin, 1002:editor",
        "CONFIRM": "writes",
        "RATE": "5/250",
        "READ_ONLY": "1",
        "TOOLSETS": "links,bookings",
        "TOOLS": "list_booking_links",
        "LANG": "ru",
        "TIMEZONE": "Europe/Moscow",
        "EMPLOYEE": "telegram:1001",
        "LOG": "debug,json",
        "DATABASE": f"postgresql://linkdesk:{SECRET}@127.0.0.1/linkdesk",
        "REDIS": f"redis://:{SECRET}@127.0.0.1:6379/0",
        "SECRET_KEY": f"{KEY},{KEY}",
        "OAUTH_URL": "https://oauth.bitrix.info/oauth/token/",
        "PUBLIC_URL": "https://linkdesk.example.com/",
    }
    for name, value in values.items():
        monkeypatch.setenv(f"LINKDESK_{name}", value)
    settings = load_settings()
    assert settings.address().secret == SECRET
    assert settings.token().get_secret_value() == TOKEN
    assert settings.staff == {1001: Role.ADMIN, 1002: Role.EDITOR}
    assert (settings.policy().confirm, settings.policy().read_only) == (Confirm.WRITES, True)
    assert settings.toolsets == ("links", "bookings")
    assert (settings.rate.leak, settings.rate.bucket) == (5, 250)
    assert settings.zone() == "Europe/Moscow"
    assert settings.employee == "telegram:1001"
    assert settings.public_url == "https://linkdesk.example.com"
    assert KEY not in repr(settings)
    assert SECRET not in repr(settings)
    assert TOKEN not in repr(settings)


def test_a_file_beside_is_read_and_the_environment_comes_first(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("LINKDESK_LANG=ru\nLINKDESK_TIMEZONE=Europe/Moscow\nOTHER=1\n", encoding="utf-8")
    monkeypatch.setenv("LINKDESK_LANG", "en")
    assert (load_settings().lang, load_settings().timezone) == ("en", "Europe/Moscow")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TELEGRAM_TOKEN", "planted-without-colon"),
        ("TELEGRAM_TOKEN", "123456:"),
        ("TELEGRAM_API", "http://api.example.com"),
        ("TELEGRAM_API", "api.telegram.org"),
        ("STAFF", "1001"),
        ("STAFF", "1001:"),
        ("STAFF", "anna:admin"),
        ("STAFF", "1001:owner"),
        ("STAFF", "-5:admin"),
        ("CONFIRM", "sometimes"),
        ("READ_ONLY", "perhaps"),
        ("TOOLSETS", "links,everything"),
        ("LANG", "de"),
        ("TIMEZONE", "Mars/Olympus"),
        ("EMPLOYEE", "telegram:kate"),
        ("TIMEZONE", "../../etc/passwd"),
        ("LOG", "loud"),
        ("RATE", "fast"),
        ("RATE", "0/50"),
        ("DATABASE", "mysql://planted@host/base"),
        ("DATABASE", "planted.sqlite3"),
        ("REDIS", "http://planted"),
        ("SECRET_KEY", "planted"),
        ("SECRET_KEY", f"{KEY},planted"),
        ("CLIENT_ID", "planted id"),
        ("CLIENT_SECRET", "planted secret"),
        ("OAUTH_URL", "http://oauth.example.com/planted"),
        ("OAUTH_URL", "https://oauth.example.com/?planted=1"),
        ("PUBLIC_URL", "https://linkdesk.example.com/planted"),
        ("PUBLIC_URL", "http://linkdesk.example.com"),
        ("LLM_PROVIDER", "planted"),
        ("LLM_URL", "http://llm.example.com/v1"),
        ("LLM_URL", "http://169.254.169.254/v1"),
        ("LLM_URL", "http://8.8.8.8/v1"),
        ("LLM_URL", "https://planted:planted@llm.example.com/v1"),
        ("LLM_URL", "https://llm.example.com/v1?key=planted"),
        ("LLM_URL", "planted"),
        ("LLM_URL", "https://llm.example.com:99999/v1"),
        ("LLM_MODEL", "planted model"),
        ("LLM_KEY", "planted key"),
        ("LLM_LIMITS", "planted"),
        ("LLM_LIMITS", "person:0"),
        ("LLM_LIMITS", "seconds:600"),
        ("LLM_LIMITS", "person:5,person:6"),
    ],
)
def test_a_wrong_setting_is_named_in_one_sentence_with_what_it_should_be(
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    value: str,
) -> None:
    monkeypatch.setenv(f"LINKDESK_{name}", value)
    with pytest.raises(NotConfigured) as wrong:
        load_settings()
    for sentence in (wrong.value.sentence.en, wrong.value.sentence.ru):
        assert f"LINKDESK_{name}" in sentence
        assert "planted" not in sentence
        assert "another value" not in sentence
    assert wrong.value.__cause__ is None


def test_two_wrong_settings_are_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LINKDESK_LANG", "de")
    monkeypatch.setenv("LINKDESK_STAFF", "1001")
    with pytest.raises(NotConfigured) as wrong:
        load_settings()
    assert "LINKDESK_LANG" in wrong.value.sentence.en
    assert "LINKDESK_STAFF" in wrong.value.sentence.en


def test_an_unreadable_file_is_said(tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes(b"LINKDESK_LANG=\xff\xfe\n")
    with pytest.raises(NotConfigured) as wrong:
        load_settings()
    assert ".env" in wrong.value.sentence.en


def test_without_settings_no_portal_and_no_bot_are_set() -> None:
    settings = Settings()
    with pytest.raises(NotConfigured) as portal:
        settings.address()
    assert "--sandbox" in portal.value.sentence.en
    with pytest.raises(NotConfigured) as bot:
        settings.token()
    assert "LINKDESK_TELEGRAM_TOKEN" in bot.value.sentence.en


APPLICATION = {"PORTAL": "https://Example.bitrix24.com:443/", "CLIENT_ID": "local.5f", "CLIENT_SECRET": SECRET}


def test_a_bare_portal_with_an_application_is_entered_by_signing_in(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {**APPLICATION, "SECRET_KEY": KEY}.items():
        monkeypatch.setenv(f"LINKDESK_{name}", value)
    application = load_settings().connection()
    assert isinstance(application, Application)
    assert (application.origin, application.client_id) == ("https://example.bitrix24.com", "local.5f")
    assert application.callback_url == "http://127.0.0.1:8391/oauth/callback"
    assert SECRET not in repr(application)
    assert SECRET not in application.authorize_address("state")


@pytest.mark.parametrize("missing", ["CLIENT_ID", "CLIENT_SECRET", "SECRET_KEY"])
def test_half_an_application_is_refused_with_what_is_missing(monkeypatch: pytest.MonkeyPatch, missing: str) -> None:
    for name, value in {**APPLICATION, "SECRET_KEY": KEY}.items():
        if name != missing:
            monkeypatch.setenv(f"LINKDESK_{name}", value)
    with pytest.raises(NotConfigured) as wrong:
        load_settings().connection()
    for sentence in (wrong.value.sentence.en, wrong.value.sentence.ru):
        assert f"LINKDESK_{missing}" in sentence
        assert SECRET not in sentence


def test_a_bare_portal_alone_is_refused_with_both_ways_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LINKDESK_PORTAL", "https://example.bitrix24.com")
    with pytest.raises(NotConfigured) as wrong:
        load_settings().connection()
    assert "LINKDESK_CLIENT_ID, LINKDESK_CLIENT_SECRET, LINKDESK_SECRET_KEY" in wrong.value.sentence.en
    assert "webhook" in wrong.value.sentence.en


def test_a_webhook_beside_an_application_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    portal = f"https://example.bitrix24.com/rest/1/{SECRET}/"
    for name, value in {**APPLICATION, "SECRET_KEY": KEY, "PORTAL": portal}.items():
        monkeypatch.setenv(f"LINKDESK_{name}", value)
    with pytest.raises(NotConfigured) as wrong:
        load_settings().connection()
    assert "LINKDESK_PORTAL should be https://HOST alone" in wrong.value.sentence.en
    assert SECRET not in wrong.value.sentence.en


def test_a_webhook_alone_is_the_way_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LINKDESK_PORTAL", f"https://example.bitrix24.com/rest/1/{SECRET}/")
    assert load_settings().connection() == load_settings().address()


def test_the_machines_zone_has_a_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", ":Asia/Tokyo")
    assert machine_zone() == "Asia/Tokyo"
    monkeypatch.setenv("TZ", "nonsense")
    assert machine_zone()


@pytest.mark.parametrize("command", ["serve", "chat", "bot"])
@pytest.mark.parametrize(
    ("portal", "says"),
    [
        ("", "No portal is set"),
        (f"https://example.bitrix24.com/rest/{SECRET}", "lacks the webhook's user number and secret"),
        (f"http://example.bitrix24.com/rest/1/{SECRET}/", "must begin with https://"),
    ],
)
def test_a_face_without_a_portal_says_in_one_sentence_what_to_set_and_exits_with_2(
    command: str,
    portal: str,
    says: str,
    tmp_path: Path,
) -> None:
    environment = {**os.environ, "LINKDESK_PORTAL": portal, "LINKDESK_TELEGRAM_TOKEN": TOKEN}
    ran = subprocess.run(
        [LINKDESK, command],
        input="",
        capture_output=True,
        text=True,
        env=environment,
        cwd=tmp_path,
        timeout=30,
        check=False,
    )
    assert (ran.returncode, ran.stdout) == (2, "")
    assert says in ran.stderr
    assert len(ran.stderr.strip().splitlines()) == 1
    assert SECRET not in ran.stderr
