"""How long the counts behind a rating take: hazards and events of 50,000 buildings at a time.

The peer is PostGIS alone: ``ST_DWithin`` over geography with a padded box, for as many buildings as it can be
asked for in some seconds; its counts are ours.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np
import sqlalchemy as sa

from benchmarks.bars import QUICK, Bar, note, show, timed
from benchmarks.database import private_database
from gisgov.governance.risk.origins import EventCount, HazardCount, HazardKind
from gisgov.store.risk_counting import count_events, count_hazards
from gisgov.types import Ints

BUILDINGS: Final = 50_000 if QUICK else 1_000_000
EVENTS: Final = BUILDINGS // 10
HAZARDS: Final = BUILDINGS // 5
AT_ONCE: Final = 50_000
COMPARED: Final = 5_000
TODAY: Final = date(2026, 11, 1)
ZONE: Final = ZoneInfo("Asia/Shanghai")
NEAR: Final = EventCount(("治安",), days=180, within_m=100.0)
OF_IT: Final = EventCount(("治安",), days=180)

# a town of houses 40 m apart; a third of the events are of public security, most of them in the window
_FILLED: Final = """
INSERT INTO building (external_id, source, geom, crs)
SELECT CAST(i AS TEXT), 'b', ST_Translate(
    ST_GeomFromText('POLYGON((0 0, 0.00015 0, 0.00015 0.0001, 0 0.0001, 0 0))', 4326),
    113.8 + 0.0004 * (i % side), 22.5 + 0.00036 * (i / side)), 'wgs84'
FROM generate_series(0, :buildings - 1) AS i, (SELECT CAST(sqrt(:buildings) AS INTEGER) AS side) AS town;
INSERT INTO event (external_id, source, category, state, occurred_at, geom, crs)
SELECT CAST(i AS TEXT), 'b', CASE WHEN i % 3 = 0 THEN '治安' ELSE '环境' END, 'closed',
    TIMESTAMPTZ '2026-11-01T12:00+08' - make_interval(days => (i * 7919) % 240),
    ST_SetSRID(ST_MakePoint(113.8 + 0.0004 * side * random(), 22.5 + 0.00036 * side * random()), 4326),
    'wgs84'
FROM generate_series(1, :events) AS i, (SELECT CAST(sqrt(:buildings) AS INTEGER) AS side) AS town;
INSERT INTO event_building (event_id, building_id, how, distance_m)
SELECT id, 1 + (id * 7919) % :buildings, 'footprint', 0 FROM event;
INSERT INTO hazard (source, external_id, building_id, kind, found_on, due_on, state, rectified_on)
SELECT 'b', CAST(i AS TEXT), 1 + (i * 6007) % :buildings, (ARRAY['fire', 'electrical', 'other'])[1 + i % 3],
    '2026-09-01', DATE '2026-09-15' + i % 90, CASE WHEN i % 2 = 0 THEN 'found' ELSE 'rectified' END,
    CASE WHEN i % 2 = 1 THEN DATE '2026-09-20' END
FROM generate_series(1, :hazards) AS i
"""
_PEER: Final = """
SELECT building.id, count(event.id)
FROM building
LEFT JOIN event ON event.geom && ST_Expand(building.geom, 0.001)
    AND event.category = '治安' AND event.state NOT IN ('rejected', 'merged')
    AND event.occurred_at >= '2026-05-06T00:00+08' AND event.occurred_at < '2026-11-02T00:00+08'
    AND ST_DWithin(CAST(event.geom AS GEOGRAPHY), CAST(building.geom AS GEOGRAPHY), 100)
WHERE building.id <= :last
GROUP BY building.id ORDER BY building.id
"""


def main() -> None:
    """Fill a town, count of all its buildings, and compare some with PostGIS."""
    with private_database() as database:
        given = {"buildings": BUILDINGS, "events": EVENTS, "hazards": HAZARDS}
        with database.begin() as connection:
            for one in _FILLED.split(";\n"):
                connection.execute(sa.text(one), given)
        with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(sa.text("ANALYZE"))
        with database.begin() as connection:
            ids = np.arange(1, BUILDINGS + 1)
            works = {
                "hazards": lambda some: count_hazards(connection, some, HazardCount(), TODAY),
                "overdue-fire": lambda some: count_hazards(
                    connection, some, HazardCount((HazardKind.FIRE,), is_overdue=True), TODAY
                ),
                "events-of": lambda some: count_events(connection, some, OF_IT, TODAY, ZONE),
                "events-near": lambda some: count_events(connection, some, NEAR, TODAY, ZONE),
            }
            for name, work in works.items():
                parts = np.array_split(ids, max(1, BUILDINGS // AT_ONCE))
                took_s, counts = timed(partial(_all, work, parts), runs=1)
                counted = int(np.concatenate(counts).sum())
                note(f"{name} buildings={BUILDINGS} seconds={took_s:.2f} counted={counted}")
            some = ids[:COMPARED]
            ours_s, ours = timed(partial(count_events, connection, some, NEAR, TODAY, ZONE))
            query = sa.text(_PEER)
            peer_s, rows = timed(lambda: connection.execute(query, {"last": COMPARED}).all(), runs=1)
            differ = int((ours != np.array([row.count for row in rows])).sum())
            note(f"of {COMPARED} buildings {differ} differ from ST_DWithin over geography")
            show(Bar("events-near-5000", ours_s, "ST_DWithin", peer_s, need=1.0))


def _all(work: Callable[[Ints], Ints], parts: list[Ints]) -> list[Ints]:
    return [work(one) for one in parts]


if __name__ == "__main__":
    main()
