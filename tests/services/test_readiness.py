"""Readiness: the database answers and has the right tables."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from gisgov.errors import DatabaseUnavailable
from gisgov.services.readiness import check_ready
from gisgov.store.database import Database
from gisgov.store.migrating import newest


def test_a_migrated_database_is_ready(database: Database) -> None:
    assert check_ready(database).tables == newest()


def test_an_older_one_is_not(database: Database) -> None:
    with database.begin() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '0001'"))
    with pytest.raises(DatabaseUnavailable, match="have version 0001") as caught:
        check_ready(database)
    assert caught.value.hint == "Run `gisgov db migrate`."


def test_one_that_does_not_answer_is_not() -> None:
    with pytest.raises(DatabaseUnavailable):
        check_ready(Database("postgresql://nobody@127.0.0.1:1/none"))
