"""What an operation on a draft takes: 1,000 blocks of a district of 100,000, figures included.

The peer works on the same blocks, in memory and without any database: geopandas dissolves all areas of the
plan anew (by cancelling common borders, its fastest way) and measures them, as tools do that keep no figures.
Ours is the whole service call: lock, log, blocks, areas, figures, problems, audit, commit.
"""

from __future__ import annotations

import cProfile
import pstats
import time
from collections.abc import Callable
from datetime import date
from zoneinfo import ZoneInfo

import geopandas
import numpy as np
import shapely
import sqlalchemy as sa

from benchmarks.bars import QUICK, Bar, note, show
from benchmarks.database import private_database
from gisgov.geometry.crs import parse_crs
from gisgov.geometry.dissolve import dissolve
from gisgov.geometry.edge_classes import EdgeClass
from gisgov.geometry.measures import areas_m2
from gisgov.services.editing.branching import branch_plan
from gisgov.services.editing.editing import edit_draft
from gisgov.services.editing.operations import Assign, Merge, Operation, Redo, Undo
from gisgov.services.editing.reports import EditReport
from gisgov.store import tables
from gisgov.store.areas import AreaTable, put_areas
from gisgov.store.block_edges import put_block_edges
from gisgov.store.blocks import BlockTable, blocks_of_scope, put_assignments, put_blocks
from gisgov.store.database import Database
from gisgov.store.plans import create_draft
from gisgov.types import Geometries, Ints, Texts

COLUMNS, ROWS = (100, 50) if QUICK else (400, 250)
AREA = (25, 20)  # blocks of an area: 500
ABOVE = (100, 50)  # … and of one of the layer above
MOVED = (40, 25)  # blocks that an operation gives to another area: 1,000
STEP = 0.0005  # degrees: blocks of some 50 m
LIMIT_S = 0.2
RUNS = 4 if QUICK else 12
TODAY, ZONE, WORKING = date(2026, 3, 1), ZoneInfo("Asia/Shanghai"), "EPSG:4547"
STAGES = (
    "open_draft", "is_prepared", "make_assign", "find_delta", "_blocks_before", "dissolve", "measure",
    "block_parents", "put_drawn_areas", "log_operation", "move_blocks", "along_streets", "put_figures",
    "put_revision", "area_figures", "draft_problems",
)  # fmt: skip


def blocks() -> tuple[Geometries, Geometries, Ints]:
    """Draw blocks with a bend in each side, and the streets between them: every fifth is a main one."""
    rng = np.random.default_rng(5)
    x, y = np.meshgrid(np.arange(COLUMNS + 1), np.arange(ROWS + 1))
    corner = np.stack((x, y), axis=-1) + rng.uniform(-0.15, 0.15, (ROWS + 1, COLUMNS + 1, 2))
    across = (corner[:, :-1] + corner[:, 1:]) / 2 + rng.uniform(-0.1, 0.1, (ROWS + 1, COLUMNS, 2))
    up = (corner[:-1] + corner[1:]) / 2 + rng.uniform(-0.1, 0.1, (ROWS, COLUMNS + 1, 2))
    corner, across, up = (np.round(part * STEP + np.array([114.0, 22.5]), 7) for part in (corner, across, up))
    ring = np.stack(
        (
            corner[:-1, :-1], across[:-1], corner[:-1, 1:], up[:, 1:], corner[1:, 1:], across[1:],
            corner[1:, :-1], up[:, :-1], corner[:-1, :-1],
        ),
        axis=2,
    )  # fmt: skip
    cells = np.asarray(shapely.polygons(ring.reshape(-1, 9, 2)), dtype=object)
    lying = np.stack((corner[:, :-1], across, corner[:, 1:]), axis=2)
    standing = np.stack((corner[:-1], up, corner[1:]), axis=2)
    lines = np.concatenate((lying.reshape(-1, 3, 2), standing.reshape(-1, 3, 2)))
    main_lying = np.repeat(np.arange(ROWS + 1) % 5 == 0, COLUMNS)
    main_standing = np.tile(np.arange(COLUMNS + 1) % 5 == 0, ROWS)
    is_main = np.concatenate((main_lying, main_standing))
    classes = np.where(is_main, EdgeClass.ARTERIAL, EdgeClass.LOCAL).astype(np.int64)
    return cells, np.asarray(shapely.linestrings(lines), dtype=object), classes


