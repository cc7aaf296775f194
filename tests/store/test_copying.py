"""Many rows at once into a table."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from gisgov.errors import GisgovError
from gisgov.store.copying import copy_rows
from gisgov.store.database import Database

_TABLE = sa.text("CREATE TEMPORARY TABLE t (id INTEGER, words TEXT, list TEXT[], doc JSONB) ON COMMIT DROP")


def test_awkward_values_arrive_as_they_are(database: Database) -> None:
    rows = [(1, "\\N \t\n'\"\\", ["a,b", '"', None], '{"a": "\\n"}'), (2, None, [], None)]
    with database.begin() as connection:
        connection.execute(_TABLE)
        copy_rows(connection, "t (id, words, list, doc)", rows)
        found = connection.execute(sa.text("SELECT * FROM t ORDER BY id")).all()
    assert [tuple(row) for row in found] == [(1, rows[0][1], rows[0][2], {"a": "\n"}), (2, None, [], None)]


def test_a_refused_value_undoes_all(database: Database) -> None:
    def copy() -> None:
        with database.begin() as connection:
            connection.execute(_TABLE)
            copy_rows(connection, "t (id, words)", [(1, "a"), ("x", "b")])

    with pytest.raises(GisgovError, match="The database refused a value"):
        copy()
