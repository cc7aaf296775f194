"""Start of processes that answer who owns a point, and how soon they answer by what was just published.

A private server is started for it, with one published plan of many areas. The first process makes the file of
its index; every other maps it. Times of a start are from the first word to the database until the indexes of
today are given out, in a process that has its libraries loaded; a swap is from the COMMIT of a publication to
the first answer by it, asked without a pause. Memory is what Linux counts of the file: PSS divides what
several processes have mapped among them.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from datetime import date
from pathlib import Path
from typing import IO, Any, cast
from zoneinfo import ZoneInfo

import numpy as np
import shapely
import sqlalchemy as sa

from benchmarks.bars import QUICK, Goal, note, seconds, show
from benchmarks.database import plant_areas, private_database
from benchmarks.jagged import jagged_areas
from gisgov.geometry.crs import parse_crs, to_wgs84_geometries
from gisgov.geometry.snap import snap
from gisgov.services.days import local_day
from gisgov.services.indexes import DayIndexes, IndexFolder, LayerIndex, LiveIndexes
from gisgov.store import tables
from gisgov.store.copying import copy_rows
from gisgov.store.database import Database
from gisgov.store.geometry_columns import multipolygons
from gisgov.types import Geometries, Json

COUNT = 10_000 if QUICK else 100_000
PROCESSES = 4
SWAPS = 20
_ZONE = ZoneInfo("Asia/Shanghai")
_CRS = "EPSG:4547"
_FIRST_DAY = date(2020, 1, 1)


def main() -> None:
    """Run it on one plan, or be one of its processes."""
    if len(sys.argv) > 1:
        answer(sys.argv[1], Path(sys.argv[2]))
        return
    areas, _ = jagged_areas(COUNT)
    stored = snap(to_wgs84_geometries(areas, parse_crs(_CRS)))
    points = shapely.get_coordinates(shapely.point_on_surface(stored))
    with private_database() as database, tempfile.TemporaryDirectory() as state:
        publish(database, plant_areas(database, stored, shapely.box(*shapely.total_bounds(stored))))
        url = database.engine.url.render_as_string(hide_password=False)
        starts(url, Path(state), points)
        swaps(database, Path(state), stored)


def publish(database: Database, plan_id: int) -> None:
    """Put a draft into force, with nothing beside it."""
    dates = {"status": "published", "valid_from": _FIRST_DAY, "published_at": sa.func.now()}
    with database.begin() as connection:
        connection.execute(tables.plan.update().where(tables.plan.c.id == plan_id).values(**dates))


# --- starts, and memory


def starts(url: str, state: Path, points: np.ndarray[Any, Any]) -> None:
    """Start one process after the other; the first finds no file."""
    np.save(state / "points.npy", points)
    with ExitStack() as stack:
        processes = [stack.enter_context(_process(url, state)) for _ in range(PROCESSES)]
        told = []
        for process in processes:
            _say(process, "start")
            told.append(_hear(process))
        for process in processes:  # all of them have looked everywhere
            _say(process, "touch")
            assert _hear(process)["right"] == len(points)
        held = []
        for process in processes:
            _say(process, "memory")
            held.append(_hear(process))
    (file,) = (state / "indexes").glob("*.areas")
    size_mb = file.stat().st_size / 1e6
    name = f"resolve-start-{COUNT}"
    show(Goal(name, max(one["start_s"] for one in told[1:]), "<=", 1.0, "unit=s of a process, files there"))
    shared = sum(one["pss_mb"] for one in held) / size_mb
    show(Goal(f"{name}-copies", shared, "<=", 1.1, f"of the file in memory, {PROCESSES} processes"))
    note(f"{name} first of all, which makes the file: {seconds(told[0]['start_s'])}; file {size_mb:.0f} MB")
    each = ", ".join(f"{one['pss_mb']:.0f} of {one['rss_mb']:.0f}" for one in held)
    note(f"{name} MB that each of {PROCESSES} processes is charged of what it has mapped: {each}")


def answer(url: str, state: Path) -> None:
    """Be a process: do what is said, and tell of it."""
    live = LiveIndexes(Database(url), IndexFolder(state / "indexes"), _ZONE)
    _tell({"ready": True})
    for line in sys.stdin:
        if line == "start\n":
            begin = time.perf_counter()
            live.start()
            _wait_for(live, lambda _: True)
            _tell({"start_s": time.perf_counter() - begin})
        elif line == "touch\n":
            found = (
                cast("DayIndexes", live.today())
                .layers["bench"]
                .index.owners(*np.load(state / "points.npy").T)
            )
            _tell({"right": int(np.sum(found == np.arange(len(found))))})
        else:
            _tell(_mapped_mb())
    live.close()


def _mapped_mb() -> Json:
    """Return what this process has mapped of files of indexes."""
    held, is_ours = {"Rss:": 0, "Pss:": 0}, False
    for line in Path("/proc/self/smaps").read_text().splitlines():
        word, *rest = line.split()
        if not word.endswith(":"):
            is_ours = line.endswith(".areas")
        elif is_ours and word in held:
            held[word] += int(rest[0])
    return {"rss_mb": held["Rss:"] * 1024 / 1e6, "pss_mb": held["Pss:"] * 1024 / 1e6}


def _process(url: str, state: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "benchmarks.resolve_start", url, str(state)]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    _hear(process)
    return process


def _tell(what: Json) -> None:
    print(json.dumps(what), flush=True)


def _say(process: subprocess.Popen[str], word: str) -> None:
    into = cast("IO[str]", process.stdin)
    into.write(f"{word}\n")
    into.flush()


def _hear(process: subprocess.Popen[str]) -> Json:
    return cast("Json", json.loads(cast("IO[str]", process.stdout).readline()))


# --- swaps


def swaps(database: Database, state: Path, stored: Geometries) -> None:
    """Replace small plans of another layer by each other, then the last by one as large as the first."""
    live = LiveIndexes(database, IndexFolder(state / "indexes"), _ZONE)
    live.start()
    _wait_for(live, lambda _: True)
    times = [_swapped(database, live, f"small-{i}", stored[i : i + 50]) for i in range(SWAPS + 1)]
    some = times[1:]  # the first has to load what makes an index
    show(Goal("resolve-swap-50", float(np.median(some)), "<=", 0.1, f"unit=s from COMMIT, of {SWAPS}"))
    note(f"resolve-swap-50 slowest: {seconds(max(some))}")
    large = _swapped(database, live, "large", stored)
    note(f"resolve-swap-{COUNT} from COMMIT, the index made meanwhile: {seconds(large)}")
    live.close()


def _swapped(database: Database, live: LiveIndexes, name: str, areas: Geometries) -> float:
    """Return the seconds from the publication of areas until they are answered by."""
    plan_id = _draft(database, name, areas)
    plan = tables.plan
    with database.begin() as connection:
        layer_id = sa.select(plan.c.layer_id).where(plan.c.id == plan_id).scalar_subquery()
        before = plan.update().where(plan.c.layer_id == layer_id, plan.c.status == "published")
        connection.execute(before.values(status="retired", valid_to=local_day(None, _ZONE)))
        dates = {"valid_from": local_day(None, _ZONE), "published_at": sa.func.now()}
        connection.execute(plan.update().where(plan.c.id == plan_id).values(status="published", **dates))
    begin = time.perf_counter()
    _wait_for(live, lambda day: "swaps" in day.layers and _is_of(day.layers["swaps"], plan_id))
    return time.perf_counter() - begin


def _is_of(layer: LayerIndex, plan_id: int) -> bool:
    return [one.id for one in layer.plans] == [plan_id]


def _draft(database: Database, name: str, areas: Geometries) -> int:
    """Store areas as a draft of the layer ``swaps``."""
    with database.begin() as connection:
        layer = tables.layer
        layer_id = connection.scalar(sa.select(layer.c.id).where(layer.c.name == "swaps"))
        if layer_id is None:
            words = {"name": "swaps", "title_zh": "换", "title_en": "Swaps", "kind": "overlay", "position": 2}
            layer_id = connection.scalar(layer.insert().values(**words).returning(layer.c.id))
        draft = {"name": name, "layer_id": layer_id, "working_crs": _CRS}
        plan_id = int(connection.scalar(tables.plan.insert().values(**draft).returning(tables.plan.c.id)))
        ewkb = shapely.to_wkb(shapely.set_srid(multipolygons(areas), 4326), hex=True, include_srid=True)
        rows = ((plan_id, f"{i:06d}", f"grid {i}", geom, 0.0) for i, geom in enumerate(ewkb))
        copy_rows(connection, "area (plan_id, code, name, geom, area_m2)", rows)
    return plan_id


def _wait_for(live: LiveIndexes, holds: Callable[[DayIndexes], bool]) -> None:
    while (day := live.today()) is None or not holds(day):
        time.sleep(0.0005)


if __name__ == "__main__":
    main()
