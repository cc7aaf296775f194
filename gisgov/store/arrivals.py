"""Events and buildings on their way in: rows wait, then update what is known and add what is new."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import shapely
import sqlalchemy as sa

from gisgov.store.acting import as_owner
from gisgov.store.copying import copy_rows
from gisgov.store.statements import statement
from gisgov.store.tables import area, layer, plan
from gisgov.types import BBox, Geometries


@dataclass(frozen=True, slots=True)
class Arrival:
    """A subject that arrives: how its statements differ from those of the other.

    Attributes
    ----------
    subject : str
        ``event`` or ``building``.
    columns : tuple of str
        Columns besides source, id and geometry.
    kept_if_null : tuple of str
        Of those, the ones whose known value stays when the file says nothing.
    document : str
        Of those, the one that holds what has no column of its own, as JSON.
    defaults : dict of str to str
        SQL for columns of new rows when the file says nothing.
    redated : str
        SQL condition, besides a moved geometry, under which a known one is joined anew.
    only_new : tuple of str
        Columns that are found out while rows wait, and taken over for new rows alone.
    settled : str or None
        SQL condition on a known row under which `kept_if_null` stay whatever the file says.
    """

    subject: str
    columns: tuple[str, ...]
    kept_if_null: tuple[str, ...]
    document: str
    defaults: dict[str, str]
    redated: str
    only_new: tuple[str, ...] = ()
    settled: str | None = None

    def stage(self, connection: sa.Connection, records: Iterable[Sequence[object]]) -> None:
        """Let rows wait: row, id, source, geometry (hexadecimal EWKB), then `columns`."""
        connection.execute(statement(f"stage_{self.subject}s"))
        columns = ", ".join(("row", "external_id", "source", "geom", *self.columns))
        copy_rows(connection, f"incoming_{self.subject} ({columns})", records)
        connection.execute(sa.text(f"ANALYZE incoming_{self.subject}"))

    def take_over(
        self, connection: sa.Connection, *, absent: Iterable[str] = (), keys: Iterable[str] = ()
    ) -> Taken:
        """Update what is known and add what is new.

        Parameters
        ----------
        connection : sqlalchemy.Connection
            Inside the transaction in which the rows wait.
        absent : iterable of str
            Columns that the file does not have: what is known of them stays.
        keys : iterable of str
            Keys of the document that the file has: what is known of the others stays.
        """
        told = [column for column in self.columns if column not in set(absent)]
        news = {column: self._news(column) for column in told}
        updated = connection.execute(
            statement(
                "update_arrivals",
                subject=self.subject,
                redated=self.redated,
                known=", ".join(f"known.{column}" for column in told),
                incoming=", ".join(news[column].replace("stored.", "known.") for column in told),
                assignments=", ".join(f"{column} = {news[column]}" for column in told),
            ),
            {"keys": list(keys)},
        ).all()
        inserted = self._insert(connection)
        to_join = (*inserted, *(row.id for row in updated if row.has_moved))
        return Taken(len(inserted), len(updated), to_join)

    def _insert(self, connection: sa.Connection) -> Sequence[int]:
        """Add what is new and return its ids, which whoever brought it may not see before it has an area."""
        highest = sa.text(f"SELECT COALESCE(max(id), 0) FROM {self.subject}")  # noqa: S608 - a word of ours
        with as_owner(connection):
            before = connection.scalar(highest)
        connection.execute(
            statement(
                "insert_arrivals",
                subject=self.subject,
                columns=", ".join((*self.columns, *self.only_new)),
                values=", ".join(self._new(column) for column in (*self.columns, *self.only_new)),
            )
        )
        with as_owner(connection):
            return connection.scalars(statement("arrived", subject=self.subject), {"before": before}).all()

    def joined(self, connection: sa.Connection) -> tuple[sa.RowMapping, ...]:
        """Return counts by layer of where the rows stand: layer, joined, on_border, orphans, no_plan."""
        with as_owner(connection):  # of the rows of the file alone
            return tuple(connection.execute(statement("arrivals_joined", subject=self.subject)).mappings())

    def outside(self, connection: sa.Connection) -> tuple[sa.RowMapping, ...]:
        """Return the rows that lie outside all areas of a layer, with the nearest one."""
        with as_owner(connection):  # of the rows of the file alone
            return tuple(connection.execute(statement("arrivals_outside", subject=self.subject)).mappings())

    def _news(self, column: str) -> str:
        if column in self.kept_if_null:
            told = f"COALESCE(incoming.{column}, stored.{column})"
            return f"CASE WHEN {self.settled} THEN stored.{column} ELSE {told} END" if self.settled else told
        if column == self.document:
            return f"(stored.{column} - CAST(:keys AS TEXT[])) || incoming.{column}"
        return f"incoming.{column}"

    def _new(self, column: str) -> str:
        default = self.defaults.get(column)
        return f"incoming.{column}" if default is None else f"COALESCE(incoming.{column}, {default})"


@dataclass(frozen=True, slots=True)
class Taken:
    """What taking rows over did; ``to_join`` are the ids of those that are new, moved or re-dated."""

    inserted: int
    updated: int
    to_join: tuple[int, ...]


def hex_ewkb(geometries: Geometries) -> list[str | None]:
    """Return geometries (EPSG:4326) as COPY takes them; None for none."""
    return list(shapely.to_wkb(shapely.set_srid(geometries, 4326), hex=True, include_srid=True))


def ground_of_partitions(connection: sa.Connection) -> BBox | None:
    """Return ``(west, south, east, north)`` of all areas of partition layers that were ever in force."""
    extent = sa.func.ST_Extent(area.c.geom).label("box")
    query = (
        sa.select(extent)
        .select_from(area.join(plan).join(layer))
        .where(plan.c.status != "draft", layer.c.kind == "partition")
        .subquery()
    )
    sides = (sa.func.ST_XMin, sa.func.ST_YMin, sa.func.ST_XMax, sa.func.ST_YMax)
    west, south, east, north = connection.execute(sa.select(*(side(query.c.box) for side in sides))).one()
    return None if west is None else (west, south, east, north)
