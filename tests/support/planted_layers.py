"""Layers with plans, put into a database of the tests without any service."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import numpy as np
import shapely
import sqlalchemy as sa

from gisgov.store import tables
from gisgov.store.database import Database
from gisgov.testing import areas_from_grid


def plant(
    database: Database,
    layer: str,
    areas: Mapping[str, shapely.Geometry],
    *,
    parent: str | None = None,
    kind: str = "partition",
    plan: str | None = None,
    scope: str = "",
    valid_from: date | None = date(2026, 1, 1),  # None leaves the plan a draft
    valid_to: date | None = None,
    names: Mapping[str, str] = {},
    parents: Mapping[str, Sequence[str]] = {},
    staff: Mapping[str, Sequence[tuple[str, str]]] = {},
) -> None:
    """Put a layer with a published plan of these areas into a database; codes to polygons in lon/lat."""
    with database.begin() as connection:
        ids = {
            name: key for key, name in connection.execute(sa.select(tables.layer.c.id, tables.layer.c.name))
        }
        if layer not in ids:
            row = {"name": layer, "title_zh": f"{layer}层", "title_en": layer.title(), "kind": kind}
            above = {"parent_id": ids[parent], "nesting": "nested"} if parent else {}
            insert = tables.layer.insert().values(**row, **above, position=len(ids))
            ids[layer] = connection.scalar(insert.returning(tables.layer.c.id))
        row = {"name": plan or f"{layer}-2026", "layer_id": ids[layer], "scope_code": scope}
        insert = tables.plan.insert().values(**row, working_crs="EPSG:4547")
        plan_id = connection.scalar(insert.returning(tables.plan.c.id))
        rows = [
            {
                "plan_id": plan_id,
                "code": code,
                "name": names.get(code, f"{layer} {code}"),
                "parent_codes": list(parents.get(code, ())),
                "geom": "SRID=4326;" + shapely.MultiPolygon(shapely.get_parts(shape).tolist()).wkt,
                "area_m2": 1.0,
            }
            for code, shape in areas.items()
        ]
        if rows:
            connection.execute(tables.area.insert(), rows)
        if valid_from is not None:
            dates = {"valid_from": valid_from, "valid_to": valid_to, "published_at": sa.func.now()}
            published = tables.plan.update().where(tables.plan.c.id == plan_id)
            connection.execute(published.values(status="published", **dates))
        for code, posts in staff.items():
            of_area = {"layer_id": ids[layer], "area_code": code}
            for role, holder in posts:
                connection.execute(tables.staff_post.insert().values(**of_area, role=role, holder=holder))


def plant_district(database: Database) -> None:
    """Put two streets of two grids each into a database, and a beat layer of the year 2030.

    Streets and grids both have an area S.
    """
    plant(database, "street", _drawn("SSTT"), names={"S": "南山街道", "T": "桃源街道"})
    parents = {"1": ["S"], "S": ["S"], "3": ["T"], "4": ["T"]}
    plant(database, "grid", _drawn("1S34"), parent="street", parents=parents, staff={"1": [("网格长", "王")]})
    plant(database, "beat", _drawn("B"), parent="street", valid_from=date(2030, 1, 1))
    plant(database, "网格", _drawn("甲乙"), plan="网格/2026")
    with database.begin() as connection:
        connection.execute(sa.text("UPDATE layer SET staffing = '1 网格长' WHERE name = 'beat'"))


def _drawn(picture: str) -> dict[str, shapely.Geometry]:
    names, shapes = areas_from_grid(picture, cell_m=1)
    in_degrees = shapely.transform(shapes, lambda xy: np.round(xy * 0.01 + (114.0, 22.5), 7))
    return dict(zip(names, in_degrees, strict=True))


def plant_category(database: Database) -> None:
    """Propose an item of the register: A001."""
    with database.begin() as connection:
        values = {"code": "A001", "version": 1, "title": "积水", "function": "隐患排查", "grp": "排水"}
        more = {"kind": "event", "level": "2", "source": "test"}
        connection.execute(tables.category.insert().values(**values, **more))


def plant_event(database: Database) -> int:
    """Put an event into the ground that no area owns, and return its id: the first is 1."""
    with database.begin() as connection:
        values = {"external_id": "1", "source": "hotline", "state": "reported", "crs": "wgs84"}
        place = "SRID=4326;POINT(114.005 22.505)"
        insert = tables.event.insert().values(**values, geom=place, occurred_at=sa.func.now())
        return int(connection.scalar(insert.returning(tables.event.c.id)) or 0)
