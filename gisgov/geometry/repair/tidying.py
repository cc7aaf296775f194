"""Vertices that the repair put in and that no border ends at, taken out again."""

from __future__ import annotations

import numpy as np

from gisgov.geometry.repair.linework import Linework
from gisgov.types import Bools, Floats, Ints


def without_spare_vertices(
    linework: Linework, local: Floats, removable: Bools, tolerance_m: float
) -> Linework:
    """Join the two edges at each vertex that is not needed.

    Parameters
    ----------
    linework : Linework
        The borders as they are to be.
    local : numpy.ndarray of float, shape (v, 2)
        Vertices in metres.
    removable : numpy.ndarray of bool, shape (v,)
        Vertices that may go.
    tolerance_m : float
        How far such a vertex may lie from the edge that takes its place.

    Returns
    -------
    Linework
        Where an area was cut back to its scope or to a neighbour, that border has its own vertices again.
    """
    ends = np.concatenate((linework.lower, linework.upper))
    degree = np.bincount(ends, minlength=len(local))
    spare = np.flatnonzero(removable & (degree == 2))
    chosen = np.isin(ends, spare)
    across = np.concatenate((linework.upper, linework.lower))[chosen]
    order = np.argsort(ends[chosen], kind="stable")
    pairs = across[order].reshape(-1, 2)
    neighbours = {int(v): pair for v, pair in zip(spare, pairs.tolist(), strict=True)}
    taken = set(zip(linework.lower.tolist(), linework.upper.tolist(), strict=True))
    to: Ints = np.arange(len(local))
    for vertex in spare.tolist():
        one, other = neighbours[vertex]
        joined = (min(one, other), max(one, other))
        if one == other or joined in taken or _away_m(local[[one, vertex, other]]) > tolerance_m:
            continue
        to[vertex] = one
        taken.add(joined)
        for near, far in ((one, other), (other, one)):
            if near in neighbours:
                neighbours[near][neighbours[near].index(vertex)] = far
    while (to != to[to]).any():
        to = to[to]
    return linework.moved(to)


def _away_m(local: Floats) -> float:
    """How far the second of three points lies from the edge between the others."""
    run, off = local[2] - local[0], local[1] - local[0]
    along = min(max(float(off @ run) / float(run @ run), 0.0), 1.0)
    return float(np.hypot(*(off - along * run)))
