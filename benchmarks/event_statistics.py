"""How long statistics of a year of events take, with their steps and limits; in hands of accounts too.

The peer is PostgreSQL alone: one statement with grouping sets that counts by area and category, shares and
working hours left out, and has the medians by the clock. Its figures are ours.
"""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Any, Final
from zoneinfo import ZoneInfo

import numpy as np
import sqlalchemy as sa

from benchmarks.access_territory import account
from benchmarks.bars import QUICK, Bar, show, timed
from benchmarks.database import plant_areas, private_database
from benchmarks.jagged import jagged_areas
from fixtures.shipped import LIMITS
from gisgov.geometry.crs import parse_crs, to_wgs84_geometries
from gisgov.geometry.snap import snap
from gisgov.services.event_statistics import (
    EventParting,
    EventsAsked,
    EventStatistics,
    event_statistics,
    statistics_table,
)
from gisgov.services.limits import import_calendar
from gisgov.store.copying import copy_rows
from gisgov.store.database import Database

AREAS: Final = 1_209
ITEMS: Final = 217
EVENTS: Final = 20_000 if QUICK else 200_000
ZONE: Final = ZoneInfo("Asia/Shanghai")
DAY: Final = date(2026, 11, 1)
YEAR: Final = EventsAsked(date(2026, 1, 1), date(2026, 12, 31), by=EventParting.FUNCTION)

_FILLED: Final = """
UPDATE plan SET status = 'published', valid_from = '2026-01-01', published_at = now();
INSERT INTO category (code, version, title, function, grp, kind, level, permit, valid_from, source)
SELECT 'k' || i, 1, 'kind ' || i, 'f' || i % 8, 'g' || i % 30, 'event', '2', 'in-force', '2025-01-01', 'b'
FROM generate_series(1, :items) AS i;
UPDATE event SET category_id = 1 + id % :items WHERE id % 20 <> 0;
-- each event of this year is of an area by its number: which one is no matter here
INSERT INTO event_area (event_id, layer_id, plan_id, area_code)
SELECT event.id, plan.layer_id, plan.id, lpad(CAST(event.id % :areas AS TEXT), 6, '0')
FROM event, plan WHERE event.occurred_at >= '2026-01-01T00:00+08';
INSERT INTO event_step (event_id, number, action, to_state, at, by_name, by_kind, desk_kind, desk_layer_id,
    desk_area_code)
SELECT event.id, n, CASE WHEN n = 3 AND event.id % 9 = 0 THEN 'hand-over' ELSE 'note' END, 'handling',
    occurred_at, 'b', 'person', CASE WHEN n IN (1, 3) THEN 'area' END, CASE WHEN n IN (1, 3) THEN 1 END,
    CASE WHEN n IN (1, 3) THEN '000001' END
FROM event, generate_series(1, 6) AS n;
INSERT INTO event_limit (event_id, stage, started_at, amount, unit, due_at, met_at)
SELECT event.id, 's' || n, occurred_at, 1, 'days', occurred_at + interval '1 day',
    occurred_at + make_interval(hours => CAST((event.id * n) % 29 AS INTEGER))
FROM event, generate_series(1, 5) AS n;
INSERT INTO whistle (event_id, reason, called_by) SELECT id, 'b', 'b' FROM event WHERE id % 50 = 0
"""
_PEER = sa.text("""
SELECT given.area_code, category.function, count(*), count(*) FILTER (WHERE state = 'closed'),
    percentile_cont(0.5) WITHIN GROUP (ORDER BY EXTRACT(EPOCH FROM closed_at - received_at))
        FILTER (WHERE state = 'closed') / 3600 AS hours
FROM event
LEFT JOIN event_area AS given ON given.event_id = event.id
LEFT JOIN category ON category.id = event.category_id
WHERE occurred_at >= '2026-01-01T00:00+08' AND occurred_at < '2027-01-01T00:00+08'
GROUP BY GROUPING SETS ((given.area_code, category.function), (given.area_code), (category.function), ())
""")


