"""Whole layers for maps: areas, buildings and events as columns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import shapely
import sqlalchemy as sa

from gisgov.store.statements import statement
from gisgov.types import Geometries, Texts


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """Rows as columns of one length.

    Attributes
    ----------
    columns : dict
        Values as they are stored, by the name of the column.
    geometries : numpy.ndarray of shapely geometries
        EPSG:4326, None where there is none.
    """

    columns: dict[str, Texts]
    geometries: Geometries


def areas(
    connection: sa.Connection, layer_id: int, *, day: date | None = None, plan_id: int | None = None
) -> Rows:
    """Return the areas of a layer by code: those in force on a day, or those of one plan, be it a draft.

    Columns: code, name, plan, working_crs, parent_codes and parent_names (lists), area_m2, population,
    households, roles and holders (lists of the posts of each area). Names of parents are those in force on
    the day, or when the plan is, or today.
    """
    return _rows(connection, "thematic_areas", {"layer_id": layer_id, "day": day, "plan_id": plan_id})


def buildings(connection: sa.Connection, layer_id: int, timezone: ZoneInfo) -> Rows:
    """Return all buildings with the area of a layer that owns each, by id.

    Columns: id, external_id, name, use, floors, built_year, households, population, problem, risk_class,
    risk_points, risk_reasons (lists), risk_rules_version, rated_at (local time), grid_code.
    """
    return _rows(connection, "thematic_buildings", {"layer_id": layer_id, "timezone": timezone.key})


def ratings_at(connection: sa.Connection, day: date, timezone: ZoneInfo) -> dict[str, Texts]:
    """Return how each building was rated at the end of a local day, by building_id; none not rated by then.

    Columns: building_id, risk_class, risk_points, risk_reasons (lists), rules_version, rated_at (local time).
    """
    return _columns(connection.execute(statement("risk_at"), {"day": day, "timezone": timezone.key}))


def events(
    connection: sa.Connection, layer_id: int, timezone: ZoneInfo, first: date | None, last: date | None
) -> Rows:
    """Return the events from the first to the last local day, with the area of a layer that owns each.

    Columns: external_id, source, category, level, state, problem, occurred_at (local time), grid_code.
    """
    after = None if last is None else last + timedelta(days=1)
    given = {"layer_id": layer_id, "timezone": timezone.key, "first": first, "after": after}
    return _rows(connection, "thematic_events", given)


def _rows(connection: sa.Connection, name: str, parameters: Mapping[str, Any]) -> Rows:
    columns = _columns(connection.execute(statement(name), parameters))
    shapes = [None if wkb is None else bytes(wkb) for wkb in columns.pop("wkb")]
    return Rows(columns, shapely.from_wkb(np.array(shapes, dtype=object)))


def _columns(result: sa.CursorResult[Any]) -> dict[str, Texts]:
    names, rows = list(result.keys()), result.all()
    columns = {}
    for place, name in enumerate(names):
        column = np.empty(len(rows), dtype=object)
        column[:] = [row[place] for row in rows]
        columns[name] = column
    return columns
