"""Streets, grids of two plans, items, buildings, cameras, exceptions: the ground where events come in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import planted_layers
from loop_ground import drawn

from gisgov.services.indexes import DayIndexes, IndexFolder, load_day
from gisgov.services.ingesting import EventReport, Ingested, ingest_events
from gisgov.store.database import Database

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 5, 10, 12, tzinfo=ZONE)
TODAY = NOW.date()
BORDER = date(2026, 5, 1)
Y = 22.505
Days = Callable[[date], DayIndexes]

ROWS = """
INSERT INTO department (code, title, source) VALUES ('water', '水务局', 't'), ('parks', '公园', 't');
INSERT INTO category (
    code, version, title, function, grp, kind, level, department_code, layers, permit, valid_from,
    valid_to, source
) VALUES
    ('0101', 1, '井盖', 'f', 'g', 'event', '2', 'water', '{}', 'retired', '2026-01-01', '2026-05-01', 't'),
    ('0101', 2, '井盖', 'f', 'g', 'event', '3', 'water', '{}', 'in-force', '2026-05-01', NULL, 't'),
    ('0102', 1, '乱堆物料', 'f', 'g', 'event', '1', NULL, '{"2": "street"}', 'in-force',
     '2026-01-01', NULL, 't'),
    ('0201', 1, '路灯', 'f', 'g', 'component', '2', 'parks', '{}', 'in-force', '2026-01-01', NULL, 't');
INSERT INTO building (external_id, source, geom, crs, problem) VALUES
    ('b1', 'survey', ST_MakeEnvelope(114.014, 22.504, 114.016, 22.506, 4326), 'wgs84', NULL),
    ('b2', 'survey', NULL, 'wgs84', 'no-coordinate'),
    ('b3', 'survey', ST_SetSRID(ST_MakePoint(114.035, 22.505), 4326), 'wgs84', NULL),
    ('b3', 'census', ST_SetSRID(ST_MakePoint(114.005, 22.505), 4326), 'wgs84', NULL);
INSERT INTO device (id, kind, geom, source) VALUES
    ('cam-1', 'camera', ST_SetSRID(ST_MakePoint(114.035, 22.505), 4326), 't');
INSERT INTO routing_exception (
    title, geom, reach_m, categories, layer_id, area_code, department_code, source
) VALUES
    ('滨河公园', ST_MakeEnvelope(114.028, 22.5, 114.032, 22.502, 4326), 0, '{}',
     (SELECT id FROM layer WHERE name = 'grid'), 'C', 'parks', 't'),
    ('路灯管养', ST_GeomFromText('LINESTRING(114 22.508, 114.04 22.508)', 4326), 20, '{0201}',
     NULL, NULL, 'water', 't'),
    ('旧网格', ST_MakeEnvelope(114.021, 22.5, 114.022, 22.501, 4326), 0, '{0102}',
     (SELECT id FROM layer WHERE name = 'grid'), 'Z', NULL, 't')
"""


def settle(database: Database) -> None:
    """Streets S and T; grids A, B in S and C in T, A smaller since 1 May; and what reports name."""
    planted_layers.plant(database, "street", drawn("SSST"), names={"S": "松岗"})
    below = {"A": ["S"], "B": ["S"], "C": ["T"]}
    staff = {"A": [("网格长", "王")], "B": [("网格长", "李"), ("专职网格员", "赵")]}
    grids = {"parent": "street", "parents": below}
    planted_layers.plant(database, "grid", drawn("AABC"), plan="old", valid_to=BORDER, **grids)
    planted_layers.plant(database, "grid", drawn("ABBC"), plan="new", valid_from=BORDER, staff=staff, **grids)
    planted_layers.plant(database, "beat", drawn("B"), kind="overlay")
    with database.begin() as connection:
        for row in ROWS.split(";"):
            connection.exec_driver_sql(row)


def days_of(database: Database, folder: Path) -> Days:
    """Read the indexes of a day, as a service has them at hand."""
    kept: dict[date, DayIndexes] = {}
    place = IndexFolder(folder)

    def days(day: date) -> DayIndexes:
        if day not in kept:
            kept[day] = load_day(database, place, day)
        return kept[day]

    return days


def event(name: str, x: float | None = 114.005, y: float | None = Y, **more: Any) -> EventReport:
    """A report of a hotline, of this noon where nothing else is said."""
    return EventReport(
        **{"source": "hotline", "external_id": name, "x": x, "y": y, "occurred_at": NOW, **more}
    )


def ingest(database: Database, days: Days, *reports: Any) -> Ingested:
    return ingest_events(database, days, reports, timezone=ZONE, now=NOW)
