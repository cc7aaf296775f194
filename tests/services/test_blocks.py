"""Storing blocks."""

from __future__ import annotations

from typing import Any

import geopandas
import numpy as np
import pandas as pd
import pytest
import shapely

from gisgov.errors import CrsError, InputError
from gisgov.geometry.adjacency import shared_borders
from gisgov.geometry.edge_classes import EdgeClass
from gisgov.services.blocks import BlocksStored, store_blocks
from gisgov.store.block_edges import block_edges_of_scope
from gisgov.store.blocks import blocks_of_scope
from gisgov.store.database import Database

CELLS = [shapely.box(114 + i * 0.01, 22.5, 114.01 + i * 0.01, 22.51) for i in range(3)]


def frame(**changes: Any) -> geopandas.GeoDataFrame:
    columns = {"code": ["1", "2", "3"], "population": [10, 0, 5], "land_use": ["住宅", None, ""], **changes}
    return geopandas.GeoDataFrame(columns, geometry=CELLS, crs=4326)


def test_blocks_are_stored_once(database: Database) -> None:
    extra = frame(
        buildings=np.array([4, 0, 1]),
        surveyed=[pd.Timestamp("2026-01-01"), None, None],
        share=[0.5, np.nan, 1],
    )
    done = store_blocks(database, extra, scope_code="440305")
    assert done == BlocksStored("440305", 3, 0, 0, pytest.approx(3 * 1.139e6, rel=0.01), 15, 0)
    assert store_blocks(database, extra, scope_code="440305").unchanged == 3
    with database.begin() as connection:
        found = blocks_of_scope(connection, "440305")
    assert found.attributes == [
        {"buildings": 4, "surveyed": "2026-01-01 00:00:00", "share": 0.5},
        {"buildings": 0},
        {"buildings": 1, "share": 1.0},
    ]
    assert found.land_use.tolist() == ["住宅", None, None]
    assert found.households.tolist() == [0, 0, 0]


def test_blocks_in_another_system_come_to_lon_lat(database: Database) -> None:
    store_blocks(database, frame().to_crs(4547), scope_code="")
    with database.begin() as connection:
        found = blocks_of_scope(connection, "")
    assert shapely.equals_exact(found.geometries[0], shapely.MultiPolygon([CELLS[0]]), 2e-7)


def lines(**changes: Any) -> geopandas.GeoDataFrame:
    """Both borders between the blocks of `frame`."""
    drawn = [shapely.LineString([(x, 22.5), (x, 22.51)]) for x in (114.01, 114.02)]
    columns = {"edge_class": ["arterial", "water"], "geometry": drawn, **changes}
    return geopandas.GeoDataFrame(columns, crs=4326)


def test_edges_are_stored_with_their_blocks(database: Database) -> None:
    def stored() -> tuple[list[str], list[int]]:
        with database.begin() as connection:
            found, classes = block_edges_of_scope(connection, "7")
        return [line.wkt for line in found], classes.tolist()

    store_blocks(database, frame(), scope_code="7", edges=lines())
    first = stored()
    assert first == ([line.wkt for line in lines().geometry], [EdgeClass.ARTERIAL, EdgeClass.WATER])
    store_blocks(database, frame(), scope_code="7", edges=lines())
    assert stored() == first
    store_blocks(database, frame(), scope_code="7")  # nothing said of edges: they stay
    assert stored() == first
    store_blocks(database, frame(), scope_code="7", edges=lines().iloc[:0])
    assert stored() == ([], [])


def test_edges_in_another_system_keep_to_the_corners_of_blocks(database: Database) -> None:
    store_blocks(database, frame().to_crs(4547), scope_code="7", edges=lines().to_crs(4547))
    with database.begin() as connection:
        blocks = blocks_of_scope(connection, "7").geometries
        edges, classes = block_edges_of_scope(connection, "7")
    found = shared_borders(blocks, edges=edges, edge_class=classes)
    along = found.class_length_m.sum(axis=0)
    assert along[EdgeClass.ARTERIAL] == pytest.approx(0.01, rel=1e-4)
    assert along[EdgeClass.WATER] == pytest.approx(0.01, rel=1e-4)
    assert along.sum() == pytest.approx(0.02, rel=1e-4)


@pytest.mark.parametrize(
    ("edges", "message"),
    [
        (lines().set_crs(None, allow_override=True), "edges of the blocks have no coordinate system"),
        (lines().drop(columns="edge_class"), "have no column 'edge_class'"),
        (lines(edge_class=["arterial", "canyon"]), "'canyon' is no edge class"),
        (lines(geometry=[shapely.LineString([(114, 22), (114, 23)]), CELLS[0]]), "Edge 2 of the blocks"),
        (lines(geometry=[None, shapely.LineString()]), "Edge 1 of the blocks is no line"),
    ],
)  # fmt: skip
def test_edges_that_cannot_be_used_are_refused_and_no_block_is_stored(
    database: Database, edges: geopandas.GeoDataFrame, message: str
) -> None:
    with pytest.raises((CrsError, InputError), match=message):
        store_blocks(database, frame(), scope_code="7", edges=edges)
    with database.begin() as connection:
        assert len(blocks_of_scope(connection, "7")) == 0


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"code": ["1", "1", "3"]}, "Block 1 comes twice, in rows 1 and 2"),
        ({"code": ["1", None, "3"]}, "The block in row 2 has no code"),
        ({"code": ["1", "", "3"]}, "The block in row 2 has no code"),
        ({"population": [1, -1, 3]}, r"Block 2 \(row 2\) has .*-1.* in 'population', which is no count"),
        ({"population": [1, 2.5, 3]}, "which is no count"),
        ({"population": [1, None, 3]}, "which is no count"),
        ({"population": [1, "many", 3]}, "'many' in 'population'"),
    ],
)
def test_a_row_that_cannot_be_used_is_named(database: Database, changes: Any, message: str) -> None:
    with pytest.raises(InputError, match=message):
        store_blocks(database, frame(**changes), scope_code="")


def test_a_frame_that_cannot_be_used_is_refused(database: Database) -> None:
    with pytest.raises(CrsError, match="no coordinate system"):
        store_blocks(database, frame().set_crs(None, allow_override=True), scope_code="")
    with pytest.raises(InputError, match="no column 'code'"):
        store_blocks(database, frame().drop(columns="code"), scope_code="")
    with pytest.raises(InputError, match="There are no blocks"):
        store_blocks(database, frame().iloc[:0], scope_code="")
    bow_tie = shapely.Polygon([(114, 22), (115, 23), (115, 22), (114, 23)])
    broken = frame()
    broken.geometry = [CELLS[0], bow_tie, CELLS[2]]
    with pytest.raises(InputError, match=r"Block 2 \(row 2\) has an invalid ring"):
        store_blocks(database, broken, scope_code="")
