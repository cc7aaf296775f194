"""Which buildings match what somebody asks, as far as they may see them, page by page.

A statement names only the conditions that are given, so that the database can plan for them. Row-level
security lets an index answer for the beginning of a text (``starts_with``); a part is looked for in each.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, Literal

import sqlalchemy as sa

from gisgov.store.array_literals import array_literal
from gisgov.store.drafts import any_of
from gisgov.store.reading import in_force_on
from gisgov.store.statements import statement
from gisgov.store.tables import area, building, building_area, plan, risk_rating
from gisgov.types import BBox

ADDRESSES: Final = ("address", "地址")
"""Under which of these facts an import keeps where a building stands, in words."""

Match = Literal["code", "name", "part"]
MATCHES: Final[tuple[Match, ...]] = ("code", "name", "part")
"""How a text is found, the best first: at the beginning of the code, of the name, or anywhere."""


@dataclass(frozen=True, slots=True)
class AskedArea:
    """An area of a day whose buildings are asked for.

    Attributes
    ----------
    layer_id : int
        Its layer.
    code : str
        Its code.
    plans : tuple of int
        The plans in force that day that have it.
    others : tuple of int
        Buildings that it covers though another plan of the layer was given them.
    """

    layer_id: int
    code: str
    plans: tuple[int, ...]
    others: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class BuildingsWanted:
    """Which buildings; None or nothing leaves a condition out.

    Attributes
    ----------
    area : AskedArea or None
        Where they lie.
    classes, uses : collection of str
        Words of which a building has to have one; ``unclassified`` are those never rated too.
    bbox : tuple of float or None
        Where, in degrees (WGS 84).
    ids : collection of int or None
        Only these.
    text : str or None
        What a code, name or address holds.
    rated_before : datetime.datetime or None
        Classes are those of the last rating before this moment; by default those of now.
    """

    area: AskedArea | None = None
    classes: Collection[str] = ()
    uses: Collection[str] = ()
    bbox: BBox | None = None
    ids: Collection[int] | None = None
    text: str | None = None
    rated_before: datetime | None = None


@dataclass(frozen=True, slots=True)
class BuildingRow:
    """A building as lists show it, with the areas that own it: pairs of layer and code."""

    id: int
    source: str
    external_id: str
    name: str | None
    address: str | None
    lon: float | None
    lat: float | None
    floors: int | None
    built_year: int | None
    use: str | None
    households: int | None
    population: int | None
    risk_class: str | None
    risk_points: int | None
    rated_at: datetime | None
    areas: tuple[tuple[str, str], ...]


def asked_area(connection: sa.Connection, layer_id: int, code: str, day: date) -> AskedArea | None:
    """Return an area in force on a day as buildings are asked by it; None where there is none."""
    there = sa.select(plan.c.id).where(plan.c.layer_id == layer_id, in_force_on(day))
    plans = tuple(connection.execute(there).scalars())
    holds = sa.select(area.c.plan_id).where(area.c.plan_id.in_(plans), area.c.code == code)
    found = tuple(connection.execute(holds).scalars())
    if not found:
        return None
    given = {
        "layer_id": layer_id,
        "code": code,
        "plans": array_literal(found),
        "layer_plans": array_literal(plans),
    }
    others = connection.execute(statement("buildings_once_of_area"), given).scalars()
    return AskedArea(layer_id, code, found, tuple(others))


def buildings_by_code(
    connection: sa.Connection,
    wanted: BuildingsWanted,
    match: Match | None,
    *,
    after: tuple[str, int] | None,
    limit: int,
) -> tuple[BuildingRow, ...]:
    """Return a page of buildings by code; where there is a text, only those that it is found in that way."""
    code = building.c.external_id
    query = _query(wanted)
    if match is not None and wanted.text is not None:
        query = query.where(_found(wanted.text, match))
    if after is not None:
        before, last = after
        query = query.where(
            code.bool_op("~>=~")(before), code.bool_op("~>~")(before) | (building.c.id > last)
        )
    by_code_points = sa.text("building.external_id USING ~<~")
    return _rows(connection, query.order_by(by_code_points, building.c.id).limit(limit))


def buildings_by_points(
    connection: sa.Connection,
    wanted: BuildingsWanted,
    *,
    after: tuple[int | None, int] | None,
    limit: int,
) -> tuple[BuildingRow, ...]:
    """Return a page of buildings by the points of their rating, most first; those without one come last."""
    rating = _rating(wanted.rated_before)
    query = _query(wanted, rating)
    if wanted.text is not None:
        query = query.where(sa.or_(*(_found(wanted.text, match) for match in MATCHES)))
    points = rating.c.risk_points
    if after is not None:
        most, last = after
        query = query.where(
            (points.is_(None) & (building.c.id > last))
            if most is None
            else (points < most) | points.is_(None) | ((points == most) & (building.c.id > last))
        )
    return _rows(connection, query.order_by(points.desc().nulls_last(), building.c.id).limit(limit))


def _rating(before: datetime | None) -> Any:
    """Where ratings come from: the row of the building itself, or the last one before a moment."""
    if before is None:
        return building
    told = risk_rating.c
    return (
        sa.select(told.risk_class, told.risk_points, told.rated_at)
        .where(told.building_id == building.c.id, told.rated_at < before)
        .order_by(told.rated_at.desc())
        .limit(1)
        .correlate(building)
        .lateral("rating")
    )


def _query(wanted: BuildingsWanted, rating: Any = None) -> sa.Select[Any]:
    if rating is None:
        rating = _rating(wanted.rated_before)
    own = building.c
    query = sa.select(own.id, rating.c.risk_class, rating.c.risk_points, rating.c.rated_at)
    if rating is not building:
        query = query.select_from(building.outerjoin(rating, sa.true()))
    return query.where(*_conditions(wanted, rating))


def _rows(connection: sa.Connection, query: sa.Select[Any]) -> tuple[BuildingRow, ...]:
    """Find the page first, and read what is told of a building after that, of those of the page alone."""
    found = {row.id: row for row in connection.execute(query)}
    if not found:
        return ()
    given = {"ids": array_literal(found)}
    told = {row.id: row for row in connection.execute(statement("buildings_told"), given)}
    rows = []
    for id_, rated in found.items():
        one = told.get(id_)
        if one is None:  # removed between the two statements
            continue
        rows.append(
            BuildingRow(
                id=id_,
                source=one.source,
                external_id=one.external_id,
                name=one.name,
                address=one.address,
                lon=one.lon,
                lat=one.lat,
                floors=one.floors,
                built_year=one.built_year,
                use=one.use,
                households=one.households,
                population=one.population,
                risk_class=rated.risk_class,
                risk_points=rated.risk_points,
                rated_at=rated.rated_at,
                areas=tuple(zip(one.layers, one.codes, strict=True)),
            )
        )
    return tuple(rows)


def _conditions(wanted: BuildingsWanted, rating: Any) -> list[sa.ColumnElement[bool]]:
    own = building.c
    conditions: list[sa.ColumnElement[bool]] = []
    if wanted.area is not None:
        conditions.append(_of_area(wanted.area))
    if wanted.classes:
        has_class = rating.c.risk_class.in_(sorted(wanted.classes))
        if "unclassified" in wanted.classes:
            has_class = has_class | rating.c.risk_class.is_(None)
        conditions.append(has_class)
    if wanted.uses:
        conditions.append(own.use.in_(sorted(wanted.uses)))
    if wanted.bbox is not None:
        conditions.append(own.geom.intersects(sa.func.ST_MakeEnvelope(*wanted.bbox, 4326)))
    if wanted.ids is not None:
        conditions.append(own.id.in_(sorted(wanted.ids)))
    return conditions


def _of_area(asked: AskedArea) -> sa.ColumnElement[bool]:
    owned = building_area.c
    given = sa.exists().where(
        owned.building_id == building.c.id,
        owned.layer_id == asked.layer_id,
        owned.area_code == asked.code,
        owned.plan_id.in_(asked.plans),
    )
    if not asked.others:
        return given
    # they may be all buildings of a district, more than a statement takes as parameters
    return given | (building.c.id == any_of(asked.others, sa.BigInteger))


def _found(text: str, match: Match) -> sa.ColumnElement[bool]:
    """Whether a text is found in this way, and in no better one."""
    code, name = (sa.func.starts_with(column, text) for column in (building.c.external_id, building.c.name))
    if match == "code":
        return code
    not_so = sa.not_(code)
    if match == "name":
        return not_so & name
    # all of them as one text: three times as fast as one by one
    whole = sa.func.concat_ws(
        sa.literal_column("chr(10)"), building.c.external_id, building.c.name, address()
    )
    held = sa.func.strpos(sa.func.lower(whole), text.lower()) > 0
    return not_so & sa.func.coalesce(sa.not_(name), True) & held


def address() -> sa.ColumnElement[str]:
    """Return the address of a building, as an import kept it among its facts."""
    return sa.func.coalesce(*(building.c.facts.op("->>")(sa.literal_column(f"'{one}'")) for one in ADDRESSES))


def buildings_of(connection: sa.Connection, ids: Collection[int]) -> dict[int, BuildingRow]:
    """Return buildings by their id, as they are rated now; those that may not be seen are not there."""
    query = _query(BuildingsWanted(ids=ids))
    return {row.id: row for row in _rows(connection, query)}
