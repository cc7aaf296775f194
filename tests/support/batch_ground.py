"""Ground for batches: a layer of three grids in a row, and one whose plan is not in force yet."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from published_grids import drawn
from shapely import MultiPolygon, get_parts

from gisgov.store import tables
from gisgov.store.database import Database

AT = "2026-03-01"
ASKED = f"/v1/resolve?layer=grid&at={AT}"
IN_A, IN_B, ON_AB, OUTSIDE = (114.005, 22.505), (114.015, 22.505), (114.01, 22.505), (113.99, 22.505)


def settle(database_url: str) -> None:
    """Put the ground into a database: grids 甲 and B and C, each 0.01° wide, from 114° east."""
    database = Database(database_url)
    try:
        with database.begin() as connection:
            _plan(connection, "grid", date(2026, 1, 1), {"甲": "A"} | {"B": "B", "C": "C"})
            _plan(connection, "beat", date(2040, 1, 1), {"beat": "A"})
    finally:
        database.dispose()


def _plan(connection: sa.Connection, layer: str, valid_from: date, letters: dict[str, str]) -> None:
    shapes = drawn("ABC")
    titles = {"title_zh": layer, "title_en": layer, "kind": "partition", "position": 1}
    layer_id = connection.scalar(
        tables.layer.insert().values(name=layer, **titles).returning(tables.layer.c.id)
    )
    plan = {"name": f"{layer}-1", "layer_id": layer_id, "scope_code": "", "working_crs": "EPSG:4547"}
    plan_id = connection.scalar(tables.plan.insert().values(**plan).returning(tables.plan.c.id))
    for code, letter in letters.items():
        geom = "SRID=4326;" + MultiPolygon(get_parts(shapes[letter]).tolist()).wkt
        area = {"plan_id": plan_id, "code": code, "name": f"网格{code}", "geom": geom, "area_m2": 1.0}
        connection.execute(tables.area.insert().values(**area, parent_codes=[]))
    in_force = {"status": "published", "valid_from": valid_from, "published_at": sa.func.now()}
    connection.execute(tables.plan.update().where(tables.plan.c.id == plan_id).values(**in_force))
