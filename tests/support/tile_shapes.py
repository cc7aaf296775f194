"""Features of every kind for tiles, and what their tiles are.

Run as a program it writes digests of the tiles; with NUMBA_DISABLE_JIT=1 by kernels as they are written.
"""

from __future__ import annotations

import hashlib
import json
import sys
from typing import Any

import mapbox_vector_tile
import numpy as np
import shapely

from gisgov.tiles import Features, Rules, TileSet, features_of, world_of_lonlat
from gisgov.types import Geometries

WEST, SOUTH = 120.0, 30.0
RULES = Rules("things", worst="class", classes=("alert", "general", "safe"), sums=("people",))


def tile_at(zoom: int, lon: float = WEST + 0.009, lat: float = SOUTH + 0.009) -> tuple[int, int, int]:
    """Return the tile that a place is in."""
    x, y = (world_of_lonlat(np.array([[lon, lat]]))[0] * 2**zoom).astype(int).tolist()
    return zoom, x, y


TILES = [tile_at(zoom) for zoom in (0, 9, 12, 13, 14, 15, 16)]


def shapes(count: int = 40) -> Geometries:
    """Draw houses, points, and large polygons with holes and several parts around (120.01, 30.01)."""
    rng = np.random.default_rng(5)
    x, y = rng.uniform(WEST, WEST + 0.02, count), rng.uniform(SOUTH, SOUTH + 0.02, count)
    comb = [(0, 0), (9, 0), (9, 9), (7, 9), (7, 1), (5, 1), (5, 9), (3, 9), (3, 1), (1, 1), (1, 9), (0, 9)]
    large = [
        shapely.Polygon([(WEST + a * 0.0016, SOUTH + b * 0.0016) for a, b in comb]),
        shapely.box(119.99, 29.99, 120.03, 30.03) - shapely.box(120.001, 30.001, 120.006, 30.006)
        - shapely.box(120.008, 30.0, 120.018, 30.0171),
        shapely.MultiPolygon(
            [shapely.box(120, 30, 120.004, 30.004), shapely.box(120.011, 30.011, 120.0115, 30.02)]
        ),
        shapely.box(-60, -80, 170, 89),
        shapely.Point(120.004, 30.004).buffer(1e-7),
        shapely.MultiPoint([(120.01, 30.01), (120.0101, 30.01), (0, 0)]),
        shapely.Point(120.012, 30.012),
        shapely.Point(180, 90),
    ]  # fmt: skip
    return np.append(shapely.box(x, y, x + 2e-4, y + 1e-4), np.array(large, dtype=object))


def odd_shapes() -> Geometries:
    """Draw rings that cross and touch themselves, thin ones, round ones, and more vertices than are usual."""
    rng = np.random.default_rng(7)
    around = rng.uniform((WEST, SOUTH), (WEST + 0.02, SOUTH + 0.02), (30, 1, 2))
    knots = [*shapely.polygons(around + rng.normal(0, 8e-5, (30, 7, 2)))]
    way = [(4, 0), (6, 0), (6, 2), (9, 2), (6, 2), (4, 2)]
    spike = shapely.Polygon([(WEST + x / 1000, SOUTH + y / 1000) for x, y in way])
    hole = shapely.box(120.012, 30, 120.014, 30.002) - shapely.box(120.0125, 30.0005, 120.013, 30.001)
    middle = shapely.Point(120.01, 30.01)
    pair = [shapely.MultiPolygon([one, hole]) for one in knots[:8]]
    points = shapely.multipoints(rng.uniform((WEST, SOUTH), (WEST + 0.02, SOUTH + 0.02), (1100, 2)))
    rounds = [middle.buffer(0.0004), middle.buffer(0.004, quad_segs=260), points]
    return np.array([*knots, spike, *pair, *rounds], dtype=object)


def features(polygons: Geometries | None = None) -> Features:
    """Give shapes attributes of every kind, some without a value."""
    polygons = shapes() if polygons is None else polygons
    n = len(polygons)
    rng = np.random.default_rng(6)
    return features_of(
        polygons,
        np.arange(n) * 3,
        {
            "class": rng.choice(np.array(["alert", "general", "safe", None], dtype=object), n),
            "score": np.where(np.arange(n) % 7 == 0, np.nan, np.arange(n) * 0.5),
            "people": np.ma.MaskedArray(np.arange(n) - 5, np.arange(n) % 5 == 0),
            "lit": np.arange(n) % 2 == 0,
        },
    )


def decoded(tile: bytes) -> dict[int, tuple[dict[str, Any], shapely.Geometry]]:
    """Return the attributes and the shape of each feature of a tile, y from the north."""
    layers = mapbox_vector_tile.decode(tile, default_options={"y_coord_down": True}) if tile else {}
    found = [each for layer in layers.values() for each in layer["features"]]
    return {each["id"]: (each["properties"], shapely.geometry.shape(each["geometry"])) for each in found}


def answers() -> list[str]:
    """Return digests of tiles that reach every branch of the kernels."""
    whole = TileSet.build(features(), Rules("things", max_bytes=None))
    cells = TileSet.build(
        features(), Rules(**{**{n: getattr(RULES, n) for n in RULES.__slots__}, "max_bytes": 900})
    )
    cells.replace([0, 3], features_of(shapes()[:1], [999], columns_of(features(), 0)))
    odd = TileSet.build(features(odd_shapes()), Rules("odd", max_bytes=None))
    tiles = [each.tile(*place) for each in (whole, cells, odd) for place in TILES]
    return [hashlib.sha256(tile).hexdigest() for tile in tiles]


def columns_of(given: Features, row: int) -> dict[str, Any]:
    """Return one row of the columns of features."""
    return {name: values[row : row + 1] for name, values in given.columns.items()}


if __name__ == "__main__":
    json.dump(answers(), sys.stdout)
