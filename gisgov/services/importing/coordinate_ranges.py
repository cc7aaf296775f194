"""Coordinates that cannot mean what they are said to mean: out of range, or east and north swapped."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gisgov.geometry.crs import CoordinateSystem, to_wgs84
from gisgov.services.importing.row_problems import ProblemKind
from gisgov.types import BBox, Bools, Floats, Texts

_MARGIN_DEG = 3.0
_WORLD: BBox = (-180.0, -90.0, 180.0, 90.0)


@dataclass(frozen=True, slots=True, eq=False)
class RangeFaults:
    """Faults of places, parallel to them: `ProblemKind` and words, or None."""

    kind: Texts
    message: Texts


def range_faults(
    x: Floats, y: Floats, system: CoordinateSystem, *, near: BBox | None = None, near_what: str = "the scope"
) -> RangeFaults:
    """Find places that lie where the coordinate system is not meant for, or far from everything else.

    Parameters
    ----------
    x, y : numpy.ndarray of float, shape (n,)
        Coordinates in ``system``; NaN has no fault here.
    system : CoordinateSystem
        What they are said to be in.
    near : tuple of float, optional
        ``(west, south, east, north)`` in WGS84 degrees of the ground that the places belong to (a scope, the
        layer above). A place further from it than its own extent is at fault.
    near_what : str
        What that ground is, in words.

    Returns
    -------
    RangeFaults
        ``swapped-axes`` where the place would be right with x and y exchanged, else ``out-of-range``.

    Examples
    --------
    >>> from gisgov.geometry.crs import WGS84
    >>> faults = range_faults(np.array([30.2, 120.1]), np.array([120.1, 30.2]), WGS84)
    >>> faults.kind[0].value, faults.kind[1]
    ('swapped-axes', None)
    """
    kind, message = np.full(len(x), None, dtype=object), np.full(len(x), None, dtype=object)
    boxes = [(_box_of(system), f"where {_called(system)} is used")]
    if near is not None:
        boxes.append((_widened(near), near_what))
    known = np.isfinite(x) & np.isfinite(y)
    for box, what in boxes:
        wrong = known & ~_within(x, y, system, box) & np.array([k is None for k in kind], dtype=np.bool_)
        swapped = wrong & _within(y, x, system, box)
        for i in np.flatnonzero(wrong):
            place = f"({x[i]:.10g}, {y[i]:.10g})"
            if swapped[i]:
                kind[i] = ProblemKind.SWAPPED_AXES
                message[i] = f"has its axes swapped: {place} should read ({y[i]:.10g}, {x[i]:.10g})"
            else:
                kind[i] = ProblemKind.OUT_OF_RANGE
                message[i] = f"lies at {place} in {_called(system)}, out of {what}"
    return RangeFaults(kind, message)


def _within(x: Floats, y: Floats, system: CoordinateSystem, box: BBox) -> Bools:
    lon, lat = x, y
    if system.is_geographic:
        inside = (np.abs(x) <= 180.0) & (np.abs(y) <= 90.0)
        lon, lat = np.where(inside, x, np.nan), np.where(inside, y, np.nan)
    lon, lat = to_wgs84(lon, lat, system)
    west, south, east, north = box
    # a box whose west is greater lies across the date line
    across = (lon >= west) & (lon <= east) if west <= east else (lon >= west) | (lon <= east)
    return np.asarray(across & (lat >= south) & (lat <= north), dtype=np.bool_)


def _box_of(system: CoordinateSystem) -> BBox:
    use = None if system.crs is None else system.crs.area_of_use
    if use is None:
        return _WORLD
    # maps reach over the rim of their zone, so the range is wider than the register says
    west, east = use.west - _MARGIN_DEG, use.east + _MARGIN_DEG
    if west < -180.0 or east > 180.0:
        west, east = -180.0, 180.0
    return (west, max(use.south - _MARGIN_DEG, -90.0), east, min(use.north + _MARGIN_DEG, 90.0))


def _widened(box: BBox) -> BBox:
    west, south, east, north = box
    width, height = max(east - west, 0.01), max(north - south, 0.01)
    return (west - width, south - height, east + width, north + height)


def _called(system: CoordinateSystem) -> str:
    return system.name if len(system.name) < 20 else system.title
