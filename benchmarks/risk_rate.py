"""How long it takes to rate a million buildings, with hazards and events counted, at first and again.

Rates every building of a generated town by the shipped example rules: once when none was rated, once when
nothing has changed, and once as other rules are put in force, which change every rating. Beside the whole
stand its parts: reading facts, counting hazards and events, asking the rules, and writing. There is no peer:
no other program is known that rates buildings by such rules, so the goals are seconds.
"""

from __future__ import annotations

import resource
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from functools import wraps
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from benchmarks.bars import QUICK, Goal, note, show
from benchmarks.database import private_database
from fixtures.shipped import risk_rules
from gisgov.services.rating import (
    RatingReport,
    gathering,
    propose_rules,
    put_in_force,
    rate_buildings,
    rating,
)
from gisgov.store.database import Database

BUILDINGS: Final = 50_000 if QUICK else 1_000_000
EVENTS: Final = BUILDINGS // 10
HAZARDS: Final = BUILDINGS // 5
TODAY: Final = date(2026, 11, 1)
ZONE: Final = ZoneInfo("Asia/Shanghai")
FIRST_S: Final = 3.0 if QUICK else 60.0
AGAIN_S: Final = 1.5 if QUICK else 30.0
MOST_MB: Final = 600.0

# a town of houses 40 m apart; a third of the events are of public security, most of them in the window
_FILLED: Final = """
INSERT INTO building (external_id, source, geom, crs, built_year, floors, use, facts)
SELECT CAST(i AS TEXT), 'b', ST_Translate(
    ST_GeomFromText('POLYGON((0 0, 0.00015 0, 0.00015 0.0001, 0 0.0001, 0 0))', 4326),
    113.8 + 0.0004 * (i % side), 22.5 + 0.00036 * (i / side)), 'wgs84',
    CASE WHEN i % 50 > 0 THEN 1960 + (i % 100003) * 7919 % 65 END, 1 + i % 30,
    (ARRAY['residential', 'mixed', 'dormitory', 'shared-rental', 'three-in-one'])[1 + (i * 31) % 5],
    jsonb_strip_nulls(jsonb_build_object(
        'structure',
        (ARRAY['steel', 'reinforced-concrete', 'brick-concrete', 'brick-timber'])[1 + (i * 17) % 4],
        'structure_grade', (ARRAY['A', 'B', 'C', 'D'])[1 + (i * 13) % 40],
        'dangerous_goods', (ARRAY['none', 'permitted', 'unpermitted'])[1 + (i * 11) % 90]))
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
SELECT 'b', CAST(i AS TEXT), 1 + (i * 6007) % :buildings,
    (ARRAY['fire', 'electrical', 'work-safety', 'other'])[1 + i % 4],
    '2026-09-01', DATE '2026-09-15' + i % 90, CASE WHEN i % 2 = 0 THEN 'found' ELSE 'rectified' END,
    CASE WHEN i % 2 = 1 THEN DATE '2026-09-20' END
FROM generate_series(1, :hazards) AS i
"""

_PARTS: Final = (
    ("ids", gathering.risk_facts, "next_ids"),
    ("facts", gathering.risk_facts, "ask_buildings"),
    ("hazards", gathering, "count_hazards"),
    ("events", gathering, "count_events"),
    ("rules", gathering, "rate"),
    ("writing", rating.ratings, "write_ratings"),
)


def main() -> None:
    """Fill a town and rate it."""
    with private_database() as database:
        _fill(database)
        rules = risk_rules()
        propose_rules(database, rules)
        adopt = lambda version: put_in_force(  # noqa: E731
            database, version, reason="a benchmark", today=TODAY, timezone=ZONE
        ).rating
        _run("first", FIRST_S, lambda: adopt(rules.version))
        again = _run("unchanged", AGAIN_S, lambda: rate_buildings(database, today=TODAY, timezone=ZONE))
        assert (again.written, again.changes) == (0, ())
        propose_rules(database, replace(rules, version="other", warning_points=70))
        other = _run("other-rules", FIRST_S, lambda: adopt("other"))
        assert other.written == BUILDINGS
        note(f"classes {other.counts}; no peer is known that rates buildings by such rules")
        with database.begin() as connection:
            kept = connection.scalar(sa.text("SELECT count(*) FROM risk_rating"))
            size = connection.scalar(sa.text("SELECT pg_total_relation_size('risk_rating')"))
        note(f"history holds {kept:,} ratings in {size / 1e6:.0f} MB")


def _fill(database: Database) -> None:
    given = {"buildings": BUILDINGS, "events": EVENTS, "hazards": HAZARDS}
    with database.begin() as connection:
        for one in _FILLED.split(";\n"):
            connection.execute(sa.text(one), given)
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(sa.text("VACUUM ANALYZE"))


def _run(name: str, limit_s: float, work: Callable[[], RatingReport]) -> RatingReport:
    with _watched() as spent:
        cpu, begin = time.process_time(), time.perf_counter()
        report = work()
        took_s, cpu_s = time.perf_counter() - begin, time.process_time() - cpu
    assert report.buildings == BUILDINGS
    shares = ", ".join(f"{part} {seconds:.1f} s" for part, seconds in spent.items() if part != "peak")
    rest = took_s - sum(seconds for part, seconds in spent.items() if part != "peak")
    note(f"{name}: {shares}, the rest with the commit {rest:.1f} s; {cpu_s:.1f} s of this process")
    note(f"{name}: {BUILDINGS / took_s:,.0f} buildings/s, {report.written:,} written")
    show(Goal(f"risk-rate-{name}", took_s, "<=", limit_s, f"unit=s buildings={BUILDINGS}"))
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    show(Goal(f"risk-rate-{name}-memory", peak_mb, "<=", MOST_MB, "unit=MB"))
    server_mb = spent["peak"] / 1e6
    note(f"{name}: the server's process held {server_mb:.0f} MB of its own at most")
    return report


@contextmanager
def _watched() -> Iterator[Counter[str]]:
    """Sum the seconds of each part, and watch the largest of the server's processes."""
    spent: Counter[str] = Counter()
    former = [(place, called, getattr(place, called)) for _, place, called in _PARTS]
    for part, place, called in _PARTS:
        setattr(place, called, _timed(getattr(place, called), spent, part))
    done = threading.Event()
    watcher = threading.Thread(target=_watch_server, args=(spent, done), daemon=True)
    watcher.start()
    try:
        yield spent
    finally:
        done.set()
        watcher.join()
        for place, called, work in former:
            setattr(place, called, work)


def _timed(work: Callable[..., Any], spent: Counter[str], part: str) -> Callable[..., Any]:
    @wraps(work)
    def timed(*args: Any, **given: Any) -> Any:
        begin = time.perf_counter()
        try:
            return work(*args, **given)
        finally:
            spent[part] += time.perf_counter() - begin  # type: ignore[assignment]

    return timed


def _watch_server(spent: Counter[str], done: threading.Event) -> None:
    while not done.wait(0.2):
        for status in Path("/proc").glob("[0-9]*/status"):
            try:
                told = dict(line.split(":", 1) for line in status.read_text().splitlines() if ":" in line)
            except OSError:
                continue
            if told.get("Name", "").strip() == "postgres":
                own = int(told.get("RssAnon", "0 kB").split()[0]) * 1024
                spent["peak"] = max(spent["peak"], own)


if __name__ == "__main__":
    main()
