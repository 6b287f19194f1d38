"""Expired tokens at the wire: one renewal for all who meet one, and no refresh token lost."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from starlette.responses import Response

from linkdesk.auth import policy as access
from linkdesk.config.logging import configure_logging
from linkdesk.errors.base import NoCredentials, NotConfigured, Trouble
from linkdesk.signin.credentials import EmployeeCredentials
from linkdesk.storage.cipher import new_key
from tests.support.authorization import (
    HTML,
    ORIGIN,
    PLANTED,
    Authorization,
    call_profile,
    hold_answer,
)
from tests.support.databases import KINDS, content_of, fresh_database
from tests.support.tokens_env import KEY, TokensEnv, open_tokens_env


@pytest.fixture(params=KINDS)
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    with fresh_database(request.param, tmp_path / "store") as address:
        yield address


@pytest.fixture
async def env(database: str) -> AsyncIterator[TokensEnv]:
    async with open_tokens_env(database, Authorization(), key=KEY) as opened:
        await opened.sign_in()
        yield opened


async def test_a_token_that_works_is_not_renewed(env: TokensEnv) -> None:
    env.now += timedelta(days=30)  # whatever our clock says
    assert await call_profile(env.way_in(), env.http) == 7
    assert env.server.asked == []


async def test_ten_tasks_that_meet_an_expired_token_renew_it_once(env: TokensEnv) -> None:
    env.server.expire()
    way_in = env.way_in()
    assert await asyncio.gather(*(call_profile(way_in, env.http) for _ in range(10))) == [7] * 10
    assert env.server.asked == ["refresh_token"]


async def test_fifty_tasks_over_ways_in_of_their_own_renew_it_once(env: TokensEnv) -> None:
    env.server.expire()
    assert await asyncio.gather(*(call_profile(env.way_in(), env.http) for _ in range(50))) == [7] * 50
    assert env.server.asked == ["refresh_token"]


async def test_every_employee_has_tokens_and_rights_of_their_own(env: TokensEnv) -> None:
    await env.sign_in("boris", 8)
    env.server.expire()
    users = await asyncio.gather(*(call_profile(env.way_in(who), env.http) for who in ("anna", "boris") * 5))
    assert users == [7, 8] * 5
    assert env.server.asked == ["refresh_token"] * 2


async def test_the_new_tokens_are_stored_before_any_call_uses_them(env: TokensEnv) -> None:
    env.server.expire()
    await call_profile(env.way_in(), env.http)
    kept = await env.records.find("anna")
    assert kept is not None
    assert env.server.called[-1] == (kept.access, 200)
    assert kept.refresh in env.server.refreshes


async def test_a_renewal_goes_on_when_the_one_who_asked_for_it_is_gone(env: TokensEnv) -> None:
    env.server.before_answer, held, let_go = hold_answer()
    env.server.expire()
    asking = asyncio.create_task(call_profile(env.way_in(), env.http))
    await held.wait()
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    let_go.set()
    await env.tokens.aclose()
    assert await call_profile(env.way_in(), env.http) == 7
    assert env.server.asked == ["refresh_token"]


async def test_what_somebody_else_renewed_meanwhile_is_taken_from_the_store(env: TokensEnv) -> None:
    way_in = env.way_in()
    _, sent = await way_in.authorize("profile")
    async with open_tokens_env(env.database, env.server, key=KEY) as other:
        other.server.expire()
        await call_profile(other.way_in(), other.http)
    assert await way_in.renew(sent)
    assert env.server.asked == ["refresh_token"]


async def test_two_offices_on_one_store_renew_once(env: TokensEnv) -> None:
    async with open_tokens_env(env.database, env.server, key=KEY) as other:
        env.server.expire()
        calls = [call_profile(each.way_in(), each.http) for each in (env, other) for _ in range(5)]
        assert await asyncio.gather(*calls) == [7] * 10
    assert env.server.asked == ["refresh_token"]


async def test_a_renewal_whose_process_died_is_taken_over_after_half_a_minute(env: TokensEnv) -> None:
    token = await env.records.find("anna")
    assert token is not None
    assert await env.records.lease("anna", token.version, "the dead")
    waits: list[float] = []

    async def sleep(seconds: float) -> None:
        waits.append(seconds)
        later.now += timedelta(seconds=10)

    async with open_tokens_env(env.database, env.server, key=KEY, sleep=sleep) as later:
        later.server.expire()
        assert await call_profile(later.way_in(), later.http) == 7
    assert len(waits) == 4
    assert env.server.asked == ["refresh_token"]


async def test_a_refresh_token_that_is_no_longer_taken_means_signing_in_again(env: TokensEnv) -> None:
    env.server.expire()
    env.server.refreshes.clear()
    for _ in range(2):
        with pytest.raises(NoCredentials) as ended:
            await call_profile(env.way_in(), env.http)
        assert ended.value.failure.code == "sign_in_ended"
        assert ended.value.facts["how"] == "linkdesk signin --as anna"
    assert env.server.asked == ["refresh_token"]
    await env.sign_in()
    assert await call_profile(env.way_in(), env.http) == 7


async def test_everybody_who_waits_for_a_renewal_that_fails_gets_an_error_of_their_own(env: TokensEnv) -> None:
    env.server.expire()
    env.server.refreshes.clear()
    ended = await asyncio.gather(*(call_profile(env.way_in(), env.http) for _ in range(5)), return_exceptions=True)
    assert len({id(error) for error in ended}) == 5
    assert all(isinstance(error, NoCredentials) for error in ended)
    assert env.server.asked == ["refresh_token"]


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (HTML, "authorization_unreadable"),
        (Response(status_code=302, headers={"Location": "https://evil.example.com/"}), "authorization_moved"),
        (Response(b'{"error":"wrong_client"}'), "wrong_application_keys"),
        (Response(b'{"error":"PAYMENT_REQUIRED"}', 401), "subscription_ended"),
    ],
)
async def test_a_token_endpoint_that_fails_for_a_while_costs_nobody_their_sign_in(
    env: TokensEnv, answer: Response, code: str
) -> None:
    env.server.expire()
    env.server.answer_instead = answer
    with pytest.raises(NoCredentials) as failed:
        await call_profile(env.way_in(), env.http)
    assert failed.value.failure.code == code
    env.server.answer_instead = None
    assert await call_profile(env.way_in(), env.http) == 7


async def test_tokens_of_another_portal_are_not_kept(env: TokensEnv) -> None:
    env.server.expire()
    env.server.member_id = "ffffffff"
    with pytest.raises(NoCredentials) as failed:
        await call_profile(env.way_in(), env.http)
    assert failed.value.failure.code == "other_portal_id"


async def test_a_renewal_that_names_another_host_does_not_lead_calls_there(env: TokensEnv) -> None:
    env.server.expire()
    env.server.origin = "https://evil.example.com"
    assert await call_profile(env.way_in(), env.http) == 7
    address, _ = await env.way_in().authorize("profile")
    assert address == f"{ORIGIN}/rest/profile"


async def test_a_store_that_fails_once_after_the_answer_loses_no_token(tmp_path: Path) -> None:
    database = f"sqlite:///{tmp_path}/a.sqlite3"
    async with open_tokens_env(database, Authorization(), key=KEY) as env:
        await env.sign_in()
        env.server.expire()

        async def fill_the_disk() -> None:
            async with env.store.transaction() as session:
                await session.execute(
                    text(
                        "CREATE TRIGGER full BEFORE UPDATE OF refresh_token ON tokens BEGIN SELECT RAISE(FAIL, ''); END"
                    )
                )

        env.server.before_answer = fill_the_disk
        with pytest.raises(NoCredentials) as failed:
            await call_profile(env.way_in(), env.http)
        assert failed.value.failure.code == "store_failed"
        async with env.store.transaction() as session:
            await session.execute(text("DROP TRIGGER full"))
        assert await call_profile(env.way_in(), env.http) == 7
        assert env.server.asked == ["refresh_token"]


async def test_a_process_that_dies_before_storing_leaves_the_old_tokens(env: TokensEnv) -> None:
    before = await env.records.find("anna")
    env.server.before_answer, held, _ = hold_answer()
    env.server.expire()
    async with open_tokens_env(env.database, env.server, key=KEY) as dying:
        asking = asyncio.create_task(call_profile(dying.way_in(), dying.http))
        await held.wait()
        killed = [task for task in asyncio.all_tasks() if "Tokens._renewal" in repr(task.get_coro())]
        for task in [asking, *killed]:
            task.cancel()
        await asyncio.gather(asking, *killed, return_exceptions=True)
    # The endpoint has taken the old refresh token, so there is nothing for it but to sign in again; no more is lost.
    assert await env.records.find("anna") == before
    env.server.before_answer = None
    with pytest.raises(NoCredentials) as ended:
        await call_profile(env.way_in(), env.http)
    assert ended.value.failure.code == "sign_in_ended"


async def test_an_employee_without_tokens_is_told_how_to_sign_in(env: TokensEnv) -> None:
    employees = EmployeeCredentials(env.tokens, ORIGIN)
    with pytest.raises(Trouble) as trouble:
        await employees.credentials_for(access.Actor("1001 Boris", access.Face.TELEGRAM, employee="telegram:1001"))
    assert trouble.value.failure.code == "not_signed_in"
    assert trouble.value.next.en == "Sign in: /signin in the Telegram bot"
    way_in = await employees.credentials_for(access.Actor("anna", access.Face.CHAT))
    assert await call_profile(way_in, env.http) == 7


async def test_who_signs_out_meanwhile_stays_signed_out(env: TokensEnv) -> None:
    env.server.before_answer, held, let_go = hold_answer()
    env.server.expire()
    asking = asyncio.create_task(call_profile(env.way_in(), env.http))
    await held.wait()
    await env.records.delete("anna")
    let_go.set()
    with pytest.raises(NoCredentials) as gone:
        await asking
    assert gone.value.failure.code == "not_signed_in"
    assert await env.records.employees() == []


async def test_a_wrong_key_is_said_at_the_start_and_in_a_call(env: TokensEnv) -> None:
    async with open_tokens_env(env.database, env.server, key=new_key()) as other:
        with pytest.raises(NotConfigured) as refused:
            await other.records.check_key()
        assert "LINKDESK_SECRET_KEY cannot decrypt" in refused.value.sentence.en
        with pytest.raises(NoCredentials) as failed:
            await call_profile(other.way_in(), other.http)
        assert failed.value.failure.code == "wrong_secret_key"
        assert await other.records.delete_all() == 1
        await other.records.check_key()


async def test_tokens_encrypted_with_an_older_key_are_encrypted_with_the_newest_when_renewed(env: TokensEnv) -> None:
    newest = new_key()
    async with open_tokens_env(env.database, env.server, key=f"{newest},{KEY}") as both:
        both.server.expire()
        assert await call_profile(both.way_in(), both.http) == 7
    async with open_tokens_env(env.database, env.server, key=newest) as later:
        assert await call_profile(later.way_in(), later.http) == 7


async def test_planted_secrets_are_nowhere(env: TokensEnv, capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging(("debug",))
    env.server.expire()
    await call_profile(env.way_in(), env.http)
    env.server.expire()
    env.server.answer_instead = HTML
    shown: list[object] = [
        env.way_in(),
        env.tokens,
        env.records,
        env.store,
        await env.tokens.get("anna"),
    ]
    with pytest.raises(NoCredentials) as failed:
        await call_profile(env.way_in(), env.http)
    logging.getLogger().error("failed", exc_info=failed.value)
    said = failed.value.as_trouble()
    lines = capsys.readouterr()
    assert "oauth.renewed" in lines.err
    for part in (lines.err, lines.out, repr(shown), str(failed.value), said.what.en, said.next.ru):
        assert not PLANTED.search(part)
    assert b"planted" not in content_of(env.database)
