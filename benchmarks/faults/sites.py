"""Where faults are put: areas so far from each other that no fault meets another."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
import shapely

from gisgov.types import Bools, Floats, Geometries, Ints

_APART_M: Final = 25.0
"""Faults reach 10 m beyond their area at most; no area within this distance is shared by two."""

UNSHARED, SEVERAL = -1, -2


@dataclass(frozen=True, eq=False)
class Site:
    """An area and what lies around it.

    Attributes
    ----------
    number : int
        Number of the area.
    polygon : shapely.Polygon
        The area, without holes.
    near : numpy.ndarray of int
        Numbers of all areas within 25 m, its own among them.
    areas : numpy.ndarray of shapely.Polygon
        All areas of the coverage.
    """

    number: int
    polygon: shapely.Polygon
    near: Ints
    areas: Geometries

    @cached_property
    def neighbours(self) -> Ints:
        """Numbers of the areas that touch this one."""
        others = self.near[self.near != self.number]
        touching: Ints = others[shapely.intersects(self.polygon, self.areas[others])]
        return touching

    @cached_property
    def ring(self) -> Floats:
        """Vertices, counter-clockwise, the first one not repeated."""
        xy: Floats = shapely.get_coordinates(self.polygon)[:-1]
        return xy if self.polygon.exterior.is_ccw else xy[::-1]

    @cached_property
    def partner(self) -> Ints:
        """Number of the only neighbour that has each vertex too, else ``UNSHARED`` or ``SEVERAL``."""
        xy, of = shapely.get_coordinates(self.areas[self.neighbours], return_index=True)
        is_same = (self.ring[:, None] == xy[None, :]).all(axis=2)
        # a ring has its first vertex twice
        has = np.array([is_same[:, of == i].any(axis=1) for i in range(len(self.neighbours))])
        first = self.neighbours[has.argmax(axis=0)]
        found: Ints = np.select([has.sum(axis=0) == 0, has.sum(axis=0) == 1], [UNSHARED, first], SEVERAL)
        return found

    def inner_vertices(self, *, on_rim: bool) -> Ints:
        """Numbers of vertices that have the same partner as the one before and the one after.

        Parameters
        ----------
        on_rim : bool
            Whether to return those that no neighbour has, or those that one and the same has.
        """
        same = (self.partner == np.roll(self.partner, 1)) & (self.partner == np.roll(self.partner, -1))
        return np.flatnonzero(same & ((self.partner == UNSHARED) if on_rim else (self.partner >= 0)))


class Sites:
    """Sites of a coverage in random order; those that were taken keep others away.

    Parameters
    ----------
    areas : numpy.ndarray of shapely.Polygon, shape (n,)
        An exact coverage, in metres.
    scope : shapely.Geometry
        Its union, with the vertices of the areas.
    rng : numpy.random.Generator
        Decides on the order.
    """

    def __init__(self, areas: Geometries, scope: shapely.Geometry, rng: np.random.Generator) -> None:
        self._areas = areas
        self._tree = shapely.STRtree(areas)
        self._is_taken: Bools = np.zeros(len(areas), dtype=bool)
        self._is_out = self._is_taken.copy()
        self._is_rim: Bools = np.zeros(len(areas), dtype=bool)
        corners = shapely.points(shapely.get_coordinates(scope))
        self._is_rim[self._tree.query(corners, predicate="intersects")[1]] = True
        order = rng.permutation(len(areas))
        self._orders = {on_rim: order[self._is_rim[order] == on_rim].tolist() for on_rim in (False, True)}

    def free(self, *, on_rim: bool) -> Iterator[Site]:
        """Give the sites that are left, on the border of the scope or away from it."""
        for number in self._orders[on_rim]:
            if self._is_out[number]:
                continue
            near = np.sort(self._tree.query(self._areas[number], predicate="dwithin", distance=_APART_M))
            if self._is_taken[near].any() or (not on_rim and self._is_rim[near].any()):
                self._is_out[number] = True
            else:
                yield Site(number, self._areas[number], near, self._areas)

    def take(self, site: Site) -> None:
        """Keep a site, and all that is near, for one fault."""
        self._is_taken[site.near] = True
        self._is_out[site.near] = True
