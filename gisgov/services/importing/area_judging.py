"""From the rows of a file to areas that are ready to be stored: read, judged together, settled."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import shapely
import sqlalchemy as sa

from gisgov.errors import InputError
from gisgov.files.vectors import VectorSource
from gisgov.geometry.crs import CoordinateSystem, working_crs
from gisgov.geometry.measures import areas_m2
from gisgov.geometry.snap import snap
from gisgov.governance.codes import CodeScheme, number_areas
from gisgov.services.importing.area_geometry import geometry_faults
from gisgov.services.importing.area_parents import FoundParents, ParentBy
from gisgov.services.importing.area_rows import AreaFields, prepare_areas
from gisgov.services.importing.area_targets import AreaTarget
from gisgov.services.importing.repeated_rows import SeenRows, judge_repeats
from gisgov.services.importing.row_problems import ProblemKind, RowProblem
from gisgov.store import waiting
from gisgov.store.geometry_columns import multipolygons
from gisgov.store.imports import codes_of_layer
from gisgov.types import Floats, Geometries, Ints, Progress, Texts

_DEGREE_M = 111_320.0


@dataclass(slots=True)
class Judgement:
    """What is known so far about the rows of a file."""

    rows_read: int = 0
    merged: int = 0
    numbered: int = 0
    areas: int = 0
    area_m2: float = 0.0
    problems: list[RowProblem] = field(default_factory=list)
    notes: list[RowProblem] = field(default_factory=list)

    def bad_rows(self) -> set[int]:
        """Return the numbers of the rows that have problems."""
        return {problem.row for problem in self.problems}


@dataclass(slots=True)
class _Settled:
    """Rows that passed, gathered without their geometry."""

    rows: list[Ints] = field(default_factory=list)
    codes: list[Texts] = field(default_factory=list)
    parents: list[tuple[str, ...]] = field(default_factory=list)
    area_m2: list[Floats] = field(default_factory=list)
    place: list[Floats] = field(default_factory=list)


def read_rows(
    connection: sa.Connection,
    source: VectorSource,
    fields: AreaFields,
    system: CoordinateSystem,
    target: AreaTarget,
    *,
    merge_parts: bool,
    progress: Progress,
) -> Judgement:
    """Read a file, let its sound rows wait, and judge those that share a code.

    Parameters
    ----------
    connection : sqlalchemy.Connection
        Inside a transaction, whose waiting tables are filled.
    source : VectorSource
        The open file.
    fields : AreaFields
        Named as the file names them.
    system : CoordinateSystem
        What its coordinates are in.
    target : AreaTarget
        Where the areas go.
    merge_parts : bool
        Whether rows of one code and name are joined.
    progress : Progress
        Told of each batch.
    """
    judgement, seen = Judgement(), SeenRows()
    waiting.stage_areas(connection)
    near, near_what = target.near()
    for batch in progress(source.batches(), label="reading rows"):
        ready = prepare_areas(batch, fields, system, scheme=target.scheme, near=near, near_what=near_what)
        areas = ready.areas
        waiting.add_waiting(
            connection,
            areas.rows,
            areas.codes,
            areas.names,
            areas.parents,
            areas.geometries,
            areas.population,
            areas.households,
            areas.attributes,
        )
        seen.add(batch.rows.tolist(), ready.codes)
        seen.add_sound(areas.rows.tolist(), areas.codes, areas.names, areas.digests)
        judgement.problems += ready.problems
        judgement.notes += ready.notes
        judgement.rows_read += len(batch.rows)
    repeats = judge_repeats(seen, merge_parts=merge_parts)
    judgement.problems += repeats.problems
    for code, rows in repeats.parts.items():
        _merge(connection, judgement, code, rows)
    waiting.drop_waiting(connection, judgement.bad_rows())
    return judgement


def _merge(connection: sa.Connection, judgement: Judgement, code: str, rows: list[int]) -> None:
    joined = snap(np.array([shapely.union_all(waiting.waiting_geometries(connection, rows))], dtype=object))
    faults = geometry_faults(joined, when_snapped=True)
    if not faults.is_sound[0]:
        words = f"cannot be joined with the other rows of its code: {faults.message[0]}"
        problems = [RowProblem(row, code, str(ProblemKind.SEVERAL_ROWS), words) for row in rows]
        judgement.problems += problems
        return
    waiting.replace_ground(connection, rows[0], multipolygons(joined)[0])
    waiting.drop_waiting(connection, rows[1:])
    judgement.merged += len(rows) - 1
    others = ", ".join(map(str, rows[1:]))
    judgement.notes.append(
        RowProblem(rows[0], code, str(ProblemKind.JOINED_PARTS), f"is joined with row {others} of its code")
    )


def working_system(connection: sa.Connection, target: AreaTarget, configured: str | None) -> CoordinateSystem:
    """Choose the plane that waiting areas are measured in: by the centre of the scope, else by their own."""
    box = waiting.waiting_extent(connection) if target.scope.bbox is None else target.scope.bbox
    west, south, east, north = box if box is not None else (0.0, 0.0, 0.0, 0.0)
    return working_crs((west + east) / 2, (south + north) / 2, configured)


def settle_rows(
    connection: sa.Connection,
    target: AreaTarget,
    judgement: Judgement,
    *,
    working: CoordinateSystem,
    parent_by: ParentBy,
    parents_as_given: bool = False,
    progress: Progress,
) -> None:
    """Find parents, measure and number the waiting rows; drop those without a parent, with a problem noted.

    Raises
    ------
    InputError
        Areas cannot be numbered: a parent's code does not fit the scheme, or its numbers run out.
    """
    finder = target.parent_finder(parent_by, as_given=parents_as_given)
    if target.plan is not None:
        waiting.adopt_codes(connection, target.plan.id)
    settled = _Settled()
    dropped: set[int] = set()
    for batch in progress(waiting.waiting_rows(connection), label="finding parents"):
        found = finder.find(batch.codes, batch.said_parents, batch.geometries)
        kept = np.flatnonzero([fault is None for fault in found.faults])
        dropped |= _note(judgement, batch, found)
        settled.rows.append(batch.rows[kept])
        settled.codes.append(batch.codes[kept])
        settled.parents += [found.codes[i] for i in kept]
        settled.area_m2.append(areas_m2(batch.geometries[kept], working))
        settled.place.append(_places(batch.geometries, batch.codes, kept))
    waiting.drop_waiting(connection, dropped)
    if not settled.rows:
        return
    rows, codes = np.concatenate(settled.rows), np.concatenate(settled.codes)
    area_m2, place = np.concatenate(settled.area_m2), np.concatenate(settled.place)
    faults = _number(connection, target, codes, settled.parents, place, area_m2)
    for i in np.flatnonzero([fault is not None for fault in faults]):
        lon, lat = np.round(place[i], 7).tolist()
        kind = str(ProblemKind.CANNOT_BE_NUMBERED)
        judgement.problems.append(RowProblem(int(rows[i]), None, kind, faults[i], lon, lat))
    kept = np.flatnonzero([fault is None for fault in faults])
    waiting.drop_waiting(connection, judgement.bad_rows())
    judgement.numbered = int(np.isfinite(place[kept, 0]).sum())
    judgement.areas, judgement.area_m2 = len(kept), float(area_m2[kept].sum())
    parents = [settled.parents[i] for i in kept]
    waiting.settle_waiting(connection, rows[kept], codes[kept], parents, area_m2[kept])
    waiting.take_settled(connection)


def _note(judgement: Judgement, batch: waiting.WaitingRows, found: FoundParents) -> set[int]:
    """Note faults and oddities of parents; return the rows that are at fault."""
    told = [i for i in range(len(batch.rows)) if found.faults[i] or found.oddities[i]]
    on = np.round(shapely.get_coordinates(shapely.point_on_surface(batch.geometries[told])), 7)
    dropped: set[int] = set()
    for i, (lon, lat) in zip(told, on.tolist(), strict=True):
        row, code, fault = int(batch.rows[i]), batch.codes[i], found.faults[i]
        if fault is not None:
            dropped.add(row)
            kind = ProblemKind.MISSING_PARENT
            judgement.problems.append(RowProblem(row, code, str(kind), fault, lon, lat))
        else:
            kind = ProblemKind.PARENT_ELSEWHERE
            judgement.notes.append(RowProblem(row, code, str(kind), found.oddities[i], lon, lat))
    return dropped


def _places(geometries: Geometries, codes: Texts, kept: Ints) -> Floats:
    """Return a point in each kept area that has no code yet, NaN for the others; shape (n, 2)."""
    places = np.full((len(kept), 2), np.nan)
    bare = np.flatnonzero([codes[i] is None for i in kept])
    places[bare] = shapely.get_coordinates(shapely.point_on_surface(geometries[kept[bare]]))
    return places


def _number(
    connection: sa.Connection,
    target: AreaTarget,
    codes: Texts,
    parents: list[tuple[str, ...]],
    place: Floats,
    area_m2: Floats,
) -> Texts:
    """Give codes to the areas that have none, in place; return why one cannot have any, or None."""
    faults = np.full(len(codes), None, dtype=object)
    bare = np.flatnonzero([code is None for code in codes])
    if not bare.size or target.scheme is None:
        return faults
    # an area of several parents is numbered in the first
    above = np.array([parents[i][0] if parents[i] else "" for i in bare], dtype=object)
    unfit = {parent: _unfit(target.scheme, parent) for parent in set(above)}
    faults[bare] = [unfit[parent] for parent in above]
    fit = np.flatnonzero([unfit[parent] is None for parent in above])
    new = bare[fit]
    if new.size:
        taken = [*codes_of_layer(connection, target.layer.id), *(code for code in codes if code is not None)]
        row_height = float(np.sqrt(area_m2[new].mean())) / _DEGREE_M
        x, y = place[new].T
        codes[new] = number_areas(target.scheme, above[fit], x, y, taken=taken, row_height=row_height)
    return faults


def _unfit(scheme: CodeScheme, parent: str) -> str | None:
    """Say why no area of a parent can be numbered; None where it can."""
    if not parent:
        return "cannot be numbered: no area above it is known"
    try:
        number_areas(scheme, [parent], [0.0], [0.0])
    except InputError as error:
        return f"cannot be numbered in {parent}: {error.message[0].lower()}{error.message[1:]}".rstrip(".")
    return None
