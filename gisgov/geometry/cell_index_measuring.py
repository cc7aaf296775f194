"""Borders in the plane in which distances are measured, in cells of their own."""

from __future__ import annotations

import functools
import math
from collections.abc import Callable
from typing import Any, Final

import numpy as np
import shapely

from gisgov.geometry.cell_index_form import Bins, Blocks, Frame
from gisgov.geometry.cell_index_layout import frame_of, rank_of, side_of, sort_edges
from gisgov.geometry.cell_index_points import held, in_parts, points
from gisgov.geometry.coverage.rings import Rings, rings_of
from gisgov.geometry.crs import from_wgs84, point_mover, to_wgs84, working_crs
from gisgov.geometry.snap import densify
from gisgov.geometry.systems import WGS84, CoordinateSystem
from gisgov.types import Bools, Floats, Geometries, Ints, SmallInts

_CELLS: Final = 16  # of an area
_MOST_CELLS: Final = 1 << 22  # where areas lie far apart
_SHORT_M: Final = 100.0  # `densify` leaves shorter edges as they are


class Borders:
    """Borders of areas in the working plane, to measure to.

    Parameters
    ----------
    frame : Frame
        Their cells.
    xy : numpy.ndarray of float, shape (v, 2)
        Vertices.
    bins : Bins
        Their edges by cells.
    blocks : Blocks
        Which blocks of cells hold any.
    order : numpy.ndarray of int, shape (m,)
        The numbers of the areas in the order of their codes.
    system, working : CoordinateSystem
        What the coordinates of points mean, and the plane.
    """

    __slots__ = ("_order", "_rank", "_system", "_working", "bins", "blocks", "frame", "xy")

    def __init__(
        self,
        frame: Frame,
        xy: Floats,
        bins: Bins,
        blocks: Blocks,
        order: SmallInts,
        system: CoordinateSystem,
        working: CoordinateSystem,
    ) -> None:
        self.frame, self.xy = frame, held(xy)
        self.bins = Bins(held(bins.number), held(bins.at), held(bins.edge), held(bins.of))
        self.blocks = Blocks(held(blocks.filled), held(blocks.levels))
        self._order, self._rank = order, rank_of(order)
        self._system, self._working = system, working

    def measure(self, x: Floats, y: Floats, area: Ints) -> tuple[Ints, Floats]:
        """Measure to the border of the area of each point, or to the nearest area.

        Parameters
        ----------
        x, y : numpy.ndarray of float, shape (n,)
            Points in the system of the areas.
        area : numpy.ndarray of int, shape (n,)
            The area, −1 for a point outside.

        Returns
        -------
        nearest : numpy.ndarray of int, shape (n,)
            The area, or the nearest one; −1 where there is none.
        metres : numpy.ndarray of float, shape (n,)
            How far it is; NaN where that is not known.
        """
        from gisgov.geometry.cell_index_distances import measure

        metres: Floats = np.empty(len(x))
        found: SmallInts = np.empty(len(x), dtype=np.int32)
        wanted: Ints = np.full(len(x), -1, dtype=np.int64)
        wanted[area >= 0] = self._rank[area[area >= 0]]

        def work(part: slice) -> None:
            place = points(*in_plane(x[part], y[part], self._system, self._working))
            measure(
                *place, wanted[part], self.frame, self.xy, self.bins, self.blocks, metres[part], found[part]
            )  # fmt: skip

        in_parts(len(x), work)
        nearest = area.copy()
        met = (area < 0) & (found >= 0)
        nearest[met] = self._order[found[met]]
        return nearest, metres

    def measure_one(self, x: float, y: float, area: int) -> tuple[int, float]:
        """Return what `measure` says of one point, sooner."""
        measure, parts, ranks, order = self.parts()
        metres, found = measure(*self.move(x, y), ranks[area] if area >= 0 else -1, *parts)
        return order[found] if area < 0 <= found else area, metres

    @property
    def move(self) -> Callable[[float, float], tuple[float, float]]:
        """What takes a point to the plane; the same for all borders of the same systems."""
        return _mover(self._system, self._working)

    def parts(self) -> tuple[Callable[..., tuple[float, int]], tuple[Any, ...], memoryview, memoryview]:
        """Return what measures a point of the plane, and what it is handed behind the point and a rank.

        Besides the ranks of the areas, and the areas by their ranks: one number of a view comes sooner than
        one of an array.
        """
        from gisgov.geometry.cell_index_distances import measure_at

        given = (*self.frame[:6], self.xy, *self.bins[1:], *self.blocks)
        return measure_at, given, self._rank.data, self._order.data


@functools.lru_cache(maxsize=64)
def _mover(
    system: CoordinateSystem, working: CoordinateSystem
) -> Callable[[float, float], tuple[float, float]]:
    """Return what takes a point to the plane; the layers asked of one point after another move it once."""
    move = point_mover(system, working)
    last = ((math.nan, math.nan), (math.nan, math.nan))  # one tuple, so that no thread sees half of it

    def move_once(x: float, y: float) -> tuple[float, float]:
        nonlocal last
        asked, moved = last
        if asked != (x, y):
            moved = move(x, y)
            last = ((x, y), moved)
        return moved

    return move_once


