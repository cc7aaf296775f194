"""The two offset coordinate systems of Chinese web maps: GCJ-02 and BD-09, both ways.

GCJ-02 shifts WGS84 by up to 800 m with a sum of sines; BD-09 shifts GCJ-02 by another 0.0065° and
0.006° with a small ripple. Neither has an official text: the formulas are those that every open
implementation shares (``eviltransform``, ``coordtransform``, ``gcoord``, ``prcoords``), which agree
with each other to 1e-6°.

**What "in China" means.** Those implementations do not know China's border. They apply the shift
inside one box of longitude and latitude (`CHINA_BOX`, which also holds Seoul, Hanoi and
Ulaanbaatar) and none outside, and map files were made with them; so the box is the rule here too.
It is a box of *WGS84* coordinates. The shift is up to a kilometre, so at the rim:

- a shifted coordinate may lie outside the box although the place is inside. It is recognised by
  solving for the place first, so that the inverse undoes the forward step everywhere in the box;
- just outside the rim one shifted coordinate can stand for two places (one inside that was
  shifted, one outside that was not). The one inside is answered;
- just inside the rim a coordinate can stand for no place at all, because everything was shifted
  away from it. It is unshifted like its neighbours, so that a shape there stays a shape.

**The inverse** has no closed form. The forward shift changes by less than 3 % of a step, so
repeating ``place = shifted - shift(place)`` gains a digit and a half a turn; it is repeated until nothing
moves by more than 1e-12° (a tenth of a micrometre). The widely copied one-step inverse is up to 5 m off.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from gisgov.geometry.shifts import REACH_DEG, bd_forward, gcj_forward, undo
from gisgov.types import BBox, Bools, Floats

CHINA_BOX: Final[BBox] = (72.004, 0.8293, 137.8347, 55.8271)
"""``(west, south, east, north)`` in WGS84 degrees, rim included: where the shift applies."""

_RIM_DEG: Final = 1e-9  # rounding of a place exactly on the rim must not throw it out of the box


def is_in_china(lon: npt.ArrayLike, lat: npt.ArrayLike) -> Bools:
    """Say whether WGS84 places lie in the box inside which GCJ-02 and BD-09 are shifted.

    Parameters
    ----------
    lon, lat : array_like of float, shape (n,)
        WGS84 degrees.

    Returns
    -------
    numpy.ndarray of bool
        True inside `CHINA_BOX` or on its rim; False for NaN and infinities.

    Examples
    --------
    >>> is_in_china([114.06, 139.77, float("nan")], [22.54, 35.68, 30.0]).tolist()
    [True, False, False]
    """
    return _in_box(np.asarray(lon, dtype=np.float64), np.asarray(lat, dtype=np.float64), 0.0)


def wgs84_to_gcj02(lon: npt.ArrayLike, lat: npt.ArrayLike) -> tuple[Floats, Floats]:
    """Shift WGS84 places to GCJ-02.

    Parameters
    ----------
    lon, lat : array_like of float, shape (n,)
        WGS84 degrees.

    Returns
    -------
    lon, lat : numpy.ndarray of float
        GCJ-02 degrees; unchanged outside `CHINA_BOX`; NaN and infinities pass through.

    Examples
    --------
    >>> lon, lat = wgs84_to_gcj02([116.404], [39.915])
    >>> round(float(lon[0]), 6), round(float(lat[0]), 6)
    (116.410244, 39.916404)
    """
    x, y = _arrays(lon, lat)
    inside = _in_box(x, y, 0.0)
    x[inside], y[inside] = gcj_forward(x[inside], y[inside])
    return x, y


def gcj02_to_wgs84(lon: npt.ArrayLike, lat: npt.ArrayLike) -> tuple[Floats, Floats]:
    """Find the WGS84 places of GCJ-02 coordinates.

    Parameters
    ----------
    lon, lat : array_like of float, shape (n,)
        GCJ-02 degrees.

    Returns
    -------
    lon, lat : numpy.ndarray of float
        WGS84 degrees, within 1e-9° (0.1 mm) of what `wgs84_to_gcj02` was given, everywhere in
        `CHINA_BOX`; unchanged outside; NaN and infinities pass through.

    Examples
    --------
    >>> lon, lat = gcj02_to_wgs84(*wgs84_to_gcj02([116.404], [39.915]))
    >>> round(float(lon[0]), 9), round(float(lat[0]), 9)
    (116.404, 39.915)
    """
    x, y = _arrays(lon, lat)
    place_x, place_y, shifted = _places(x, y)
    x[shifted], y[shifted] = place_x[shifted], place_y[shifted]
    return x, y


def gcj02_to_bd09(lon: npt.ArrayLike, lat: npt.ArrayLike) -> tuple[Floats, Floats]:
    """Shift GCJ-02 coordinates on to BD-09.

    Parameters
    ----------
    lon, lat : array_like of float, shape (n,)
        GCJ-02 degrees.

    Returns
    -------
    lon, lat : numpy.ndarray of float
        BD-09 degrees; unchanged where the *place* is outside `CHINA_BOX`; NaN and infinities pass
        through.

    Notes
    -----
    Some libraries shift by 0.0065° anywhere on Earth, others not at all outside the box. Here, as
    in ``eviltransform``, all of GCJ-02 and BD-09 is the identity outside.

    Examples
    --------
    >>> lon, lat = gcj02_to_bd09([116.404, -0.1276], [39.915, 51.5072])
    >>> [round(float(value), 6) for value in (*lon, *lat)]
    [116.410369, -0.1276, 39.921337, 51.5072]
    """
    x, y = _arrays(lon, lat)
    _, _, shifted = _places(x, y)
    x[shifted], y[shifted] = bd_forward(x[shifted], y[shifted])
    return x, y


def bd09_to_gcj02(lon: npt.ArrayLike, lat: npt.ArrayLike) -> tuple[Floats, Floats]:
    """Find the GCJ-02 coordinates of BD-09 ones.

    Parameters
    ----------
    lon, lat : array_like of float, shape (n,)
        BD-09 degrees.

    Returns
    -------
    lon, lat : numpy.ndarray of float
        GCJ-02 degrees, within 1e-9° of what `gcj02_to_bd09` was given; unchanged where the place is
        outside `CHINA_BOX`; NaN and infinities pass through.

    Examples
    --------
    >>> lon, lat = bd09_to_gcj02(*gcj02_to_bd09([116.404], [39.915]))
    >>> round(float(lon[0]), 9), round(float(lat[0]), 9)
    (116.404, 39.915)
    """
    x, y = _arrays(lon, lat)
    gcj_x, gcj_y, _, _, shifted = _bd_places(x, y)
    x[shifted], y[shifted] = gcj_x[shifted], gcj_y[shifted]
    return x, y


def wgs84_to_bd09(lon: npt.ArrayLike, lat: npt.ArrayLike) -> tuple[Floats, Floats]:
    """Shift WGS84 places to BD-09 in one step.

    Parameters
    ----------
    lon, lat : array_like of float, shape (n,)
        WGS84 degrees.

    Returns
    -------
    lon, lat : numpy.ndarray of float
        BD-09 degrees; unchanged outside `CHINA_BOX`; NaN and infinities pass through. One step
        decides by the place itself, so it stays exact at the rim where GCJ-02 is ambiguous.

    Examples
    --------
    >>> lon, lat = wgs84_to_bd09([116.404], [39.915])
    >>> round(float(lon[0]), 6), round(float(lat[0]), 6)
    (116.416627, 39.9227)
    """
    x, y = _arrays(lon, lat)
    inside = _in_box(x, y, 0.0)
    x[inside], y[inside] = bd_forward(*gcj_forward(x[inside], y[inside]))
    return x, y


def bd09_to_wgs84(lon: npt.ArrayLike, lat: npt.ArrayLike) -> tuple[Floats, Floats]:
    """Find the WGS84 places of BD-09 coordinates in one step.

    Parameters
    ----------
    lon, lat : array_like of float, shape (n,)
        BD-09 degrees.

    Returns
    -------
    lon, lat : numpy.ndarray of float
        WGS84 degrees, within 1e-9° of what `wgs84_to_bd09` was given, everywhere in `CHINA_BOX`;
        unchanged outside; NaN and infinities pass through.

    Examples
    --------
    >>> lon, lat = bd09_to_wgs84(*wgs84_to_bd09([116.404], [39.915]))
    >>> round(float(lon[0]), 9), round(float(lat[0]), 9)
    (116.404, 39.915)
    """
    x, y = _arrays(lon, lat)
    _, _, place_x, place_y, shifted = _bd_places(x, y)
    x[shifted], y[shifted] = place_x[shifted], place_y[shifted]
    return x, y


def _arrays(lon: npt.ArrayLike, lat: npt.ArrayLike) -> tuple[Floats, Floats]:
    """Copy both to float arrays of at least one dimension, so that parts can be written."""
    return np.array(lon, dtype=np.float64, ndmin=1), np.array(lat, dtype=np.float64, ndmin=1)


def _in_box(lon: Floats, lat: Floats, margin: float) -> Bools:
    west, south, east, north = CHINA_BOX
    inside: Bools = (
        (lon >= west - margin) & (lon <= east + margin) & (lat >= south - margin) & (lat <= north + margin)
    )
    return inside


def _places(gcj_x: Floats, gcj_y: Floats) -> tuple[Floats, Floats, Bools]:
    """Solve for the places of GCJ-02 coordinates and say which were shifted at all."""
    x, y = gcj_x.copy(), gcj_y.copy()
    near = _in_box(gcj_x, gcj_y, REACH_DEG)
    x[near], y[near] = undo(gcj_forward, gcj_x[near], gcj_y[near])
    return x, y, near & (_in_box(gcj_x, gcj_y, 0.0) | _in_box(x, y, _RIM_DEG))


def _bd_places(bd_x: Floats, bd_y: Floats) -> tuple[Floats, Floats, Floats, Floats, Bools]:
    """Solve for the GCJ-02 coordinates and the places of BD-09 ones and say which were shifted."""
    gcj_x, gcj_y = bd_x.copy(), bd_y.copy()
    near = _in_box(bd_x, bd_y, REACH_DEG)
    gcj_x[near], gcj_y[near] = undo(bd_forward, bd_x[near], bd_y[near])
    x, y, _ = _places(gcj_x, gcj_y)
    return gcj_x, gcj_y, x, y, near & (_in_box(bd_x, bd_y, 0.0) | _in_box(x, y, _RIM_DEG))
