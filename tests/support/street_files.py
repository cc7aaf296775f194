"""Ground and files of streets that tests build blocks from, drawn in metres of EPSG:4547."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import geopandas
import shapely

from gisgov.geometry.crs import parse_crs, to_wgs84_geometries
from gisgov.geometry.snap import snap
from gisgov.testing import areas_from_grid

WEST, SOUTH = 500_000.0, 2_490_000.0
CRS = "EPSG:4547"


def ground(picture: str, cell_m: float = 1000.0) -> dict[str, shapely.Geometry]:
    """Areas of a picture by their letters, in stored coordinates."""
    names, areas = areas_from_grid(picture, cell_m=cell_m, origin=(WEST, SOUTH))
    return dict(zip(names, snap(to_wgs84_geometries(areas, parse_crs(CRS))), strict=True))


def line(*points: tuple[float, float]) -> shapely.LineString:
    """A line through points, in metres from the south-west corner of the picture."""
    return shapely.LineString([(WEST + x, SOUTH + y) for x, y in points])


def box(west: float, south: float, east: float, north: float) -> shapely.Polygon:
    """A rectangle, in metres from the south-west corner of the picture."""
    return shapely.box(WEST + west, SOUTH + south, WEST + east, SOUTH + north)


def save(path: Path, rows: Sequence[tuple[Any, shapely.Geometry | None]], **columns: Sequence[Any]) -> Path:
    """Write rows of a kind and a shape as a layer with the field ``highway``."""
    kinds, shapes = [kind for kind, _ in rows], [shape for _, shape in rows]
    frame = geopandas.GeoDataFrame({"highway": kinds, **columns}, geometry=shapes, crs=CRS)
    frame.to_file(path)
    return path


CROSSING = [
    ("primary", line((-300, 500), (2300, 500))),
    ("residential", line((500, -300), (500, 1300))),
    ("footway", line((1500, 0), (1500, 1000))),
    ("residential", line((1200, 500), (1200, 800))),
]
"""Across the areas of "AB": four blocks in A, two in B, a footpath and a dead end."""
