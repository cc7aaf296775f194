"""Certify the rows of a plan in PostGIS, the fetch included: against the fetch alone.

A private server is started for it, and areas are stored as an import stores them: in degrees on the storage
grid, as multipolygons. The peer fetches code and well-known binary of every row through psycopg's binary
cursor and does nothing with them; ours does the same and certifies the bytes as they came.
"""

from __future__ import annotations

from typing import cast

import numpy as np
import psycopg
import shapely

from benchmarks.bars import QUICK, Bar, note, show, timed_in_turns
from benchmarks.database import plant_areas, private_database
from benchmarks.jagged import jagged_areas
from gisgov.geometry.coverage import Certificate, certify
from gisgov.geometry.crs import parse_crs, to_wgs84_geometries
from gisgov.geometry.snap import snap
from gisgov.store.database import Database
from gisgov.types import Geometries

COUNT = 10_000 if QUICK else 100_000
_MOST = 1.5
_CRS = "EPSG:4547"

Rows = tuple[list[bytes], bytes]
"""Areas and scope as well-known binary."""


def stored_areas(count: int) -> tuple[Geometries, shapely.Geometry]:
    """Draw areas and round them to the coordinates that are stored."""
    areas, _ = jagged_areas(count)
    stored = snap(to_wgs84_geometries(areas, parse_crs(_CRS)))
    assert shapely.is_valid(stored).all(), "another seed is needed: rounding made a ring cross itself"
    return stored, shapely.coverage_union_all(stored)


def fetched(database: Database, plan_id: int) -> Rows:
    """Fetch all rows of a plan, and its scope."""
    with database.begin() as connection:
        driver = cast("psycopg.Connection", connection.connection.driver_connection)
        with driver.cursor(binary=True) as cursor:
            cursor.execute(
                "SELECT code, ST_AsBinary(geom) FROM area WHERE plan_id = %s ORDER BY code", (plan_id,)
            )
            rows = cursor.fetchall()
            cursor.execute("SELECT ST_AsBinary(scope_geom) FROM plan WHERE id = %s", (plan_id,))
            scope = cursor.fetchone()
    assert scope is not None
    return [wkb for _, wkb in rows], scope[0]


def main() -> None:
    """Run it on one plan."""
    few, their_scope = jagged_areas(50)
    certify(shapely.to_wkb(few).tolist(), shapely.to_wkb(their_scope))
    areas, scope = stored_areas(COUNT)
    with private_database() as database:
        plan_id = plant_areas(database, areas, scope)

        def fetch() -> Rows:
            return fetched(database, plan_id)

        def certified() -> Certificate:
            return certify(*fetched(database, plan_id))

        rows, _ = fetch()  # the server's cache is warm for both
        (fetch_s, _), (ours_s, certificate) = timed_in_turns(fetch, certified, runs=9)
    assert certificate.holds, certificate.figure
    assert certificate.areas == len(areas) == len(rows)
    name = f"coverage-certify-rows-{COUNT}"
    show(Bar(name, ours_s, "fetch-alone", fetch_s, need=1 / _MOST))
    megabytes = float(np.sum([len(row) for row in rows])) / 1e6
    note(f"{name} takes {ours_s / fetch_s:.2f} times the fetch of {megabytes:.0f} MB; {certificate.figure}")


if __name__ == "__main__":
    main()
