"""Which of some drawn lines, such as streets with names, borders run along."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import shapely

from gisgov.geometry.edges import Edges
from gisgov.types import Geometries, Ints

NONE = -1


def labels_along(borders: Geometries, drawn: Geometries, labels: npt.ArrayLike, *, tolerance: float) -> Ints:
    """Give each border the label of the lines that most of its length runs along.

    Parameters
    ----------
    borders : numpy.ndarray of shapely.LineString, shape (n,)
        In any plane coordinates.
    drawn : numpy.ndarray of shapely.LineString or shapely.MultiLineString, shape (m,)
        In the same.
    labels : array_like of int, shape (m,)
        From 0; lines of one street have one label.
    tolerance : float
        How far both ends and the middle of an edge may lie from a line that it runs along.

    Returns
    -------
    numpy.ndarray of int, shape (n,)
        The label; of equal lengths the smaller one. `NONE` where less than half of the border runs along any.

    Examples
    --------
    >>> border = shapely.LineString([(0, 0), (1, 0), (2, 0), (2, 1)])
    >>> streets = shapely.from_wkt(["LINESTRING (-1 0, 3 0)", "LINESTRING (2 0, 2 9)"])
    >>> labels_along(np.array([border]), streets, [4, 2], tolerance=0.01).tolist()
    [4]
    """
    of = np.asarray(labels, dtype=np.int64)
    edges = Edges(borders)
    length = np.hypot(*(edges.end - edges.start).T)
    middle = shapely.points((edges.start + edges.end) / 2)
    edge, line = shapely.STRtree(drawn).query(middle, predicate="dwithin", distance=tolerance)
    for ends in (edges.start, edges.end):
        near = shapely.dwithin(drawn[line], shapely.points(ends[edge]), tolerance)
        edge, line = edge[near], line[near]
    count = len(borders)
    found = np.full(count, NONE, dtype=np.int64)
    if not len(edge):
        return found
    # an edge along two lines of one street counts once
    many = int(of.max()) + 1
    pair = np.unique(edge * many + of[line])
    edge, label = pair // many, pair % many
    cell, place = np.unique(edges.owner[edge] * many + label, return_inverse=True)
    along = np.bincount(place, weights=length[edge])
    whole = np.bincount(edges.owner, weights=length, minlength=count)
    # per border the longest, of equal ones the smallest label, comes last
    order = np.lexsort((-(cell % many), along, cell // many))
    border = cell[order] // many
    last = np.flatnonzero(np.append(border[1:] != border[:-1], True))
    best = order[last]
    is_long = 2 * along[best] >= whole[border[last]]
    found[border[last][is_long]] = (cell[best] % many)[is_long]
    return found
