"""Reading areas in force: by code, by page, by their parents and children, by name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeAlias

import shapely
import sqlalchemy as sa
from sqlalchemy import func
from sqlalchemy.dialects.postgresql import array

from gisgov.store.tables import area, layer, plan
from gisgov.types import BBox, Json

_DECIMALS = 7
"""Stored coordinates have no more, so that this many give them back exactly."""


@dataclass(frozen=True, slots=True)
class AreaRow:
    """An area with its layer and plan; ``geometry`` is GeoJSON text in EPSG:4326, if it was asked for."""

    id: int
    layer_id: int
    layer: str
    title_zh: str
    title_en: str
    code: str
    name: str
    parent_codes: tuple[str, ...]
    plan: str
    valid_from: date
    valid_to: date | None
    working_crs: str
    area_m2: float
    population: int | None
    households: int | None
    attributes: Json
    bbox: BBox
    geometry: str | None


@dataclass(frozen=True, slots=True)
class Validity:
    """A plan that holds an area of some code, and when it was in force."""

    layer: str
    plan: str
    valid_from: date
    valid_to: date | None


Mark: TypeAlias = tuple[int, str, str, str]
"""Where a page ended: the values of the order below for its last area."""

_ORDER = (layer.c.position, layer.c.name, area.c.code, plan.c.name)


def areas_of_layer(
    connection: sa.Connection,
    layer_name: str,
    *,
    day: date,
    limit: int,
    after: Mark | None,
    bbox: BBox | None,
    with_geometry: bool,
) -> tuple[AreaRow, ...]:
    """Return a page of a layer's areas in force, ordered by code; ``bbox`` keeps those that meet it."""
    query = _in_force(day, with_geometry=with_geometry).where(layer.c.name == layer_name)
    if bbox is not None:
        query = query.where(func.ST_Intersects(area.c.geom, func.ST_MakeEnvelope(*bbox, 4326)))
    return _rows(connection, _page(query, limit, after))


def areas_of_code(connection: sa.Connection, code: str, *, day: date) -> tuple[AreaRow, ...]:
    """Return the areas in force of one code, over all layers."""
    return _rows(connection, _in_force(day).where(area.c.code == code).order_by(*_ORDER))


def validities_of_code(connection: sa.Connection, code: str) -> tuple[Validity, ...]:
    """Return the plans, ever in force, that hold an area of one code."""
    query = (
        sa.select(layer.c.name.label("layer"), plan.c.name.label("plan"), plan.c.valid_from, plan.c.valid_to)
        .join_from(area, plan)
        .join(layer, plan.c.layer_id == layer.c.id)
        .where(area.c.code == code, plan.c.status != "draft")
        .order_by(plan.c.valid_from, layer.c.position, plan.c.name)
    )
    return tuple(Validity(**row) for row in connection.execute(query).mappings())


def children_of_area(
    connection: sa.Connection, parent: AreaRow, *, day: date, limit: int, after: Mark | None
) -> tuple[AreaRow, ...]:
    """Return a page of the areas in force, of the layers right below, that name ``parent`` as parent."""
    query = _in_force(day).where(
        layer.c.parent_id == parent.layer_id, area.c.parent_codes.contains([parent.code])
    )
    return _rows(connection, _page(query, limit, after))


def parents_of_area(connection: sa.Connection, child: AreaRow, *, day: date) -> tuple[AreaRow, ...]:
    """Return the areas in force, of the layer right above, that ``child`` names as its parents."""
    above = sa.select(layer.c.parent_id).where(layer.c.id == child.layer_id).scalar_subquery()
    query = _in_force(day).where(layer.c.id == above, area.c.code.in_(child.parent_codes))
    return _rows(connection, query.order_by(*_ORDER))


def areas_beside(connection: sa.Connection, centre: AreaRow, *, day: date) -> tuple[AreaRow, ...]:
    """Return the other areas in force of the same layer whose bounding box meets the one of ``centre``."""
    own = sa.select(area.c.geom).where(area.c.id == centre.id).scalar_subquery()
    query = _in_force(day).where(
        layer.c.id == centre.layer_id, area.c.geom.op("&&")(own), area.c.id != centre.id
    )
    return _rows(connection, query.order_by(*_ORDER))


