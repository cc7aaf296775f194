"""People and households of blocks, and buildings as people live in them."""

from __future__ import annotations

import geopandas
import numpy as np
import pytest
import shapely
import sqlalchemy as sa
from street_files import ground

from gisgov.services.blocks import store_blocks
from gisgov.store import block_counts, tables
from gisgov.store.block_counts import lock_blocks, put_block_counts
from gisgov.store.blocks import blocks_of_scope
from gisgov.store.database import Database
from gisgov.store.dwellings import dwellings_in_box


def test_counts_are_written_in_batches_and_only_where_they_differ(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(block_counts, "_BATCH", 2)
    shapes = ground("ABC")
    frame = geopandas.GeoDataFrame(
        {"code": list(shapes), "kept": 1}, geometry=list(shapes.values()), crs=4326
    )
    store_blocks(database, frame, scope_code="7")
    with database.begin() as connection:
        lock_blocks(connection)
        ids = blocks_of_scope(connection, "7").ids
        people, households = np.array([1, 2, 3]), np.array([1, 1, 0])
        assert put_block_counts(connection, ids, people, households, "counted") == 3
        assert put_block_counts(connection, ids, people, households, "counted") == 0
        people[2] = 4
        assert put_block_counts(connection, ids, people, households, "counted") == 1
        assert put_block_counts(connection, ids[:1], people[:1], households[:1], "guessed") == 1
    with database.begin() as connection:
        stored = blocks_of_scope(connection, "7")
    assert (stored.population.tolist(), stored.households.tolist()) == ([1, 2, 4], [1, 1, 0])
    assert stored.attributes == [
        {"kept": 1, "population_source": source} for source in ("guessed", "counted", "counted")
    ]


def test_buildings_of_a_box(database: Database) -> None:
    rows = [("1", shapely.Point(1, 1)), ("2", shapely.box(0, 0, 2, 2)), ("3", shapely.Point(9, 9))]
    with database.begin() as connection:
        for key, shape in rows:
            row = {"source": "s", "external_id": key, "crs": "x", "geom": f"SRID=4326;{shape.wkt}"}
            connection.execute(sa.insert(tables.building).values(**row, floors=2, facts={"height": 6}))
        nowhere = {"source": "s", "external_id": "4", "crs": "x", "problem": "no-coordinate"}
        connection.execute(sa.insert(tables.building).values(**nowhere))
        found = dwellings_in_box(connection, (0.5, 0.5, 1.5, 1.5))
        none = dwellings_in_box(connection, (5, 5, 6, 6))
    assert found.ids.tolist() == ["s 1", "s 2"]
    assert [shape.geom_type for shape in found.geometries] == ["Point", "Polygon"]
    assert (found.floors.tolist(), found.population.tolist()) == ([2, 2], [None, None])
    assert (found.households.tolist(), found.use.tolist()) == ([None, None], [None, None])
    assert list(found.facts) == [{"height": 6}, {"height": 6}]
    assert len(none.ids) == len(none.geometries) == 0
