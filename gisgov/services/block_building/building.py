"""Build the blocks of a plan's ground, and store them with their borders."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import numpy as np
import shapely

from fixtures import shipped
from gisgov.errors import InputError
from gisgov.files.vector_output import driver_of
from gisgov.geometry.along import labels_along
from gisgov.geometry.blocks import BlockTolerances, BuiltBlocks, build_blocks
from gisgov.geometry.crs import CoordinateSystem, parse_crs
from gisgov.geometry.measures import areas_m2
from gisgov.governance.street_classes import StreetClasses
from gisgov.services.access import require_scope
from gisgov.services.block_building.line_files import DrawnLines, LineFile, read_lines
from gisgov.services.block_building.line_geometry import Kind
from gisgov.services.block_building.outputs import write_blocks
from gisgov.services.block_building.reports import BlocksBuilt, borders_by_class
from gisgov.store.areas import AreaTable, areas_of_plan
from gisgov.store.block_edges import put_block_edges
from gisgov.store.block_sets import Replaced, replace_blocks
from gisgov.store.blocks import BlockTable
from gisgov.store.database import Database
from gisgov.store.plans import StoredPlan, find_plan
from gisgov.types import BBox, Geometries, Progress, Texts, silent

WATER_LAND_USE: Final = "water"
"""Land use of a block that is a water body."""

_BESIDE_DEG: Final = 5e-7
"""Cutting lines where they meet moves them by a step or two of the storage grid of 1e-7°."""

_LINES, _POLYGONS = frozenset({Kind.LINE}), frozenset({Kind.POLYGON})


@dataclass(frozen=True, slots=True)
class BlockBuild:
    """What to build blocks from.

    Attributes
    ----------
    plan : str
        The plan whose areas are the ground: each block lies in one of them.
    streets : LineFile
        Lines of streets.
    water : LineFile or None
        Lines and polygons of water.
    rail : LineFile or None
        Lines of railways.
    compounds : LineFile or None
        Polygons of compounds, which local streets do not divide.
    classes : pathlib.Path or None
        Table of street classes; None takes the shipped one.
    scope_code : str or None
        Code of the ground that the blocks make up; None takes that of the plan. Codes of blocks begin with
        another one, so that they can be beside those of the plan's own scope.
    tolerances : BlockTolerances
        How near is the same, and how small is no block.
    dry_run : bool
        Build and report, but store nothing.
    out : pathlib.Path or None
        File to write blocks and borders to.
    """

    plan: str
    streets: LineFile
    water: LineFile | None = None
    rail: LineFile | None = None
    compounds: LineFile | None = None
    classes: Path | None = None
    scope_code: str | None = None
    tolerances: BlockTolerances = field(default_factory=BlockTolerances)
    dry_run: bool = False
    out: Path | None = None


def build_plan_blocks(database: Database, asked: BlockBuild, *, progress: Progress = silent) -> BlocksBuilt:
    """Cut the ground of a plan into blocks along streets, water and railways, and store them.

    Parameters
    ----------
    database : Database
        Where the plan is.
    asked : BlockBuild
        What to build from.
    progress : Progress
        Told how the work advances.

    Returns
    -------
    BlocksBuilt
        What was read, done and stored. Building from the same files again changes nothing; building from
        others replaces the blocks of the scope, and keeps what is known of those that stay.

    Raises
    ------
    NotFoundError
        There is no such plan.
    FileError, CrsError
        A file cannot be read, or its coordinate system is unknown or contradicts what was declared.
    ProfileError
        The table of street classes does not hold together.
    InputError
        The plan has no areas, a file has no such layer or field, or nothing in it lies near the ground.
    ConflictError
        A block of which a plan is made would go or move.
    """
    if asked.out is not None:
        driver_of(asked.out)
    classes = shipped.street_classes(asked.classes)
    with database.begin() as connection:
        plan = find_plan(connection, asked.plan)
        parents = areas_of_plan(connection, plan.id)
        scope_code = plan.scope_code if asked.scope_code is None else asked.scope_code
        require_scope(connection, "blocks.write", scope_code)
    if not len(parents):
        raise InputError(f"Plan {plan.name!r} has no areas to build blocks in.", field="scope")
    west, south, east, north = shapely.total_bounds(parents.geometries).tolist()
    drawn = _read(asked, classes, (west, south, east, north), progress)
    built = _build(parents.geometries, drawn, asked.tolerances, progress)
    working = parse_crs(plan.working_crs)
    # beside the blocks of the plan's own scope others need other codes
    prefix = "" if scope_code == plan.scope_code else f"{scope_code}-"
    table = _table(built, parents, working, prefix)
    done = Replaced(0, 0, 0, 0)
    if not asked.dry_run:
        with database.begin() as connection:
            done = replace_blocks(connection, scope_code, table)
            put_block_edges(connection, scope_code, built.edges, built.edge_class, _names(built, drawn))
    if asked.out is not None:
        write_blocks(asked.out, table, built.edges, built.edge_class)
    return _report(asked, plan, scope_code, classes, drawn, parents, built, table, working, done)


def _read(asked: BlockBuild, classes: StreetClasses, near: BBox, progress: Progress) -> dict[str, DrawnLines]:
    files = {
        "streets": (asked.streets, classes.streets, _LINES),
        "water": (asked.water, classes.water, _LINES | _POLYGONS),
        "rail": (asked.rail, classes.rail, _LINES),
        "compounds": (asked.compounds, None, _POLYGONS),
    }
    given = {what: (file, table, kinds) for what, (file, table, kinds) in files.items() if file is not None}
    found = {}
    for what in progress(list(given), label="files"):
        file, table, kinds = given[what]
        found[what] = read_lines(file, what, kinds, table, classes.levels, near)
    return found


def _build(
    parents: Geometries, drawn: dict[str, DrawnLines], tolerances: BlockTolerances, progress: Progress
) -> BuiltBlocks:
    cutting = [drawn[what] for what in ("streets", "water", "rail") if what in drawn]
    geometries = np.concatenate([lines.geometries for lines in cutting])
    edge_class = np.concatenate([lines.edge_class for lines in cutting])
    level = np.concatenate([lines.level for lines in cutting])
    is_body = shapely.get_dimensions(geometries) == 2
    return build_blocks(
        parents,
        geometries[~is_body],
        edge_class[~is_body],
        line_level=level[~is_body],
        water=geometries[is_body],
        compounds=drawn["compounds"].geometries if "compounds" in drawn else None,
        tolerances=tolerances,
        progress=progress,
    )


def _names(built: BuiltBlocks, drawn: dict[str, DrawnLines]) -> Texts:
    """Return what lies along each border is called; None where nobody says."""
    cutting = [drawn[what] for what in ("streets", "water", "rail") if what in drawn]
    names = np.concatenate([lines.names for lines in cutting])
    is_named = names != None  # noqa: E711  element by element
    known, label = np.unique(names[is_named].astype(str), return_inverse=True)
    shapes = np.concatenate([lines.geometries for lines in cutting])[is_named]
    is_body = shapely.get_dimensions(shapes) == 2
    shapes[is_body] = shapely.boundary(shapes[is_body])
    found = labels_along(built.edges, shapes, label, tolerance=_BESIDE_DEG)
    called: Texts = np.full(len(known) + 1, None, dtype=object)
    called[:-1] = known
    named: Texts = called[found]  # −1 is the last
    return named


def _table(built: BuiltBlocks, parents: AreaTable, working: CoordinateSystem, prefix: str) -> BlockTable:
    count = len(built)
    codes: Texts = np.empty(count, dtype=object)
    above = parents.codes[built.parent]
    codes[:] = [f"{prefix}{code}-{key}" for code, key in zip(above, built.key, strict=True)]
    land_use: Texts = np.full(count, None, dtype=object)
    land_use[built.is_water] = WATER_LAND_USE
    return BlockTable(
        codes=codes,
        geometries=built.geometries,
        area_m2=areas_m2(built.geometries, working),
        population=np.zeros(count, dtype=np.int64),
        households=np.zeros(count, dtype=np.int64),
        land_use=land_use,
        attributes=[{"parent_code": code} for code in above],
        ids=np.zeros(0, dtype=np.int64),
    )


def _report(
    asked: BlockBuild,
    plan: StoredPlan,
    scope_code: str,
    classes: StreetClasses,
    drawn: dict[str, DrawnLines],
    parents: AreaTable,
    built: BuiltBlocks,
    table: BlockTable,
    working: CoordinateSystem,
    done: Replaced,
) -> BlocksBuilt:
    largest = int(np.argmax(table.area_m2))
    return BlocksBuilt(
        plan=plan.name,
        layer=plan.layer,
        scope_code=scope_code,
        street_classes=classes.name,
        files=tuple(lines.read for lines in drawn.values()),
        parents=len(parents),
        blocks=len(table),
        area_m2=float(table.area_m2.sum()),
        median_area_m2=float(np.median(table.area_m2)),
        largest_area_m2=float(table.area_m2[largest]),
        largest_code=str(table.codes[largest]),
        missing_m2=float(areas_m2(parents.geometries, working).sum() - table.area_m2.sum()),
        done=built.report,
        borders=borders_by_class(built.edges, built.edge_class, working),
        inserted=done.inserted,
        updated=done.updated,
        unchanged=done.unchanged,
        deleted=done.deleted,
        working_crs=working.name,
        dry_run=asked.dry_run,
        out=None if asked.out is None else str(asked.out),
    )