def areas_named(
    connection: sa.Connection, text: str, *, layer_name: str | None, day: date, limit: int
) -> tuple[AreaRow, ...]:
    """Return areas in force whose code begins with ``text`` or whose name holds it, best matches first."""
    wanted = text.lower()
    name = func.lower(area.c.name)
    query = _in_force(day, with_geometry=False).where(
        sa.or_(func.starts_with(area.c.code, text), func.strpos(name, wanted) > 0)
    )
    if layer_name is not None:
        query = query.where(layer.c.name == layer_name)
    whole = sa.case((sa.or_(area.c.code == text, name == wanted), 0), else_=1)
    return _rows(connection, query.order_by(whole, *_ORDER).limit(limit))


def geometries_of(connection: sa.Connection, ids: Sequence[int]) -> dict[int, shapely.Geometry]:
    """Return the geometry (EPSG:4326) of areas by their id."""
    query = sa.select(area.c.id, func.ST_AsBinary(area.c.geom)).where(area.c.id.in_(ids))
    return {row_id: shapely.from_wkb(bytes(wkb)) for row_id, wkb in connection.execute(query)}


def mark_of(connection: sa.Connection, plan_name: str, code: str) -> Mark | None:
    """Return where an area of a plan comes in the order of pages; ``None`` if there is no such area."""
    query = (
        sa.select(*_ORDER)
        .join_from(area, plan)
        .join(layer, plan.c.layer_id == layer.c.id)
        .where(plan.c.name == plan_name, area.c.code == code)
    )
    row = connection.execute(query).one_or_none()
    return None if row is None else (row[0], row[1], row[2], row[3])


def in_force_on(day: date) -> sa.ColumnElement[bool]:
    """Return the condition that a plan is in force on a day; answered by ``plan_validity_excl``."""
    days = func.daterange(plan.c.valid_from, plan.c.valid_to)
    return sa.and_(plan.c.status != "draft", days.op("@>")(sa.cast(day, sa.Date)))


def _in_force(day: date, *, with_geometry: bool = True) -> sa.Select[Any]:
    shape = func.ST_AsGeoJSON(func.ST_ForcePolygonCCW(area.c.geom), _DECIMALS)
    sides = (func.ST_XMin, func.ST_YMin, func.ST_XMax, func.ST_YMax)
    return (
        sa.select(
            area.c.id,
            layer.c.id.label("layer_id"),
            layer.c.name.label("layer"),
            layer.c.title_zh,
            layer.c.title_en,
            area.c.code,
            area.c.name,
            area.c.parent_codes,
            plan.c.name.label("plan"),
            plan.c.valid_from,
            plan.c.valid_to,
            plan.c.working_crs,
            area.c.area_m2,
            area.c.population,
            area.c.households,
            area.c.attributes,
            array([side(area.c.geom) for side in sides]).label("bbox"),
            (shape if with_geometry else sa.null()).label("geometry"),
        )
        .join_from(area, plan)
        .join(layer, plan.c.layer_id == layer.c.id)
        .where(in_force_on(day))
    )


def _page(query: sa.Select[Any], limit: int, after: Mark | None) -> sa.Select[Any]:
    if after is not None:
        mark = [sa.literal(value, column.type) for value, column in zip(after, _ORDER, strict=True)]
        query = query.where(sa.tuple_(*_ORDER) > sa.tuple_(*mark))
    return query.order_by(*_ORDER).limit(limit)


def _rows(connection: sa.Connection, query: sa.Select[Any]) -> tuple[AreaRow, ...]:
    rows = []
    for row in connection.execute(query).mappings():
        values = dict(row)
        values["parent_codes"] = tuple(values["parent_codes"])
        values["bbox"] = tuple(values["bbox"])
        rows.append(AreaRow(**values))
    return tuple(rows)
