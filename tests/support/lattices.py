"""Blocks as a lattice of squares, and what lies over them: the ground of re-division tests."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import geopandas
import numpy as np
import shapely

from gisgov.services.blocks import store_blocks
from gisgov.services.loading import load_profile
from gisgov.store.database import Database

SIDE = 0.002
"""Cells of about 220 m: 0.0457 km² each."""
WEST, EAST = "449901001001", "449901001002"
SCOPE = "449901"
DAY = date(2026, 3, 1)
ZONE = ZoneInfo("Asia/Shanghai")


def lattice(columns: int, rows: int, population: int = 500, **attributes: Any) -> geopandas.GeoDataFrame:
    """Square blocks, numbered from the south-west corner row by row; all have the same people."""
    edges_x, edges_y = (
        np.round(at + np.arange(n + 1) * SIDE, 7) for at, n in ((114.0, columns), (22.5, rows))
    )
    cells = [
        shapely.box(edges_x[i], edges_y[j], edges_x[i + 1], edges_y[j + 1])
        for j in range(rows)
        for i in range(columns)
    ]
    codes = [f"{number:04d}" for number in range(len(cells))]
    people = np.full(len(cells), population)
    columns_of = {"code": codes, "population": people, "households": people // 2, **attributes}
    return geopandas.GeoDataFrame(columns_of, geometry=cells, crs=4326)


def between(frame: geopandas.GeoDataFrame, west: float, east: float) -> shapely.Geometry:
    """Ground of the blocks whose centres lie between two columns, their corners kept."""
    x = shapely.get_x(shapely.centroid(frame.geometry.to_numpy()))
    return shapely.coverage_union_all(
        frame.geometry.to_numpy()[(x > 114 + west * SIDE) & (x < 114 + east * SIDE)]
    )


def settle(
    database: Database, plant: Callable[..., None], frame: geopandas.GeoDataFrame, *, columns: int = 20
) -> None:
    """Put two communities side by side into force, West and East, and store the blocks of both."""
    from fixtures import shipped

    load_profile(database, shipped.profile("sub-grids"))
    plant("district", {SCOPE: between(frame, 0, columns)})
    plant("street", {"449901001": between(frame, 0, columns)}, parents={"449901001": [SCOPE]})
    half = columns / 2
    communities = {WEST: between(frame, 0, half), EAST: between(frame, half, columns)}
    plant(
        "community",
        communities,
        names={WEST: "西社区", EAST: "东社区"},
        parents={code: ["449901001"] for code in communities},
    )
    store_blocks(database, frame, scope_code=SCOPE)
