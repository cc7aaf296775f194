"""The areas of a layer on a day in metres, and which of them buildings and points lie in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
import shapely
import sqlalchemy as sa

from gisgov.errors import NotFoundError
from gisgov.geometry.crs import CoordinateSystem, from_wgs84_geometries
from gisgov.geometry.systems import parse_crs
from gisgov.services.access import codes_reached
from gisgov.services.statistics.counting import plans_on
from gisgov.store.acting import as_owner
from gisgov.store.cells import names_of_areas, shapes_of_areas
from gisgov.store.layers import find_layer
from gisgov.store.patrols import Buildings, buildings_of_plans
from gisgov.types import Bools, Floats, Geometries, Ints

RIGHT: Final = "patrols.read"
"""Rows are told of the areas that this right reaches; what is counted in them is all there is."""

QUARTER_SEGMENTS: Final = 32
"""Sides of a quarter circle: its polygon has 0.04 % less ground than the circle."""


@dataclass(frozen=True, slots=True, eq=False)
class LayerGround:
    """Areas of a layer on a day.

    Attributes
    ----------
    layer_id : int
        The layer.
    plan_ids : tuple of int
        The plans in force.
    codes, names : list of str
        The areas, by code.
    shapes : (n,) array
        Their ground in metres.
    system : CoordinateSystem
        The projected plane that they are in.
    shown : (n,) array of bool
        Which of them are shown to whoever asks.
    shows_all : bool
        Whether all of it is shown, also what is in no area.
    """

    layer_id: int
    plan_ids: tuple[int, ...]
    codes: list[str]
    names: list[str]
    shapes: Geometries
    system: CoordinateSystem
    shown: Bools
    shows_all: bool

    def points(self, places: Floats) -> Geometries:
        """Return points in metres of places in degrees; None where there is no place."""
        points = np.full(len(places), None, dtype=object)
        known = np.isfinite(places).all(axis=1)
        points[known] = from_wgs84_geometries(np.asarray(shapely.points(places[known])), self.system)
        return points

    def owners(self, points: Geometries) -> Ints:
        """Return the first area by code that covers each point, −1 for none."""
        owner = np.full(len(points), len(self.codes), dtype=np.int64)
        number, point = shapely.STRtree(points).query(self.shapes, predicate="intersects")
        np.minimum.at(owner, point, number)
        return np.where(owner == len(self.codes), -1, owner)

    def owners_of_buildings(self, buildings: Buildings, points: Geometries) -> Ints:
        """Return the area that each building was given to, else the first that covers it, −1 for none."""
        place = {code: number for number, code in enumerate(self.codes)}
        given = np.array([place.get(code, -1) for code in buildings.given], dtype=np.int64)
        return np.where(given >= 0, given, self.owners(points))

    def sums(self, owner: Ints, values: Floats | Ints) -> Floats:
        """Add values up by area; the last sum is of what is in none."""
        number = np.where(owner < 0, len(self.codes), owner)
        weights = values.astype(np.float64)
        return np.bincount(number, weights=weights, minlength=len(self.codes) + 1).astype(np.float64)

    def buildings(self, connection: sa.Connection) -> Buildings:
        """Return all buildings with the areas that they were given to."""
        with as_owner(connection):
            return buildings_of_plans(connection, self.layer_id, self.plan_ids)


def layer_ground(connection: sa.Connection, layer: str, day: date, *, area: str | None = None) -> LayerGround:
    """Read the areas of a layer on a day.

    Parameters
    ----------
    connection : sqlalchemy.Connection
        Inside a transaction of whoever asks.
    layer : str
        Name of the layer.
    day : datetime.date
        The day.
    area : str, optional
        Code of the only area that is shown.

    Raises
    ------
    NotFoundError
        There is no such layer or area, or no plan of the layer is in force.
    """
    layer_id = find_layer(connection, layer).id
    plans = plans_on(connection, layer, day)
    plan_ids = tuple(one.id for one in plans)
    shapes, names = shapes_of_areas(connection, plan_ids), names_of_areas(connection, plan_ids)
    system = parse_crs(plans[0].working_crs)
    reached = codes_reached(connection, RIGHT, layer_id)
    codes = [*shapes]
    if area is not None and area not in shapes:
        raise NotFoundError(f"Layer {layer!r} has no area {area!r} on {day}.", field="area")
    return LayerGround(
        layer_id,
        plan_ids,
        codes,
        [names[code] for code in codes],
        from_wgs84_geometries(np.array([*shapes.values()], dtype=object), system),
        system,
        _shown(codes, reached, area),
        reached is None and area is None,
    )


def _shown(codes: Sequence[str], reached: frozenset[str] | None, area: str | None) -> Bools:
    return np.array(
        [(reached is None or code in reached) and area in (None, code) for code in codes], dtype=np.bool_
    )


def share(part: float, whole: float) -> float | None:
    """Return the share of a part, to a millionth; None of nothing."""
    return round(part / whole, 6) if whole > 0 else None
