"""Use case: bring the areas of a file into a draft plan.

The file is read once, in batches. Each row is judged by itself, and the sound ones wait in a table of the
transaction; then those that share a code are judged, parents are found, areas without a code are numbered,
and what is left is compared with the plan. It is one transaction: what goes wrong leaves nothing behind.
"""

from __future__ import annotations

from collections import Counter

import sqlalchemy as sa

from gisgov.errors import FileError, RowsRefused
from gisgov.files.crs_choice import choose_crs, refuse_without_crs
from gisgov.files.vectors import VectorSource, open_vectors
from gisgov.geometry.crs import CoordinateSystem, parse_crs
from gisgov.services.access import require_scope
from gisgov.services.exchange.fields import ATTRIBUTES
from gisgov.services.exchange.plans_in import blocks_given, exchanged
from gisgov.services.importing.area_judging import Judgement, read_rows, settle_rows, working_system
from gisgov.services.importing.area_parents import ParentBy
from gisgov.services.importing.area_report import AreaImport, AreaImportReport, ProblemCount
from gisgov.services.importing.area_rows import AreaFields
from gisgov.services.importing.area_storing import store_waiting
from gisgov.services.importing.area_targets import find_target
from gisgov.services.importing.rejects import problems_by_row, rejects_place, write_vector_rejects
from gisgov.services.importing.row_problems import ProblemKind, sorted_problems
from gisgov.store.database import Database
from gisgov.types import Progress, silent

__all__ = ["AreaImport", "AreaImportReport", "import_areas"]

_CRS_KINDS = frozenset({ProblemKind.OUT_OF_RANGE, ProblemKind.SWAPPED_AXES})


def import_areas(database: Database, request: AreaImport, *, progress: Progress = silent) -> AreaImportReport:
    """Import the areas of a file into a draft plan.

    Parameters
    ----------
    database : Database
        Where to.
    request : AreaImport
        What is asked for.
    progress : Progress
        Told of batches read and checked.

    Returns
    -------
    AreaImportReport
        Rows with problems are named and written to the rejects file; the others are imported. A second
        import of the same file finds all of them unchanged.

    Raises
    ------
    NotFoundError
        There is no such layer, parent plan or scope.
    CrsError
        The coordinate system is not known, or what was declared contradicts the file.
    FileError
        The file cannot be read, or the rejects cannot be written.
    InputError
        A field is missing, or the areas cannot be numbered.
    RowsRefused
        No row can be imported, or rows have problems and ``strict`` was asked for.
    NameTaken
        A plan of that name exists with other content.
    PlanPublished
        A plan of that name exists and is no draft any more, and the file would change it.
    DatabaseUnavailable
        The database went away; nothing is imported.
    """
    refuse_without_crs(request.crs, request.path)
    with open_vectors(request.path, layer=request.file_layer) as source:
        system = choose_crs(request.crs, source.crs, name=request.path.name)
        request = exchanged(request, source.fields)
        fields = AreaFields(
            request.code_field,
            request.name_field,
            request.parent_field,
            request.population_field,
            request.households_field,
            ATTRIBUTES if request.exchanged else None,
        ).found_in(source.fields, request.path.name)
        with database.begin() as connection:
            report = _import(connection, request, source, fields, system, progress)
            if request.dry_run:
                connection.rollback()
    return report


def _import(
    connection: sa.Connection,
    request: AreaImport,
    source: VectorSource,
    fields: AreaFields,
    system: CoordinateSystem,
    progress: Progress,
) -> AreaImportReport:
    target = find_target(connection, request)
    require_scope(connection, "plans.draft", target.plan.scope_code if target.plan else target.scope.code)
    judgement = read_rows(
        connection, source, fields, system, target, merge_parts=request.merge_parts, progress=progress
    )
    if judgement.rows_read == 0:
        raise FileError(f"Layer {source.layer!r} of {request.path.name} holds no rows.")
    if len(judgement.bad_rows()) == judgement.rows_read:
        _refuse(request, judgement)
    plan = target.plan
    working = (
        working_system(connection, target, request.working_crs)
        if plan is None
        else parse_crs(plan.working_crs)
    )
    settle_rows(
        connection,
        target,
        judgement,
        working=working,
        parent_by=ParentBy(request.parent_by),
        parents_as_given=request.exchanged,
        progress=progress,
    )
    if judgement.areas == 0 or (request.strict and judgement.problems):
        _refuse(request, judgement)
    compared = store_waiting(connection, request, source, target, judgement, system, working)
    given = blocks_given(connection, request, source, target.name) if compared.new else None
    return AreaImportReport(
        file=request.path.name,
        file_layer=source.layer,
        layer=target.layer.name,
        plan=target.name,
        status="not stored" if request.dry_run else plan.status if plan else "draft",
        crs=system.name,
        working_crs=working.name,
        parents_in=target.parents_in,
        rows_read=judgement.rows_read,
        imported=compared.new,
        unchanged=compared.unchanged,
        merged=judgement.merged,
        rejected=len(judgement.bad_rows()),
        numbered=judgement.numbered,
        areas=judgement.areas,
        area_m2=round(judgement.area_m2, 1),
        problems=sorted_problems(judgement.problems),
        problem_counts=_counts(judgement),
        notes=sorted_problems(judgement.notes),
        rejects_path=_write_rejects(request, judgement),
        blocks=None if given is None else given.blocks,
        blocks_left=None if given is None else given.left_because,
    )


def _refuse(request: AreaImport, judgement: Judgement) -> None:
    """Refuse the file, having written its rejects.

    Raises
    ------
    RowsRefused
        Always.
    """
    place = _write_rejects(request, judgement)
    bad, first = len(judgement.bad_rows()), sorted_problems(judgement.problems)[0]
    counts = ", ".join(f"{count.count} {count.kind}" for count in _counts(judgement))
    some = "None" if bad == judgement.rows_read else f"{bad}"
    verdict = "can be imported" if some == "None" else "have problems, so nothing was imported"
    hint = f"All are in {place}." if place else None
    if all(problem.kind in _CRS_KINDS for problem in judgement.problems):
        hint = f"Is --crs right? {hint or ''}".strip()
    raise RowsRefused(
        f"{some} of the {judgement.rows_read} rows of {request.path.name} {verdict} ({counts}); {first}.",
        hint=hint,
    )


def _counts(judgement: Judgement) -> tuple[ProblemCount, ...]:
    counts = Counter(problem.kind for problem in judgement.problems)
    return tuple(ProblemCount(kind, count) for kind, count in sorted(counts.items()))


def _write_rejects(request: AreaImport, judgement: Judgement) -> str | None:
    if not judgement.problems or (request.dry_run and request.rejects_path is None):
        return None
    place = rejects_place(request.path, request.rejects_path, request.layer, suffix=".gpkg")
    words = problems_by_row(judgement.problems)
    write_vector_rejects(request.path, request.file_layer, words, place)
    return str(place)
