"""A full tile has the features of tiles of a few: loops that stop for room lose and change none."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import shapely
from tile_shapes import decoded, tile_at

from gisgov.tiles import Rules, TileSet, features_of, world_of_lonlat
from gisgov.types import Geometries

PLACE = tile_at(14)
RULES = Rules("things", max_bytes=None)


def along_a_side(count: int) -> Geometries:
    """Draw L-shaped houses around the western side of the tile, many of them across it, and a large ring."""
    rng = np.random.default_rng(3)
    corners = np.array([(0, 0), (4, 1), (3.6, 2.6), (1.6, 2.1), (1, 4), (-1, 3.5)]) * 2e-5
    x = PLACE[1] / 2**14 * 360 - 180 - 64 / 4096 * 360 / 2**14
    y = next(lat for lat in np.arange(30, 30.03, 1e-3) if _row(lat + 0.005) == PLACE[2] == _row(lat))
    at = np.column_stack((x + rng.normal(0, 1.5e-4, count), y + rng.uniform(0, 0.005, count)))
    houses = shapely.polygons(at[:, None, :] + corners)
    return np.append(houses, shapely.Point(x, y).buffer(0.01, quad_segs=400))


def _row(lat: float) -> int:
    return int(world_of_lonlat(np.array([[120.0, lat]]))[0, 1] * 2**14)


def test_a_full_tile_has_all_features_of_smaller_ones() -> None:
    shapes = along_a_side(3200)
    ids = np.arange(len(shapes))
    columns = {"score": ids * 0.1, "name": np.array([f"house {i} " * 12 for i in ids], dtype=object)}

    def tile(rows: slice) -> bytes:
        some = features_of(shapes[rows], ids[rows], {name: one[rows] for name, one in columns.items()})
        return TileSet.build(some, RULES).tile(*PLACE)

    with ThreadPoolExecutor(1) as fresh:  # a thread begins with little room
        whole = fresh.submit(tile, slice(None)).result()
    few = {i: one for at in range(0, len(ids), 250) for i, one in decoded(tile(slice(at, at + 250))).items()}
    found = decoded(whole)
    assert len(whole) > 1 << 16, "longer than the room that there is at first"
    assert found == few
    assert found.keys() > {len(shapes) - 1}
    bounds = shapely.bounds(np.array([shape for _, shape in found.values()], dtype=object))
    assert np.count_nonzero(bounds[:, 0] == -64) > 512, "more are cut than at once"
    assert len(found) < len(shapes), "some lie out of the tile"
