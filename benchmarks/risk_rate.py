"""How long it takes to rate a million buildings, with hazards and events counted, at first and again.

Rates every building of a generated town by the shipped example rules: once when none was rated, once when
nothing has changed, and once as other rules are put in force, which change every rating. Beside the whole
stand its parts: reading facts, counting hazards and events, asking the rules, and writing. There is no peer:
no other program is known that rates buildings by such rules, so the goals are seconds.
"""

from __future__ import annotations

import contextlib
import os
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
        _run(database, "first", FIRST_S, lambda: _adopt(database, rules.version))
        again = _run(database, "unchanged", AGAIN_S, lambda: _again(database))
        assert (again.written, again.changes) == (0, ())
        propose_rules(database, replace(rules, version="other", warning_points=70))
        other = _run(database, "other-rules", FIRST_S, lambda: _adopt(database, "other"))
        assert other.written == BUILDINGS
        note(f"classes {other.counts}; no peer is known that rates buildings by such rules")
        with database.begin() as connection:
            kept = connection.scalar(sa.text("SELECT count(*) FROM risk_rating"))
            size = connection.scalar(sa.text("SELECT pg_total_relation_size('risk_rating')"))
        note(f"history holds {kept:,} ratings in {size / 1e6:.0f} MB")


def _adopt(database: Database, version: str) -> RatingReport:
    return put_in_force(database, version, reason="a benchmark", today=TODAY, timezone=ZONE).rating


def _again(database: Database) -> RatingReport:
    return rate_buildings(database, today=TODAY, timezone=ZONE)


def _fill(database: Database) -> None:
    given = {"buildings": BUILDINGS, "events": EVENTS, "hazards": HAZARDS}
    with database.begin() as connection:
        for one in _FILLED.split(";\n"):
            connection.execute(sa.text(one), given)
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(sa.text("VACUUM ANALYZE"))


def _run(database: Database, name: str, limit_s: float, work: Callable[[], RatingReport]) -> RatingReport:
    server = _Server(database)
    with _watched(server) as spent:
        cpu, server_cpu, begin = time.process_time(), server.cpu_s(), time.perf_counter()
        report = work()
        took_s, cpu_s = time.perf_counter() - begin, time.process_time() - cpu
        server_s = server.cpu_s() - server_cpu
    assert report.buildings == BUILDINGS
    shares = ", ".join(f"{part} {seconds:.1f} s" for part, seconds in spent.items())
    note(f"{name}: {shares}; one part is read and asked while another is written")
    note(f"{name}: processors were used {cpu_s:.1f} s by this process and {server_s:.1f} s by the server")
    note(f"{name}: {BUILDINGS / took_s:,.0f} buildings/s, {report.written:,} written")
    show(Goal(f"risk-rate-{name}", took_s, "<=", limit_s, f"unit=s buildings={BUILDINGS}"))
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    show(Goal(f"risk-rate-{name}-memory", peak_mb, "<=", MOST_MB, "unit=MB"))
    note(f"{name}: a process of the server held {server.peak_mb:.0f} MB of its own at most")
    return report


class _Server:
    """The processes of the private server: what they use."""

    def __init__(self, database: Database) -> None:
        with database.begin() as connection:
            backend = connection.scalar(sa.text("SELECT pg_backend_pid()"))
        self._parent = self._fields(Path(f"/proc/{backend}"))[1]
        self.peak_mb = 0.0

    def cpu_s(self) -> float:
        """Return the seconds of processor that its processes have used."""
        ticks = sum(int(fields[11]) + int(fields[12]) for fields in self._all().values())
        return ticks / os.sysconf("SC_CLK_TCK")

    def look(self) -> None:
        """Note the largest of its processes: what it has beside the memory that all share."""
        for place in self._all():
            with contextlib.suppress(OSError, StopIteration):
                lines = (place / "status").read_text().splitlines()
                own = next(line.split()[1] for line in lines if line.startswith("RssAnon"))
                self.peak_mb = max(self.peak_mb, int(own) / 1024)

    def _all(self) -> dict[Path, list[str]]:
        found = {}
        for place in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                fields = self._fields(place)
                if fields[1] == self._parent:
                    found[place] = fields
        return found

    @staticmethod
    def _fields(place: Path) -> list[str]:
        return (place / "stat").read_text().rpartition(")")[2].split()


@contextmanager
def _watched(server: _Server) -> Iterator[Counter[str]]:
    """Sum the seconds of each part, and watch the server."""
    spent: Counter[str] = Counter()
    former = [(place, called, getattr(place, called)) for _, place, called in _PARTS]
    for part, place, called in _PARTS:
        setattr(place, called, _timed(getattr(place, called), spent, part))
    done = threading.Event()
    watcher = threading.Thread(target=_watch, args=(server, done), daemon=True)
    watcher.start()
    try:
        yield spent
    finally:
        done.set()
        watcher.join()
        for place, called, work in former:
            setattr(place, called, work)


def _watch(server: _Server, done: threading.Event) -> None:
    while not done.wait(0.5):
        server.look()


def _timed(work: Callable[..., Any], spent: Counter[str], part: str) -> Callable[..., Any]:
    @wraps(work)
    def timed(*args: Any, **given: Any) -> Any:
        begin = time.perf_counter()
        try:
            return work(*args, **given)
        finally:
            spent[part] += time.perf_counter() - begin  # type: ignore[assignment]

    return timed


if __name__ == "__main__":
    main()
