"""The overlays of the coverage check, one function per kind of faulty ground."""

from __future__ import annotations

from typing import Final

import numpy as np
import shapely

from gisgov.geometry.pieces import Pieces, cores, interiors_meet, shift, surfaces
from gisgov.geometry.validity import EMPTY, MISSING, NOT_A_POLYGON, NOT_FINITE, InvalidRings
from gisgov.types import Geometries, Progress

_PAIRS_AT_ONCE: Final = 5_000


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


def gaps(ground: Geometries, scope: shapely.Geometry | None, grid: float) -> Pieces:
    """Find the ground of the scope on which no area lies.

    Parameters
    ----------
    ground : numpy.ndarray of shapely.Geometry, shape (n,)
        Valid areas or None.
    scope : shapely.Geometry or None
        What they should cover; None for what they enclose, be it by touching in points.
    grid : float
        See `fine_grid`.

    Returns
    -------
    Pieces
        Without areas: `with_neighbours` names them.
    """
    union = shapely.union_all(ground, grid_size=grid)
    if scope is not None:
        bare, _ = surfaces(np.array([shapely.difference(scope, union, grid_size=grid)], dtype=object))
    else:
        # faces of the outline, not holes: ground between areas that touch in points is no hole of any
        outline = shapely.union_all(shapely.boundary(np.array([union], dtype=object)))
        bare = shapely.get_parts(shapely.polygonize(shapely.get_parts([outline])))
        shapely.prepare(union)
        bare = bare[~shapely.intersects(union, shapely.point_on_surface(bare))]
    return Pieces(bare, ((),) * len(bare))


def overlaps(ground: Geometries, tree: shapely.STRtree, grid: float, progress: Progress) -> Pieces:
    """Intersect neighbours pair by pair.

    Parameters
    ----------
    ground : numpy.ndarray of shapely.Geometry, shape (n,)
        Valid areas or None, prepared.
    tree : shapely.STRtree
        Of ``ground``.
    grid : float
        See `fine_grid`.
    progress : Progress
        Told of the pairs.

    Returns
    -------
    Pieces
        What each pair has in common. Where three areas overlap, three pieces lie over each other:
        see `disjoint`.
    """
    a, b = tree.query(ground, predicate="intersects")
    a, b = a[a < b], b[a < b]
    polygons: list[Geometries] = [np.zeros(0, dtype=object)]
    areas: list[tuple[int, ...]] = []
    chunks = range(0, len(a), _PAIRS_AT_ONCE)
    for begin in progress(chunks, label="comparing neighbours", total=len(chunks)):
        one, other = a[begin : begin + _PAIRS_AT_ONCE], b[begin : begin + _PAIRS_AT_ONCE]
        meet = interiors_meet(ground[one], ground[other])
        one, other = one[meet], other[meet]
        common, pair = surfaces(shapely.intersection(ground[one], ground[other], grid_size=grid))
        polygons.append(common)
        areas.extend(zip(one[pair].tolist(), other[pair].tolist(), strict=True))
    return Pieces(np.concatenate(polygons), tuple(areas))


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


def with_neighbours(
    bare: Pieces, ground: Geometries, tree: shapely.STRtree, width: float, grid: float
) -> Pieces:
    """Name the areas around gaps.

    Parameters
    ----------
    bare : Pieces
        The gaps.
    ground : numpy.ndarray of shapely.Geometry, shape (n,)
        Valid areas or None.
    tree : shapely.STRtree
        Of ``ground``.
    width : float
        How near the border of an area must run, and how wide a tail of the gap is passed over, in
        units of the coordinates.
    grid : float
        See `fine_grid`.

    Returns
    -------
    Pieces
        The same polygons with the areas along their borders, not those that touch only in a point.
    """
    gap, area = tree.query(bare.polygon, predicate="dwithin", distance=width)
    corner = shapely.bounds(bare.polygon)[gap, :2]
    rim = shapely.buffer(shift(cores(bare.polygon, width)[gap], -corner), 1.5 * width)
    outline = shift(shapely.boundary(ground[area]), -corner)
    along = shapely.length(shapely.intersection(outline, rim, grid_size=grid)) > 4.0 * width
    around: list[list[int]] = [[] for _ in range(len(bare))]
    for i, j in zip(gap[along].tolist(), area[along].tolist(), strict=True):
        around[i].append(j)
    return Pieces(bare.polygon, tuple(tuple(sorted(numbers)) for numbers in around))


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
