"""Borders as a chain: every edge once, with the areas it bounds and on which side they lie.

An edge counts +1 for an area on its left as it runs from its lower to its higher vertex, −1 for one on its
right. What the areas add up to, less the scope, is what does not cancel. The changes that a repair makes are
linear in this table, and each keeps what cancels cancelled: to move a vertex wherever it occurs, to cut an
edge wherever it occurs, and to take a face from one area and give it to another.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from gisgov.types import Bools, Floats, Ints


@dataclass(frozen=True, slots=True, eq=False)
class Linework:
    """Edges between numbered vertices, and whose borders they are.

    Attributes
    ----------
    xy : numpy.ndarray of float, shape (v, 2)
        Vertices in the coordinates of the areas, each once.
    lower, upper : numpy.ndarray of int, shape (m,)
        The vertices of each edge, ``lower < upper``; edges ascending by both.
    edge, owner, turns : numpy.ndarray of int, shape (k,)
        Which edge bounds which owner, and how often with the owner on the left; never 0. Ascending by
        edge, then owner. Owners from ``areas`` on are no areas: the scope and parents, which stay.
    areas : int
        How many of the owners are areas.
    has_scope : bool
        Whether owner ``areas`` is the scope.
    """

    xy: Floats
    lower: Ints
    upper: Ints
    edge: Ints
    owner: Ints
    turns: Ints
    areas: int
    has_scope: bool

    def __len__(self) -> int:
        return len(self.lower)

    @classmethod
    def of(
        cls, xy: Floats, start: Ints, end: Ints, owner: Ints, turns: Ints, *, areas: int, has_scope: bool
    ) -> Linework:
        """Add up directed edges.

        Parameters
        ----------
        xy : numpy.ndarray of float, shape (v, 2)
            Vertices.
        start, end, owner, turns : numpy.ndarray of int, shape (k,)
            Directed edges, the owner ``turns`` times on the left; those between equal vertices and those
            that cancel are left out.
        areas, has_scope : int, bool
            As the attributes.

        Returns
        -------
        Linework
            Vertices keep their numbers.
        """
        real = start != end
        start, end, owner, turns = start[real], end[real], owner[real], turns[real]
        is_back = start > end
        key = np.where(is_back, end, start) * len(xy) + np.where(is_back, start, end)
        # one number for edge and owner: the edges are ranked first, so that it fits
        edges, rank = np.unique(key, return_inverse=True)
        count = int(owner.max(initial=0)) + 1
        pairs, pair = np.unique(rank * count + owner, return_inverse=True)
        total = np.zeros(len(pairs), dtype=np.int64)
        np.add.at(total, pair, np.where(is_back, -turns, turns))
        pairs, total = pairs[total != 0], total[total != 0]
        kept, edge = np.unique(pairs // count, return_inverse=True)
        edges = edges[kept]
        return cls(xy, edges // len(xy), edges % len(xy), edge, pairs % count, total, areas, has_scope)

    @property
    def keys(self) -> Ints:
        """One number per edge, the same as long as no vertex is added."""
        return self.lower * len(self.xy) + self.upper

    @property
    def used(self) -> Ints:
        """The vertices that some edge has, ascending."""
        is_used = np.zeros(len(self.xy), dtype=bool)
        is_used[self.lower] = is_used[self.upper] = True
        return np.flatnonzero(is_used)

    @property
    def begin(self) -> Ints:
        """Where the owners of each edge begin; shape (m + 1,)."""
        return np.searchsorted(self.edge, np.arange(len(self) + 1))

    def residual(self) -> Ints:
        """Add up the areas and take away the scope: 0 where an edge cancels; shape (m,)."""
        left = np.zeros(len(self), dtype=np.int64)
        area = self.owner < self.areas
        np.add.at(left, self.edge[area], self.turns[area])
        if self.has_scope:
            scope = self.owner == self.areas
            np.subtract.at(left, self.edge[scope], self.turns[scope])
        return left

    def is_fixed(self) -> Bools:
        """Whether each edge is one of the scope or of a parent; shape (m,)."""
        found = np.zeros(len(self), dtype=bool)
        found[self.edge[self.owner >= self.areas]] = True
        return found

    def moved(self, to: Ints) -> Linework:
        """Put vertices onto others wherever they occur.

        Parameters
        ----------
        to : numpy.ndarray of int, shape (v,)
            For each vertex the one it becomes; itself where it stays.

        Returns
        -------
        Linework
            With the same vertices, some of them out of use.
        """
        lower, upper = to[self.lower], to[self.upper]
        return self._with(self.xy, lower[self.edge], upper[self.edge], self.owner, self.turns)

    def with_places(self, xy: Floats) -> Linework:
        """Append vertices that no edge has yet; the first ones must be those that are there."""
        return replace(self, xy=xy)

    def cut(self, xy: Floats, edge: Ints, vertex: Ints) -> Linework:
        """Put vertices into edges, for all that have them.

        Parameters
        ----------
        xy : numpy.ndarray of float, shape (w, 2)
            All vertices, the new ones at the end.
        edge, vertex : numpy.ndarray of int, shape (c,)
            Which vertex goes into which edge; edges ascending, several vertices of one edge in the order
            from its lower end to its upper one.

        Returns
        -------
        Linework
            With the pieces in place of the edges.
        """
        count = np.bincount(edge, minlength=len(self))
        start = np.insert(self.lower, edge + 1, vertex)
        end = np.insert(self.upper, edge, vertex)
        # every owner of an edge gets all its pieces
        first = np.concatenate(([0], np.cumsum(count + 1)))
        times = (count + 1)[self.edge]
        piece = np.repeat(first[self.edge] - np.cumsum(times) + times, times) + np.arange(times.sum())
        return self._with(
            xy, start[piece], end[piece], np.repeat(self.owner, times), np.repeat(self.turns, times)
        )

    def plus(self, edge: Ints, owner: Ints, turns: Ints) -> Linework:
        """Add boundaries of faces to owners, or take them away.

        Parameters
        ----------
        edge, owner, turns : numpy.ndarray of int, shape (c,)
            As the attributes.

        Returns
        -------
        Linework
            Edges that are nobody's border any more are gone.
        """
        edge = np.concatenate((self.edge, edge))
        return self._with(
            self.xy,
            self.lower[edge],
            self.upper[edge],
            np.concatenate((self.owner, owner)),
            np.concatenate((self.turns, turns)),
        )

    def _with(self, xy: Floats, start: Ints, end: Ints, owner: Ints, turns: Ints) -> Linework:
        return Linework.of(xy, start, end, owner, turns, areas=self.areas, has_scope=self.has_scope)
