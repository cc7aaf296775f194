"""Where people live."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import shapely
import sqlalchemy as sa

from gisgov.store import tables
from gisgov.store.database import Database
from gisgov.store.people import people_within

HERE = (114.0, 22.5, 114.1, 22.6)


@pytest.fixture
def build(database: Database) -> Callable[..., None]:
    """Put a building or a block of some people at a place."""

    def built(table: sa.Table, name: str, lon: float, population: int | None, size: float = 0.001) -> None:
        shape = shapely.MultiPolygon([shapely.box(lon, 22.55, lon + size, 22.55 + size)])
        values = {"geom": f"SRID=4326;{shape.wkt}", "population": population}
        if table is tables.building:
            values |= {"external_id": name, "source": "test", "crs": "EPSG:4326"}
        else:
            values |= {"code": name, "scope_code": "", "area_m2": 1.0}
        with database.begin() as connection:
            connection.execute(table.insert().values(values))

    return built


def test_people_of_buildings_count_before_those_of_blocks(
    database: Database, build: Callable[..., None]
) -> None:
    with database.begin() as connection:
        assert [len(part) for part in people_within(connection, HERE)] == [0, 0, 0]
    build(tables.block, "B1", 114.01, 700)
    build(tables.block, "B2", 114.02, 0)
    build(tables.building, "empty", 114.03, 0)
    build(tables.building, "unknown", 114.04, None)
    with database.begin() as connection:
        lon, lat, count = people_within(connection, HERE)
    assert (lon.round(4).tolist(), lat.round(4).tolist(), count.tolist()) == ([114.0105], [22.5505], [700])
    build(tables.building, "house", 114.05, 12)
    build(tables.building, "elsewhere", 115.0, 12)
    with database.begin() as connection:
        lon, lat, count = people_within(connection, HERE)
    assert (lon.round(4).tolist(), count.tolist()) == ([114.0505], [12])
