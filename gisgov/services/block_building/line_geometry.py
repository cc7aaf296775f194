"""The shapes of lines and water bodies: which can be used, and how they come to stored coordinates."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

import numpy as np
import shapely

from gisgov.geometry.crs import CoordinateSystem, to_wgs84_geometries
from gisgov.geometry.overlay import repaired
from gisgov.geometry.snap import densify, snap
from gisgov.geometry.validity import find_invalid
from gisgov.services.importing.coordinate_ranges import range_faults
from gisgov.services.importing.row_problems import ProblemKind, RowProblem
from gisgov.types import BBox, Bools, Geometries, Ints

MARGIN_DEG: Final = 0.002
"""Lines up to some 200 m outside the ground are read: their ends and crossings may bear on it."""


class Kind(StrEnum):
    """Shapes that a file may be meant to hold."""

    LINE = "line"
    POLYGON = "polygon"


_TYPES: Final = {
    Kind.LINE: (
        shapely.GeometryType.LINESTRING,
        shapely.GeometryType.LINEARRING,
        shapely.GeometryType.MULTILINESTRING,
    ),
    Kind.POLYGON: (shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON),
}


def judged(
    geometries: Geometries, rows: Ints, system: CoordinateSystem, kinds: frozenset[Kind]
) -> tuple[Bools, list[RowProblem]]:
    """Say which geometries can be used, and what is wrong with the others.

    Parameters
    ----------
    geometries : numpy.ndarray of shapely.Geometry, shape (n,)
        As a file has them.
    rows : numpy.ndarray of int, shape (n,)
        Their row numbers.
    system : CoordinateSystem
        What they are in.
    kinds : frozenset of Kind
        Which shapes are meant.

    Returns
    -------
    is_fine : numpy.ndarray of bool, shape (n,)
        Which can be used.
    problems : list of RowProblem
        One for each of the others.
    """
    filled = ~(shapely.is_missing(geometries) | shapely.is_empty(geometries))
    bounds = shapely.bounds(geometries)
    finite = np.isfinite(bounds).all(axis=1) & _are_finite(geometries)
    meant = np.isin(shapely.get_type_id(geometries), [kind for one in kinds for kind in _TYPES[one]])
    wanted = " or ".join(sorted(kinds))
    corners = [range_faults(bounds[:, i], bounds[:, i + 1], system) for i in (0, 2)]
    is_fine = filled & finite & meant
    problems = []
    for i, row in enumerate(rows.tolist()):
        if not filled[i]:
            problems.append(RowProblem(row, None, ProblemKind.EMPTY_GEOMETRY, "has no geometry"))
        elif not finite[i]:
            told = "has a coordinate that is not finite (NaN or infinite)"
            problems.append(RowProblem(row, None, ProblemKind.NOT_FINITE, told))
        elif not meant[i]:
            told = f"is a {geometries[i].geom_type}, not a {wanted}"
            problems.append(RowProblem(row, None, ProblemKind.NOT_A_LINE, told))
        else:
            fault = next((one for one in corners if one.kind[i] is not None), None)
            if fault is not None:
                is_fine[i] = False
                problems.append(RowProblem(row, None, fault.kind[i], fault.message[i]))
    return is_fine, problems


def to_stored(geometries: Geometries, system: CoordinateSystem) -> Geometries:
    """Bring lines and polygons to WGS84 on the storage grid; broken rings become the ground they enclose."""
    is_ring = shapely.get_type_id(geometries) >= shapely.GeometryType.POLYGON
    sound = geometries.copy()
    sound[is_ring] = repaired(geometries[is_ring], find_invalid(geometries[is_ring]))
    return snap(to_wgs84_geometries(densify(sound, system), system))


def near_ground(stored: Geometries, near: BBox) -> Ints:
    """Return the numbers of those whose box meets a ground's box and a margin around it."""
    west, south, east, north = near
    bounds = shapely.bounds(stored)
    with np.errstate(invalid="ignore"):
        meets = (
            (bounds[:, 0] <= east + MARGIN_DEG)
            & (bounds[:, 2] >= west - MARGIN_DEG)
            & (bounds[:, 1] <= north + MARGIN_DEG)
            & (bounds[:, 3] >= south - MARGIN_DEG)
        )
    return np.flatnonzero(meets)


def _are_finite(geometries: Geometries) -> Bools:
    xy, owner = shapely.get_coordinates(geometries, return_index=True)
    found = np.ones(len(geometries), dtype=bool)
    found[owner[~np.isfinite(xy).all(axis=1)]] = False
    return found
