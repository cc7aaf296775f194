"""Borders that were, where they are none any more."""

from __future__ import annotations

import numpy as np
import shapely

from gisgov.types import Floats, Geometries


def former_borders(former: Geometries, present: Geometries) -> Geometries:
    """Return the borders of former areas that no present area has.

    Parameters
    ----------
    former, present : (n,), (m,) array of Polygon or MultiPolygon
        In one coordinate system. Borders are compared edge by edge, vertex to vertex, as those of areas made
        of the same blocks can be.

    Returns
    -------
    (k,) array of LineString
        Each edge once, joined end to end; empty where nothing changed.

    Examples
    --------
    >>> from gisgov.testing import areas_from_grid
    >>> (_, before), (_, after) = areas_from_grid("AB", cell_m=1), areas_from_grid("AA", cell_m=1)
    >>> former_borders(before, after)[0].wkt
    'LINESTRING (1 0, 1 1)'
    """
    before, after = _edges(former), _edges(present)
    both = np.vstack([after, before])
    unique, first = np.unique(both, axis=0, return_index=True)
    gone = unique[first >= len(after)]
    if not len(gone):
        return np.empty(0, dtype=object)
    lines = shapely.MultiLineString(list(gone.reshape(-1, 2, 2)))
    merged: Geometries = shapely.get_parts(shapely.line_merge(lines))
    return merged


def _edges(shapes: Geometries) -> Floats:
    """Return the edges of all rings as rows x, y, x, y, the smaller end first, each once."""
    rings = shapely.get_rings(shapely.get_parts(shapes))
    vertices, ring = shapely.get_coordinates(rings, return_index=True)
    is_edge = ring[1:] == ring[:-1]
    one, other = vertices[:-1][is_edge], vertices[1:][is_edge]
    swaps = (one[:, 0] > other[:, 0]) | ((one[:, 0] == other[:, 0]) & (one[:, 1] > other[:, 1]))
    rows = np.concatenate([one, other], axis=1)
    rows[swaps] = rows[swaps][:, [2, 3, 0, 1]]
    unique: Floats = np.unique(rows, axis=0)
    return unique
