"""Which polygons faces lie in, told by what is crossed on the way from outside."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from gisgov.geometry.blocks.plane import Faces, Plane
from gisgov.types import Bools, Ints

NONE = -1
"""In none of the polygons."""


@dataclass(frozen=True, slots=True, eq=False)
class Outlines:
    """Outlines of polygons on the edges of a plane.

    Attributes
    ----------
    edge, owner, turns : numpy.ndarray of int, shape (k,)
        Which edge bounds which polygon, and how often with the polygon on the left as it runs from its lower
        to its upper vertex; never 0.
    """

    edge: Ints
    owner: Ints
    turns: Ints

    @classmethod
    def of(cls, edge: Ints, owner: Ints, turns: Ints) -> Outlines:
        """Add up pieces of outlines; those that run there and back are none."""
        pairs, number = np.unique(edge << 32 | owner, return_inverse=True)
        total = np.zeros(len(pairs), dtype=np.int64)
        np.add.at(total, number, turns)
        pairs, total = pairs[total != 0], total[total != 0]
        return cls(pairs >> 32, pairs & 0xFFFFFFFF, total)

    def on(self, kept: Bools) -> Outlines:
        """Keep some edges, which are numbered anew."""
        number = np.cumsum(kept) - 1
        mine = kept[self.edge]
        return Outlines(number[self.edge[mine]], self.owner[mine], self.turns[mine])


@dataclass(frozen=True, slots=True, eq=False)
class Regions:
    """In which polygon each face lies.

    Attributes
    ----------
    number : numpy.ndarray of int, shape (f + 1,)
        The polygon of the lowest number, or `NONE`; the last one is the ground outside all edges.
    is_contested : numpy.ndarray of bool, shape (f + 1,)
        Whether it lies in several.
    """

    number: Ints
    is_contested: Bools


def regions_of(plane: Plane, faces: Faces, outlines: Outlines) -> Regions:
    """Find the polygons in which faces lie.

    Parameters
    ----------
    plane : Plane
        All edges of the outlines among others.
    faces : Faces
        Its faces.
    outlines : Outlines
        Of the polygons, which may overlap.

    Returns
    -------
    Regions
        Nothing is measured: who crosses an outline from right to left enters that polygon.
    """
    is_outline = np.zeros(len(plane), dtype=bool)
    is_outline[outlines.edge] = True
    left, right = faces.left[::2], faces.left[1::2]
    count = faces.count + 1
    inner = ~is_outline
    part = together(count, left[inner], right[inner])
    inside = _walk(int(part.max()) + 1, part[left], part[right], int(part[-1]), outlines)
    number = np.array([min(found, default=NONE) for found in inside], dtype=np.int64)
    contested = np.array([len(found) > 1 for found in inside], dtype=bool)
    return Regions(number[part], contested[part])


def _walk(parts: int, left: Ints, right: Ints, outside: int, outlines: Outlines) -> list[frozenset[int]]:
    """Go from part to part, crossing one edge each time, and keep which polygons one is in."""
    crossings: dict[int, list[tuple[int, int]]] = {}
    for edge, owner, turns in zip(outlines.edge, outlines.owner, outlines.turns, strict=True):
        crossings.setdefault(int(edge), []).append((int(owner), int(turns)))
    ways: list[dict[int, tuple[int, int]]] = [{} for _ in range(parts)]
    for edge in crossings:
        one, other = int(left[edge]), int(right[edge])
        ways[one].setdefault(other, (edge, -1))
        ways[other].setdefault(one, (edge, 1))
    depth: dict[int, dict[int, int]] = {outside: {}}
    waiting = deque([outside])
    while waiting:
        here = waiting.popleft()
        for there, (edge, sign) in ways[here].items():
            if there in depth:
                continue
            found = dict(depth[here])
            for owner, turns in crossings[edge]:
                found[owner] = found.get(owner, 0) + sign * turns
            depth[there] = {owner: times for owner, times in found.items() if times}
            waiting.append(there)
    return [frozenset(depth[part]) for part in range(parts)]


def together(count: int, one: Ints, other: Ints) -> Ints:
    """Give pairs of things the same number.

    Examples
    --------
    >>> together(4, np.array([2]), np.array([0])).tolist()
    [0, 1, 0, 2]
    """
    pairs = coo_array((np.ones(len(one)), (one, other)), shape=(count, count))
    found = connected_components(pairs, directed=False)[1]
    return np.asarray(found, dtype=np.int64)
