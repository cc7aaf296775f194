"""A plane in metres around the defects, in which distances between vertices are judged."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gisgov.geometry.coverage.local import metres_per_unit
from gisgov.geometry.systems import CoordinateSystem
from gisgov.types import Floats


@dataclass(frozen=True, slots=True, eq=False)
class LocalPlane:
    """Coordinates as metres from an origin; for distances of metres, not for areas.

    Attributes
    ----------
    origin : numpy.ndarray of float, shape (2,)
        In the coordinates of the areas.
    metres : numpy.ndarray of float, shape (2,)
        How many metres one unit of each axis is.

    Examples
    --------
    >>> from gisgov.geometry.systems import WGS84
    >>> plane = LocalPlane.around(np.array([[120.0, 60.0]]), WGS84)
    >>> plane.local(np.array([[120.001, 60.001]])).round(2).tolist()
    [[55.66, 111.32]]
    """

    origin: Floats
    metres: Floats

    @classmethod
    def around(cls, xy: Floats, system: CoordinateSystem | None) -> LocalPlane:
        """Lay a plane around points.

        Parameters
        ----------
        xy : numpy.ndarray of float, shape (n, 2)
            At least one point.
        system : CoordinateSystem or None
            What the coordinates are; None for metres.

        Returns
        -------
        LocalPlane
            With its origin amid the points. In degrees it is true at their middle latitude.
        """
        origin: Floats = (xy.min(axis=0) + xy.max(axis=0)) / 2.0
        return cls(origin, metres_per_unit(origin[1:], system)[0])

    def local(self, xy: Floats) -> Floats:
        """Give coordinates in metres from the origin; shape (n, 2)."""
        return np.asarray((xy - self.origin) * self.metres)

    def back(self, local: Floats) -> Floats:
        """Give metres from the origin as coordinates of the areas; shape (n, 2)."""
        return np.asarray(local / self.metres + self.origin)
