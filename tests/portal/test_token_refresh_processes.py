"""Two processes that meet an expired token, with Redis and without."""

from __future__ import annotations

import asyncio
import os
import sys
import threading
from pathlib import Path

import pytest
from pydantic import SecretStr

from linkdesk.bootstrap.redis import open_locks
from linkdesk.errors.base import NotConfigured
from linkdesk.portal.application import Application
from linkdesk.portal.oauth import TokenEndpoint
from linkdesk.runtime.locks import LOCK_TIMEOUT_S, RedisLocks
from linkdesk.storage.cipher import Cipher
from linkdesk.storage.database import Database
from linkdesk.storage.portal_tokens import PortalTokens
from linkdesk.storage.url import DatabaseAddress
from tests.support.authorization import (
    CLIENT_ID,
    CLIENT_SECRET,
    PLANTED,
    Authorization,
    serve_authorization,
)
from tests.support.databases import needed_redis
from tests.support.paths import PROCESSES, ROOT
from tests.support.tokens_env import KEY

PROCESS = PROCESSES / "refresh_token.py"


@pytest.mark.parametrize("shared", ["redis", "store"])
async def test_two_processes_that_meet_an_expired_token_renew_it_once(shared: str, tmp_path: Path) -> None:
    redis = needed_redis() if shared == "redis" else ""
    server = Authorization()
    second = threading.Event()

    async def wait_for_a_second() -> None:
        # Give the other process every chance to ask as well: it must not.
        if len(server.asked) > 1:
            second.set()
        await asyncio.to_thread(second.wait, 0.5)

    database = f"sqlite:///{tmp_path}/a.sqlite3"
    with serve_authorization(server) as origin:
        application = Application(origin, CLIENT_ID, SecretStr(CLIENT_SECRET), f"{origin}/oauth/token/")
        async with await Database.open(DatabaseAddress.parse(database)) as store:
            endpoint = TokenEndpoint(application)
            records = PortalTokens(store, Cipher.of(SecretStr(KEY)), origin)
            await records.save("anna", await endpoint.exchange(server.code_for(7)))
            await endpoint.aclose()
        server.expire()
        server.asked.clear()
        server.before_answer = wait_for_a_second
        environment = {
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "LINKDESK_PORTAL": origin,
            "LINKDESK_CLIENT_ID": CLIENT_ID,
            "LINKDESK_CLIENT_SECRET": CLIENT_SECRET,
            "LINKDESK_OAUTH_URL": application.token_url,
            "LINKDESK_SECRET_KEY": KEY,
            "LINKDESK_DATABASE": database,
            "LINKDESK_REDIS": redis,
        }
        processes = [await started(environment, tmp_path) for _ in range(2)]
        for process in processes:
            assert process.stdin is not None
            process.stdin.write(b"go\n")
        answers = [await process.communicate() for process in processes]
    assert [out.strip() for out, _ in answers] == [b"7", b"7"], answers
    assert server.asked == ["refresh_token"]
    assert not any(PLANTED.search(err.decode()) for _, err in answers)


async def started(environment: dict[str, str], folder: Path) -> asyncio.subprocess.Process:
    """Start a process that calls once it is told to, and wait until it is ready."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        PROCESS,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env=environment,
        cwd=folder,
    )
    assert process.stdout is not None
    assert await process.stdout.readline() == b"ready\n"
    return process


async def test_turns_in_redis_are_one_at_a_time_and_end_with_their_holder() -> None:
    address = needed_redis()
    order: list[str] = []
    async with open_locks(address) as one, open_locks(address) as two:
        assert isinstance(one, RedisLocks)
        async with one.hold(f"test:{os.getpid()}"):
            waiting = asyncio.create_task(note(two, order))
            done, _ = await asyncio.wait({waiting}, timeout=0.3)
            assert not done
            order.append("first")
        await waiting
    assert order == ["first", "second"]
    assert LOCK_TIMEOUT_S < 60


async def note(locks: object, order: list[str]) -> None:
    assert isinstance(locks, RedisLocks)
    async with locks.hold(f"test:{os.getpid()}"):
        order.append("second")


async def test_a_redis_that_does_not_answer_is_said_without_its_password() -> None:
    with pytest.raises(NotConfigured) as refused:
        async with open_locks("redis://:planted@127.0.0.1:1/0"):
            pass
    assert "LINKDESK_REDIS" in refused.value.sentence.en
    assert "planted" not in refused.value.sentence.ru
