"""Use cases: what the figures of service points count: the points, and the buildings far from them all."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import sqlalchemy as sa

from gisgov.governance.visits import Tier, VisitPolicy
from gisgov.services.access import buildings_reached
from gisgov.services.area_records import check_limit
from gisgov.services.building_lists import BuildingInfo, BuildingPage, info_of, unusable_mark
from gisgov.services.patrols.ground import layer_ground
from gisgov.services.patrols.service import placed
from gisgov.services.policies import policy_in_force
from gisgov.store import building_lists as store
from gisgov.store.acting import as_owner
from gisgov.store.building_lists import BuildingsWanted
from gisgov.store.database import Database
from gisgov.store.patrols import ServicePoint, list_service_points, service_points_on


@dataclass(frozen=True, slots=True)
class ServicePointInfo:
    """A service point.

    Attributes
    ----------
    code, title : str
        What it is called.
    tier : str
        Its tier.
    tier_title_zh, tier_title_en : str or None
        What the policy of visits calls that; None of a tier that it does not have.
    lon, lat : float
        Where it is (WGS 84).
    valid_from, valid_to : datetime.date or None
        Since when it serves, and from which day on no more; None: always, and for good.
    source : str
        Where it was brought in from.
    """

    code: str
    title: str
    tier: str
    tier_title_zh: str | None
    tier_title_en: str | None
    lon: float
    lat: float
    valid_from: date | None
    valid_to: date | None
    source: str


@dataclass(frozen=True, slots=True)
class ServicePointPage:
    """Service points by code; ``after`` asks for the next page and is None on the last."""

    points: tuple[ServicePointInfo, ...]
    after: str | None


def service_points(
    database: Database, *, at: date, tier: str | None = None, after: str | None = None, limit: int = 100
) -> ServicePointPage:
    """Return a page of the service points of a day.

    Parameters
    ----------
    database : Database
        Where they are.
    at : datetime.date
        The day.
    tier : str, optional
        Points of this tier alone.
    after : str, optional
        The code that the page before ended with.
    limit : int
        Most points on the page, 1 to 1000.

    Raises
    ------
    InputError
        ``limit`` is out of range.
    """
    check_limit(limit)
    with database.begin() as connection:
        policy: VisitPolicy = policy_in_force(connection, "visits")
        with as_owner(connection):
            found = list_service_points(connection, at, tier=tier, after=after, limit=limit + 1)
    tiers = {one.name: one for one in policy.tiers}
    points = tuple(_told(one, tiers.get(one.tier)) for one in found[:limit])
    return ServicePointPage(points, points[-1].code if len(found) > limit else None)


def _told(point: ServicePoint, tier: Tier | None) -> ServicePointInfo:
    titles = (None, None) if tier is None else (tier.title_zh, tier.title_en)
    return ServicePointInfo(
        code=point.code,
        title=point.title,
        tier=point.tier,
        tier_title_zh=titles[0],
        tier_title_en=titles[1],
        lon=point.lon,
        lat=point.lat,
        valid_from=point.valid_from,
        valid_to=point.valid_to,
        source=point.source,
    )


def buildings_outside(
    database: Database,
    layer: str,
    *,
    at: date,
    area: str | None = None,
    after: str | None = None,
    limit: int = 100,
) -> BuildingPage:
    """Return a page of the buildings outside every circle around a service point, most people first.

    They are those whose people `service_coverage` counts as outside; buildings that whoever asks may not see
    are left out, and so are those in which nobody lives.

    Parameters
    ----------
    database : Database
        In the hands of whoever asks.
    layer : str
        Name of the layer.
    at : datetime.date
        The day of areas and points.
    area : str, optional
        Code of the area whose buildings are asked for alone.
    after : str, optional
        Where the page before ended.
    limit : int
        Most buildings on the page, 1 to 1000.

    Raises
    ------
    NotFoundError
        There is no such layer or area, or no plan of the layer is in force.
    InputError
        ``limit`` is out of range, or ``after`` is not where a page ended.
    """
    check_limit(limit)
    begin = 0 if after is None else _place(after)
    with database.begin() as connection:
        ids = _ids_outside(connection, layer, at, area)
        seen = buildings_reached(connection, "buildings.read", ids)
        own = [one for one in ids if one in seen]
        page = own[begin : begin + limit]
        wanted = BuildingsWanted(ids=page)
        rows = store.buildings_by_code(connection, wanted, None, after=None, limit=limit)
    known: dict[int, BuildingInfo] = {row.id: info_of(row) for row in rows}
    following = str(begin + limit) if len(own) > begin + limit else None
    return BuildingPage(tuple(known[one] for one in page if one in known), following)


def _ids_outside(connection: sa.Connection, layer: str, at: date, area: str | None) -> list[int]:
    policy: VisitPolicy = policy_in_force(connection, "visits")
    ground = layer_ground(connection, layer, at, area=area)
    with as_owner(connection):
        centres = ground.points(service_points_on(connection, at).places)
    buildings = ground.buildings(connection)
    owner, _, is_outside = placed(ground, buildings, centres, policy.service_radius_m)
    people = np.nan_to_num(buildings.people)
    is_shown = np.append(ground.shown, ground.shows_all)[owner]  # the last is of what lies in no area
    chosen = np.flatnonzero(is_outside & is_shown & (people > 0))
    order = np.lexsort((buildings.ids[chosen], -people[chosen]))
    return [int(one) for one in buildings.ids[chosen][order]]


def _place(text: str) -> int:
    if text.isascii() and text.isdigit() and len(text) < 10:
        return int(text)
    raise unusable_mark(text)
