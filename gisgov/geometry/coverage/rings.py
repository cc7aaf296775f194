"""The rings of areas as flat arrays: what the kernels of the coverage check work on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias, TypeGuard

import numpy as np
import shapely

from gisgov.types import Bools, Floats, Geometries, Ints, Unsigned

Areas: TypeAlias = Geometries | Sequence[bytes | None]
"""Shapely geometries, or well-known binary of them; None stands for a missing one."""


@dataclass(frozen=True, slots=True, eq=False)
class Rings:
    """All rings of many polygons and multipolygons.

    Attributes
    ----------
    xy : numpy.ndarray of float, shape (n, 2)
        Vertices in the coordinates of the areas, ring after ring, each ring closed.
    begin : numpy.ndarray of int, shape (r + 1,)
        Where each ring begins in ``xy``.
    is_shell : numpy.ndarray of bool, shape (r,)
        Whether it is the outer ring of its polygon (True) or a hole.
    owner : numpy.ndarray of int, shape (r,)
        Number of its area, ascending.
    count : int
        How many areas there are; some may have no ring.
    """

    xy: Floats
    begin: Ints
    is_shell: Bools
    owner: Ints
    count: int

    @property
    def bits(self) -> Unsigned:
        """The vertices as bits, shape (n, 2)."""
        return self.xy.view(np.uint64)

    @property
    def edges(self) -> int:
        """How many edges the rings have."""
        return len(self.xy) - len(self.owner)

    def of(self, chosen: Bools) -> Rings:
        """Keep the rings of some areas; the numbers of the areas stay.

        Parameters
        ----------
        chosen : numpy.ndarray of bool, shape (count,)
            Which areas.
        """
        kept = chosen[self.owner]
        if kept.all():
            return self
        length = np.diff(self.begin)
        return Rings(
            self.xy[np.repeat(kept, length)],
            np.concatenate(([0], np.cumsum(length[kept]))),
            self.is_shell[kept],
            self.owner[kept],
            self.count,
        )

    def bounds(self) -> Floats:
        """Give the box of each area: west, south, east, north, shape (count, 4); NaN without rings."""
        found = np.full((self.count, 4), np.nan)
        if len(self.owner):
            first = np.flatnonzero(np.diff(self.owner, prepend=-1))
            at = self.begin[first]
            found[self.owner[first], :2] = np.minimum.reduceat(self.xy, at)
            found[self.owner[first], 2:] = np.maximum.reduceat(self.xy, at)
        return found


def merged(rings: Rings, late: Rings) -> Rings:
    """Put rings of other areas among rings, in the order of the areas; both count all areas."""
    order = np.argsort(np.concatenate((rings.owner, late.owner)), kind="stable")
    length = np.concatenate((np.diff(rings.begin), np.diff(late.begin)))[order]
    start = np.concatenate((rings.begin[:-1], late.begin[:-1] + len(rings.xy)))[order]
    begin = np.concatenate(([0], np.cumsum(length)))
    at = np.repeat(start - begin[:-1], length) + np.arange(begin[-1])
    return Rings(
        np.concatenate((rings.xy, late.xy))[at],
        begin,
        np.concatenate((rings.is_shell, late.is_shell))[order],
        np.concatenate((rings.owner, late.owner))[order],
        rings.count,
    )


def is_wkb(areas: Areas) -> TypeGuard[Sequence[bytes | None]]:
    """Whether areas are given as bytes: the first that is not missing tells."""
    first = next((area for area in areas if area is not None), None)
    return isinstance(first, bytes | bytearray | memoryview)


def rings_of(areas: Areas) -> Rings:
    """Take the rings out of areas.

    Parameters
    ----------
    areas : numpy.ndarray of shapely.Geometry, or sequence of bytes, length n
        In any plane coordinates; Z and M are left out. What is no polygon has no rings.

    Returns
    -------
    Rings
        In the order of the areas.

    Raises
    ------
    InputError
        A row of bytes is no well-known binary; the message says which.

    Examples
    --------
    >>> rings = rings_of(np.array([shapely.box(0, 0, 2, 1), None, shapely.Point(0, 0).buffer(1)]))
    >>> rings.count, rings.owner.tolist(), rings.begin.tolist()
    (3, [0, 2], [0, 5, 70])
    """
    if is_wkb(areas):
        from gisgov.geometry.coverage.wkb import rings_of_wkb

        return rings_of_wkb(areas)
    return _rings_of_shapes(np.asarray(areas, dtype=object))


def shapes_of(areas: Areas, numbers: Ints) -> Geometries:
    """Give some areas as shapely geometries, whichever way they came; what cannot be read is None."""
    if not is_wkb(areas):
        chosen: Geometries = np.asarray(areas, dtype=object)[numbers]
        return chosen
    rows = (areas[i] for i in numbers.tolist())
    plain = np.array([None, *(None if row is None else bytes(row) for row in rows)], dtype=object)[1:]
    return np.asarray(shapely.from_wkb(plain, on_invalid="ignore"), dtype=object)


def _rings_of_shapes(areas: Geometries) -> Rings:
    kind = shapely.get_type_id(areas)
    is_polygon = kind == shapely.GeometryType.POLYGON
    is_areal = is_polygon | (kind == shapely.GeometryType.MULTIPOLYGON)
    if not is_areal.all():
        areas = areas.copy()
        areas[~is_areal] = None
    vertices = shapely.get_num_coordinates(areas).astype(np.int64)
    # most areas are one ring: the others alone are taken apart
    several = np.flatnonzero(is_areal & ~(is_polygon & (shapely.get_num_interior_rings(areas) == 0)))
    parts, part_of = shapely.get_parts(areas[several], return_index=True)
    filled = ~shapely.is_empty(parts)
    loops, loop_of = shapely.get_rings(parts[filled], return_index=True)
    rings = (vertices > 0).astype(np.int64)
    rings[several] = np.bincount(part_of[filled][loop_of], minlength=len(several))
    owner = np.repeat(np.arange(len(areas), dtype=np.int64), rings)
    length, is_shell = vertices[owner], np.ones(len(owner), dtype=bool)
    is_of_several = np.zeros(len(areas), dtype=bool)
    is_of_several[several] = True
    length[is_of_several[owner]] = shapely.get_num_coordinates(loops)
    is_shell[is_of_several[owner]] = np.diff(loop_of, prepend=-1) != 0
    begin = np.concatenate(([0], np.cumsum(length)))
    return Rings(shapely.get_coordinates(areas), begin, is_shell, owner, len(areas))
