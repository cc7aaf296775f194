"""A million points joined with areas: `CellIndex.owners` against those who join points with polygons.

Points and areas are in degrees on the storage grid. Every peer is asked for the owner alone, the area with
the smallest code of those that meet the point, and has its index or table ready before. Its answers are
compared with ours for every point before times are looked at; one point in a hundred is a vertex, and so has
two or three areas. PostGIS has points and areas in tables, with an index, and joins them by ST_Covers.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from typing import Any

import geopandas
import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import shapely
import sqlalchemy as sa

from benchmarks.bars import QUICK, Bar, note, show, timed, timed_in_turns
from benchmarks.database import private_database
from benchmarks.jagged import jagged_areas
from gisgov.geometry.cell_index import CellIndex, build_cell_index
from gisgov.geometry.crs import parse_crs, to_wgs84_geometries
from gisgov.geometry.snap import snap
from gisgov.store.copying import copy_rows
from gisgov.store.database import Database
from gisgov.types import Floats, Geometries

POINTS = 50_000 if QUICK else 1_000_000
SIZES = ((1_209, 50.0, 50.0, 300.0), (2_000 if QUICK else 100_000, 25.0, 18.0, 100.0))
"""How many areas, and how many times faster we are to be than a tree, than joins, than PostGIS."""

_CRS = "EPSG:4547"
_ON_BORDER = 100  # one point in so many is a vertex

Owners = npt.NDArray[np.int64]


def stored_areas(count: int) -> Geometries:
    """Draw areas and round them to the coordinates that are stored."""
    areas, _ = jagged_areas(count)
    stored = snap(to_wgs84_geometries(areas, parse_crs(_CRS)))
    assert shapely.is_valid(stored).all(), "another seed is needed: rounding made a ring cross itself"
    return stored


def points_of(areas: Geometries, count: int, *, seed: int) -> tuple[Floats, Floats]:
    """Draw points in and around the areas, some of them vertices."""
    rng = np.random.default_rng(seed)
    west, south, east, north = shapely.total_bounds(areas)
    xy = rng.uniform((west, south), (east, north), (count, 2))
    vertices = shapely.get_coordinates(areas)
    chosen = rng.choice(count, count // _ON_BORDER, replace=False)
    xy[chosen] = vertices[rng.integers(0, len(vertices), len(chosen))]
    return xy[:, 0].copy(), xy[:, 1].copy()


def smallest(point: Any, area: Any, count: int) -> Owners:
    """Of pairs keep the smallest area of each point; the areas come in the order of their codes."""
    owner = np.full(count, np.iinfo(np.int64).max)
    np.minimum.at(owner, np.asarray(point), np.asarray(area))
    owner[owner == np.iinfo(np.int64).max] = -1
    return owner


def by_tree(areas: Geometries, x: Floats, y: Floats) -> Callable[[], Owners]:
    """Shapely's tree, the points made before."""
    tree, points = shapely.STRtree(areas), shapely.points(x, y)
    return lambda: smallest(*tree.query(points, predicate="intersects"), len(x))


def by_geopandas(areas: Geometries, x: Floats, y: Floats) -> Callable[[], Owners]:
    """GeoPandas' spatial join, both frames made before."""
    frame = geopandas.GeoDataFrame({"code": pd.Series(range(len(areas)))}, geometry=areas, crs=4326)
    points = geopandas.GeoDataFrame(geometry=geopandas.points_from_xy(x, y), crs=4326)
    frame.sindex  # noqa: B018 - built once, as our index is

    def join() -> Owners:
        joined = geopandas.sjoin(points, frame, predicate="intersects", how="inner")
        return smallest(joined.index, joined["index_right"], len(x))

    return join


def by_sedona(areas: Geometries, x: Floats, y: Floats) -> Callable[[], Owners]:
    """SedonaDB's spatial join, both tables in its memory before."""
    import sedonadb

    sedona = sedonadb.connect()
    frame = geopandas.GeoDataFrame({"area": np.arange(len(areas))}, geometry=areas, crs=4326)
    points = geopandas.GeoDataFrame(
        {"point": np.arange(len(x))}, geometry=geopandas.points_from_xy(x, y), crs=4326
    )
    sedona.create_data_frame(frame).to_memtable().to_view("areas", overwrite=True)
    sedona.create_data_frame(points).to_memtable().to_view("points", overwrite=True)
    question = (
        "SELECT points.point, min(areas.area) AS area FROM points JOIN areas"
        " ON ST_Intersects(areas.geometry, points.geometry) GROUP BY points.point"
    )

    def join() -> Owners:
        found = pa.RecordBatchReader.from_stream(sedona.sql(question)).read_all()
        return smallest(found["point"].to_numpy(), found["area"].to_numpy(), len(x))

    return join


