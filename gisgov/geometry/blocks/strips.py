"""Strips of roads: the ground between carriageways, slip lanes and side roads."""

from __future__ import annotations

from typing import Final

import numpy as np
import shapely

from gisgov.geometry.blocks.plane import Faces, Plane
from gisgov.geometry.blocks.segments import metres_per_step
from gisgov.geometry.edge_classes import EdgeClass
from gisgov.types import Bools, Ints

MAJOR: Final = (EdgeClass.COLLECTOR, EdgeClass.ARTERIAL, EdgeClass.WATER, EdgeClass.RAIL)
"""Lines that a strip of a road has along it."""

_ALONG_ROADS: Final = 0.4
"""Share of its border on which a strip of a road has major lines: its ends may be crossing streets."""

_CORE: Final = 0.35
"""Most of a strip is narrower than the width of strips; this share may be wider, as where ramps part."""


def strips_of(plane: Plane, faces: Faces, kind: Ints, is_tie: Bools, carriageway_m: float) -> Bools:
    """Say which faces are strips of roads: narrow for the most part, with major lines along them.

    Parameters
    ----------
    plane, faces : Plane, Faces
        The ground.
    kind : numpy.ndarray of int, shape (m,)
        The class of each edge.
    is_tie : numpy.ndarray of bool, shape (m,)
        Edges that do not count.
    carriageway_m : float
        What is narrow.

    Returns
    -------
    numpy.ndarray of bool, shape (f + 1,)
        False for the ground outside.
    """
    length_m = np.repeat(np.where(is_tie, 0.0, plane.length_m), 2)
    perimeter, major = (
        np.bincount(faces.left, some, minlength=faces.count + 1)[:-1]
        for some in (length_m, np.where(np.isin(kind, MAJOR).repeat(2), length_m, 0.0))
    )
    found = np.zeros(faces.count + 1, dtype=bool)
    doubtful = np.flatnonzero(
        (2.0 * faces.area_m2 < carriageway_m * perimeter) & (major >= _ALONG_ROADS * perimeter)
    )
    some = faces.polygon[doubtful]
    corner = shapely.bounds(some)[:, :2]
    scale = metres_per_step(corner[:, 1])
    xy, number = shapely.get_coordinates(some, return_index=True)
    in_plane = shapely.set_coordinates(some.copy(), (xy - corner[number]) * scale[number])
    half = carriageway_m / 2.0
    core = shapely.buffer(shapely.buffer(in_plane, -half), half)
    found[doubtful] = shapely.area(core) <= _CORE * faces.area_m2[doubtful]
    return found
