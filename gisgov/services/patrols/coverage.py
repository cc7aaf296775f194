"""Use case: how much of each area's ground, and how many of its buildings, patrols came near to."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import shapely

from gisgov.errors import InputError
from gisgov.governance.visits import VisitPolicy
from gisgov.services.patrols.ground import QUARTER_SEGMENTS, LayerGround, layer_ground, share
from gisgov.services.patrols.reports import AreaPatrolled, PatrolCoverage
from gisgov.services.policies import policy_in_force
from gisgov.store.acting import as_owner
from gisgov.store.database import Database
from gisgov.store.patrols import places_checked
from gisgov.types import Floats, Geometries


def patrol_coverage(
    database: Database, layer: str, *, first: date, last: date, area: str | None = None, timezone: ZoneInfo
) -> PatrolCoverage:
    """Say how much of the areas of a layer lies near a check-in of a period.

    Every check-in counts wherever it lies near, whichever area it was made for.

    Parameters
    ----------
    database : Database
        Where they are.
    layer : str
        Name of the layer.
    first, last : datetime.date
        First and last day; the areas are those of the last.
    area : str, optional
        Code of one area alone.
    timezone : zoneinfo.ZoneInfo
        Its calendar says on which day somebody checked in.

    Raises
    ------
    NotFoundError
        There is no such layer, or no plan of it is in force.
    InputError
        The period ends before it begins.
    """
    if last < first:
        raise InputError("The period ends before it begins.", field="to")
    begins = datetime.combine(first, time(), timezone)
    ends = datetime.combine(last, time(), timezone) + timedelta(days=1)
    with database.begin() as connection:
        policy: VisitPolicy = policy_in_force(connection, "visits")
        ground = layer_ground(connection, layer, last, area=area)
        with as_owner(connection):
            checks = ground.points(places_checked(connection, begins, ends))
        buildings = ground.buildings(connection)
    points = ground.points(buildings.places)
    owner = ground.owners_of_buildings(buildings, points)
    is_near = near(points, checks, policy.patrol_distance_m)
    rows = _rows(
        ground,
        ground.sums(ground.owners(checks), np.ones(len(checks))),
        covered_ground(ground, checks, policy.patrol_distance_m),
        ground.sums(owner, np.ones(len(owner))),
        ground.sums(owner, is_near),
    )
    shown = [row for row, is_shown in zip(rows, ground.shown, strict=False) if is_shown]
    rest = rows[-1] if ground.shows_all else None
    return PatrolCoverage(
        layer=layer,
        first=first,
        last=last,
        distance_m=policy.patrol_distance_m,
        measured_in=ground.system.name,
        policy_version=policy.version,
        is_example=policy.is_example,
        areas=tuple(shown),
        in_no_area=rest,
        total=_total([*shown, *([rest] if rest else [])]),
    )


def near(points: Geometries, others: Geometries, distance_m: float) -> Floats:
    """Return 1 for each point that lies within a distance of one of the others, 0 for others and for none."""
    found = np.zeros(len(points))
    number, _ = shapely.STRtree(others).query(points, predicate="dwithin", distance=distance_m)
    found[number] = 1.0
    return found


def covered_ground(ground: LayerGround, checks: Geometries, distance_m: float) -> Floats:
    """Return the ground of each area within a distance of a check-in, m²; discs are united, not added."""
    covered = np.zeros(len(ground.codes))
    number, check = shapely.STRtree(checks).query(ground.shapes, predicate="dwithin", distance=distance_m)
    for area in np.unique(number).tolist():
        if ground.shown[area]:
            discs = shapely.buffer(checks[check[number == area]], distance_m, quad_segs=QUARTER_SEGMENTS)
            covered[area] = shapely.area(shapely.intersection(shapely.union_all(discs), ground.shapes[area]))
    return covered


def _rows(
    ground: LayerGround, checks: Floats, covered_m2: Floats, buildings: Floats, near_buildings: Floats
) -> list[AreaPatrolled]:
    whole_m2 = shapely.area(ground.shapes)
    rows = [
        _row(
            (code, name),
            int(checks[i]),
            (float(whole_m2[i]) / 1e6, float(covered_m2[i]) / 1e6),
            (int(buildings[i]), int(near_buildings[i])),
        )
        for i, (code, name) in enumerate(zip(ground.codes, ground.names, strict=True))
    ]
    return [*rows, _row(("", ""), int(checks[-1]), None, (int(buildings[-1]), int(near_buildings[-1])))]


def _row(
    area: tuple[str, str], checks: int, km2: tuple[float, float] | None, buildings: tuple[int, int]
) -> AreaPatrolled:
    return AreaPatrolled(
        *area,
        check_ins=checks,
        ground_km2=None if km2 is None else round(km2[0], 6),
        covered_km2=None if km2 is None else round(km2[1], 6),
        ground_share=None if km2 is None else share(km2[1], km2[0]),
        buildings=buildings[0],
        covered_buildings=buildings[1],
        building_share=share(buildings[1], buildings[0]),
    )


def _total(rows: list[AreaPatrolled]) -> AreaPatrolled:
    return _row(
        ("", ""),
        sum(one.check_ins for one in rows),
        (sum(one.ground_km2 or 0 for one in rows), sum(one.covered_km2 or 0 for one in rows)),
        (sum(one.buildings for one in rows), sum(one.covered_buildings for one in rows)),
    )
