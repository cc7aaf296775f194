"""Which areas are neighbours, and over what length of border."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import shapely

from gisgov.geometry.edges import Edges
from gisgov.geometry.noding import SEAM, add_missing_vertices
from gisgov.types import Floats, Geometries, Ints


@dataclass(frozen=True, slots=True, eq=False)
class Borders:
    """Borders that two areas have in common; one row per pair.

    Attributes
    ----------
    a, b : numpy.ndarray of int, shape (n,)
        Numbers of the areas, ``a < b``, ascending by ``a``, then ``b``.
    length_m : numpy.ndarray of float, shape (n,)
        Length of the common border in the unit of the measure; always above 0.
    """

    a: Ints
    b: Ints
    length_m: Floats

    def __len__(self) -> int:
        return len(self.a)


def shared_borders(
    geometries: Geometries,
    measure: Callable[[Geometries], Floats] = shapely.length,
    tolerance: float = SEAM,
) -> Borders:
    r"""Find the borders that areas share.

    Parameters
    ----------
    geometries : numpy.ndarray of shapely.Geometry, shape (n,)
        Polygons or multipolygons; None and empty ones have no neighbours.
    measure : callable
        Takes lines, gives their lengths. The default measures in the units of the coordinates; for
        stored ones give ``functools.partial(lengths_m, working=…)``.
    tolerance : float
        How far a corner may lie from a border and still be on it, in units of the coordinates.

    Returns
    -------
    Borders
        Areas that meet in single points are no neighbours. Nor are areas with a gap or an overlap
        wider than the tolerance between them: check the coverage first.

    Notes
    -----
    Corners on the straight border of a neighbour are put into it first (`add_missing_vertices`), so
    that a common border consists of equal edges; those are paired exactly.

    Examples
    --------
    >>> from gisgov.testing import areas_from_grid
    >>> names, areas = areas_from_grid("AAB\nACD")
    >>> found = shared_borders(areas)
    >>> [f"{names[a]}{names[b]} {m:.0f}" for a, b, m in zip(found.a, found.b, found.length_m)]
    ['AB 100', 'AC 200', 'BD 100', 'CD 100']
    """
    edges = Edges(add_missing_vertices(geometries, tolerance))
    start, end = edges.numbered_ends()
    place = np.minimum(start, end) << 32 | np.maximum(start, end)
    order = np.lexsort((edges.owner, place))
    place, owner = place[order], edges.owner[order]
    found = [np.zeros((0, 3), dtype=np.int64)]
    lag = 1
    # edges at one place stand side by side: two in a coverage, more where areas overlap
    while (first := np.flatnonzero(place[lag:] == place[:-lag])).size:
        found.append(np.column_stack((owner[first], owner[first + lag], order[first])))
        lag += 1
    a, b, edge = np.concatenate(found).T
    others = a != b
    pair, number = np.unique(a[others] << 32 | b[others], return_inverse=True)
    length: Floats = np.zeros(len(pair))
    np.add.at(length, number, measure(edges.lines(edge[others])))
    return Borders(pair >> 32, pair & 0xFFFFFFFF, length)
