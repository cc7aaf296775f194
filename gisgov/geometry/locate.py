"""Which area owns a point: one area, always the same one, and how sure.

The rule (the same in SQL: ``ST_Covers … ORDER BY code COLLATE "C" LIMIT 1``): of all areas whose
closed polygon covers the point, the one with the smallest code owns it. Predicates such as
"contains" give a point on a shared border no owner, and "intersects" two or three.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import shapely

from gisgov.errors import InputError
from gisgov.geometry.crs import from_wgs84, from_wgs84_geometries, to_wgs84, to_wgs84_geometries, working_crs
from gisgov.geometry.snap import densify
from gisgov.geometry.systems import WGS84, CoordinateSystem
from gisgov.geometry.validity import find_invalid
from gisgov.types import Bools, Floats, Geometries, Ints, Texts

_STEPS: Final = 32
"""Edges of a piece of border."""


@dataclass(frozen=True, slots=True, eq=False)
class Located:
    """The owner of each point; all arrays have the shape (n,) of the points.

    Attributes
    ----------
    area : numpy.ndarray of int
        Number of the owner, −1 where no area covers the point or the point is not finite.
    on_border : numpy.ndarray of bool
        Whether the point lies on the border of its owner, to the last bit of its coordinates (so
        also on the outer border of the layer).
    border_m : numpy.ndarray of float
        Metres to the owner's border, or to the nearest area when outside; 0 on a border, NaN for a
        point that is not finite or when there are no areas.
    nearest : numpy.ndarray of int
        The owner, or when outside the nearest area (of equally near ones the smallest code); −1 for
        a point that is not finite or when there are no areas.
    candidates : tuple of tuple of int
        The other areas that cover the point, in the order of their codes.
    """

    area: Ints
    on_border: Bools
    border_m: Floats
    nearest: Ints
    candidates: tuple[tuple[int, ...], ...]

    def __len__(self) -> int:
        return len(self.area)


class AreaIndex:
    """Areas prepared for the question "who owns this point?".

    Parameters
    ----------
    geometries : numpy.ndarray of shapely.Geometry, shape (m,)
        Valid polygons or multipolygons in ``system``.
    codes : sequence of str, shape (m,)
        Their codes; compared by code point. Of two areas with one code the first wins.
    system : CoordinateSystem
        What the coordinates of areas and points mean.
    working : CoordinateSystem, optional
        The plane in which distances are measured; by default that of the centre of the areas.

    Raises
    ------
    InputError
        When an area is missing, empty or invalid, or the codes do not match the areas in number.

    Examples
    --------
    >>> from gisgov.testing import areas_from_grid
    >>> codes, areas = areas_from_grid("BA", cell_m=0.001, origin=(120.0, 30.0))
    >>> index = AreaIndex(areas, codes)
    >>> found = index.locate([120.0005, 120.001, 121.0], [30.0005, 30.0005, 30.0005])
    >>> [str(codes[i]) if i >= 0 else None for i in found.area]
    ['B', 'A', None]
    >>> found.on_border.tolist(), found.candidates, found.border_m.round().tolist()
    ([False, True, False], ((), (1,), ()), [48.0, 0.0, 96296.0])
    """

    def __init__(
        self,
        geometries: Geometries,
        codes: Sequence[str] | Texts,
        system: CoordinateSystem = WGS84,
        working: CoordinateSystem | None = None,
    ) -> None:
        self.geometries: Geometries = np.asarray(geometries, dtype=object)
        self.codes: Texts = np.asarray(codes, dtype=object)
        self.system = system
        if self.geometries.shape != self.codes.shape:
            raise InputError(f"There are {len(self.geometries)} areas and {len(self.codes)} codes.")
        invalid = find_invalid(self.geometries)
        if len(invalid):
            raise InputError(
                f"Area {self.codes[invalid.index[0]]} cannot be asked for points: {invalid.reason[0]}"
                f" at ({invalid.x[0]}, {invalid.y[0]}).",
                hint="Check the areas and mend them first.",
            )
        self.working = working or self._own_working_crs()
        order = np.array(sorted(range(len(self.codes)), key=self.codes.__getitem__), dtype=np.int64)
        self._rank = np.empty_like(order)
        self._rank[order] = np.arange(len(order))
        self._by_rank = order
        shapely.prepare(self.geometries)
        self._tree = shapely.STRtree(self.geometries)
        # long straight borders are bent in the plane: without added vertices a distance is metres off
        in_plane = self._into_plane(densify(self.geometries, system, target=self.working))
        self._borders: Geometries = shapely.boundary(in_plane)
        shapely.prepare(self._borders)
        self._pieces, self._piece_of = _in_pieces(self._borders)
        self._piece_tree = shapely.STRtree(self._pieces)

    def __len__(self) -> int:
        return len(self.geometries)

    def locate(self, lon: npt.ArrayLike, lat: npt.ArrayLike) -> Located:
        """Find the owner of each point.

        Parameters
        ----------
        lon, lat : array_like of float, shape (n,)
            Points in the system of the index (easting and northing when that is a plane).

        Returns
        -------
        Located
            One row per point, in their order.
        """
        x, y = np.array(lon, dtype=np.float64, ndmin=1), np.array(lat, dtype=np.float64, ndmin=1)
        known = np.isfinite(x) & np.isfinite(y)
        points: Geometries = np.full(x.shape, None, dtype=object)
        points[known] = shapely.points(x[known], y[known])
        point, area = self._tree.query(points, predicate="intersects")  # for a point the same as covers
        order = np.lexsort((self._rank[area], point))
        point, area = point[order], area[order]
        is_owner = np.r_[True, point[1:] != point[:-1]][: point.size]
        owner = np.full(x.shape, -1, dtype=np.int64)
        owner[point[is_owner]] = area[is_owner]
        inside = owner >= 0
        on_border = np.zeros(x.shape, dtype=bool)
        on_border[inside] = ~shapely.contains_properly(self.geometries[owner[inside]], points[inside])
        nearest, border_m = self._measure(x, y, owner, known)
        border_m[on_border] = 0.0
        return Located(owner, on_border, border_m, nearest, _grouped(point, area, is_owner, len(x)))

    def _measure(self, x: Floats, y: Floats, owner: Ints, known: Bools) -> tuple[Ints, Floats]:
        """Measure to the owner's border, or find the nearest area and measure to it."""
        nearest, border_m = owner.copy(), np.full(x.shape, np.nan)
        plane_x, plane_y = from_wgs84(*to_wgs84(x, y, self.system), self.working)
        placed = known & np.isfinite(plane_x)
        points: Geometries = np.full(x.shape, None, dtype=object)
        points[placed] = shapely.points(plane_x[placed], plane_y[placed])
        outside = np.flatnonzero(placed & (owner < 0))
        (near, piece), metres = self._piece_tree.query_nearest(
            points[outside], all_matches=True, return_distance=True
        )
        rank = np.full(outside.size, len(self), dtype=np.int64)
        np.minimum.at(rank, near, self._rank[self._piece_of[piece]])
        met = rank < len(self)
        nearest[outside[met]] = self._by_rank[rank[met]]
        border_m[outside[near]] = metres
        measured = placed & (owner >= 0)
        border_m[measured] = shapely.distance(self._borders[nearest[measured]], points[measured])
        return nearest, border_m

    def _into_plane(self, geometries: Geometries) -> Geometries:
        return from_wgs84_geometries(to_wgs84_geometries(geometries, self.system), self.working)

    def _own_working_crs(self) -> CoordinateSystem:
        if not len(self):
            return WGS84  # nothing will be measured
        west, south, east, north = shapely.total_bounds(self.geometries)
        lon, lat = to_wgs84((west + east) / 2, (south + north) / 2, self.system)
        return working_crs(float(lon[0]), float(lat[0]))


