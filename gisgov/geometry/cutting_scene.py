"""Borders of blocks and a line across them, cut where they meet, and what of it divides which block."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely

from gisgov.geometry.blocks.segments import points_at
from gisgov.geometry.blocks.snap_rounding import cut_where_they_meet
from gisgov.geometry.cutting_faces import faces_of, undirected
from gisgov.geometry.edges import Edges
from gisgov.types import Bools, Floats, Ints

ON_BORDER: Final = -1
"""A stretch of a line that runs along a border of a block that may be cut."""

OUTSIDE: Final = -2
"""A stretch of a line that no block that may be cut holds."""


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """Stretches of borders and of a line between numbered vertices; none crosses another.

    Attributes
    ----------
    xy : numpy.ndarray of int, shape (v, 2)
        Vertices in steps of the storage grid, ascending by x, then y.
    border : numpy.ndarray of int, shape (k, 2)
        Where each stretch of a border begins and ends, the ground of its block on the left.
    part : numpy.ndarray of int, shape (k,)
        The straight part of a border that it is of, ascending.
    owner : numpy.ndarray of int
        For each straight part its block.
    line : numpy.ndarray of int, shape (m, 2)
        Stretches of the line, one after the other.
    held : numpy.ndarray of int, shape (m,)
        The block that holds each of these, `ON_BORDER` or `OUTSIDE`.
    """

    xy: Ints
    border: Ints
    part: Ints
    owner: Ints
    line: Ints
    held: Ints

    def border_of(self, block: int) -> Ints:
        """Return the stretches of the border of a block."""
        stretches: Ints = self.border[self.owner[self.part] == block]
        return stretches


@dataclass(frozen=True, slots=True, eq=False)
class Sides:
    """Straight sides of blocks after the cut.

    Attributes
    ----------
    ends : numpy.ndarray of int, shape (f, 2)
        Numbers of vertices, the ground on the left.
    part : numpy.ndarray of int, shape (f,)
        The straight part of a border that each is of, ascending.
    """

    ends: Ints
    part: Ints


def scene_of(edges: Edges, start: Ints, end: Ints, may_be_cut: Bools) -> Scene:
    """Cut borders and a line where they meet.

    Parameters
    ----------
    edges : Edges
        Those of blocks, in steps of the storage grid, with their ground on the left.
    start, end : numpy.ndarray of int, shape (q, 2)
        Straight parts of the line, in steps; none of no length.
    may_be_cut : numpy.ndarray of bool
        For each block whether the line may cut it.
    """
    count = len(edges)
    noded = cut_where_they_meet(
        np.concatenate((edges.start.astype(np.int64), start)),
        np.concatenate((edges.end.astype(np.int64), end)),
    )
    stretch = np.column_stack((noded.start, noded.end))
    is_border = noded.segment < count
    border, part, line = stretch[is_border], noded.segment[is_border], stretch[~is_border]
    held = np.full(len(line), OUTSIDE, dtype=np.int64)
    follows = part[1:] == part[:-1]
    whole = edges.with_vertices(part[:-1][follows], noded.xy[border[:-1, 1][follows]].astype(np.float64))
    chosen = np.flatnonzero(may_be_cut)
    middle = points_at(noded.xy[line].mean(axis=1))
    block, inside = shapely.STRtree(middle).query(whole[chosen], predicate="intersects")
    held[inside] = chosen[block]
    of_chosen = may_be_cut[edges.owner[part]]
    held[np.isin(undirected(line), undirected(border[of_chosen]))] = ON_BORDER
    return Scene(noded.xy, border, part, edges.owner, line, held)


def dividing(scene: Scene) -> Bools:
    """Say which stretches of the line go right through a block, alone or with others."""
    divides = np.zeros(len(scene.line), dtype=bool)
    for block in np.unique(scene.held[scene.held >= 0]).tolist():
        within = scene.held == block
        faces = faces_of(scene.xy, scene.border_of(block), scene.line[within])
        divides[within] = np.isin(undirected(scene.line[within]), faces.sides)
    return divides


def sides_of(scene: Scene) -> Sides:
    """Join the stretches of borders again, but where the line meets them.

    A border that gets a vertex of the line bends by half a step, so it gets the vertices of other borders
    that it might bend across as well: those within half a step of it, which borders hardly ever have.
    """
    is_put = np.zeros(len(scene.xy), dtype=bool)
    is_put[scene.line] = True
    is_corner = np.zeros(len(scene.xy), dtype=bool)
    is_corner[scene.border[np.append(True, scene.part[1:] != scene.part[:-1]), 0]] = True
    inner = np.flatnonzero(scene.part[1:] == scene.part[:-1])
    vertex, part = scene.border[inner, 1], scene.part[inner]
    more = True
    while more:
        bends = np.isin(part, part[is_put[vertex]])
        more = bool((bends & is_corner[vertex] & ~is_put[vertex]).any())
        is_put[vertex[bends & is_corner[vertex]]] = True
    begins = np.ones(len(scene.part), dtype=bool)
    begins[inner + 1] = is_put[vertex]
    first = np.flatnonzero(begins)
    last = np.append(first[1:], len(begins)) - 1
    return Sides(np.column_stack((scene.border[first, 0], scene.border[last, 1])), scene.part[first])


def along(scene: Scene, edges: Edges, ends: Floats, part: Ints) -> Bools:
    """Say which sides, given by part and by their second ends in steps, lie on the line of a scene."""
    on_line = np.isin(undirected(scene.border), undirected(scene.line))
    middle = scene.xy[scene.border].mean(axis=1)
    side = np.searchsorted(_place(edges, part, ends), _place(edges, scene.part, middle))
    is_along = np.bincount(side, minlength=len(part)) > 0
    is_along[side[~on_line]] = False
    return is_along


def _place(edges: Edges, part: Ints, xy: Floats | Ints) -> Floats:
    """Say where places are along straight parts: the number of the part, and which share of it."""
    a, span = edges.start[part], edges.end[part] - edges.start[part]
    share = ((xy - a) * span).sum(axis=1) / (span * span).sum(axis=1)
    return np.asarray(part + np.clip(share, 0.0, 1.0))


def loose_ends(scene: Scene) -> Ints:
    """Return the vertices where the line ends inside a block that it may cut."""
    _, first = np.unique(undirected(scene.line), return_index=True)
    degree = np.bincount(scene.line[first].ravel(), minlength=len(scene.xy))
    degree[scene.border[:, 0]] = 0
    ends = scene.line[[0, -1], [0, 1]]
    return np.unique(ends[(degree[ends] == 1) & (scene.held[[0, -1]] >= 0)])
