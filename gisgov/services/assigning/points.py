"""Owners of points by the index of a layer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from gisgov.geometry.crs import to_wgs84
from gisgov.geometry.systems import WGS84, CoordinateSystem
from gisgov.services.assigning.assigned import Assigned, Status
from gisgov.types import Bools, Floats

if TYPE_CHECKING:
    from gisgov.services.indexes import LayerIndex


def assign_points(
    layer: LayerIndex, x: npt.ArrayLike, y: npt.ArrayLike, system: CoordinateSystem = WGS84
) -> Assigned:
    """Find the owner of each point; no point makes it fail.

    A point on a border belongs to the area with the smallest code, as everywhere. One at 0, 0 that no area
    covers is no place: what writes coordinates puts zeros where it knows none.

    Parameters
    ----------
    layer : LayerIndex
        The areas of a layer in force on a day.
    x, y : array_like of float, shape (n,)
        Easting and northing, or longitude and latitude in degrees, in ``system``. NaN stands for what is
        missing; there may be none.
    system : CoordinateSystem
        What they mean.

    Returns
    -------
    Assigned
        Owner and status of each point.
    """
    lon, lat, status = placed(x, y, system)
    owner = np.asarray(layer.index.owners(lon, lat), dtype=np.int32)
    owner = np.where(status == Status.OWNED, owner, np.int32(-1)) if status.any() else owner
    status[(owner < 0) & (status == Status.OWNED)] = Status.OUTSIDE
    status[(status == Status.OUTSIDE) & are_zeros(x, y)] = Status.BAD_COORDINATE
    owned = np.flatnonzero(owner >= 0)
    on_border = layer.index.on_border(lon[owned], lat[owned], owner[owned])
    status[owned[on_border]] = Status.BORDER
    return Assigned(np.maximum(owner, np.int32(-1)), status)


def placed(
    x: npt.ArrayLike, y: npt.ArrayLike, system: CoordinateSystem
) -> tuple[Floats, Floats, npt.NDArray[np.int8]]:
    """Transform points to WGS84 and mark those that are no place.

    Returns
    -------
    lon, lat : numpy.ndarray of float, shape (n,)
        WGS84 degrees; NaN for what is no place.
    status : numpy.ndarray of int8, shape (n,)
        ``NO_COORDINATE``, ``BAD_COORDINATE``, or ``OWNED`` for what has a place: whose is not asked here.
    """
    xs, ys = np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)
    lon, lat = (xs, ys) if system == WGS84 else to_wgs84(xs, ys, system)
    good = _in_range(lon, lat)  # also not when they are NaN or infinite
    if system != WGS84 and system.is_geographic:
        good &= _in_range(xs, ys)
    status = np.zeros(xs.shape, dtype=np.int8)
    if not good.all():
        status[~good] = Status.BAD_COORDINATE
        status[np.isnan(xs) | np.isnan(ys)] = Status.NO_COORDINATE
        lon, lat = np.where(good, lon, np.nan), np.where(good, lat, np.nan)
    return lon, lat, status


def are_zeros(x: npt.ArrayLike, y: npt.ArrayLike) -> Bools:
    """Tell which points lie at 0, 0."""
    return np.asarray((np.asarray(x) == 0.0) & (np.asarray(y) == 0.0))


def _in_range(lon: Floats, lat: Floats) -> Bools:
    return np.asarray((np.abs(lon) <= 180.0) & (np.abs(lat) <= 90.0))
