"""Areas put together from their directed edges."""

from __future__ import annotations

import numpy as np
import shapely

from gisgov.geometry.repair.linework import Linework
from gisgov.geometry.repair.neighbourhood import Neighbourhood
from gisgov.types import Floats, Geometries, Ints, Progress, silent


def assembled(
    owners: Ints, linework: Linework, around: Neighbourhood, progress: Progress = silent
) -> Geometries:
    """Build the polygons of some owners.

    Parameters
    ----------
    owners : numpy.ndarray of int, shape (k,)
        Ascending.
    linework : Linework
        Their borders near the defects, as they are to be.
    around : Neighbourhood
        The rest of their borders.
    progress : Progress
        Told of the owners.

    Returns
    -------
    numpy.ndarray of shapely.Geometry, shape (k,)
        Polygon, or MultiPolygon where the ground is in several parts; None where there is none. Every
        vertex has its bits. Edges that bound no ground do not come in: see `gisgov.geometry.validity`.
    """
    mine = np.isin(linework.owner, owners)
    edge, turns = linework.edge[mine], linework.turns[mine]
    forward = turns > 0
    lower, upper = linework.xy[linework.lower[edge]], linework.xy[linework.upper[edge]]
    rest = np.isin(around.rest_owner, owners)
    start = np.concatenate((np.where(forward[:, None], lower, upper), around.rest_start[rest]))
    end = np.concatenate((np.where(forward[:, None], upper, lower), around.rest_end[rest]))
    owner = np.concatenate((linework.owner[mine], around.rest_owner[rest]))
    order = np.argsort(owner, kind="stable")
    start, end, owner = start[order], end[order], owner[order]
    lines = np.asarray(shapely.linestrings(np.stack((start, end), axis=1)))
    first, last = np.searchsorted(owner, owners), np.searchsorted(owner, owners, "right")
    built: Geometries = np.full(len(owners), None, dtype=object)
    for i in progress(range(len(owners)), label="building areas", total=len(owners)):
        a, b = first[i], last[i]
        parts = shapely.get_parts(shapely.polygonize(lines[a:b]))
        if len(parts) > 1 or (len(parts) == 1 and shapely.get_num_interior_rings(parts[0])):
            parts = _inside(parts, start[a:b], end[a:b])
        if len(parts):
            built[i] = parts[0] if len(parts) == 1 else shapely.multipolygons(parts)
    return built


def _inside(parts: Geometries, start: Floats, end: Floats) -> Geometries:
    """Keep faces that the edges run round anticlockwise."""
    edges = set(zip(map(tuple, start.tolist()), map(tuple, end.tolist()), strict=True))
    shells = shapely.get_exterior_ring(shapely.orient_polygons(parts))
    first = [shapely.get_coordinates(shell)[:2].tolist() for shell in shells]
    return parts[[(tuple(a), tuple(b)) in edges for a, b in first]]
