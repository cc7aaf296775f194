"""Grids in force, events and buildings on them, and drafts that change them: the ground of publications."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import shapely
import sqlalchemy as sa

from gisgov.services.publishing import (
    PlanPreview,
    PlanPublication,
    preview_plan,
    publish_plan,
)
from gisgov.store import joining
from gisgov.store.database import Database
from gisgov.store.plans import content_sha256, find_plan
from gisgov.testing import areas_from_grid

ZONE = ZoneInfo("Asia/Shanghai")
TODAY = date(2026, 5, 10)
LATER = date(2026, 6, 1)
CELL = 0.01
OWNERS = (
    "SELECT event.external_id, plan.name, area_code FROM event_area JOIN event ON event.id = event_id"
    " JOIN layer ON layer.id = layer_id JOIN plan ON plan.id = plan_id WHERE layer.name = 'grid' ORDER BY 1"
)
ROUTES = (
    "SELECT external_id, came.name, from_code, went.name, to_code FROM event_reroute"
    " JOIN event ON event.id = event_id LEFT JOIN plan AS came ON came.id = from_plan_id"
    " LEFT JOIN plan AS went ON went.id = to_plan_id ORDER BY event_reroute.id"
)


def drawn(picture: str) -> dict[str, shapely.Geometry]:
    names, shapes = areas_from_grid(picture, cell_m=1)
    in_degrees = shapely.transform(shapes, lambda xy: np.round(xy * CELL + (114.0, 22.5), 7))
    return dict(zip(names, in_degrees, strict=True))


def settle_grids(database: Database, plant: Callable[..., None]) -> None:
    """Grids A, B, C in force with sub-grids under them; a draft that splits A, and merges B and C."""
    plant("grid", drawn("AABBCC"), plan="now", staff={"C": [("网格长", "王"), ("专职网格员", "李")]})
    below = {"1": ["A"], "2": ["B"], "3": ["C"]}
    plant("sub", drawn("112233"), parent="grid", parents=below)
    plant("grid", drawn("ADBBBB"), plan="next", valid_from=None)
    with database.begin() as connection:
        for number in range(6):
            for state in ("handling", "closed"):
                connection.execute(
                    sa.text(
                        "INSERT INTO event (external_id, source, state, occurred_at, geom, crs) VALUES (:id,"
                        " 'hotline', :state, :at, ST_SetSRID(ST_MakePoint(:x, 22.505), 4326), 'wgs84')"
                    ),
                    {
                        "id": f"{state}-{number}",
                        "state": state,
                        "x": 114.005 + number * CELL,
                        "at": f"2026-0{2 + number % 3}-01 12:00+08",
                    },
                )
            connection.execute(
                sa.text(
                    "INSERT INTO building (external_id, source, geom, crs, risk_class) VALUES (:id, 's',"
                    " ST_SetSRID(ST_MakePoint(:x, 22.505), 4326), 'wgs84', NULL)"
                ),
                {"id": str(number), "x": 114.005 + number * CELL},
            )
        joining.join_events(connection, timezone=ZONE)
        joining.join_buildings(connection, day=TODAY)
        connection.execute(sa.text("UPDATE plan SET took_effect_at = now() WHERE status = 'published'"))


def preview(database: Database, plan: str = "next", **options: Any) -> PlanPreview:
    asked = {"timezone": ZONE, "today": TODAY, **options}
    return preview_plan(database, plan, **asked)


def publish(database: Database, plan: str = "next", **options: Any) -> PlanPublication:
    return publish_plan(database, plan, **{"timezone": ZONE, "today": TODAY, **options})


def rows(database: Database, query: str) -> list[Any]:
    with database.begin() as connection:
        return [tuple(row) for row in connection.execute(sa.text(query))]


def digest_of(database: Database, plan: str) -> str:
    with database.begin() as connection:
        return content_sha256(connection, find_plan(connection, plan).id)


def put_points(database: Database, *places: tuple[float, float]) -> None:
    """An event at noon of 2026-03-01 and a building at each place."""
    point = "ST_SetSRID(ST_MakePoint(:x, :y), 4326)"
    with database.begin() as connection:
        for number, (x, y) in enumerate(places):
            values = {"id": str(number), "x": x, "y": y}
            connection.execute(
                sa.text(
                    "INSERT INTO event (external_id, source, state, occurred_at, geom, crs)"
                    f" VALUES (:id, 's', 'open', '2026-03-01 12:00+08', {point}, 'x')"
                ),
                values,
            )
            connection.execute(
                sa.text(
                    f"INSERT INTO building (external_id, source, geom, crs) VALUES (:id, 's', {point}, 'x')"
                ),
                values,
            )
