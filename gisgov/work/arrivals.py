"""Imports, done as jobs: the rows go in with the end of the job, the report and the rejects are its files."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace
from datetime import date
from pathlib import Path
from typing import Any, Final, TypeAlias, TypeVar

from pydantic import TypeAdapter

from fixtures.shipped import redivision_policy
from gisgov.errors import GisgovError, InputError, RowsRefused
from gisgov.files.tables import read_plain_table
from gisgov.services.access import admit
from gisgov.services.days import local_day
from gisgov.services.exchange.assignments_in import (
    AssignmentsImport,
    AssignmentsImportReport,
    import_assignments,
)
from gisgov.services.importing.area_report import AreaImport, AreaImportReport
from gisgov.services.importing.areas import import_areas
from gisgov.services.importing.point_report import PointImport, PointImportReport
from gisgov.services.importing.points import import_buildings, import_events
from gisgov.services.importing.staff import StaffImport, StaffImportReport, import_staff
from gisgov.services.publishing import publish_plan
from gisgov.services.registers.category_import import import_categories
from gisgov.services.registers.category_report import Absent, CategoriesImport, CategoriesImportReport
from gisgov.services.registers.department_import import (
    DepartmentsImport,
    DepartmentsImportReport,
    import_departments,
)
from gisgov.store.database import Database
from gisgov.types import Json
from gisgov.work.attempt import Work
from gisgov.work.given_files import given_file

AREAS, EVENTS, BUILDINGS, STAFF = "import_areas", "import_events", "import_buildings", "import_staff"
CATEGORIES, DEPARTMENTS = "import_categories", "import_departments"
ASSIGNMENTS: Final = "import_assignments"
"""Kinds of jobs that bring files in."""

REPORT: Final = "report.json"
ORPHANS: Final = "orphans.csv"

AnyReport: TypeAlias = (
    AreaImportReport
    | PointImportReport
    | StaffImportReport
    | AssignmentsImportReport
    | CategoriesImportReport
    | DepartmentsImportReport
)
Report = TypeVar("Report", bound=AnyReport)
Register = TypeVar("Register", CategoriesImport, DepartmentsImport)


def do_import_areas(work: Work) -> None:
    """Bring areas into a draft; publish it in the same transaction if that is asked for."""
    admit_again(work, "POST /v1/imports/areas")
    asked = dict(work.job.parameters["request"])
    publish, reason = asked.pop("publish", False), asked.pop("accept_defects", None)
    since = asked.pop("valid_from", None)
    first = None if since is None else date.fromisoformat(since)
    scope = given_file(work, "scope")
    request = AreaImport(
        **_known(AreaImport, asked),
        path=_file(work),
        day=first or local_day(None, work.order.zone),
        scope=str(scope) if scope is not None else asked.get("scope"),
        scope_is_code=scope is None,
        code_field=tuple(asked.get("code_field", ())),
        rejects_path=work.results,
        working_crs=work.order.working_crs,
    )
    report = _done(work, lambda: import_areas(_into(work), request, progress=work.progress))
    if publish and first is not None:
        report = _published(work, report, first, reason)
    _write(work, report)


def _published(work: Work, report: AreaImportReport, first: date, reason: str | None) -> AreaImportReport:
    if report.rejected and reason is None:
        raise InputError(
            f"{report.rejected} rows were rejected, so the plan is not published, and nothing was imported.",
            hint="Mend them, or say --accept-defects.",
            field="publish",
        )
    if report.status != "draft":
        work.log(f"Plan {report.plan} is {report.status} already.")
        return report
    done = publish_plan(
        work.final,
        report.plan,
        valid_from=first,
        accept_defects=reason,
        keep_codes=True,  # others decided on them
        timezone=work.order.zone,
        progress=work.progress,
    )
    return replace(report, status=done.plan.status, publication=done)


def do_import_events(work: Work) -> None:
    """Bring events in."""
    admit_again(work, "POST /v1/imports/events")
    _import_points(work, import_events)


def do_import_buildings(work: Work) -> None:
    """Bring buildings in."""
    admit_again(work, "POST /v1/imports/buildings")
    _import_points(work, import_buildings)


def _import_points(work: Work, bring_in: Callable[..., PointImportReport]) -> None:
    asked = work.job.parameters["request"]
    known = _known(PointImport, asked)
    request = PointImport(
        **known,
        path=_file(work),
        timezone=work.order.zone,
        day=local_day(None, work.order.zone),
        fields={
            name.removesuffix("_field"): column
            for name, column in asked.items()
            if name.endswith("_field") and name not in known
        },
        rejects_path=work.results,
        orphans_path=work.results / ORPHANS,
    )
    _write(work, _done(work, lambda: bring_in(_into(work), request, progress=work.progress)))


def do_import_staff(work: Work) -> None:
    """Bring staff posts in."""
    admit_again(work, "POST /v1/imports/staff")
    request = StaffImport(
        **_known(StaffImport, work.job.parameters["request"]), path=_file(work), rejects_path=work.results
    )
    _write(work, _done(work, lambda: import_staff(_into(work), request, progress=work.progress)))


def do_import_categories(work: Work) -> None:
    """Propose items of the register."""
    admit_again(work, "POST /v1/imports/categories")
    asked = work.job.parameters["request"]
    request = CategoriesImport(
        **{**_known(CategoriesImport, asked), "absent": Absent(asked["absent"])},
        fields=_fields(asked),
        path=_file(work),
        rejects_path=work.results,
    )
    _write(work, _done(work, lambda: import_categories(_into(work), _from(work, request))))


def do_import_departments(work: Work) -> None:
    """Bring departments in."""
    admit_again(work, "POST /v1/imports/departments")
    asked = work.job.parameters["request"]
    request = DepartmentsImport(
        **_known(DepartmentsImport, asked),
        fields=_fields(asked),
        path=_file(work),
        rejects_path=work.results,
    )
    _write(work, _done(work, lambda: import_departments(_into(work), _from(work, request))))


def _from(work: Work, request: Register) -> Register:
    """Return an import whose source is the file as it was given, where nobody names another."""
    return replace(request, source=request.source or Path(work.job.title).stem)


def _fields(asked: Json) -> dict[str, str]:
    return {name.removesuffix("_field"): given for name, given in asked.items() if name.endswith("_field")}


def do_import_assignments(work: Work) -> None:
    """Give blocks of a draft to areas; the operation is logged with the end of the job."""
    admit_again(work, "POST /v1/imports/assignments")
    request = AssignmentsImport(
        **_known(AssignmentsImport, work.job.parameters["request"]),
        path=_file(work),
        rejects_path=work.results,
    )

    def bring_in() -> AssignmentsImportReport:
        return import_assignments(
            _into(work),
            request,
            today=local_day(None, work.order.zone),
            timezone=work.order.zone,
            policy=redivision_policy(),
            progress=work.progress,
        )

    _write(work, _done(work, bring_in))


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


def _into(work: Work) -> Database:
    """Return where rows go: a dry run takes back its own transaction, which is not that of the job."""
    return work.database if work.job.parameters["request"].get("dry_run") else work.final


def _known(request: type[Any], asked: dict[str, Any]) -> dict[str, Any]:
    """Return what was asked in the words of a request, but for what is made of files and the place."""
    own = {"path", "day", "timezone", "fields", "scope", "scope_is_code", "code_field", "rejects_path"}
    return {one.name: asked[one.name] for one in fields(request) if one.name in asked and one.name not in own}


def _file(work: Work) -> Path:
    path = given_file(work, "file")
    if path is None:
        raise InputError("The job has no file.", field="file")
    return path


def _done(work: Work, bring_in: Callable[[], Report]) -> Report:
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


def _write(work: Work, report: AnyReport) -> None:
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
