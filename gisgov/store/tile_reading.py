"""Reading for tiles: one state of the database, a limit on every statement, and an end when nobody waits."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date

import numpy as np
import psycopg
import sqlalchemy as sa

from gisgov.errors import Cancelled
from gisgov.governance.access import Actor, Errand
from gisgov.store.changes import Subject
from gisgov.store.database import Database
from gisgov.store.statements import statement
from gisgov.types import BBox, Ints

_SNAPSHOT = sa.text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
_CANCEL_S = 5.0


class Reading:
    """Transactions that whoever waits for them may give up, from another thread.

    Parameters
    ----------
    database : Database
        The service's own.
    limit_s : float
        How long one statement may take.
    """

    def __init__(self, database: Database, limit_s: float) -> None:
        self._database = database
        self._limit_ms = round(limit_s * 1000)
        self._lock = threading.Lock()
        self._connection: psycopg.Connection | None = None
        self._is_given_up = False

    @contextmanager
    def begin(self) -> Iterator[sa.Connection]:
        """Open a transaction of the service's own that sees one state and changes nothing.

        Raises
        ------
        Cancelled
            Nobody waits for it any more.
        TookTooLong
            A statement took longer than it may.
        """
        with self._database.own.begin() as connection:
            driver = connection.connection.driver_connection
            assert isinstance(driver, psycopg.Connection)  # noqa: S101 - the driver that gisgov uses
            connection.execute(_SNAPSHOT)
            connection.execute(sa.text(f"SET LOCAL statement_timeout = {self._limit_ms}"))
            with self._lock:
                self._connection = driver
            try:
                self.go_on()
                yield connection
            except Exception:
                if self._is_given_up:
                    connection.invalidate()  # what was sent to end it must meet no other statement
                    raise Cancelled("Nobody waits for it any more.") from None
                raise
            finally:
                with self._lock:
                    self._connection = None

    def go_on(self) -> None:
        """Ask between two steps whether somebody still waits.

        Raises
        ------
        Cancelled
            Nobody does.
        """
        if self._is_given_up:
            raise Cancelled("Nobody waits for it any more.")

    def give_up(self) -> None:
        """End the statement that is under way, if one is; the reading raises `Cancelled`."""
        with self._lock:
            self._is_given_up = True
            if self._connection is not None:
                self._connection.cancel_safe(timeout=_CANCEL_S)

    def hand_over(self, connection: sa.Connection, actor: Actor, errand: Errand) -> None:
        """Put the rest of a transaction in the hands of an actor, as row-level security holds them to it."""
        self._database.acting(actor, errand).hand_over(connection)


def subject_version(connection: sa.Connection, subject: Subject) -> int:
    """Return the version at which a subject changed last, for who sees the whole log."""
    found = connection.scalar(statement("tile_subject_version"), {"subject": subject})
    return int(found or 0)


def seen_rows(connection: sa.Connection, table: str) -> tuple[Ints, BBox | None]:
    """Return the ids of the buildings or events that whoever acts sees, ascending, and their box."""
    row = connection.execute(
        sa.text(
            "SELECT string_agg(int8send(seen.id), CAST('' AS BYTEA)) AS ids, "  # noqa: S608 - a table of ours
            "min(ST_XMin(seen.geom)) AS west, min(ST_YMin(seen.geom)) AS south, "
            "max(ST_XMax(seen.geom)) AS east, max(ST_YMax(seen.geom)) AS north "
            f"FROM (SELECT id, geom FROM {table} WHERE geom IS NOT NULL ORDER BY id) AS seen"
        )
    ).one()
    box = None if row.west is None else (row.west, row.south, row.east, row.north)
    return unpacked_ids(row.ids), box


def unpacked_ids(packed: bytes | None) -> Ints:
    """Return ids that were read as one string of bytes."""
    return np.frombuffer(packed or b"", ">i8").astype(np.int64)


@dataclass(frozen=True, slots=True)
class PlansInForce:
    """The plans of one layer in force on a day.

    Attributes
    ----------
    layer, title_zh, title_en : str
        The layer.
    plan_ids : tuple of int
        Ascending.
    contents : tuple of str
        The digest of what is in each of them; empty where it has none.
    plans : tuple of str
        Their names.
    since : datetime.date or None
        When the last of them came into force.
    """

    layer: str
    title_zh: str
    title_en: str
    plan_ids: tuple[int, ...]
    contents: tuple[str, ...]
    plans: tuple[str, ...]
    since: date | None


def plans_in_force(connection: sa.Connection, day: date) -> dict[str, PlansInForce]:
    """Return all layers by name, from the top down, with their plans in force on a day."""
    rows = connection.execute(statement("tile_plans"), {"day": day}).mappings()
    found = {}
    for row in rows:
        values = {**row, **{name: tuple(row[name]) for name in ("plan_ids", "contents", "plans")}}
        found[row["layer"]] = PlansInForce(**values)
    return found
