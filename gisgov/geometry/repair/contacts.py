"""Where edges meet other than at their common vertices."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely
from scipy.spatial import cKDTree

from gisgov.geometry.repair.linework import Linework
from gisgov.types import Bools, Floats, Geometries, Ints

ARITHMETIC_M: Final = 2e-8
"""Nearer than this is the same place: what floats of eight-digit coordinates can tell apart, in metres."""


@dataclass(frozen=True, slots=True, eq=False)
class Cuts:
    """Vertices to put into edges.

    Attributes
    ----------
    local : numpy.ndarray of float, shape (w, 2)
        New vertices in metres; they are numbered on from the old ones.
    edge, vertex : numpy.ndarray of int, shape (c,)
        Which vertex goes into which edge.
    """

    local: Floats
    edge: Ints
    vertex: Ints

    def __len__(self) -> int:
        return len(self.edge)


def near_pairs(linework: Linework, local: Floats, distance_m: float, fresh: Bools) -> tuple[Ints, Ints]:
    """Pair edges that come near each other.

    Parameters
    ----------
    linework : Linework
        The edges.
    local : numpy.ndarray of float, shape (v, 2)
        Its vertices in metres.
    distance_m : float
        How near.
    fresh : numpy.ndarray of bool, shape (m,)
        Which edges were not looked at before.

    Returns
    -------
    a, b : numpy.ndarray of int
        Each pair both ways; one of the two is fresh.
    """
    lines: Geometries = np.asarray(
        shapely.linestrings(np.stack((local[linework.lower], local[linework.upper]), axis=1))
    )
    chosen = np.flatnonzero(fresh)
    one, other = shapely.STRtree(lines).query(lines[chosen], predicate="dwithin", distance=distance_m)
    a, b = chosen[one], other
    once = (a < b) | ((a > b) & ~fresh[b])
    a, b = a[once], b[once]
    return np.append(a, b), np.append(b, a)


def touches(
    linework: Linework,
    local: Floats,
    pairs: tuple[Ints, Ints],
    is_careful: Bools,
    tolerance_m: float,
    step_m: float,
) -> Cuts:
    """Find vertices that lie on edges.

    Parameters
    ----------
    linework : Linework
        The edges.
    local : numpy.ndarray of float, shape (v, 2)
        Its vertices in metres.
    pairs : tuple of numpy.ndarray of int
        As `near_pairs` gives them.
    is_careful : numpy.ndarray of bool, shape (m,)
        Edges to which, and to whose vertices, the tolerance does not apply.
    tolerance_m, step_m : float
        How far a vertex may lie from an edge that does not cancel, or one that such an edge ends at from any
        edge, and still be on it; ``step_m`` from a fixed edge. For others it is `ARITHMETIC_M`.

    Returns
    -------
    Cuts
        Without new vertices. Where all owners of an edge have the vertex already they run near
        themselves, and only a vertex that lies exactly there counts.
    """
    edge, other = pairs
    open_edge = linework.residual() != 0
    open_vertex = np.zeros(len(local), dtype=bool)
    open_vertex[linework.lower[open_edge]] = open_vertex[linework.upper[open_edge]] = True
    edge, vertex = np.tile(edge, 2), np.concatenate((linework.lower[other], linework.upper[other]))
    apart = (vertex != linework.lower[edge]) & (vertex != linework.upper[edge])
    edge, vertex = edge[apart], vertex[apart]
    along, away_m = _position(local[linework.lower[edge]], local[linework.upper[edge]], local[vertex])
    within = (along > 0.0) & (along < 1.0) & (away_m <= max(tolerance_m, step_m))
    edge, vertex, along, away_m = edge[within], vertex[within], along[within], away_m[within]
    careful_vertex = np.zeros(len(local), dtype=bool)
    careful_vertex[linework.lower[is_careful]] = careful_vertex[linework.upper[is_careful]] = True
    alone = is_careful[edge] | careful_vertex[vertex]
    near = away_m <= np.where(linework.is_fixed()[edge], step_m, tolerance_m)
    loose = near & (open_edge[edge] | open_vertex[vertex]) & ~alone & _is_new_to(linework, edge, vertex)
    on_it = loose | (away_m <= ARITHMETIC_M)
    return in_order(linework, local, Cuts(np.zeros((0, 2)), edge[on_it], vertex[on_it]))


def crossings(
    linework: Linework,
    local: Floats,
    pairs: tuple[Ints, Ints],
    is_careful: Bools,
    snap_m: float,
    step_m: float,
) -> Cuts:
    """Find where edges cross.

    Parameters
    ----------
    linework, local, pairs, is_careful
        As for `touches`.
    snap_m, step_m : float
        A vertex within ``snap_m`` of a crossing is put there instead of a new one; for careful and fixed
        edges within ``step_m``.

    Returns
    -------
    Cuts
        With new vertices; crossings within ``snap_m`` of each other have one.
    """
    a, b = pairs[0][pairs[0] < pairs[1]], pairs[1][pairs[0] < pairs[1]]
    ends = linework.lower, linework.upper
    a0, a1, b0, b1 = (local[side[edge]] for edge in (a, b) for side in ends)
    b0_side, b1_side = _cross(a1 - a0, b0 - a0), _cross(a1 - a0, b1 - a0)
    a0_side, a1_side = _cross(b1 - b0, a0 - b0), _cross(b1 - b0, a1 - b0)
    proper = (b0_side * b1_side < 0.0) & (a0_side * a1_side < 0.0)
    # of edges with a common end a rounding of the last bit can say that they cross
    for one in ends:
        for other in ends:
            proper &= one[a] != other[b]
    a, b = a[proper], b[proper]
    share = (a0_side / np.where(proper, a0_side - a1_side, 1.0))[proper]
    place = a0[proper] + share[:, None] * (a1 - a0)[proper]
    used = linework.used
    is_firm = is_careful | linework.is_fixed()
    reach = np.where(is_firm[a] | is_firm[b], step_m, snap_m)
    away_m, nearest = cKDTree(local[used]).query(place)
    is_new = away_m > reach
    vertex = used[nearest]
    number, new = _merged(place[is_new], snap_m)
    vertex[is_new] = len(local) + number
    edge, vertex = np.append(a, b), np.tile(vertex, 2)
    apart = (vertex != linework.lower[edge]) & (vertex != linework.upper[edge])
    both = np.concatenate((local, new))
    return in_order(linework, both, Cuts(new, edge[apart], vertex[apart]))


def in_order(linework: Linework, local: Floats, cuts: Cuts) -> Cuts:
    """Sort cuts by edge and along each edge, each once."""
    along, _ = _position(
        local[linework.lower[cuts.edge]], local[linework.upper[cuts.edge]], local[cuts.vertex]
    )
    order = np.lexsort((cuts.vertex, along, cuts.edge))
    edge, vertex = cuts.edge[order], cuts.vertex[order]
    new = np.ones(len(edge), dtype=bool)
    new[1:] = (edge[1:] != edge[:-1]) | (vertex[1:] != vertex[:-1])
    return Cuts(cuts.local, edge[new], vertex[new])


def _position(start: Floats, end: Floats, point: Floats) -> tuple[Floats, Floats]:
    """Say where along an edge a point lies (0 to 1), and how far from the edge's line."""
    run = end - start
    squared = np.einsum("ij,ij->i", run, run)
    along = np.einsum("ij,ij->i", point - start, run) / squared
    return along, np.abs(_cross(run, point - start)) / np.sqrt(squared)


