"""What the audit costs: bringing in events and buildings with its triggers and without, and verifying it.

The peer is the same database without the triggers of the audit. An import may take a tenth longer, which is
a bar of 0.91; a million entries are verified within a minute.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import sqlalchemy as sa

from benchmarks.bars import QUICK, Bar, Goal, show
from benchmarks.database import plant_areas, private_database
from benchmarks.jagged import jagged_areas
from gisgov.geometry.crs import parse_crs, to_wgs84_geometries
from gisgov.geometry.snap import snap
from gisgov.services.audit import verify_audit
from gisgov.services.importing.points import PointImport, import_buildings, import_events
from gisgov.store.database import Database

AREAS = 1_209
ROWS = 20_000 if QUICK else 200_000
ENTRIES = 20_000 if QUICK else 1_000_000
RUNS = 2


def plant(database: Database) -> tuple[float, float, float, float]:
    """Put areas into force, and return a box in their midst: what lies outside of all costs more to join."""
    shapes, scope = jagged_areas(AREAS, seed=1)
    system = parse_crs("EPSG:4547")
    areas = snap(to_wgs84_geometries(shapes, system))
    outline = snap(to_wgs84_geometries(np.array([scope]), system))
    plant_areas(database, areas, outline[0])
    with database.begin() as connection:
        connection.execute(
            sa.text("UPDATE plan SET status = 'published', valid_from = '2026-01-01', published_at = now()")
        )
    west, south, east, north = (float(value) for value in outline[0].bounds)
    wide, high = (east - west) / 4, (north - south) / 4
    return west + wide, south + high, east - wide, north - high


def write(path: Path, box: tuple[float, float, float, float], state: str) -> PointImport:
    """Write a file of rows all over the ground."""
    rng = np.random.default_rng(3)
    lon, lat = rng.uniform(box[0], box[2], ROWS), rng.uniform(box[1], box[3], ROWS)
    with path.open("w", encoding="utf-8") as opened:
        opened.write("编号,时间,经度,纬度,事项,等级,状态,备注,层数,户数\n")
        for i, (x, y) in enumerate(zip(lon.tolist(), lat.tolist(), strict=True)):
            opened.write(f"E{i},2026-02-01 08:30,{x:.7f},{y:.7f},垃圾满溢,一级,{state},第{i}件,6,24\n")
    zone = ZoneInfo("Asia/Shanghai")
    return PointImport(path=path, timezone=zone, day=date(2026, 3, 1), crs="wgs84")


def switch_off(database: Database) -> None:
    """Let the audit tell nothing of events and buildings."""
    with database.begin() as connection:
        for table in ("event", "building", "import_batch"):
            connection.execute(sa.text(f"SELECT audit_table_no_more('{table}')"))


def clock(work: Callable[[], object]) -> float:
    """Return the seconds that it took."""
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


def imports() -> None:
    """Import files for the first time and once more with a change in each row, with and without the audit."""
    best: dict[tuple[str, bool], float] = {}
    for run in range(RUNS):
        for on in (run % 2 == 0, run % 2 == 1):  # in turns: what the machine does else hits both
            with private_database() as database, tempfile.TemporaryDirectory() as folder:
                box = plant(database)
                if not on:
                    switch_off(database)
                new = write(Path(folder) / "new.csv", box, "已上报")
                closed = write(Path(folder) / "closed.csv", box, "已办结")
                works: dict[str, Callable[[], object]] = {
                    "events-new": lambda d=database, f=new: import_events(d, f),
                    "events-changed": lambda d=database, f=closed: import_events(d, f),
                    "buildings-new": lambda d=database, f=new: import_buildings(d, f),
                }
                for name, work in works.items():
                    best[name, on] = min(best.get((name, on), float("inf")), clock(work))
    for name in ("events-new", "events-changed", "buildings-new"):
        show(Bar(f"audit-{name}", best[name, True], "no-audit", best[name, False], need=0.91))


def verification(database: Database) -> None:
    """Verify a long chain."""
    with database.begin() as connection:
        connection.execute(
            sa.text(
                "INSERT INTO audit_entry (content) "
                "SELECT audit_who() "
                "|| jsonb_build_object('verb', 'bench', 'subject', i, 'text', repeat('x', 99)) "
                "FROM generate_series(1, :many) AS i"
            ),
            {"many": ENTRIES},
        )
    took = clock(lambda: verify_audit(database))
    assert verify_audit(database).intact, "nobody touched it"
    show(Goal(f"audit-verified-{ENTRIES}", took, "<=", 60, "unit=s"))


def main() -> None:
    """Verify, then import."""
    with private_database() as database:
        verification(database)
    imports()


if __name__ == "__main__":
    main()
