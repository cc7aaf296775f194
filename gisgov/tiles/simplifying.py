"""Areas with fewer vertices for smaller zooms: shared borders are simplified once, for both sides."""

from __future__ import annotations

from typing import Final

import numpy as np
import shapely

from gisgov.tiles.features import POLYGON
from gisgov.tiles.parts import Part, Shapes
from gisgov.tiles.rules import MAX_ZOOM, Rules
from gisgov.types import Geometries

_UNITS: Final = 2.0
"""Side of the triangles that borders may lose, in units of a tile: a quarter of a pixel of 512."""

_WORTH: Final = 0.8
"""Shapes with more than this share of the vertices of the next greater zoom are not kept beside them."""


def simplified_shapes(part: Part, rules: Rules) -> dict[int, Shapes]:
    """Simplify a coverage for each zoom at which that takes a good part of its vertices away.

    A vertex goes when the triangle it makes with its neighbours is smaller than a square of two units
    (Visvalingam and Whyatt, as GEOS' ``CoverageSimplifyVW`` does it along shared edges). Where areas meet
    stays where it is, so no gap opens and nothing overlaps that did not before.

    Returns
    -------
    dict of int to Shapes
        Per zoom; zooms that are not in it are drawn with the vertices as they are.
    """
    if not len(part) or np.any(part.kind != POLYGON):
        return {}
    found: dict[int, Shapes] = {}
    shapes = part.shapes
    polygons = _polygons(shapes)
    for zoom in range(MAX_ZOOM, -1, -1):
        tolerance = _UNITS / (rules.extent << zoom)
        simpler = shapely.coverage_simplify(polygons, tolerance)
        if shapely.get_num_coordinates(simpler).sum() < _WORTH * shapely.get_num_coordinates(polygons).sum():
            polygons, shapes = simpler, _shapes(simpler)
        if shapes is not part.shapes:
            found[zoom] = shapes
    return found


def _polygons(shapes: Shapes) -> Geometries:
    """Return the features as multipolygons in shares of the world."""
    sizes = np.diff(shapes.ring)
    begin = shapes.ring[:-1]
    place = np.insert(
        np.arange(len(shapes.xy)), shapes.ring[1:], begin
    )  # each ring is closed by its first vertex
    ring = np.append(0, np.cumsum(sizes + 1))
    outlines = np.flatnonzero(~shapes.hole)
    polygon = np.append(outlines, len(shapes.hole))
    feature = np.searchsorted(outlines, shapes.feature)
    kind = shapely.GeometryType.MULTIPOLYGON
    found: Geometries = shapely.from_ragged_array(kind, shapes.xy[place], (ring, polygon, feature))
    return found


def _shapes(polygons: Geometries) -> Shapes:
    """Return features as they are drawn: outlines clockwise on the map, rings not closed."""
    parts, owner = shapely.get_parts(polygons, return_index=True)
    # in shares of the world y grows southwards, so what is clockwise on the map is counter-clockwise here
    parts = shapely.orient_polygons(parts, exterior_cw=False)
    counts = shapely.get_num_interior_rings(parts) + 1
    rings = shapely.get_rings(parts)
    xy, ring_of = shapely.get_coordinates(rings, return_index=True)
    kept = np.append(ring_of[1:] == ring_of[:-1], False)
    hole = np.ones(len(rings), dtype=bool)
    hole[np.cumsum(counts) - counts] = False
    ring = np.append(0, np.cumsum(np.bincount(ring_of[kept], minlength=len(rings))))
    rings_per_feature = np.bincount(owner, weights=counts, minlength=len(polygons)).astype(np.int64)
    return Shapes(np.append(0, np.cumsum(rings_per_feature)), ring, hole, np.ascontiguousarray(xy[kept]))
