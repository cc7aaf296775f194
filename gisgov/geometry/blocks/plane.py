"""The ground cut along lines: edges, the half-edges on both their sides, and the faces between them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from gisgov.geometry.blocks.segments import metres_per_step
from gisgov.types import Bools, Floats, Geometries, Ints


@dataclass(frozen=True, eq=False)
class Plane:
    """Edges that meet at common vertices only.

    Half-edge ``2e`` runs along edge ``e`` from its lower vertex to its upper one, ``2e + 1`` back; what lies
    on the left of a half-edge is its own.

    Attributes
    ----------
    xy : numpy.ndarray of int, shape (v, 2)
        Vertices in steps of the storage grid.
    lower, upper : numpy.ndarray of int, shape (m,)
        The vertices of each edge, ``lower < upper``; no edge twice.
    """

    xy: Ints
    lower: Ints
    upper: Ints

    def __len__(self) -> int:
        return len(self.lower)

    def of(self, edges: Ints | Bools) -> Plane:
        """Keep some edges; vertices keep their numbers."""
        return Plane(self.xy, self.lower[edges], self.upper[edges])

    @cached_property
    def origin(self) -> Ints:
        """The vertex from which each half-edge runs; shape (2m,)."""
        return np.column_stack((self.lower, self.upper)).ravel()

    @cached_property
    def span(self) -> Ints:
        """Where each half-edge leads, in steps; shape (2m, 2)."""
        span = self.xy[self.upper] - self.xy[self.lower]
        return np.stack((span, -span), axis=1).reshape(-1, 2)

    @cached_property
    def length_m(self) -> Floats:
        """How long each edge is; shape (m,)."""
        scale = metres_per_step((self.xy[self.lower, 1] + self.xy[self.upper, 1]) / 2.0)
        return np.asarray(np.hypot(*(self.span[::2] * scale).T))

    @cached_property
    def around(self) -> Ints:
        """Half-edges by the vertex they leave, and around it anticlockwise; shape (2m,)."""
        return np.lexsort((np.arctan2(self.span[:, 1], self.span[:, 0]), self.origin))

    @cached_property
    def following(self) -> Ints:
        """The half-edge that goes on along the border of what lies on the left of each; shape (2m,)."""
        following = np.empty(len(self.origin), dtype=np.int64)
        # who arrives turns as far to the left as there are edges: the next one clockwise from the way back
        following[self.around ^ 1] = rotated(self.around, self.origin[self.around], 1)
        return following


def rotated(items: Ints, group: Ints, by: int) -> Ints:
    """Give each item the one before (1) or after (-1) it in its group, the last one to the first.

    Parameters
    ----------
    items, group : numpy.ndarray of int, shape (n,)
        Groups are runs of equal numbers.
    by : int
        1 or -1.

    Examples
    --------
    >>> rotated(np.array([5, 6, 7, 8]), np.array([0, 0, 0, 1]), 1).tolist()
    [7, 5, 6, 8]
    """
    if not items.size:
        return items
    begins = np.flatnonzero(np.append(True, group[1:] != group[:-1]))
    ends = np.append(begins[1:], len(items)) - 1
    moved = np.roll(items, by)
    if by > 0:
        moved[begins] = items[ends]
    else:
        moved[ends] = items[begins]
    return moved


@dataclass(frozen=True, slots=True, eq=False)
class Rings:
    """Closed walks along half-edges.

    Attributes
    ----------
    half_edge : numpy.ndarray of int, shape (k,)
        Ring by ring in the order of the walk.
    begin : numpy.ndarray of int, shape (r + 1,)
        Where each ring begins.
    """

    half_edge: Ints
    begin: Ints

    def number(self) -> Ints:
        """Say in which ring each half-edge lies; shape (k,)."""
        number = np.empty(len(self.half_edge), dtype=np.int64)
        number[self.half_edge] = np.repeat(np.arange(len(self.begin) - 1), np.diff(self.begin))
        return number


def rings_of(following: Ints, priority: Ints | None = None) -> Rings:
    """Walk along half-edges until all are used.

    Parameters
    ----------
    following : numpy.ndarray of int, shape (k,)
        A permutation: the half-edge after each.
    priority : numpy.ndarray of int, shape (k,), optional
        All different: a ring begins with its smallest one. By default the number of the half-edge.

    Returns
    -------
    Rings
        In the order of the half-edges with which they begin.

    Examples
    --------
    >>> rings = rings_of(np.array([2, 1, 4, 0, 3]))
    >>> rings.half_edge.tolist(), rings.begin.tolist()
    ([0, 2, 4, 3, 1], [0, 4, 5])
    """
    count = len(following)
    here = np.arange(count)
    priority = here if priority is None else priority
    ranked = np.argsort(priority)
    _, ring = connected_components(coo_array((np.ones(count), (here, following)), shape=(count, count)))
    _, first = np.unique(ring[ranked], return_index=True)
    first = ranked[np.sort(first)]
    turn = np.empty(len(first), dtype=np.int64)
    turn[ring[first]] = np.arange(len(first))
    ring = turn[ring]
    # by how many steps the first half-edge of the ring lies ahead: at each round twice as far is looked
    is_first = np.zeros(count, dtype=bool)
    is_first[first] = True
    ahead = np.where(is_first, here, following)
    steps = np.where(is_first, 0, 1)
    while not is_first[ahead].all():
        steps, ahead = steps + steps[ahead], ahead[ahead]
    back = np.where(is_first, np.iinfo(np.int64).max, steps)
    order = np.lexsort((-back, ring))
    return Rings(order, np.append(0, np.cumsum(np.bincount(ring, minlength=len(first)))))


@dataclass(frozen=True, slots=True, eq=False)
class Faces:
    """The pieces of ground between edges.

    Attributes
    ----------
    left : numpy.ndarray of int, shape (2m,)
        The face on the left of each half-edge; ``count`` stands for the ground outside all edges.
    polygon : numpy.ndarray of shapely.Polygon, shape (count,)
        Each face, in steps. Its shell touches itself where the face does, which is not valid.
    area_m2 : numpy.ndarray of float, shape (count,)
        How large it is.
    """

    left: Ints
    polygon: Geometries
    area_m2: Floats

    @property
    def count(self) -> int:
        """How many faces there are, the outside left out."""
        return len(self.polygon)


def faces_of(plane: Plane) -> Faces:
    """Find the faces between edges none of which has the same face on both sides.

    Parameters
    ----------
    plane : Plane
        See `without_dead_ends`.

    Returns
    -------
    Faces
        Each face is connected; where it has islands, their outer borders are its inner ones.
    """
    rings = rings_of(plane.following)
    ring = rings.number()
    xy = plane.xy[plane.origin[rings.half_edge]]
    twice = _twice_area_m2(plane, rings)
    is_shell = twice > 0.0
    closed = np.insert(xy, rings.begin[1:], xy[rings.begin[:-1]], axis=0) if len(xy) else xy
    begins = rings.begin + np.arange(len(rings.begin))
    every: Geometries = np.asarray(
        shapely.from_ragged_array(
            shapely.GeometryType.POLYGON, closed.astype(np.float64), (begins, np.arange(len(begins)))
        )
    )
    shells, holes = np.flatnonzero(is_shell), np.flatnonzero(~is_shell)
    face = np.empty(len(is_shell), dtype=np.int64)
    face[shells] = np.arange(len(shells))
    face[holes] = _around(every[shells], xy[rings.begin[holes]])
    area: Floats = np.bincount(face, twice / 2.0, minlength=len(shells) + 1)[: len(shells)].astype(np.float64)
    polygons = every[shells]
    inner = holes[face[holes] < len(shells)]
    for number in np.unique(face[inner]).tolist():
        islands = shapely.get_exterior_ring(every[inner[face[inner] == number]])
        polygons[number] = shapely.polygons(shapely.get_exterior_ring(polygons[number]), islands)
    return Faces(face[ring], polygons, area)


def _twice_area_m2(plane: Plane, rings: Rings) -> Floats:
    """Twice the area that each ring has on its left; negative for the outside of something."""
    first = rings.half_edge[rings.begin[:-1]]
    base = np.repeat(plane.xy[plane.origin[first]], np.diff(rings.begin), axis=0)
    here = plane.xy[plane.origin[rings.half_edge]] - base
    span = plane.span[rings.half_edge]
    scale = metres_per_step(base[:, 1] + here[:, 1]).prod(axis=1)
    cross = here[:, 0] * span[:, 1] - here[:, 1] * span[:, 0]
    number = np.repeat(np.arange(len(first)), np.diff(rings.begin))
    exact = np.zeros(len(first), dtype=np.int64)
    np.add.at(exact, number, cross)
    mean = np.bincount(number, scale, minlength=len(first)) / np.maximum(1, np.diff(rings.begin))
    return np.asarray(exact * mean)


def _around(shells: Geometries, at: Ints) -> Ints:
    """Find the smallest shell around each place, or the number of shells where there is none."""
    found = np.full(len(at), len(shells), dtype=np.int64)
    place, shell = shapely.STRtree(shells).query(shapely.points(at.astype(np.float64)), predicate="within")
    order = np.argsort(-shapely.area(shells[shell]), kind="stable")
    found[place[order]] = shell[order]  # the smallest comes last
    return found


def without_dead_ends(plane: Plane) -> Bools:
    """Say which edges have different ground on their two sides.

    Parameters
    ----------
    plane : Plane
        Any edges.

    Returns
    -------
    numpy.ndarray of bool, shape (m,)
        False for dead ends and for edges that only join one part to another: no block ends there.
    """
    ring = rings_of(plane.following).number()
    return np.asarray(ring[::2] != ring[1::2])
