"""Vertices that are meant to be one: each moves onto the other within a tolerance."""

from __future__ import annotations

import numpy as np
from scipy.spatial import cKDTree

from gisgov.geometry.repair.linework import Linework
from gisgov.types import Bools, Floats, Ints


def meeting_vertices(linework: Linework, local: Floats, tolerance_m: float, is_movable: Bools) -> Ints:
    """Choose for each vertex the one it moves onto.

    Parameters
    ----------
    linework : Linework
        The edges.
    local : numpy.ndarray of float, shape (v, 2)
        Its vertices in metres.
    tolerance_m : float
        How far a vertex may move.
    is_movable : numpy.ndarray of bool, shape (v,)
        Which vertices may move at all.

    Returns
    -------
    numpy.ndarray of int, shape (v,)
        Numbers of vertices; most are their own. Vertices of the scope or of a parent stay, and so do
        those whose edges all cancel. Of others the one with more owners stays, then the one whose owner
        has the fewest such vertices, or the smaller part of its vertices: where one area was drawn a hair
        off, that area moves.

    Notes
    -----
    Two vertices of one area stay apart: their edge is drawn on purpose.
    """
    to = np.arange(len(local))
    used = linework.used
    pairs = cKDTree(local[used]).query_pairs(tolerance_m, output_type="ndarray")
    a, b = used[pairs].T
    movable = is_movable & loose_vertices(linework)
    open_to = movable[a] | movable[b]
    a, b = a[open_to], b[open_to]
    owns = _owners_of(np.unique(np.append(a, b)), linework)
    apart = np.array([not owns[i] & owns[j] for i, j in zip(a.tolist(), b.tolist(), strict=True)], dtype=bool)
    a, b = a[apart], b[apart]
    if not a.size:
        return to
    return _settled(
        to, a, b, _precedence(np.unique(np.append(a, b)), linework, movable, owns), movable, owns, local
    )


def _owners_of(vertices: Ints, linework: Linework) -> dict[int, frozenset[int]]:
    """Say for some vertices who has them."""
    vertex = np.concatenate((linework.lower[linework.edge], linework.upper[linework.edge]))
    chosen = np.isin(vertex, vertices)
    owns: dict[int, frozenset[int]] = {}
    for number, owner in zip(
        vertex[chosen].tolist(), np.tile(linework.owner, 2)[chosen].tolist(), strict=True
    ):
        owns[number] = owns.get(number, frozenset()) | {owner}
    return owns


def loose_vertices(linework: Linework) -> Bools:
    """Say at which vertices an edge does not cancel, and which no fixed border has.

    Parameters
    ----------
    linework : Linework
        The edges.

    Returns
    -------
    numpy.ndarray of bool, shape (v,)
        Only such vertices are moved.
    """
    loose = np.zeros(len(linework.xy), dtype=bool)
    open_edges = linework.residual() != 0
    loose[linework.lower[open_edges]] = loose[linework.upper[open_edges]] = True
    fixed = linework.edge[linework.owner >= linework.areas]
    loose[linework.lower[fixed]] = loose[linework.upper[fixed]] = False
    return loose


def _precedence(
    vertices: Ints, linework: Linework, movable: Bools, owns: dict[int, frozenset[int]]
) -> list[int]:
    """Order vertices: those that stay rather than move first."""
    has = np.bincount(np.tile(linework.owner, 2)).tolist()
    mismatched: dict[int, int] = {}
    for vertex in vertices.tolist():
        for owner in owns[vertex]:
            mismatched[owner] = mismatched.get(owner, 0) + 1

    def rank(vertex: int) -> tuple[bool, int, tuple[int, float, int], int]:
        stays_for = min((mismatched[owner], mismatched[owner] / has[owner], owner) for owner in owns[vertex])
        return bool(movable[vertex]), -len(owns[vertex]), stays_for, vertex

    return sorted(vertices.tolist(), key=rank)


def _settled(
    to: Ints,
    a: Ints,
    b: Ints,
    order: list[int],
    movable: Bools,
    owns: dict[int, frozenset[int]],
    local: Floats,
) -> Ints:
    """Let each vertex in turn move onto the nearest that has stayed, or stay."""
    near: dict[int, list[int]] = {}
    for i, j in zip(a.tolist(), b.tolist(), strict=True):
        near.setdefault(i, []).append(j)
        near.setdefault(j, []).append(i)
    taken: dict[int, frozenset[int]] = {}
    for vertex in order:
        # of two vertices of one area only one may come to a place
        hosts = [i for i in near[vertex] if i in taken and not taken[i] & owns[vertex]]
        if movable[vertex] and hosts:
            nearest = min(hosts, key=lambda i: (float(np.hypot(*(local[i] - local[vertex]))), i))
            to[vertex] = nearest
            taken[nearest] |= owns[vertex]
        else:
            taken[vertex] = owns[vertex]
    return to
