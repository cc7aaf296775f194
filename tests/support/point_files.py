"""Files of events and buildings for the tests of their import, and what became of them."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from gisgov.services.importing.points import PointImport
from gisgov.store.database import Database
from gisgov.store.tables import building, event

ZONE = ZoneInfo("Asia/Shanghai")


DAY = date(2026, 3, 1)


def csv(path: Path, *rows: str, header: str = "编号,时间,经度,纬度,事项,等级,备注") -> Path:
    path.write_text("\n".join((header, *rows)) + "\n", encoding="utf-8")
    return path


def asked(path: Path, **options: Any) -> PointImport:
    return PointImport(**{"path": path, "timezone": ZONE, "day": DAY, "crs": "wgs84", **options})


def events(database: Database) -> dict[str, Any]:
    with database.begin() as connection:
        query = sa.select(event, sa.func.ST_AsText(event.c.geom).label("place"))
        return {row["external_id"]: row for row in connection.execute(query).mappings()}


def buildings(database: Database) -> dict[str, Any]:
    with database.begin() as connection:
        query = sa.select(building, sa.func.GeometryType(building.c.geom).label("type"))
        return {row["external_id"]: row for row in connection.execute(query).mappings()}


FOUR = (
    "1,2026-02-01 08:30,120.0005,30.0005,垃圾满溢,一级,x",
    "2,2026-02-01 08:31,120.001,30.0005,垃圾满溢,2,",
    "3,2025-02-01 08:32,120.0005,30.0005,井盖缺失,,",
    "4,2026-02-01 08:33,120.0035,30.0005,井盖缺失,,y",
)