def by_postgis(database: Database, areas: Geometries, x: Floats, y: Floats) -> Callable[[], Owners]:
    """PostGIS: tables with indexes, analysed, joined by ST_Covers."""
    with database.begin() as connection:
        connection.execute(sa.text("DROP TABLE IF EXISTS bench_area, bench_point"))
        connection.execute(
            sa.text('CREATE TABLE bench_area (code TEXT COLLATE "C", geom geometry(Polygon, 4326))')
        )
        connection.execute(sa.text("CREATE TABLE bench_point (id INTEGER, geom geometry(Point, 4326))"))
        ewkb = shapely.to_wkb(shapely.set_srid(areas, 4326), hex=True, include_srid=True)
        copy_rows(connection, "bench_area (code, geom)", ((f"{i:06d}", one) for i, one in enumerate(ewkb)))
        places = shapely.to_wkb(shapely.set_srid(shapely.points(x, y), 4326), hex=True, include_srid=True)
        copy_rows(connection, "bench_point (id, geom)", enumerate(places))
        connection.execute(sa.text("CREATE INDEX ON bench_area USING gist (geom)"))
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(sa.text("VACUUM ANALYZE bench_area"))
        connection.execute(sa.text("VACUUM ANALYZE bench_point"))
    question = sa.text(
        "SELECT bench_point.id, min(bench_area.code) FROM bench_point"
        " JOIN bench_area ON ST_Covers(bench_area.geom, bench_point.geom) GROUP BY bench_point.id"
    )

    def join() -> Owners:
        with database.begin() as connection:
            rows = connection.execute(question).all()
        owner: Owners = np.full(len(x), -1, dtype=np.int64)
        owner[[row[0] for row in rows]] = [int(row[1]) for row in rows]
        return owner

    return join


def compare(name: str, ours: Callable[[], Any], peer: str, theirs: Callable[[], Owners], need: float) -> None:
    """Compare all answers, then the times, both in one run and in turns."""
    _, expected = timed(theirs, runs=1)
    differing = int(np.count_nonzero(ours() != expected))
    assert differing == 0, f"{differing} of {len(expected)} points have another owner by {peer}"
    note(f"{name} {peer}: {len(expected)} points compared, all owners equal")
    (ours_s, _), (theirs_s, _) = timed_in_turns(ours, theirs, runs=2 if len(expected) > 100_000 else 3)
    # a run of ours is soon over: it gets as many as a run of the peer takes
    ours_s = min(ours_s, timed(ours, runs=20)[0])
    show(Bar(name, ours_s, peer, theirs_s, need=need))


def main() -> None:
    """Join the points with few areas, then with many."""
    few = stored_areas(20)
    build_cell_index(few, [f"{i:06d}" for i in range(20)]).owners([0.0], [0.0])  # compiles
    with private_database() as database:
        for count, tree, joins, postgis in SIZES:
            areas = stored_areas(count)
            x, y = points_of(areas, POINTS, seed=2)
            index = build_cell_index(areas, [f"{i:06d}" for i in range(count)])
            name = f"resolve-bulk-{POINTS}-points-{count}-areas"

            def ours(index: CellIndex = index, x: Floats = x, y: Floats = y) -> Any:
                return index.owners(x, y)

            compare(name, ours, "shapely.STRtree.query", by_tree(areas, x, y), tree)
            compare(name, ours, "geopandas.sjoin", by_geopandas(areas, x, y), joins)
            if importlib.util.find_spec("sedonadb") is None:
                note("sedonadb is not installed: scripts/bootstrap.sh peers")
            else:
                compare(name, ours, "sedonadb", by_sedona(areas, x, y), joins)
            compare(name, ours, "postgis.ST_Covers", by_postgis(database, areas, x, y), postgis)


if __name__ == "__main__":
    main()