def plane_of(geometries: Geometries, system: CoordinateSystem) -> CoordinateSystem:
    """Choose the plane of the centre of areas."""
    if not len(geometries):
        return WGS84  # nothing will be measured
    west, south, east, north = shapely.total_bounds(geometries)
    lon, lat = to_wgs84((west + east) / 2, (south + north) / 2, system)
    return working_crs(float(lon[0]), float(lat[0]))


def in_plane(
    x: Floats, y: Floats, system: CoordinateSystem, working: CoordinateSystem
) -> tuple[Floats, Floats]:
    """Return coordinates of ``system`` in the working plane; NaN for what has no place in it."""
    return (x, y) if system == working else from_wgs84(*to_wgs84(x, y, system), working)


def borders_of(
    geometries: Geometries, order: SmallInts, system: CoordinateSystem, working: CoordinateSystem
) -> Borders:
    """Draw the borders of areas in the plane in which distances are measured.

    Parameters
    ----------
    geometries : numpy.ndarray of shapely.Geometry, shape (m,)
        Sound areas in ``system``.
    order : numpy.ndarray of int, shape (m,)
        Their numbers in the order of their codes.
    system, working : CoordinateSystem
        What their coordinates mean, and the plane.

    Returns
    -------
    Borders
        Long straight edges have vertices in between: they are bent in the plane, and without them a distance
        is metres off. What has no place in the plane is left out.
    """
    rank = rank_of(order)
    rings = _projected(rings_of(geometries), system, working)
    ranks = rank[rings.owner]
    bent = np.zeros(0, dtype=np.int64) if system == working else _areas_with_long_edges(rings, working)
    if bent.size:
        straight = np.ones(rings.count, dtype=bool)
        straight[bent] = False
        rings = rings.of(straight)
        late = _projected(rings_of(densify(geometries[bent], system, target=working)), system, working)
        ranks = np.concatenate((rank[rings.owner], rank[bent][late.owner]))
        rings = Rings(
            np.concatenate((rings.xy, late.xy)),
            np.concatenate((rings.begin, late.begin[1:] + len(rings.xy))),
            np.concatenate((rings.is_shell, late.is_shell)),
            np.concatenate((rings.owner, bent[late.owner])),
            rings.count,
        )
    xy, begin, ranks = _placed(rings.xy, rings.begin, ranks)
    cells = max(_CELLS * len(geometries), len(xy) // 4, 1)
    frame = frame_of(xy, side_of(xy, begin, cells), max(cells, _MOST_CELLS))
    bins = sort_edges(xy, begin, ranks, frame)
    return Borders(frame, xy, bins, _blocks(bins, frame), order, system, working)


def _blocks(bins: Bins, frame: Frame) -> Blocks:
    """Say which cells hold edges, and which blocks of cells."""
    filled = (np.diff(bins.at) > 0).reshape(frame.rows, frame.columns)
    levels = [filled]
    while filled.size > 1:
        rows, columns = filled.shape
        filled = np.pad(filled, ((0, rows % 2), (0, columns % 2)))
        filled = filled[::2, ::2] | filled[1::2, ::2] | filled[::2, 1::2] | filled[1::2, 1::2]
        levels.append(filled)
    begin = np.cumsum([0, *(level.size for level in levels)])[:-1]
    sizes = [level.shape[::-1] for level in levels]
    every = np.concatenate([level.ravel() for level in levels]).astype(np.uint8)
    return Blocks(every, np.column_stack((begin, sizes)).astype(np.int64))


def _projected(rings: Rings, system: CoordinateSystem, working: CoordinateSystem) -> Rings:
    x, y = in_plane(rings.xy[:, 0], rings.xy[:, 1], system, working)
    return Rings(np.column_stack((x, y)), rings.begin, rings.is_shell, rings.owner, rings.count)


def _areas_with_long_edges(rings: Rings, working: CoordinateSystem) -> Ints:
    """Say which areas may have edges that bend; all when the plane is none."""
    crs = working.crs
    unit = crs.axis_info[0].unit_conversion_factor if crs is not None and crs.is_projected else np.inf
    step = np.diff(rings.xy, axis=0) * unit
    is_long = ~(np.hypot(step[:, 0], step[:, 1]) < _SHORT_M)  # also where an end has no place
    is_long[rings.begin[1:-1] - 1] = False  # from ring to ring
    ring = np.searchsorted(rings.begin, np.flatnonzero(is_long), side="right") - 1
    return np.unique(rings.owner[ring])


def _placed(xy: Floats, begin: Ints, rank: SmallInts) -> tuple[Floats, Ints, SmallInts]:
    """Leave out vertices that have no place: lines begin anew after them."""
    is_placed: Bools = np.isfinite(xy[:, 0]) & np.isfinite(xy[:, 1])
    begins = np.zeros(len(xy), dtype=bool)
    begins[begin[:-1]] = True
    begins[1:] |= ~is_placed[:-1]
    first = np.flatnonzero(begins[is_placed])
    of = np.repeat(rank, np.diff(begin))[is_placed][first]
    return xy[is_placed], np.append(first, np.count_nonzero(is_placed)), of
