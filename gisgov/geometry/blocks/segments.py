"""Lines and outlines as straight segments between points of the storage grid, in whole numbers.

On the grid a vertex is stored as it is computed, and whether two segments cross is arithmetic without
rounding: a coordinate is a whole number of 1e-7°, and the product of two distances within a province fits
63 bits.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely

from gisgov.geometry.coverage.local import metres_per_unit
from gisgov.geometry.edges import Edges
from gisgov.geometry.pieces import surfaces
from gisgov.geometry.snap import GRID_DEG
from gisgov.geometry.systems import WGS84
from gisgov.types import Floats, Geometries, Ints

_PER_DEGREE: Final = 1e7  # 1/GRID_DEG, exact


@dataclass(frozen=True, slots=True, eq=False)
class Segments:
    """Directed segments, each with where it comes from.

    Attributes
    ----------
    start, end : numpy.ndarray of int, shape (n, 2)
        Steps of the storage grid; never equal.
    owner : numpy.ndarray of int, shape (n,)
        Number of the line or polygon it belongs to.
    """

    start: Ints
    end: Ints
    owner: Ints

    def __len__(self) -> int:
        return len(self.owner)


def segments_of(geometries: Geometries) -> Segments:
    """Take lines and outlines apart.

    Parameters
    ----------
    geometries : numpy.ndarray of shapely.Geometry, shape (n,)
        Lines and polygons in WGS84 degrees; None, empty ones and points have no segments. Polygons are
        walked with their ground on the left.

    Returns
    -------
    Segments
        Vertices rounded to the grid; those that become one are one.

    Examples
    --------
    >>> found = segments_of(np.array([shapely.LineString([(1, 0), (1, 0), (1, 2e-7)])]))
    >>> found.start.tolist(), found.end.tolist()
    ([[10000000, 0]], [[10000000, 2]])
    """
    edges = Edges(shapely.orient_polygons(np.asarray(geometries, dtype=object)))
    start, end = on_grid(edges.start), on_grid(edges.end)
    kept = (start != end).any(axis=1)
    return Segments(start[kept], end[kept], edges.owner[kept])


def on_grid(degrees: Floats) -> Ints:
    """Round degrees to steps of the grid."""
    return np.asarray(np.rint(degrees * _PER_DEGREE), dtype=np.int64)


def drawn(start: Ints | Floats, end: Ints | Floats) -> Geometries:
    """Draw segments as lines of two points."""
    return np.asarray(shapely.linestrings(np.stack((start, end), axis=1).astype(np.float64)), dtype=object)


def points_at(xy: Ints | Floats) -> Geometries:
    """Draw places as points."""
    return np.asarray(shapely.points(xy.astype(np.float64)), dtype=object)


def in_degrees(steps: Ints) -> Floats:
    """Give steps of the grid as the floats nearest to their seven decimals, as stored coordinates are."""
    return np.asarray(np.round(steps / _PER_DEGREE, 7) + 0.0)


def metres_per_step(latitude: Floats) -> Floats:
    """Say how many metres a step is.

    Parameters
    ----------
    latitude : numpy.ndarray of float, shape (n,)
        In steps.

    Returns
    -------
    numpy.ndarray of float, shape (n, 2)
        East and north, true to half a percent.
    """
    return np.asarray(metres_per_unit(latitude * GRID_DEG, WGS84) * GRID_DEG)


def joined(*some: Segments) -> Segments:
    """Put segments of several sources after each other."""
    return Segments(
        np.concatenate([one.start for one in some]),
        np.concatenate([one.end for one in some]),
        np.concatenate([one.owner for one in some]),
    )


def polygons_in(given: Geometries | None) -> Geometries:
    """Make polygons valid, and leave out what is none."""
    if given is None:
        return np.zeros(0, dtype=object)
    some = np.asarray(given, dtype=object)
    return surfaces(shapely.make_valid(some))[0]
