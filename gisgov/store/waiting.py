"""Rows of a file that wait in a table of the transaction until all of them are judged."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
import sqlalchemy as sa

from gisgov.store.copying import copy_rows
from gisgov.store.statements import statement
from gisgov.types import BBox, Floats, Geometries, Ints, Json, Texts

_BATCH_BYTES = 8 << 20
_MOST_ROWS = 5_000
_COLUMNS = "row, code, name, said_parent, geom, population, households, attributes"


@dataclass(frozen=True, slots=True)
class Comparison:
    """How waiting rows differ from a plan: counts, and the smallest code of each kind."""

    new: int
    changed: int
    unchanged: int
    lacking: int
    first_new: str | None
    first_changed: str | None
    first_lacking: str | None


@dataclass(frozen=True, slots=True, eq=False)
class WaitingRows:
    """Some rows that wait, parallel; geometries are EPSG:4326."""

    rows: Ints
    codes: Texts
    said_parents: Texts
    geometries: Geometries


def stage_areas(connection: sa.Connection) -> None:
    """Make the tables in which rows wait until this transaction ends."""
    for part in statement("stage_areas").text.split(";"):
        if part.strip():
            connection.execute(sa.text(part))


def add_waiting(
    connection: sa.Connection,
    rows: Ints,
    codes: Texts,
    names: Texts,
    said_parents: Texts,
    geometries: Geometries,
    population: Texts,
    households: Texts,
    attributes: Sequence[Json],
) -> None:
    """Let rows wait; all parallel, geometries MultiPolygon in EPSG:4326."""
    wkb = shapely.to_wkb(shapely.set_srid(geometries, 4326), hex=True, include_srid=True)
    documents = (json.dumps(document, ensure_ascii=False) for document in attributes)
    records = zip(
        rows.tolist(), codes, names, said_parents, wkb, population, households, documents, strict=True
    )
    copy_rows(connection, f"incoming_area ({_COLUMNS})", records)


def waiting_rows(connection: sa.Connection) -> Iterator[WaitingRows]:
    """Yield the rows that wait, by row number, as many at a time as come to some megabytes."""
    count, size = connection.execute(
        sa.text("SELECT count(*), sum(ST_MemSize(geom)) FROM incoming_area")
    ).one()
    if not count:
        return
    most = min(max(_BATCH_BYTES * count // size, 1), _MOST_ROWS)
    query = sa.text(
        "SELECT row, code, said_parent, ST_AsBinary(geom) FROM incoming_area"
        " WHERE row > :last ORDER BY row LIMIT :most"
    )
    last = 0
    while found := connection.execute(query, {"last": last, "most": most}).all():
        last = int(found[-1][0])
        numbers, codes, said, wkb = zip(*found, strict=True)
        yield WaitingRows(
            np.array(numbers, dtype=np.int64),
            np.array(codes, dtype=object),
            np.array(said, dtype=object),
            np.asarray(shapely.from_wkb([bytes(one) for one in wkb]), dtype=object),
        )


def waiting_geometries(connection: sa.Connection, rows: Sequence[int]) -> Geometries:
    """Return the polygons of rows that wait, in the order of their numbers."""
    query = sa.text("SELECT ST_AsBinary(geom) FROM incoming_area WHERE row = ANY(:rows) ORDER BY row")
    found = connection.execute(query, {"rows": list(rows)}).scalars().all()
    return np.asarray(shapely.from_wkb([bytes(wkb) for wkb in found]), dtype=object)


def drop_waiting(connection: sa.Connection, rows: Iterable[int]) -> None:
    """Take rows out."""
    connection.execute(sa.text("DELETE FROM incoming_area WHERE row = ANY(:rows)"), {"rows": sorted(rows)})


def replace_ground(connection: sa.Connection, row: int, geometry: shapely.Geometry) -> None:
    """Give a waiting row another polygon (MultiPolygon, EPSG:4326)."""
    connection.execute(
        sa.text("UPDATE incoming_area SET geom = ST_SetSRID(CAST(:wkb AS geometry), 4326) WHERE row = :row"),
        {"row": row, "wkb": shapely.to_wkb(geometry)},
    )


def waiting_extent(connection: sa.Connection) -> BBox | None:
    """Return ``(west, south, east, north)`` of the rows that wait; None when there are none."""
    query = sa.text(
        "SELECT ST_XMin(box), ST_YMin(box), ST_XMax(box), ST_YMax(box)"
        " FROM (SELECT ST_Extent(geom) AS box FROM incoming_area) AS extent"
    )
    west, south, east, north = connection.execute(query).one()
    return None if west is None else (west, south, east, north)


def adopt_codes(connection: sa.Connection, plan_id: int) -> None:
    """Give rows without a code the code of the area of the plan that is the same ground."""
    connection.execute(statement("adopt_codes"), {"plan_id": plan_id})


def settle_waiting(
    connection: sa.Connection,
    rows: Ints,
    codes: Texts,
    parent_codes: Sequence[Sequence[str]],
    area_m2: Floats,
) -> None:
    """Note what was found out about waiting rows; they take it over with `take_settled`."""
    records = zip(
        rows.tolist(), codes, (list(codes) for codes in parent_codes), area_m2.tolist(), strict=True
    )
    copy_rows(connection, "found_area (row, code, parent_codes, area_m2)", records)


def take_settled(connection: sa.Connection) -> None:
    """Let the waiting rows take over what was noted, and have the planner count them."""
    connection.execute(
        sa.text(
            "UPDATE incoming_area AS incoming SET code = found.code, parent_codes = found.parent_codes,"
            " area_m2 = found.area_m2, name = COALESCE(incoming.name, found.code)"
            " FROM found_area AS found WHERE found.row = incoming.row"
        )
    )
    connection.execute(sa.text("ANALYZE incoming_area"))


def compare_areas(connection: sa.Connection, plan_id: int) -> Comparison:
    """Compare the rows that wait with the areas of a plan."""
    return Comparison(**connection.execute(statement("compare_areas"), {"plan_id": plan_id}).mappings().one())


def insert_areas(connection: sa.Connection, plan_id: int) -> int:
    """Put the rows that the plan does not have into it; return how many."""
    return int(connection.execute(statement("insert_areas"), {"plan_id": plan_id}).rowcount)
