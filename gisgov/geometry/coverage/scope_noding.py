"""A scope with the corners of areas in its border.

Where two areas meet on the border of their scope, that border often has no vertex: it was drawn for itself,
or comes from the layer above. No ground is at fault, but the edges do not cancel. The areas are not to blame,
so the scope is given their corners before it is compared.
"""

from __future__ import annotations

import numpy as np
import shapely

from gisgov.geometry.coverage.certificate import sums_of_rings
from gisgov.geometry.coverage.defects import Tolerances
from gisgov.geometry.coverage.local import metres_per_unit
from gisgov.geometry.coverage.residual import find_residual
from gisgov.geometry.coverage.rings import Areas, rings_of
from gisgov.geometry.edges import Edges
from gisgov.geometry.systems import CoordinateSystem


def node_scope(
    areas: Areas,
    scope: shapely.Geometry,
    *,
    tolerances: Tolerances,
    system: CoordinateSystem | None = None,
) -> tuple[shapely.Geometry, int]:
    """Put corners of areas into the border of their scope where it has none.

    Parameters
    ----------
    areas : numpy.ndarray of shapely.Geometry, or sequence of bytes, length n
        The areas; invalid ones and None are passed over.
    scope : shapely.Geometry
        A valid polygon or multipolygon in the same coordinates.
    tolerances : Tolerances
        Half the ``vertex_tolerance_m`` is how far a corner may lie from the border; the border moves by no
        more than that.
    system : CoordinateSystem, optional
        What the coordinates are in; a plane in metres by default.

    Returns
    -------
    scope : shapely.Geometry
        With every old vertex to the bit, and the corners to the bit. The same object where none is missing,
        or where the corners would make it invalid.
    added : int
        How many vertices were put in.

    Examples
    --------
    >>> from gisgov.testing import areas_from_grid
    >>> _, areas = areas_from_grid("AB")
    >>> noded, added = node_scope(areas, shapely.box(0, 0, 200, 100), tolerances=Tolerances())
    >>> added, len(shapely.get_coordinates(noded))
    (2, 7)
    """
    rings = rings_of(areas)
    sound = rings.of(sums_of_rings(rings, areas).is_sound)
    residual = find_residual(sound, rings_of(np.array([scope], dtype=object)))
    edges = Edges(np.array([scope], dtype=object))
    corners = residual.vertex
    reach = tolerances.vertex_tolerance_m / 2.0 / metres_per_unit(corners[:1, 1], system).max(initial=1.0)
    lines = edges.lines(np.arange(len(edges)))
    corner, edge = shapely.STRtree(lines).query(shapely.points(corners), "dwithin", distance=reach)
    at, start, end = corners[corner], edges.start[edge], edges.end[edge]
    is_new = np.minimum(np.hypot(*(at - start).T), np.hypot(*(at - end).T)) > reach
    corner, edge, along = corner[is_new], edge[is_new], np.einsum("ij,ij->i", at - start, end - start)[is_new]
    order = np.lexsort((along, edge))
    (noded,) = edges.with_vertices(edge[order], corners[corner[order]])
    if not order.size or not noded.is_valid:
        return scope, 0
    return noded, int(order.size)
