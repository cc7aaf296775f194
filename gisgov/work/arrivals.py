"""Imports, done as jobs: the rows go in with the end of the job, the report and the rejects are its files."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Final

from fixtures.shipped import redivision_policy
from gisgov.errors import InputError
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
from gisgov.services.importing.staff import StaffImport, import_staff
from gisgov.services.publishing import publish_plan
from gisgov.services.registers.category_import import import_categories
from gisgov.services.registers.category_report import Absent, CategoriesImport
from gisgov.services.registers.department_import import DepartmentsImport, import_departments
from gisgov.work.attempt import Work
from gisgov.work.bringing_in import (
    ORPHANS,
    admit_again,
    columns_of,
    done,
    file_of,
    into,
    known,
    named_source,
    write_report,
)
from gisgov.work.given_files import given_file

AREAS, EVENTS, BUILDINGS, STAFF = "import_areas", "import_events", "import_buildings", "import_staff"
CATEGORIES, DEPARTMENTS = "import_categories", "import_departments"
ASSIGNMENTS: Final = "import_assignments"
"""Kinds of jobs that bring files in."""


def do_import_areas(work: Work) -> None:
    """Bring areas into a draft; publish it in the same transaction if that is asked for."""
    admit_again(work, "POST /v1/imports/areas")
    asked = dict(work.job.parameters["request"])
    publish, reason = asked.pop("publish", False), asked.pop("accept_defects", None)
    since = asked.pop("valid_from", None)
    first = None if since is None else date.fromisoformat(since)
    scope = given_file(work, "scope")
    request = AreaImport(
        **known(AreaImport, asked),
        path=file_of(work),
        day=first or local_day(None, work.order.zone),
        scope=str(scope) if scope is not None else asked.get("scope"),
        scope_is_code=scope is None,
        code_field=tuple(asked.get("code_field", ())),
        rejects_path=work.results,
        working_crs=work.order.working_crs,
    )
    report = done(work, lambda: import_areas(into(work), request, progress=work.progress))
    if publish and first is not None:
        report = _published(work, report, first, reason)
    write_report(work, report)


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
    published = publish_plan(
        work.final,
        report.plan,
        valid_from=first,
        accept_defects=reason,
        keep_codes=True,  # others decided on them
        timezone=work.order.zone,
        progress=work.progress,
    )
    return replace(report, status=published.plan.status, publication=published)


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
    own = known(PointImport, asked)
    request = PointImport(
        **own,
        path=file_of(work),
        timezone=work.order.zone,
        day=local_day(None, work.order.zone),
        fields={
            name.removesuffix("_field"): column
            for name, column in asked.items()
            if name.endswith("_field") and name not in own
        },
        rejects_path=work.results,
        orphans_path=work.results / ORPHANS,
    )
    write_report(work, done(work, lambda: bring_in(into(work), request, progress=work.progress)))


def do_import_staff(work: Work) -> None:
    """Bring staff posts in."""
    admit_again(work, "POST /v1/imports/staff")
    request = StaffImport(
        **known(StaffImport, work.job.parameters["request"]), path=file_of(work), rejects_path=work.results
    )
    write_report(work, done(work, lambda: import_staff(into(work), request, progress=work.progress)))


def do_import_categories(work: Work) -> None:
    """Propose items of the register."""
    admit_again(work, "POST /v1/imports/categories")
    asked = work.job.parameters["request"]
    request = CategoriesImport(
        **{**known(CategoriesImport, asked), "absent": Absent(asked["absent"])},
        fields=columns_of(asked),
        path=file_of(work),
        rejects_path=work.results,
    )
    write_report(work, done(work, lambda: import_categories(into(work), named_source(work, request))))


def do_import_departments(work: Work) -> None:
    """Bring departments in."""
    admit_again(work, "POST /v1/imports/departments")
    asked = work.job.parameters["request"]
    request = DepartmentsImport(
        **known(DepartmentsImport, asked),
        fields=columns_of(asked),
        path=file_of(work),
        rejects_path=work.results,
    )
    write_report(work, done(work, lambda: import_departments(into(work), named_source(work, request))))


def do_import_assignments(work: Work) -> None:
    """Give blocks of a draft to areas; the operation is logged with the end of the job."""
    admit_again(work, "POST /v1/imports/assignments")
    request = AssignmentsImport(
        **known(AssignmentsImport, work.job.parameters["request"]),
        path=file_of(work),
        rejects_path=work.results,
    )

    def bring_in() -> AssignmentsImportReport:
        return import_assignments(
            into(work),
            request,
            today=local_day(None, work.order.zone),
            timezone=work.order.zone,
            policy=redivision_policy(),
            progress=work.progress,
        )

    write_report(work, done(work, bring_in))
