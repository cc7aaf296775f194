"""Shapes as whole numbers, each vertex told from the one before: small to send, and exact."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final, TypeAlias

import numpy as np
import shapely

from gisgov.types import Geometries

UNIT: Final = 1e-7
"""Degrees of a step of 1: what stored coordinates are rounded to."""

_PER_DEGREE: Final = 1e7
Rings: TypeAlias = list[list[int]]


@dataclass(frozen=True, slots=True)
class SteppedShapes:
    """Shapes told in steps.

    Attributes
    ----------
    origin : tuple of int
        West and south of all of them, in units of 1e-7°.
    shapes : list
        Of each shape its parts, of each part its rings (the outer one first), of each ring the numbers
        ``x, y, dx, dy, dx, dy, …`` in units of 1e-7°: its first vertex from the origin, each other from the
        one before. The last vertex is the first again.
    """

    origin: tuple[int, int]
    shapes: list[list[Rings]]


def stepped_shapes(geometries: Geometries) -> SteppedShapes:
    """Tell shapes in steps, with vertices that they share as the same numbers.

    Parameters
    ----------
    geometries : numpy.ndarray of shapely.MultiPolygon, shape (n,)
        In degrees, of any order of vertices, which is kept; polygons are taken as multipolygons.

    Returns
    -------
    SteppedShapes
        Stored coordinates come out to the bit: ``(origin + sum of steps) / 1e7`` is the same number of 64
        bits. Others are rounded to 1e-7°, vertex by vertex.

    Examples
    --------
    >>> import numpy as np
    >>> told = stepped_shapes(np.array([shapely.box(114.0, 22.5, 114.0000002, 22.5000003)]))
    >>> told.origin, told.shapes
    ((1140000000, 225000000), [[[[2, 0, 0, 3, -2, 0, 0, -3, 2, 0]]]])
    """
    if not len(geometries):
        return SteppedShapes((0, 0), [])
    kind, lonlat, offsets = shapely.to_ragged_array(geometries, include_z=False)
    ends = [one.tolist() for one in offsets]
    if kind is shapely.GeometryType.POLYGON:
        ends.append([*range(len(geometries) + 1)])
    place = np.rint(lonlat * _PER_DEGREE).astype(np.int64)
    origin = place.min(axis=0)
    place -= origin
    step = np.diff(place, axis=0, prepend=0)
    begins = ends[0][:-1]
    step[begins] = place[begins]
    told: list[Any] = step.ravel().tolist()
    for at in ([2 * one for one in ends[0]], *ends[1:]):
        told = [told[begin:end] for begin, end in pairwise(at)]
    return SteppedShapes((int(origin[0]), int(origin[1])), told)
