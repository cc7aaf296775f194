"""Many rows at once into a table, by COPY."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import cast

import psycopg
import sqlalchemy as sa


def copy_rows(connection: sa.Connection, target: str, records: Iterable[Sequence[object]]) -> None:
    """Copy records into a table, in the transaction of the connection.

    Parameters
    ----------
    connection : sqlalchemy.Connection
        Inside a transaction.
    target : str
        Table and columns, as in ``event (source, external_id)``: gisgov's own text, never input.
    records : iterable of sequence
        Values in the order of the columns; JSON and geometry (hexadecimal EWKB) as text.
    """
    driver = cast("psycopg.Connection", connection.connection.driver_connection)
    with driver.cursor() as cursor, cursor.copy(f"COPY {target} FROM STDIN") as copy:
        for record in records:
            copy.write_row(record)
