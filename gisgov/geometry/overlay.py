"""Areas one by one: the ground of an invalid one, what leaves its host, the smaller parts."""

from __future__ import annotations

import numpy as np
import shapely

from gisgov.geometry.pieces import Pieces, surfaces
from gisgov.geometry.validity import EMPTY, MISSING, NOT_A_POLYGON, NOT_FINITE, InvalidRings
from gisgov.types import Geometries


def repaired(areas: Geometries, invalid: InvalidRings) -> Geometries:
    """Give the ground that areas cover, as far as it can be told.

    Parameters
    ----------
    areas : numpy.ndarray of shapely.Geometry, shape (n,)
        Some of them invalid.
    invalid : InvalidRings
        What `find_invalid` says of them.

    Returns
    -------
    numpy.ndarray of shapely.Geometry, shape (n,)
        Valid areas as they are, of invalid ones the surfaces that their rings enclose, None where
        there are none.

    Examples
    --------
    >>> from gisgov.geometry.validity import find_invalid
    >>> bow_tie = np.array([shapely.Polygon([(0, 0), (2, 2), (2, 0), (0, 2)])], dtype=object)
    >>> repaired(bow_tie, find_invalid(bow_tie))[0].area
    2.0
    """
    ground: Geometries = np.array(areas, dtype=object)
    hopeless = np.isin(invalid.reason, (MISSING, EMPTY, NOT_FINITE, NOT_A_POLYGON))
    ground[invalid.index[hopeless]] = None
    for i in np.unique(invalid.index[~hopeless]):
        valid = shapely.make_valid(ground[[i]], method="structure", keep_collapsed=False)
        parts, _ = surfaces(valid)
        ground[i] = shapely.multipolygons(parts) if len(parts) > 1 else next(iter(parts), None)
    return ground


def leaving(ground: Geometries, hosts: Geometries, grid: float) -> Pieces:
    """Cut off what of each area lies outside its host.

    Parameters
    ----------
    ground : numpy.ndarray of shapely.Geometry, shape (n,)
        Valid areas or None.
    hosts : numpy.ndarray of shapely.Geometry, shape (n,)
        The valid polygon each has to stay in; None lets it go anywhere.
    grid : float
        See `fine_grid`.

    Returns
    -------
    Pieces
        The parts beyond, each with its one area.
    """
    shapely.prepare(hosts)
    judged = ~shapely.is_missing(ground) & ~shapely.is_missing(hosts)
    beyond = np.flatnonzero(judged & ~shapely.covers(hosts, ground))
    parts, number = surfaces(shapely.difference(ground[beyond], hosts[beyond], grid_size=grid))
    return Pieces(parts, tuple((i,) for i in beyond[number].tolist()))


def smaller_parts(areas: Geometries) -> Pieces:
    """Set apart, of each area in several parts, all but the largest.

    Parameters
    ----------
    areas : numpy.ndarray of shapely.Geometry, shape (n,)
        Valid areas or None.

    Returns
    -------
    Pieces
        One polygon or multipolygon per area in several parts.
    """
    smaller, numbers = [], []
    for i in np.flatnonzero(shapely.get_num_geometries(areas) > 1):
        parts, _ = surfaces(areas[[i]])
        if len(parts) > 1:
            rest = np.delete(parts, shapely.area(parts).argmax())
            smaller.append(rest[0] if len(rest) == 1 else shapely.multipolygons(rest))
            numbers.append((int(i),))
    return Pieces(np.array(smaller, dtype=object), tuple(numbers))
