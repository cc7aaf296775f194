"""Directed edges counted one by one in a dictionary: the certificate as one would check it by hand."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterable

import shapely

from gisgov.types import Geometries

Edge = tuple[tuple[float, float], tuple[float, float]]


def uncancelled(areas: Iterable[shapely.Geometry | None], scope: shapely.Geometry) -> dict[Edge, int]:
    """Add up the edges of areas, less those of the scope; what is left, by edge from its lower end."""
    left: Counter[Edge] = Counter()
    for area in areas:
        for a, b in edges(area):
            left[min(a, b), max(a, b)] += 1 if a < b else -1
    for a, b in edges(scope):
        left[min(a, b), max(a, b)] -= 1 if a < b else -1
    return {edge: times for edge, times in left.items() if times}


def edges(area: shapely.Geometry | None) -> list[Edge]:
    """List the edges of an area with its ground on their left; those between equal vertices are none."""
    found: list[Edge] = []
    for part in shapely.get_parts(shapely.orient_polygons([area])):
        for ring in (part.exterior, *part.interiors):
            xy = [(x + 0.0, y + 0.0) for x, y in shapely.get_coordinates(ring).tolist()]
            found.extend((a, b) for a, b in itertools.pairwise(xy) if a != b)
    return found


def vertices(areas: Geometries) -> set[tuple[float, float]]:
    """Collect the vertices of areas."""
    return {(x, y) for x, y in shapely.get_coordinates(areas).tolist()}
