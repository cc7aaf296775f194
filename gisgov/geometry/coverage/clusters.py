"""Residual edges in clusters: those whose ground can have to do with each other."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from gisgov.geometry.coverage.residual import Residual
from gisgov.types import Bools, Floats, Geometries, Ints


@dataclass(frozen=True, slots=True, eq=False)
class Loops:
    """Closed paths of residual edges that pass each vertex once.

    Attributes
    ----------
    edge : numpy.ndarray of int, shape (m,)
        Residual edges, loop after loop in the order of the path.
    begin : numpy.ndarray of int, shape (n + 1,)
        Where each loop begins in ``edge``.
    cluster : numpy.ndarray of int, shape (n,)
        The cluster of each.
    """

    edge: Ints
    begin: Ints
    cluster: Ints

    def __len__(self) -> int:
        return len(self.cluster)


def joined(a: Ints, b: Ints, count: int) -> Ints:
    """Give the groups of things that pairs connect a number each.

    Parameters
    ----------
    a, b : numpy.ndarray of int, shape (p,)
        Pairs of things.
    count : int
        How many things there are.

    Returns
    -------
    numpy.ndarray of int, shape (count,)
        Group of each.
    """
    links = coo_array((np.ones(len(a), dtype=np.int8), (a, b)), shape=(count, count))
    group: Ints = connected_components(links, directed=False)[1].astype(np.int64)
    return group


def clusters_of(residual: Residual) -> tuple[Ints, Ints]:
    """Group residual edges that are connected, and groups whose boxes meet.

    Parameters
    ----------
    residual : Residual
        With at least one edge.

    Returns
    -------
    group : numpy.ndarray of int, shape (k,)
        Connected group of each edge.
    cluster : numpy.ndarray of int, shape (number of groups,)
        Cluster of each group. Edges of one cluster do not wind round a place in the ground of another.
    """
    of_vertex = joined(residual.start, residual.end, len(residual.vertex))
    group = of_vertex[residual.start]
    order = np.argsort(of_vertex, kind="stable")
    first = np.flatnonzero(np.diff(of_vertex[order], prepend=-1))
    low = np.minimum.reduceat(residual.vertex[order], first)
    high = np.maximum.reduceat(residual.vertex[order], first)
    boxes = shapely.box(low[:, 0], low[:, 1], high[:, 0], high[:, 1])
    a, b = shapely.STRtree(boxes).query(boxes)
    return group, joined(a, b, len(boxes))


def loops_of(residual: Residual, group: Ints, cluster: Ints) -> tuple[Loops, Bools]:
    """Trace the loops of the clusters that consist of nothing but simple loops apart from each other.

    Parameters
    ----------
    residual : Residual
        The edges.
    group, cluster : numpy.ndarray of int
        As `clusters_of` returned them.

    Returns
    -------
    loops : Loops
        Of those clusters.
    is_tangled : numpy.ndarray of bool, shape (number of clusters,)
        The other clusters: with edges that cross, touch or coincide.
    """
    from gisgov.geometry.coverage import edge_table, ring_tests

    is_tangled = np.zeros(cluster.max(initial=-1) + 1, dtype=bool)
    vertices = len(residual.vertex)
    out, into = np.bincount(residual.start, minlength=vertices), np.bincount(residual.end, minlength=vertices)
    plain = (residual.times == 1) & (out[residual.start] == 1) & (into[residual.start] == 1)
    plain &= (out[residual.end] == 1) & (into[residual.end] == 1)
    is_tangled[cluster[group[~plain]]] = True
    edges = np.flatnonzero(~is_tangled[cluster[group]])
    follower = np.full(vertices, -1, dtype=np.int64)
    follower[residual.start[edges]] = np.arange(len(edges))
    order, begin = np.empty(len(edges), dtype=np.int64), np.empty(len(edges) + 1, dtype=np.int64)
    count = edge_table.trace_loops(residual.start[edges], residual.end[edges], follower, order, begin)
    begin = begin[: count + 1]
    edge = edges[order]
    loops = Loops(edge, begin, cluster[group[edge[begin[:-1]]]])
    is_simple = np.empty(len(loops), dtype=bool)
    xy, ring = loop_rings(residual, loops)
    ring_tests.judge_rings(xy, ring, is_simple)
    is_simple |= np.diff(begin) == 3  # a triangle cannot cross itself; a flat one is a vertex too many
    is_tangled[loops.cluster[~is_simple]] = True
    is_tangled[loops.cluster[_touching(xy, ring, loops)]] = True
    return _without(loops, is_tangled), is_tangled


def loop_rings(residual: Residual, loops: Loops) -> tuple[Floats, Ints]:
    """Give loops as closed rings: vertices, and where each ring begins."""
    length = np.diff(loops.begin)
    ring = np.concatenate(([0], np.cumsum(length + 1)))
    at = np.arange(len(loops.edge)) + np.repeat(np.arange(len(loops)), length)
    xy = np.empty((ring[-1], 2))
    xy[at] = residual.vertex[residual.start[loops.edge]]
    xy[ring[1:] - 1] = xy[ring[:-1]]
    return xy, ring


def _touching(xy: Floats, ring: Ints, loops: Loops) -> Ints:
    """List loops that meet another loop of their cluster."""
    several = np.flatnonzero(np.bincount(loops.cluster)[loops.cluster] > 1)
    if not several.size:
        return several
    number = np.repeat(np.arange(len(loops)), np.diff(ring))
    chosen = np.isin(number, several)
    lines: Geometries = np.asarray(
        shapely.linestrings(xy[chosen], indices=np.searchsorted(several, number[chosen]))
    )
    a, b = shapely.STRtree(lines).query(lines, predicate="intersects")
    touching: Ints = several[np.unique(a[a != b])]
    return touching


def _without(loops: Loops, is_tangled: Bools) -> Loops:
    kept = ~is_tangled[loops.cluster]
    length = np.diff(loops.begin)
    return Loops(
        loops.edge[np.repeat(kept, length)],
        np.concatenate(([0], np.cumsum(length[kept]))),
        loops.cluster[kept],
    )
