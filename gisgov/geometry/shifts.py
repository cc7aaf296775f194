"""The published formulas of the GCJ-02 and BD-09 shifts, without any rule of where they apply.

Source: the reverse-engineered polynomial and sine sum first published as ``EvilTransform`` (2010)
and since then common to every open implementation; coefficients are in metres on the Krasovsky
1940 ellipsoid. `gisgov.geometry.offsets` says where the shifts apply and undoes them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np

from gisgov.types import Floats

REACH_DEG: Final = 0.03
"""More than GCJ-02 and BD-09 together ever shift inside the China box (0.0174°)."""

_AXIS_M: Final = 6378245.0
_ECCENTRICITY2: Final = 0.00669342162296594323
_BD_TURN: Final = np.pi * 3000.0 / 180.0
_STILL_DEG: Final = 1e-12
_MAX_TURNS: Final = 30


def gcj_forward(lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    """Shift WGS84 degrees to GCJ-02 degrees, wherever they are.

    Parameters
    ----------
    lon, lat : numpy.ndarray of float
        WGS84 degrees.

    Returns
    -------
    lon, lat : numpy.ndarray of float
        GCJ-02 degrees.
    """
    x, y = lon - 105.0, lat - 35.0
    root, shared = np.sqrt(np.abs(x)), _waves(x, (20.0, 6.0), (20.0, 2.0))
    east_m = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + shared
    east_m += _waves(x, (20.0, 1.0), (40.0, 1 / 3), (150.0, 1 / 12), (300.0, 1 / 30))
    north_m = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root + shared
    north_m += _waves(y, (20.0, 1.0), (40.0, 1 / 3), (160.0, 1 / 12), (320.0, 1 / 30))
    latitude = np.radians(lat)
    flattening = 1.0 - _ECCENTRICITY2 * np.sin(latitude) ** 2
    across_m = _AXIS_M / np.sqrt(flattening)  # radius of curvature across the meridian, then along it
    along_m = across_m * (1.0 - _ECCENTRICITY2) / flattening
    return lon + np.degrees(east_m / (across_m * np.cos(latitude))), lat + np.degrees(north_m / along_m)


def bd_forward(lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    """Shift GCJ-02 degrees to BD-09 degrees, wherever they are.

    Parameters
    ----------
    lon, lat : numpy.ndarray of float
        GCJ-02 degrees.

    Returns
    -------
    lon, lat : numpy.ndarray of float
        BD-09 degrees.
    """
    radius = np.hypot(lon, lat) + 0.00002 * np.sin(lat * _BD_TURN)
    angle = np.arctan2(lat, lon) + 0.000003 * np.cos(lon * _BD_TURN)
    return radius * np.cos(angle) + 0.0065, radius * np.sin(angle) + 0.006


def undo(
    forward: Callable[[Floats, Floats], tuple[Floats, Floats]], shifted_lon: Floats, shifted_lat: Floats
) -> tuple[Floats, Floats]:
    """Solve ``forward(lon, lat) = shifted`` by repeated correction.

    Parameters
    ----------
    forward : callable
        `gcj_forward` or `bd_forward`.
    shifted_lon, shifted_lat : numpy.ndarray of float
        Finite degrees in the shifted system.

    Returns
    -------
    lon, lat : numpy.ndarray of float
        Degrees before the shift, to 1e-12° (a tenth of a micrometre).

    Notes
    -----
    Both shifts change by less than 3 % of a step, so each turn gains a digit and a half and eight
    suffice; the bound on turns only guards the root at 105°E, whose slope is unbounded within 1e-12° of it.
    Each point stops by itself: its bits must not depend on its neighbours in the array, or shared
    vertices would part.
    """
    lon, lat = shifted_lon.copy(), shifted_lat.copy()
    moving = np.arange(lon.size)
    for _ in range(_MAX_TURNS):
        there_lon, there_lat = forward(lon[moving], lat[moving])
        miss_lon, miss_lat = shifted_lon[moving] - there_lon, shifted_lat[moving] - there_lat
        lon[moving] += miss_lon
        lat[moving] += miss_lat
        moving = moving[np.maximum(np.abs(miss_lon), np.abs(miss_lat)) > _STILL_DEG]
        if not moving.size:
            break
    return lon, lat


def _waves(degrees: Floats, *terms: tuple[float, float]) -> Floats:
    """Sum ``2/3 · metres · sin(π · frequency · degrees)`` over the terms."""
    total = np.zeros_like(degrees)
    for metres, frequency in terms:
        total += metres * np.sin(np.pi * frequency * degrees)
    return total * (2.0 / 3.0)
