"""Rows of long strings of bytes, as PostgreSQL has them and not as text of twice their length."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

import psycopg
import sqlalchemy as sa
from psycopg.rows import namedtuple_row
from sqlalchemy.dialects.postgresql import psycopg as spoken


def packed_rows(connection: sa.Connection, query: sa.TextClause, given: Mapping[str, Any]) -> list[Any]:
    """Return the rows of a query, by the names of their columns, read as the driver calls binary.

    Parameters
    ----------
    connection : sqlalchemy.Connection
        Inside a transaction.
    query : sqlalchemy.TextClause
        One that is kept, as those of `gisgov.store.statements.statement` are.
    given : mapping
        Its parameters, others beside them.

    Raises
    ------
    psycopg.Error
        What `gisgov.store.failures.explained` tells as it does errors of SQLAlchemy.
    """
    driver = connection.connection.driver_connection
    assert isinstance(driver, psycopg.Connection)  # noqa: S101 - the driver that gisgov uses
    with driver.cursor(binary=True, row_factory=namedtuple_row) as cursor:
        return cursor.execute(_words(query), given).fetchall()


@cache
def _words(query: sa.TextClause) -> bytes:
    return str(query.compile(dialect=spoken.dialect())).encode()  # type: ignore[no-untyped-call]
