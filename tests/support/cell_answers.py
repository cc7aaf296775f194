"""Areas and points that reach every branch of the kernels of the cell index, and what these make of them.

Run as a program it writes the answers; with NUMBA_DISABLE_JIT=1 those of the kernels as they are written,
which must be the ones of the compiled kernels to the last bit.
"""

from __future__ import annotations

import json
import sys
from typing import Any

import numpy as np
import shapely

from gisgov.geometry import cell_index_asking, cell_index_walking
from gisgov.geometry.cell_index import build_cell_index
from gisgov.geometry.systems import parse_crs
from gisgov.testing import areas_from_grid
from gisgov.types import Geometries

ZONE = parse_crs(4549)


def layers() -> dict[str, Geometries]:
    """Draw layers: plain, turned, overlapping, stacked, far apart, with long and level edges, none."""
    _, plain = areas_from_grid("AAB\nCAB\nCCD", cell_m=100.0, origin=(500_000.0, 3_300_000.0))
    turn = np.array([[0.8, 0.61], [-0.59, 0.81]])
    bent = shapely.Polygon([(0, 0), (9, 1), (9, 9), (5, 5), (1, 9)])
    holed = shapely.box(0, 0, 8, 8) - shapely.box(2, 2, 4, 4)
    # a ring of many edges in one cell beside a large area
    circle = shapely.Point(1000.5, 0.5).buffer(0.4, quad_segs=40)
    return {
        "plain": plain,
        "turned": shapely.transform(plain, lambda xy: xy @ turn),
        "touching": np.array([bent, shapely.Polygon([(0, 0), (9, 1), (5, -7)])]),
        "holes and parts": np.array([holed, shapely.MultiPolygon([shapely.box(2, 2, 4, 4), circle])]),
        "stacked": shapely.box(np.arange(30) % 3, 0, np.arange(30) % 3 + 2.0, 3),
        "beside": np.array([shapely.box(-2000, -1, 1000, 2), circle]),
        "twice drawn": np.array([shapely.Polygon([(0, 0), (4, 0), (4, 0), (4, 4), (0, 4)])]),
        "none": plain[:0],
    }


def points(areas: Geometries) -> tuple[Any, Any]:
    """All vertices, middles of edges, points far outside and at no place, and points anywhere."""
    xy = shapely.get_coordinates(areas)
    low, high = (xy.min(axis=0), xy.max(axis=0)) if len(xy) else (np.zeros(2), np.ones(2))
    some = np.random.default_rng(1).uniform(1.1 * low - 0.1 * high, 1.1 * high - 0.1 * low, (40, 2))
    far = [low - 9 * (high - low), high + 5 * (high - low), [np.nan, 1.0], [np.inf, 1.0], [1e300, 1e300]]
    every = np.concatenate((xy[::3], (xy[1:] + xy[:-1])[::3] / 2, xy[:9] + 1e-9, some, far))
    return every[:, 0].copy(), every[:, 1].copy()


def answers() -> dict[str, Any]:
    """Ask the kernels; numbers come as hexadecimal, so that comparing them is exact."""
    found: dict[str, Any] = {}
    for name, areas in layers().items():
        codes = [f"{i * 7 % 31:02d}" for i in range(len(areas))]
        index = build_cell_index(areas, codes, ZONE, ZONE)
        x, y = points(areas)
        located = index.locate(x, y)
        arrays = {key: _plain(array) for key, array in index.to_arrays().items() if key != "about"}
        told = [located.area, located.on_border, located.border_m, located.nearest, index.owners(x, y)]
        singly = [index.locate_one(*place) for place in zip(x.tolist(), y.tolist(), strict=True)]
        alone = [[one[0], bool(one[1]), float(one[2]).hex(), one[3], one[4]] for one in singly]
        found[name] = [arrays, [_plain(each) for each in told], located.candidates, alone]
    for module in (cell_index_asking, cell_index_walking):
        found[module.__name__] = [bool(module._is_left(*each)) for each in sides()]
    return found


def sides() -> list[tuple[float, ...]]:
    """Give edges drawn upwards, and places on them, hardly beside them and far from them."""
    slanting = [(0.1, 0.1, 0.7, 0.7, x, y) for x in (0.3, 0.3 + 2**-54, 0.3 - 2**-54) for y in (0.3, 0.4)]
    level = [(0.0, 1.0, 2.0, 1.0, 1.0, y) for y in (0.5, 1.0, 1.5)]
    return [*slanting, *level, (0.0, 0.0, 0.0, 1.0, 0.0, 0.5), (0.5, 0.0, 1.0, 1.0, 0.0, 0.5)]


def _plain(values: Any) -> Any:
    if values.dtype == np.float64:
        return [value.hex() for value in values.ravel().tolist()]
    return values.tolist()


if __name__ == "__main__":
    json.dump(answers(), sys.stdout)
