"""Use case: give the blocks of a draft to the areas that a file says, as one operation of its log."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from gisgov.errors import RowsRefused
from gisgov.governance.redivision_policy import RedivisionPolicy
from gisgov.services.editing.editing import edit_draft
from gisgov.services.editing.open_draft import OpenDraft, open_draft
from gisgov.services.editing.operations import ImportAssignments
from gisgov.services.editing.preparing import prepare
from gisgov.services.editing.reports import EditReport
from gisgov.services.exchange.assigning import faults_of_new
from gisgov.services.exchange.assignment_rows import AssignmentRows, read_assignments
from gisgov.services.importing.rejects import problems_by_row, rejects_place, write_table_rejects
from gisgov.services.importing.row_problems import ProblemKind, RowProblem, sorted_problems
from gisgov.store.acting import as_owner
from gisgov.store.blocks import all_assignments_of_plan
from gisgov.store.database import Database
from gisgov.store.drafts import areas_by_code
from gisgov.types import Progress, silent


@dataclass(frozen=True, slots=True)
class AssignmentsImport:
    """An import of assignments on to a draft.

    Attributes
    ----------
    path : pathlib.Path
        CSV, Excel or Parquet: one row per block.
    plan : str
        The draft.
    block_field, area_field : str or None
        Columns; by default those with usual names, else the first two.
    sheet : str or None
        Sheet of a workbook; needed when it has several.
    others : {"stay", "unassigned"}
        What becomes of blocks that the file does not name.
    seen : int or None
        Revision of the draft that whoever asks has seen; None takes it as it is.
    strict : bool
        Change nothing when any row has a problem.
    dry_run : bool
        Say what would be done, and change nothing.
    rejects_path : pathlib.Path or None
        Where rejected rows are written.
    """

    path: Path
    plan: str
    block_field: str | None = None
    area_field: str | None = None
    sheet: str | None = None
    others: Literal["stay", "unassigned"] = "stay"
    seen: int | None = None
    strict: bool = False
    dry_run: bool = False
    rejects_path: Path | None = None


@dataclass(frozen=True, slots=True)
class AssignmentsImportReport:
    """What an import of assignments did.

    Attributes
    ----------
    file, plan : str
        What was read, and where it went.
    has_header : bool
        Whether the first row was taken for one.
    rows_read, rejected : int
        Rows of the file, and those that were not taken.
    named : int
        Blocks that the file names.
    moved : int
        Blocks that are in another area than before.
    unnamed : int
        Blocks of the draft that the file does not name.
    new_areas : tuple of str
        Areas that the draft lacked and that were made.
    problems : tuple of RowProblem
        Why rows were rejected, by row.
    notes : tuple of RowProblem
        What is odd about rows that were taken: the area is new.
    rejects_path : str or None
        Where the rejected rows were written.
    edit : EditReport or None
        What the operation did; None where nothing was to be changed.
    """

    file: str
    plan: str
    has_header: bool
    rows_read: int
    rejected: int
    named: int
    moved: int
    unnamed: int
    new_areas: tuple[str, ...]
    problems: tuple[RowProblem, ...]
    notes: tuple[RowProblem, ...]
    rejects_path: str | None
    edit: EditReport | None


@dataclass(frozen=True, slots=True, eq=False)
class _Judged:
    """Rows that were judged against a draft: the area of each block, and what is wrong and odd."""

    draft: OpenDraft
    rows: AssignmentRows
    area_of: dict[str, str | None]
    before: dict[str, str | None]
    new: tuple[str, ...]
    problems: tuple[RowProblem, ...]
    notes: tuple[RowProblem, ...]


def import_assignments(
    database: Database,
    request: AssignmentsImport,
    *,
    today: date,
    timezone: ZoneInfo,
    policy: RedivisionPolicy | None = None,
    progress: Progress = silent,
) -> AssignmentsImportReport:
    """Give blocks to areas as a file says, and make the areas that the draft lacks.

    Rows with problems are named and written to a file; the others are taken, all in one operation that can
    be undone. A second import of the same file changes nothing.

    Raises
    ------
    NotFoundError
        There is no such plan.
    PlanPublished
        It is no draft.
    DraftChanged
        It was changed since ``seen``.
    FileError
        The file cannot be read, or the rejects cannot be written.
    InputError
        There is no such column.
    RowsRefused
        No row can be taken, or rows have problems and ``strict`` was asked for.
    """
    with database.begin() as connection:
        judged = _judge(connection, request, today, timezone)
    rejects = _write_rejects(request, judged)
    bad = len({problem.row for problem in judged.problems})
    read = len(judged.rows.numbers)
    if bad == read or (request.strict and bad):
        raise RowsRefused(
            f"{bad} of the {read} rows of {request.path.name} cannot be taken,"
            f" so nothing was changed; {judged.problems[0]}.",
            hint=f"All are in {rejects}." if rejects else None,
        )
    moved = _moved(judged, request.others)
    edit = None
    if moved and not request.dry_run:
        operation = ImportAssignments(judged.area_of, request.others, request.path.name)
        seen = judged.draft.revision if request.seen is None else request.seen
        edit = edit_draft(
            database,
            request.plan,
            operation,
            seen=seen,
            today=today,
            timezone=timezone,
            policy=policy,
            progress=progress,
        )
    return AssignmentsImportReport(
        file=request.path.name,
        plan=request.plan,
        has_header=judged.rows.has_header,
        rows_read=read,
        rejected=bad,
        named=len(judged.area_of),
        moved=moved,
        unnamed=len(judged.before) - len(judged.area_of),
        new_areas=judged.new,
        problems=judged.problems,
        notes=judged.notes,
        rejects_path=rejects,
        edit=edit,
    )


def _judge(connection: sa.Connection, request: AssignmentsImport, today: date, timezone: ZoneInfo) -> _Judged:
    draft = open_draft(connection, request.plan, today=today, timezone=timezone)
    with as_owner(connection):
        prepare(connection, draft)  # a draft of plain polygons gets its blocks
    before = all_assignments_of_plan(connection, draft.id)
    rows = read_assignments(
        request.path,
        before,
        block_field=request.block_field,
        area_field=request.area_field,
        sheet=request.sheet,
    )
    places: dict[str, list[int]] = defaultdict(list)
    problems = [*rows.problems]
    at_fault = {problem.row for problem in problems}
    for i, (number, block) in enumerate(zip(rows.numbers.tolist(), rows.blocks, strict=True)):
        if number in at_fault:
            continue
        if block is None:
            problems.append(RowProblem(number, None, str(ProblemKind.MISSING_CODE), "names no block"))
        elif block not in before:
            words = f"names block {block!r}, which the draft is not made of"
            problems.append(RowProblem(number, block, str(ProblemKind.UNKNOWN_BLOCK), words))
        else:
            places[block].append(i)
    problems += _doubled(rows, places)
    area_of = {block: rows.areas[where[0]] for block, where in places.items()}
    known = areas_by_code(connection, draft.id)
    unknown = {block: area for block, area in area_of.items() if area is not None and area not in known}
    faults = faults_of_new(connection, draft, unknown)
    notes = []
    for block, area in unknown.items():
        number = int(rows.numbers[places[block][0]])
        if area in faults:
            words = f"names area {area!r}, which cannot be made: {str(faults[area].message).rstrip('.')}"
            problems.append(RowProblem(number, block, str(ProblemKind.UNKNOWN_AREA), words))
            del area_of[block]
        else:
            words = f"names area {area!r}, which the draft lacks and which is made"
            notes.append(RowProblem(number, block, str(ProblemKind.NEW_AREA), words))
    new = tuple(sorted({str(area) for area in unknown.values()} - set(faults)))
    return _Judged(draft, rows, area_of, before, new, sorted_problems(problems), sorted_problems(notes))


def _doubled(rows: AssignmentRows, places: dict[str, list[int]]) -> list[RowProblem]:
    """Take blocks that several rows name out of the places; return what is wrong with these rows."""
    problems = []
    for block in [block for block, where in places.items() if len(where) > 1]:
        numbers = [int(rows.numbers[i]) for i in places.pop(block)]
        for number in numbers:
            others = ", ".join(str(one) for one in numbers if one != number)
            words = f"names block {block!r}, which row {others} names too"
            problems.append(RowProblem(number, block, str(ProblemKind.DUPLICATE_CODE), words))
    return problems


def _moved(judged: _Judged, others: str) -> int:
    named = sum(judged.before[block] != area for block, area in judged.area_of.items())
    if others == "stay":
        return named
    rest = (area for block, area in judged.before.items() if block not in judged.area_of)
    return named + sum(area is not None for area in rest)


def _write_rejects(request: AssignmentsImport, judged: _Judged) -> str | None:
    if not judged.problems or (request.dry_run and request.rejects_path is None):
        return None
    place = rejects_place(request.path, request.rejects_path, "assignments", suffix=".csv")
    words = problems_by_row(judged.problems)
    write_table_rejects(judged.rows.columns, judged.rows.numbers, words, place)
    return str(place)
