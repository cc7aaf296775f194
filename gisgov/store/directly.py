"""Statements that are asked again and again, handed to the driver as they are.

SQLAlchemy takes a third of a millisecond of a processor for each, which is more than the database takes for
most of them. Transactions, roles and errors are those of the connection.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any, cast

import psycopg
import sqlalchemy as sa
from psycopg.rows import namedtuple_row

_DIALECT = sa.make_url("postgresql+psycopg://").get_dialect()()


def rows_of(
    connection: sa.Connection,
    clause: sa.ClauseElement,
    given: Mapping[str, Any],
    *,
    prepare: bool | None = None,
) -> list[Any]:
    """Execute a statement, and return its rows as named tuples; none of one that returns none.

    Parameters
    ----------
    connection : sqlalchemy.Connection
        Inside a transaction.
    clause : sqlalchemy.ClauseElement
        A statement that is kept by a module, with its named parameters (``:ids``).
    given : mapping
        The parameters.
    prepare : bool, optional
        False: planned anew each time, for as many rows as it is given; by default what is asked often is
        prepared, and may come to be executed by a plan for any parameters.
    """
    driver = cast("psycopg.Connection", connection.connection.driver_connection)
    text, own = _written(clause)
    with driver.cursor(row_factory=namedtuple_row) as cursor:
        cursor.execute(text, {**own, **given}, prepare=prepare)
        return cursor.fetchall() if cursor.description else []


_PLAN_ONCE = sa.text("SELECT set_config('plan_cache_mode', 'force_generic_plan', true)")


def plan_once(connection: sa.Connection) -> None:
    """Let statements of a transaction be executed by plans that are kept, made for any parameters.

    By itself PostgreSQL may plan a statement again each time, which takes longer than to execute it with few
    rows; for many rows a plan of their own is worth it.
    """
    rows_of(connection, _PLAN_ONCE, {})


@cache
def _written(clause: sa.ClauseElement) -> tuple[bytes, dict[str, Any]]:
    """Return a statement as the driver takes it, and the values that it has of its own."""
    compiled = clause.compile(dialect=_DIALECT)
    own = {name: value for name, value in compiled.params.items() if value is not None}
    return str(compiled).encode(), own
