"""The coordinate systems whose coordinates are placed at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from gisgov.errors import CoordinateError
from gisgov.geometry.crs import WGS84, CoordinateSystem, parse_crs
from gisgov.services.places import place_of

_NAMES: Final = frozenset(
    "wgs84 wgs-84 epsg:4326 4326 cgcs2000 epsg:4490 4490 gcj02 gcj-02 bd09 bd-09 bd09ll".split()  # noqa: SIM905
)
"""What they are usually called, in small letters; to look any other name up takes its time."""
_MOST_DEG: Final = (180.0, 90.0)


@dataclass(frozen=True, slots=True)
class Placing:
    """How coordinates of a system, all in degrees, become places in WGS84.

    Attributes
    ----------
    name : str
        Of the system.
    is_same : bool
        Whether a coordinate is its place.
    place : callable
        From x and y to longitude and latitude; None for a coordinate that is none.
    """

    name: str
    is_same: bool
    place: Callable[[float, float], tuple[float, float] | None]


def placing_of(crs: str) -> Placing | None:
    """Return how coordinates of a system are placed; None for another system, or an unusual name.

    Examples
    --------
    >>> placing_of("cgcs2000").name, placing_of("EPSG:4547")
    ('EPSG:4490', None)
    """
    if crs.lower() not in _NAMES:
        return None
    system = parse_crs(crs)
    return Placing(system.name, system == WGS84, _as_it_is if system == WGS84 else _moved(system))


def _as_it_is(x: float, y: float) -> tuple[float, float] | None:
    return (x, y) if abs(x) <= _MOST_DEG[0] and abs(y) <= _MOST_DEG[1] else None


def _moved(system: CoordinateSystem) -> Callable[[float, float], tuple[float, float] | None]:
    def place(x: float, y: float) -> tuple[float, float] | None:
        try:
            found = place_of(x, y, system)
        except CoordinateError:
            return None
        return found.lon, found.lat

    return place
