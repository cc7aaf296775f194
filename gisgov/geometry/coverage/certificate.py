"""The certificate: one pass over all edges that proves there is no gap, no overlap and nothing outside.

Add up the directed edges of all areas, shells anticlockwise and holes clockwise, and take away those of the
scope. Where every edge cancels its reverse, the boundary of (number of areas over a place − 1 inside the
scope) is empty, so that number is the same everywhere, and far away it is 0: each place of the scope lies in
exactly one area, and no area leaves it. What is needed besides is that the ground of each area counts once,
that is, that its rings neither cross nor touch themselves; that is tested too.

Equal edges are found by two independent 64-bit hashes, summed modulo 2⁶⁴. The sums of areas are kept one by
one, so that a changed area is certified anew from its own edges.
"""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np
import shapely

from gisgov.errors import InputError
from gisgov.geometry.coverage.rings import Areas, Rings, is_wkb, rings_of, shapes_of
from gisgov.geometry.coverage.wkb import joined_rows, rings_of_wkb
from gisgov.types import Bools, Ints, Unsigned

_AT_ONCE: Final = 2_048
"""Areas of one portion: their vertices stay in the processor's cache from being read to being summed."""

_THREADS: Final = 2


@dataclass(frozen=True, slots=True, eq=False)
class Sums:
    """What each area adds to the certificate.

    Attributes
    ----------
    sums : numpy.ndarray of uint64, shape (n, 2)
        Its directed edges, hashed and added up.
    edges : numpy.ndarray of int, shape (n,)
        How many there are.
    is_sound : numpy.ndarray of bool, shape (n,)
        Whether it is a valid polygon or multipolygon with some ground.
    """

    sums: Unsigned
    edges: Ints
    is_sound: Bools


@dataclass(frozen=True, slots=True, eq=False)
class Certificate:
    """Whether areas cover a scope exactly once, with the figure that proves it.

    Attributes
    ----------
    residual : tuple of int
        Two independent 64-bit sums of what does not cancel; ``(0, 0)`` when all does.
    edges : int
        Edges of the areas and of the scope.
    areas : int
        How many areas there are; removed ones count.
    unsound : frozenset of int
        Numbers of areas that are no valid polygons, or missing.
    """

    residual: tuple[int, int]
    edges: int
    areas: int
    unsound: frozenset[int]
    _each: Sums = field(repr=False)
    _replaced: dict[int, tuple[tuple[int, int], int]] = field(repr=False)

    @property
    def holds(self) -> bool:
        """Whether there is exactly no gap, no overlap and nothing outside the scope."""
        return self.residual == (0, 0) and not self.unsound

    @property
    def figure(self) -> str:
        """The proof figure in words: the residual in hexadecimal, and over how many edges it was taken."""
        first, second = self.residual
        return f"{first:016x}-{second:016x} over {self.edges:,} edges"

    def replace(self, number: int, geometry: shapely.Geometry | bytes | None) -> Certificate:
        r"""Certify anew after one area was changed; the work is that of its own vertices.

        Parameters
        ----------
        number : int
            Which area.
        geometry : shapely.Geometry, bytes or None
            Its new ground, as a shape or as well-known binary; None takes it away.

        Returns
        -------
        Certificate
            This one stays as it is.

        Raises
        ------
        InputError
            There is no area of that number, or the bytes are no well-known binary.

        Examples
        --------
        >>> from gisgov.testing import areas_from_grid
        >>> _, areas = areas_from_grid("AAB\nABB")
        >>> certificate = certify(areas, shapely.coverage_union_all(areas))
        >>> _, drawn_anew = areas_from_grid("ABB\nAAB")
        >>> moved = certificate.replace(0, drawn_anew[0])
        >>> certificate.holds, moved.holds, moved.replace(0, areas[0]).holds
        (True, False, True)
        """
        if not 0 <= number < self.areas:
            raise InputError(f"There is no area {number}: they are numbered 0 to {self.areas - 1}.")
        before, edges_before = self._replaced.get(
            number,
            (
                (int(self._each.sums[number, 0]), int(self._each.sums[number, 1])),
                int(self._each.edges[number]),
            ),
        )
        after, edges_after, is_sound = (0, 0), 0, True
        if geometry is not None:
            new = sums_of(_single(geometry))
            after = (int(new.sums[0, 0]), int(new.sums[0, 1]))
            edges_after, is_sound = int(new.edges[0]), bool(new.is_sound[0])
        return replace(
            self,
            residual=(
                (self.residual[0] + after[0] - before[0]) % 2**64,
                (self.residual[1] + after[1] - before[1]) % 2**64,
            ),
            edges=self.edges + edges_after - edges_before,
            unsound=self.unsound - {number} if is_sound else self.unsound | {number},
            _replaced={**self._replaced, number: (after, edges_after)},
        )


