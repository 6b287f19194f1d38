"""The store on every database it may be kept in: opening, migrations, encryption."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import subprocess
import sys
import traceback
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from pydantic import SecretStr
from sqlalchemy import Connection, delete, text

from linkdesk.auth.policy import Role
from linkdesk.errors.base import NotConfigured, Trouble
from linkdesk.storage.api_tokens import ApiTokens
from linkdesk.storage.cipher import Cipher, new_key
from linkdesk.storage.database import Database
from linkdesk.storage.signin_attempts import Attempts
from linkdesk.storage.tables import AttemptRow, Table
from linkdesk.storage.url import DatabaseAddress, store_address
from tests.support.databases import KINDS, fresh_database

LINKDESK = Path(sys.executable).with_name("linkdesk")
SECRET = "planted-name"
ORIGIN = "https://salon.bitrix24.ru"


@pytest.fixture(params=KINDS)
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    with fresh_database(request.param, tmp_path / "store") as address:
        yield address


async def opened(address: str) -> Database:
    return await Database.open(DatabaseAddress.parse(address))


async def test_the_migrations_make_exactly_the_tables_that_are_declared(database: str) -> None:
    def differences(connection: Connection) -> list[object]:
        return list(compare_metadata(MigrationContext.configure(connection), Table.metadata))

    async with await opened(database) as store, store.read_session() as session:
        assert await (await session.connection()).run_sync(differences) == []


async def test_two_that_open_a_new_database_at_once_both_may(database: str) -> None:
    stores = await asyncio.gather(*(opened(database) for _ in range(4)))
    for store in stores:
        await store.aclose()
    assert len(stores) == 4


async def test_a_process_that_opens_its_database_twice_keeps_its_locks(tmp_path: Path) -> None:
    # Without them another process, when it ends, deletes the write-ahead log that our connections go on to write.
    address = DatabaseAddress.of_file(tmp_path / "a.sqlite3")
    another = "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); c.execute('CREATE TABLE t (x)'); c.close()"
    async with await Database.open(address) as one:
        await one.ping()
        async with await Database.open(address) as two:
            await two.ping()
            await asyncio.to_thread(subprocess.run, [sys.executable, "-c", another, str(address.file)], check=True)
            assert (tmp_path / "a.sqlite3-wal").exists()


async def test_what_another_process_writes_is_seen_by_all_who_have_the_file_open(tmp_path: Path) -> None:
    file = tmp_path / "store.db"
    address = f"sqlite:///{file}"
    async with await opened(address) as store, await opened(address):
        token = await ApiTokens(store).add("anna", Role.EDITOR)
        assert await ApiTokens(store).find(token)
        # The last to leave a file takes its log away: another process may not think that it is the last.
        revoke = ("token", "revoke", "anna")
        done = await asyncio.create_subprocess_exec(
            str(LINKDESK), *revoke, env={**os.environ, "LINKDESK_DATABASE": address}
        )
        assert await done.wait() == 0
        assert file.with_name("store.db-wal").exists()
        assert await ApiTokens(store).find(token) is None


async def test_what_was_written_is_there_when_the_database_is_opened_again(database: str) -> None:
    async with await opened(database) as store:
        await Attempts(store, ORIGIN).begin("state", "anna")
    async with await opened(database) as store:
        assert await Attempts(store, ORIGIN).take("state") == "anna"


async def test_a_block_that_fails_leaves_nothing_behind(database: str) -> None:
    async with await opened(database) as store:
        attempts = Attempts(store, ORIGIN)
        await attempts.begin("state", "anna")
        with pytest.raises(ZeroDivisionError):
            await broken(store)
        assert await attempts.take("state") == "anna"


async def broken(store: Database) -> None:
    async with store.transaction() as session:
        await session.execute(delete(AttemptRow))
        raise ZeroDivisionError


async def test_a_database_of_a_newer_linkdesk_is_refused_in_a_sentence(database: str) -> None:
    async with await opened(database) as store, store.transaction() as session:
        await session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(NotConfigured) as refused:
        await opened(database)
    assert "newer version of Linkdesk" in refused.value.sentence.en


async def test_many_write_at_once(database: str) -> None:
    async with await opened(database) as store:
        attempts = Attempts(store, ORIGIN)
        await asyncio.gather(*(attempts.begin(f"state {number}", "anna") for number in range(30)))
        taken = await asyncio.gather(*(attempts.take(f"state {number}") for number in range(30)))
    assert taken == ["anna"] * 30


async def test_a_store_in_memory_lets_many_write_too() -> None:
    async with await Database.open(DatabaseAddress.memory()) as store:
        attempts = Attempts(store, ORIGIN)
        await asyncio.gather(*(attempts.begin(f"state {number}", "anna") for number in range(30)))
        assert await attempts.take("state 29") == "anna"


async def test_sqlite_keeps_a_log_before_writing_and_checks_references(tmp_path: Path) -> None:
    async with await opened(f"sqlite:///{tmp_path}/a.sqlite3") as store, store.read_session() as session:
        pragmas = [await session.scalar(text(f"PRAGMA {name}")) for name in ("journal_mode", "foreign_keys")]
    assert pragmas == ["wal", 1]


@pytest.mark.skipif(os.name != "posix", reason="modes of files are POSIX's")
async def test_the_file_is_for_its_owner_alone(tmp_path: Path) -> None:
    async with await opened(f"sqlite:///{tmp_path}/new/a.sqlite3"):
        modes = {part.name: part.stat().st_mode & 0o077 for part in (tmp_path / "new").iterdir()}
    assert set(modes.values()) == {0}


async def test_a_file_that_is_no_database_is_refused_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "a.sqlite3").write_bytes(b"planted" * 1000)
    with pytest.raises(NotConfigured) as refused:
        await opened(f"sqlite:///{tmp_path}/a.sqlite3")
    assert f"{tmp_path}/a.sqlite3" in refused.value.sentence.en
    assert "cannot be used" in refused.value.sentence.en


async def test_a_file_that_cannot_be_made_is_refused_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(NotConfigured) as refused:
        await opened(f"sqlite:///{tmp_path}/file/a.sqlite3")
    assert "cannot be used" in refused.value.sentence.en


async def test_a_read_only_database_is_refused_in_a_sentence(tmp_path: Path) -> None:
    file = tmp_path / "a.sqlite3"
    sqlite3.connect(file).close()
    # As root a file without write permission is written all the same: SQLite's own word for it is used.
    with pytest.raises(NotConfigured) as refused:
        await opened(f"sqlite:///file:{file}?mode=ro&uri=true")
    assert "is read-only" in refused.value.sentence.en


async def test_a_server_that_does_not_answer_is_told_without_its_password() -> None:
    with pytest.raises(NotConfigured) as refused:
        await opened("postgresql://linkdesk:planted@127.0.0.1:1/linkdesk")
    for sentence in (refused.value.sentence.en, refused.value.sentence.ru):
        assert "postgresql://127.0.0.1:1/linkdesk" in sentence
        assert "planted" not in sentence
    assert refused.value.__context__ is None


async def test_a_database_that_fails_later_is_a_trouble_in_words(tmp_path: Path) -> None:
    async with await opened(f"sqlite:///{tmp_path}/a.sqlite3") as store:
        async with store.transaction() as session:
            await session.execute(text("DROP TABLE sign_in_attempts"))
        with pytest.raises(Trouble) as trouble:
            await Attempts(store, ORIGIN).begin("state", SECRET)
    assert trouble.value.failure.code == "store_failed"
    assert SECRET not in "".join(traceback.format_exception(trouble.value))


def test_the_store_is_where_the_setting_says() -> None:
    assert store_address(None, sandbox=True) == DatabaseAddress.memory()
    assert store_address(None).masked.endswith("linkdesk.sqlite3")
    given = store_address("postgres://linkdesk:planted@db/linkdesk", sandbox=True)
    assert given.url == "postgresql+psycopg://linkdesk:planted@db/linkdesk"
    assert "planted" not in repr(given)
    with pytest.raises(NotConfigured):
        DatabaseAddress.parse("mysql://planted")


def test_a_new_key_is_printed_and_fits() -> None:
    ran = subprocess.run([LINKDESK, "key"], capture_output=True, text=True, timeout=30, check=True)
    (line,) = ran.stdout.splitlines()
    assert Cipher.of(SecretStr(line)).decrypt(Cipher.of(SecretStr(line)).encrypt("planted")) == "planted"


def test_an_older_key_still_opens_and_the_newest_encrypts() -> None:
    old, new = new_key(), new_key()
    sealed = Cipher.of(SecretStr(old)).encrypt("planted")
    both = Cipher.of(SecretStr(f"{new}, {old}"))
    assert both.decrypt(sealed) == "planted"
    assert Cipher.of(SecretStr(new)).decrypt(both.encrypt("planted")) == "planted"


def test_a_key_that_does_not_fit_is_said() -> None:
    sealed = Cipher.of(SecretStr(new_key())).encrypt("planted")
    with pytest.raises(Trouble) as trouble:
        Cipher.of(SecretStr(new_key())).decrypt(sealed)
    assert trouble.value.failure.code == "wrong_secret_key"


def test_a_missing_key_is_said_in_one_sentence() -> None:
    with pytest.raises(NotConfigured) as missing:
        Cipher.of(None)
    assert "linkdesk key" in missing.value.sentence.en
    assert "LINKDESK_SECRET_KEY" in missing.value.sentence.ru


@pytest.mark.parametrize(
    "module", ["linkdesk.desk", "linkdesk.config.settings", "linkdesk.signin.credentials", "server.cli"]
)
def test_without_a_store_no_database_library_is_loaded(module: str) -> None:
    heavy = "('sqlalchemy', 'alembic', 'cryptography', 'redis', 'platformdirs')"
    program = f"import {module}, sys; print([name for name in {heavy} if name in sys.modules])"
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=30, check=True)
    assert ran.stdout.strip() == "[]"
