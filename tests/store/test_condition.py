from __future__ import annotations

from gisgov.store.condition import condition
from gisgov.store.database import Database
from gisgov.store.migrating import known_versions, newest


def test_a_database_with_tables(database: Database) -> None:
    with database.begin() as connection:
        found = condition(connection)

    assert found.tables == newest() == known_versions()[-1]
    assert found.postgis is not None
    assert int(found.postgresql.split(".")[0]) >= 14
    assert found.size_bytes > 1_000_000


def test_a_database_without_tables(bare_database_url: str) -> None:
    database = Database(bare_database_url)
    with database.begin() as connection:
        assert condition(connection).tables is None
    database.dispose()
