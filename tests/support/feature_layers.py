"""Layers with plans of three years, a draft and one that was taken back: the ground of features."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np
import shapely
import sqlalchemy as sa

from gisgov.store import tables
from gisgov.store.database import Database

EAST = 12
"""Areas of the plan in force, from west to east; it has as many rows of them."""


def settle_features(database: Database) -> None:
    """Put them in: 144 areas in force today; others of a former and a coming year, and some of none."""
    with database.begin() as connection:
        grid = _layer(connection, "grid", "基础网格", "Grid", 0)
        street = _layer(connection, "街道/乡", "街道", "街道", 1)
        _layer(connection, "empty", "空", "Empty", 2)
        _plan(connection, grid, "2025", _squares(2, "F"), (date(2025, 1, 1), date(2026, 1, 1)))
        _plan(connection, grid, "2026", _squares(EAST, "N"), (date(2026, 1, 1), date(2099, 1, 1)))
        _plan(connection, grid, "2099", _squares(3, "L"), (date(2099, 1, 1), None))
        _plan(connection, grid, "draft", _squares(2, "D"), None)
        _plan(connection, grid, "undone", _squares(1, "U"), (date(2026, 3, 1), None), scope="U")
        _plan(
            connection,
            street,
            "街道 1",
            {"街 1": shapely.box(114, 22.5, 114.5, 23)},
            (date(2026, 1, 1), None),
        )
        undone = "UPDATE plan SET status = 'retired', valid_to = valid_from WHERE name = 'undone'"
        connection.execute(sa.text(undone))


def _squares(side: int, letter: str) -> dict[str, shapely.Geometry]:
    corners = np.round(np.linspace(0, 0.1, side + 1), 7)
    return {
        f"{letter}{x:02d}{y:02d}": shapely.box(
            *(114 + corners[x], 22.5 + corners[y], 114 + corners[x + 1], 22.5 + corners[y + 1])
        )
        for x in range(side)
        for y in range(side)
    }


def _layer(connection: sa.Connection, name: str, title_zh: str, title_en: str, position: int) -> int:
    row = {
        "name": name,
        "title_zh": title_zh,
        "title_en": title_en,
        "kind": "partition",
        "position": position,
    }
    insert = tables.layer.insert().values(**row).returning(tables.layer.c.id)
    return int(connection.execute(insert).scalar_one())


def _plan(
    connection: sa.Connection,
    layer: int,
    name: str,
    areas: Mapping[str, shapely.Geometry],
    valid: Sequence[date | None] | None,
    scope: str = "",
) -> None:
    row: dict[str, Any] = {"name": name, "layer_id": layer, "scope_code": scope, "working_crs": "EPSG:4547"}
    plan_id = connection.execute(tables.plan.insert().values(**row).returning(tables.plan.c.id)).scalar_one()
    rows = [
        {
            "plan_id": plan_id,
            "code": code,
            "name": f"社区'{code}",
            "parent_codes": ["P1", "P2"] if number % 2 else ["P1"],
            "geom": "SRID=4326;" + shapely.MultiPolygon([shape]).wkt,
            "area_m2": 1000.5,
            "population": None if number == 0 else number * 10,
            "attributes": {"colour": "red"},
        }
        for number, (code, shape) in enumerate(areas.items())
    ]
    connection.execute(tables.area.insert(), rows)
    if valid is not None:
        dates = {"valid_from": valid[0], "valid_to": valid[1], "published_at": sa.func.now()}
        of_plan = tables.plan.update().where(tables.plan.c.id == plan_id)
        connection.execute(of_plan.values(status="published", **dates))