def _in_pieces(borders: Geometries) -> tuple[Geometries, Ints]:
    """Cut borders into lines of few vertices: the nearest is a matter of an index then, not of every vertex.

    Returns
    -------
    pieces : numpy.ndarray of shapely.LineString, shape (n,)
        They begin and end at vertices of the borders.
    border : numpy.ndarray of int, shape (n,)
        Number of the border that each is of.
    """
    lines, border = shapely.get_parts(borders, return_index=True)
    xy, line = shapely.get_coordinates(lines, return_index=True)
    count = shapely.get_num_coordinates(lines)
    begin = np.cumsum(count) - count
    place = np.arange(len(xy)) - begin[line]  # of each vertex in its line
    joint = (place > 0) & (place % _STEPS == 0)  # a vertex where a piece ends, and the next begins
    is_last = place == count[line] - 1
    number = np.cumsum((place % _STEPS == 0) & ~(joint & is_last)) - 1
    ending = np.flatnonzero(joint & ~is_last)
    vertex = np.concatenate((np.arange(len(xy)), ending))
    of_piece = np.concatenate((number, number[ending] - 1))
    order = np.lexsort((vertex, of_piece))
    pieces = np.asarray(shapely.linestrings(xy[vertex[order]], indices=of_piece[order]), dtype=object)
    first = np.searchsorted(of_piece[order], np.arange(len(pieces)))
    return pieces, border[line[vertex[order][first]]]


def _grouped(point: Ints, area: Ints, is_owner: Bools, count: int) -> tuple[tuple[int, ...], ...]:
    """Gather per point the areas that cover it besides the owner."""
    others: dict[int, tuple[int, ...]] = {}
    for key, value in zip(point[~is_owner].tolist(), area[~is_owner].tolist(), strict=True):
        others[key] = (*others.get(key, ()), value)
    return tuple(others.get(key, ()) for key in range(count))
