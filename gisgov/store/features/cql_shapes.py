"""Geometry of a filter as GeoJSON in longitude and latitude."""

from __future__ import annotations

from typing import Any, Final, Protocol

import numpy as np

from gisgov.errors import InputError
from gisgov.types import Floats

_NAMES: Final = {
    "POINT": "Point",
    "LINESTRING": "LineString",
    "POLYGON": "Polygon",
    "MULTIPOINT": "MultiPoint",
    "MULTILINESTRING": "MultiLineString",
    "MULTIPOLYGON": "MultiPolygon",
}
# how many brackets stand around the pairs of each
_BRACKETS: Final = {"LINESTRING": 1, "POLYGON": 2, "MULTIPOINT": 1, "MULTILINESTRING": 2, "MULTIPOLYGON": 3}
_FEWEST: Final = {"LINESTRING": 2, "MULTILINESTRING": 2, "POLYGON": 4, "MULTIPOLYGON": 4}


class Place(Protocol):
    """Turns what a filter has into longitude and latitude."""

    def points(self, first: Floats, second: Floats) -> tuple[Floats, Floats]:
        """Return longitudes and latitudes."""

    def boxes(self, corners: tuple[float, float, float, float]) -> list[Floats]:
        """Return the closed rings of a box."""


class Shapes:
    """Makes GeoJSON of what a filter draws."""

    def __init__(self, place: Place) -> None:
        self._place = place

    def box(self, corners: list[float]) -> Any:
        """Return a box, of four numbers."""
        if len(corners) != 4:
            raise InputError("BBOX in the filter takes four numbers.")
        left, bottom, right, top = corners
        return polygons_of(self._place.boxes((left, bottom, right, top)))

    def drawn(self, word: str, parts: list[Any]) -> Any:
        """Return a shape of well-known text, its coordinates as nested lists of pairs."""
        if word == "POINT":
            if len(parts) != 1 or not isinstance(parts[0], tuple):
                raise _misdrawn(word)
            return {"type": "Point", "coordinates": self._moved(parts, word)[0]}
        if word == "MULTIPOINT":  # each pair may stand in brackets of its own
            parts = [one[0] if isinstance(one, list) and len(one) == 1 else one for one in parts]
        return {"type": _NAMES[word], "coordinates": self._nested(parts, word, _BRACKETS[word])}

    def _nested(self, parts: list[Any], word: str, brackets: int) -> list[Any]:
        if brackets == 1:
            return self._moved(parts, word)
        if not all(isinstance(one, list) for one in parts):
            raise _misdrawn(word)
        return [self._nested(one, word, brackets - 1) for one in parts]

    def _moved(self, pairs: list[Any], word: str) -> list[list[float]]:
        is_ring = "POLYGON" in word
        if not all(isinstance(one, tuple) for one in pairs) or len(pairs) < _FEWEST.get(word, 1):
            raise _misdrawn(word)
        if is_ring and pairs[0] != pairs[-1]:
            raise InputError(f"A ring of a {word} in the filter does not end where it begins.")
        first, second = np.array(pairs, dtype=float).T
        lon, lat = self._place.points(first, second)
        return [[x, y] for x, y in zip(lon.tolist(), lat.tolist(), strict=True)]


def polygons_of(rings: list[Floats]) -> Any:
    """Return closed rings as the GeoJSON of one geometry."""
    listed = [[ring.tolist()] for ring in rings]
    if len(listed) == 1:
        return {"type": "Polygon", "coordinates": listed[0]}
    return {"type": "MultiPolygon", "coordinates": listed}


def _misdrawn(word: str) -> InputError:
    return InputError(f"The coordinates of a {word} in the filter are not as well-known text has them.")
