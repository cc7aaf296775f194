"""Check-ins of patrols, and what patrols, visits and service points are counted against."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

import numpy as np
import sqlalchemy as sa

from gisgov.store.array_literals import array_literal
from gisgov.store.directly import rows_of
from gisgov.store.statements import statement
from gisgov.store.tables import calendar_span, care_count, patrol_point, service_point
from gisgov.types import Floats, Ints, Texts


@dataclass(frozen=True, slots=True)
class CheckIn:
    """Where and when somebody on patrol for an area was; degrees of WGS 84, as they are stored."""

    external_id: str
    area_code: str
    at: datetime
    lon: float
    lat: float


def known_check_ins(connection: sa.Connection, source: str, ids: Sequence[str]) -> dict[str, CheckIn]:
    """Return the check-ins of a source that are known, by their ids there."""
    place = sa.func.ST_X(patrol_point.c.geom).label("lon"), sa.func.ST_Y(patrol_point.c.geom).label("lat")
    columns = (patrol_point.c.external_id, patrol_point.c.area_code, patrol_point.c.at, *place)
    asked = sa.any_(sa.literal(list(ids), sa.ARRAY(sa.Text)))
    query = sa.select(*columns).where(patrol_point.c.source == source, patrol_point.c.external_id == asked)
    return {row["external_id"]: CheckIn(**row) for row in connection.execute(query).mappings()}


_CHECK_IN: Final = sa.text(
    "INSERT INTO patrol_point (source, external_id, layer_id, area_code, at, geom) "
    "SELECT :source, one.id, :layer_id, one.code, one.at, ST_SetSRID(ST_MakePoint(one.lon, one.lat), 4326) "
    "FROM unnest(CAST(:ids AS TEXT[]), CAST(:codes AS TEXT[]), CAST(:moments AS TIMESTAMPTZ[]), "
    "CAST(:lons AS DOUBLE PRECISION[]), CAST(:lats AS DOUBLE PRECISION[])) AS one (id, code, at, lon, lat) "
    "ON CONFLICT DO NOTHING"
)


def insert_check_ins(
    connection: sa.Connection, source: str, layer_id: int, points: Sequence[CheckIn]
) -> None:
    """Write check-ins that are not known yet; inside `gisgov.store.acting.as_owner`."""
    if points:
        given = {
            "source": source,
            "layer_id": layer_id,
            "ids": array_literal(one.external_id for one in points),
            "codes": array_literal(one.area_code for one in points),
            "moments": array_literal(one.at.isoformat() for one in points),
            "lons": array_literal(one.lon for one in points),
            "lats": array_literal(one.lat for one in points),
        }
        rows_of(connection, _CHECK_IN, given)


def places_checked(connection: sa.Connection, begins: datetime, ends: datetime) -> Floats:
    """Return where patrols checked in from a moment until before another: (n, 2) degrees of WGS 84."""
    place = sa.func.ST_X(patrol_point.c.geom), sa.func.ST_Y(patrol_point.c.geom)
    during = (patrol_point.c.at >= begins, patrol_point.c.at < ends)
    return _places(connection.execute(sa.select(*place).where(*during).order_by(patrol_point.c.id)).all())


@dataclass(frozen=True, slots=True, eq=False)
class Buildings:
    """Buildings as parallel columns.

    Attributes
    ----------
    ids : (n,) array of int
        Rising.
    places : (n, 2) array of float
        Longitude and latitude of a point on each; NaN for nowhere.
    people : (n,) array of float
        Who lives there; NaN where nobody said.
    classes : (n,) array of str
        Their risk class; ``unclassified`` of those that were never rated.
    given : (n,) array of str or None
        Code of the area of the plans asked about that it was given to.
    """

    ids: Ints
    places: Floats
    people: Floats
    classes: Texts
    given: Texts


def buildings_of_plans(connection: sa.Connection, layer_id: int, plan_ids: Sequence[int]) -> Buildings:
    """Return all buildings, each with the area of some plans that it was given to."""
    given = {"layer_id": layer_id, "plan_ids": list(plan_ids)}
    rows = connection.execute(statement("buildings_of_plans"), given).all()
    codes: Texts = np.empty(len(rows), dtype=object)
    codes[:] = [row.area_code for row in rows]
    return Buildings(
        np.array([row.id for row in rows], dtype=np.int64),
        _places([(row.x, row.y) for row in rows]),
        np.array([row.population for row in rows], dtype=np.float64),
        np.array([row.risk_class for row in rows], dtype=object),
        codes,
    )


def care_counts(connection: sa.Connection) -> list[tuple[int, str, int]]:
    """Return how many people of each care category live in buildings: id, category, count."""
    query = sa.select(care_count.c.building_id, care_count.c.category, care_count.c.count)
    return [(row[0], row[1], row[2]) for row in connection.execute(query.order_by(*care_count.primary_key))]


def working_days(connection: sa.Connection, calendar: str, first: date, last: date) -> tuple[date, ...]:
    """Return the days that are worked from the first to the last, in their order."""
    query = (
        sa.select(calendar_span.c.day)
        .where(calendar_span.c.calendar == calendar, calendar_span.c.day.between(first, last))
        .distinct()
        .order_by(calendar_span.c.day)
    )
    return tuple(connection.scalars(query))


@dataclass(frozen=True, slots=True, eq=False)
class ServicePoints:
    """Service points as parallel columns: tiers, titles, and (n, 2) degrees of WGS 84."""

    tiers: Texts
    titles: Texts
    places: Floats


@dataclass(frozen=True, slots=True)
class ServicePoint:
    """A service point, as it is stored; degrees of WGS 84."""

    code: str
    tier: str
    title: str
    lon: float
    lat: float
    valid_from: date | None
    valid_to: date | None
    source: str


def list_service_points(
    connection: sa.Connection, day: date, *, tier: str | None, after: str | None, limit: int
) -> tuple[ServicePoint, ...]:
    """Return service points of a day by code, those behind a code, of one tier or of all."""
    point = service_point.c
    place = sa.func.ST_X(point.geom).label("lon"), sa.func.ST_Y(point.geom).label("lat")
    columns = (point.code, point.tier, point.title, *place, point.valid_from, point.valid_to, point.source)
    query = sa.select(*columns).where(_serves_on(day))
    if tier is not None:
        query = query.where(point.tier == tier)
    if after is not None:
        query = query.where(point.code > after)
    return tuple(ServicePoint(*row) for row in connection.execute(query.order_by(point.code).limit(limit)))


def service_points_on(connection: sa.Connection, day: date) -> ServicePoints:
    """Return the service points of a day, by code."""
    point = service_point.c
    columns = (point.tier, point.title, sa.func.ST_X(point.geom), sa.func.ST_Y(point.geom))
    query = sa.select(*columns).where(_serves_on(day))
    rows = connection.execute(query.order_by(point.code)).all()
    tiers, titles = (np.array([row[i] for row in rows], dtype=object) for i in (0, 1))
    return ServicePoints(tiers, titles, _places([(row[2], row[3]) for row in rows]))


def _serves_on(day: date) -> sa.ColumnElement[bool]:
    validity = sa.func.daterange(service_point.c.valid_from, service_point.c.valid_to)
    return validity.op("@>")(sa.cast(day, sa.Date))


def _places(rows: Iterable[Iterable[float | None]]) -> Floats:
    return np.array([[*row] for row in rows], dtype=np.float64).reshape(-1, 2)
