"""What lies along a border that took the place of others."""

from __future__ import annotations

from typing import Final

import numpy as np
import shapely

from gisgov.geometry.blocks.plane import Plane
from gisgov.geometry.blocks.regions import together
from gisgov.geometry.blocks.segments import drawn, metres_per_step, points_at
from gisgov.geometry.edge_classes import precedence
from gisgov.types import Bools, Ints

_PARALLEL: Final = 0.8  # cosine


def inherited(
    plane: Plane, left: Ints, was_joined: Bools, is_border: Bools, kind: Ints, reach_m: float
) -> Ints:
    """Give borders the class of the line on the other side of the strip that went to a block.

    A parent's border beside an avenue is that avenue, once the ground between them is no block; of two
    carriageways of different classes the higher one counts.

    Parameters
    ----------
    plane : Plane
        All edges.
    left : numpy.ndarray of int, shape (2m,)
        The face on the left of each half-edge.
    was_joined : numpy.ndarray of bool, shape (f + 1,)
        Faces that were no blocks and went to one.
    is_border : numpy.ndarray of bool, shape (m,)
        Edges that are borders of blocks; the others were given up.
    kind : numpy.ndarray of int, shape (m,)
        The class of each edge.
    reach_m : float
        How far away the other side may be.

    Returns
    -------
    numpy.ndarray of int, shape (m,)
        The class of each edge. A border on a strip takes the highest class of the edges within reach that
        were given up on the same strip and run about as it does.
    """
    sides = left.reshape(-1, 2)
    beside = was_joined[sides]
    given_up = np.flatnonzero(beside.any(axis=1) & ~is_border)
    borders = np.flatnonzero(beside.any(axis=1) & is_border)
    within = given_up[beside[given_up].all(axis=1)]
    strip = together(len(was_joined), *sides[within].T)
    if not given_up.size or not borders.size:
        return kind
    scale = metres_per_step(np.array([plane.xy[plane.lower[borders], 1].mean()]))[0]
    xy = (plane.xy - plane.xy.min(axis=0)) * scale
    a, b = xy[plane.lower], xy[plane.upper]
    tree = shapely.STRtree(drawn(a[given_up], b[given_up]))
    middle = points_at((a[borders] + b[borders]) / 2.0)
    here, there = tree.query(middle, predicate="dwithin", distance=reach_m)
    border, other = borders[here], given_up[there]
    span = b - a
    cosine = (
        np.einsum("ij,ij->i", span[border], span[other])
        / np.hypot(*span[border].T)
        / np.hypot(*span[other].T)
    )
    better = precedence(kind[other]) < precedence(kind[border])
    is_opposite = better & (np.abs(cosine) >= _PARALLEL) & _share(strip, was_joined, sides, border, other)
    border, other = border[is_opposite], other[is_opposite]
    order = np.lexsort((precedence(kind[other]), border))
    border, first = np.unique(border[order], return_index=True)
    found = kind.copy()
    found[border] = kind[other[order][first]]
    return found


def _share(strip: Ints, was_joined: Bools, sides: Ints, one: Ints, other: Ints) -> Bools:
    """Whether both edges lie on one strip."""
    found = np.zeros(len(one), dtype=bool)
    for mine in range(2):
        for its in range(2):
            here, there = sides[one, mine], sides[other, its]
            found |= was_joined[here] & was_joined[there] & (strip[here] == strip[there])
    return found