def certify(areas: Areas, scope: shapely.Geometry | bytes) -> Certificate:
    r"""Prove that areas cover a scope exactly once, or show that they do not.

    Parameters
    ----------
    areas : numpy.ndarray of shapely.Geometry, or sequence of bytes, length n
        Areas of a partition layer as shapes or as well-known binary, in any plane coordinates.
    scope : shapely.Geometry or bytes
        The ground to be covered, in the same coordinates.

    Returns
    -------
    Certificate
        It ``holds`` when every directed edge cancels and every area is a valid polygon. Neighbours must
        have the same vertices: a corner on a border that has no vertex there leaves a residual, though no
        ground is at fault. `gisgov.geometry.coverage.find_defects` tells what it is.

    Raises
    ------
    InputError
        The scope is no valid polygon, or a row is no well-known binary.

    Examples
    --------
    >>> from gisgov.testing import areas_from_grid
    >>> _, areas = areas_from_grid("AAB\nACC")
    >>> certify(areas, shapely.coverage_union_all(areas)).figure
    '0000000000000000-0000000000000000 over 28 edges'
    """
    return certificate_of(sums_of(areas), scope_sums(scope))


def certificate_of(each: Sums, scope: Sums) -> Certificate:
    """Compare the sums of areas with those of their scope."""
    total = each.sums.sum(axis=0, dtype=np.uint64) - scope.sums[0]
    return Certificate(
        residual=(int(total[0]), int(total[1])),
        edges=int(each.edges.sum() + scope.edges.sum()),
        areas=len(each.edges),
        unsound=frozenset(np.flatnonzero(~each.is_sound).tolist()),
        _each=each,
        _replaced={},
    )


def scope_sums(scope: shapely.Geometry | bytes) -> Sums:
    """Sum the edges of a scope.

    Raises
    ------
    InputError
        It is no valid polygon.
    """
    found = sums_of(_single(scope))
    if not found.is_sound.all():
        raise InputError(
            "The scope is not a valid polygon.",
            hint="Mend the scope first: without it nothing can be called a gap.",
        )
    return found


def sums_of(areas: Areas) -> Sums:
    """Sum the edges of each area, and say which areas are sound.

    Parameters
    ----------
    areas : numpy.ndarray of shapely.Geometry, or sequence of bytes, length n
        None, empty ones and what is no polygon add nothing and are not sound.

    Raises
    ------
    InputError
        A row is no well-known binary.
    """
    if len(areas) <= _AT_ONCE:  # an edited area above all: to start a thread would take longer than to sum it
        return _sums_of_portion(areas, 0)
    with ThreadPoolExecutor(_THREADS) as threads:
        starts = range(0, len(areas), _AT_ONCE)
        return _joined(threads.map(lambda at: _sums_of_portion(areas[at : at + _AT_ONCE], at), starts))


def _sums_of_portion(areas: Areas, start: int) -> Sums:
    if not is_wkb(areas):
        return sums_of_rings(rings_of(areas), areas)
    from gisgov.geometry.coverage import edge_sums

    octets, rows = joined_rows(areas)
    count = len(rows) - 1
    sums, edges = np.zeros((count, 2), dtype=np.uint64), np.zeros(count, dtype=np.int64)
    is_done = np.zeros(count, dtype=bool)
    if len(octets) > 8:
        floats, words = (
            np.ndarray(len(octets) - 7, dtype, octets, strides=(1,)) for dtype in (np.float64, np.uint64)
        )
        edge_sums.sum_rows(octets, floats, words, rows, sums, edges, is_done)
    others = np.flatnonzero(~is_done)
    if others.size:
        rest = [areas[i] for i in others.tolist()]
        late = sums_of_rings(rings_of_wkb(rest, start + others), rest)
        sums[others], edges[others], is_done[others] = late.sums, late.edges, late.is_sound
    return Sums(sums, edges, is_done)


def sums_of_rings(rings: Rings, areas: Areas) -> Sums:
    """Sum the edges of areas whose rings are at hand."""
    from gisgov.geometry.coverage import edge_sums, ring_tests

    sums = np.zeros((rings.count, 2), dtype=np.uint64)
    edge_sums.sum_edges(rings.xy, rings.bits, rings.begin, rings.is_shell, rings.owner, sums)
    is_simple = np.empty(len(rings.owner), dtype=bool)
    ring_tests.judge_rings(rings.xy, rings.begin, is_simple)
    edges = np.bincount(rings.owner, np.diff(rings.begin) - 1, minlength=rings.count).astype(np.int64)
    is_sound = np.bincount(rings.owner, minlength=rings.count) > 0
    is_sound[rings.owner[~is_simple]] = False
    # how rings lie to each other is GEOS's to say
    several = np.flatnonzero(is_sound & (np.bincount(rings.owner, minlength=rings.count) > 1))
    if several.size:
        is_sound[several] = shapely.is_valid(shapes_of(areas, several))
    return Sums(sums, edges, is_sound)


def _joined(portions: Iterable[Sums]) -> Sums:
    found = [Sums(np.zeros((0, 2), dtype=np.uint64), np.zeros(0, dtype=np.int64), np.zeros(0, dtype=bool))]
    found.extend(portions)
    return Sums(
        np.concatenate([one.sums for one in found]),
        np.concatenate([one.edges for one in found]),
        np.concatenate([one.is_sound for one in found]),
    )


def _single(geometry: shapely.Geometry | bytes) -> Areas:
    if not isinstance(geometry, shapely.Geometry):
        return [geometry]
    one = np.empty(1, dtype=object)
    one[0] = geometry
    return one
