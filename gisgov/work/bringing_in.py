"""What all imports done as jobs share: where rows go, errors without folders, the report and the rejects."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace
from pathlib import Path
from typing import Any, Final, TypeAlias, TypeVar

from pydantic import TypeAdapter

from gisgov.errors import GisgovError, InputError, RowsRefused
from gisgov.files.tables import read_plain_table
from gisgov.services.access import admit
from gisgov.services.exchange.assignments_in import AssignmentsImportReport
from gisgov.services.importing.area_report import AreaImportReport
from gisgov.services.importing.point_report import PointImportReport
from gisgov.services.importing.staff import StaffImportReport
from gisgov.services.place_imports import PlacesImport, PlacesImportReport
from gisgov.services.registers.category_report import CategoriesImport, CategoriesImportReport
from gisgov.services.registers.department_import import DepartmentsImport, DepartmentsImportReport
from gisgov.store.database import Database
from gisgov.types import Json
from gisgov.work.attempt import Work
from gisgov.work.given_files import given_file

REPORT: Final = "report.json"
ORPHANS: Final = "orphans.csv"

AnyReport: TypeAlias = (
    AreaImportReport
    | PointImportReport
    | StaffImportReport
    | AssignmentsImportReport
    | CategoriesImportReport
    | DepartmentsImportReport
    | PlacesImportReport
)
Report = TypeVar("Report", bound=AnyReport)
Register = TypeVar("Register", CategoriesImport, DepartmentsImport, PlacesImport)


def admit_again(work: Work, operation: str) -> None:
    """Refuse what whoever asked has lost the right to meanwhile.

    Raises
    ------
    NotAllowed
        That is so.
    """
    actor = work.database.actor
    if actor is not None:
        admit(actor, operation)


def into(work: Work) -> Database:
    """Return where rows go: a dry run takes back its own transaction, which is not that of the job."""
    return work.database if work.job.parameters["request"].get("dry_run") else work.final


def known(request: type[Any], asked: dict[str, Any]) -> dict[str, Any]:
    """Return what was asked in the words of a request, but for what is made of files and the place."""
    own = {"path", "day", "timezone", "fields", "scope", "scope_is_code", "code_field", "rejects_path"}
    return {one.name: asked[one.name] for one in fields(request) if one.name in asked and one.name not in own}


def file_of(work: Work) -> Path:
    """Return the file that came with a job.

    Raises
    ------
    InputError
        It has none.
    """
    path = given_file(work, "file")
    if path is None:
        raise InputError("The job has no file.", field="file")
    return path


def done(work: Work, bring_in: Callable[[], Report]) -> Report:
    """Bring in; errors name files as they were given, and no folder.

    Raises
    ------
    GisgovError
        It cannot be brought in.
    """
    try:
        return bring_in()
    except GisgovError as error:
        if isinstance(error, RowsRefused):
            _log_rejects(work)
        error.message, error.hint = (_bare(work, text) for text in (error.message, error.hint))  # type: ignore[assignment]
        raise


def _bare(work: Work, text: str | None) -> str | None:
    if text is None:
        return None
    rejects = [path.name for path in work.results.iterdir()]
    for folder in (work.results, work.scratch, work.inputs):
        text = text.replace(f"{folder}/", "")
    for name in rejects:  # of a job that failed nothing is kept but its log
        text = text.replace(f"All are in {name}.", "All are in the log of the job.")
    return text


def _log_rejects(work: Work) -> None:
    for path in sorted(work.results.glob("*.rejects.csv")):
        table = read_plain_table(path).columns
        for row, told in zip(
            *(table.column(name).to_pylist() for name in table.column_names[-2:]), strict=True
        ):
            work.log(f"Row {row}: {told}.")


def write_report(work: Work, report: AnyReport) -> None:
    """Write the report; files that nothing went into are no results."""
    orphans = work.results / ORPHANS
    if isinstance(report, PointImportReport) and not report.orphans:
        orphans.unlink(missing_ok=True)
        report = replace(report, orphans_path=None)
    paths: dict[str, Any] = {
        name: Path(getattr(report, name)).name
        for name in ("rejects_path", "orphans_path")
        if getattr(report, name, None) is not None
    }
    told: Any = replace(report, **paths)
    (work.results / REPORT).write_bytes(TypeAdapter(type(told)).dump_json(told, indent=2))
    work.log(f"{told.rows_read:,} rows read, {_taken(told)}, {told.rejected:,} rejected.")


def _taken(told: AnyReport) -> str:
    if isinstance(told, AssignmentsImportReport):
        return f"{told.moved:,} blocks moved"
    return f"{told.imported if isinstance(told, AreaImportReport) else told.inserted:,} new"


def columns_of(asked: Json) -> dict[str, str]:
    """Return the columns that were named, by what they hold."""
    return {name.removesuffix("_field"): given for name, given in asked.items() if name.endswith("_field")}


def named_source(work: Work, request: Register) -> Register:
    """Return an import whose source is the file as it was given, where nobody names another."""
    return replace(request, source=request.source or Path(work.job.title).stem)
