"""Names of coordinate systems: one text in, one `CoordinateSystem` out."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Final

import numpy as np
import pyproj
from pyproj.exceptions import CRSError, ProjError

from gisgov.errors import CrsError

_HINT: Final = (
    "Name one: wgs84, cgcs2000, gcj02, bd09, an EPSG code such as EPSG:4549, "
    'or a name such as "CGCS2000 / 3-degree Gauss-Kruger CM 120E".'
)


@dataclass(frozen=True, slots=True)
class CoordinateSystem:
    """What a pair of coordinates means; two of them are equal when their names are.

    Attributes
    ----------
    name : str
        ``"EPSG:4326"`` and the like, ``"GCJ-02"``, ``"BD-09"``, or the WKT of a system that has no
        authority. `parse_crs` reads it back.
    title : str
        What to call it before people.

    Examples
    --------
    >>> WGS84.name, WGS84.title, WGS84.is_geographic
    ('EPSG:4326', 'WGS 84', True)
    >>> GCJ02.crs is None
    True
    """

    name: str
    title: str

    @property
    def crs(self) -> pyproj.CRS | None:
        """The system as PROJ knows it; None for GCJ-02 and BD-09, which PROJ does not know."""
        return None if self.name in _OFFSET_NAMES else _crs(self.name)

    @property
    def is_geographic(self) -> bool:
        """Whether its coordinates are longitude and latitude (True) or lie in a plane (False)."""
        crs = self.crs
        return crs is None or bool(crs.is_geographic)


WGS84: Final = CoordinateSystem("EPSG:4326", "WGS 84")
GCJ02: Final = CoordinateSystem("GCJ-02", "GCJ-02 (火星坐标)")
BD09: Final = CoordinateSystem("BD-09", "BD-09 (百度坐标)")

_OFFSET_NAMES: Final = frozenset({GCJ02.name, BD09.name})
_SPOKEN: Final = {
    "wgs84": WGS84,
    "gcj02": GCJ02,
    "mars": GCJ02,
    "火星坐标": GCJ02,
    "火星坐标系": GCJ02,
    "bd09": BD09,
    "bd09ll": BD09,
    "百度坐标": BD09,
    "百度坐标系": BD09,
    "cgcs2000": CoordinateSystem("EPSG:4490", "China Geodetic Coordinate System 2000"),
    "国家2000": CoordinateSystem("EPSG:4490", "China Geodetic Coordinate System 2000"),
}


def parse_crs(text: str | int | pyproj.CRS | CoordinateSystem) -> CoordinateSystem:
    """Read the name of a coordinate system.

    Parameters
    ----------
    text : str, int, pyproj.CRS or CoordinateSystem
        ``"wgs84"``, ``"cgcs2000"``, ``"gcj02"``, ``"GCJ-02"``, ``"bd09"``, an EPSG code (``4326``,
        ``"4326"``, ``"EPSG:4547"``), a name of the EPSG register, a PROJ string or WKT.

    Returns
    -------
    CoordinateSystem
        Named by its authority where one describes the same ground to a millimetre, otherwise by
        its own WKT (local planes such as Wuhan's). Heights are dropped.

    Raises
    ------
    CrsError
        For an empty or unknown name, or a system without plane coordinates (geocentric, vertical).

    Examples
    --------
    >>> parse_crs("gcj02").name, parse_crs(4490).name
    ('GCJ-02', 'EPSG:4490')
    >>> parse_crs("CGCS2000 / 3-degree Gauss-Kruger CM 120E").name
    'EPSG:4549'
    """
    if isinstance(text, CoordinateSystem):
        return text
    if isinstance(text, pyproj.CRS):
        return _named(text)
    spoken = str(text).strip()
    known = _SPOKEN.get(spoken.lower().replace("-", "").replace("_", "").replace(" ", ""))
    return known or _parse(spoken)


@functools.lru_cache(maxsize=256)
def _parse(text: str) -> CoordinateSystem:
    try:
        crs = pyproj.CRS.from_user_input(int(text) if text.isascii() and text.isdigit() else text)
    except CRSError:
        shown = text if len(text) <= 60 else f"{text[:60]}…"
        raise CrsError(f"The coordinate system {shown!r} is not known.", hint=_HINT) from None
    return _named(crs)


def _named(crs: pyproj.CRS) -> CoordinateSystem:
    """Give a PROJ system its shortest true name."""
    flat = crs.sub_crs_list[0] if crs.is_compound else crs
    flat = flat.to_2d() if len(flat.axis_info) == 3 else flat
    base = flat.source_crs if flat.is_bound and flat.source_crs is not None else flat
    if not (base.is_geographic or base.is_projected):
        raise CrsError(
            f"The coordinate system {crs.name!r} ({crs.type_name}) has no longitude/latitude or plane.",
            hint=_HINT,
        )
    try:
        pyproj.Transformer.from_crs(flat, WGS84.name)
    except ProjError:  # of another planet, or of a site that nobody tied to the Earth
        raise CrsError(
            f"The coordinate system {crs.name!r} cannot be related to WGS84.", hint=_HINT
        ) from None
    found = flat.to_authority()
    if found == ("OGC", "CRS84"):
        return WGS84
    if found is not None:
        registered = pyproj.CRS.from_authority(*found)
        if _is_same_ground(flat, registered):
            return CoordinateSystem(":".join(found), registered.name)
    # PROJ words some names differently on a second reading; the settled text reads back as itself
    return CoordinateSystem(pyproj.CRS.from_wkt(flat.to_wkt()).to_wkt(), flat.name)


def _is_same_ground(crs: pyproj.CRS, registered: pyproj.CRS) -> bool:
    """Whether both systems give the same coordinates to a millimetre all over the registered one's area.

    PROJ names a register entry by likeness, or by a number that an edited definition still carries.
    Comparing coordinates tells an alias (an ESRI name, another spelling of an ellipsoid) from a lookalike.
    """
    area = registered.area_of_use
    west, south, east, north = area.bounds if area else (-180.0, -80.0, 180.0, 84.0)
    lon, lat = np.meshgrid(np.linspace(west, east, 5), np.linspace(south, north, 5))
    one, other = (
        np.stack(pyproj.Transformer.from_crs(WGS84.name, side, always_xy=True).transform(lon, lat))
        for side in (crs, registered)
    )
    step = 1e-8 if registered.is_geographic else 1e-3 / registered.axis_info[0].unit_conversion_factor
    return bool(np.allclose(one, other, rtol=0.0, atol=step))


@functools.lru_cache(maxsize=256)
def _crs(name: str) -> pyproj.CRS:
    return pyproj.CRS.from_user_input(name)