def _cross(u: Floats, v: Floats) -> Floats:
    return np.asarray(u[:, 0] * v[:, 1] - u[:, 1] * v[:, 0])


def _is_new_to(linework: Linework, edge: Ints, vertex: Ints) -> Bools:
    """Whether some owner of an edge does not have a vertex."""
    count = int(linework.owner.max(initial=0)) + 1
    ends = np.concatenate((linework.lower[linework.edge], linework.upper[linework.edge]))
    known = np.sort(ends * count + np.tile(linework.owner, 2))
    begin = linework.begin
    times = begin[edge + 1] - begin[edge]
    row = np.repeat(np.arange(len(edge)), times)
    at = np.repeat(begin[edge] - np.cumsum(times) + times, times) + np.arange(len(row))
    wanted = vertex[row] * count + linework.owner[at]
    lacks = known[np.minimum(np.searchsorted(known, wanted), len(known) - 1)] != wanted
    found = np.zeros(len(edge), dtype=bool)
    found[row[lacks]] = True
    return found


def _merged(points: Floats, within: float) -> tuple[Ints, Floats]:
    """Take points that are near each other for one: the number of each, and the points that are left."""
    into = np.arange(len(points))
    if len(points) > 1:
        for i, j in np.sort(cKDTree(points).query_pairs(within, output_type="ndarray"), axis=1).tolist():
            if into[i] == i and into[j] == j:
                into[j] = i
    kept, number = np.unique(into, return_inverse=True)
    return number, points[kept]
