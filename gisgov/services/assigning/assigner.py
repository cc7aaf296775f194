"""A layer on a day, ready for points in one coordinate system."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from gisgov.errors import CrsError, NotFoundError
from gisgov.geometry.systems import CoordinateSystem, parse_crs
from gisgov.services.assigning.assigned import Assigned, Status
from gisgov.services.assigning.details import Details, details
from gisgov.services.assigning.points import assign_points
from gisgov.types import Floats

if TYPE_CHECKING:
    from gisgov.services.indexes import DayIndexes, LayerIndex


@dataclass(frozen=True, slots=True)
class Assigner:
    """Gives points in one system to the areas of a layer in force on a day.

    Attributes
    ----------
    day : datetime.date
        The day.
    layer : LayerIndex
        The areas.
    system : CoordinateSystem
        What the coordinates of points mean.
    """

    day: date
    layer: LayerIndex
    system: CoordinateSystem

    @property
    def name(self) -> str:
        """Name of the layer."""
        return self.layer.layer.name

    @property
    def codes(self) -> Sequence[str]:
        """Codes of the areas, by their rows."""
        return self.layer.codes

    @property
    def names(self) -> Sequence[str]:
        """Names of the areas, by their rows."""
        return self.layer.names

    def assign(self, x: Floats, y: Floats) -> Assigned:
        """Return the owners of points; see `assign_points`."""
        return assign_points(self.layer, x, y, self.system)

    def details(self, x: Floats, y: Floats) -> Details:
        """Return more about points; see `details`."""
        return details(self.layer, x, y, self.system)

    def reasons(self, x: Floats, y: Floats, assigned: Assigned) -> dict[int, str]:
        """Return a sentence for each point without a place, by its number."""
        said = {}
        for i in np.flatnonzero(assigned.status >= Status.NO_COORDINATE).tolist():
            if assigned.status[i] == Status.NO_COORDINATE:
                said[i] = f"{'lon' if np.isnan(x[i]) else 'lat'} is missing."
            else:
                said[i] = self._why_no_place(float(x[i]), float(y[i]))
        return said

    def _why_no_place(self, x: float, y: float) -> str:
        for name, value, most in (("lon", x, 180), ("lat", y, 90)):
            if not np.isfinite(value):
                return f"{name} is {value}, which is no number on a map."
            if self.system.is_geographic and abs(value) > most:
                return f"{name} is {value!r}, which is not from -{most} to {most} degrees."
        if x == 0.0 and y == 0.0:
            return f"({x!r}, {y!r}) stands for no place."
        return f"({x!r}, {y!r}) is no place on the globe in {self.system.title}."


def assigner_of(indexes: DayIndexes, layer: str, crs: str | int = "wgs84") -> Assigner:
    """Return what gives points to the areas of a layer.

    Parameters
    ----------
    indexes : DayIndexes
        The layers of a day.
    layer : str
        Name of a layer.
    crs : str or int
        Coordinate system of the points, as `gisgov.geometry.crs.parse_crs` reads it.

    Raises
    ------
    NotFoundError
        There is no such layer, or no plan of it is in force on the day.
    CrsError
        The coordinate system is not known.
    """
    try:
        system = parse_crs(crs)
    except CrsError as error:
        error.field = "crs"
        raise
    found = indexes.layers.get(layer)
    if found is None:
        known = ", ".join(indexes.layers)
        raise NotFoundError(
            f"No layer is called {layer!r}.", hint=f"There are: {known}." if known else None, field="layer"
        )
    if not found.plans:
        raise NotFoundError(f"No plan of the layer {layer} is in force on {indexes.day}.", field="layer")
    return Assigner(indexes.day, found, system)
