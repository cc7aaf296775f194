"""Use case: how many people of each area live outside the circles around service points."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date

import numpy as np
import shapely
import sqlalchemy as sa

from gisgov.geometry.crs import from_wgs84_geometries, to_wgs84_geometries
from gisgov.governance.visits import VisitPolicy
from gisgov.services.patrols.coverage import near
from gisgov.services.patrols.ground import QUARTER_SEGMENTS, LayerGround, layer_ground, share
from gisgov.services.patrols.reports import AreaServed, ServiceCoverage
from gisgov.services.policies import policy_in_force
from gisgov.store.acting import as_owner
from gisgov.store.cells import cells_of_plans, shapes_of_cells
from gisgov.store.database import Database
from gisgov.store.patrols import Buildings, ServicePoints, service_points_on
from gisgov.types import Bools, Floats, Geometries, Ints


@dataclass(frozen=True, slots=True, eq=False)
class ServedGround:
    """What a map of service points draws besides the figures, in EPSG:4326.

    Attributes
    ----------
    coverage : ServiceCoverage
        The figures.
    policy : VisitPolicy
        The policy, with its tiers.
    points : ServicePoints
        The points of the day.
    circles : (n,) array
        Polygons of the ground within the radius, united.
    """

    coverage: ServiceCoverage
    policy: VisitPolicy
    points: ServicePoints
    circles: Geometries


def service_coverage(database: Database, layer: str, *, at: date) -> ServiceCoverage:
    """Say how many people of the areas of a layer live outside every circle around a service point.

    Parameters
    ----------
    database : Database
        Where they are.
    layer : str
        Name of the layer.
    at : datetime.date
        The day of areas and points.

    Returns
    -------
    ServiceCoverage
        People of buildings are inside where a point on the building is. Where no building of an area says how
        many live in it, the people of its blocks are divided by ground; of an area without blocks its own.

    Raises
    ------
    NotFoundError
        There is no such layer, or no plan of it is in force.
    """
    return served_ground(database, layer, at=at).coverage


def served_ground(database: Database, layer: str, *, at: date) -> ServedGround:
    """Say the same with points and circles, for a map; see `service_coverage`."""
    with database.begin() as connection:
        policy: VisitPolicy = policy_in_force(connection, "visits")
        ground = layer_ground(connection, layer, at)
        with as_owner(connection):
            points = service_points_on(connection, at)
        buildings = ground.buildings(connection)
        centres = ground.points(points.places)
        circles = shapely.union_all(
            shapely.buffer(centres, policy.service_radius_m, quad_segs=QUARTER_SEGMENTS)
        )
        served = _of_buildings(ground, buildings, centres, policy.service_radius_m)
        by_ground = _by_ground(connection, ground, served.people[:-1] == 0, circles)
    rows = _rows(ground, served, by_ground)
    shown = [row for row, is_shown in zip(rows, ground.shown, strict=False) if is_shown]
    rest = rows[-1] if ground.shows_all else None
    tiers = Counter(points.tiers.tolist())
    coverage = ServiceCoverage(
        layer=layer,
        at=at,
        radius_m=policy.service_radius_m,
        measured_in=ground.system.name,
        policy_version=policy.version,
        is_example=policy.is_example,
        points={name: tiers[name] for name in dict.fromkeys([*(one.name for one in policy.tiers), *tiers])},
        areas=tuple(shown),
        in_no_area=rest,
        total=_total([*shown, *([rest] if rest else [])]),
    )
    parts = shapely.get_parts(np.array([circles], dtype=object))
    return ServedGround(coverage, policy, points, to_wgs84_geometries(parts, ground.system))


@dataclass(frozen=True, slots=True, eq=False)
class _Served:
    """Sums by area, the last of what is in none."""

    people: Floats
    outside: Floats
    without_place: Floats


def _of_buildings(ground: LayerGround, buildings: Buildings, centres: Geometries, radius_m: float) -> _Served:
    owner, has_place, is_outside = placed(ground, buildings, centres, radius_m)
    people = np.nan_to_num(buildings.people)
    return _Served(
        ground.sums(owner, people * has_place),
        ground.sums(owner, people * is_outside),
        ground.sums(owner, people * ~has_place),
    )


def placed(
    ground: LayerGround, buildings: Buildings, centres: Geometries, radius_m: float
) -> tuple[Ints, Bools, Bools]:
    """Return of each building its area (−1: none), whether it has a place, and whether that is outside."""
    points = ground.points(buildings.places)
    has_place: Bools = ~shapely.is_missing(points)
    is_outside = has_place & (near(points, centres, radius_m) == 0)
    return ground.owners_of_buildings(buildings, points), has_place, is_outside


def _by_ground(
    connection: sa.Connection, ground: LayerGround, asked: Ints, circles: shapely.Geometry
) -> dict[int, tuple[float, float]]:
    """Return people and those outside of the areas asked for whose blocks say how many they have."""
    wanted = {code: i for i, code in enumerate(ground.codes) if asked[i]}
    if not wanted:
        return {}
    with as_owner(connection):
        cells = cells_of_plans(connection, ground.plan_ids, [])
        own = np.array([code in wanted for code in cells.area], dtype=np.bool_) & (cells.people > 0)
        cells = cells.chosen(np.flatnonzero(own))
        shapes = from_wgs84_geometries(shapes_of_cells(connection, cells), ground.system)
    whole = shapely.area(shapes)
    left = shapely.area(shapely.difference(shapes, circles))
    found: dict[int, tuple[float, float]] = {}
    for code, people, share_left in zip(cells.area, cells.people.tolist(), left / whole, strict=True):
        before = found.get(wanted[code], (0.0, 0.0))
        found[wanted[code]] = before[0] + people, before[1] + people * float(share_left)
    return found


def _rows(
    ground: LayerGround, served: _Served, by_ground: dict[int, tuple[float, float]]
) -> list[AreaServed]:
    named = [*zip(ground.codes, ground.names, strict=True), ("", "")]
    return [
        _row(
            area,
            by_ground.get(i, (float(served.people[i]), float(served.outside[i]))),
            float(served.without_place[i]),
            is_by_ground=i in by_ground,
        )
        for i, area in enumerate(named)
    ]


def _row(
    area: tuple[str, str], people: tuple[float, float], without_place: float, *, is_by_ground: bool
) -> AreaServed:
    whole, outside = (round(one, 2) for one in people)
    return AreaServed(*area, whole, outside, share(outside, whole), without_place, is_by_ground)


def _total(rows: list[AreaServed]) -> AreaServed:
    people = sum(one.people for one in rows), sum(one.outside for one in rows)
    without = sum(one.without_place for one in rows)
    return _row(("", ""), people, without, is_by_ground=any(one.by_ground for one in rows))
