"""Storing blocks."""

from __future__ import annotations

from typing import Any

import geopandas
import numpy as np
import pandas as pd
import pytest
import shapely

from gisgov.errors import CrsError, InputError
from gisgov.services.blocks import BlocksStored, store_blocks
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
