"""Workers and processes killed at random: every job is done once in effect, and nothing is left behind.

``KILLS=50 pytest -s -k kill`` kills as often as that, and tells of it.
"""

from __future__ import annotations

import os
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import geopandas
import shapely
from killed_workers import PATIENT, Killing
from lattices import SCOPE, lattice, settle

from gisgov.services.jobs import Job, list_jobs
from gisgov.store.database import Database
from gisgov.work.orders import WorkOrder

KILLS = int(os.environ.get("KILLS", "3"))


def test_jobs_of_killed_workers_are_done_once_in_effect(
    database: Database, plant: Callable[..., None], order: WorkOrder, tmp_path: Path
) -> None:
    settle(database, plant, lattice(20, 10))
    cells = [shapely.box(114 + i * 0.01, 22.5, 114.01 + i * 0.01, 22.51) for i in range(4)]
    areas = tmp_path / "grids.geojson"
    geopandas.GeoDataFrame(geometry=cells, crs=4326).to_file(areas)

    def draft(name: str) -> None:
        plant("subgrid", {}, plan=name, scope=SCOPE, valid_from=None)

    killing = Killing(database, replace(order, kinds=PATIENT), areas, draft, seed=20260301)
    begin = time.monotonic()
    killing.run(KILLS, pause_s=1.0)
    attempts = sum(one.attempt for one in _ended(database))
    kinds = Counter(job.kind for job in killing.jobs)
    sys.stdout.write(
        f"killed {dict(killing.kills)}, {killing.hits} while jobs ran; jobs {dict(kinds)}, "
        f"{attempts} attempts, {time.monotonic() - begin:.0f} s\n"
    )
    assert killing.faults() == []
    assert sum(killing.kills.values()) == KILLS


def _ended(database: Database) -> tuple[Job, ...]:
    return list_jobs(database, limit=10_000)
