"""A database that does not take the record: a sentence each, and nothing is sent to the portal."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from linkdesk.errors import Changed, Trouble
from linkdesk.store.address import DatabaseAddress
from linkdesk.store.changes import StoredRecord
from linkdesk.store.database import Store
from tests.support.portal import ANNA, Salon, opened_salon
from tests.test_desk import linking


@pytest.mark.parametrize(
    ("pragma", "code"),
    [("query_only = ON", "store_read_only"), ("max_page_count = 1", "store_full"), ("", "store_busy")],
)
async def test_a_change_that_cannot_go_on_record_is_not_made(pragma: str, code: str, tmp_path: Path) -> None:
    file = tmp_path / "a.sqlite3"
    other = sqlite3.connect(file, isolation_level=None)
    async with await Store.open(DatabaseAddress.of_file(file), busy_ms=1) as store:
        if pragma:
            assert store._thread is not None  # noqa: SLF001 - the one connection that writes the record
            with store._thread._engine.connect() as connection:  # noqa: SLF001 - the same
                connection.exec_driver_sql(f"PRAGMA {pragma}")
        else:
            other.execute("BEGIN IMMEDIATE")
        async with opened_salon(rate=None, record=StoredRecord(store, "sandbox")) as salon:
            with pytest.raises(Trouble) as trouble:
                await _link_until_it_fails(salon)
            assert (trouble.value.failure.code, trouble.value.changed) == (code, Changed.NO)
            # A full database may have had room for some rows: as many changes were made.
            assert len(await salon.written()) == len(await salon.deals(14)) - 1
            assert code == "store_full" or await salon.written() == []
    other.close()


async def _link_until_it_fails(salon: Salon) -> None:
    for number in (1, 2, 3, 4, 5, 6, 8, 9, 10, 11, 12):
        await salon.desk.do(linking(14, number), ANNA)