def labels(size: tuple[int, int]) -> Ints:
    """Return for each block the number of the rectangle of so many blocks that it is in."""
    column, row = np.meshgrid(np.arange(COLUMNS), np.arange(ROWS))
    return (row // size[1] * (COLUMNS // size[0]) + column // size[0]).ravel()


def plant(database: Database) -> BlockTable:
    """Store the district, its layer above, and a draft; return the blocks by code."""
    cells, lines, classes = blocks()
    count, rng = len(cells), np.random.default_rng(7)
    people = rng.integers(0, 120, count)
    table = BlockTable(
        codes=np.array([f"{i:06d}" for i in range(count)], dtype=object),
        geometries=cells,
        area_m2=areas_m2(cells, parse_crs(WORKING)),
        population=people,
        households=people // 3,
        land_use=np.full(count, None, dtype=object),
        attributes=[{}] * count,
        ids=np.zeros(0, dtype=np.int64),
    )
    targets = {"area_km2": 0.5, "population": 5000, "weight_area": 0.5, "weight_population": 0.5}
    with database.begin() as connection:
        put_blocks(connection, "", table)
        put_block_edges(connection, "", lines, classes)
        stored = blocks_of_scope(connection, "")
        above = _layer(connection, {"name": "community", "position": 1})
        plan = _plan(connection, "communities", above, table, labels(ABOVE), None)
        dates = {"status": "published", "valid_from": date(2026, 1, 1), "published_at": sa.func.now()}
        connection.execute(sa.update(tables.plan).where(tables.plan.c.id == plan).values(dates))
        nested = {"name": "grid", "position": 2, "parent_id": above, "nesting": "nested", "targets": targets}
        _plan(connection, "source", _layer(connection, nested), table, labels(AREA), stored)
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(sa.text("VACUUM ANALYZE"))
    begin = time.perf_counter()
    branch_plan(
        database, "source", "draft", today=TODAY, timezone=ZONE
    )  # the database has counted none of it
    note(f"plans-editing branch, which measures all areas: {time.perf_counter() - begin:.2f} s")
    return table


def _layer(connection: sa.Connection, values: dict[str, object]) -> int:
    values = {"title_zh": "网格", "title_en": "Grids", "kind": "partition", **values}
    return int(connection.scalar(sa.insert(tables.layer).values(values).returning(tables.layer.c.id)) or 0)


def _plan(
    connection: sa.Connection,
    name: str,
    layer: int,
    table: BlockTable,
    label: Ints,
    of: BlockTable | None,
) -> int:
    grounds = dissolve(table.geometries, label)
    codes = names(len(grounds))
    plan_id = create_draft(connection, name=name, layer_id=layer, working_crs=WORKING)
    areas = AreaTable(
        codes=codes,
        names=codes,
        parent_codes=[()] * len(codes),
        geometries=grounds,
        area_m2=areas_m2(grounds, parse_crs(WORKING)),
        population=np.zeros(len(codes), dtype=object),
        households=np.zeros(len(codes), dtype=object),
        attributes=[{}] * len(codes),
    )
    put_areas(connection, plan_id, areas)
    if of is not None:
        put_assignments(connection, plan_id, of.ids.tolist(), codes[label].tolist())
    return plan_id


def names(count: int) -> Texts:
    """Return codes of areas."""
    return np.array([f"{i:04d}" for i in range(count)], dtype=object)


def rectangle(number: int) -> Ints:
    """Return the numbers of blocks of a place that is moved: another one each time."""
    rng = np.random.default_rng(number)
    west, south = rng.integers(0, COLUMNS - MOVED[0]), rng.integers(0, ROWS - MOVED[1])
    column, row = np.meshgrid(np.arange(west, west + MOVED[0]), np.arange(south, south + MOVED[1]))
    return (row * COLUMNS + column).ravel()


def edit(database: Database, operation: Operation) -> EditReport:
    """Do an operation."""
    return edit_draft(database, "draft", operation, seen=None, today=TODAY, timezone=ZONE)


def operations(database: Database, table: BlockTable) -> None:
    """Time each kind, in turns, at places all over the district."""
    spent: dict[str, list[float]] = {"assign": [], "undo": [], "redo": [], "merge": []}
    area = labels(AREA)
    begin = time.perf_counter()
    edit(database, Assign((table.codes[0],), "0001"))
    note(f"plans-editing first operation, of {area.max() + 1} areas: {time.perf_counter() - begin:.2f} s")
    edit(database, Undo())
    touched = []

    def clock(kind: str, operation: Operation) -> EditReport:
        start = time.perf_counter()
        done = edit(database, operation)
        spent[kind].append(time.perf_counter() - start)
        return done

    for number in range(RUNS):
        chosen = rectangle(number)
        to = f"{area[chosen[0]]:04d}"
        done = clock("assign", Assign(tuple(table.codes[chosen]), to))
        touched.append(sum(one.blocks for one in done.areas))
        clock("undo", Undo())
        clock("redo", Redo())
        clock("undo", Undo())
        clock("merge", Merge((to, f"{area[chosen[0]] + 1:04d}")))
        clock("undo", Undo())
    note(
        f"plans-editing blocks of the areas that an assignment of {MOVED[0] * MOVED[1]} changes: "
        f"{np.mean(touched):.0f} on average"
    )
    peer_s = min(peer(table, area, number) for number in range(3))
    for kind, times in spent.items():
        middle, worst = float(np.median(times)), max(times) * 1e3
        note(f"plans-editing {kind}: median {middle * 1e3:.0f} ms, worst {worst:.0f} ms of {len(times)}")
        show(Bar(f"plans-{kind}", middle, "geopandas-dissolve", peer_s, 1.0, LIMIT_S))


def peer(table: BlockTable, area: Ints, number: int) -> float:
    """Return the seconds that dissolving and measuring the whole plan takes."""
    frame = geopandas.GeoDataFrame(
        {"area": area, "population": table.population, "households": table.households},
        geometry=table.geometries,
        crs=4326,
    )
    chosen = rectangle(number)
    begin = time.perf_counter()
    frame.loc[chosen, "area"] = area[chosen[0]]
    whole = frame.dissolve(by="area", aggfunc="sum", method="coverage")
    plane = whole.to_crs(WORKING).geometry
    load = whole["population"] / 5000 / 2 + plane.area / 5e5 / 2
    found = (load - 1, 4 * np.pi * plane.area / plane.length**2, plane.count_geometries())
    spent = time.perf_counter() - begin
    if not all(len(one) for one in found):
        raise AssertionError
    return spent


def profile(database: Database, table: BlockTable) -> None:
    """Say what dominates an assignment."""
    area = labels(AREA)
    watch = cProfile.Profile()
    for number in range(RUNS):
        chosen = rectangle(1000 + number)
        operation = Assign(tuple(table.codes[chosen]), f"{area[chosen[0]]:04d}")
        watch.runcall(edit, database, operation)
        edit(database, Undo())
    stats = pstats.Stats(watch).stats  # type: ignore[attr-defined]
    found: dict[str, float] = {}
    for (file, _, name), (_, _, _, cumulative, _) in stats.items():
        if ("gisgov" in file and name in STAGES) or name == "do_commit":
            found[name] = found.get(name, 0.0) + cumulative / RUNS * 1e3
    whole = next(row[3] for key, row in stats.items() if key[2] == "edit_draft") / RUNS * 1e3
    order = sorted(found.items(), key=lambda one: -one[1])
    note(
        f"plans-editing profile of assign ({whole:.0f} ms with the profiler): "
        + ", ".join(f"{name} {ms:.0f} ms" for name, ms in order)
    )


def main() -> None:
    """Plant the district and time operations on it."""
    with private_database() as database:
        table = plant(database)
        steps: tuple[Callable[[Database, BlockTable], None], ...] = (operations, profile)
        for step in steps:
            step(database, table)


if __name__ == "__main__":
    main()
