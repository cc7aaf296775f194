"""Points to areas: `AreaIndex.locate` against geopandas' spatial join, on the same points and areas.

The first bar asks the join for the owner alone: of the areas that a point meets, the one with the smallest
code. Ours does more (candidates, on a border or not, metres to the border or to the nearest area), so
the second bar has geopandas measure those metres too.
"""

from __future__ import annotations

import geopandas
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from benchmarks.bars import QUICK, Bar, show, timed
from benchmarks.jagged import jagged_areas
from gisgov.geometry.crs import parse_crs
from gisgov.geometry.locate import AreaIndex
from gisgov.types import Floats, Geometries, Ints, Texts

AREAS = 1_209
POINTS = 50_000 if QUICK else 1_000_000
CRS = "EPSG:4547"
_ON_BORDER = 100  # one point in so many is a vertex: it has two or three areas


def points_of(areas: Geometries, count: int, *, seed: int) -> tuple[Floats, Floats]:
    """Draw points in and around the areas, some of them vertices."""
    rng = np.random.default_rng(seed)
    west, south, east, north = shapely.total_bounds(areas)
    xy = rng.uniform((west, south), (east, north), (count, 2))
    vertices = shapely.get_coordinates(areas)
    chosen = rng.choice(count, count // _ON_BORDER, replace=False)
    xy[chosen] = vertices[rng.integers(0, len(vertices), len(chosen))]
    return xy[:, 0].copy(), xy[:, 1].copy()


def owners_by_join(areas: geopandas.GeoDataFrame, x: Floats, y: Floats) -> Ints:
    """Return the number of the owner of each point by a spatial join, -1 outside."""
    points = geopandas.GeoDataFrame(geometry=geopandas.points_from_xy(x, y), crs=CRS)
    joined = geopandas.sjoin(points, areas, predicate="intersects", how="inner")
    number = joined["index_right"].groupby(joined.index).min()  # the areas come in the order of their codes
    owner: npt.NDArray[np.int64] = np.full(len(x), -1, dtype=np.int64)
    owner[number.index.to_numpy()] = number.to_numpy()
    return owner


def metres_by_geopandas(areas: geopandas.GeoDataFrame, x: Floats, y: Floats, owner: Ints) -> Floats:
    """Return the metres from each point to the border of its owner, or to the nearest area."""
    points = geopandas.GeoDataFrame(geometry=geopandas.points_from_xy(x, y), crs=CRS)
    metres = np.empty(len(x))
    inside = owner >= 0
    borders = areas.boundary.iloc[owner[inside]]
    metres[inside] = points.geometry[inside].distance(borders, align=False)
    near = geopandas.sjoin_nearest(points[~inside], areas, distance_col="metres")["metres"]
    metres[~inside] = near.groupby(near.index).min().to_numpy()
    return metres


def main() -> None:
    """Compare the answers, then the times."""
    geometries, _ = jagged_areas(AREAS, seed=1)
    codes: Texts = np.array([f"{i:06d}" for i in range(len(geometries))], dtype=object)
    frame = geopandas.GeoDataFrame({"code": pd.Series(codes)}, geometry=geometries, crs=CRS)
    x, y = points_of(geometries, POINTS, seed=2)
    system = parse_crs(CRS)

    index = AreaIndex(geometries, codes, system, system)
    ours_s, located = timed(lambda: index.locate(x, y))
    frame.sindex  # noqa: B018 - built once, as our index is
    owner_s, owner = timed(lambda: owners_by_join(frame, x, y))
    metres_s, metres = timed(lambda: metres_by_geopandas(frame, x, y, owner), runs=1)
    assert np.array_equal(located.area, owner), "the same owner for every point"
    assert np.allclose(located.border_m, metres, rtol=0, atol=1e-6), "the same metres for every point"
    assert np.count_nonzero(located.on_border) >= POINTS // _ON_BORDER * 0.9, "vertices lie on borders"
    name = f"{POINTS}-points-{AREAS}-areas"
    show(Bar(f"resolve-owner-{name}", ours_s, "geopandas.sjoin", owner_s, need=1.0))
    show(Bar(f"resolve-whole-{name}", ours_s, "geopandas.sjoin+distance", owner_s + metres_s, need=1.0))


if __name__ == "__main__":
    main()
