"""Coverages for benchmarks: irregular areas with jagged, exactly shared borders of about 49 vertices each.

Voronoi cells of a jittered lattice; each ridge is drawn once as a jagged path on a lattice of millimetres and
both its cells take the same path. Coordinates are metres of a projected plane.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import shapely
from scipy.spatial import Voronoi

from gisgov.types import Geometries

CELL_M = 150.0
_BETWEEN = 7
_SWING = 0.06
_ORIGIN = np.array([400_000.0, 2_500_000.0])

Points = npt.NDArray[np.float64]


def jagged_areas(count: int, *, seed: int = 1) -> tuple[Geometries, shapely.Geometry]:
    """Draw a roundish district of jagged areas.

    Parameters
    ----------
    count : int
        How many areas.
    seed : int
        Same seed and count, same coordinates to the last bit.

    Returns
    -------
    areas : numpy.ndarray of shapely.Polygon, shape (count,)
        Valid, an exact coverage, shared vertices equal to the last bit.
    scope : shapely.Polygon or shapely.MultiPolygon
        Their union.
    """
    rng = np.random.default_rng(seed)
    side = int(1.5 * np.sqrt(count)) + 10
    lattice = np.column_stack([axis.ravel() for axis in np.meshgrid(np.arange(side), np.arange(side))])
    points = (lattice + rng.uniform(-0.38, 0.38, lattice.shape)) * CELL_M
    away = points - points.mean(axis=0)
    angle = np.arctan2(away[:, 1], away[:, 0])
    reach = np.hypot(*away.T) / (1 + 0.12 * np.sin(3 * angle) + 0.05 * np.sin(7 * angle + 1))
    chosen = np.sort(np.argsort(reach, kind="stable")[:count])

    cells = Voronoi(points)
    corners = np.round(cells.vertices, 3)
    ends = np.sort(np.array(cells.ridge_vertices), axis=1)
    ends = ends[ends[:, 0] >= 0]
    swing = rng.uniform(-_SWING, _SWING, (len(ends), _BETWEEN))
    number = {(int(a), int(b)): i for i, (a, b) in enumerate(ends)}
    rings = [cells.regions[cells.point_region[i]] for i in chosen]
    while True:
        areas = _polygons(rings, _paths(corners, ends, swing), number)
        crossing = np.flatnonzero(~shapely.is_valid(areas))
        if len(crossing) == 0:
            return areas, shapely.coverage_union_all(areas)
        # a path that swings into the next one is drawn straight, for both its cells
        for i in crossing:
            swing[[number[pair] for pair in _pairs(rings[i])]] = 0.0


def _paths(corners: Points, ends: npt.NDArray[np.int64], swing: Points) -> tuple[Points, Points]:
    """Vertices of every ridge, its last one left out: as drawn, and the other way round."""
    a, b = corners[ends[:, 0]], corners[ends[:, 1]]
    along = np.linspace(0, 1, _BETWEEN + 2)[1:-1]
    # short ridges stay straight, and paths swing least near their ends, where others begin
    across = np.column_stack([a[:, 1] - b[:, 1], b[:, 0] - a[:, 0]])
    lively = (np.hypot(*across.T) > 2.0)[:, None] * swing * np.sin(np.pi * along)
    between = a[:, None] + along[:, None] * (b - a)[:, None] + lively[:, :, None] * across[:, None]
    between = np.round(between, 3)
    return (
        np.concatenate([a[:, None], between], axis=1),
        np.concatenate([b[:, None], between[:, ::-1]], axis=1),
    )


def _pairs(ring: list[int]) -> list[tuple[int, int]]:
    return [(min(a, b), max(a, b)) for a, b in zip(ring, ring[1:] + ring[:1], strict=True)]


def _polygons(
    rings: list[list[int]], paths: tuple[Points, Points], number: dict[tuple[int, int], int]
) -> Geometries:
    forth, back = paths
    coordinates = [
        forth[number[a, b]] if a < b else back[number[b, a]]
        for ring in rings
        for a, b in zip(ring, ring[1:] + ring[:1], strict=True)
    ]
    lengths = [(_BETWEEN + 1) * len(ring) for ring in rings]
    flat = np.vstack(coordinates) + _ORIGIN
    return shapely.polygons(shapely.linearrings(flat, indices=np.repeat(np.arange(len(rings)), lengths)))
