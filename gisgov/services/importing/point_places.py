"""Where the things of a table are: in WGS84 on the storage grid, or why they are nowhere."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely

from gisgov.errors import CoordinateError
from gisgov.files.tables import PointTable
from gisgov.geometry.crs import CoordinateSystem, to_wgs84_geometries
from gisgov.geometry.snap import densify, snap
from gisgov.governance.events import OrphanReason
from gisgov.services.importing.area_geometry import geometry_faults, polygons_of
from gisgov.services.importing.coordinate_ranges import range_faults
from gisgov.services.importing.row_problems import ProblemKind
from gisgov.types import BBox, Bools, Geometries, Texts

_MOST_WRONG = 0.5


@dataclass(frozen=True, slots=True, eq=False)
class Places:
    """Places of the rows of a table, parallel to them.

    Attributes
    ----------
    geometries : numpy.ndarray
        WGS84 on the storage grid; None where there is no usable coordinate.
    problem : numpy.ndarray
        `OrphanReason` where there is no place, else None.
    reason : numpy.ndarray
        The same in words.
    """

    geometries: Geometries
    problem: Texts
    reason: Texts


def find_places(table: PointTable, system: CoordinateSystem, *, near: BBox | None, name: str) -> Places:
    """Put the rows of a table where they are.

    Parameters
    ----------
    table : PointTable
        Rows as the file has them.
    system : CoordinateSystem
        What its coordinates are in.
    near : tuple of float or None
        ``(west, south, east, north)`` of all areas in force, in WGS84 degrees.
    name : str
        The file's name, for messages.

    Returns
    -------
    Places
        A row without coordinates, with one that is no number, out of range or ``0, 0`` has no place.

    Raises
    ------
    CoordinateError
        Most of the coordinates cannot be right: the coordinate system is another, or the axes are swapped.
    """
    geometries: Geometries = shapely.force_2d(table.geometries)
    problem, reason = np.full(len(geometries), None, dtype=object), table.reasons.copy()
    for i in np.flatnonzero([words is not None for words in reason]):
        problem[i] = OrphanReason.NO_COORDINATE if table.missing[i] else OrphanReason.BAD_COORDINATE
    _judge_ranges(geometries, problem, reason, system, near, name)
    usable = np.flatnonzero([word is None for word in problem])
    placed = np.full(len(geometries), None, dtype=object)
    placed[usable] = snap(to_wgs84_geometries(densify(geometries[usable], system), system))
    return Places(placed, problem, reason)


def points_of(geometries: Geometries) -> Geometries:
    """Return a point on each geometry, None for none; events happen at points."""
    points = geometries.copy()
    others = shapely.get_type_id(geometries) > shapely.GeometryType.POINT
    points[others] = snap(shapely.point_on_surface(geometries[others]))
    return points


def footprint_faults(geometries: Geometries) -> list[tuple[ProblemKind, str] | None]:
    """Say what keeps geometries from being the point or outline of a building; None for what can be one."""
    faults: list[tuple[ProblemKind, str] | None] = [None] * len(geometries)
    outlines = np.flatnonzero(shapely.get_type_id(geometries) > shapely.GeometryType.POINT)
    found = geometry_faults(polygons_of(geometries[outlines]))
    for i, kind, message in zip(outlines.tolist(), found.kind, found.message, strict=True):
        if kind is not None:
            faults[i] = (kind, message)
    return faults


def _judge_ranges(
    geometries: Geometries,
    problem: Texts,
    reason: Texts,
    system: CoordinateSystem,
    near: BBox | None,
    name: str,
) -> None:
    west, south, east, north = shapely.bounds(geometries).T
    x, y = (west + east) / 2, (south + north) / 2
    known = np.isfinite(x) & np.isfinite(y)
    zero = known & (x == 0.0) & (y == 0.0)
    for i in np.flatnonzero(zero):
        problem[i], reason[i] = OrphanReason.BAD_COORDINATE, "lies at 0, 0, which stands for no place"
    known &= ~zero
    found = range_faults(np.where(known, x, np.nan), np.where(known, y, np.nan), system)
    wrong = np.array([kind is not None for kind in found.kind], dtype=np.bool_)
    if known.any() and wrong.sum() > _MOST_WRONG * known.sum():
        _refuse(name, wrong, found.kind, found.message, known)
    for i in np.flatnonzero(wrong):
        problem[i], reason[i] = OrphanReason.BAD_COORDINATE, found.message[i]
    if near is not None:
        far = range_faults(
            np.where(known & ~wrong, x, np.nan),
            np.where(known & ~wrong, y, np.nan),
            system,
            near=near,
            near_what="the areas in force",
        )
        swapped = np.array([kind is ProblemKind.SWAPPED_AXES for kind in far.kind], dtype=np.bool_)
        if swapped.sum() > _MOST_WRONG * known.sum():
            _refuse(name, swapped, far.kind, far.message, known)


def _refuse(name: str, wrong: Bools, kinds: Texts, messages: Texts, known: Bools) -> None:
    first = int(np.flatnonzero(wrong)[0])
    swapped = sum(kind is ProblemKind.SWAPPED_AXES for kind in kinds) > _MOST_WRONG * int(wrong.sum())
    hint = "Swap --lon-field and --lat-field." if swapped else "Is --crs right?"
    raise CoordinateError(
        f"{int(wrong.sum())} of the {int(known.sum())} coordinates of {name} cannot be right: the first"
        f" {messages[first]}.",
        hint=hint,
        field="crs",
    )
