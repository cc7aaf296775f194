"""The projected plane that a map's densities are computed in, on paper and on its page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely

from gisgov.geometry.crs import CoordinateSystem, from_wgs84, from_wgs84_geometries, working_crs
from gisgov.types import BBox, Floats, Json

_ROOM_DEG: Final = 0.16
"""A page projects what lies so far beyond the map, for kernels that reach into it."""
_POWERS: Final = tuple((i, j) for total in range(4) for i in range(total, -1, -1) for j in (total - i,))


@dataclass(frozen=True, slots=True)
class Plane:
    """A plane in metres, and the ground of a map in it.

    Attributes
    ----------
    system : CoordinateSystem
        The working system of the map's middle.
    ground : tuple of float
        West, south, east, north of the map, metres.
    bounds : tuple of float
        The same in degrees.
    """

    system: CoordinateSystem
    ground: BBox
    bounds: BBox

    @classmethod
    def of(cls, bounds: BBox) -> Plane:
        """Choose the plane of a box in degrees."""
        west, south, east, north = bounds
        working = working_crs((west + east) / 2, (south + north) / 2)
        # corners alone would cut off what a side bends outwards
        outline = shapely.segmentize(shapely.box(west, south, east, north), max((east - west) / 16, 1e-6))
        projected = from_wgs84_geometries(np.array([outline], dtype=object), working)
        left, bottom, right, top = (float(side) for side in shapely.total_bounds(projected))
        return cls(working, (left, bottom, right, top), bounds)

    def data(self) -> Json:
        """Return what a page projects with: cubic polynomials from degrees to metres and back.

        They are fitted over the map and 15 km around it: over a district 40 km wide they are within a
        millimetre of the projection itself. What lies beyond has no place.
        """
        west, south, east, north = self.bounds
        middle = np.array([(west + east) / 2, (south + north) / 2])
        half = np.array([(east - west) / 2, (north - south) / 2]) + _ROOM_DEG
        lon, lat = (axis.ravel() for axis in np.meshgrid(*(np.linspace(-1, 1, 15) for _ in range(2))))
        x, y = from_wgs84(middle[0] + lon * half[0], middle[1] + lat * half[1], self.system)
        centre = np.array([x.mean(), y.mean()])
        reach = np.array([np.abs(x - centre[0]).max(), np.abs(y - centre[1]).max()])
        u, v = (x - centre[0]) / reach[0], (y - centre[1]) / reach[1]
        return {
            "ground": [round(side, 3) for side in self.ground],
            "into": _fitted(middle, half, (lon, lat), (x, y), digits=4),
            "back": _fitted(
                centre, reach, (u, v), (middle[0] + lon * half[0], middle[1] + lat * half[1]), digits=9
            ),
        }


def _fitted(
    middle: Floats, half: Floats, given: tuple[Floats, Floats], wanted: tuple[Floats, Floats], *, digits: int
) -> Json:
    """Fit a polynomial of both coordinates, given from −1 to 1, to each of two wanted."""
    terms = np.stack([given[0] ** i * given[1] ** j for i, j in _POWERS], axis=1)
    fitted = np.linalg.lstsq(terms, np.stack(wanted, axis=1), rcond=None)[0]
    return {
        "middle": [float(one) for one in middle],
        "half": [float(one) for one in half],
        "terms": [[round(float(one), digits) for one in column] for column in fitted.T],
    }
