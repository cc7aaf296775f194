"""Which ground covers a point: of all that do the first, as everywhere the one with the smallest code."""

from __future__ import annotations

import numpy as np
import shapely

from gisgov.types import Geometries, Ints


def first_cover(points: Geometries, grounds: Geometries) -> Ints:
    """Return for each point the ground that covers it.

    Parameters
    ----------
    points : numpy.ndarray of shapely.Point, shape (n,)
        In the coordinates of the grounds.
    grounds : numpy.ndarray of shapely.Geometry, shape (m,)
        Polygons in the order of their codes.

    Returns
    -------
    numpy.ndarray of int, shape (n,)
        The smallest number of a ground that covers it, border included; −1 where none does.

    Examples
    --------
    >>> from gisgov.testing import areas_from_grid
    >>> _, areas = areas_from_grid("AB")
    >>> first_cover(shapely.points([[150, 50], [100, 50], [250, 50]]), areas).tolist()
    [1, 0, -1]
    """
    found = np.full(len(points), -1, dtype=np.int64)
    point, ground = shapely.STRtree(grounds).query(points, predicate="intersects")
    # written from the largest number down, so that the smallest stays
    order = np.argsort(-ground, kind="stable")
    found[point[order]] = ground[order]
    return found
