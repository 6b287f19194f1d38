"""Tokens as `LINKDESK_HTTP_TOKENS` sets them."""

from __future__ import annotations

import pytest

from linkdesk.auth.api_tokens import find_api_token, parse_api_tokens
from linkdesk.auth.hashing import new_secret
from linkdesk.auth.policy import Role
from linkdesk.config.logging import redact
from linkdesk.config.settings import Settings, load_settings
from linkdesk.errors.base import NotConfigured

LONG = "a-token-of-24-characters"


def test_a_token_is_read_with_its_name_and_role_and_kept_as_a_hash_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LINKDESK_HTTP_TOKENS", f"anna:editor:{LONG}:1, Вера Павлова:viewer:{LONG}:2,")
    settings = load_settings()
    anna = find_api_token(f"{LONG}:1", settings.http_tokens)
    vera = find_api_token(f"{LONG}:2", settings.http_tokens)
    assert anna is not None
    assert vera is not None
    assert (anna.name, anna.role, vera.name, vera.role) == ("anna", Role.EDITOR, "Вера Павлова", Role.VIEWER)
    assert find_api_token(LONG, settings.http_tokens) is None
    assert LONG not in repr(settings)
    assert LONG not in str(settings.model_dump())


@pytest.mark.parametrize(
    "wrong",
    [
        "anna",
        "anna:editor",
        "anna:editor:",
        "anna:editor:too-short",
        f"anna:boss:{LONG}",
        f":editor:{LONG}",
        f"anna:editor:{LONG} x",
        f"anna:editor:{LONG},boris:editor:{LONG}",
        f"anna:editor:{LONG},boris",
        LONG,
    ],
)
def test_half_a_setting_is_refused_without_repeating_it(wrong: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ValueError, match=r"^tokens$|is not a valid Role"):
        parse_api_tokens(wrong)
    monkeypatch.setenv("LINKDESK_HTTP_TOKENS", wrong)
    with pytest.raises(NotConfigured) as told:
        load_settings()
    assert "LINKDESK_HTTP_TOKENS" in told.value.sentence.ru
    assert "name:role:token" in told.value.sentence.en
    assert LONG not in str(told.value.sentence)


def test_our_tokens_are_masked_in_every_log_line() -> None:
    for prefix in ("ldt_", "lda_", "ldr_"):
        secret = new_secret(prefix)
        assert secret not in redact(f"somebody sent {secret} here")
    assert "s3cret-of-others" not in redact("Authorization: Bearer s3cret-of-others")


def test_nobody_is_let_in_where_nothing_is_set() -> None:
    assert Settings().http_tokens == ()