def plant(database: Database) -> int:
    """Store areas in force and events of two years, those of the first given to no area; return the layer."""
    shapes, scope = jagged_areas(AREAS, seed=1)
    system = parse_crs("EPSG:4547")
    areas, outline = (
        snap(to_wgs84_geometries(one, system)) for one in (np.asarray(shapes), np.array([scope]))
    )
    plant_areas(database, areas, outline[0])
    west, south, east, north = (float(value) for value in outline[0].bounds)
    rng = np.random.default_rng(3)
    lon, lat = rng.uniform(west, east, 2 * EVENTS), rng.uniform(south, north, 2 * EVENTS)
    begins = np.datetime64("2025-01-01T00:00")
    minutes = np.concatenate([rng.integers(0, 525_000, EVENTS), 525_600 + rng.integers(0, 525_000, EVENTS)])
    took = rng.integers(1, 20_000, 2 * EVENTS)
    is_closed = rng.uniform(size=2 * EVENTS) < 0.8
    with database.begin() as connection:
        rows = (
            (
                f"e{i}",
                "bench",
                "wgs84",
                "closed" if is_closed[i] else "handling",
                f"{begins + minutes[i]}+08",
                f"{begins + minutes[i]}+08",
                f"{begins + minutes[i] + took[i]}+08" if is_closed[i] else None,
                f"SRID=4326;POINT({lon[i]} {lat[i]})",
            )
            for i in range(2 * EVENTS)
        )
        columns = "external_id, source, crs, state, occurred_at, received_at, closed_at, geom"
        copy_rows(connection, f"event ({columns})", rows)
        for one in _FILLED.split(";"):
            connection.execute(sa.text(one), {"items": ITEMS, "areas": AREAS})
        layer_id = int(connection.scalar(sa.text("SELECT layer_id FROM plan")) or 0)
    import_calendar(database, LIMITS / "calendar.yaml", LIMITS / "calendar_days.csv")
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(sa.text("VACUUM ANALYZE"))
    return layer_id


def counted(database: Database, asked: EventsAsked = YEAR) -> EventStatistics:
    """Count as a request does."""
    return event_statistics(database, "bench", asked, at=DAY, timezone=ZONE)


def by_peer(database: Database) -> list[Any]:
    """Count in one statement."""
    with database.begin() as connection:
        return list(connection.execute(_PEER))


def main() -> None:
    """Count a year, by everybody."""
    with private_database() as database:
        layer_id = plant(database)
        peer_s, theirs = timed(lambda: by_peer(database), runs=3)
        ours_s, found = timed(lambda: counted(database), runs=3)
        ours = {
            (one.code, one.part.key): (one.figures.reported, one.figures.closed)
            for one in found.rows
            if one.part is not None and one.part.key is not None and one.place == "area"
        }
        expected = {(row[0], row[1]): (row[2], row[3]) for row in theirs if None not in row[:2]}
        assert ours == expected, "counts differ"
        show(Bar("event-statistics-year", ours_s, "grouping-sets", peer_s, need=0.5, limit_s=2.0))
        both = EventsAsked(YEAR.first, YEAR.last, compare_year=True)
        both_s, compared = timed(lambda: counted(database, both), runs=3)
        assert compared.rows[-1].former is not None
        show(Bar("event-statistics-two-years", both_s, "one-year-by-kind", ours_s, need=0.3, limit_s=3.0))
        for name, layer in (("chief", None), ("wang", layer_id)):
            hands = account(database, name, layer)
            hands_s, _ = timed(partial(counted, hands), runs=3)
            show(Bar(f"event-statistics-{name}", hands_s, "no-policy", ours_s, need=0.2, limit_s=4.0))
        file_s, _ = timed(lambda: statistics_table(compared).file("xlsx"), runs=1)
        show(Bar("event-statistics-xlsx", file_s, "counting", both_s, need=0.2))


if __name__ == "__main__":
    main()
