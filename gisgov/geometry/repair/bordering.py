"""How long the border between faulty ground and each area around it is."""

from __future__ import annotations

import numpy as np
import shapely

from gisgov.geometry.coverage.local import metres_per_unit
from gisgov.geometry.edges import Edges
from gisgov.geometry.pieces import fine_grid
from gisgov.geometry.systems import CoordinateSystem
from gisgov.types import Bools, Floats, Geometries, Ints


def border_lengths_m(
    grounds: Geometries,
    areas: Geometries,
    ground: Ints,
    area: Ints,
    is_on: Bools,
    system: CoordinateSystem | None = None,
) -> Floats:
    """Measure over what length areas have ground beside pieces of faulty ground.

    Parameters
    ----------
    grounds : numpy.ndarray of shapely.Geometry, shape (g,)
        Polygons, bounded by borders of areas.
    areas : numpy.ndarray of shapely.Geometry, shape (a,)
        Valid polygons or None.
    ground, area : numpy.ndarray of int, shape (k,)
        Pairs of them.
    is_on : numpy.ndarray of bool, shape (k,)
        Whether the area lies on the ground. It then has the ground beside where its own border does not run;
        otherwise where it does.
    system : CoordinateSystem, optional
        What the coordinates are in; a plane in metres by default.

    Returns
    -------
    numpy.ndarray of float, shape (k,)
        Metres; good to half a percent in degrees, which is enough to compare.

    Examples
    --------
    >>> gap, wide, low = shapely.box(0, 0, 5, 1), shapely.box(0, 1, 5, 2), shapely.box(5, 0, 6, 1)
    >>> pairs = np.array([0, 0]), np.array([0, 1])
    >>> border_lengths_m(np.array([gap]), np.array([wide, low]), *pairs, np.zeros(2, dtype=bool)).tolist()
    [5.0, 1.0]
    """
    edges = Edges(grounds)
    order = np.argsort(edges.owner, kind="stable")
    start, end, owner = edges.start[order], edges.end[order], edges.owner[order]
    middle = (start + end) / 2.0
    length_m = np.hypot(*((end - start) * metres_per_unit(middle[:, 1], system)).T)
    first, after = np.searchsorted(owner, ground), np.searchsorted(owner, ground, "right")
    times = after - first
    pair = np.repeat(np.arange(len(ground)), times)
    edge = np.repeat(first - np.cumsum(times) + times, times) + np.arange(times.sum())
    borders = shapely.boundary(areas)
    shapely.prepare(borders)
    near = shapely.dwithin(borders[area[pair]], shapely.points(middle[edge]), 4.0 * fine_grid(grounds))
    found: Floats = np.zeros(len(ground))
    np.add.at(found, pair, np.where(near != is_on[pair], length_m[edge], 0.0))
    return found
